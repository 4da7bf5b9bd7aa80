#ifndef FWD_DOOR_SENDER_LIST_KEEPER_H
#define FWD_DOOR_SENDER_LIST_KEEPER_H

// Keeps model::SenderLists: entries are checked and spelled here, and kept in
// the directory's file.

#include <string>
#include <vector>

#include "door/stores.h"
#include "model/sender_lists.h"

namespace fwd::door {

class SenderListKeeper final : public model::SenderLists {
 public:
  // `stores` must outlive it.
  explicit SenderListKeeper(Stores& stores) : stores_(stores) {}

  Task<Outcome<std::vector<model::ListedSender>>> find_listed(
      std::vector<std::string> values) override;
  Task<Outcome<model::ListedSender>> put_listed(model::ListedSender entry) override;
  Task<Outcome<void>> remove_listed(model::ListKind kind, std::string value) override;
  Task<Outcome<std::vector<model::ListedSender>>> list_listed(model::ListKind kind,
                                                              std::string after) override;

 private:
  Stores& stores_;
};

}  // namespace fwd::door

#endif
