#ifndef FWD_SERVICE_DELIVERY_OPTIONS_H
#define FWD_SERVICE_DELIVERY_OPTIONS_H

// What the operator sets about mail that goes out.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/smtp/client.h"

namespace fwd::delivery {

using std::chrono::milliseconds;

// A server that takes all our mail for others, in place of their own.
struct Smarthost {
  enum class Tls : std::uint8_t {
    kVerified,   // STARTTLS and a certificate for `host`
    kEncrypted,  // STARTTLS, whoever it is
    kImplicit,   // TLS from the first octet (port 465), and a certificate for `host`
    kNone,       // clear text, for one on the same wire
  };
  std::string host;  // a name or an address
  std::uint16_t port = 587;
  Tls tls = Tls::kVerified;
  std::string user;  // "" for none
  std::string password;
};

struct DeliveryOptions {
  std::string host;    // our name, in EHLO, Received and reports
  std::string worker;  // who claims: the machine, "/", the process

  // How much at once.
  std::uint32_t claims = 50;
  std::uint32_t claims_per_destination = 10;
  std::size_t connections_per_host = 10;
  std::size_t idle_connections = 50;
  std::size_t memory = 128 * 1024 * 1024;  // octets of content in memory
  std::size_t kept_content = 256 * 1024;   // of one message while its claims are under way
  milliseconds idle = std::chrono::seconds(10);
  milliseconds lease = std::chrono::minutes(5);
  milliseconds claim_wait = std::chrono::seconds(30);
  milliseconds stop_limit = std::chrono::seconds(15);

  // One attempt.
  std::uint16_t port = 25;
  milliseconds connect_limit = std::chrono::seconds(30);
  std::size_t received = 25;  // Received fields of what goes on from here; more is a loop
  std::size_t addresses = 5;  // that are tried
  milliseconds attempt_limit = std::chrono::hours(1);  // all of it
  smtp::ClientLimits limits;
  std::optional<Smarthost> smarthost;
  milliseconds webhook_limit = std::chrono::seconds(30);
  std::size_t webhook_payload = 64 * 1024 * 1024;  // octets, about; what does not fit is left out

  // When again.
  milliseconds first_retry = std::chrono::seconds(90);
  milliseconds longest_retry = std::chrono::hours(24);
  milliseconds longest_pause = std::chrono::minutes(30);  // of a destination that is down
  milliseconds blocked_pause = std::chrono::hours(1);
  milliseconds lifetime = std::chrono::hours(5 * 24);  // of messages that name none

  // What senders are told.
  milliseconds delay_notice = std::chrono::hours(4);
  std::size_t returned_content = 1024 * 1024;  // longer messages are given back as headers

  // What those are told who look after an address that forwards.
  milliseconds issue_repeat = std::chrono::hours(7 * 24);  // of a domain's destination
  std::size_t issues_per_day = 25;                         // of a domain; 0: nothing
  std::string postmaster;  // of this host; "": see model/postmaster.h
};

}  // namespace fwd::delivery

#endif
