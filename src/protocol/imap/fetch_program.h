#ifndef FWD_PROTOCOL_IMAP_FETCH_PROGRAM_H
#define FWD_PROTOCOL_IMAP_FETCH_PROGRAM_H

// What a FETCH asks for (RFC 9051 §6.4.5, RFC 3516, RFC 7162, RFC 8474,
// RFC 8514, RFC 8970).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/mailbox.h"
#include "protocol/imap/parser.h"

namespace fwd::imap {

enum class FetchKind : std::uint8_t {
  kFlags,
  kUid,
  kInternalDate,
  kSize,
  kEnvelope,
  kBody,  // BODY without a section
  kBodyStructure,
  kModSeq,
  kSaveDate,
  kEmailId,
  kThreadId,
  kPreview,
  kSection,  // BODY[…], RFC822, RFC822.HEADER, RFC822.TEXT
  kBinary,
  kBinarySize,
};

enum class SectionText : std::uint8_t {
  kAll,
  kHeader,
  kHeaderFields,
  kHeaderFieldsNot,
  kText,
  kMime,
};

// section-spec; `part` is "" or "2.1".
struct Section {
  std::string part;
  SectionText text = SectionText::kAll;
  std::vector<std::string> fields;  // as asked
};

struct Partial {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct FetchItem {
  FetchKind kind = FetchKind::kFlags;
  std::string label;  // how the answer names it, "BODY[TEXT]<0>"
  Section section;
  bool peek = true;
  std::optional<Partial> partial;
};

struct FetchProgram {
  std::vector<FetchItem> items;
  model::ModSeq changed_since = 0;
  bool vanished = false;

  bool has(FetchKind kind) const;
  void add(FetchKind kind);  // once
  bool sets_seen() const;    // an item without PEEK
  std::uint32_t columns() const;
};

// "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"
// [SP "(" fetch-modifier *(SP fetch-modifier) ")"], to the end.
bool parse_fetch(Parser& in, FetchProgram& out);

}  // namespace fwd::imap

#endif
