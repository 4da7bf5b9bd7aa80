// PLAIN, LOGIN and SCRAM, message by message.
#include "protocol/sasl/exchange.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/text.h"
#include "core/wipe.h"

namespace fwd::sasl {
namespace {

struct Named {
  std::string_view name;
  Mechanism mechanism;
};

constexpr Named kNames[] = {
    {"PLAIN", Mechanism::kPlain},
    {"LOGIN", Mechanism::kLogin},
    {"SCRAM-SHA-256", Mechanism::kScramSha256},
    {"SCRAM-SHA-256-PLUS", Mechanism::kScramSha256Plus},
};

Step ask(std::string_view octets) {
  Step step;
  step.kind = Step::Kind::kAsk;
  step.challenge = to_base64(octets);
  return step;
}

Step done() {
  Step step;
  step.kind = Step::Kind::kDone;
  return step;
}

Step refuse(Problem problem) {
  Step step;
  step.problem = problem;
  return step;
}

Step refuse(Failure failure) {
  Step step;
  step.failure = std::move(failure);
  return step;
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

}  // namespace

std::optional<Mechanism> find_mechanism(std::string_view name) {
  const auto* hit = std::find_if(std::begin(kNames), std::end(kNames),
                                 [&](const Named& n) { return same_word(name, n.name); });
  if (hit == std::end(kNames)) return std::nullopt;
  return hit->mechanism;
}

std::string_view mechanism_name(Mechanism mechanism) {
  const auto* hit = std::find_if(std::begin(kNames), std::end(kNames),
                                 [&](const Named& n) { return n.mechanism == mechanism; });
  return hit->name;
}

bool has_channel_binding(const TlsState& tls) {
  return tls.active && (!tls.tls_exporter.empty() || !tls.tls_server_end_point.empty());
}

Exchange::~Exchange() {
  wipe(name_);
  wipe(binding_);
}

Task<Step> Exchange::begin(std::optional<std::string> initial) {
  if (!initial) co_return ask(mechanism_ == Mechanism::kLogin ? "Username:" : "");
  if (*initial == "=") initial->clear();
  auto answering = answer(std::move(*initial));
  wipe(*initial);
  co_return co_await answering;
}

Task<Step> Exchange::answer(std::string line) {
  const Wiped held(std::move(line));
  if (held.text == "*") co_return refuse(Problem::kCancelled);
  auto message = from_base64(held.text);
  if (!message) co_return refuse(Problem::kNotBase64);
  auto taking = take(std::move(*message));
  wipe(*message);
  co_return co_await taking;
}

Task<Step> Exchange::take(std::string message) {
  const Wiped held(std::move(message));
  const Awaits awaits = std::exchange(awaits_, Awaits::kNothing);
  if (awaits == Awaits::kNothing) {
    if (!held.text.empty()) co_return refuse(Problem::kBadMessage);
    co_return done();  // the answer to the server's proof
  }
  Task<Step> taking;
  if (awaits == Awaits::kProof) {
    taking = take_proof(held.text);
  } else if (awaits == Awaits::kPassword) {
    taking = check(name_, held.text);
  } else if (mechanism_ == Mechanism::kPlain) {
    taking = take_plain(held.text);
  } else if (mechanism_ == Mechanism::kLogin) {
    name_ = held.text;
    awaits_ = Awaits::kPassword;
    co_return ask("Password:");
  } else {
    taking = take_client_first(held.text);
  }
  co_return co_await taking;
}

// message = [authzid] NUL authcid NUL passwd (RFC 4616 §2)
Task<Step> Exchange::take_plain(std::string message) {
  const Wiped held(std::move(message));
  const std::string_view text = held.text;
  const std::size_t first = text.find('\0');
  const std::size_t second = first == text.npos ? first : text.find('\0', first + 1);
  if (second == text.npos || text.find('\0', second + 1) != text.npos)
    co_return refuse(Problem::kBadMessage);
  const auto name = text.substr(first + 1, second - first - 1);
  if (first != 0 && !same_word(text.substr(0, first), name)) co_return refuse(Problem::kForAnother);
  auto checking = check(std::string(name), std::string(text.substr(second + 1)));
  co_return co_await checking;
}

Task<Step> Exchange::check(std::string name, std::string password) {
  const Wiped held(std::move(password));
  if (name.find('\0') != name.npos || held.text.find('\0') != name.npos)
    co_return refuse(Problem::kBadMessage);
  auto checking = keeper_.check_password(std::move(name), held.text);
  const auto checked = co_await checking;
  co_return checked.ok() ? done() : refuse(checked.failure());
}

Task<Step> Exchange::take_client_first(std::string message) {
  auto binding = binding_data(tls_, message, mechanism_ == Mechanism::kScramSha256Plus);
  if (!binding) co_return refuse(Problem::kBadBinding);
  binding_ = std::move(*binding);
  auto beginning = keeper_.begin_scram(std::move(message), has_channel_binding(tls_));
  const auto server_first = co_await beginning;
  if (!server_first.ok()) co_return refuse(server_first.failure());
  awaits_ = Awaits::kProof;
  co_return ask(server_first.value());
}

// The server's proof goes as one more challenge, which the client answers by
// an empty line (RFC 4954 §4, RFC 9051 §6.2.2).
Task<Step> Exchange::take_proof(std::string message) {
  auto finishing = keeper_.finish_scram(std::move(message), binding_);
  const auto server_final = co_await finishing;
  if (!server_final.ok()) co_return refuse(server_final.failure());
  co_return ask(server_final.value());
}

}  // namespace fwd::sasl
