#ifndef FWD_PROTOCOL_IMAP_LIMITS_H
#define FWD_PROTOCOL_IMAP_LIMITS_H

// The bounds of an IMAP session: what a peer may cost.  Every one is a row of
// the daemon's option table.

#include <chrono>
#include <cstdint>
#include <string>

#include "format/outline.h"

namespace fwd::imap {

struct Limits {
  std::string host_name = "localhost";
  std::string server_version = "0";  // told by ID, after login only

  std::size_t line = 64 * 1024;               // octets of one command line (RFC 7162 §4)
  std::size_t line_before_login = 8 * 1024;   // the same, for strangers
  std::size_t literal = 64 * 1024;            // one literal that is not a message
  std::size_t literal_before_login = 4096;    // RFC 7888 §5: LITERAL- until login
  std::size_t command = 256 * 1024;           // a whole command with its literals
  std::uint64_t append = 50ULL << 20;         // one message (RFC 7889 §3)
  std::uint64_t append_total = 100ULL << 20;  // all messages of one APPEND (RFC 3502 §3)
  std::size_t append_messages = 100;
  std::uint64_t discard = 200ULL << 20;  // a refused literal up to this is read and dropped
  std::size_t discard_literals = 100;    // of one refused command

  std::chrono::milliseconds login_idle = std::chrono::minutes(1);
  std::chrono::milliseconds login_time = std::chrono::minutes(3);    // all of it
  std::chrono::milliseconds idle = std::chrono::minutes(30);         // RFC 9051 §5.4
  std::chrono::milliseconds command_idle = std::chrono::minutes(5);  // inside a command
  std::chrono::milliseconds write_wait = std::chrono::minutes(5);    // a peer that takes nothing

  unsigned bad_commands = 20;          // BAD answers in a row before BYE
  unsigned wrong_logins = 5;           // before BYE
  std::size_t login_line = 16 * 1024;  // one answer in AUTHENTICATE

  std::size_t set_ranges = 20000;       // of one sequence-set
  std::size_t search_keys = 1000;       // of one SEARCH
  std::size_t search_depth = 50;        // parentheses, NOT and OR
  std::size_t fetch_items = 200;        // of one FETCH
  std::size_t section_depth = 100;      // levels of "1.2.3"
  std::size_t section_fields = 500;     // header fields named by one section
  std::size_t list_patterns = 100;      // of one LIST
  std::size_t list_wild = 2000;         // octets of those patterns that hold wildcards
  std::size_t keywords = 100;           // of one command
  std::size_t keyword_length = 100;     // octets
  std::size_t name_length = 1000;       // octets of a folder's name
  std::size_t header_octets = 1 << 20;  // of one header that HEADER.FIELDS looks at
  std::size_t output = 32 * 1024;       // octets of answers gathered before a write
  format::OutlineLimits message;        // what is looked at of a message that comes
};

// Memory shared by all sessions of a daemon for what is large: a message that
// is appended, a part that is decoded.
class MemoryBudget {
 public:
  virtual ~MemoryBudget() = default;
  // False when so much is not to be had now.
  virtual bool take(std::uint64_t octets) = 0;
  virtual void give_back(std::uint64_t octets) = 0;
};

// What one command has taken of the budget; gives it back when it dies.
class MemoryShare {
 public:
  explicit MemoryShare(MemoryBudget* budget) : budget_(budget) {}
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;
  ~MemoryShare() { give_back(); }
  bool take(std::uint64_t octets) {
    if (budget_ != nullptr && !budget_->take(octets)) return false;
    taken_ += octets;
    return true;
  }
  void give_back() {
    if (budget_ != nullptr && taken_ > 0) budget_->give_back(taken_);
    taken_ = 0;
  }

 private:
  MemoryBudget* budget_;
  std::uint64_t taken_ = 0;
};

}  // namespace fwd::imap

#endif
