// Keeps idle sessions and counts connections.
#include "service/delivery/session_pool.h"

#include <utility>

#include "core/first_of.h"
#include "core/text.h"

namespace fwd::delivery {
namespace {

Task<void> wait_for(Event& event) { co_await event.wait(); }

}  // namespace

std::unique_ptr<RemoteSession> SessionPool::take(const std::string& key) {
  // The youngest: the others may then run out.
  for (auto at = idle_.rbegin(); at != idle_.rend(); ++at) {
    if (at->key != key) continue;
    std::unique_ptr<RemoteSession> session = std::move(at->session);
    idle_.erase(std::next(at).base());
    return session;
  }
  return nullptr;
}

std::shared_ptr<void> SessionPool::make_place(const std::string& host) {
  ++connected_[host];
  const auto leave = [this, host](void*) {
    const auto at = connected_.find(host);
    if (--at->second == 0) connected_.erase(at);
    changed_.pulse();
  };
  return {static_cast<void*>(this), leave};
}

Task<SessionPool::Turn> SessionPool::enter(std::string key, std::string host) {
  for (;;) {
    Turn turn;
    turn.session = take(key);
    if (turn.session) co_return turn;
    const auto connected = connected_.find(host);
    if (connected == connected_.end() || connected->second < limits_.per_host) {
      turn.place = make_place(host);
      co_return turn;
    }
    close_one_of(host);
    co_await changed_.wait();
  }
}

void SessionPool::close_one_of(const std::string& host) {
  for (auto at = idle_.begin(); at != idle_.end(); ++at) {
    if (at->session->host != host) continue;
    dismiss(std::move(at->session));
    idle_.erase(at);
    return;
  }
}

void SessionPool::dismiss(std::unique_ptr<RemoteSession> session) {
  tasks_.spawn("goodbye", say_goodbye(std::move(session)));
}

Task<void> SessionPool::say_goodbye(std::unique_ptr<RemoteSession> session) {
  co_await session->client().quit();
}

Task<void> SessionPool::sweep(SessionPool& pool) {
  while (!pool.idle_.empty()) {
    const Instant until = pool.idle_.front().until;
    if (pool.clock_.now() < until) {
      auto nap = pool.clock_.sleep_until(until);
      auto end = wait_for(pool.closing_);
      co_await first_of(std::move(nap), std::move(end));
      continue;
    }
    pool.dismiss(std::move(pool.idle_.front().session));
    pool.idle_.pop_front();
  }
  pool.sweeping_ = false;
}

void SessionPool::give(std::string key, std::unique_ptr<RemoteSession> session) {
  if (!session->client().may_send() || limits_.idle == 0) {
    dismiss(std::move(session));
    return;
  }
  if (idle_.size() >= limits_.idle) {
    dismiss(std::move(idle_.front().session));
    idle_.pop_front();
  }
  idle_.push_back({std::move(key), clock_.now() + limits_.idle_for, std::move(session)});
  changed_.pulse();
  if (sweeping_) return;
  sweeping_ = true;
  tasks_.spawn("sweep", sweep(*this));
}

void SessionPool::close_all() {
  closing_.pulse();
  while (!idle_.empty()) {
    dismiss(std::move(idle_.front().session));
    idle_.pop_front();
  }
}

std::string session_key(const RemoteHost& host, const mailauth::TlsPolicy& policy) {
  std::string key = host.name + "|" + std::to_string(host.port) + "|" +
                    std::to_string(static_cast<int>(policy.level)) + "|" + join(policy.names, ",");
  for (const mailauth::TlsaRecord& record : policy.tlsa)
    key += "|" + std::to_string(record.usage) + std::to_string(record.selector) +
           std::to_string(record.matching) + to_hex(record.data);
  return key;
}

}  // namespace fwd::delivery
