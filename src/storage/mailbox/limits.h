#ifndef FWD_STORAGE_MAILBOX_LIMITS_H
#define FWD_STORAGE_MAILBOX_LIMITS_H

// Bounds of one mailbox.  Every one that its owner can meet is an option.

#include <cstddef>
#include <cstdint>

#include "model/uid_set.h"

namespace fwd::mailbox {

struct Limits {
  std::size_t folders = 10000;
  std::size_t bare_subscriptions = 1000;  // to names without a folder
  std::int64_t former_names = 10000;      // of folders that went
  std::size_t depth = 30;                 // levels of a folder's path
  std::size_t level_octets = 255;         // of one level
  std::size_t path_octets = 1000;
  model::Uid last_uid = UINT32_MAX - 1;
  std::uint32_t messages = 5000000;      // in one folder
  std::size_t keywords = 10000;          // different ones in the whole mailbox
  std::size_t message_keywords = 100;    // on one message
  std::size_t keyword_octets = 255;      // of one
  std::size_t outline_octets = 8 << 20;  // all columns of one message's outline
  std::uint64_t message_octets = 1ULL << 32;
  std::int64_t expunge_records = 10000;  // kept per folder, in ranges
  // Seconds a delivery id is remembered: senders try for four or five days (RFC 5321 §4.5.4.1).
  std::int64_t delivery_memory = 6 * 24 * 3600;
  std::uint32_t batch_rows = 1000;                    // of one fetch batch …
  std::size_t batch_octets = std::size_t{256} << 10;  // … which ends when it holds this much
};

}  // namespace fwd::mailbox

#endif
