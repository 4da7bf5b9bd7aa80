// Gathers the texts that SEARCH looks in.
#include "format/search_text.h"

#include <algorithm>

#include "format/encoded_words.h"
#include "format/part_text.h"
#include "format/text_folding.h"

namespace fwd::format {

std::string make_search_head(const HeaderBlock& header) {
  std::string out;
  for (const HeaderField& field : header.fields()) {
    out += field.name;
    out += ": ";
    out += fold_at_most(decode_header_text(field.value),
                        kMostSearchText - std::min(out.size(), kMostSearchText));
    out += '\n';
  }
  cut_utf8(out, kMostSearchText);
  return out;
}

std::string make_search_body(std::string_view message, const std::vector<PartNode>& nodes,
                             std::size_t most) {
  most = std::min(most, kMostSearchText);
  std::string out;
  for (const PartNode& node : nodes) {
    if (out.size() >= most) break;
    std::string text;
    if (node.kind == PartKind::kMessage)
      text = make_search_head(nodes[node.children.front()].header);
    else if (node.kind == PartKind::kLeaf && node.is_text())
      text = fold_at_most(read_part_text(message, node, most - out.size()), most - out.size());
    std::erase(text, '\r');
    if (text.empty()) continue;
    out += text;
    if (out.back() != '\n') out += '\n';
  }
  cut_utf8(out, most);
  return out;
}

}  // namespace fwd::format
