// GETQUOTA and GETQUOTAROOT: how full the mailbox is (RFC 9208).
#include <utility>

#include "protocol/imap/session.h"

namespace fwd::imap {

namespace {

// resource STORAGE counts units of 1024 octets (RFC 9208 §5.1).
void tell_quota(Writer& out, const model::Quota& quota) {
  out.raw("* QUOTA \"\" (STORAGE ");
  out.number((quota.used + 1023) / 1024);
  out.raw(" ");
  out.number(quota.limit / 1024);
  out.raw(")");
  out.end();
}

}  // namespace

// RFC 9208 §4.1.1: there is one quota root, named "".
Task<Reply> verb_getquota(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string root;
  if (!in.space() || !in.astring(root) || !in.end()) co_return Reply::bad(in.error());
  if (!root.empty()) co_return Reply::no("There is no such quota root", "NONEXISTENT");
  auto asking = session.mailbox().quota();
  const auto quota = co_await asking;
  if (!quota.ok()) co_return session.failed(quota.failure(), "quota");
  if (quota.value().limit > 0) tell_quota(session.out(), quota.value());
  co_return Reply::ok("GETQUOTA completed");
}

// RFC 9208 §4.1.2
Task<Reply> verb_getquotaroot(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string path;
  if (!in.space() || !in.mailbox(path) || !in.end()) co_return Reply::bad(in.error());
  auto looking = session.mailbox().get_folder(path);
  const auto folder = co_await looking;
  if (!folder.ok()) co_return session.failed(folder.failure(), "quota");
  auto asking = session.mailbox().quota();
  const auto quota = co_await asking;
  if (!quota.ok()) co_return session.failed(quota.failure(), "quota");
  Writer& out = session.out();
  out.raw("* QUOTAROOT ");
  out.mailbox(path);
  if (quota.value().limit > 0) out.raw(" \"\"");
  out.end();
  if (quota.value().limit > 0) tell_quota(out, quota.value());
  co_return Reply::ok("GETQUOTAROOT completed");
}

}  // namespace fwd::imap
