// Reads search keys into the model's tree.
#include "protocol/imap/search_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "format/outline.h"

namespace fwd::imap {

using model::SearchKey;
using model::SearchOp;

namespace {

enum class Takes : std::uint8_t { kNothing, kText, kHeaderText, kDate, kNumber, kSeconds, kId };

}  // namespace

// What a key's name means.
struct SearchName {
  std::string_view name;
  SearchOp op;
  Takes takes;
  model::SystemFlag flag;
  bool negated;
  std::string_view header;
};

namespace {

constexpr SearchName plain(std::string_view name, SearchOp op, Takes takes) {
  return {name, op, takes, model::kSeen, false, {}};
}
constexpr SearchName flag(std::string_view name, model::SystemFlag system, bool negated) {
  return {name, SearchOp::kFlag, Takes::kNothing, system, negated, {}};
}
constexpr SearchName header(std::string_view name, std::string_view field) {
  return {name, SearchOp::kHeader, Takes::kHeaderText, model::kSeen, false, field};
}

constexpr std::array kNames = {
    plain("ALL", SearchOp::kAll, Takes::kNothing),
    flag("ANSWERED", model::kAnswered, false),
    flag("DELETED", model::kDeleted, false),
    flag("DRAFT", model::kDraft, false),
    flag("FLAGGED", model::kFlagged, false),
    flag("SEEN", model::kSeen, false),
    flag("UNANSWERED", model::kAnswered, true),
    flag("UNDELETED", model::kDeleted, true),
    flag("UNDRAFT", model::kDraft, true),
    flag("UNFLAGGED", model::kFlagged, true),
    flag("UNSEEN", model::kSeen, true),
    plain("RECENT", SearchOp::kRecent, Takes::kNothing),
    plain("NEW", SearchOp::kNew, Takes::kNothing),
    plain("OLD", SearchOp::kOld, Takes::kNothing),
    header("BCC", "bcc"),
    header("CC", "cc"),
    header("FROM", "from"),
    header("SUBJECT", "subject"),
    header("TO", "to"),
    plain("BODY", SearchOp::kBody, Takes::kText),
    plain("TEXT", SearchOp::kText, Takes::kText),
    plain("BEFORE", SearchOp::kBefore, Takes::kDate),
    plain("ON", SearchOp::kOn, Takes::kDate),
    plain("SINCE", SearchOp::kSince, Takes::kDate),
    plain("SENTBEFORE", SearchOp::kSentBefore, Takes::kDate),
    plain("SENTON", SearchOp::kSentOn, Takes::kDate),
    plain("SENTSINCE", SearchOp::kSentSince, Takes::kDate),
    plain("SAVEDBEFORE", SearchOp::kSavedBefore, Takes::kDate),  // RFC 8514 §4.3
    plain("SAVEDON", SearchOp::kSavedOn, Takes::kDate),
    plain("SAVEDSINCE", SearchOp::kSavedSince, Takes::kDate),
    plain("SAVEDATESUPPORTED", SearchOp::kSaveDateSupported, Takes::kNothing),
    plain("OLDER", SearchOp::kOlder, Takes::kSeconds),  // RFC 5032 §3
    plain("YOUNGER", SearchOp::kYounger, Takes::kSeconds),
    plain("LARGER", SearchOp::kLarger, Takes::kNumber),
    plain("SMALLER", SearchOp::kSmaller, Takes::kNumber),
    plain("EMAILID", SearchOp::kEmailId, Takes::kId),  // RFC 8474 §7
    plain("THREADID", SearchOp::kThreadId, Takes::kId),
};

SearchKey negate(SearchKey key) {
  SearchKey out;
  out.op = SearchOp::kNot;
  out.children.push_back(std::move(key));
  return out;
}

}  // namespace

bool SearchKeyParser::open(SearchOp op, std::size_t wants) {
  if (stack_.size() >= in_.limits().search_depth) return in_.fail("The search is nested too deep");
  SearchKey key;
  key.op = op;
  stack_.push_back({std::move(key), wants});
  return true;
}

// Gives a finished key to the one that waits for it, and that one, when it is
// full, to the next.
bool SearchKeyParser::close(SearchKey done) {
  for (;;) {
    Open& top = stack_.back();
    top.key.children.push_back(std::move(done));
    if (top.wants == 0 || top.key.children.size() < top.wants) return true;
    done = std::move(top.key);
    stack_.pop_back();
  }
}

bool SearchKeyParser::begin(bool& opened, SearchKey& leaf) {
  opened = true;
  if (in_.take('(')) return open(SearchOp::kAnd, 0);
  if (in_.word("NOT")) return open(SearchOp::kNot, 1) && in_.space();
  if (in_.word("OR")) return open(SearchOp::kOr, 2) && in_.space();
  opened = false;
  return leaf_key(leaf);
}

bool SearchKeyParser::parse(SearchKey& out) {
  if (!open(SearchOp::kAnd, 0)) return false;
  for (;;) {
    if (++keys_ > in_.limits().search_keys) return in_.fail("Too many search keys");
    bool opened = false;
    SearchKey leaf;
    if (!begin(opened, leaf)) return false;
    if (opened) continue;
    if (!close(std::move(leaf))) return false;
    while (in_.peek() == ')') {
      if (stack_.size() < 2 || stack_.back().wants != 0) return in_.fail("An unexpected ')'");
      in_.take(')');
      SearchKey group = std::move(stack_.back().key);
      stack_.pop_back();
      close(std::move(group));
    }
    if (in_.at_end()) break;
    if (!in_.space()) return false;
  }
  if (stack_.size() != 1) return in_.fail("The search ends too early");
  out = std::move(stack_.back().key);
  return true;
}

bool SearchKeyParser::set_key(bool by_uid, SearchKey& out) {
  SequenceSet set;
  if (!in_.sequence_set(set)) return false;
  out.op = SearchOp::kUids;
  return folder_.resolve(set, by_uid, out.set) || in_.fail("There is no such message");
}

bool SearchKeyParser::leaf_key(SearchKey& out) {
  if (is_digit(in_.peek()) || in_.peek() == '*' || in_.peek() == '$') return set_key(false, out);
  std::string name;
  if (!in_.atom(name)) return false;
  return named_key(name, out);
}

bool SearchKeyParser::named_key(const std::string& name, SearchKey& out) {
  const auto at = std::find_if(kNames.begin(), kNames.end(), [&](const SearchName& known) {
    return same_word(known.name, name);
  });
  if (at != kNames.end()) return argument(*at, out);
  if (same_word(name, "UID")) return in_.space() && set_key(true, out);
  if (same_word(name, "MODSEQ")) return in_.space() && modseq(out);
  if (same_word(name, "KEYWORD") || same_word(name, "UNKEYWORD")) {
    out.op = SearchOp::kKeyword;
    if (!in_.space() || !in_.atom(out.text)) return false;
    if (to_upper(name).front() == 'U') out = negate(std::move(out));
    return true;
  }
  if (same_word(name, "HEADER")) {
    out.op = SearchOp::kHeader;
    if (!in_.space() || !in_.astring(out.name) || !in_.space()) return false;
    out.name = to_lower(out.name);
    return text(out.text);
  }
  return in_.fail("Unknown search key " + name);
}

bool SearchKeyParser::text(std::string& out) {
  if (!in_.astring(out)) return false;
  if (!is_utf8(out)) return in_.fail("The text is not UTF-8");
  out = format::fold_for_search(out);
  return true;
}

// search-modseq = "MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer
bool SearchKeyParser::modseq(SearchKey& out) {
  asks_modseq_ = true;
  out.op = SearchOp::kModSeq;
  if (in_.peek() == '"') {
    std::string entry;
    std::string type;  // we keep one modseq a message, whichever flag is named
    if (!in_.string(entry) || !in_.space() || !in_.atom(type) || !in_.space()) return false;
    if (!same_word(type, "priv") && !same_word(type, "shared") && !same_word(type, "all"))
      return in_.fail("Unknown entry type");
  }
  std::uint64_t number = 0;
  if (!in_.number64(number)) return false;
  out.number = static_cast<std::int64_t>(number);
  return true;
}

bool SearchKeyParser::argument(const SearchName& name, SearchKey& out) {
  out.op = name.op;
  out.flag = name.flag;
  out.name = name.header;
  std::uint64_t number = 0;
  if (name.takes != Takes::kNothing && !in_.space()) return false;
  switch (name.takes) {
    case Takes::kNothing:
      break;
    case Takes::kText:
    case Takes::kHeaderText:
      return text(out.text);
    case Takes::kDate:
      return in_.date(out.number);
    case Takes::kSeconds:
    case Takes::kNumber:
      if (!in_.number64(number)) return false;
      if (name.takes == Takes::kSeconds && number == 0) return in_.fail("An interval of nothing");
      out.number = static_cast<std::int64_t>(number);
      break;
    case Takes::kId:
      return in_.astring(out.text);
  }
  if (name.negated) out = negate(std::move(out));
  return true;
}

}  // namespace fwd::imap
