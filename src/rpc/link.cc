// Calling over one connection.
#include "rpc/link.h"

#include <utility>

#include "core/first_of.h"
#include "rpc/frame_reader.h"
#include "rpc/wire.h"

namespace fwd::rpc {

Link::Link(std::unique_ptr<Stream> stream, Limits limits)
    : stream_(std::move(stream)),
      limits_(limits),
      writer_(*stream_),
      group_([this](const std::string&, const std::string& what) {
        lose(Failure{Fault::kBug, "", what});
      }) {
  wire::Hello hello;
  hello.set_version(kVersion);
  writer_.put(FrameKind::kHello, 0, {hello.SerializeAsString()});
  group_.spawn("rpc.link", run());
}

Link::~Link() { close(); }

void Link::close() { lose(Failure{Fault::kClosed, "", "closed by this side"}); }

Task<void> Link::run() {
  auto reading = read_frames(*stream_, [this](const Frame& frame) { return on_frame(frame); });
  auto writing = writer_.run();
  auto ended = co_await first_of(std::move(reading), std::move(writing));
  const Outcome<void>& why = ended.index() == 0 ? std::get<0>(ended) : std::get<1>(ended);
  lose(why.ok() ? Failure{Fault::kClosed, "", "the door closed the connection"} : why.failure());
}

void Link::lose(Failure why) {
  if (lost_) return;
  lost_ = std::move(why);
  writer_.stop();
  stream_->close();
  for (auto at = calls_.begin(); at != calls_.end();) {
    Call& call = *at->second;
    if (!call.over) {
      call.over = true;
      call.failure = Failure{Fault::kUnavailable, "", "lost the door: " + lost_->private_text};
    }
    call.changed.set();
    at = call.abandoned ? calls_.erase(at) : std::next(at);
  }
  for (const auto& [number, notices] : objects_)
    notices->end(Failure{Fault::kClosed, "", "lost the door: " + lost_->private_text});
  slot_free_.pulse();
  answered_.set();
  closed_.set();
}

Outcome<void> Link::check_size(const Parcel& request) const {
  if (request.octets() > limits_.upload_octets || request.head.size() > kMostRequestHead ||
      request.pieces.size() > kMostPieces)
    return Failure{Fault::kOverLimit, "Too large", "a request is too large for the door"};
  return {};
}

Task<Outcome<std::uint32_t>> Link::open_call(bool streams) {
  for (;;) {
    if (lost_) co_return Failure{Fault::kUnavailable, "", "lost the door: " + lost_->private_text};
    if (calls_.size() >= limits_.calls) {
      co_await slot_free_.wait();
    } else if (!writer_.has_room()) {
      co_await writer_.room();
    } else {
      break;
    }
  }
  do {
    ++last_call_;
  } while (last_call_ == 0 || calls_.contains(last_call_));
  auto call = std::make_unique<Call>();
  call->streams = streams;
  call->credit = streams ? limits_.prefetch : 0;
  calls_.emplace(last_call_, std::move(call));
  co_return last_call_;
}

Task<Outcome<void>> Link::send_request(std::uint32_t id, Verb verb, std::uint32_t object,
                                       Parcel request) {
  Call& call = *calls_.at(id);
  RequestHeader header;
  header.verb = static_cast<std::uint16_t>(verb);
  header.object = object;
  header.credit = static_cast<std::uint8_t>(call.credit);
  call.long_upload = !request.is_short();
  writer_.put_parcel(FrameKind::kRequest, id, header.encode(), request);
  if (!call.long_upload) co_return Outcome<void>{};
  while (!call.granted && !call.over) {
    call.changed.clear();
    co_await call.changed.wait();
  }
  if (!call.over) co_await writer_.send_octets(id, std::move(request));
  co_return Outcome<void>{};
}

Task<Outcome<Parcel>> Link::ask(Verb verb, std::uint32_t object, Parcel request) {
  const Outcome<void> fits = check_size(request);
  if (!fits.ok()) co_return fits.failure();
  const Outcome<std::uint32_t> id = co_await open_call(false);
  if (!id.ok()) co_return id.failure();
  CallSlot slot;
  slot.hold(*this, id.value());
  const Outcome<void> sent = co_await send_request(id.value(), verb, object, std::move(request));
  if (!sent.ok()) co_return sent.failure();
  Call& call = slot.call();
  while (!call.over) {
    call.changed.clear();
    co_await call.changed.wait();
  }
  if (call.failure) co_return *call.failure;
  co_return std::move(call.parcels.front());
}

void Link::drop_call(std::uint32_t id) {
  const auto at = calls_.find(id);
  Call& call = *at->second;
  if (call.over) {
    calls_.erase(at);
    slot_free_.pulse();
    return;
  }
  call.abandoned = true;
  call.parcels.clear();
  writer_.put(FrameKind::kCancel, id, {});
}

Outcome<void> Link::on_frame(const Frame& frame) {
  if (lost_) return Failure{Fault::kClosed, "", "closed by this side"};
  if (!greeted_) return on_hello(frame);
  if (frame.kind == FrameKind::kNotice && frame.call == 0) return on_notice(frame);
  const auto at = calls_.find(frame.call);
  if (at == calls_.end() || at->second->over) return bad_wire("an answer to no question");
  return on_answer(frame, at);
}

Outcome<void> Link::on_hello(const Frame& frame) {
  wire::Hello hello;
  if (frame.kind != FrameKind::kHello || frame.call != 0 ||
      !hello.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
    return bad_wire("the door did not greet");
  if (hello.version() != kVersion) return bad_wire("the door speaks another version");
  greeted_ = true;
  answered_.set();
  return {};
}

Outcome<void> Link::on_notice(const Frame& frame) {
  wire::Notice in;
  if (frame.payload.size() < 4) return bad_wire("a notice for nobody");
  const std::uint32_t number = get_u32(frame.payload);
  const std::string_view rest = frame.payload.substr(4);
  if (!in.ParseFromArray(rest.data(), static_cast<int>(rest.size())))
    return bad_wire("a notice that does not parse");
  const auto object = objects_.find(number);
  if (object == objects_.end()) return {};  // released meanwhile
  if (in.has_failed()) {
    object->second->end(from_wire(*in.mutable_failed()));
    return {};
  }
  Outcome<model::Notice> notice = from_wire(in);
  if (!notice.ok()) return notice.failure();
  if (!object->second->push(std::move(notice).value(), limits_.notices))
    return bad_wire("too many notices");
  return {};
}

Outcome<void> Link::on_answer(const Frame& frame, Calls::iterator at) {
  Call& call = *at->second;
  const bool reading = call.reader.active();
  switch (frame.kind) {
    case FrameKind::kFailure: {
      wire::Failed failed;
      if (!failed.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
        return bad_wire("a failure that does not parse");
      call.failure = from_wire(failed);
      end_call(at);
      return {};
    }
    case FrameKind::kEnd:
      if (!call.streams || reading) return bad_wire("an end out of place");
      call.last = true;
      if (frame.payload.empty()) {
        end_call(at);
        return {};
      }
      [[fallthrough]];
    case FrameKind::kBatch: {
      if (!call.streams || reading || call.credit == 0) return bad_wire("a batch out of place");
      --call.credit;
      Outcome<void> begun =
          call.reader.begin(frame.payload, limits_.answer_octets, limits_.answer_octets);
      return begun.ok() ? on_parcel(at) : begun;
    }
    case FrameKind::kReply: {
      if (call.streams || reading) return bad_wire("a reply out of place");
      call.last = true;
      Outcome<void> begun =
          call.reader.begin(frame.payload, limits_.answer_octets, limits_.answer_octets);
      return begun.ok() ? on_parcel(at) : begun;
    }
    case FrameKind::kRaw: {
      Outcome<void> fed = call.reader.feed(frame.payload);
      return fed.ok() ? on_parcel(at) : fed;
    }
    case FrameKind::kMore:
      if (!call.long_upload || call.granted) return bad_wire("leave to send what nobody offered");
      call.granted = true;
      call.changed.set();
      return {};
    default:
      return bad_wire("a frame that a door does not send");
  }
}

Outcome<void> Link::on_parcel(Calls::iterator at) {
  Call& call = *at->second;
  if (!call.reader.complete()) return {};
  Parcel parcel = call.reader.take();
  if (!call.abandoned) call.parcels.push_back(std::move(parcel));
  call.changed.set();
  if (call.last) end_call(at);
  return {};
}

void Link::end_call(Calls::iterator at) {
  Call& call = *at->second;
  call.over = true;
  call.changed.set();
  if (!call.abandoned) return;
  calls_.erase(at);
  slot_free_.pulse();
}

Task<Outcome<std::optional<Parcel>>> LinkStream::next() {
  if (!slot_.held()) {
    const Outcome<void> fits = link_->check_size(request_);
    if (!fits.ok()) co_return fits.failure();
    const Outcome<std::uint32_t> id = co_await link_->open_call(true);
    if (!id.ok()) co_return id.failure();
    slot_.hold(*link_, id.value());
    const Outcome<void> sent =
        co_await link_->send_request(id.value(), verb_, object_, std::move(request_));
    if (!sent.ok()) co_return sent.failure();
  }
  Link::Call& call = slot_.call();
  while (call.parcels.empty() && !call.over) {
    call.changed.clear();
    co_await call.changed.wait();
  }
  if (call.parcels.empty()) {
    if (call.failure) co_return *call.failure;
    co_return std::optional<Parcel>{};
  }
  std::optional<Parcel> batch = std::move(call.parcels.front());
  call.parcels.erase(call.parcels.begin());
  if (!call.over) {
    ++call.credit;
    std::string one;
    put_u32(one, 1);
    link_->writer_.put(FrameKind::kMore, slot_.id(), {one});
  }
  co_return batch;
}

LinkObject::LinkObject(std::shared_ptr<Link> link) : link_(std::move(link)) {
  do {
    number_ = ++link_->last_object_;
  } while (number_ == 0 || link_->objects_.contains(number_));
  link_->objects_.emplace(number_, &notices_);
  if (link_->lost_) notices_.end(Failure{Fault::kClosed, "", "lost the door"});
}

LinkObject::~LinkObject() {
  link_->objects_.erase(number_);
  std::string number;
  put_u32(number, number_);
  link_->writer_.put(FrameKind::kRelease, 0, {number});
}

}  // namespace fwd::rpc
