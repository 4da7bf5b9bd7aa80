// What a FETCH asks for.
#include "protocol/imap/fetch_program.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.h"
#include "format/quoted_string.h"

namespace fwd::imap {
namespace {

struct PlainItem {
  std::string_view name;
  FetchKind kind;
  std::uint32_t columns;
};
constexpr std::array<PlainItem, 12> kPlain = {
    {{"FLAGS", FetchKind::kFlags, model::kColFlags},
     {"UID", FetchKind::kUid, 0},
     {"INTERNALDATE", FetchKind::kInternalDate, model::kColInternalDate},
     {"RFC822.SIZE", FetchKind::kSize, model::kColSize},
     {"ENVELOPE", FetchKind::kEnvelope, model::kColEnvelope},
     {"BODY", FetchKind::kBody, model::kColBody},
     {"BODYSTRUCTURE", FetchKind::kBodyStructure, model::kColBodyStructure},
     {"MODSEQ", FetchKind::kModSeq, model::kColModSeq},
     {"SAVEDATE", FetchKind::kSaveDate, model::kColSaveDate},  // RFC 8514 §4.1
     {"EMAILID", FetchKind::kEmailId, model::kColIds},         // RFC 8474 §5.1
     {"THREADID", FetchKind::kThreadId, model::kColIds},       // RFC 8474 §5.2
     {"PREVIEW", FetchKind::kPreview, model::kColPreview}}};   // RFC 8970 §3.1

const PlainItem* find_plain(FetchKind kind) {
  const auto at = std::find_if(kPlain.begin(), kPlain.end(),
                               [&](const PlainItem& known) { return known.kind == kind; });
  return at == kPlain.end() ? nullptr : &*at;
}

// section-part = nz-number *("." nz-number); a "." that no number follows stays.
bool parse_part(Parser& in, std::string& part) {
  for (std::size_t depth = 1; is_digit(in.peek()); ++depth) {
    std::uint32_t number = 0;
    if (!in.nz_number(number)) return false;
    if (depth > in.limits().section_depth) return in.fail("A section is too deep");
    part += (part.empty() ? "" : ".") + std::to_string(number);
    if (!in.take('.')) return true;
  }
  return true;
}

// header-list = "(" header-fld-name *(SP header-fld-name) ")"
bool parse_fields(Parser& in, Section& out) {
  if (!in.space() || !in.expect('(')) return false;
  do {
    std::string field;
    if (out.fields.size() >= in.limits().section_fields) return in.fail("Too many header fields");
    if (!in.astring(field)) return false;
    // It is told back, and no answer may hold a line end but its own.
    const bool printable =
        std::all_of(field.begin(), field.end(), [](char c) { return c >= ' ' && c < 0x7F; });
    if (field.empty() || field.size() > 998 || !printable)
      return in.fail("That is no header field");
    out.fields.push_back(std::move(field));
  } while (in.take(' '));
  return in.expect(')');
}

// section-text = section-msgtext / "MIME"
bool parse_text(Parser& in, Section& out) {
  if (in.word("HEADER.FIELDS.NOT")) {
    out.text = SectionText::kHeaderFieldsNot;
    return parse_fields(in, out);
  }
  if (in.word("HEADER.FIELDS")) {
    out.text = SectionText::kHeaderFields;
    return parse_fields(in, out);
  }
  if (in.word("HEADER")) {
    out.text = SectionText::kHeader;
  } else if (in.word("TEXT")) {
    out.text = SectionText::kText;
  } else if (!out.part.empty() && in.word("MIME")) {
    out.text = SectionText::kMime;
  } else {
    return in.fail("Unknown section");
  }
  return true;
}

std::string section_label(const Section& section) {
  static constexpr std::array<std::string_view, 6> kTexts = {
      "", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME"};
  std::string out = section.part;
  const std::string_view text = kTexts[static_cast<std::size_t>(section.text)];
  if (!out.empty() && !text.empty()) out += '.';
  out += text;
  char before = '(';
  for (const std::string& field : section.fields) {
    if (before == '(') out += ' ';
    out += before;
    before = ' ';
    if (std::all_of(field.begin(), field.end(), is_astring_char)) {
      out += field;
      continue;
    }
    format::append_quoted(out, field);
  }
  if (before == ' ') out += ')';
  return out;
}

// Behind the "[" of section = "[" [section-spec] "]" ["<" number64 "." nz-number64 ">"]
bool parse_section(Parser& in, std::string_view name, FetchItem& item) {
  const bool binary = item.kind != FetchKind::kSection;
  if (!parse_part(in, item.section.part)) return false;
  if (!binary && in.peek() != ']' && !parse_text(in, item.section)) return false;
  if (!in.expect(']')) return false;
  item.label = std::string(name) + '[' + section_label(item.section) + ']';
  if (item.kind == FetchKind::kBinarySize || !in.take('<')) return true;
  Partial partial;
  if (!in.number64(partial.offset) || !in.expect('.') || !in.number64(partial.length) ||
      !in.expect('>'))
    return false;
  if (partial.length == 0) return in.fail("A length may not be zero");
  item.label += '<' + std::to_string(partial.offset) + '>';
  item.partial = partial;
  return true;
}

bool add_section(FetchProgram& out, std::string_view label, SectionText text, bool peek) {
  FetchItem item;
  item.kind = FetchKind::kSection;
  item.label = label;
  item.section.text = text;
  item.peek = peek;
  out.items.push_back(std::move(item));
  return true;
}

// Items with brackets, and the three of old that mean one of them.
bool parse_sectioned(Parser& in, FetchProgram& out, bool& eaten) {
  struct Name {
    std::string_view word, label;
    FetchKind kind;
    bool peek;
  };
  static constexpr std::array<Name, 5> kNames = {
      {{"BODY.PEEK[", "BODY", FetchKind::kSection, true},
       {"BODY[", "BODY", FetchKind::kSection, false},
       {"BINARY.PEEK[", "BINARY", FetchKind::kBinary, true},
       {"BINARY.SIZE[", "BINARY.SIZE", FetchKind::kBinarySize, true},
       {"BINARY[", "BINARY", FetchKind::kBinary, false}}};
  eaten = true;
  for (const Name& name : kNames) {
    if (!in.prefix(name.word)) continue;
    FetchItem& item = out.items.emplace_back();
    item.kind = name.kind;
    item.peek = name.peek;
    return parse_section(in, name.label, item);
  }
  if (in.word("RFC822.HEADER"))
    return add_section(out, "RFC822.HEADER", SectionText::kHeader, true);
  if (in.word("RFC822.TEXT")) return add_section(out, "RFC822.TEXT", SectionText::kText, false);
  if (in.word("RFC822")) return add_section(out, "RFC822", SectionText::kAll, false);
  eaten = false;
  return true;
}

bool parse_item(Parser& in, FetchProgram& out) {
  if (out.items.size() >= in.limits().fetch_items) return in.fail("Too many items");
  bool eaten = false;
  if (!parse_sectioned(in, out, eaten)) return false;
  if (eaten) return true;
  std::string name;
  if (!in.atom(name)) return false;
  const auto at = std::find_if(kPlain.begin(), kPlain.end(),
                               [&](const PlainItem& known) { return same_word(known.name, name); });
  if (at == kPlain.end()) return in.fail("Unknown item " + name);
  out.add(at->kind);
  // "PREVIEW (LAZY)": ours is always at hand.
  if (at->kind == FetchKind::kPreview && starts_with_word(in.rest(), " (LAZY)"))
    return in.space() && in.expect('(') && in.word("LAZY") && in.expect(')');
  return true;
}

void add_macro(FetchProgram& out, int size) {
  for (const FetchKind kind : {FetchKind::kFlags, FetchKind::kInternalDate, FetchKind::kSize})
    out.add(kind);
  if (size > 1) out.add(FetchKind::kEnvelope);
  if (size > 2) out.add(FetchKind::kBody);
}

bool parse_modifiers(Parser& in, FetchProgram& out) {
  if (!in.expect('(')) return false;
  do {
    if (in.word("CHANGEDSINCE")) {
      if (!in.space() || !in.number64(out.changed_since)) return false;
      if (out.changed_since == 0) return in.fail("A modseq may not be zero");
    } else if (in.word("VANISHED")) {
      out.vanished = true;
    } else {
      return in.fail("Unknown modifier");
    }
  } while (in.take(' '));
  return in.expect(')');
}

}  // namespace

bool FetchProgram::has(FetchKind kind) const {
  return std::any_of(items.begin(), items.end(),
                     [&](const FetchItem& item) { return item.kind == kind; });
}

void FetchProgram::add(FetchKind kind) {
  if (has(kind)) return;
  FetchItem item;
  item.kind = kind;
  if (const PlainItem* plain = find_plain(kind)) item.label = plain->name;
  items.push_back(std::move(item));
}

bool FetchProgram::sets_seen() const {
  return std::any_of(items.begin(), items.end(), [](const FetchItem& item) { return !item.peek; });
}

std::uint32_t FetchProgram::columns() const {
  std::uint32_t out = sets_seen() ? model::kColFlags : 0U;
  for (const FetchItem& item : items) {
    if (const PlainItem* plain = find_plain(item.kind)) {
      out |= plain->columns;
      continue;
    }
    out |= model::kColSize | model::kColContent;
    if (!item.section.part.empty() || item.section.text != SectionText::kAll)
      out |= model::kColParts;
  }
  return out;
}

bool parse_fetch(Parser& in, FetchProgram& out) {
  if (in.word("ALL")) {
    add_macro(out, 2);
  } else if (in.word("FULL")) {
    add_macro(out, 3);
  } else if (in.word("FAST")) {
    add_macro(out, 1);
  } else if (in.take('(')) {
    do {
      if (!parse_item(in, out)) return false;
    } while (in.take(' '));
    if (!in.expect(')')) return false;
  } else if (!parse_item(in, out)) {
    return false;
  }
  if (in.take(' ') && !parse_modifiers(in, out)) return false;
  return in.end();
}

}  // namespace fwd::imap
