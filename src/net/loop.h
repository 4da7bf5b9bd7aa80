#ifndef FWD_NET_LOOP_H
#define FWD_NET_LOOP_H

// One thread's event loop over libevent.  Everything that waits in a daemon
// waits here.  It drains core/ready.h after every callback.

#include <functional>
#include <memory>

#include "core/clock.h"

struct event_base;

namespace fwd::net {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs on the calling thread until stop().
  void run();
  // May be called from the loop's own thread only; ends run() soon.
  void stop();
  // Runs `work` on the loop's thread, in order of posting.  The only member
  // that any thread may call.
  void post(std::function<void()> work);

  // The loop's own clock: sleep_until() waits in this loop.
  Clock& clock();
  // `handler` runs on the loop's thread when the process gets `signal`.
  void on_signal(int signal, std::function<void()> handler);

  event_base* base() const;  // for net/ only

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace fwd::net

#endif
