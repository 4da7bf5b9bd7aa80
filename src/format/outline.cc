// Packs a message: its outline and its chunks.
#include "format/outline.h"

#include <gmime/gmime.h>

#include "format/base_subject.h"
#include "format/body_structure.h"
#include "format/encoded_words.h"
#include "format/envelope.h"
#include "format/gmime_once.h"
#include "format/message_ids.h"
#include "format/part_table.h"
#include "format/part_walker.h"
#include "format/preview.h"
#include "format/search_text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostDate = 200;  // octets of a Date field that are read

void read_sent_date(const HeaderBlock& header, OutlineColumns& outline) {
  const std::string text = header.text("date");
  if (text.empty() || text.size() > kMostDate) return;
  start_gmime();
  GDateTime* date = g_mime_utils_header_decode_date(text.c_str());
  if (date == nullptr) return;
  outline.sent_date = g_date_time_to_unix(date);
  const gint64 zone = g_date_time_get_utc_offset(date) / G_TIME_SPAN_MINUTE;
  if (zone > -24 * 60 && zone < 24 * 60) outline.sent_zone = static_cast<std::int32_t>(zone);
  g_date_time_unref(date);
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
