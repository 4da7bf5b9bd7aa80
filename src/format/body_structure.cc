// Writes BODY and BODYSTRUCTURE.
#include "format/body_structure.h"

#include "core/text.h"
#include "format/envelope.h"
#include "format/wire_string.h"

namespace fwd::format {
namespace {

class StructureWriter {
 public:
  StructureWriter(const std::vector<PartNode>& nodes, bool extended)
      : nodes_(nodes), extended_(extended) {}

  std::string write() {
    part(nodes_[0]);
    return std::move(out_);
  }

 private:
  // As deep as the walker lets the tree be.
  void part(const PartNode& node) {
    out_ += '(';
    if (node.kind == PartKind::kMultipart)
      multipart(node);
    else
      single(node);
    out_ += ')';
  }

  // body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
  void multipart(const PartNode& node) {
    for (const std::size_t child : node.children) part(nodes_[child]);
    out_ += ' ';
    append_string(out_, node.subtype());
    if (!extended_) return;
    out_ += ' ';
    parameters(node.content_type.parameters);
    disposition_language_location(node);
  }

  // body-fields = body-fld-param SP body-fld-id SP body-fld-desc SP
  //               body-fld-enc SP body-fld-octets
  void single(const PartNode& node) {
    append_string(out_, node.media_type());
    out_ += ' ';
    append_string(out_, node.subtype());
    out_ += ' ';
    type_parameters(node);
    field(node, "content-id");
    field(node, "content-description");
    out_ += ' ';
    append_string(out_, node.encoding);
    number(node.body_end - node.body_begin);
    if (node.kind == PartKind::kMessage) {
      const PartNode& enclosed = nodes_[node.children.front()];
      out_ += ' ' + make_envelope(enclosed.header) + ' ';
      part(enclosed);
    }
    if (node.kind == PartKind::kMessage || node.is_text()) number(node.lines);
    if (!extended_) return;
    field(node, "content-md5");
    disposition_language_location(node);
  }

  void type_parameters(const PartNode& node) {
    std::vector<FieldParameter> list = node.content_type.parameters;
    if (node.is_text() && !node.content_type.parameter("charset"))
      list.push_back({"charset", "us-ascii"});
    parameters(list);
  }

  void parameters(const std::vector<FieldParameter>& list) {
    if (list.empty()) {
      out_ += "NIL";
      return;
    }
    char before = '(';
    for (const FieldParameter& parameter : list) {
      out_ += before;
      append_string(out_, parameter.name);
      out_ += ' ';
      append_string(out_, parameter.value);
      before = ' ';
    }
    out_ += ')';
  }

  void disposition_language_location(const PartNode& node) {
    out_ += ' ';
    const HeaderField* disposition = node.header.find("content-disposition");
    const StructuredField parsed =
        disposition == nullptr ? StructuredField{} : parse_structured_field(disposition->value);
    if (parsed.word.empty()) {
      out_ += "NIL";
    } else {
      out_ += '(';
      append_string(out_, parsed.word);
      out_ += ' ';
      parameters(parsed.parameters);
      out_ += ')';
    }
    language(node);
    field(node, "content-location");
  }

  // body-fld-lang = nstring / "(" string *(SP string) ")"
  void language(const PartNode& node) {
    const std::string text = node.header.text("content-language");
    std::string list;
    std::size_t count = 0;
    for (const std::string_view word : split(text, ',')) {
      if (trim(word).empty()) continue;
      if (count++ > 0) list += ' ';
      append_string(list, trim(word));
    }
    out_ += ' ' + (count == 0 ? "NIL" : count == 1 ? list : '(' + list + ')');
  }

  void field(const PartNode& node, std::string_view name) {
    out_ += ' ';
    if (node.header.find(name) == nullptr)
      out_ += "NIL";
    else
      append_string(out_, node.header.text(name));
  }

  void number(std::uint64_t value) { out_ += ' ' + std::to_string(value); }

  const std::vector<PartNode>& nodes_;
  bool extended_;
  std::string out_;
};

}  // namespace

std::string make_body_structure(const std::vector<PartNode>& nodes, bool extended) {
  return StructureWriter(nodes, extended).write();
}

}  // namespace fwd::format
