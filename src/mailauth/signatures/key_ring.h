#ifndef FWD_MAILAUTH_SIGNATURES_KEY_RING_H
#define FWD_MAILAUTH_SIGNATURES_KEY_RING_H

// The keys of one message, each asked for once, however many signatures were
// made with it; a few at a time, and only so many of them.  Else a message with
// many signatures of distinct names in a slow zone takes the resolver away from
// all others.

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/event.h"
#include "core/task.h"
#include "mailauth/signatures/dkim_key.h"
#include "mailauth/signatures/dkim_signature.h"
#include "net/resolver.h"

namespace fwd::mailauth {

// Must outlive its tasks, and `resolver` the ring.
class KeyRing {
 public:
  KeyRing(net::Resolver& resolver, std::size_t most_names, std::size_t most_at_once)
      : resolver_(resolver), most_names_(most_names), most_at_once_(most_at_once) {}
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

  // Those of `wanted`, first come, first served: of a name beyond the bound
  // nobody is asked.  May run beside itself.
  Task<void> fetch(std::vector<const Signature*> wanted);

  // After fetch(): Trouble::kPolicy for what is beyond the bound.
  const DkimKey& key_of(const Signature& signature) const;

 private:
  using Name = std::tuple<std::string, std::string, SignatureAlgorithm>;
  struct Entry {
    bool is_asked = false, is_told = false;
    DkimKey key;
  };
  class Turn;
  static Name name_of(const Signature& signature) {
    return {signature.domain, signature.selector, signature.algorithm};
  }
  Task<bool> learn(const Name& name, Entry& entry);

  net::Resolver& resolver_;
  std::size_t most_names_, most_at_once_;
  std::size_t asking_ = 0;
  std::map<Name, Entry> entries_;
  Event changed_;
};

}  // namespace fwd::mailauth

#endif
