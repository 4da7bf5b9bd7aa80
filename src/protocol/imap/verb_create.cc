// CREATE: a new folder, with a special use perhaps.
#include <utility>

#include "core/text.h"
#include "protocol/imap/session.h"
#include "protocol/imap/special_use.h"

namespace fwd::imap {

namespace {

// create-param = "USE" SP "(" [use-attr *(SP use-attr)] ")" (RFC 6154 §6)
bool parse_use(Parser& in, model::SpecialUse& use, bool& several) {
  if (!in.word("USE") || !in.space() || !in.expect('(')) return in.fail("Expected USE (...)");
  while (!in.take(')')) {
    std::string name;
    if (use != model::SpecialUse::kNone) several = true;
    if (!in.expect('\\') || !in.atom(name)) return false;
    use = special_use_by_name(name);
    if (use == model::SpecialUse::kNone) several = true;  // not one we can give
    if (!in.take(' ') && in.peek() != ')') return in.fail("Expected ')'");
  }
  return true;
}

}  // namespace

// RFC 9051 §6.3.4, RFC 6154 §3; MAILBOXID is RFC 8474 §4.1.
Task<Reply> verb_create(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  model::SpecialUse use = model::SpecialUse::kNone;
  bool wrong_use = false;
  if (!in.space() || !in.mailbox(path)) co_return Reply::bad(in.error());
  if (in.take(' ') && !(in.expect('(') && parse_use(in, use, wrong_use) && in.expect(')')))
    co_return Reply::bad(in.error());
  if (!in.end()) co_return Reply::bad(in.error());
  if (wrong_use) co_return Reply::no("No mailbox can have that use", "USEATTR");
  // A separator at the end announces children and is no part of the name.
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  auto creating = session.mailbox().create_folder(std::move(path), use);
  const auto folder = co_await creating;
  if (!folder.ok()) {
    Reply reply = session.failed(folder.failure(), "create");
    // RFC 6154 §3: the name would do, its use would not.
    if (use != model::SpecialUse::kNone && folder.failure().fault == Fault::kCannot)
      reply.code = "USEATTR";
    co_return reply;
  }
  co_return Reply::ok("CREATE completed", "MAILBOXID (" + folder.value().object_id + ")");
}

}  // namespace fwd::imap
