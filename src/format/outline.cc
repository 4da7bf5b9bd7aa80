// Packs a message: its outline and its chunks.
#include "format/outline.h"

#include "format/base_subject.h"
#include "format/body_structure.h"
#include "format/encoded_words.h"
#include "format/envelope.h"
#include "format/mail_date.h"
#include "format/message_ids.h"
#include "format/part_table.h"
#include "format/part_walker.h"
#include "format/preview.h"
#include "format/search_text.h"

namespace fwd::format {
namespace {

void read_sent_date(const HeaderBlock& header, OutlineColumns& outline) {
  const auto date = read_mail_date(header.text("date"));
  if (!date) return;
  outline.sent_date = date->seconds;
  outline.sent_zone = date->zone;
}

}  // namespace

PackedMessage pack_message(std::string_view message, const OutlineLimits& limits) {
  const std::vector<PartNode> nodes = walk_parts(message, limits);
  const HeaderBlock& header = nodes[0].header;
  PackedMessage packed;
  packed.size = message.size();
  OutlineColumns& outline = packed.outline;
  outline.envelope = make_envelope(header);
  outline.body = make_body_structure(nodes, false);
  outline.body_structure = make_body_structure(nodes, true);
  outline.parts = encode_parts(make_part_table(nodes));
  outline.preview = make_preview(message, nodes);
  outline.search_head = pack_text(make_search_head(header));
  outline.search_body = pack_text(make_search_body(message, nodes, limits.search_octets));
  read_sent_date(header, outline);
  packed.chunks = pack_chunks(message);
  packed.message_ids = collect_message_ids(header);
  if (const HeaderField* subject = header.find("subject"))
    packed.base_subject = make_base_subject(decode_header_text(subject->value));
  return packed;
}

}  // namespace fwd::format
