// State, kept by asking the door.
#include "rpc/remote_state.h"

#include <wire/state.pb.h>

#include <utility>

#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

Outcome<bool> truth(const Outcome<Parcel>& answer) {
  wire::Truth out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) return read.failure();
  return out.value();
}

Parcel setting(std::string key, std::string value, std::chrono::seconds life) {
  wire::StateSet request;
  request.set_key(std::move(key));
  request.set_value(std::move(value));
  request.set_life_seconds(life.count());
  return pack(request);
}

Parcel locking(std::string key, std::string owner, std::chrono::seconds life) {
  wire::StateLock request;
  request.set_key(std::move(key));
  request.set_owner(std::move(owner));
  request.set_life_seconds(life.count());
  return pack(request);
}

Parcel naming(std::string key) {
  wire::StateKey request;
  request.set_key(std::move(key));
  return pack(request);
}

}  // namespace

Task<Outcome<model::Count>> RemoteState::add(std::string key, std::int64_t by,
                                             std::chrono::seconds window) {
  wire::StateAdd request;
  request.set_key(std::move(key));
  request.set_by(by);
  request.set_window_seconds(window.count());
  auto asking = door_.ask(Verb::kStateAdd, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Count out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return model::Count{out.value(), std::chrono::seconds(out.resets_in_seconds())};
}

Task<Outcome<std::optional<std::string>>> RemoteState::get(std::string key) {
  auto asking = door_.ask(Verb::kStateGet, naming(std::move(key)));
  const Outcome<Parcel> answer = co_await asking;
  wire::StateValue out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  if (!out.has_value()) co_return std::optional<std::string>{};
  co_return std::optional<std::string>{std::move(*out.mutable_value())};
}

Task<Outcome<void>> RemoteState::set(std::string key, std::string value,
                                     std::chrono::seconds life) {
  auto asking = door_.ask(Verb::kStateSet, setting(std::move(key), std::move(value), life));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<bool>> RemoteState::set_if_absent(std::string key, std::string value,
                                               std::chrono::seconds life) {
  auto asking = door_.ask(Verb::kStateSetIfAbsent, setting(std::move(key), std::move(value), life));
  const Outcome<Parcel> answer = co_await asking;
  co_return truth(answer);
}

Task<Outcome<void>> RemoteState::remove(std::string key) {
  auto asking = door_.ask(Verb::kStateRemove, naming(std::move(key)));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<bool>> RemoteState::lock(std::string key, std::string owner,
                                      std::chrono::seconds life) {
  auto asking = door_.ask(Verb::kStateLock, locking(std::move(key), std::move(owner), life));
  const Outcome<Parcel> answer = co_await asking;
  co_return truth(answer);
}

Task<Outcome<void>> RemoteState::unlock(std::string key, std::string owner) {
  auto asking = door_.ask(Verb::kStateUnlock,
                          locking(std::move(key), std::move(owner), std::chrono::seconds(0)));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

}  // namespace fwd::rpc
