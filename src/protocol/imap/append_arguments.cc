// The arguments of APPEND.
#include "protocol/imap/append_arguments.h"

#include "core/text.h"
#include "protocol/imap/session.h"

namespace fwd::imap {
namespace {

// [SP flag-list] [SP date-time] SP
bool parse_head(Parser& in, Arriving& out) {
  if (!in.space()) return false;
  if (in.peek() == '(' && !(in.flag_list(out.flags) && in.space())) return false;
  if (in.peek() == '"') {
    std::int64_t seconds = 0;
    if (!in.date_time(seconds) || !in.space()) return false;
    out.date = seconds;
  }
  return true;
}

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

Task<std::optional<Reply>> look_at_mailbox(Session& session, std::string path) {
  auto looking = session.mailbox().get_folder(std::move(path));
  const auto folder = co_await looking;
  const bool missing =
      folder.ok() ? !folder.value().selectable : folder.failure().fault == Fault::kNotFound;
  if (missing) co_return Reply::no("There is no such mailbox", "TRYCREATE");
  if (!folder.ok()) co_return session.failed(folder.failure(), "append");
  auto measuring = session.mailbox().quota();
  const auto quota = co_await measuring;
  if (!quota.ok()) co_return session.failed(quota.failure(), "append");
  // What a message will take is known when it is packed; that nothing fits, now.
  if (quota.value().limit != 0 && quota.value().used >= quota.value().limit)
    co_return Reply::no("The mailbox is full", "OVERQUOTA");
  co_return std::nullopt;
}

}  // namespace

bool parse_append(Parser& in, std::string& path, std::vector<Arriving>& out) {
  if (!in.space() || !in.mailbox(path)) return false;
  do {
    if (out.size() >= in.limits().append_messages) return in.fail("Too many messages at once");
    Arriving& one = out.emplace_back();
    if (!parse_head(in, one) || !parse_data(in, one.octets)) return false;
  } while (!in.at_end());
  return true;
}

Task<std::optional<Reply>> AppendGate::refuses(std::string_view text, const LiteralMark& mark) {
  if (!mark.synchronising && mark.octets <= session_.limits().literal) co_return std::nullopt;
  if ((session_.stage() & kInside) == 0) co_return std::nullopt;  // is told so in a moment
  Parser in(text, session_.limits(), session_.out().utf8());
  std::string tag, verb, path;
  if (!in.tag(tag) || !in.space() || !in.atom(verb) || !same_word(verb, "APPEND") || !in.space())
    co_return std::nullopt;
  // The literal may be the folder's name, or a further message.
  if (!in.mailbox(path) || in.rest().find("\r\n") != std::string_view::npos) co_return std::nullopt;
  Arriving head;
  if (!parse_head(in, head)) co_return Reply::bad(in.error());
  auto looking = look_at_mailbox(session_, std::move(path));
  co_return co_await looking;
}

}  // namespace fwd::imap
