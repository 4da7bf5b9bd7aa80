// Validating a chain.
#include "mailauth/signatures/arc_verify.h"

#include <utility>

#include "crypto/digest.h"
#include "format/header_lines.h"
#include "mailauth/signatures/dkim_canon.h"
#include "mailauth/signatures/dkim_verify.h"

namespace fwd::mailauth {
namespace {

void fail(ArcResult& result, std::string problem, bool is_temporary = false) {
  result.verdict = ArcVerdict::kFail;
  result.problem = std::move(problem);
  result.is_temporary = is_temporary;
}

// What each seal signs: all sets before its own, then its own (RFC 8617 §5.1.1).
std::vector<std::string> seal_hashes(const MessageView& message, const std::vector<ArcSet>& sets) {
  crypto::Sha256 hash;
  const auto add = [&hash, &message](std::uint32_t place) {
    hash.add(relaxed_field(message.fields()[place].raw));
    hash.add("\r\n");
  };
  std::vector<std::string> hashes;
  for (const ArcSet& set : sets) {
    add(set.results);
    add(set.message.place);
    crypto::Sha256 own = hash;
    own.add(relaxed_without_signature(message, set.seal));
    hashes.push_back(own.end());
    add(set.seal.place);
  }
  return hashes;
}

std::string of_set(std::string_view name, std::uint32_t instance, const std::string& problem) {
  return std::string(name) + " of set " + std::to_string(instance) + ": " + problem;
}

// "" when the ARC-Message-Signature of `set` still fits the message.
std::string why_not(const MessageView& message, const ArcSet& set, const std::string& body_hash) {
  if (!set.message_problem.empty()) return set.message_problem;
  if (set.message_key.trouble != DkimKey::Trouble::kNone) return set.message_key.problem;
  if (body_hash != set.message.body_hash) return "the body was changed";
  return fits_header(message, set.message, set.message_key) ? ""
                                                            : "the fields it signs were changed";
}

// Steps 4 and 5; false when the newest does not fit.
bool verify_messages(const MessageView& message, const std::vector<ArcSet>& sets,
                     ArcResult& result) {
  std::vector<const Signature*> signatures;
  for (const ArcSet& set : sets) signatures.push_back(&set.message);
  const std::vector<std::string> hashes = hash_bodies(message, signatures);
  for (std::size_t i = sets.size(); i > 0; --i) {
    const std::string problem = why_not(message, sets[i - 1], hashes[i - 1]);
    if (problem.empty()) continue;
    result.oldest_pass = static_cast<std::uint32_t>(i) + 1;
    if (i < sets.size()) return true;
    fail(result, of_set("ARC-Message-Signature", result.instances, problem),
         sets.back().message_key.trouble == DkimKey::Trouble::kTemporary);
    return false;
  }
  return true;
}

// Step 6.
bool verify_seals(const MessageView& message, const std::vector<ArcSet>& sets, ArcResult& result) {
  const std::vector<std::string> hashes = seal_hashes(message, sets);
  for (std::size_t i = sets.size(); i > 0; --i) {
    const ArcSet& set = sets[i - 1];
    const bool has_key = set.seal_key.trouble == DkimKey::Trouble::kNone;
    if (has_key && set.seal_key.verifies(hashes[i - 1], set.seal.octets)) continue;
    fail(result,
         of_set("ARC-Seal", static_cast<std::uint32_t>(i),
                has_key ? "the sets were changed" : set.seal_key.problem),
         set.seal_key.trouble == DkimKey::Trouble::kTemporary);
    return false;
  }
  return true;
}

void describe(const MessageView& message, const std::vector<ArcSet>& sets, ArcResult& result) {
  result.newest_domain = sets.back().seal.domain;
  result.newest_selector = sets.back().seal.selector;
  result.signs_whole_body = !sets.back().message.body_length;
  for (const ArcSet& set : sets) result.domains.push_back(set.seal.domain);
  const auto newest = read_arc_results(message.fields()[sets.back().results].value);
  if (newest) result.newest_results = format::unfold(newest->text);
}

}  // namespace

std::string_view arc_word(ArcVerdict verdict) {
  static constexpr std::string_view kWords[] = {"none", "pass", "fail"};
  return kWords[static_cast<std::size_t>(verdict)];
}

ArcCase open_chain(const MessageView& message, std::int64_t unix_time, const AuthLimits& limits) {
  ArcChain read = read_chain(message, limits.arc_sets, limits.signed_fields);
  ArcCase chain;
  chain.result.instances = read.highest;
  if (!read.problem.empty()) fail(chain.result, std::move(read.problem));
  if (read.sets.empty()) return chain;
  if (has_bare_line_end(message.header())) {  // others may see fields that were not sealed
    fail(chain.result, "the header has a bare CR or LF");
    return chain;
  }
  chain.is_open = true;
  chain.sets = std::move(read.sets);
  describe(message, chain.sets, chain.result);
  for (ArcSet& set : chain.sets)
    if (set.message_problem.empty() && has_expired(set.message, unix_time))
      set.message_problem = "it has expired";
  return chain;
}

void verify_chain(const MessageView& message, ArcCase& chain) {
  if (!verify_messages(message, chain.sets, chain.result)) {
    chain.result.oldest_pass = 0;
    return;
  }
  if (!verify_seals(message, chain.sets, chain.result)) {
    chain.result.oldest_pass = 0;
    return;
  }
  chain.result.verdict = ArcVerdict::kPass;
}

}  // namespace fwd::mailauth
