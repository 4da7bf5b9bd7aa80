// Asking for the keys of one message.
#include "mailauth/signatures/key_ring.h"

#include <utility>

#include "core/all_of.h"

namespace fwd::mailauth {

// One question under way; ends with its task, too.
class KeyRing::Turn {
 public:
  Turn(KeyRing& ring, Entry& entry) : ring_(ring), entry_(entry) {
    ++ring_.asking_;
    entry_.is_asked = true;
  }
  ~Turn() {
    --ring_.asking_;
    entry_.is_asked = false;
    ring_.changed_.pulse();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  KeyRing& ring_;
  Entry& entry_;
};

Task<bool> KeyRing::learn(const Name& name, Entry& entry) {
  while (!entry.is_told) {
    if (entry.is_asked || asking_ >= most_at_once_) {
      co_await changed_.wait();
      continue;
    }
    const Turn turn(*this, entry);
    const auto& [domain, selector, algorithm] = name;
    auto asking = fetch_key(resolver_, domain, selector, algorithm);
    entry.key = co_await asking;
    entry.is_told = true;
  }
  co_return true;
}

Task<void> KeyRing::fetch(std::vector<const Signature*> wanted) {
  std::vector<Task<bool>> learning;
  for (const Signature* signature : wanted) {
    const Name name = name_of(*signature);
    if (entries_.size() >= most_names_ && !entries_.contains(name)) continue;
    const auto at = entries_.try_emplace(name).first;
    learning.push_back(learn(at->first, at->second));
  }
  auto all = all_of(std::move(learning));
  static_cast<void>(co_await all);
}

const DkimKey& KeyRing::key_of(const Signature& signature) const {
  static const DkimKey beyond = [] {
    DkimKey key;
    key.trouble = DkimKey::Trouble::kPolicy;
    key.problem = "the message names more keys than are asked for";
    return key;
  }();
  const auto found = entries_.find(name_of(signature));
  return found == entries_.end() ? beyond : found->second.key;
}

}  // namespace fwd::mailauth
