#ifndef FWD_RPC_SERVING_H
#define FWD_RPC_SERVING_H

// What the server's side of a verb sees: the promises, the object the caller
// named, and the way back to him.  For serve_*.cc and the server's connection.

#include <memory>

#include "core/outcome.h"
#include "core/task.h"
#include "rpc/parcel.h"
#include "rpc/server.h"
#include "rpc/verbs.h"

namespace fwd::rpc {

class Serving {
 public:
  Serving(const Promises& kept, Role asking) : promises(kept), role(asking) {}
  virtual ~Serving() = default;
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  const Promises& promises;
  const Role role;  // the caller's; what a verb is open to stands in verbs.cc
  // What the caller's role keeps, and no other; nullptr when nobody keeps state.
  model::State* state = nullptr;
  // What the verb needs (Needs::kMailbox, Needs::kScram, …); else nullptr.
  std::shared_ptr<model::Mailbox> mailbox;
  std::shared_ptr<model::ScramExchange> scram;
  std::shared_ptr<model::SenderSession> sender;
  std::shared_ptr<model::SenderScram> sender_scram;

  // Sends one batch of a stream; waits until the caller is ready for it.
  virtual Task<void> send_batch(Parcel batch) = 0;
  // From now on the frame's object is this.
  virtual void keep(std::shared_ptr<model::Mailbox> logged_in) = 0;
  virtual void keep(std::unique_ptr<model::ScramExchange> begun) = 0;
  // Puts the notices that the mailbox has now before what is answered next.
  virtual Task<void> send_notices() = 0;
  virtual void keep(std::shared_ptr<model::SenderSession> logged_in) = 0;
  virtual void keep(std::unique_ptr<model::SenderScram> begun) = 0;
};

// Reads a request, asks the promise, gives the reply; for a stream the last
// batch, or an empty parcel.  `serving` and what it holds outlive the task.
using Answer = Task<Outcome<Parcel>> (*)(Serving& serving, Parcel request);

// One for each verb; nullptr when the promise it belongs to is not kept here.
Answer find_answer(Verb verb, const Promises& promises);

// By promise; nullptr for a verb of another.
Answer find_login_answer(Verb verb);
Answer find_delivery_answer(Verb verb);
Answer find_state_answer(Verb verb);
Answer find_journal_answer(Verb verb);
Answer find_directory_answer(Verb verb);
Answer find_folder_answer(Verb verb);   // Mailbox: folders
Answer find_message_answer(Verb verb);  // Mailbox: what is in them
Answer find_submission_answer(Verb verb);
Answer find_queue_answer(Verb verb);
Answer find_forwarding_answer(Verb verb);
Answer find_sender_list_answer(Verb verb);

}  // namespace fwd::rpc

#endif
