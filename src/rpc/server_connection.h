#ifndef FWD_RPC_SERVER_CONNECTION_H
#define FWD_RPC_SERVER_CONNECTION_H

// One caller's connection as the door sees it: his calls and his objects.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/event.h"
#include "core/task_group.h"
#include "rpc/frame.h"
#include "rpc/frame_writer.h"
#include "rpc/serving.h"

namespace fwd::rpc {

class ServerConnection {
 public:
  // All must outlive it.
  ServerConnection(Stream& stream, Role role, const Promises& promises, const ServerEvents& events,
                   const Limits& limits, Budget& uploads, Load& load);
  Task<Outcome<void>> run();

 private:
  // A SCRAM exchange, a mailbox or a sender; empty while its login is under way.
  struct Object {
    std::uint32_t owner = 0;  // the call that is filling it; 0: none
    std::shared_ptr<model::Mailbox> mailbox;
    std::shared_ptr<model::ScramExchange> scram;
    std::shared_ptr<model::SenderSession> sender;
    std::shared_ptr<model::SenderScram> sender_scram;
    Task<void> pump;  // carries the mailbox's notices
    bool empty() const { return !mailbox && !scram && !sender && !sender_scram; }
  };

  class Call final : public Serving {
   public:
    Call(ServerConnection& owner, std::uint32_t number, const RequestHeader& asked)
        : Serving(owner.promises_, owner.role_),
          connection(owner),
          id(number),
          header(asked),
          load(owner.load_) {
      state = owner.state_;
    }
    Task<void> send_batch(Parcel batch) override;
    void keep(std::shared_ptr<model::Mailbox> logged_in) override;
    void keep(std::unique_ptr<model::ScramExchange> begun) override;
    Task<void> send_notices() override;
    void keep(std::shared_ptr<model::SenderSession> logged_in) override;
    void keep(std::unique_ptr<model::SenderScram> begun) override;

    ServerConnection& connection;
    const std::uint32_t id;
    const RequestHeader header;
    const VerbRow* row = nullptr;
    std::optional<Failure> refused;  // answered with this, nothing is run
    ParcelReader request;
    LoadShare load;
    bool may_upload = false;
    BudgetShare upload_share;
    std::uint32_t credit = 0;
    Event uploaded, credited, cancelled;
  };
  using Calls = std::unordered_map<std::uint32_t, std::unique_ptr<Call>>;

  // `held`: octets of a frame that has not come to its end.
  Outcome<void> on_part(std::size_t held);
  Outcome<void> on_frame(const Frame& frame);
  Outcome<void> on_hello(const Frame& frame);
  Outcome<void> on_request(const Frame& frame);
  Outcome<void> on_more(const Frame& frame);
  Outcome<void> on_raw(const Frame& frame);
  Outcome<void> on_release(const Frame& frame);

  // Decides by role and logins; fills what the call needs of its object.
  std::optional<Failure> check_authority(Call& call);
  std::optional<Failure> take_object(Call& call);
  Failure deny(const Call& call, const char* why);

  Task<void> run_call(Call& call);
  Task<Outcome<void>> answer_call(Call& call);
  Task<void> say_failure(std::uint32_t id, Failure failure);
  void end_call(Call& call);
  Object* find_owned(const Call& call);
  // The object the call is to fill; nullptr when nobody wants it any more.
  Object* find_awaited(const Call& call);
  static Task<void> carry_notices(ServerConnection& connection, std::uint32_t number,
                                  std::shared_ptr<model::Mailbox> mailbox);
  void put_notice(std::uint32_t number, const Outcome<model::Notice>& notice);

  Stream& stream_;
  const Role role_;
  const Promises& promises_;
  model::State* const state_;  // of this role
  const ServerEvents& events_;
  const Limits& limits_;
  Budget& uploads_;
  Load& load_;
  LoadShare unfinished_{load_};  // the frame that is coming
  FrameWriter writer_;
  bool greeted_ = false;
  bool turned_away_ = false;  // greeted in another version
  std::map<std::uint32_t, Object> objects_;
  Calls calls_;
  TaskGroup group_;  // last, so that it goes first
};

}  // namespace fwd::rpc

#endif
