// APPEND: one message or several into a folder, all or none.
#include <utility>
#include <vector>

#include "format/outline.h"
#include "protocol/imap/append_arguments.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

// A small message costs less here than the way to another thread and back.
Task<Outcome<format::PackedMessage>> pack(Session& session, std::string_view octets) {
  if (session.packer() == nullptr || octets.size() <= model::kInlineContent)
    co_return format::pack_message(octets, session.limits().message);
  auto packing = session.packer()->pack(std::string(octets));
  co_return co_await packing;
}

std::string appenduid_code(const model::CopyResult& result) {
  if (result.uids.empty()) return {};
  NumberRuns uids;
  for (const auto& [from, to] : result.uids) uids.add(to);
  return "APPENDUID " + std::to_string(result.uid_validity) + ' ' + uids.text();
}

}  // namespace

// RFC 9051 §6.3.12; several messages: RFC 3502 §3
Task<Reply> verb_append(Session& session, Command& command) {
  std::string path;
  std::vector<Arriving> arriving;
  if (!parse_append(command.arguments, path, arriving))
    co_return Reply::bad(command.arguments.error());
  std::vector<model::NewMessage> messages;
  for (Arriving& one : arriving) {
    if (one.octets.empty()) co_return Reply::no("An empty message is none", "CANNOT");
    auto packing = pack(session, one.octets);
    auto packed = co_await packing;
    if (!packed.ok()) co_return session.failed(packed.failure(), "append");
    messages.push_back({std::move(one.flags), one.date, std::move(packed).value()});
  }
  const std::size_t count = messages.size();
  auto appending = session.mailbox().append(path, std::move(messages));
  const auto done = co_await appending;
  if (!done.ok()) {
    Reply reply = session.failed(done.failure(), "append");
    if (done.failure().fault == Fault::kNotFound) reply.code = "TRYCREATE";
    co_return reply;
  }
  session.counts().appended += count;
  // The client hears of it with this very answer when it looks at the folder.
  if (session.has_selected() && session.selected().path() == path) session.selected().dirty = true;
  co_return Reply::ok("APPEND completed", appenduid_code(done.value()));
}

}  // namespace fwd::imap
