#ifndef FWD_PROTOCOL_IMAP_SEARCH_PROGRAM_H
#define FWD_PROTOCOL_IMAP_SEARCH_PROGRAM_H

// What a SEARCH asks for (RFC 9051 §6.4.4, RFC 4731, RFC 5032, RFC 7162,
// RFC 8474, RFC 8514), and the choice of messages that need to be looked at.

#include "model/search_program.h"
#include "protocol/imap/parser.h"
#include "protocol/imap/selected_folder.h"

namespace fwd::imap {

struct SearchProgram {
  bool returns = false;  // RETURN (…) was given: the answer is ESEARCH
  bool min = false, max = false, all = false, count = false, save = false;
  bool asks_modseq = false;
  bool bad_charset = false;  // understood, but for the charset
  model::SearchKey key;
};

// search = "SEARCH" [SP search-return-opts] SP search-program, to the end.
// Sequence numbers become UIDs as `folder` has them now.
bool parse_search(Parser& in, const SelectedFolder& folder, SearchProgram& out);

// The UIDs that can match at all: what the sets at the top of `key` leave of
// `known`.
model::UidSet candidates(const model::SearchKey& key, model::UidSet known);

}  // namespace fwd::imap

#endif
