// LOGIN: name and password in one line.
#include <utility>

#include "core/wipe.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

// login = "LOGIN" SP userid SP password
// RFC 9051 §6.2.3
Task<Reply> verb_login(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string name;
  std::string password;
  const WipeAtEnd wiped(password);
  if (!in.space() || !in.astring(name) || !in.space() || !in.astring(password) || !in.end())
    co_return Reply::bad(in.error());
  if (!session.may_log_in())
    co_return Reply::no("Not without TLS: your password was just shown to everybody",
                        "PRIVACYREQUIRED");
  auto checking =
      session.logins().log_in(session.login_context(), std::move(name), std::move(password));
  auto login = co_await checking;
  if (!login.ok()) co_return session.login_failed(login.failure(), "LOGIN");
  co_return session.logged_in(std::move(login).value(), "LOGIN");
}

}  // namespace fwd::imap
