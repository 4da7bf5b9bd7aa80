#ifndef FWD_FORMAT_MESSAGE_PARTS_JSON_H
#define FWD_FORMAT_MESSAGE_PARTS_JSON_H

// The parts of a message as message_json() shows them: what is text to read and
// what is attached.  For format/ only.

#include <string>
#include <string_view>
#include <vector>

#include "format/json_text.h"
#include "format/message_json.h"
#include "format/part_walker.h"

namespace fwd::format {

// Indices of nodes.  What an enclosed message holds is part of it.
struct ShownParts {
  struct Attached {
    std::size_t node = 0;
    std::string section;      // RFC 9051 §6.4.5.1
    bool is_related = false;  // a part of multipart/related
  };
  std::vector<std::size_t> plain, html;
  std::vector<Attached> attached;
};
ShownParts choose_parts(const std::vector<PartNode>& nodes);

// UTF-8, of all its parts in order; at most `most` octets, then `is_cut` is set.
std::string read_html(std::string_view message, const std::vector<PartNode>& nodes,
                      const ShownParts& parts, std::size_t most, bool& is_cut);
// Of the plain parts, or what a reader sees of `html` when there is none.
std::string read_text(std::string_view message, const std::vector<PartNode>& nodes,
                      const ShownParts& parts, const std::string& html, std::size_t most,
                      bool& is_cut);

// The elements of "attachments".  False when the content of one was left out.
bool write_attachments(JsonText& out, std::string_view message, const std::vector<PartNode>& nodes,
                       const ShownParts& parts, const MessageJsonOptions& options);

}  // namespace fwd::format

#endif
