#ifndef FWD_PROTOCOL_IMAP_APPEND_ARGUMENTS_H
#define FWD_PROTOCOL_IMAP_APPEND_ARGUMENTS_H

// The arguments of APPEND, and what is known of them before a message comes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/flags.h"
#include "protocol/imap/command_reader.h"
#include "protocol/imap/parser.h"

namespace fwd::imap {

class Session;

struct Arriving {
  model::Flags flags;
  std::optional<std::int64_t> date;
  std::string_view octets;  // of the command's text
};

// append = "APPEND" SP mailbox 1*append-message (RFC 3502 §6.3.11)
bool parse_append(Parser& in, std::string& path, std::vector<Arriving>& out);

// Looks at an APPEND before its first message is asked for: who names a folder
// that is missing, or a mailbox that is full, hears so at once.  A short
// message that comes unasked is let in, since its answer is as near.
class AppendGate final : public LiteralGate {
 public:
  explicit AppendGate(Session& session) : session_(session) {}
  Task<std::optional<Reply>> refuses(std::string_view text, const LiteralMark& mark) override;

 private:
  Session& session_;
};

}  // namespace fwd::imap

#endif
