// Taking one caller's frames, and answering his calls side by side.
#include "rpc/server_connection.h"

#include <exception>
#include <utility>

#include "core/first_of.h"
#include "rpc/authority.h"
#include "rpc/frame_reader.h"
#include "rpc/wire.h"

namespace fwd::rpc {

ServerConnection::ServerConnection(Stream& stream, Role role, const Promises& promises,
                                   const ServerEvents& events, const Limits& limits,
                                   Budget& uploads, Load& load)
    : stream_(stream),
      role_(role),
      promises_(promises),
      state_(promises.state ? promises.state(role) : nullptr),
      events_(events),
      limits_(limits),
      uploads_(uploads),
      load_(load),
      writer_(stream),
      group_([this](const std::string& name, const std::string& what) {
        if (events_.on_bug) events_.on_bug(name, what);
      }) {}

Task<Outcome<void>> ServerConnection::run() {
  auto reading = read_frames(
      stream_, [this](const Frame& frame) { return on_frame(frame); },
      [this](std::size_t held) { return on_part(held); });
  auto writing = writer_.run();
  auto ended = co_await first_of(std::move(reading), std::move(writing));
  co_return ended.index() == 0 ? std::get<0>(std::move(ended)) : std::get<1>(std::move(ended));
}

Outcome<void> ServerConnection::on_part(std::size_t held) {
  unfinished_.set(held);
  if (load_.is_far_over()) return bad_wire("this role asks for more than the door may hold");
  return {};
}

Outcome<void> ServerConnection::on_frame(const Frame& frame) {
  if (!greeted_) return on_hello(frame);
  switch (frame.kind) {
    case FrameKind::kRequest:
      return on_request(frame);
    case FrameKind::kMore:
      return on_more(frame);
    case FrameKind::kRaw:
      return on_raw(frame);
    case FrameKind::kCancel: {
      // What is not there has been answered meanwhile.
      const auto at = calls_.find(frame.call);
      if (at != calls_.end()) at->second->cancelled.set();
      return {};
    }
    case FrameKind::kRelease:
      return on_release(frame);
    default:
      return bad_wire("a frame that a caller does not send");
  }
}

Outcome<void> ServerConnection::on_hello(const Frame& frame) {
  wire::Hello hello;
  if (frame.kind != FrameKind::kHello || frame.call != 0 ||
      !hello.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
    return bad_wire("the caller did not greet");
  if (turned_away_) return bad_wire("the caller speaks another version");
  // A caller of another version is told ours, so that he can say so in his
  // log; he hangs up, or does with the next frame.
  (hello.version() == kVersion ? greeted_ : turned_away_) = true;
  hello.set_version(kVersion);
  hello.set_role(std::string(role_name(role_)));
  writer_.put(FrameKind::kHello, 0, {hello.SerializeAsString()});
  return {};
}

Outcome<void> ServerConnection::on_request(const Frame& frame) {
  const auto header = RequestHeader::decode(frame.payload);
  if (!header || frame.call == 0) return bad_wire("a request that is too short");
  if (calls_.contains(frame.call)) return bad_wire("two calls of one number");
  if (calls_.size() >= limits_.calls) return bad_wire("too many calls");
  auto owned = std::make_unique<Call>(*this, frame.call, *header);
  Call& call = *owned;
  Outcome<void> begun = call.request.begin(frame.payload.substr(RequestHeader::kSize),
                                           limits_.upload_octets, kMostRequestHead);
  if (!begun.ok() && begun.failure().fault != Fault::kOverLimit) return begun;
  call.row = find_verb(header->verb);
  call.credit = header->credit;
  const bool streams = call.row != nullptr && call.row->streams;
  if (call.credit > kMostCredit || (call.row != nullptr && streams != (call.credit > 0)))
    return bad_wire("a request with a wrong credit");
  call.load.set(kCallOctets + (begun.ok() && call.request.complete() ? call.request.octets() : 0));
  if (load_.is_far_over()) return bad_wire("this role asks for more than the door may hold");
  call.refused = check_authority(call);
  if (!call.refused && load_.is_over())
    call.refused = Failure{Fault::kUnavailable, "", "this role has too many calls"};
  if (!call.refused && !begun.ok()) call.refused = begun.failure();
  calls_.emplace(frame.call, std::move(owned));
  group_.spawn(std::string(call.row != nullptr ? call.row->name : "no verb"), run_call(call));
  return {};
}

Outcome<void> ServerConnection::on_more(const Frame& frame) {
  if (frame.payload.size() != 4) return bad_wire("a credit of a wrong size");
  const auto at = calls_.find(frame.call);
  if (at == calls_.end()) return {};  // answered meanwhile
  Call& call = *at->second;
  const std::uint32_t more = get_u32(frame.payload);
  if (call.row == nullptr || !call.row->streams || more > kMostCredit ||
      call.credit + more > kMostCredit)
    return bad_wire("a credit that is too large");
  call.credit += more;
  call.credited.set();
  return {};
}

Outcome<void> ServerConnection::on_raw(const Frame& frame) {
  const auto at = calls_.find(frame.call);
  if (at == calls_.end() || !at->second->may_upload)
    return bad_wire("raw octets that nobody waits for");
  Call& call = *at->second;
  Outcome<void> fed = call.request.feed(frame.payload);
  if (fed.ok() && call.request.complete()) {
    call.may_upload = false;
    call.uploaded.set();
  }
  return fed;
}

Outcome<void> ServerConnection::on_release(const Frame& frame) {
  if (frame.call != 0 || frame.payload.size() != 4) return bad_wire("a release of a wrong size");
  // What is not there was never logged in.  A call that still uses the object
  // holds it for itself.
  objects_.erase(get_u32(frame.payload));
  return {};
}

Failure ServerConnection::deny(const Call& call, const char* why) {
  if (events_.on_denied) {
    events_.on_denied(role_, call.row != nullptr ? std::string(call.row->name)
                                                 : std::to_string(call.header.verb));
  }
  return Failure{Fault::kDenied, "", why};
}

std::optional<Failure> ServerConnection::check_authority(Call& call) {
  if (call.row == nullptr) return deny(call, "no such verb");
  if (!may_use(role_, *call.row)) return deny(call, "not for this role");
  return take_object(call);
}

namespace {

// An exchange has one try: it leaves the object, which its call may fill anew.
template <typename Exchange>
bool take_exchange(std::shared_ptr<Exchange>& kept, std::shared_ptr<Exchange>& taken) {
  taken = std::exchange(kept, nullptr);
  return taken != nullptr;
}

}  // namespace

std::optional<Failure> ServerConnection::take_object(Call& call) {
  const std::uint32_t number = call.header.object;
  const auto at = objects_.find(number);
  switch (call.row->needs) {
    case Needs::kNothing:
      if (number != 0) return deny(call, "an object where none is needed");
      return std::nullopt;
    case Needs::kNewNumber:
      if (number == 0 || at != objects_.end()) return deny(call, "the object's number is taken");
      if (objects_.size() >= limits_.objects)
        return Failure{Fault::kBusy, "Too many logins", "too many objects on one connection"};
      objects_[number].owner = call.id;
      return std::nullopt;
    case Needs::kScram:
      if (at == objects_.end() || !take_exchange(at->second.scram, call.scram))
        return deny(call, "no such exchange");
      at->second.owner = call.id;
      return std::nullopt;
    case Needs::kSenderScram:
      if (at == objects_.end() || !take_exchange(at->second.sender_scram, call.sender_scram))
        return deny(call, "no such exchange");
      at->second.owner = call.id;
      return std::nullopt;
    case Needs::kSender:
      if (at == objects_.end() || !at->second.sender) return deny(call, "not logged in to send");
      call.sender = at->second.sender;
      return std::nullopt;
    case Needs::kMailbox:
      if (at == objects_.end() || !at->second.mailbox) return deny(call, "not logged in to that");
      call.mailbox = at->second.mailbox;
      return std::nullopt;
  }
  return deny(call, "no such need");
}

Task<void> ServerConnection::say_failure(std::uint32_t id, Failure failure) {
  co_await writer_.room();
  wire::Failed failed;
  to_wire(failure, failed);
  const std::string octets = failed.SerializeAsString();
  writer_.put(FrameKind::kFailure, id, {octets});
}

namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

}  // namespace

Task<void> ServerConnection::run_call(Call& call) {
  Outcome<void> said = Failure{Fault::kClosed, "", "cancelled"};
  try {
    auto answering = answer_call(call);
    auto cancelled = wait_for(call.cancelled);
    auto ended = co_await first_of(std::move(answering), std::move(cancelled));
    if (ended.index() == 0) said = std::get<0>(std::move(ended));
  } catch (const std::exception& bug) {
    if (events_.on_bug) events_.on_bug(std::string(call.row->name), bug.what());
    said = Failure{Fault::kBug, "Internal error", "a call ended by an exception"};
  }
  if (!said.ok()) {
    auto saying = say_failure(call.id, said.failure());
    co_await saying;
  }
  end_call(call);
}

Task<Outcome<void>> ServerConnection::answer_call(Call& call) {
  if (call.refused) co_return *call.refused;
  const Answer answer = find_answer(call.row->verb, promises_);
  const bool asks_state = find_state_answer(call.row->verb) != nullptr;
  if (answer == nullptr || (asks_state && state_ == nullptr))
    co_return Failure{Fault::kCannot, "Not available here", "nobody keeps this promise here"};
  if (!call.request.complete()) {
    auto turn = call.upload_share.take(uploads_, call.request.octets());
    co_await turn;
    co_await writer_.room();
    call.may_upload = true;
    writer_.put(FrameKind::kMore, call.id, {});
    co_await call.uploaded.wait();
  }
  auto asking = answer(call, call.request.take());
  Outcome<Parcel> reply = co_await asking;
  if (!reply.ok()) co_return reply.failure();
  Parcel parcel = std::move(reply).value();
  if (parcel.octets() > limits_.answer_octets || parcel.pieces.size() > kMostPieces)
    co_return Failure{Fault::kOverLimit, "Too large", "an answer is too large"};
  FrameKind kind = FrameKind::kReply;
  if (call.row->streams) {
    kind = FrameKind::kEnd;
    if (parcel.head.empty() && parcel.pieces.empty()) {
      co_await writer_.room();
      writer_.put(kind, call.id, {});
      co_return Outcome<void>{};
    }
    while (call.credit == 0) {
      call.credited.clear();
      co_await call.credited.wait();
    }
    --call.credit;
  }
  auto sending = writer_.send(kind, call.id, std::string(), std::move(parcel));
  co_await sending;
  co_return Outcome<void>{};
}

void ServerConnection::end_call(Call& call) {
  const Object* const object = find_owned(call);
  if (object != nullptr && object->empty()) objects_.erase(call.header.object);
  calls_.erase(call.id);
}

ServerConnection::Object* ServerConnection::find_owned(const Call& call) {
  const auto at = objects_.find(call.header.object);
  return at != objects_.end() && at->second.owner == call.id ? &at->second : nullptr;
}

ServerConnection::Object* ServerConnection::find_awaited(const Call& call) {
  return call.cancelled.is_set() ? nullptr : find_owned(call);
}

Task<void> ServerConnection::Call::send_batch(Parcel batch) {
  while (credit == 0) {
    credited.clear();
    co_await credited.wait();
  }
  --credit;
  auto sending = connection.writer_.send(FrameKind::kBatch, id, std::string(), std::move(batch));
  co_await sending;
}

void ServerConnection::Call::keep(std::shared_ptr<model::Mailbox> logged_in) {
  Object* const object = connection.find_awaited(*this);
  if (object == nullptr) return;
  object->mailbox = logged_in;
  object->pump = carry_notices(connection, header.object, std::move(logged_in));
  object->pump.start(std::noop_coroutine());
}

void ServerConnection::Call::keep(std::unique_ptr<model::ScramExchange> begun) {
  Object* const object = connection.find_awaited(*this);
  if (object != nullptr) object->scram = std::move(begun);
}

void ServerConnection::Call::keep(std::shared_ptr<model::SenderSession> logged_in) {
  Object* const object = connection.find_awaited(*this);
  if (object != nullptr) object->sender = std::move(logged_in);
}

void ServerConnection::Call::keep(std::unique_ptr<model::SenderScram> begun) {
  Object* const object = connection.find_awaited(*this);
  if (object != nullptr) object->sender_scram = std::move(begun);
}

void ServerConnection::put_notice(std::uint32_t number, const Outcome<model::Notice>& notice) {
  std::string payload;
  put_u32(payload, number);
  wire::Notice out;
  if (notice.ok()) {
    to_wire(notice.value(), out);
  } else {
    to_wire(notice.failure(), *out.mutable_failed());
  }
  writer_.put(FrameKind::kNotice, 0, {payload, out.SerializeAsString()});
}

// What the pump has taken it has put by now: it waits for nothing in between.
Task<void> ServerConnection::Call::send_notices() {
  while (mailbox->has_notice()) {
    co_await connection.writer_.room();
    if (!mailbox->has_notice()) break;  // the pump was first
    auto taking = mailbox->next_notice();
    const Outcome<model::Notice> notice = co_await taking;
    if (!notice.ok()) break;  // the pump says why there are no more
    connection.put_notice(header.object, notice);
  }
}

Task<void> ServerConnection::carry_notices(ServerConnection& connection, std::uint32_t number,
                                           std::shared_ptr<model::Mailbox> mailbox) {
  bool more = true;
  while (more) {
    // While the caller does not read, notices gather, and melt, at the keeper.
    co_await connection.writer_.room();
    Outcome<model::Notice> notice =
        Failure{Fault::kBug, "Internal error", "notices ended by an exception"};
    try {
      auto waiting = mailbox->next_notice();
      notice = co_await waiting;
    } catch (const std::exception& bug) {
      if (connection.events_.on_bug) connection.events_.on_bug("next_notice", bug.what());
    }
    more = notice.ok();
    connection.put_notice(number, notice);
  }
}

}  // namespace fwd::rpc
