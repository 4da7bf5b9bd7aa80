#ifndef FWD_FORMAT_MESSAGE_JSON_H
#define FWD_FORMAT_MESSAGE_JSON_H

// A message as a JSON object, in the shape that webhooks of mail services know
// (that of Node's mailparser): headers, subject, addresses, texts, attachments.

#include <cstddef>
#include <string>
#include <string_view>

namespace fwd::format {

struct MessageJsonOptions {
  bool with_attachments = true;  // else the list is empty
  bool with_raw = true;
  // Octets of JSON, about: what does not fit is left out and named in "omitted"
  // ("text", "html", "raw", "attachments").  `raw` goes before attachments, as
  // they are in it.
  std::size_t most = 64 * 1024 * 1024;
  // Hex digest for an attachment's "checksum"; null: none is given.
  std::string (*checksum)(std::string_view octets) = nullptr;
};

// {headers, headerLines, subject, from, to, cc, bcc, replyTo, date, messageId,
//  inReplyTo, references, text, textAsHtml, html, attachments, raw, …}: absent
// fields have no member, but `html` is false then.  `extra`: an object whose
// members are added; "" for none.  Any octets make an object.
std::string message_json(std::string_view message, std::string_view extra,
                         const MessageJsonOptions& options);

}  // namespace fwd::format

#endif
