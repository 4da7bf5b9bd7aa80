// DMARC: a record, and a message's From with a domain to be compared with.  A
// record keeps its bounds, and no verdict asks the DNS without end.
#include <algorithm>
#include <coroutine>

#include "fuzz/fuzz.h"
#include "mailauth/dmarc/dmarc.h"
#include "mailauth/dmarc/from_domain.h"
#include "unit/net/scripted_resolver.h"

namespace {

using namespace fwd;

// Every name has this record.
class OneRecord final : public net::Resolver {
 public:
  explicit OneRecord(std::string_view text) { known_.txt("x", text); }
  Task<Outcome<net::DnsAnswer>> resolve(std::string, net::DnsType type) override {
    ++asked;
    return known_.resolve("x", type);
  }
  int asked = 0;

 private:
  test::ScriptedResolver known_;
};

void try_verdict(OneRecord& dns, const std::string& from, std::string_view other, bool walk) {
  static const mailauth::SuffixList suffixes = mailauth::SuffixList::builtin();
  mailauth::DmarcQuestion question;
  question.from_domain = from;
  question.tree_walk = walk;
  question.dkim.assign(50, {std::string(other), "s", "pass", true});
  auto work = mailauth::check_dmarc(dns, suffixes, question, [](std::size_t n) { return n - 1; });
  fuzz::must(work.start(std::noop_coroutine()));
  const mailauth::DmarcResult result = work.take();
  fuzz::must(dns.asked <= 100);
  fuzz::must(result.applied <= result.published);
  fuzz::must(result.verdict == mailauth::DmarcVerdict::kFail ||
             result.applied == mailauth::DmarcPolicy::kNone);
  fuzz::must(result.organisational_domain.empty() ||
             mailauth::is_within(result.from_domain, result.organisational_domain));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fuzz::text_of(data, size);
  const std::size_t end = std::min(in.find('\n'), in.size());
  const std::string_view record = in.substr(0, end), rest = in.substr(end);
  const auto parsed = mailauth::parse_dmarc_record(record);
  fuzz::must(!parsed || (parsed->pct <= 100 && parsed->rua.size() <= 20));
  const auto found = mailauth::from_domain(rest.empty() ? rest : rest.substr(1));
  fuzz::must(found.domains.size() <= 5);
  for (const std::string& domain : found.domains) {
    fuzz::must(mailauth::comparable_domain(domain) == domain);
    OneRecord dns(record);
    try_verdict(dns, domain, found.domains.back(), size % 2 == 0);
  }
  return 0;
}
