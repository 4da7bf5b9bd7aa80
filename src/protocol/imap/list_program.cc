// What a LIST asks for, and which folders answer it.
#include "protocol/imap/list_program.h"

#include <algorithm>
#include <set>

#include "core/text.h"
#include "protocol/imap/mailbox_name.h"
#include "protocol/imap/special_use.h"

namespace fwd::imap {
namespace {

// "(" [list-select-opts] ")"
bool parse_selection(Parser& in, ListProgram& out) {
  if (!in.expect('(')) return false;
  while (!in.take(')')) {
    if (in.word("SUBSCRIBED")) {
      out.only_subscribed = true;
    } else if (in.word("SPECIAL-USE")) {
      out.only_special_use = true;
    } else if (in.word("RECURSIVEMATCH")) {
      out.recursive_match = true;
    } else if (!in.word("REMOTE")) {  // nothing is remote here
      return in.fail("Unknown selection option");
    }
    if (!in.take(' ') && in.peek() != ')') return in.fail("Expected ')'");
  }
  // RFC 5258 §3.1: RECURSIVEMATCH needs something to look for.
  if (out.recursive_match && !out.only_subscribed && !out.only_special_use)
    return in.fail("RECURSIVEMATCH alone means nothing");
  return true;
}

// "RETURN" SP "(" [return-option *(SP return-option)] ")"
bool parse_return(Parser& in, ListProgram& out) {
  if (!in.word("RETURN") || !in.space() || !in.expect('(')) return in.fail("Expected RETURN (...)");
  while (!in.take(')')) {
    if (in.word("SUBSCRIBED")) {
      out.tell_subscribed = true;
    } else if (in.word("CHILDREN")) {
      out.tell_children = true;
    } else if (in.word("SPECIAL-USE")) {
      out.tell_special_use = true;
    } else if (in.word("STATUS")) {
      if (!in.space() || !parse_status_items(in, out.status)) return false;
    } else {
      return in.fail("Unknown return option");
    }
    if (!in.take(' ') && in.peek() != ')') return in.fail("Expected ')'");
  }
  return true;
}

bool parse_pattern(Parser& in, ListProgram& out, std::size_t& wild) {
  if (out.patterns.size() >= in.limits().list_patterns) return in.fail("Too many patterns");
  std::string pattern;
  if (!in.list_mailbox(pattern)) return false;
  // Each folder is held against each of these octets.
  if (pattern.find_first_of("*%") != std::string::npos)
    wild += out.reference.size() + pattern.size();
  out.patterns.push_back(std::move(pattern));
  return wild <= in.limits().list_wild || in.fail("Patterns that long are not searched for");
}

bool parse_patterns(Parser& in, ListProgram& out) {
  std::size_t wild = 0;
  if (!in.take('(')) return parse_pattern(in, out, wild);
  out.extended = true;
  do {
    if (!parse_pattern(in, out, wild)) return false;
  } while (in.take(' '));
  return in.expect(')');
}

void add(std::string& attributes, std::string_view attribute) {
  if (attribute.empty()) return;
  if (!attributes.empty()) attributes += ' ';
  attributes += attribute;
}

bool is_selected(const ListProgram& program, const model::Folder& folder) {
  if (!folder.exists && !program.only_subscribed) return false;
  if (program.only_subscribed && !folder.subscribed) return false;
  return !program.only_special_use || !special_use_attribute(folder.special_use).empty();
}

// Everything the options ask to be told of one folder.
std::string attributes_of(const ListProgram& program, const model::Folder& folder,
                          const std::set<std::string, std::less<>>& parents) {
  std::string out;
  if (!folder.exists) {
    add(out, "\\NonExistent");  // RFC 9051 §7.3.1
  } else if (!folder.selectable) {
    add(out, "\\Noselect");
  }
  if (program.only_subscribed || program.tell_subscribed)
    add(out, folder.subscribed ? "\\Subscribed" : "");
  // RFC 3348 §3, and a plain LIST tells it unasked.
  if (!program.extended || program.tell_children)
    add(out, parents.contains(folder.path) ? "\\HasChildren" : "\\HasNoChildren");
  if (!program.extended || program.tell_special_use || program.only_special_use)
    add(out, special_use_attribute(folder.special_use));
  return out;
}

}  // namespace

// list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]
bool parse_list(Parser& in, ListProgram& out) {
  if (!in.space()) return false;
  if (in.peek() == '(') {
    out.extended = true;
    if (!parse_selection(in, out) || !in.space()) return false;
  }
  if (!in.mailbox(out.reference) || !in.space() || !parse_patterns(in, out)) return false;
  if (in.take(' ')) {
    out.extended = true;
    if (!parse_return(in, out)) return false;
  }
  return in.end();
}

void add_missing_levels(std::vector<model::Folder>& folders) {
  std::set<std::string, std::less<>> known;
  for (const model::Folder& folder : folders) known.insert(folder.path);
  for (std::size_t i = 0, count = folders.size(); i < count; ++i) {
    if (folders[i].exists) continue;
    const std::string path = folders[i].path;
    for (std::size_t end = path.rfind(kSeparator); end != std::string::npos && end > 0;
         end = path.rfind(kSeparator, end - 1)) {
      model::Folder level;
      level.path = path.substr(0, end);
      level.exists = level.selectable = level.subscribed = false;
      if (known.insert(level.path).second) folders.push_back(std::move(level));
    }
  }
}

bool is_named(const ListProgram& program, std::string_view path) {
  const bool inbox = path == "INBOX" || path.starts_with("INBOX/");
  return std::any_of(program.patterns.begin(), program.patterns.end(), [&](const std::string& p) {
    std::string pattern = canonical_path(program.reference + p);
    // "inbox*" names INBOX as well as "inboxes".
    if (inbox && starts_with_word(pattern, "INBOX")) pattern.replace(0, 5, "INBOX");
    return matches_pattern(pattern, path);
  });
}

std::vector<ListedFolder> run_list(const ListProgram& program,
                                   const std::vector<model::Folder>& folders,
                                   const std::vector<bool>& named) {
  std::set<std::string, std::less<>> parents;        // that have a child
  std::set<std::string, std::less<>> over_selected;  // that have a selected descendant
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const model::Folder& folder = folders[i];
    for (std::size_t end = folder.path.rfind(kSeparator); end != std::string::npos && end > 0;
         end = folder.path.rfind(kSeparator, end - 1)) {
      const std::string parent = folder.path.substr(0, end);
      if (folder.exists) parents.insert(parent);
      // Only what the patterns do not show by itself is shown by its parent.
      if (program.recursive_match && is_selected(program, folder) && !named[i])
        over_selected.insert(parent);
    }
  }
  std::vector<ListedFolder> out;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (!named[i]) continue;
    const model::Folder& folder = folders[i];
    const bool child = over_selected.contains(folder.path);
    if (!is_selected(program, folder) && !child) continue;
    out.push_back({&folder, folder.path, attributes_of(program, folder, parents),
                   child && program.only_subscribed});
  }
  return out;
}

}  // namespace fwd::imap
