#ifndef FWD_RPC_LIMITS_H
#define FWD_RPC_LIMITS_H

// The bounds of the door's language.  Both ends keep them: the client waits
// rather than pass one, the server closes the connection of a caller that does.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fwd::rpc {

inline constexpr std::uint32_t kVersion = 1;
// Octets of a frame after its length: kind, call, payload.
inline constexpr std::size_t kMostFrame = 1024 * 1024;
inline constexpr std::size_t kMostRawFrame = 64 * 1024;
// A parcel up to this size travels whole in its first frame.
inline constexpr std::size_t kInlineParcel = 64 * 1024;
inline constexpr std::size_t kMostPieces = 64 * 1024;
// Frames with a password or a proof are no longer than this.
inline constexpr std::size_t kMostSecretFrame = 16 * 1024;
// Octets of the protobuf message in a request: parsed, it takes much more.
inline constexpr std::size_t kMostRequestHead = 4 * 1024 * 1024;
// Mailboxes that one delivery is for.
inline constexpr std::size_t kMostTargets = 1000;
inline constexpr std::size_t kMostReturned = 100;
// TXT records that come with a question about a recipient.
inline constexpr std::size_t kMostRecords = 1000;
// What a call costs beside its request, about.
inline constexpr std::uint64_t kCallOctets = 4096;
// A batch is closed when it holds this much.
inline constexpr std::size_t kBatchOctets = 256 * 1024;
// Batches a reader may have asked for and not yet taken.
inline constexpr std::uint32_t kMostCredit = 8;

// Queue: claims of one answer, how long it may wait for them, how long they are
// held; octets of content and messages of one answer.
inline constexpr std::uint32_t kMostClaims = 100;
inline constexpr std::chrono::milliseconds kMostClaimWait = std::chrono::minutes(5);
inline constexpr std::chrono::seconds kMostLease = std::chrono::hours(24);
inline constexpr std::uint64_t kMostSlice = 1024 * 1024;
inline constexpr std::uint32_t kMostListed = 100;

// Forwarding: destinations of one message, and how long an answer may wait for them.
inline constexpr std::size_t kMostDestinations = 1000;
inline constexpr std::chrono::milliseconds kMostForwardWait = std::chrono::minutes(10);
// Ids, and addresses, that are asked about in a message that came back.
inline constexpr std::size_t kMostCameBack = 100;

struct Limits {
  // Calls of one connection not yet answered; a client's further ones wait.
  std::size_t calls = 256;
  // Mailboxes, senders and SCRAM exchanges of one connection.
  std::size_t objects = 16;
  // Octets of uploads held for all connections of one role; uploads beyond
  // wait for their turn.  A single one beyond is refused with kOverLimit.
  std::uint64_t upload_octets = 128 * 1024 * 1024;
  // Octets of unfinished frames and unanswered calls of all connections of one
  // role: a call beyond is refused with kUnavailable, a connection far beyond is
  // hung up on.
  std::uint64_t load_octets = 128 * 1024 * 1024;
  // Octets of one answer.
  std::uint64_t answer_octets = 128 * 1024 * 1024;
  // Batches asked for in advance.
  std::uint32_t prefetch = 2;
  // Folders whose notices may wait at the client.
  std::size_t notices = 100000;
};

}  // namespace fwd::rpc

#endif
