#ifndef FWD_SERVICE_INBOUND_RATES_H
#define FWD_SERVICE_INBOUND_RATES_H

// Rates: how much one address may bring in a while, and how often it may guess
// recipients.  (How many connections it may have open is the listener's
// business: smtp.connections-per-address.)
//
// Counted in this process, not in the State of the door: a flood must not
// become a flood of questions, one fwd-mxd takes all mail of a machine, and
// what a restart forgets is a window at the most.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/clock.h"
#include "protocol/smtp/reply.h"
#include "service/inbound/judgement.h"

namespace fwd::service {

// 0: not limited.
struct RateOptions {
  std::uint64_t messages = 1000;
  std::uint64_t recipients = 5000;
  std::uint64_t unknown_recipients = 100;
  std::uint64_t journalled = 10;  // refusals of one address; 500 times as many of all; 0: none
  std::chrono::seconds window = std::chrono::hours(1);
  std::size_t addresses = 100'000;  // remembered; beyond, the one seen least lately goes
};

struct RateVerdict {
  Finding finding;
  std::optional<smtp::Reply> refusal;  // 421 4.7.0, which ends the session
};

// `address`: net::counting_key(), an IPv4 address or the /64 of an IPv6 one.
class Rates {
 public:
  explicit Rates(const Clock& clock) : clock_(clock) {}
  void set_options(RateOptions options) { options_ = options; }

  // One more message, at MAIL.
  RateVerdict add_message(const std::string& address);
  // One more recipient, before it is looked up: refused when there were too many,
  // or too many that do not exist.
  RateVerdict add_recipient(const std::string& address);
  // That one does not exist.
  void note_unknown(const std::string& address);
  // One more refusal before there is a recipient: whether it may be in the journal, which a
  // flood must not fill.
  bool may_journal(const std::string& address);

 private:
  struct Counts {
    std::string address;
    Instant ends{};
    std::uint64_t messages = 0, recipients = 0, unknown = 0, journalled = 0;
  };
  using Order = std::list<Counts>;  // seen last stands first

  Counts& counts(const std::string& address);
  RateVerdict judge(std::uint64_t count, std::uint64_t most, std::string_view what,
                    const Counts& of) const;

  const Clock& clock_;
  RateOptions options_;
  Instant journal_window_ends_{};
  std::uint64_t journalled_ = 0;
  Order order_;
  std::unordered_map<std::string, Order::iterator> places_;
};

}  // namespace fwd::service

#endif
