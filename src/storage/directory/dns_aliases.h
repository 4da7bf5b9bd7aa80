#ifndef FWD_STORAGE_DIRECTORY_DNS_ALIASES_H
#define FWD_STORAGE_DIRECTORY_DNS_ALIASES_H

// The aliases of one domain as its TXT records have them, ready to be asked.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "format/forward_record.h"

namespace fwd::format {
class AliasPattern;
}

namespace fwd::directory {

class DnsAliases {
 public:
  // kWrongState with the reason: they contradict each other or are too many, and
  // their owner must mend them.  `records` are not sealed any more.
  static Outcome<DnsAliases> read(const std::vector<std::string>& records, std::string_view prefix);

  std::optional<std::uint16_t> port() const { return port_; }

  struct Match {
    // The first of those that refuse; whatever else matches is not asked then.
    format::ForwardElement::Refusal refusal = format::ForwardElement::Refusal::kNone;
    std::vector<std::string> specific;  // destinations of names and expressions
    std::vector<std::string> wide;      // of the others
  };
  // `local` is a name_key.
  Match find(const std::string& local, bool with_patterns, bool with_catch_all) const;

 private:
  struct Entry {
    format::ForwardElement element;
    std::string key, other_key;  // of a name: as it stands, and from punycode
    std::shared_ptr<const format::AliasPattern> pattern;
  };
  static std::optional<std::string> target(const Entry& entry, const std::string& local,
                                           bool with_patterns, bool with_catch_all);

  std::vector<Entry> entries_;
  std::optional<std::uint16_t> port_;
};

}  // namespace fwd::directory

#endif
