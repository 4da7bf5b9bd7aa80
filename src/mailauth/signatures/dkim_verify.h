#ifndef FWD_MAILAUTH_SIGNATURES_DKIM_VERIFY_H
#define FWD_MAILAUTH_SIGNATURES_DKIM_VERIFY_H

// From signatures and their keys to results: all of RFC 6376 §6.1 but for
// asking the DNS.

#include <cstdint>
#include <memory>
#include <vector>

#include "mailauth/signatures/dkim_key.h"
#include "mailauth/signatures/dkim_result.h"
#include "mailauth/signatures/dkim_signature.h"
#include "mailauth/signatures/message_verifier.h"

namespace fwd::mailauth {

// One DKIM-Signature on its way to a result.
struct DkimCase {
  Signature signature;
  DkimKey key;
  DkimResult result;  // kNone as long as nothing is decided
  bool is_open() const { return result.verdict == DkimVerdict::kNone; }
};

// The signatures of a message, those that cannot be verified decided.
std::vector<DkimCase> open_cases(const MessageView& message, std::int64_t unix_time,
                                 const AuthLimits& limits);

// With its key at hand.
void judge_key(DkimCase& one);

// Decides all that are open.  Blocks.
void verify_cases(const MessageView& message, std::vector<DkimCase>& cases);

bool has_expired(const Signature& signature, std::int64_t unix_time);

// By our own hand: whether `signature` fits the fields it names.
bool fits_header(const MessageView& message, const Signature& signature, const DkimKey& key);

// The body hashes for `signatures`, "" where l= is more than there is.
std::vector<std::string> hash_bodies(const MessageView& message,
                                     const std::vector<const Signature*>& signatures);

}  // namespace fwd::mailauth

#endif
