// Accepts connections within limits.
#include "net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "net/loop_wait.h"
#include "net/socket_address.h"

namespace fwd::net {
namespace {

// Accepted from one socket before the others have their turn.
constexpr int kBatch = 64;
constexpr timeval kPause = {0, 250000};

// How many connections are open; outlives the listener in its places.
struct Counts {
  std::size_t open = 0;
  std::unordered_map<std::string, std::size_t> by_address;
};

// One open connection, as long as it is open.
class Place {
 public:
  Place(std::shared_ptr<Counts> counts, std::string key)
      : counts_(std::move(counts)), key_(std::move(key)) {
    ++counts_->open;
    if (!key_.empty()) ++counts_->by_address[key_];
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    --counts_->open;
    if (key_.empty()) return;
    const auto found = counts_->by_address.find(key_);
    if (--found->second == 0) counts_->by_address.erase(found);
  }

 private:
  std::shared_ptr<Counts> counts_;
  std::string key_;
};

void set_tcp_options(int fd) {
  const int one = 1;
  const int idle_s = 120;
  const int every_s = 30;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
}

// Says `words` as far as the socket takes them and closes it without a reset.
void turn_away(const Fd& fd, const std::string& words) {
  if (!words.empty()) ::send(fd.get(), words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(fd.get(), SHUT_WR);
  std::array<char, 4096> rest;
  ::recv(fd.get(), rest.data(), rest.size(), MSG_DONTWAIT);
}

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

struct Listener::Inside {
  struct Door {
    Inside* inside = nullptr;
    ListenSocket socket;
    struct event event {};
  };

  Inside(Loop& the_loop, ListenerLimits the_limits, const TlsKeeper* the_tls,
         ListenerHooks the_hooks)
      : loop(the_loop),
        limits(the_limits),
        tls(the_tls),
        hooks(std::move(the_hooks)),
        lingering(std::make_shared<LingeringSockets>(the_loop, the_limits.linger)) {}

  Loop& loop;
  ListenerLimits limits;
  const TlsKeeper* tls;
  ListenerHooks hooks;
  std::shared_ptr<Counts> counts = std::make_shared<Counts>();
  std::shared_ptr<LingeringSockets> lingering;
  std::vector<std::unique_ptr<Door>> doors;
  struct event resume {};
  bool stopped = false;

  static void on_ready(evutil_socket_t, short, void* argument) noexcept {
    const CallbackScope scope;
    auto& door = *static_cast<Door*>(argument);
    door.inside->accept_from(door);
  }
  static void on_resume(evutil_socket_t, short, void* argument) noexcept {
    static_cast<Inside*>(argument)->watch();
  }

  void watch() {
    if (stopped) return;
    for (const auto& door : doors) event_add(&door->event, nullptr);
  }
  void unwatch() {
    for (const auto& door : doors) event_del(&door->event);
  }

  void pause(int error) {
    unwatch();
    event_add(&resume, &kPause);
    if (hooks.paused) hooks.paused(std::strerror(error));
  }

  void accept_from(Door& door) {
    for (int i = 0; i < kBatch && !stopped; ++i) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      Fd fd(::accept4(door.socket.fd.get(), reinterpret_cast<sockaddr*>(&address), &size,
                      SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (fd.is_open()) {
        admit(door, std::move(fd), to_peer_address(address));
      } else if (is_shortage(errno)) {
        pause(errno);
        return;
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        return;
      }
      // Any other error belongs to that one connection, which has gone.
    }
  }

  void admit(Door& door, Fd fd, const PeerAddress& peer) {
    std::string key = peer.ip.empty() ? "" : counting_key(peer);
    Refusal why = Refusal::kTooMany;
    bool refuse = counts->open >= limits.connections;
    if (!refuse && limits.per_address > 0 && !key.empty()) {
      const auto found = counts->by_address.find(key);
      refuse = found != counts->by_address.end() && found->second >= limits.per_address;
      why = Refusal::kTooManyFromAddress;
    }
    if (refuse) {
      turn_away(fd, hooks.refused ? hooks.refused(door.socket.role, peer, why) : "");
      return;
    }
    if (!peer.ip.empty()) set_tcp_options(fd.get());
    StreamOptions options;
    if (tls != nullptr) options.tls = tls->current();
    options.handshake_limit = limits.handshake_limit;
    options.write_limit = limits.write_limit;
    options.place = std::make_shared<Place>(counts, std::move(key));
    options.lingering = lingering;
    auto stream = std::make_unique<SocketStream>(loop, std::move(fd), std::move(options));
    hooks.accepted(std::move(stream), door.socket.role);
  }
};

Listener::Listener(Loop& loop, std::vector<ListenSocket> sockets, ListenerLimits limits,
                   const TlsKeeper* tls, ListenerHooks hooks)
    : inside_(std::make_unique<Inside>(loop, limits, tls, std::move(hooks))) {
  event_assign(&inside_->resume, loop.base(), -1, 0, &Inside::on_resume, inside_.get());
  for (ListenSocket& socket : sockets) {
    auto door = std::make_unique<Inside::Door>();
    door->inside = inside_.get();
    door->socket = std::move(socket);
    event_assign(&door->event, loop.base(), door->socket.fd.get(), EV_READ | EV_PERSIST,
                 &Inside::on_ready, door.get());
    inside_->doors.push_back(std::move(door));
  }
  inside_->watch();
}

Listener::~Listener() { stop(); }

void Listener::set_limits(ListenerLimits limits) {
  inside_->limits = limits;
  inside_->lingering->set_limits(limits.linger);
}

// The sockets stay open until the listener goes: whoever handed them over
// holds them as well, and what waits in their queue is for the next process.
void Listener::stop() {
  if (std::exchange(inside_->stopped, true)) return;
  inside_->unwatch();
  event_del(&inside_->resume);
}

std::size_t Listener::connections() const { return inside_->counts->open; }

std::size_t Listener::lingering() const { return inside_->lingering->size(); }

}  // namespace fwd::net
