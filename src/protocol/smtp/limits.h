#ifndef FWD_PROTOCOL_SMTP_LIMITS_H
#define FWD_PROTOCOL_SMTP_LIMITS_H

// Every bound of a conversation, as the daemon's options set it.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fwd::smtp {

struct Limits {
  std::size_t recipients = 50;  // RFC 5321 §4.5.3.1.8 asks for 100 of those who queue; announced
  std::uint64_t message_size = 50 * 1024 * 1024;  // announced as SIZE (RFC 1870 §4)
  // RFC 5321 §4.5.3.1.4 sets 512, which RFC 1870 §3, RFC 6152 §2 and RFC 6531
  // §3.1 lengthen for MAIL, and UTF-8 domains need some more.
  std::size_t command_line = 1024;
  // RFC 5321 §4.5.3.1.6 allows 1000 octets and asks servers to take more.
  std::size_t text_line = 1024 * 1024;
  std::size_t errors = 20;          // refused commands, then 421
  std::size_t commands = 20000;     // in one session, then 421
  std::size_t wrong_logins = 5;     // failed AUTHs, then the session ends
  std::size_t transactions = 1000;  // in one session, then 421; announced as MAILMAX
  std::chrono::milliseconds idle = std::chrono::minutes(3);
  std::chrono::milliseconds session = std::chrono::hours(2);
  std::chrono::milliseconds login = std::chrono::minutes(3);  // until AUTH, where it is needed
  // How long the greeting waits for peers that talk before it; 0: greet at once.
  std::chrono::milliseconds greet_delay{0};
};

}  // namespace fwd::smtp

#endif
