// ID: who speaks here (RFC 2971).
#include "protocol/imap/session.h"

namespace fwd::imap {

namespace {

constexpr int kMostPairs = 30;  // RFC 2971 §3.3
constexpr std::size_t kLongest = 1024;

// id-params-list = "(" [string SP nstring *(SP string SP nstring)] ")" / nil
bool parse_id(Parser& in) {
  if (in.word("NIL")) return in.end();
  if (!in.expect('(')) return false;
  if (in.take(')')) return in.end();
  for (int pairs = 0; pairs < kMostPairs; ++pairs) {
    std::string key;
    std::string value;
    bool nil = false;
    if (!in.string(key) || !in.space() || !in.nstring(value, nil)) return false;
    if (key.size() > 30 || value.size() > kLongest) return in.fail("A field is too long");
    if (in.take(')')) return in.end();
    if (!in.space()) return false;
  }
  return in.fail("Too many fields");
}

}  // namespace

// RFC 2971 §3.1.  The version is told to those who have logged in.
Task<Reply> verb_id(Session& session, Command& command) {
  Parser& in = command.arguments;
  if (!in.space() || !parse_id(in)) co_return Reply::bad(in.error());
  Writer& out = session.out();
  out.raw("* ID (\"name\" \"Forward Email\"");
  if (session.stage() != kStranger) {
    out.raw(" \"version\" ");
    out.string(session.limits().server_version);
  }
  out.raw(")");
  out.end();
  co_return Reply::ok("ID completed");
}

}  // namespace fwd::imap
