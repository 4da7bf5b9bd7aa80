// AUTHENTICATE: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-256-PLUS.
#include <optional>
#include <utility>

#include "core/text.h"
#include "core/wipe.h"
#include "protocol/imap/session.h"

namespace fwd::imap {

namespace {

// What the client answers to one challenge, decoded; a Reply ends the exchange.
struct ClientSays {
  std::optional<std::string> octets;
  Reply refusal;
};

ClientSays decode(std::string_view text) {
  if (text == "*") return {{}, Reply::bad("Cancelled")};
  auto octets = from_base64(text);
  if (!octets) return {{}, Reply::bad("That is not base64")};
  return {std::move(octets), {}};
}

// challenge: "+ " base64
Task<ClientSays> ask(Session& session, std::string challenge) {
  session.out().raw("+ " + to_base64(challenge));
  session.out().end();
  auto reading = session.read_answer(session.limits().login_line);
  ReadCommand answer = co_await reading;
  if (answer.kind == ReadCommand::Kind::kRefused)
    co_return ClientSays{{}, std::move(answer.refusal)};
  if (answer.kind != ReadCommand::Kind::kWhole) co_return ClientSays{{}, Reply::nothing()};
  const WipeAtEnd wiped(answer.text);
  co_return decode(answer.text);
}

// message = [authzid] NUL authcid NUL passwd (RFC 4616 §2)
Task<Reply> plain(Session& session, std::string message) {
  const std::size_t first = message.find('\0');
  const std::size_t second = first == std::string::npos ? first : message.find('\0', first + 1);
  if (second == std::string::npos || message.find('\0', second + 1) != std::string::npos)
    co_return Reply::bad("That is not a PLAIN message");
  std::string name = message.substr(first + 1, second - first - 1);
  std::string password = message.substr(second + 1);
  const WipeAtEnd wiped_message(message), wiped_password(password);
  if (first != 0 && !same_word(std::string_view(message).substr(0, first), name))
    co_return Reply::no("Nobody may act for another", "AUTHORIZATIONFAILED");
  auto checking =
      session.logins().log_in(session.login_context(), std::move(name), std::move(password));
  auto login = co_await checking;
  if (!login.ok()) co_return session.login_failed(login.failure(), "PLAIN");
  co_return session.logged_in(std::move(login).value(), "PLAIN");
}

// gs2-cbind-flag = ("p=" cb-name) / "n" / "y" (RFC 5802 §7).  Nothing: the flag
// does not fit the mechanism or names a binding we do not have.
std::optional<std::string> binding_data(const TlsState& tls, std::string_view client_first,
                                        bool plus) {
  const std::string_view flag = client_first.substr(0, client_first.find(','));
  if (!plus) return flag == "n" || flag == "y" ? std::optional<std::string>("") : std::nullopt;
  if (flag == "p=tls-exporter" && !tls.tls_exporter.empty()) return tls.tls_exporter;
  if (flag == "p=tls-server-end-point" && !tls.tls_server_end_point.empty())
    return tls.tls_server_end_point;
  return std::nullopt;
}

Task<Reply> scram(Session& session, std::string client_first, bool plus) {
  const std::string_view mechanism = plus ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256";
  auto binding = binding_data(session.stream().tls(), client_first, plus);
  if (!binding) co_return Reply::no("That channel binding does not fit", "AUTHENTICATIONFAILED");
  auto beginning = session.logins().begin_scram(session.login_context(), std::move(client_first),
                                                session.offers_channel_binding());
  auto exchange = co_await beginning;
  if (!exchange.ok()) co_return session.login_failed(exchange.failure(), mechanism);
  const auto scram_exchange = std::move(exchange).value();
  auto asking = ask(session, scram_exchange->server_first());
  ClientSays final = co_await asking;
  if (!final.octets) co_return final.refusal;
  auto finishing = scram_exchange->finish(std::move(*final.octets), std::move(*binding));
  auto verdict = co_await finishing;
  if (!verdict.ok()) co_return session.login_failed(verdict.failure(), mechanism);
  // The server's proof goes as one more challenge, which the client answers by
  // an empty line (RFC 9051 §6.2.2).
  auto proving = ask(session, verdict.value().server_final);
  const ClientSays last = co_await proving;
  if (!last.octets) co_return last.refusal;
  if (!last.octets->empty()) co_return Reply::bad("Nothing was left to say");
  co_return session.logged_in(std::move(verdict).value().login, mechanism);
}

}  // namespace

// authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp] *(CRLF base64)
// RFC 9051 §6.2.2; the initial response is RFC 4959 §3.
Task<Reply> verb_authenticate(Session& session, Command& command) {
  Parser& in = command.arguments;
  std::string mechanism;
  if (!in.space() || !in.atom(mechanism)) co_return Reply::bad(in.error());
  std::optional<std::string_view> initial;
  if (in.take(' ')) initial = in.rest();
  const bool is_plain = same_word(mechanism, "PLAIN");
  const bool is_plus = same_word(mechanism, "SCRAM-SHA-256-PLUS");
  if (!is_plain && !is_plus && !same_word(mechanism, "SCRAM-SHA-256"))
    co_return Reply::no("Unknown mechanism", "CANNOT");
  if (!session.may_log_in()) co_return Reply::no("Not without TLS", "PRIVACYREQUIRED");
  if (is_plus && !session.offers_channel_binding())
    co_return Reply::no("There is no channel to bind to", "CANNOT");
  ClientSays first;
  if (initial) {
    first = decode(*initial == "=" ? std::string_view() : *initial);
  } else {
    auto asking = ask(session, std::string());
    first = co_await asking;
  }
  if (!first.octets) co_return first.refusal;
  auto exchange = is_plain ? plain(session, std::move(*first.octets))
                           : scram(session, std::move(*first.octets), is_plus);
  co_return co_await exchange;
}

}  // namespace fwd::imap
