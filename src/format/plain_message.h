#ifndef FWD_FORMAT_PLAIN_MESSAGE_H
#define FWD_FORMAT_PLAIN_MESSAGE_H

// Writes small messages of plain text, as the system sends them to people.

#include <cstdint>
#include <string>
#include <vector>

namespace fwd::format {

struct PlainField {
  std::string name;
  std::string value;  // as it is to stand there, without a line end
};

struct PlainMessage {
  std::string from, to;          // addresses, "user@example.com"
  std::string subject;           // UTF-8
  std::string message_id;        // in its angle brackets
  std::int64_t date = 0;         // seconds since 1970
  std::vector<PlainField> more;  // further fields
  std::string text;              // UTF-8, any line ends
};

// CRLF, 7-bit but for addresses that need UTF-8 (RFC 6532); text in base64 when
// it is not ASCII or has long lines (RFC 2045 §6).
std::string write_plain_message(const PlainMessage& message);

}  // namespace fwd::format

#endif
