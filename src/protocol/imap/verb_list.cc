// LIST: the folders, chosen and described as asked.
#include <utility>

#include "protocol/imap/list_program.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

void tell(Writer& out, const ListedFolder& listed) {
  out.raw("* LIST (" + listed.attributes + ") \"/\" ");
  out.mailbox(listed.path);
  if (listed.child_subscribed) out.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
  out.end();
}

// Which folders the patterns name.
Task<std::vector<bool>> find_named(Session& session, const ListProgram& program,
                                   const std::vector<model::Folder>& folders) {
  std::vector<bool> named;
  for (const model::Folder& folder : folders) {
    named.push_back(is_named(program, folder.path));
    co_await session.give_turn();
  }
  co_return named;
}

}  // namespace

// RFC 9051 §6.3.9
Task<Reply> verb_list(Session& session, Command& command) {
  ListProgram program;
  if (!parse_list(command.arguments, program)) co_return Reply::bad(command.arguments.error());
  if (asks_modseq(program.status)) session.enable_condstore();
  Writer& out = session.out();
  // An empty pattern asks for the separator only.
  if (!program.extended && program.patterns.front().empty()) {
    out.untagged("LIST (\\Noselect) \"/\" \"\"");
    co_return Reply::ok("LIST completed");
  }
  auto listing = session.mailbox().list_folders();
  auto listed_now = co_await listing;
  if (!listed_now.ok()) co_return session.failed(listed_now.failure(), "list");
  std::vector<model::Folder> folders = std::move(listed_now).value();
  if (program.recursive_match) add_missing_levels(folders);
  auto naming = find_named(session, program, folders);
  const std::vector<bool> named = co_await naming;
  for (const ListedFolder& listed : run_list(program, folders, named)) {
    tell(out, listed);
    // RFC 5819 §2: the STATUS follows its LIST line.
    if (!program.status.empty() && listed.folder->selectable)
      tell_status(out, session.limits(), *listed.folder, program.status);
    if (!co_await out.flush_if_full()) co_return Reply::nothing();
  }
  co_return Reply::ok("LIST completed");
}

}  // namespace fwd::imap
