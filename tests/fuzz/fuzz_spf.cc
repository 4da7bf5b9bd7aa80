// SPF: lines of record, sender, HELO and address, before a DNS that answers
// every question with the octets given.
#include <algorithm>
#include <coroutine>

#include "core/text.h"
#include "fuzz/fuzz.h"
#include "mailauth/spf/spf.h"
#include "mailauth/spf/spf_record.h"

namespace {

using namespace fwd;

class Echo final : public net::Resolver {
 public:
  explicit Echo(std::string_view text) : text_(text.substr(0, 40000)) {}
  Task<Outcome<net::DnsAnswer>> resolve(std::string name, net::DnsType type) override {
    fuzz::must(++asked_ <= 2 + 10 * 11 + 12);
    fuzz::must(!name.empty() && name.size() <= 253 && is_ascii(name));
    for (const auto label : split(name, '.')) fuzz::must(!label.empty() && label.size() <= 63);
    net::DnsAnswer answer;
    answer.kind = net::DnsAnswer::Kind::kFound;
    answer.rdata.push_back(text_);
    if (type != net::DnsType::kTxt) co_return answer;
    answer.rdata.front().clear();
    for (std::size_t at = 0; at < text_.size(); at += 255) {
      const std::string piece = text_.substr(at, 255);
      answer.rdata.front() += static_cast<char>(piece.size());
      answer.rdata.front() += piece;
    }
    co_return answer;
  }

 private:
  std::string text_;
  int asked_ = 0;
};

bool is_shown(const std::string& text, std::size_t most) {
  return text.size() <= most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fuzz::text_of(data, size);
  auto lines = split(in, '\n');
  lines.resize(4);
  mailauth::parse_spf_domain_spec(in);
  if (const auto macros = mailauth::parse_spf_macros(in, mailauth::SpfMacroPlace::kExplanation))
    fuzz::must(mailauth::expand_spf_macros(*macros, {}).size() <= 65536);
  mailauth::SpfQuestion question;
  question.sender = lines[1];
  question.helo = lines[2];
  question.ip = lines[3].empty() ? "192.0.2.1" : lines[3];
  Echo dns(lines[0]);
  auto checking = mailauth::check_spf(dns, question);
  fuzz::must(checking.start(std::noop_coroutine()));
  const mailauth::SpfResult result = checking.take();
  fuzz::must(result.lookups <= 10 && is_shown(result.explanation, 500));
  fuzz::must(is_shown(result.problem, 900) && is_shown(result.mechanism, 255));
  fuzz::must(is_shown(result.domain, 255));
  return 0;
}
