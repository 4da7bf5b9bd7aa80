// Asks lists in the DNS about an address.
#include "service/inbound/dns_lists.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/all_of.h"
#include "core/text.h"
#include "format/domain_name.h"
#include "format/ip_network.h"

namespace fwd::service {
namespace {

constexpr std::size_t kMostLists = 40;
constexpr std::size_t kMostReason = 200;
constexpr double kUsualPoints = 5;
constexpr std::uint64_t kMostPoints = 1000;

// "3", "3.5", "0.25".
std::optional<double> read_points(std::string_view text) {
  const std::size_t dot = text.find('.');
  const auto whole = parse_number(text.substr(0, dot));
  if (!whole || *whole > kMostPoints) return std::nullopt;
  if (dot == std::string_view::npos) return static_cast<double>(*whole);
  const std::string_view digits = text.substr(dot + 1);
  const auto part = parse_number(digits);
  if (!part || digits.size() > 6) return std::nullopt;
  return static_cast<double>(*whole) +
         static_cast<double>(*part) / std::pow(10.0, static_cast<double>(digits.size()));
}

std::optional<DnsList> read_list(const std::string& written, bool is_block) {
  const std::size_t equals = written.find('=');
  const auto zone = format::domain_to_ascii(written.substr(0, equals));
  if (!zone.ok() || zone.value().find('.') == std::string::npos) return std::nullopt;
  DnsList list;
  list.zone = zone.value();
  list.points = kUsualPoints;
  if (equals != std::string::npos) {
    const std::string what = written.substr(equals + 1);
    list.refuses = is_block && what == "refuse";
    const auto points = list.refuses ? std::optional<double>(kUsualPoints) : read_points(what);
    if (!points) return std::nullopt;
    list.points = *points;
  }
  if (!is_block) list.points = -list.points;
  return list;
}

// A list's words go into our replies and logs.
std::string clean_reason(const std::vector<std::string>& texts) {
  std::string reason = texts.empty() ? "" : texts[0].substr(0, kMostReason);
  for (char& c : reason)
    if (c < ' ' || c > '~') c = '?';
  return reason;
}

struct Answered {
  std::optional<DnsListHit> hit;
  std::string trouble;
};

// RFC 5782 §2.1: an entry is 127.0.0.0/8.  Whatever else a zone answers is a
// domain that was sold, or a resolver that helps too much.  127.255.255.x is no
// entry but the list's refusal to talk to our resolver, and so is the 127.0.0.255
// of lists of good senders.
Answered read_answer(const DnsList& list, const net::DnsAnswer& answer) {
  Answered answered;
  const auto entries = format::parse_ip_network("127.0.0.0/8");
  const auto refusals = format::parse_ip_network("127.255.255.0/24");
  for (const std::string& text : net::addresses(answer)) {
    const auto address = format::parse_ip(text);
    if (!address || !entries->contains(*address)) {
      answered.trouble = list.zone + ": answers " + text + ", which is no entry";
    } else if (refusals->contains(*address) || (list.points < 0 && text == "127.0.0.255")) {
      answered.hit.reset();
      answered.trouble = list.zone + ": refuses our resolver (" + text + ")";
      return answered;
    } else if (!answered.hit) {
      answered.hit = DnsListHit{list.zone, text, "", list.refuses, list.points};
    }
  }
  return answered;
}

Task<Answered> ask_list(net::Resolver& resolver, Clock& clock, Instant deadline, DnsList list,
                        std::string name) {
  auto asking = before(clock, deadline, resolver.resolve(name, net::DnsType::kA));
  const auto answer = co_await asking;
  if (!answer) co_return Answered{std::nullopt, list.zone + ": did not answer in time"};
  if (!answer->ok()) {
    const std::string& why = answer->failure().private_text;
    co_return Answered{std::nullopt, list.zone + ": " + (why.empty() ? "no answer" : why)};
  }
  Answered answered = read_answer(list, answer->value());
  if (!answered.hit) co_return answered;
  auto asking_why = before(clock, deadline, resolver.resolve(name, net::DnsType::kTxt));
  const auto why = co_await asking_why;
  if (why && why->ok()) answered.hit->reason = clean_reason(net::texts(why->value()));
  co_return answered;
}

DnsListVerdict judge(std::vector<DnsListHit> hits, std::vector<std::string> troubles) {
  DnsListVerdict verdict;
  verdict.finding = {"dns-lists", hits.empty() ? "none" : "known", "", 0};
  for (const DnsListHit& hit : hits) {
    Finding& finding = verdict.finding;
    finding.points += hit.points;
    finding.why += (finding.why.empty() ? "" : ", ") + hit.zone + " " + hit.answer;
    if (hit.refuses || hit.points > 0) finding.result = "listed";
    if (!hit.refuses || verdict.refusal) continue;
    verdict.refusal = smtp::Reply{
        554, "5.7.1",
        "Your host is listed at " + hit.zone + (hit.reason.empty() ? "" : ": " + hit.reason)};
  }
  verdict.hits = std::move(hits);
  verdict.troubles = std::move(troubles);
  return verdict;
}

}  // namespace

std::vector<DnsList> read_dns_lists(const std::vector<std::string>& block,
                                    const std::vector<std::string>& allow,
                                    std::vector<std::string>& faults) {
  std::vector<DnsList> lists;
  const auto add = [&](const std::vector<std::string>& words, bool is_block) {
    const std::string option = is_block ? "smtp.dns-blocklists: " : "smtp.dns-allowlists: ";
    for (const std::string& word : words) {
      const auto list = read_list(word, is_block);
      if (!list) {
        faults.push_back(option + word + " is not a zone with points" +
                         (is_block ? " or refuse" : ""));
      } else if (lists.size() == kMostLists) {
        faults.push_back(option + "more than " + std::to_string(kMostLists) + " lists");
        return;
      } else {
        lists.push_back(*list);
      }
    }
  };
  add(block, true);
  add(allow, false);
  return lists;
}

std::string dns_list_name(const std::string& ip, const std::string& zone) {
  const auto address = format::parse_ip(ip);
  if (!address) return "";
  std::string name;
  if (!address->is_v6) {
    for (std::size_t i = 4; i > 0; --i) name += std::to_string(address->octets[i - 1]) + '.';
  } else {
    constexpr char kDigits[] = "0123456789abcdef";
    for (std::size_t i = 16; i > 0; --i) {
      name += kDigits[address->octets[i - 1] & 15], name += '.';
      name += kDigits[address->octets[i - 1] >> 4], name += '.';
    }
  }
  return name + zone;
}

Task<DnsListVerdict> ask_dns_lists(net::Resolver& resolver, Clock& clock, DnsListOptions options,
                                   std::string ip) {
  const auto address = format::parse_ip(ip);
  if (!address || format::is_own_network(*address)) co_return judge({}, {});
  const Instant deadline = clock.now() + options.limit;
  std::vector<Task<Answered>> questions;
  for (const DnsList& list : options.lists) {
    if (questions.size() == kMostLists) break;
    questions.push_back(ask_list(resolver, clock, deadline, list, dns_list_name(ip, list.zone)));
  }
  auto asking = all_of(std::move(questions));
  std::vector<std::optional<Answered>> answers = co_await asking;
  std::vector<DnsListHit> hits;
  std::vector<std::string> troubles;
  for (std::optional<Answered>& answered : answers) {
    if (answered->hit) hits.push_back(std::move(*answered->hit));
    if (!answered->trouble.empty()) troubles.push_back(std::move(answered->trouble));
  }
  co_return judge(std::move(hits), std::move(troubles));
}

}  // namespace fwd::service
