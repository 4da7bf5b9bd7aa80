#ifndef FWD_PROTOCOL_IMAP_LIST_PROGRAM_H
#define FWD_PROTOCOL_IMAP_LIST_PROGRAM_H

// What a LIST asks for, and which folders answer it (RFC 9051 §6.3.9,
// RFC 5258, RFC 5819, RFC 6154).

#include <string>
#include <string_view>
#include <vector>

#include "model/folder.h"
#include "protocol/imap/parser.h"
#include "protocol/imap/status_items.h"

namespace fwd::imap {

struct ListProgram {
  std::string reference;
  std::vector<std::string> patterns;
  bool extended = false;  // any option or a list of patterns was given
  bool only_subscribed = false, only_special_use = false, recursive_match = false;
  bool tell_subscribed = false, tell_children = false, tell_special_use = false;
  std::vector<StatusItem> status;
};

bool parse_list(Parser& in, ListProgram& out);

// One line of the answer.
struct ListedFolder {
  const model::Folder* folder = nullptr;
  std::string path;
  std::string attributes;         // without parentheses
  bool child_subscribed = false;  // CHILDINFO ("SUBSCRIBED")
};

// In the order of `folders`, which may come in any; each path once.  `named`
// says of each folder whether is_named() names it.
std::vector<ListedFolder> run_list(const ListProgram& program,
                                   const std::vector<model::Folder>& folders,
                                   const std::vector<bool>& named);

// RFC 5258 §3.5: with RECURSIVEMATCH a level may be shown for what is subscribed
// to below it though it does not exist.  Adds such levels.
void add_missing_levels(std::vector<model::Folder>& folders);

// Whether the reference and one of the patterns name this path.
bool is_named(const ListProgram& program, std::string_view path);

}  // namespace fwd::imap

#endif
