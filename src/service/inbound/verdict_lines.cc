// Writes how a message was judged.
#include "service/inbound/verdict_lines.h"

#include <cstdio>

#include "mailauth/results/authentication_results.h"
#include "mailauth/results/field_writer.h"
#include "mailauth/results/received_spf.h"
#include "scan/header_lines.h"
#include "scan/rspamd_answer.h"
#include "service/inbound/authenticity.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMostVerdict = 900;
constexpr std::size_t kMostWhy = 120;

std::string spf_line(const MessageFacts& facts, const Evidence& evidence) {
  mailauth::ReceivedSpf line;
  line.word = evidence.spf ? std::string(mailauth::spf_word(evidence.spf->verdict)) : "temperror";
  line.receiver = facts.peer.host;
  line.identity = facts.mail.sender.null ? "helo" : "mailfrom";
  line.client_ip = facts.peer.address.ip;
  line.envelope_from = facts.mail.sender_text();
  line.helo = facts.peer.helo;
  if (evidence.spf) {
    line.mechanism = evidence.spf->mechanism;
    line.problem = evidence.spf->problem;
  }
  line.comment = mailauth::received_spf_comment(line);
  return mailauth::received_spf_line(line);
}

std::string verdict_line(const JudgingOptions& options, const Judgement& judgement) {
  mailauth::FoldedWords words("X-Forward-Email-Verdict:");
  words.word(verdict_word(judgement));
  words.glue(";");
  words.word("points=" + plain_points(judgement.points) + "/" + plain_points(options.junk_points));
  if (!judgement.decided_by.empty()) {
    words.glue(";");
    words.word("decided-by=" + std::string(judgement.decided_by));
  }
  for (const Finding& finding : judgement.findings) {
    if (words.text().size() + kMostWhy + 40 > kMostVerdict) break;
    words.glue(";");
    words.word(std::string(finding.check) + "=" + scan::one_line(finding.result, 20));
    if (finding.points != 0) words.word(signed_points(finding.points));
    words.comment(scan::one_line(finding.why, kMostWhy));
  }
  return words.text() + "\r\n";
}

// What webhooks and filters know from Forward Email.
std::string sender_line(const MessageFacts& facts, const Evidence& evidence) {
  mailauth::FoldedWords words("X-Forward-Email-Sender:");
  words.word("rfc822;");
  const auto part = [&words](const std::string& text) { words.word(scan::one_line(text, 320)); };
  if (!facts.mail.sender.null) part(facts.mail.sender_text() + ",");
  if (evidence.iprev && evidence.iprev->verdict == mailauth::IprevResult::Verdict::kPass)
    part(evidence.iprev->name + ",");
  part(facts.peer.address.ip);
  return words.text() + "\r\n";
}

std::string abuse_lines(const std::string& address) {
  if (address.empty()) return {};
  return "X-Report-Abuse-To: " + address + "\r\nX-Report-Abuse: " + address +
         "\r\nX-Complaints-To: " + address + "\r\n";
}

}  // namespace

std::string_view verdict_word(const Judgement& judgement) {
  if (judgement.refusal) return judgement.refusal->code < 500 ? "deferred" : "refused";
  return judgement.is_junk ? "junk" : "accepted";
}

std::string plain_points(double points) {
  char text[40];
  const int size = std::snprintf(text, sizeof text, "%.1f", points);
  std::string out(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

std::string signed_points(double points) { return (points > 0 ? "+" : "") + plain_points(points); }

std::string verdict_lines(const MessageFacts& facts, const Evidence& evidence,
                          const Judgement& judgement) {
  const JudgingOptions& options = facts.options.judging;
  std::string lines;
  if (evidence.was_asked) {
    const std::string& id = options.authserv_id.empty() ? facts.peer.host : options.authserv_id;
    lines += mailauth::authentication_results_line(id, method_results(facts, evidence));
    lines += spf_line(facts, evidence);
  }
  if (evidence.was_asked || evidence.scan) lines += verdict_line(options, judgement);
  if (evidence.was_asked) lines += sender_line(facts, evidence);
  if (evidence.scan) lines += scan::header_lines(*evidence.scan);
  return lines + abuse_lines(options.abuse_address);
}

}  // namespace fwd::service
