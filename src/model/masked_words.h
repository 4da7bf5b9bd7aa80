#ifndef FWD_MODEL_MASKED_WORDS_H
#define FWD_MODEL_MASKED_WORDS_H

// What who sent a forwarded message may read of its end: he knows the address he
// wrote to and never learns where it leads.

#include <string>

#include "model/outbound.h"

namespace fwd::model {

// The remote's words with `shown` in place of the destination, when nothing else
// in them tells where they come from; else words of ours, by the status.
struct MaskedWords {
  std::string text;
  bool from_remote = false;
};
MaskedWords masked_words(const OutboundRecipient& recipient, const AttemptResult& result,
                         const std::string& shown);

}  // namespace fwd::model

#endif
