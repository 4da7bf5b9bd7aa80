// Gates of mailboxes.
#include "door/gates.h"

#include <utility>

namespace fwd::door {

struct Gates::Gate {
  Gate(std::shared_ptr<ByAlias> all, std::string id)
      : gates(std::move(all)), alias_id(std::move(id)) {}
  ~Gate() { gates->erase(alias_id); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  const std::shared_ptr<ByAlias> gates;
  const std::string alias_id;
  std::size_t inside = 0;
  bool is_shut = false;
  bool is_changing = false;
  Event left;  // pulsed when the last one inside has gone
};

Gates::Gates() : gates_(std::make_shared<ByAlias>()) {}

std::shared_ptr<Gates::Gate> Gates::find(const std::string& alias_id) {
  std::weak_ptr<Gate>& held = (*gates_)[alias_id];
  std::shared_ptr<Gate> gate = held.lock();
  if (gate == nullptr) {
    gate = std::make_shared<Gate>(gates_, alias_id);
    held = gate;
  }
  return gate;
}

Gates::Pass Gates::enter(const std::string& alias_id) {
  auto gate = find(alias_id);
  if (gate->is_shut) return nullptr;
  ++gate->inside;
  return {gate.get(), [gate](void*) {
            if (--gate->inside == 0) gate->left.pulse();
          }};
}

Gates::Pass Gates::begin_change(const std::string& alias_id) {
  auto gate = find(alias_id);
  if (gate->is_changing) return nullptr;
  gate->is_changing = true;
  return {gate.get(), [gate](void*) { gate->is_changing = false; }};
}

Task<Gates::Pass> Gates::shut(std::string alias_id) {
  auto gate = find(alias_id);
  gate->is_shut = true;
  Pass pass(gate.get(), [gate](void*) { gate->is_shut = false; });
  while (gate->inside > 0) co_await gate->left.wait();
  co_return pass;
}

}  // namespace fwd::door
