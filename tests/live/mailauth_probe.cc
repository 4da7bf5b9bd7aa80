// Asks the DNS, finds routes and TLS policies, gets web pages, signs, verifies
// and seals, as the daemons would, and prints what came of it: as one line of
// JSON, or the message with its new fields.
//
//   mailauth-probe [OPTION=VALUE…] dns NAME TYPE | route DOMAIN | policy DOMAIN |
//                  get URL | sign DOMAIN SELECTOR ALGORITHM KEYFILE < MESSAGE |
//                  verify RECORDS < MESSAGE |
//                  seal DOMAIN SELECTOR KEYFILE CHAIN RESULTS < MESSAGE |
//                  dmarc RECORDS FROM SPF [DKIM…]
//
// RECORDS: a file of lines "NAME TXT", all that the DNS has.  FROM, SPF, DKIM:
// domains, of the author, and of what passed.
//
// Options: anchor=FILE forward=ADDR@PORT stub=ZONE,ADDR@PORT ca=FILE limit=MS
//          private=yes redirects=N largest=N clear=yes
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/text.h"
#include "live/probe_main.h"
#include "mailauth/dmarc/dmarc.h"
#include "mailauth/route/sts_fetch.h"
#include "mailauth/route/tls_policy.h"
#include "mailauth/signatures/arc_seal.h"
#include "mailauth/signatures/dkim_sign.h"
#include "mailauth/signatures/message_verifier.h"
#include "net/http_client.h"
#include "net/unbound_resolver.h"
#include "support/memory_state.h"
#include "unit/net/scripted_resolver.h"

namespace {

using namespace fwd;
using nlohmann::json;

constexpr std::int64_t kNow = 1528637909;

struct Wishes {
  net::ResolverOptions dns;
  net::HttpOptions http;
  net::HttpRequest request;
  mailauth::RouteOptions route;
  mailauth::TlsPolicyOptions tls;
};

json failure_json(const Failure& failure) {
  return {{"fault", fault_name(failure.fault)}, {"why", failure.private_text}};
}

json answer_json(const net::DnsAnswer& answer) {
  static constexpr const char* kKinds[] = {"found", "no-data", "no-name"};
  json records = json::array();
  for (const std::string& rdata : answer.rdata) records.push_back(to_hex(rdata));
  json mx = json::array();
  for (const net::MxRecord& record : net::mx_records(answer))
    mx.push_back(std::to_string(record.preference) + " " + record.host);
  return {{"kind", kKinds[static_cast<int>(answer.kind)]},
          {"secure", answer.secure},
          {"canonical", answer.canonical_name},
          {"rdata", records},
          {"mx", mx},
          {"addresses", net::addresses(answer)},
          {"names", net::names(answer)},
          {"ttl", answer.ttl}};
}

net::DnsType type_of(const std::string& word) {
  static const std::map<std::string, net::DnsType> types{
      {"A", net::DnsType::kA},     {"AAAA", net::DnsType::kAaaa}, {"MX", net::DnsType::kMx},
      {"TXT", net::DnsType::kTxt}, {"TLSA", net::DnsType::kTlsa}, {"CNAME", net::DnsType::kCname},
      {"PTR", net::DnsType::kPtr}};
  return types.at(word);
}

json route_json(const mailauth::MxRoute& route) {
  json hosts = json::array();
  for (const mailauth::MxHost& host : route.hosts)
    hosts.push_back(
        {{"name", host.name}, {"addresses", host.addresses}, {"secure", host.is_secure}});
  json made{{"hosts", hosts}, {"secure", route.is_secure_mx}};
  if (route.problem)
    made["problem"] = {{"permanent", route.problem->is_permanent},
                       {"status", route.problem->status},
                       {"text", route.problem->text}};
  return made;
}

json policy_json(const mailauth::TlsPolicy& policy) {
  static constexpr const char* kLevels[] = {"opportunistic", "encrypt", "verify", "dane", "refuse"};
  return {{"level", kLevels[static_cast<int>(policy.level)]},
          {"source", std::string(mailauth::policy_source_name(policy.source))},
          {"server_name", policy.server_name},
          {"trouble", policy.trouble},
          {"reason", policy.reason}};
}

class Probe {
 public:
  Probe(net::Loop& loop, Wishes wishes) : loop_(loop), wishes_(std::move(wishes)) {
    auto resolver = net::UnboundResolver::make(loop, wishes_.dns);
    if (!resolver.ok()) throw std::runtime_error(resolver.failure().private_text);
    resolver_ = std::move(resolver).value();
    auto web = net::HttpClient::make(loop, *resolver_, wishes_.http);
    if (!web.ok()) throw std::runtime_error(web.failure().private_text);
    web_ = std::move(web).value();
  }

  Task<void> run(std::vector<std::string> words, json& result) {
    if (words.at(0) == "dns") {
      auto asking = resolver_->resolve(words.at(1), type_of(words.at(2)));
      const auto answer = co_await asking;
      result = answer.ok() ? answer_json(answer.value()) : failure_json(answer.failure());
    } else if (words[0] == "get") {
      wishes_.request.url = words.at(1);
      auto asking = web_->ask(wishes_.request);
      const auto answer = co_await asking;
      if (answer.ok())
        result = {{"status", answer.value().status}, {"body", answer.value().body}};
      else
        result = failure_json(answer.failure());
    } else {
      auto finding = mailauth::find_route(*resolver_, words.at(1), wishes_.route,
                                          [](std::size_t) { return std::size_t{0}; });
      const mailauth::MxRoute route = co_await finding;
      result = route_json(route);
      if (words[0] == "policy") {
        auto asking = policies(words[1], route);
        result["policies"] = co_await asking;
      }
    }
    loop_.stop();
  }

 private:
  Task<json> policies(std::string domain, const mailauth::MxRoute& route) {
    test::MemoryState state(loop_.clock());
    mailauth::StsPolicies sts(*resolver_, state, loop_.clock(), mailauth::fetch_by(*web_));
    auto tls = mailauth::TlsPolicies::make(*resolver_, &sts, wishes_.tls);
    if (!tls.ok()) throw std::runtime_error(tls.failure().private_text);
    json all = json::array();
    mailauth::TlsQuestion question;
    question.domain = domain;
    for (const mailauth::MxHost& host : route.hosts) {
      auto asking = tls.value()->policy_for(question, route, host);
      const mailauth::TlsPolicy policy = co_await asking;
      all.push_back(policy_json(policy));
    }
    co_return all;
  }

  net::Loop& loop_;
  Wishes wishes_;
  std::unique_ptr<net::UnboundResolver> resolver_;
  std::unique_ptr<net::HttpClient> web_;
};

void take_wish(Wishes& wishes, const std::string& name, const std::string& value) {
  if (name == "anchor") wishes.dns.anchor_file = value;
  if (name == "forward") wishes.dns.forwarders.push_back(value);
  if (name == "stub")
    wishes.dns.stubs.push_back(
        {value.substr(0, value.find(',')), value.substr(value.find(',') + 1)});
  if (name == "ca") wishes.http.trust = wishes.tls.trust = value;
  if (name == "private") wishes.http.allow_private = wishes.route.allow_private = true;
  const auto number = parse_number(value).value_or(0);
  if (name == "limit") wishes.dns.limit = wishes.request.limit = std::chrono::milliseconds(number);
  if (name == "redirects") wishes.request.most_redirects = static_cast<int>(number);
  if (name == "largest") wishes.request.largest_answer = number;
  if (name == "clear") wishes.request.allow_clear_text = true;
  if (name == "post") {
    wishes.request.method = "POST";
    wishes.request.body = value;
  }
}

std::string read_all(std::istream& from) {
  return {std::istreambuf_iterator<char>(from), std::istreambuf_iterator<char>()};
}

int sign(const std::vector<std::string>& words) {
  model::SigningKey key;
  key.domain = words.at(1);
  key.selector = words.at(2);
  key.algorithm = words.at(3);
  std::ifstream file(words.at(4), std::ios::binary);
  key.secret = read_all(file);
  const std::string message = read_all(std::cin);
  const mailauth::DkimSigner signer;
  const auto signature = signer.sign(message, {key}, kNow);
  if (!signature.ok()) {
    std::cerr << signature.failure().private_text << '\n';
    return 1;
  }
  std::cout << signature.value() << message;
  return 0;
}

json dkim_json(const mailauth::DkimResult& result) {
  return {{"verdict", std::string(mailauth::dkim_word(result.verdict))},
          {"domain", result.domain},
          {"selector", result.selector},
          {"identity", result.identity},
          {"problem", result.problem}};
}

json arc_json(const mailauth::ArcResult& result) {
  return {{"verdict", std::string(mailauth::arc_word(result.verdict))},
          {"instances", result.instances},
          {"domains", result.domains},
          {"oldest_pass", result.oldest_pass},
          {"results", result.newest_results},
          {"problem", result.problem}};
}

// Waits for nothing: the answers are at hand.
template <typename T>
T finish(Task<T> work) {
  if (!work.start(std::noop_coroutine())) throw std::runtime_error("it waits");
  return work.take();
}

void read_records(const std::string& path, test::ScriptedResolver& dns) {
  std::ifstream records(path);
  for (std::string line; std::getline(records, line);)
    dns.txt(line.substr(0, line.find(' ')), line.substr(line.find(' ') + 1));
}

int dmarc(const std::vector<std::string>& words) {
  test::ScriptedResolver dns;
  read_records(words.at(1), dns);
  mailauth::DmarcQuestion question;
  question.from_domain = words.at(2);
  question.spf_domain = words.at(3);
  question.spf_pass = !words[3].empty();
  for (std::size_t i = 4; i < words.size(); ++i)
    question.dkim.push_back({words[i], "s", "pass", true});
  const auto suffixes = mailauth::SuffixList::newest();
  const auto result = finish(mailauth::check_dmarc(dns, suffixes, std::move(question),
                                                   [](std::size_t) { return std::size_t{0}; }));
  std::cout << json{{"verdict", std::string(mailauth::dmarc_verdict_name(result.verdict))},
                    {"policy", std::string(mailauth::dmarc_policy_name(result.published))},
                    {"record", result.policy_domain},
                    {"problem", result.problem}}
                   .dump()
            << '\n';
  return 0;
}

int verify(const std::vector<std::string>& words) {
  test::ScriptedResolver dns;
  read_records(words.at(1), dns);
  const auto message = mailauth::MessageView::read(read_all(std::cin));
  const mailauth::MessageVerifier verifier(dns, mailauth::run_inline);
  json dkim = json::array();
  for (const mailauth::DkimResult& result : finish(verifier.verify_dkim(message, kNow)))
    dkim.push_back(dkim_json(result));
  const json all{{"dkim", dkim}, {"arc", arc_json(finish(verifier.verify_arc(message, kNow)))}};
  std::cout << all.dump() << '\n';
  return 0;
}

int seal(const std::vector<std::string>& words) {
  mailauth::ArcSeal seal;
  seal.domain = words.at(1);
  seal.selector = words.at(2);
  std::ifstream file(words.at(3), std::ios::binary);
  seal.secret = read_all(file);
  seal.chain = words.at(4) == "none"   ? mailauth::ArcVerdict::kNone
               : words.at(4) == "pass" ? mailauth::ArcVerdict::kPass
                                       : mailauth::ArcVerdict::kFail;
  seal.results = words.at(5);
  seal.authserv_id = "mx." + seal.domain;
  seal.unix_time = kNow;
  const std::string message = read_all(std::cin);
  const auto fields = mailauth::seal_arc(*mailauth::MessageView::read(message), seal);
  if (!fields.ok()) {
    std::cerr << fields.failure().private_text << '\n';
    return 1;
  }
  std::cout << fields.value() << message;
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  Wishes wishes;
  const auto words = probe::take_options(
      count, arguments, [&wishes](const std::string& name, const std::string& value) {
        take_wish(wishes, name, value);
      });
  if (words.size() < 2) return 2;
  if (words.front() == "sign") return sign(words);
  if (words.front() == "verify") return verify(words);
  if (words.front() == "seal") return seal(words);
  if (words.front() == "dmarc") return dmarc(words);
  return probe::run<Probe>(std::move(wishes), words);
}
