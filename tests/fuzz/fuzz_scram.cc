// A client's two SCRAM messages, one a line, against a verifier of known keys.
#include "crypto/scram.h"
#include "fuzz/fuzz.h"

using namespace fwd::crypto;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const std::size_t end = in.find('\n');
  for (const bool plus : {false, true}) {
    auto first = parse_client_first(in.substr(0, end), plus);
    if (!first.ok()) continue;
    fwd::fuzz::must(in.substr(0, end) == first.value().gs2_header + first.value().bare);
    const ScramVerifier verifier{std::string(kScramSaltSize, 's'), kScramIterations,
                                 std::string(32, 'k'), std::string(32, 'v')};
    ScramServer server(std::move(first.value()), {verifier}, "server");
    const auto proven = server.finish(end == in.npos ? "" : in.substr(end + 1), "bound");
    fwd::fuzz::must(!proven.ok());  // nobody knows a key of that hash
  }
  return 0;
}
