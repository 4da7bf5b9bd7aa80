#ifndef FWD_STORAGE_DIRECTORY_ROUTES_H
#define FWD_STORAGE_DIRECTORY_ROUTES_H

// Which of a domain's aliases decides about an address: pure, the same for
// aliases held in memory and for a few read from the file.  Where that alias
// leads is found in resolution.h.
//
// The order (the first that applies decides, and decides alone):
//   1. the alias of exactly that name, without regard to case and to a +tag;
//   2. the aliases that are regular expressions, by the order of their names;
//   3. the catch-all "*".
// An alias whose owner is banned or removed is as if it were not there.
//
// Every domain has a postmaster (RFC 5321 §4.5.1) and an abuse desk
// (RFC 2142 §4).  For these two names the order is
//   1. the alias of exactly that name, unless it leads nowhere;
//   2. the address that the domain names as its postmaster;
//   3. expressions and the catch-all;
//   4. of all aliases with a mailbox the one that was made first;
// and but for the first, which may be disabled, the first that leads somewhere
// decides.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/deliveries.h"
#include "model/records.h"

namespace fwd::format {
class AliasPattern;
}

namespace fwd::directory {

// An address taken apart: as the directory compares it.
struct AddressKey {
  std::string local;    // folded as a name_key, unquoted, without a +tag
  std::string domain;   // ASCII, lower case
  std::string written;  // the local part as it came, with its tag, unquoted
  std::string tag;      // behind the "+"
};
// Nothing when it has no local part or no domain, or is longer than any.
std::optional<AddressKey> address_key(std::string_view address);
// A domain's name in the form compared: ASCII (punycode), lower case.
std::string domain_key(std::string_view name);
// An alias's name in the form compared: without regard to case in any script;
// an expression as it is.
std::string name_key(std::string_view name);
// Local parts, by key, that every domain must have.
inline constexpr std::string_view kPostmaster = "postmaster";
inline constexpr std::string_view kAbuse = "abuse";
bool is_reserved(std::string_view local);

struct RoutedUser {
  bool shut = false;        // banned or removed
  std::uint64_t quota = 0;  // of each alias
};
using RoutedUsers = std::unordered_map<std::string, RoutedUser>;

// What an alias names besides its own mailbox.
struct Lead {
  std::string to;          // an address, a host or a URL
  bool is_allowed = true;  // false: verification is wanted, and has not come
  bool operator==(const Lead&) const = default;
};
struct AliasLeads {
  std::vector<Lead> recipients;
  // Milliseconds since 1970 in which the owner is away; until 0: he is not.
  std::int64_t away_from = 0, away_until = 0;
  bool operator==(const AliasLeads&) const = default;
};

struct RoutedAlias {
  std::string id, user;
  std::int64_t number = 0;  // counts up in the order they were made
  std::string name;         // as people write it
  std::string key;          // as it is compared: name_key(name)
  bool enabled = true;
  bool has_imap = false;
  bool has_mailbox = false;
  std::uint16_t error_code = 250;
  std::uint64_t quota = 0;                              // 0: the domain's
  std::shared_ptr<const AliasLeads> leads;              // null: nobody else, and never away
  std::shared_ptr<const format::AliasPattern> pattern;  // for "/…/" names
};

struct DomainFacts {
  std::string id;
  std::int64_t number = 0;  // counts up in the order they were made
  std::string name;         // as people write it
  std::string key;
  bool has_regex = true;
  bool has_catchall = true;
  std::uint64_t quota = 0;  // 0: the owner's
  std::string postmaster;   // the local part, by key, of who it is; may be empty
  std::uint16_t port = 25;  // of who its mail goes on to
  std::size_t most_destinations = static_cast<std::size_t>(model::kDefaultMostRecipients);
  bool may_send = true;
  bool uses_dns = false;                               // aliases stand in TXT records too
  std::shared_ptr<const model::RecipientRules> rules;  // null: none but the defaults
};

struct RoutedDomain {
  DomainFacts facts;
  std::unordered_map<std::string, RoutedAlias> exact;  // by key, "*" too
  std::map<std::string, RoutedAlias> patterns;         // by name, in order
  std::map<std::int64_t, std::string> with_mailbox;    // keys of `exact`, first made first

  RoutedAlias* find(const std::string& key);
  const RoutedAlias* find(const std::string& key) const;
  void put(RoutedAlias alias);
  void remove(const std::string& key);
};

// The row of routing facts of a record, without its number.
RoutedAlias route_of(const model::Alias& alias, const std::string& domain_name);
DomainFacts facts_of(const model::Domain& domain);
RoutedUser routed_user(const model::User& user);
// Compiles the pattern of a "/…/" name; an expression that does not compile
// matches nothing.
void compile_pattern(RoutedAlias& alias);

// Its own mailbox may be used.
bool takes_mail(const RoutedAlias& alias);
// The owner is banned or removed.
bool is_shut(const RoutedAlias& alias, const RoutedUsers& users);
// The alias that decides about `local`, or nullptr.  `leads` says whether an
// alias leads anywhere; asked for reserved names only.
const RoutedAlias* find_alias(const RoutedDomain& domain, const RoutedUsers& users,
                              const std::string& local,
                              const std::function<bool(const RoutedAlias&)>& leads);

// A line for each recipient and one for the vacation, as the file keeps them.
std::string write_leads(const AliasLeads* leads);
std::shared_ptr<const AliasLeads> read_leads(std::string_view text);
// Octets: the alias's own, else the domain's, else the owner's, else the default.
// `fallback`: when none of the three has one.
std::uint64_t quota_of(const RoutedAlias& alias, const DomainFacts& domain,
                       const RoutedUsers& users, std::uint64_t fallback);

}  // namespace fwd::directory

#endif
