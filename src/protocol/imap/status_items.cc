// What STATUS can tell of a folder.
#include "protocol/imap/status_items.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace fwd::imap {
namespace {

constexpr std::array<std::pair<std::string_view, StatusItem>, 10> kItems = {
    {{"MESSAGES", StatusItem::kMessages},
     {"RECENT", StatusItem::kRecent},  // RFC 3501 §6.3.10
     {"UIDNEXT", StatusItem::kUidNext},
     {"UIDVALIDITY", StatusItem::kUidValidity},
     {"UNSEEN", StatusItem::kUnseen},
     {"DELETED", StatusItem::kDeleted},
     {"SIZE", StatusItem::kSize},                    // RFC 8438 §2
     {"HIGHESTMODSEQ", StatusItem::kHighestModSeq},  // RFC 7162 §3.1.7
     {"APPENDLIMIT", StatusItem::kAppendLimit},      // RFC 7889 §4
     {"MAILBOXID", StatusItem::kMailboxId}}};        // RFC 8474 §4.3

std::string value_of(StatusItem item, const Limits& limits, const model::Folder& folder) {
  switch (item) {
    case StatusItem::kMessages:
      return std::to_string(folder.messages);
    case StatusItem::kRecent:
      return std::to_string(folder.recent);
    case StatusItem::kUidNext:
      return std::to_string(folder.uid_next);
    case StatusItem::kUidValidity:
      return std::to_string(folder.uid_validity);
    case StatusItem::kUnseen:
      return std::to_string(folder.unseen);
    case StatusItem::kDeleted:
      return std::to_string(folder.deleted);
    case StatusItem::kSize:
      return std::to_string(folder.size);
    case StatusItem::kHighestModSeq:
      return std::to_string(folder.highest_modseq);
    case StatusItem::kAppendLimit:
      return std::to_string(limits.append);
    case StatusItem::kMailboxId:
      return '(' + folder.object_id + ')';
  }
  return "0";
}

}  // namespace

bool parse_status_items(Parser& in, std::vector<StatusItem>& out) {
  if (!in.expect('(')) return false;
  do {
    std::string name;
    if (!in.atom(name)) return false;
    const auto at = std::find_if(kItems.begin(), kItems.end(),
                                 [&](const auto& known) { return same_word(known.first, name); });
    if (at == kItems.end()) return in.fail("Unknown status item " + name);
    if (std::find(out.begin(), out.end(), at->second) == out.end()) out.push_back(at->second);
  } while (in.take(' '));
  return in.expect(')');
}

bool asks_modseq(const std::vector<StatusItem>& items) {
  return std::find(items.begin(), items.end(), StatusItem::kHighestModSeq) != items.end();
}

void tell_status(Writer& out, const Limits& limits, const model::Folder& folder,
                 const std::vector<StatusItem>& items) {
  out.raw("* STATUS ");
  out.mailbox(folder.path);
  char before = '(';
  out.raw(" ");
  for (const StatusItem item : items) {
    out.raw(std::string_view(&before, 1));
    before = ' ';
    for (const auto& [name, known] : kItems)
      if (known == item) out.raw(name);
    out.raw(" " + value_of(item, limits, folder));
  }
  out.raw(")");
  out.end();
}

}  // namespace fwd::imap
