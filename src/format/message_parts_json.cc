// Chooses, decodes and shows parts.
#include "format/message_parts_json.h"

#include <algorithm>

#include "format/encoded_words.h"
#include "format/html_text.h"
#include "format/outline.h"
#include "format/part_text.h"

namespace fwd::format {
namespace {

StructuredField disposition_of(const PartNode& node) {
  const HeaderField* field = node.header.find("content-disposition");
  return field == nullptr ? StructuredField{} : parse_structured_field(field->value);
}

class Chooser {
 public:
  explicit Chooser(const std::vector<PartNode>& nodes) : nodes_(nodes) {}

  void choose(std::size_t at, const std::string& section, bool is_related) {
    const PartNode& node = nodes_[at];
    if (node.kind == PartKind::kMultipart) {
      const bool related = node.type == "multipart/related";
      for (std::size_t i = 0; i < node.children.size(); ++i)
        choose(node.children[i], (section.empty() ? "" : section + ".") + std::to_string(i + 1),
               related);
      return;
    }
    const bool is_attached = disposition_of(node).word == "attachment";
    if (node.kind == PartKind::kLeaf && !is_attached && node.type == "text/plain")
      shown.plain.push_back(at);
    else if (node.kind == PartKind::kLeaf && !is_attached && node.type == "text/html")
      shown.html.push_back(at);
    else
      shown.attached.push_back({at, section.empty() ? "1" : section, is_related});
  }

  ShownParts shown;

 private:
  const std::vector<PartNode>& nodes_;
};

std::string_view content_of(std::string_view message, const PartNode& node) {
  return message.substr(node.body_begin, node.body_end - node.body_begin);
}

std::string join_texts(std::string_view message, const std::vector<PartNode>& nodes,
                       const std::vector<std::size_t>& chosen, std::string_view between,
                       std::size_t most, bool& is_cut) {
  std::string out;
  for (const std::size_t at : chosen) {
    if (out.size() >= most) break;
    if (!out.empty()) out += between;
    // A character more than fits tells that there is more.
    out += decode_part_text(message, nodes[at], most - std::min(out.size(), most) + 4);
  }
  is_cut = out.size() > most;
  cut_utf8(out, most);
  return out;
}

std::string file_name(const PartNode& node, const StructuredField& disposition) {
  auto name = disposition.parameter("filename");
  if (!name) name = node.content_type.parameter("name");
  return name ? decode_header_text(*name) : std::string();
}

void write_headers(JsonText& out, const PartNode& node) {
  out.name("headers").open('{');
  std::vector<std::string_view> written;
  for (const HeaderField& field : node.header.fields()) {
    if (std::find(written.begin(), written.end(), field.name) != written.end()) continue;
    if (node.depth == 0 && !field.name.starts_with("content-")) continue;
    written.push_back(field.name);
    out.name(field.name).text(decode_header_text(field.value));
  }
  out.close('}');
}

}  // namespace

ShownParts choose_parts(const std::vector<PartNode>& nodes) {
  Chooser chooser(nodes);
  chooser.choose(0, "", false);
  return std::move(chooser.shown);
}

std::string read_html(std::string_view message, const std::vector<PartNode>& nodes,
                      const ShownParts& parts, std::size_t most, bool& is_cut) {
  return join_texts(message, nodes, parts.html, "<br/>\n", most, is_cut);
}

std::string read_text(std::string_view message, const std::vector<PartNode>& nodes,
                      const ShownParts& parts, const std::string& html, std::size_t most,
                      bool& is_cut) {
  if (parts.plain.empty() && !html.empty()) return html_to_text(html);
  std::string text = join_texts(message, nodes, parts.plain, "\n", most, is_cut);
  std::erase(text, '\r');
  return text;
}

bool write_attachments(JsonText& out, std::string_view message, const std::vector<PartNode>& nodes,
                       const ShownParts& parts, const MessageJsonOptions& options) {
  bool all = true;
  for (const ShownParts::Attached& one : parts.attached) {
    const PartNode& node = nodes[one.node];
    const StructuredField disposition = disposition_of(node);
    const std::string_view encoded = content_of(message, node);
    auto decoded = decode_content(encoded, node.encoding);
    const std::string content = decoded.ok() ? std::move(decoded).value() : std::string(encoded);
    const bool fits = out.size() + 4 * content.size() <= options.most;
    all = all && fits;
    out.open('{').name("type").text("attachment");
    out.name("content").open('{').name("type").text("Buffer").name("data");
    out.octets(fits ? content : "").close('}');
    out.name("contentType").text(node.type).name("partId").text(one.section);
    out.name("release").plain("null").name("contentDisposition");
    out.text(disposition.word.empty() ? "attachment" : disposition.word);
    if (const std::string name = file_name(node, disposition); !name.empty())
      out.name("filename").text(name);
    if (const std::string id = node.header.text("content-id"); !id.empty()) {
      std::string_view inside = id;
      if (inside.starts_with('<')) inside.remove_prefix(1);
      if (inside.ends_with('>')) inside.remove_suffix(1);
      out.name("contentId").text(id).name("cid").text(inside);
    }
    out.name("related").plain(one.is_related ? "true" : "false");
    write_headers(out, node);
    if (options.checksum != nullptr) out.name("checksum").text(options.checksum(content));
    out.name("size").number(static_cast<std::int64_t>(content.size()));
    if (!fits) out.name("omitted").plain("true");
    out.close('}');
  }
  return all;
}

}  // namespace fwd::format
