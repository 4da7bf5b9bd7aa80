// One untagged FETCH.
#include "protocol/imap/fetch_answer.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/text.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

// Where a section lies; nothing when the message has no such part.
Outcome<std::optional<OctetRange>> locate(MessageContent& content, const Section& section) {
  using Found = std::optional<OctetRange>;
  if (section.part.empty() && section.text == SectionText::kAll)
    return Found(OctetRange{0, content.size()});
  const auto parts = content.parts();
  if (!parts.ok()) return parts.failure();
  const format::Part* part = format::find_part(*parts.value(), section.part);
  if (part == nullptr) return Found();
  const bool whole = section.part.empty();
  const bool enclosed = part->enclosed_body_begin != 0;
  switch (section.text) {
    case SectionText::kAll:
      return Found(OctetRange{part->body_begin, part->body_end});
    case SectionText::kMime:
      return Found(OctetRange{part->header_begin, part->body_begin});
    case SectionText::kText:
      if (whole) return Found(OctetRange{part->body_begin, content.size()});
      if (!enclosed) return Found();
      return Found(OctetRange{part->enclosed_body_begin, part->body_end});
    case SectionText::kHeader:
    case SectionText::kHeaderFields:
    case SectionText::kHeaderFieldsNot:
      if (whole) return Found(OctetRange{part->header_begin, part->body_begin});
      if (!enclosed) return Found();
      return Found(OctetRange{part->body_begin, part->enclosed_body_begin});
  }
  return Found();
}

// RFC 9051 §6.4.5: a partial beyond the end is an empty string.
OctetRange cut(OctetRange range, const std::optional<Partial>& partial) {
  if (!partial) return range;
  const std::uint64_t size = range.end - range.begin;
  const std::uint64_t offset = std::min(partial->offset, size);
  return {range.begin + offset, range.begin + offset + std::min(partial->length, size - offset)};
}

std::string_view cut(std::string_view text, const std::optional<Partial>& partial) {
  const OctetRange range = cut(OctetRange{0, text.size()}, partial);
  return text.substr(static_cast<std::size_t>(range.begin),
                     static_cast<std::size_t>(range.end - range.begin));
}

Task<Outcome<void>> write_section(Session& session, MessageContent& content,
                                  const FetchItem& item) {
  Writer& out = session.out();
  const auto located = locate(content, item.section);
  if (!located.ok()) co_return located.failure();
  if (!located.value()) {
    out.nstring(nullptr);
    co_return Outcome<void>{};
  }
  OctetRange range = *located.value();
  const bool filtered = item.section.text == SectionText::kHeaderFields ||
                        item.section.text == SectionText::kHeaderFieldsNot;
  if (!filtered) {
    auto sending = content.send(cut(range, item.partial), out);
    co_return co_await sending;
  }
  range.end = std::min<std::uint64_t>(range.end, range.begin + session.limits().header_octets);
  auto reading = content.read(range);
  const auto header = co_await reading;
  if (!header.ok()) co_return header.failure();
  const std::string fields = filter_header(header.value(), item.section.fields,
                                           item.section.text == SectionText::kHeaderFields);
  out.literal(cut(fields, item.partial));
  co_return Outcome<void>{};
}

// The content of a part without its transfer encoding (RFC 3516 §4.2).
Task<Outcome<std::optional<std::string>>> decoded(Session& session, MessageContent& content,
                                                  const Section& section) {
  using Found = std::optional<std::string>;
  OctetRange range{0, content.size()};
  std::string encoding = "binary";
  if (!section.part.empty()) {
    const auto parts = content.parts();
    if (!parts.ok()) co_return parts.failure();
    const format::Part* part = format::find_part(*parts.value(), section.part);
    if (part == nullptr) co_return Found();
    range = {part->body_begin, part->body_end};
    if (!part->type.starts_with("multipart/")) encoding = part->encoding;
  }
  MemoryShare memory(session.memory());
  const std::uint64_t size = range.end - range.begin;
  if (size > session.limits().append || (size > model::kInlineContent && !memory.take(2 * size)))
    co_return Failure{Fault::kOverLimit, "The part is too large to decode now", ""};
  auto reading = content.read(range);
  auto octets = co_await reading;
  if (!octets.ok()) co_return octets.failure();
  auto plain = format::decode_content(octets.value(), encoding);
  if (!plain.ok()) {
    if (plain.failure().fault != Fault::kBadInput) co_return plain.failure();
    co_return Failure{Fault::kCannot, "The encoding of a part is unknown", ""};
  }
  co_return Found(std::move(plain).value());
}

Task<Outcome<void>> write_binary(Session& session, MessageContent& content, const FetchItem& item) {
  Writer& out = session.out();
  auto decoding = decoded(session, content, item.section);
  const auto found = co_await decoding;
  if (!found.ok()) co_return found.failure();
  const std::optional<std::string>& octets = found.value();
  if (item.kind == FetchKind::kBinarySize) {
    out.number(octets ? octets->size() : 0);
  } else if (!octets) {
    out.nstring(nullptr);
  } else {
    const std::string_view shown = cut(*octets, item.partial);
    out.literal_begin(shown.size(), shown.find('\0') != std::string_view::npos);
    out.raw(shown);
  }
  co_return Outcome<void>{};
}

void write_id(Writer& out, const std::string& id) { out.raw(id.empty() ? "NIL" : '(' + id + ')'); }

// Items that are columns.
void write_column(Session& session, FetchKind kind, const model::MessageRow& row) {
  Writer& out = session.out();
  switch (kind) {
    case FetchKind::kFlags:
      return out.flags(row.flags, !session.enabled().rev2 && session.selected().is_recent(row.uid));
    case FetchKind::kUid:
      return out.number(row.uid);
    case FetchKind::kInternalDate:
      return out.date_time(row.internal_date);
    case FetchKind::kSize:
      return out.number(row.size);
    case FetchKind::kEnvelope:
      return out.raw(row.outline.envelope);
    case FetchKind::kBody:
      return out.raw(row.outline.body);
    case FetchKind::kBodyStructure:
      return out.raw(row.outline.body_structure);
    case FetchKind::kModSeq:
      return out.raw('(' + std::to_string(session.tellable(row.modseq)) + ')');
    case FetchKind::kSaveDate:
      if (row.save_date == 0) return out.nstring(nullptr);
      return out.date_time(row.save_date);
    case FetchKind::kEmailId:
      return write_id(out, row.email_id);
    case FetchKind::kThreadId:
      return write_id(out, row.thread_id);
    case FetchKind::kPreview:
      return out.string(row.outline.preview);
    default:
      return;
  }
}

}  // namespace

std::string filter_header(std::string_view header, const std::vector<std::string>& names,
                          bool keep_named) {
  std::string out;
  std::set<std::string> wanted;
  for (const std::string& name : names) wanted.insert(to_lower(name));
  bool keep = false;
  while (!header.empty()) {
    const std::size_t lf = header.find('\n');
    const std::string_view line = header.substr(0, lf == std::string_view::npos ? lf : lf + 1);
    header.remove_prefix(line.size());
    if (line == "\r\n" || line == "\n") break;
    if (line.front() != ' ' && line.front() != '\t') {
      const std::string_view name = trim(line.substr(0, line.find_first_of(":\r\n")));
      keep = wanted.contains(to_lower(name)) == keep_named;
    }
    if (keep) out += line;
  }
  return out + "\r\n";
}

Task<Outcome<void>> write_fetch(Session& session, const FetchProgram& program,
                                const model::MessageRow& row, std::uint32_t number) {
  Writer& out = session.out();
  MessageContent content(session.mailbox(), session.selected().id(), row);
  out.raw("* " + std::to_string(number) + " FETCH (");
  bool first = true;
  for (const FetchItem& item : program.items) {
    if (!std::exchange(first, false)) out.raw(" ");
    co_await session.give_turn();
    out.raw(item.label);
    out.raw(" ");
    if (item.kind == FetchKind::kSection) {
      auto writing = write_section(session, content, item);
      const auto done = co_await writing;
      if (!done.ok()) co_return done.failure();
    } else if (item.kind == FetchKind::kBinary || item.kind == FetchKind::kBinarySize) {
      auto writing = write_binary(session, content, item);
      const auto done = co_await writing;
      if (!done.ok()) co_return done.failure();
    } else {
      write_column(session, item.kind, row);
    }
  }
  out.raw(")");
  out.end();
  co_return Outcome<void>{};
}

}  // namespace fwd::imap
