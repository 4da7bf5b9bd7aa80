// Numbers the parts, and writes the table of them as a column.
#include "format/part_table.h"

#include "core/text.h"
#include "format/record_codec.h"

namespace fwd::format {
namespace {

constexpr std::uint64_t kTableVersion = 1;

Part make_part(const std::vector<PartNode>& nodes, const PartNode& node, std::string section) {
  Part part;
  part.section = std::move(section);
  part.type = node.type;
  if (node.is_text()) part.charset = to_lower(node.content_type.parameter("charset").value_or(""));
  part.encoding = node.encoding;
  part.header_begin = node.header_begin;
  part.body_begin = node.body_begin;
  part.body_end = node.body_end;
  if (node.kind == PartKind::kMessage)
    part.enclosed_body_begin = nodes[node.children.front()].body_begin;
  part.lines = node.lines;
  return part;
}

std::string below(const std::string& section, std::size_t number) {
  return (section.empty() ? "" : section + ".") + std::to_string(number);
}

// `section` is the node's own; of an enclosed multipart, its message's.
// The recursion is as deep as the walker lets the tree be.
void add_parts(const std::vector<PartNode>& nodes, std::size_t index, const std::string& section,
               bool numbered, std::vector<Part>& table) {
  const PartNode& node = nodes[index];
  if (numbered) table.push_back(make_part(nodes, node, section));
  if (node.kind == PartKind::kMessage) {
    const std::size_t child = node.children.front();
    const bool multipart = nodes[child].kind == PartKind::kMultipart;
    add_parts(nodes, child, multipart ? section : below(section, 1), !multipart, table);
    return;
  }
  std::size_t number = 0;
  for (const std::size_t child : node.children)
    add_parts(nodes, child, below(section, ++number), true, table);
}

}  // namespace

std::vector<Part> make_part_table(const std::vector<PartNode>& nodes) {
  std::vector<Part> table;
  table.reserve(nodes.size());
  add_parts(nodes, 0, nodes[0].kind == PartKind::kMultipart ? "" : "1", true, table);
  return table;
}

std::string encode_parts(const std::vector<Part>& parts) {
  RecordWriter out;
  out.number(kTableVersion);
  out.number(parts.size());
  for (const Part& part : parts) {
    for (const std::string* text : {&part.section, &part.type, &part.charset, &part.encoding})
      out.text(*text);
    for (const std::uint64_t number :
         {part.header_begin, part.body_begin, part.body_end, part.enclosed_body_begin, part.lines})
      out.number(number);
  }
  return out.take();
}

Outcome<std::vector<Part>> decode_parts(std::string_view encoded) {
  const Failure corrupt{Fault::kCorrupt, "stored message is damaged", "part table"};
  RecordReader in(encoded);
  if (in.number() != kTableVersion) return corrupt;
  const std::uint64_t count = in.number();
  if (count > in.left()) return corrupt;
  std::vector<Part> parts;
  for (std::uint64_t i = 0; i < count; ++i) {
    Part part;
    for (std::string* text : {&part.section, &part.type, &part.charset, &part.encoding})
      *text = in.text();
    for (std::uint64_t* number : {&part.header_begin, &part.body_begin, &part.body_end,
                                  &part.enclosed_body_begin, &part.lines})
      *number = in.number();
    const bool enclosed = part.enclosed_body_begin != 0;
    if (in.bad() || part.header_begin > part.body_begin || part.body_begin > part.body_end ||
        (enclosed &&
         (part.enclosed_body_begin < part.body_begin || part.enclosed_body_begin > part.body_end)))
      return corrupt;
    parts.push_back(std::move(part));
  }
  if (!in.complete()) return corrupt;
  return parts;
}

const Part* find_part(const std::vector<Part>& parts, std::string_view section) {
  for (const Part& part : parts)
    if (part.section == section) return &part;
  // The root of a single-part message is asked for as "" or "1".
  if (section.empty() && !parts.empty()) return &parts.front();
  return nullptr;
}

}  // namespace fwd::format
