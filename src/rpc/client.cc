// Connections to the door: one, or as many as it takes.
#include "rpc/client.h"

#include <algorithm>
#include <utility>

namespace fwd::rpc {

DoorClient::DoorClient(std::unique_ptr<Stream> stream, Limits limits)
    : link_(std::make_shared<Link>(std::move(stream), limits)) {}

Task<Outcome<Parcel>> DoorClient::ask(Verb verb, Parcel request, std::chrono::milliseconds) {
  return link_->ask(verb, 0, std::move(request));
}

Task<Outcome<std::shared_ptr<Link>>> DoorClient::link_for_login() { co_return link_; }

DoorPool::DoorPool(Connector connector, Clock& clock, Options options)
    : connector_(std::move(connector)), clock_(clock), options_(options) {}

DoorPool::DoorPool(Connector connector, Clock& clock)
    : DoorPool(std::move(connector), clock, Options{}) {}

namespace {

Task<bool> wait_for_greeting(Link& link) {
  co_await link.answered().wait();
  co_return link.greeted();
}

}  // namespace

Task<Outcome<std::shared_ptr<Link>>> DoorPool::open_link() {
  const Instant deadline = clock_.now() + options_.connect_timeout;
  auto connecting = connector_();
  auto bounded = before(clock_, deadline, std::move(connecting));
  std::optional<Outcome<std::unique_ptr<Stream>>> stream = co_await bounded;
  if (!stream) co_return Failure{Fault::kUnavailable, "", "the door does not take connections"};
  if (!stream->ok())
    co_return Failure{Fault::kUnavailable, "",
                      "no way to the door: " + stream->failure().private_text};
  auto link = std::make_shared<Link>(std::move(*stream).value(), options_.limits);
  auto greeting = wait_for_greeting(*link);
  auto in_time = before(clock_, deadline, std::move(greeting));
  const std::optional<bool> greeted = co_await in_time;
  if (!greeted) co_return Failure{Fault::kUnavailable, "", "the door does not greet"};
  if (!*greeted) co_return Failure{Fault::kUnavailable, "", "turned away: " + link->why_closed()};
  co_return link;
}

Task<Outcome<std::shared_ptr<Link>>> DoorPool::link_for_login() { return open_link(); }

namespace {

// Tells the others when the one who connects has an answer or was cancelled.
class Attempt {
 public:
  Attempt(bool& flag, Event& ended) : flag_(flag), ended_(ended) { flag_ = true; }
  ~Attempt() {
    flag_ = false;
    ended_.pulse();
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

 private:
  bool& flag_;
  Event& ended_;
};

}  // namespace

Task<Outcome<std::shared_ptr<Link>>> DoorPool::shared_link() {
  for (;;) {
    if (shared_ && shared_->connected()) co_return shared_;
    shared_.reset();
    if (last_failure_ && clock_.now() < next_attempt_) co_return *last_failure_;
    if (!connecting_) break;
    co_await attempted_.wait();
  }
  const Attempt attempt(connecting_, attempted_);
  auto opening = open_link();
  Outcome<std::shared_ptr<Link>> link = co_await opening;
  if (link.ok()) {
    shared_ = link.value();
    last_failure_.reset();
    pause_ = {};
    co_return shared_;
  }
  note_failure(link.failure());
  co_return link.failure();
}

void DoorPool::note_failure(Failure why) {
  pause_ = std::clamp(pause_ * 2, options_.first_pause, options_.longest_pause);
  next_attempt_ = clock_.now() + pause_;
  last_failure_ = std::move(why);
}

Task<Outcome<Parcel>> DoorPool::ask(Verb verb, Parcel request, std::chrono::milliseconds wait) {
  auto opening = shared_link();
  const Outcome<std::shared_ptr<Link>> link = co_await opening;
  if (!link.ok()) co_return link.failure();
  auto asking = link.value()->ask(verb, 0, std::move(request));
  const Instant deadline = clock_.now() + options_.answer_timeout + wait;
  auto answer = co_await before(clock_, deadline, std::move(asking));
  if (!answer)
    co_return Failure{Fault::kUnavailable, "try again later", "the door gave no answer in time"};
  co_return std::move(*answer);
}

Task<Outcome<void>> DoorPool::connect() {
  auto opening = shared_link();
  const Outcome<std::shared_ptr<Link>> link = co_await opening;
  if (!link.ok()) co_return link.failure();
  co_return Outcome<void>{};
}

}  // namespace fwd::rpc
