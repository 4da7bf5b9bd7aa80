// What a session offers and how it becomes somebody's.
#include <utility>

#include "protocol/imap/failure_reply.h"
#include "protocol/imap/session.h"
#include "protocol/sasl/exchange.h"

namespace fwd::imap {

bool Session::offers_channel_binding() const { return sasl::has_channel_binding(stream_.tls()); }

// RFC 9051 §7.2.2.  A stranger is told only what a stranger can use.
std::string Session::capabilities() const {
  std::string out = "IMAP4rev1 IMAP4rev2 ID SASL-IR ENABLE ";
  if (!login_) {
    out += "LITERAL-";
    if (stream_.may_start_tls()) out += " STARTTLS";
    if (!may_log_in()) return out + " LOGINDISABLED";
    out += " AUTH=PLAIN AUTH=SCRAM-SHA-256";
    if (offers_channel_binding()) out += " AUTH=SCRAM-SHA-256-PLUS";
    return out;
  }
  return out +
         "LITERAL+ IDLE NAMESPACE UNSELECT UIDPLUS MOVE CHILDREN SPECIAL-USE CREATE-SPECIAL-USE "
         "LIST-EXTENDED LIST-STATUS STATUS=SIZE ESEARCH SEARCHRES CONDSTORE QRESYNC BINARY "
         "UTF8=ACCEPT MULTIAPPEND WITHIN OBJECTID SAVEDATE PREVIEW QUOTA QUOTA=RES-STORAGE "
         "APPENDLIMIT=" +
         std::to_string(limits_.append);
}

Task<ReadCommand> Session::read_answer(std::size_t limit) {
  ReadCommand answer;
  auto reading = reader_.read_answer(limit);
  if (login_) {
    answer = co_await reading;
  } else {
    auto in_time = co_await before(clock_, login_deadline_, std::move(reading));
    answer.kind = ReadCommand::Kind::kSilent;
    if (in_time) answer = std::move(*in_time);
  }
  if (answer.kind != ReadCommand::Kind::kWhole && answer.kind != ReadCommand::Kind::kRefused)
    end_by(answer.kind);
  co_return answer;
}

model::LoginContext Session::login_context() const { return {"imap", stream_.peer().ip, id_}; }

Reply Session::logged_in(model::LoggedIn login, std::string_view mechanism) {
  login_ = std::move(login);
  log_.event("imap.login", {{"s", id_},
                            {"peer", stream_.peer().ip},
                            {"alias", login_->alias_id},
                            {"address", login_->address},
                            {"mechanism", std::string(mechanism)}});
  return Reply::ok("Logged in", "CAPABILITY " + capabilities());
}

Reply Session::login_failed(const Failure& failure, std::string_view mechanism) {
  log_.warning("imap.login.failed", {{"s", id_},
                                     {"peer", stream_.peer().ip},
                                     {"mechanism", std::string(mechanism)},
                                     {"fault", fault_name(failure.fault)},
                                     {"what", failure.private_text}});
  if (failure.fault != Fault::kBadLogin) {
    Reply reply = failure_reply(failure);
    // Too many wrong passwords are a matter of time, as an outage is.
    if (failure.fault == Fault::kBusy) reply.code = "UNAVAILABLE";
    return reply;
  }
  if (++wrong_logins_ < limits_.wrong_logins) return failure_reply(failure);
  return Reply::bye("Too many wrong passwords", "AUTHENTICATIONFAILED");
}

}  // namespace fwd::imap
