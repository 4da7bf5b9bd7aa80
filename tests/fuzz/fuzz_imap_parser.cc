// The arguments of IMAP commands, held against every reader there is.
#include "fuzz/fuzz.h"
#include "protocol/imap/fetch_program.h"
#include "protocol/imap/list_program.h"
#include "protocol/imap/search_program.h"

using namespace fwd::imap;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Limits limits;
  fwd::model::OpenFolder opened;
  opened.uids = {10, 20, 30};
  const SelectedFolder folder(std::move(opened), false);
  for (const bool utf8 : {false, true}) {
    const Parser start(fwd::fuzz::text_of(data, size), limits, utf8);
    Parser fetch = start, search = start, list = start, flags = start, sets = start;
    FetchProgram fetched;
    SearchProgram searched;
    ListProgram listed;
    if (!parse_fetch(fetch, fetched)) fwd::fuzz::must(!fetch.error().empty());
    if (!parse_search(search, folder, searched)) fwd::fuzz::must(!search.error().empty());
    if (parse_list(list, listed)) is_named(listed, "INBOX/a/b");
    fwd::model::Flags some;
    while (flags.flag_list(some) && flags.space()) continue;
    SequenceSet set;
    fwd::model::UidSet uids;
    if (sets.sequence_set(set)) folder.resolve(set, utf8, uids);
  }
  return 0;
}
