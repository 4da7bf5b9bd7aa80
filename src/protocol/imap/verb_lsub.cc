// LSUB: the subscribed folders, as IMAP4rev1 asks for them.
#include <set>
#include <utility>

#include "protocol/imap/list_program.h"
#include "protocol/imap/mailbox_name.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

// lsub = "LSUB" SP mailbox SP list-mailbox
// RFC 3501 §6.3.9: a level that "%" stops at is shown as \Noselect when only
// something below it is subscribed.
Task<Reply> verb_lsub(Session& session, Command& command) {
  Parser& in = command.arguments;
  ListProgram program;
  if (!in.space() || !in.mailbox(program.reference) || !in.space() ||
      !in.list_mailbox(program.patterns.emplace_back()) || !in.end())
    co_return Reply::bad(in.error());
  auto listing = session.mailbox().list_folders();
  const auto folders = co_await listing;
  if (!folders.ok()) co_return session.failed(folders.failure(), "lsub");
  Writer& out = session.out();
  std::set<std::string> told;
  const auto tell = [&](const std::string& path, std::string_view attributes) {
    if (!told.insert(path).second) return;
    out.raw("* LSUB (");
    out.raw(attributes);
    out.raw(") \"/\" ");
    out.mailbox(path);
    out.end();
  };
  for (const model::Folder& folder : folders.value()) {
    co_await session.give_turn();
    if (folder.subscribed && is_named(program, folder.path))
      tell(folder.path, folder.selectable || !folder.exists ? "" : "\\Noselect");
  }
  if (program.patterns.front().find('%') != std::string::npos) {
    for (const model::Folder& folder : folders.value()) {
      if (!folder.subscribed || is_named(program, folder.path)) continue;
      for (std::size_t end = folder.path.rfind(kSeparator); end != std::string::npos && end > 0;
           end = folder.path.rfind(kSeparator, end - 1)) {
        const std::string parent = folder.path.substr(0, end);
        co_await session.give_turn();
        if (is_named(program, parent)) tell(parent, "\\Noselect");
      }
    }
  }
  co_return Reply::ok("LSUB completed");
}

}  // namespace fwd::imap
