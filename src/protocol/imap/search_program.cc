// What a SEARCH asks for.
#include "protocol/imap/search_program.h"

#include "core/text.h"
#include "protocol/imap/search_keys.h"

namespace fwd::imap {
namespace {

// search-return-opts = "RETURN" SP "(" [search-return-opt *(SP …)] ")"
bool parse_return(Parser& in, SearchProgram& out) {
  if (!in.space() || !in.expect('(')) return false;
  out.returns = true;
  while (!in.take(')')) {
    if (in.word("MIN")) {
      out.min = true;
    } else if (in.word("MAX")) {
      out.max = true;
    } else if (in.word("ALL")) {
      out.all = true;
    } else if (in.word("COUNT")) {
      out.count = true;
    } else if (in.word("SAVE")) {
      out.save = true;
    } else {
      return in.fail("Unknown return option");
    }
    if (!in.take(' ') && in.peek() != ')') return in.fail("Expected ')'");
  }
  // RFC 4731 §3.1: "()" means ALL.
  if (!out.min && !out.max && !out.all && !out.count && !out.save) out.all = true;
  return in.space();
}

bool parse_charset(Parser& in, SearchProgram& out) {
  std::string name;
  // RFC 6855 §3: with UTF8=ACCEPT there is no choice any more.
  if (!in.space() || !in.astring(name) || !in.space()) return false;
  out.bad_charset = !same_word(name, "UTF-8") && !same_word(name, "US-ASCII");
  return true;
}

}  // namespace

bool parse_search(Parser& in, const SelectedFolder& folder, SearchProgram& out) {
  if (!in.space()) return false;
  if (in.word("RETURN") && !parse_return(in, out)) return false;
  if (in.word("CHARSET") && !parse_charset(in, out)) return false;
  if (out.bad_charset) return true;
  SearchKeyParser keys(in, folder);
  if (!keys.parse(out.key)) return false;
  out.asks_modseq = keys.asks_modseq();
  return in.end();
}

model::UidSet candidates(const model::SearchKey& key, model::UidSet known) {
  if (key.op == model::SearchOp::kUids) return known.intersect(key.set);
  if (key.op != model::SearchOp::kAnd) return known;
  for (const model::SearchKey& child : key.children) known = candidates(child, std::move(known));
  return known;
}

}  // namespace fwd::imap
