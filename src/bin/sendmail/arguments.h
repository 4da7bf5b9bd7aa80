#ifndef FWD_BIN_SENDMAIL_ARGUMENTS_H
#define FWD_BIN_SENDMAIL_ARGUMENTS_H

// The command line that programs have given sendmail for forty years.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/outbound.h"

namespace fwd::sendmail {

enum class Mode : std::uint8_t {
  kSend,          // -bm, or nothing said: a message on standard input
  kConversation,  // -bs: SMTP on standard input and output
  kShowQueue,     // -bp, or called mailq
  kVerify,        // -bv: not offered
  kNothing,       // -bi, newaliases, -q: there is nothing to be done
};

struct Arguments {
  Mode mode = Mode::kSend;
  std::optional<std::string> from;             // -f, -r: "" or "<>" for the null sender
  std::string full_name;                       // -F
  bool take_recipients = false;                // -t
  bool dots_are_text = false;                  // -i, -oi: a dot alone does not end the message
  std::uint8_t notify = model::kNotifyUnsaid;  // -N
  model::ReturnContent returns = model::ReturnContent::kUnsaid;  // -R
  std::string envelope_id;                                       // -V
  std::vector<std::string> warnings;                             // a line each
  std::vector<std::string> recipients;                           // as given, each may be a list
};

// `words`: the name it was called by, and all the rest.  An unknown option is
// passed over with the rest of its word, and warned of: it must not cost the
// message.  kBadInput: unknown values, modes we do not have; the public text
// says which.
Outcome<Arguments> read_arguments(const std::vector<std::string>& words);

}  // namespace fwd::sendmail

#endif
