#ifndef FWD_RPC_REMOTE_SENDER_LISTS_H
#define FWD_RPC_REMOTE_SENDER_LISTS_H

// SenderLists, kept by asking the door.

#include "model/sender_lists.h"
#include "rpc/door.h"

namespace fwd::rpc {

class RemoteSenderLists final : public model::SenderLists {
 public:
  explicit RemoteSenderLists(Door& door) : door_(door) {}
  Task<Outcome<std::vector<model::ListedSender>>> find_listed(
      std::vector<std::string> values) override;
  Task<Outcome<model::ListedSender>> put_listed(model::ListedSender entry) override;
  Task<Outcome<void>> remove_listed(model::ListKind kind, std::string value) override;
  Task<Outcome<std::vector<model::ListedSender>>> list_listed(model::ListKind kind,
                                                              std::string after) override;

 private:
  Door& door_;
};

}  // namespace fwd::rpc

#endif
