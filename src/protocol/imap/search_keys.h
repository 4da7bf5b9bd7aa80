#ifndef FWD_PROTOCOL_IMAP_SEARCH_KEYS_H
#define FWD_PROTOCOL_IMAP_SEARCH_KEYS_H

// Reads search keys into the model's tree.  Parentheses, NOT and OR nest to a
// bounded depth on a stack of our own: nothing recurses.

#include <vector>

#include "model/search_program.h"
#include "protocol/imap/parser.h"
#include "protocol/imap/selected_folder.h"

namespace fwd::imap {

class SearchKeyParser {
 public:
  SearchKeyParser(Parser& in, const SelectedFolder& folder) : in_(in), folder_(folder) {}

  // search-key *(SP search-key), to the end of the text.
  bool parse(model::SearchKey& out);
  // MODSEQ was among them (RFC 7162 §3.1.5).
  bool asks_modseq() const { return asks_modseq_; }

 private:
  // One key that waits for others: the whole program, "(", NOT or OR.
  struct Open {
    model::SearchKey key;
    std::size_t wants;  // children; 0: any number, to ")" or the end
  };

  bool open(model::SearchOp op, std::size_t wants);
  bool begin(bool& opened, model::SearchKey& leaf);
  bool close(model::SearchKey done);
  bool leaf_key(model::SearchKey& out);
  bool named_key(const std::string& name, model::SearchKey& out);
  bool argument(const struct SearchName& name, model::SearchKey& out);
  bool set_key(bool by_uid, model::SearchKey& out);
  bool text(std::string& out);
  bool modseq(model::SearchKey& out);

  Parser& in_;
  const SelectedFolder& folder_;
  std::vector<Open> stack_;
  std::size_t keys_ = 0;
  bool asks_modseq_ = false;
};

}  // namespace fwd::imap

#endif
