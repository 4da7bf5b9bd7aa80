// Chains of ARC: reading sets, verifying, and sealing whatever there is.
#include <coroutine>

#include "fuzz/fuzz.h"
#include "mailauth/signatures/arc_seal.h"
#include "mailauth/signatures/arc_set.h"
#include "mailauth/signatures/message_verifier.h"

namespace {

using namespace fwd;

// A DNS in which there is nothing: what stands here is reached without keys.
class NoRecord final : public net::Resolver {
 public:
  Task<Outcome<net::DnsAnswer>> resolve(std::string, net::DnsType) override {
    co_return net::DnsAnswer{};
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fuzz::text_of(data, size);
  if (const auto results = mailauth::read_arc_results(in))
    fuzz::must(results->instance >= 1 && results->instance <= 50);
  const auto message = mailauth::MessageView::read(std::string(in));
  const mailauth::ArcChain chain = mailauth::read_chain(*message, 50, 1000);
  fuzz::must(chain.highest <= 50 && (chain.is_there || chain.sets.empty()));
  fuzz::must(chain.sets.empty() || chain.sets.size() == chain.highest);
  NoRecord dns;
  const mailauth::MessageVerifier verifier(dns, mailauth::run_inline);
  auto work = verifier.verify_arc(message, 1700000000);
  fuzz::must(work.start(std::noop_coroutine()));
  const mailauth::ArcResult result = work.take();
  fuzz::must((result.verdict == mailauth::ArcVerdict::kFail) == !result.problem.empty());
  fuzz::must((result.verdict == mailauth::ArcVerdict::kNone) == !chain.is_there);
  // Nothing is sealed without a key.
  mailauth::ArcSeal seal;
  seal.domain = "d.example";
  seal.results = std::string(in.substr(0, 200));
  seal.chain = result.verdict;
  const auto made = mailauth::seal_arc(*message, seal);
  fuzz::must(!made.ok() || made.value().empty());
  return 0;
}
