// Reads rspamd's answers.
#include "scan/rspamd_answer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/text.h"
#include "format/json.h"

namespace fwd::scan {
namespace {

constexpr format::JsonLimits kLimits{1024 * 1024, 12, 50'000};
constexpr std::size_t kMostName = 80;
constexpr std::size_t kMostMessage = 200;

constexpr std::pair<std::string_view, SpamAction> kActions[] = {
    {"no action", SpamAction::kNone},
    {"greylist", SpamAction::kGreylist},
    {"add header", SpamAction::kAddHeader},
    {"rewrite subject", SpamAction::kRewriteSubject},
    {"soft reject", SpamAction::kSoftReject},
    {"reject", SpamAction::kReject},
    // Mail is never dropped without a word, nor kept where nobody looks.
    {"quarantine", SpamAction::kAddHeader},
    {"discard", SpamAction::kReject},
};

// A finite number within reason, or `otherwise`.
double number(const format::Json* value, double otherwise) {
  constexpr double kMost = 1e6;
  double found = otherwise;
  if (value != nullptr && value->integer() != nullptr)
    found = static_cast<double>(*value->integer());
  else if (value != nullptr && value->real() != nullptr)
    found = *value->real();
  return std::isfinite(found) ? std::clamp(found, -kMost, kMost) : otherwise;
}

std::string symbol_name(std::string_view text) {
  std::string name(text.substr(0, kMostName));
  for (char& c : name)
    if (!is_alnum(c) && c != '_' && c != '-' && c != '.') c = '_';
  return name;
}

std::vector<SpamSymbol> read_symbols(const format::Json* held) {
  std::vector<SpamSymbol> symbols;
  if (held == nullptr || held->object() == nullptr) return symbols;
  for (const format::JsonMember& member : *held->object())
    symbols.push_back({symbol_name(member.name), number(member.value.find("score"), 0)});
  std::stable_sort(symbols.begin(), symbols.end(), [](const SpamSymbol& a, const SpamSymbol& b) {
    return std::abs(a.score) > std::abs(b.score);
  });
  if (symbols.size() > kMostSymbols) symbols.resize(kMostSymbols);
  return symbols;
}

Failure nonsense(const char* why) { return Failure{Fault::kUnavailable, "", why}; }

}  // namespace

const char* spam_action_name(SpamAction action) {
  for (const auto& [name, of] : kActions)
    if (of == action) return name.data();
  return "no action";
}

std::string one_line(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) {
    if (out.size() >= most) break;
    const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (is_space && (out.empty() || out.back() == ' ')) continue;
    out += is_space ? ' ' : c > ' ' && c < '\x7f' ? c : '?';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Outcome<SpamVerdict> read_spam_verdict(std::string_view json) {
  const auto parsed = format::parse_json(json, kLimits);
  if (!parsed.ok()) return nonsense("rspamd's answer is not JSON, or too large");
  const format::Json& answer = parsed.value();
  const format::Json* error = answer.find("error");
  if (error != nullptr && error->text() != nullptr)
    return Failure{Fault::kUnavailable, "", "rspamd: " + one_line(*error->text(), kMostMessage)};
  const format::Json* action = answer.find("action");
  if (action == nullptr || action->text() == nullptr)
    return nonsense("rspamd's answer names no action");
  SpamVerdict verdict;
  const auto* known =
      std::find_if(std::begin(kActions), std::end(kActions),
                   [&](const auto& entry) { return entry.first == *action->text(); });
  if (known == std::end(kActions))
    return nonsense("rspamd's answer names an action we do not know");
  verdict.action = known->second;
  verdict.score = number(answer.find("score"), 0);
  verdict.required = number(answer.find("required_score"), 0);
  verdict.symbols = read_symbols(answer.find("symbols"));
  const format::Json* messages = answer.find("messages");
  const format::Json* words = messages == nullptr ? nullptr : messages->find("smtp_message");
  if (words != nullptr && words->text() != nullptr)
    verdict.message = one_line(*words->text(), kMostMessage);
  return verdict;
}

}  // namespace fwd::scan
