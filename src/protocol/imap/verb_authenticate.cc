// AUTHENTICATE: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-256-PLUS.
#include <memory>
#include <optional>
#include <utility>

#include "core/wipe.h"
#include "protocol/imap/session.h"
#include "protocol/sasl/exchange.h"

namespace fwd::imap {
namespace {

// Asks Logins, and keeps whom it let in.
class LoginKeeper final : public sasl::Keeper {
 public:
  explicit LoginKeeper(Session& session) : session_(session) {}

  Task<Outcome<void>> check_password(std::string name, std::string password) override {
    const Wiped held(std::move(password));
    auto checking = session_.logins().log_in(session_.login_context(), std::move(name), held.text);
    auto login = co_await checking;
    if (!login.ok()) co_return login.failure();
    login_ = std::move(login).value();
    co_return Outcome<void>{};
  }

  Task<Outcome<std::string>> begin_scram(std::string client_first, bool offered_plus) override {
    auto beginning = session_.logins().begin_scram(session_.login_context(),
                                                   std::move(client_first), offered_plus);
    auto exchange = co_await beginning;
    if (!exchange.ok()) co_return exchange.failure();
    scram_ = std::move(exchange).value();
    co_return scram_->server_first();
  }

  Task<Outcome<std::string>> finish_scram(std::string client_final,
                                          std::string binding_data) override {
    auto finishing = scram_->finish(std::move(client_final), std::move(binding_data));
    auto verdict = co_await finishing;
    if (!verdict.ok()) co_return verdict.failure();
    login_ = std::move(verdict.value().login);
    co_return std::move(verdict.value().server_final);
  }

  model::LoggedIn take_login() { return std::move(*login_); }

 private:
  Session& session_;
  std::unique_ptr<model::ScramExchange> scram_;
  std::optional<model::LoggedIn> login_;
};

Reply refusal(Session& session, const sasl::Exchange& exchange, const sasl::Step& step) {
  const std::string mechanism(sasl::mechanism_name(exchange.mechanism()));
  switch (step.problem) {
    case sasl::Problem::kCancelled:
      return Reply::bad("Cancelled");
    case sasl::Problem::kNotBase64:
      return Reply::bad("That is not base64");
    case sasl::Problem::kBadMessage:
      return Reply::bad("That is not a " + mechanism + " message");
    case sasl::Problem::kForAnother:
      return Reply::no("Nobody may act for another", "AUTHORIZATIONFAILED");
    case sasl::Problem::kBadBinding:
      return Reply::no("That channel binding does not fit", "AUTHENTICATIONFAILED");
    case sasl::Problem::kKeeper:
      break;
  }
  return session.login_failed(step.failure, mechanism);
}

Task<Reply> converse(Session& session, sasl::Mechanism mechanism,
                     std::optional<std::string> initial) {
  LoginKeeper keeper(session);
  sasl::Exchange exchange(mechanism, keeper, session.stream().tls());
  auto beginning = exchange.begin(std::move(initial));
  sasl::Step step = co_await beginning;
  while (step.kind == sasl::Step::Kind::kAsk) {
    // challenge: "+ " base64
    session.out().raw("+ " + step.challenge);
    session.out().end();
    auto reading = session.read_answer(session.limits().login_line);
    ReadCommand answer = co_await reading;
    if (answer.kind == ReadCommand::Kind::kRefused) co_return std::move(answer.refusal);
    if (answer.kind != ReadCommand::Kind::kWhole) co_return Reply::nothing();
    auto answering = exchange.answer(std::move(answer.text));
    wipe(answer.text);
    step = co_await answering;
  }
  if (step.kind == sasl::Step::Kind::kRefused) co_return refusal(session, exchange, step);
  co_return session.logged_in(keeper.take_login(), sasl::mechanism_name(mechanism));
}

}  // namespace

// authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp] *(CRLF base64)
// RFC 9051 §6.2.2; the initial response is RFC 4959 §3.
Task<Reply> verb_authenticate(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string name;
  if (!in.space() || !in.atom(name)) co_return Reply::bad(in.error());
  std::optional<std::string> initial;
  if (in.take(' ')) initial = std::string(in.rest());
  const auto mechanism = sasl::find_mechanism(name);
  if (!mechanism || mechanism == sasl::Mechanism::kLogin)
    co_return Reply::no("Unknown mechanism", "CANNOT");
  if (!session.may_log_in()) co_return Reply::no("Not without TLS", "PRIVACYREQUIRED");
  if (mechanism == sasl::Mechanism::kScramSha256Plus && !session.offers_channel_binding())
    co_return Reply::no("There is no channel to bind to", "CANNOT");
  auto conversing = converse(session, *mechanism, std::move(initial));
  co_return co_await conversing;
}

}  // namespace fwd::imap
