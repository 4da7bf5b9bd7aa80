#ifndef FWD_MODEL_SEARCH_PROGRAM_H
#define FWD_MODEL_SEARCH_PROGRAM_H

// A search as a tree of keys, and whether one message matches it.  IMAP's
// SEARCH (RFC 9051 §6.4.4) and the API's query both become this.

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "model/message.h"

namespace fwd::model {

enum class SearchOp : std::uint8_t {
  kAnd,
  kOr,
  kNot,  // children
  kAll,
  kUids,      // `set` holds UIDs
  kSequence,  // `set` holds sequence numbers, as they were at the start
  kFlag,      // `flag`: the system flag is set
  kKeyword,   // `text`
  kRecent,
  kNew,
  kOld,
  kHeader,  // field `name` contains `text`; empty text: the field exists
  kBody,
  kText,  // `text`
  kBefore,
  kOn,
  kSince,  // `number`: days since 1970, by internal date in UTC
  kSentBefore,
  kSentOn,
  kSentSince,  // `number`: days since 1970, by Date: without its zone
  kSavedBefore,
  kSavedOn,
  kSavedSince,
  kSaveDateSupported,
  kOlder,
  kYounger,  // `number`: seconds before now (RFC 5032)
  kLarger,
  kSmaller,  // `number`: octets
  kModSeq,   // `number`: at least
  kEmailId,
  kThreadId,  // `text`
};

struct SearchKey {
  SearchOp op = SearchOp::kAll;
  std::vector<SearchKey> children;
  UidSet set;
  SystemFlag flag = kSeen;
  std::string name;  // header field, lower case
  std::string text;  // folded by format::fold_for_search()
  std::int64_t number = 0;
};

// The columns that matches() will look at.
std::uint32_t columns_needed(const SearchKey& key);

struct SearchSubject {
  const MessageRow* row = nullptr;  // with columns_needed() filled
  Uid sequence = 0;
  bool recent = false;
  std::int64_t now = 0;  // seconds since 1970
};

// kCorrupt when a packed column cannot be unpacked.
Outcome<bool> matches(const SearchKey& key, const SearchSubject& subject);

}  // namespace fwd::model

#endif
