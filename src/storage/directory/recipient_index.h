#ifndef FWD_STORAGE_DIRECTORY_RECIPIENT_INDEX_H
#define FWD_STORAGE_DIRECTORY_RECIPIENT_INDEX_H

// The part of the directory that RCPT asks, in memory: a RCPT costs no SQL.
// Bounded: when there are more aliases than the bound, the domain that passes
// it is let go, and its questions are answered from the file.  Safe to use
// from any thread.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/deliveries.h"
#include "storage/directory/resolution.h"

namespace fwd::directory {

class RecipientIndex {
 public:
  // `default_quota`: of mailboxes for which nobody set one.
  RecipientIndex(std::size_t most_aliases, std::uint64_t default_quota, ResolutionOptions options)
      : most_aliases_(most_aliases), default_quota_(default_quota), options_(std::move(options)) {}

  void put_user(const std::string& id, RoutedUser user);
  void remove_user(const std::string& id);
  // Keeps the aliases it has; a new domain starts complete and empty.
  void put_domain(DomainFacts facts);
  void remove_domain(const std::string& id);
  void put_alias(const std::string& domain_id, RoutedAlias alias);
  void remove_alias(const std::string& id);
  void set_has_mailbox(const std::string& alias_id, bool has_mailbox);

  struct Answer {
    bool from_file = false;      // aliases it wants are not in memory: ask the file
    model::Recipient recipient;  // with from_file only its address
  };
  // "postmaster" alone is that of the domain that was made first.  `now` in
  // milliseconds since 1970.
  Answer find(const model::RecipientQuestion& question, std::int64_t now) const;
  // Of the domain of that key; nothing when it is not hosted.
  std::optional<DomainFacts> facts(const std::string& domain_key) const;

  // Octets the alias's mailbox may hold; nothing for an alias not in memory.
  std::optional<std::uint64_t> quota(const std::string& alias_id) const;
  RoutedUser user(const std::string& id) const;
  std::size_t aliases() const;

 private:
  struct Held {
    RoutedDomain routes;
    bool complete = true;  // false: its aliases are in the file only
  };
  struct Place {
    Held* domain;
    std::string key;
  };
  class Source;
  void let_go(Held& domain);
  void forget(const std::string& alias_id);

  const std::size_t most_aliases_;
  const std::uint64_t default_quota_;
  const ResolutionOptions options_;
  mutable std::shared_mutex lock_;  // guards all below
  std::unordered_map<std::string, std::unique_ptr<Held>> by_id_;
  std::unordered_map<std::string, Held*> by_key_;
  std::map<std::int64_t, Held*> by_number_;
  std::unordered_map<std::string, Place> places_;  // by alias id
  RoutedUsers users_;
};

}  // namespace fwd::directory

#endif
