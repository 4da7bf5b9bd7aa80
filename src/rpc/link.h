#ifndef FWD_RPC_LINK_H
#define FWD_RPC_LINK_H

// Link: the client's end of one connection to the door.  Many calls are under
// way at once; answers come in any order.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/event.h"
#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "core/task_group.h"
#include "rpc/frame.h"
#include "rpc/frame_writer.h"
#include "rpc/limits.h"
#include "rpc/notice_queue.h"
#include "rpc/parcel.h"
#include "rpc/verbs.h"

namespace fwd::rpc {

class Link {
 public:
  // Greets the door at once; calls need not wait for its answer.
  Link(std::unique_ptr<Stream> stream, Limits limits);
  // Whoever waits for this link must hold it.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  bool connected() const { return !lost_.has_value(); }
  // The door has let us in.
  bool greeted() const { return greeted_; }
  // Set once the door has let us in, or never will.
  Event& answered() { return answered_; }
  // Set when the connection was lost, refused, or closed by close().
  Event& closed() { return closed_; }
  // Why; empty while connected.  For the log.
  std::string why_closed() const { return lost_ ? lost_->private_text : std::string(); }
  // Ends every call and every object of this connection.
  void close();

  // One question, one answer.  kUnavailable when the connection is lost, with
  // or without the question having been obeyed; kOverLimit when the request is
  // too large.  Destroying the task tells the door to stop.
  Task<Outcome<Parcel>> ask(Verb verb, std::uint32_t object, Parcel request);

 private:
  friend class CallSlot;
  friend class LinkStream;
  friend class LinkObject;

  struct Call {
    bool streams = false;
    bool long_upload = false;
    bool granted = false;    // the door is ready for the upload
    bool over = false;       // the last word has come
    bool abandoned = false;  // nobody waits; lives until the last word
    bool last = false;       // `reader` is taking the last parcel
    std::uint32_t credit = 0;
    ParcelReader reader;
    std::vector<Parcel> parcels;  // come and not yet taken, oldest first
    std::optional<Failure> failure;
    Event changed;
  };
  using Calls = std::unordered_map<std::uint32_t, std::unique_ptr<Call>>;

  Task<void> run();
  void lose(Failure why);
  Outcome<void> on_frame(const Frame& frame);
  Outcome<void> on_hello(const Frame& frame);
  Outcome<void> on_notice(const Frame& frame);
  Outcome<void> on_answer(const Frame& frame, Calls::iterator at);
  Outcome<void> on_parcel(Calls::iterator at);
  void end_call(Calls::iterator at);

  Outcome<void> check_size(const Parcel& request) const;
  // Waits until one more call may begin; gives its number.
  Task<Outcome<std::uint32_t>> open_call(bool streams);
  // Sends the request of an open call.
  Task<Outcome<void>> send_request(std::uint32_t id, Verb verb, std::uint32_t object,
                                   Parcel request);
  // The caller of `id` waits no more.
  void drop_call(std::uint32_t id);

  std::unique_ptr<Stream> stream_;
  Limits limits_;
  FrameWriter writer_;
  Calls calls_;
  std::unordered_map<std::uint32_t, NoticeQueue*> objects_;
  std::uint32_t last_call_ = 0;
  std::uint32_t last_object_ = 0;
  bool greeted_ = false;
  std::optional<Failure> lost_;
  Event answered_;
  Event closed_;
  Event slot_free_;  // pulsed when a call has ended
  TaskGroup group_;  // last, so that it goes first
};

// A call's place in its link, for as long as somebody waits for it.
class CallSlot {
 public:
  CallSlot() = default;
  ~CallSlot() {
    if (link_ != nullptr) link_->drop_call(id_);
  }
  CallSlot(const CallSlot&) = delete;
  CallSlot& operator=(const CallSlot&) = delete;
  void hold(Link& link, std::uint32_t id) {
    link_ = &link;
    id_ = id;
  }
  bool held() const { return link_ != nullptr; }
  std::uint32_t id() const { return id_; }
  Link::Call& call() const { return *link_->calls_.at(id_); }

 private:
  Link* link_ = nullptr;
  std::uint32_t id_ = 0;
};

// A question that is answered in batches.  Nothing is sent before next().
class LinkStream {
 public:
  LinkStream(std::shared_ptr<Link> link, Verb verb, std::uint32_t object, Parcel request)
      : link_(std::move(link)), verb_(verb), object_(object), request_(std::move(request)) {}
  // The next batch; nothing after the last.  Not called again after that or a
  // failure.
  Task<Outcome<std::optional<Parcel>>> next();

 private:
  std::shared_ptr<Link> link_;  // before slot_, so that it goes after
  Verb verb_;
  std::uint32_t object_;
  Parcel request_;
  CallSlot slot_;
};

// A number under which the door keeps a mailbox or a SCRAM exchange for this
// connection.  Tells the door when it is not needed any more.
class LinkObject {
 public:
  explicit LinkObject(std::shared_ptr<Link> link);
  ~LinkObject();
  LinkObject(const LinkObject&) = delete;
  LinkObject& operator=(const LinkObject&) = delete;
  const std::shared_ptr<Link>& link() const { return link_; }
  std::uint32_t number() const { return number_; }
  NoticeQueue& notices() { return notices_; }
  const NoticeQueue& notices() const { return notices_; }

 private:
  std::shared_ptr<Link> link_;
  std::uint32_t number_;
  NoticeQueue notices_;
};

}  // namespace fwd::rpc

#endif
