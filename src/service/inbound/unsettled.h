#ifndef FWD_SERVICE_INBOUND_UNSETTLED_H
#define FWD_SERVICE_INBOUND_UNSETTLED_H

// Messages without a print (fingerprint.h) that were begun to be stored and
// answered with 4xx.  Some of their mailboxes may have them already, and their
// senders come again: then the same delivery ids are used, by which a mailbox
// knows a repeat (model/deliveries.h).  What was accepted is not remembered, so
// the same octets sent once more after a 250 are another message.
//
// A message is known by its sender and all of its content, for each mailbox.
// The memory is bounded, and kept in the state of the door, so that it outlives
// a restart of this daemon.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/log.h"
#include "core/task_group.h"
#include "model/state.h"

namespace fwd::service {

// What one try is known by; refers to texts that must outlive it.
struct Try {
  std::string_view sender;
  std::string_view content;  // as it came, without our trace lines
  std::string_view id;       // our id of this try
};

class Unsettled {
 public:
  Unsettled(model::State& state, Clock& clock, Log& log);

  // Reads what an earlier process kept, when that was not done yet.  The state
  // may be away: then it is tried again with the next message.
  Task<void> load();

  // The delivery id for each of `aliases`: the one of an earlier try, else this try's.
  std::vector<std::string> ids_for(const Try& message, const std::vector<std::string>& aliases);
  // The try failed; `ids` as they were used.
  void note_failed(const Try& message, const std::vector<std::string>& aliases,
                   const std::vector<std::string>& ids);
  // All have it.
  void note_stored(const Try& message, const std::vector<std::string>& aliases);

  // For shutting down: until the state has what was noted, or has refused it.
  Task<void> wait_written() { return writing_.wait_empty(); }

 private:
  // One mailbox of one message.
  struct Entry {
    std::string print;  // of sender and content
    std::string alias_id;
    std::uint64_t size = 0;  // of the content: what has another is not printed
    std::string delivery_id;
    std::int64_t since = 0;  // seconds since 1970, of the first try
  };

  Entry* find(const Try& message, std::string& print, const std::string& alias_id);
  void forget_old();
  void keep();
  std::string encode() const;
  void decode(std::string_view octets);
  Task<void> write();

  model::State& state_;
  Clock& clock_;
  Log& log_;
  std::vector<Entry> entries_;  // oldest first
  bool loaded_ = false;
  bool changed_ = false;  // since it was written
  TaskGroup writing_;     // one task at a time
};

}  // namespace fwd::service

#endif
