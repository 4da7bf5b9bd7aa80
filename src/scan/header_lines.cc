// Writes what the scanners found.
#include "scan/header_lines.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "core/text.h"

namespace fwd::scan {
namespace {

constexpr std::size_t kLine = 76;
constexpr std::size_t kMostResult = 900;

constexpr std::string_view kStatus = "X-Spam-Status";
constexpr std::string_view kScore = "X-Spam-Score";
constexpr std::string_view kResult = "X-Spamd-Result";
constexpr std::string_view kVirus = "X-Virus-Status";
constexpr std::string_view kFields[] = {kStatus, kScore, kResult, kVirus};
// Others' words of the same meaning, which clients and rules trust.
constexpr std::string_view kAlike[] = {"X-Spam", "X-Spam-Flag", "X-Spam-Level", "X-Virus-Scanned"};

std::string two_digits(double number) {
  char text[40];
  const int size = std::snprintf(text, sizeof text, "%.2f", number);
  const std::string out(text, static_cast<std::size_t>(std::max(size, 0)));
  return out == "-0.00" ? "0.00" : out;
}

// Words between spaces, folded before the line gets too long.
std::string field(std::string_view name, std::string_view value) {
  std::string out(name);
  out += ':';
  std::size_t column = out.size();
  for (const std::string_view word : split(value, ' ')) {
    if (column + 1 + word.size() > kLine && column > name.size() + 1) {
      out += "\r\n";
      column = 0;
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
  }
  return out + "\r\n";
}

bool is_spam(SpamAction action) {
  return action == SpamAction::kAddHeader || action == SpamAction::kRewriteSubject ||
         action == SpamAction::kReject;
}

std::string symbols_text(const SpamVerdict& spam) {
  std::string out;
  for (const SpamSymbol& symbol : spam.symbols) {
    const std::string next = symbol.name + '(' + two_digits(symbol.score) + ')';
    if (out.size() + 2 + next.size() + 5 > kMostResult) return out + ", ...";
    if (!out.empty()) out += ", ";
    out += next;
  }
  return out;
}

std::string virus_text(const VirusVerdict& virus) {
  if (virus.kind == VirusVerdict::Kind::kFound) return "Infected (" + virus.name + ")";
  return virus.kind == VirusVerdict::Kind::kClean ? "Clean" : "Unknown, too large to be scanned";
}

}  // namespace

std::string header_lines(const ScanResult& result) {
  if (result.is_too_large)
    return field(kStatus, "Unknown, too large to be scanned") +
           field(kVirus, "Unknown, too large to be scanned");
  std::string out;
  if (result.spam) {
    const SpamVerdict& spam = *result.spam;
    out += field(kStatus, std::string(is_spam(spam.action) ? "Yes" : "No") + ", score=" +
                              two_digits(spam.score) + " required=" + two_digits(spam.required) +
                              " action=\"" + spam_action_name(spam.action) + '"');
    out += field(kScore, two_digits(spam.score));
    if (!spam.symbols.empty()) out += field(kResult, symbols_text(spam));
  } else if (!result.spam_problem.empty()) {
    out += field(kStatus, "Unknown, the scanner is away");
  }
  if (result.virus)
    out += field(kVirus, virus_text(*result.virus));
  else if (!result.virus_problem.empty())
    out += field(kVirus, "Unknown, the scanner is away");
  return out;
}

bool is_scan_field(std::string_view name) {
  const auto is_name = [name](std::string_view field) { return same_word(field, name); };
  return std::any_of(std::begin(kFields), std::end(kFields), is_name) ||
         std::any_of(std::begin(kAlike), std::end(kAlike), is_name);
}

}  // namespace fwd::scan
