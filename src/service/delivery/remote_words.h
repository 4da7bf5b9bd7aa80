#ifndef FWD_SERVICE_DELIVERY_REMOTE_WORDS_H
#define FWD_SERVICE_DELIVERY_REMOTE_WORDS_H

// What a remote means by its words, beyond its code.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/smtp/client_reply.h"

namespace fwd::delivery {

// As the bounce webhook names them.
enum class Category : std::uint8_t {
  kBlocklist,  // it refuses our host, whatever we send: wait, and tell the operator
  kCapacity,   // too much at once
  kGreylist,
  kMailboxFull,
  kNoRecipient,
  kSpam,
  kVirus,
  kPolicy,
  kSize,
  kAuthentication,  // SPF, DKIM, DMARC
  kNetwork,
  kOther,
};
std::string_view category_name(Category category);

// `from_remote`: a remote said it.
Category category_of(const smtp::RemoteReply& reply, bool from_remote);

// Whether a refusal of RCPT may speak of our host: x.1.x and x.2.x speak of an address
// or a mailbox (RFC 3463 §3.2, RFC 3463 §3.3).
bool may_mean_host(const smtp::RemoteReply& reply);

// "x.1.1" or the class's "x.0.0" for a reply without an enhanced code.
std::string status_of(const smtp::RemoteReply& reply);

}  // namespace fwd::delivery

#endif
