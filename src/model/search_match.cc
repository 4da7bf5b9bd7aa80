// Whether one message matches a search.
#include <string.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "format/date.h"
#include "format/outline.h"
#include "model/search_program.h"

namespace fwd::model {
namespace {

// Linear in the worst case, which string_view::find is not.
bool contains(std::string_view text, std::string_view part) {
  return part.empty() || memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// `head` has one "name: value" line a field.
bool header_contains(std::string_view head, std::string_view name, std::string_view part) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(": ")) continue;
    line.remove_prefix(name.size() + 2);
    if (contains(line, part)) return true;
  }
  return false;
}

// One message being held against a tree of keys; unpacks each text once.
class Matcher {
 public:
  explicit Matcher(const SearchSubject& subject) : subject_(subject), row_(*subject.row) {}

  bool matches(const SearchKey& key) {
    switch (key.op) {
      case SearchOp::kAnd:
        return std::all_of(key.children.begin(), key.children.end(),
                           [this](const SearchKey& child) { return matches(child); });
      case SearchOp::kOr:
        return std::any_of(key.children.begin(), key.children.end(),
                           [this](const SearchKey& child) { return matches(child); });
      case SearchOp::kNot:
        return std::none_of(key.children.begin(), key.children.end(),
                            [this](const SearchKey& child) { return matches(child); });
      case SearchOp::kHeader:
        return header_contains(head(), key.name, key.text);
      case SearchOp::kBody:
        return contains(body(), key.text);
      case SearchOp::kText:
        return contains(head(), key.text) || contains(body(), key.text);
      default:
        return matches_date(key);
    }
  }

  // Set by the first text that could not be unpacked; what matched is void.
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  bool matches_date(const SearchKey& key) const {
    const std::int64_t came = format::day_of(row_.internal_date);
    const std::int64_t saved = format::day_of(row_.save_date);
    switch (key.op) {
      case SearchOp::kBefore:
        return came < key.number;
      case SearchOp::kOn:
        return came == key.number;
      case SearchOp::kSince:
        return came >= key.number;
      case SearchOp::kSentBefore:
        return sent_day() < key.number;
      case SearchOp::kSentOn:
        return sent_day() == key.number;
      case SearchOp::kSentSince:
        return sent_day() >= key.number;
      case SearchOp::kSavedBefore:
        return saved < key.number;
      case SearchOp::kSavedOn:
        return saved == key.number;
      case SearchOp::kSavedSince:
        return saved >= key.number;
      case SearchOp::kOlder:
        return row_.internal_date <= subject_.now - key.number;
      case SearchOp::kYounger:
        return row_.internal_date >= subject_.now - key.number;
      default:
        return matches_column(key);
    }
  }

  bool matches_column(const SearchKey& key) const {
    switch (key.op) {
      case SearchOp::kAll:
      case SearchOp::kSaveDateSupported:
        return true;
      case SearchOp::kUids:
        return key.set.contains(row_.uid);
      case SearchOp::kSequence:
        return key.set.contains(subject_.sequence);
      case SearchOp::kFlag:
        return row_.flags.has(key.flag);
      case SearchOp::kKeyword:
        return row_.flags.has_keyword(key.text);
      case SearchOp::kRecent:
        return subject_.recent;
      case SearchOp::kNew:
        return subject_.recent && !row_.flags.has(kSeen);
      case SearchOp::kOld:
        return !subject_.recent;
      case SearchOp::kLarger:
        return key.number < 0 || row_.size > static_cast<std::uint64_t>(key.number);
      case SearchOp::kSmaller:
        return key.number >= 0 && row_.size < static_cast<std::uint64_t>(key.number);
      case SearchOp::kModSeq:
        return key.number < 0 || row_.modseq >= static_cast<std::uint64_t>(key.number);
      case SearchOp::kEmailId:
        return row_.email_id == key.text;
      case SearchOp::kThreadId:
        return row_.thread_id == key.text;
      default:
        return false;  // handled by the callers
    }
  }

  // RFC 9051 §6.4.4: "disregarding time and timezone", so the day the sender
  // saw; a message without a date was sent when it came.
  std::int64_t sent_day() const {
    const auto& sent = row_.outline.sent_date;
    return sent ? format::day_of(*sent, row_.outline.sent_zone)
                : format::day_of(row_.internal_date);
  }

  std::string_view head() { return unpacked(row_.outline.search_head, head_); }
  std::string_view body() { return unpacked(row_.outline.search_body, body_); }

  std::string_view unpacked(const std::string& packed, std::optional<std::string>& text) {
    if (!text) {
      Outcome<std::string> outcome = format::unpack_text(packed, format::kMostSearchText);
      if (!outcome.ok() && !failure_) failure_ = outcome.failure();
      text = outcome.ok() ? std::move(outcome).value() : std::string();
    }
    return *text;
  }

  const SearchSubject& subject_;
  const MessageRow& row_;
  std::optional<std::string> head_, body_;
  std::optional<Failure> failure_;
};

}  // namespace

std::uint32_t columns_needed(const SearchKey& key) {
  switch (key.op) {
    case SearchOp::kAnd:
    case SearchOp::kOr:
    case SearchOp::kNot: {
      std::uint32_t columns = 0;
      for (const SearchKey& child : key.children) columns |= columns_needed(child);
      return columns;
    }
    case SearchOp::kFlag:
    case SearchOp::kKeyword:
    case SearchOp::kNew:
      return kColFlags;
    case SearchOp::kHeader:
      return kColSearchHead;
    case SearchOp::kBody:
      return kColSearchBody;
    case SearchOp::kText:
      return kColSearchHead | kColSearchBody;
    case SearchOp::kBefore:
    case SearchOp::kOn:
    case SearchOp::kSince:
    case SearchOp::kOlder:
    case SearchOp::kYounger:
      return kColInternalDate;
    case SearchOp::kSentBefore:
    case SearchOp::kSentOn:
    case SearchOp::kSentSince:
      return kColSentDate | kColInternalDate;
    case SearchOp::kSavedBefore:
    case SearchOp::kSavedOn:
    case SearchOp::kSavedSince:
      return kColSaveDate;
    case SearchOp::kLarger:
    case SearchOp::kSmaller:
      return kColSize;
    case SearchOp::kModSeq:
      return kColModSeq;
    case SearchOp::kEmailId:
    case SearchOp::kThreadId:
      return kColIds;
    default:
      return 0;
  }
}

Outcome<bool> matches(const SearchKey& key, const SearchSubject& subject) {
  Matcher matcher(subject);
  const bool matched = matcher.matches(key);
  if (matcher.failure()) return *matcher.failure();
  return matched;
}

}  // namespace fwd::model
