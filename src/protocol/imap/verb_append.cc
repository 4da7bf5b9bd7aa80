// APPEND: one message or several into a folder, all or none.
#include <optional>
#include <utility>
#include <vector>

#include "format/outline.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

struct Arriving {
  model::Flags flags;
  std::optional<std::int64_t> date;
  std::string_view octets;
};

// append-data = literal / literal8 / "UTF8" SP "(" literal8 ")" (RFC 6855 §4)
bool parse_data(Parser& in, std::string_view& octets) {
  bool binary = false;
  if (!in.word("UTF8")) {
    if (!in.literal(octets, binary)) return false;
  } else if (!in.utf8()) {
    return in.fail("ENABLE UTF8=ACCEPT first");
  } else if (!in.space() || !in.expect('(') || !in.literal(octets, binary) || !in.expect(')')) {
    return false;
  } else if (!binary) {
    return in.fail("Expected a literal8");
  }
  if (!binary && octets.find('\0') != std::string_view::npos)
    return in.fail("A NUL needs a literal8");
  return true;
}

// append-message = [SP flag-list] [SP date-time] SP append-data
bool parse_message(Parser& in, Arriving& out) {
  if (!in.space()) return false;
  if (in.peek() == '(' && !(in.flag_list(out.flags) && in.space())) return false;
  if (in.peek() == '"') {
    std::int64_t seconds = 0;
    if (!in.date_time(seconds) || !in.space()) return false;
    out.date = seconds;
  }
  return parse_data(in, out.octets);
}

bool parse_append(Parser& in, std::string& path, std::vector<Arriving>& out) {
  if (!in.space() || !in.mailbox(path)) return false;
  do {
    if (out.size() >= in.limits().append_messages) return in.fail("Too many messages at once");
    if (!parse_message(in, out.emplace_back())) return false;
  } while (!in.at_end());
  return true;
}

// A small message costs less here than the way to another thread and back.
Task<Outcome<format::PackedMessage>> pack(Session& session, std::string_view octets) {
  if (session.packer() == nullptr || octets.size() <= model::kInlineContent)
    co_return format::pack_message(octets);
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
