// That a file's pages are whole and all its counts are what they count.
#include <string_view>

#include "storage/mailbox/mailbox_file.h"

namespace fwd::mailbox {
namespace {

struct Rule {
  std::string_view broken;  // a query that finds a row only when the rule is broken
  const char* what;
};

constexpr Rule kRules[] = {
    {"SELECT 1 FROM folders f WHERE messages <> (SELECT count(*) FROM messages WHERE folder = f.id)"
     " OR unseen <> (SELECT count(*) FROM messages WHERE folder = f.id AND NOT flags & 1)"
     " OR deleted <> (SELECT count(*) FROM messages WHERE folder = f.id AND flags & 8)"
     " OR size <> (SELECT coalesce(sum(size), 0) FROM messages WHERE folder = f.id)"
     " OR expunged_rows <> (SELECT count(*) FROM expunged WHERE folder = f.id)",
     "a folder's counts are wrong"},
    {"SELECT 1 FROM folders f WHERE"
     " uid_next <= (SELECT coalesce(max(uid), 0) FROM messages WHERE folder = f.id)"
     " OR modseq < (SELECT coalesce(max(modseq), 0) FROM messages WHERE folder = f.id)"
     " OR modseq > (SELECT modseq FROM mailbox)"
     " OR uid_validity > (SELECT uid_validity FROM mailbox)",
     "a folder's counters are behind"},
    {"SELECT 1 FROM bare_subscriptions WHERE path IN (SELECT path FROM folders)",
     "a folder is subscribed to as if it were missing"},
    {"SELECT 1 FROM contents c WHERE"
     " shares <> (SELECT n FROM (SELECT content, count(*) AS n FROM messages GROUP BY content)"
     " WHERE content = c.id)",
     "a content is used more or less often than it says"},
    {"SELECT 1 FROM contents WHERE id NOT IN (SELECT content FROM messages)",
     "a content is not used"},
    {"SELECT 1 FROM messages WHERE folder NOT IN (SELECT id FROM folders)"
     " OR content NOT IN (SELECT id FROM contents)"
     " OR content NOT IN (SELECT content FROM outlines)"
     " OR content NOT IN (SELECT content FROM search_texts)",
     "a message has lost its folder or its content"},
    {"SELECT 1 FROM contents c LEFT JOIN"
     " (SELECT id >> 20 AS content, count(*) AS n, sum(raw_size) AS raw FROM chunks GROUP BY 1)"
     " ON content = c.id WHERE c.chunks <> coalesce(n, 0) OR c.size <> coalesce(raw, 0)",
     "a content's chunks are not all there"},
    {"SELECT 1 FROM chunks WHERE id >> 20 NOT IN (SELECT id FROM contents)",
     "a chunk belongs to no content"},
    {"SELECT 1 FROM mailbox WHERE used <> (SELECT coalesce(sum(octets), 0) FROM contents)",
     "the space used was miscounted"},
};

}  // namespace

Outcome<void> MailboxFile::check() {
  if (auto pages = database_->check(); !pages.ok()) return pages;
  for (const Rule& rule : kRules) {
    auto select = database_->prepare(rule.broken);
    auto found = select.step();
    if (!found.ok()) return found.failure();
    if (found.value()) return Failure{Fault::kCorrupt, "", rule.what};
  }
  return {};
}

}  // namespace fwd::mailbox
