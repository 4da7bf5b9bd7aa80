#ifndef FWD_DOOR_GATES_H
#define FWD_DOOR_GATES_H

// A gate for each mailbox: who puts mail in or opens it passes, who makes it
// anew or removes it shuts the gate and waits until all who passed are gone.
// So nothing is sealed to a key that is being replaced, and nobody holds a file
// that is being removed.  Who finds a gate shut comes back later; nobody waits
// for one, so that a delivery to many mailboxes cannot stand in its own way.
//
// Beside it one alias's passwords are changed by one at a time.

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/event.h"
#include "core/task.h"

namespace fwd::door {

class Gates {
 public:
  // A hold on a gate, until the last pointer is gone; null: not to be had now.
  using Pass = std::shared_ptr<void>;

  Gates();
  Gates(const Gates&) = delete;
  Gates& operator=(const Gates&) = delete;

  // Null while the gate is shut.
  Pass enter(const std::string& alias_id);
  // Null while somebody else changes this alias.
  Pass begin_change(const std::string& alias_id);
  // For who began a change: shuts the gate, and returns once nobody is inside.
  Task<Pass> shut(std::string alias_id);

 private:
  struct Gate;
  using ByAlias = std::unordered_map<std::string, std::weak_ptr<Gate>>;
  std::shared_ptr<Gate> find(const std::string& alias_id);
  std::shared_ptr<ByAlias> gates_;  // those in use
};

}  // namespace fwd::door

#endif
