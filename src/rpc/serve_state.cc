// The verbs of State, on the door's side.
#include <wire/state.pb.h>

#include <chrono>

#include "rpc/serving.h"
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

using std::chrono::seconds;

// Longer than this is a mistake, and would overflow somebody's clock.
constexpr std::int64_t kLongest = 100LL * 365 * 24 * 60 * 60;
constexpr std::size_t kMostKey = 512;
constexpr std::size_t kMostValue = 64 * 1024;

bool fits(const std::string& key, const std::string& value, std::int64_t span) {
  return key.size() <= kMostKey && value.size() <= kMostValue && span >= 0 && span <= kLongest;
}

Failure does_not_fit() {
  return Failure{Fault::kBadInput, "", "a key, value or time beyond its bounds"};
}

Outcome<Parcel> truth(const Outcome<bool>& answer) {
  if (!answer.ok()) return answer.failure();
  wire::Truth out;
  out.set_value(answer.value());
  return pack(out);
}

Task<Outcome<Parcel>> add(Serving& serving, Parcel request) {
  wire::StateAdd in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), "", in.window_seconds())) co_return does_not_fit();
  auto asking = serving.state->add(in.key(), in.by(), seconds(in.window_seconds()));
  const Outcome<model::Count> count = co_await asking;
  if (!count.ok()) co_return count.failure();
  wire::Count out;
  out.set_value(count.value().value);
  out.set_resets_in_seconds(count.value().resets_in.count());
  co_return pack(out);
}

Task<Outcome<Parcel>> get(Serving& serving, Parcel request) {
  wire::StateKey in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), "", 0)) co_return does_not_fit();
  auto asking = serving.state->get(in.key());
  const Outcome<std::optional<std::string>> value = co_await asking;
  if (!value.ok()) co_return value.failure();
  wire::StateValue out;
  if (value.value()) out.set_value(*value.value());
  co_return pack(out);
}

Task<Outcome<Parcel>> set(Serving& serving, Parcel request) {
  wire::StateSet in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), in.value(), in.life_seconds())) co_return does_not_fit();
  auto asking = serving.state->set(in.key(), in.value(), seconds(in.life_seconds()));
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> set_if_absent(Serving& serving, Parcel request) {
  wire::StateSet in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), in.value(), in.life_seconds())) co_return does_not_fit();
  auto asking = serving.state->set_if_absent(in.key(), in.value(), seconds(in.life_seconds()));
  const Outcome<bool> done = co_await asking;
  co_return truth(done);
}

Task<Outcome<Parcel>> remove(Serving& serving, Parcel request) {
  wire::StateKey in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), "", 0)) co_return does_not_fit();
  auto asking = serving.state->remove(in.key());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> lock(Serving& serving, Parcel request) {
  wire::StateLock in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), in.owner(), in.life_seconds())) co_return does_not_fit();
  auto asking = serving.state->lock(in.key(), in.owner(), seconds(in.life_seconds()));
  const Outcome<bool> done = co_await asking;
  co_return truth(done);
}

Task<Outcome<Parcel>> unlock(Serving& serving, Parcel request) {
  wire::StateLock in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  if (!fits(in.key(), in.owner(), 0)) co_return does_not_fit();
  auto asking = serving.state->unlock(in.key(), in.owner());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

}  // namespace

Answer find_state_answer(Verb verb) {
  switch (verb) {
    case Verb::kStateAdd:
      return add;
    case Verb::kStateGet:
      return get;
    case Verb::kStateSet:
      return set;
    case Verb::kStateSetIfAbsent:
      return set_if_absent;
    case Verb::kStateRemove:
      return remove;
    case Verb::kStateLock:
      return lock;
    case Verb::kStateUnlock:
      return unlock;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
