// Validating a chain.
#include "mailauth/signatures/arc_verify.h"

#include <utility>

#include "crypto/digest.h"
#include "format/header_lines.h"
#include "mailauth/signatures/dkim_canon.h"
#include "mailauth/signatures/dkim_verify.h"

namespace fwd::mailauth {
namespace {

void fail(ArcCase& chain, std::string problem, bool is_temporary = false) {
  chain.is_open = false;
  chain.result.verdict = ArcVerdict::kFail;
  chain.result.problem = std::move(problem);
  chain.result.is_temporary = is_temporary;
  chain.result.oldest_pass = 0;
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

bool is_temporary(const DkimKey& key) { return key.trouble == DkimKey::Trouble::kTemporary; }

// Step 6 of the seal at `place`; false when the chain fails by it.
bool verify_seal(ArcCase& chain, std::size_t place) {
  const ArcSet& set = chain.sets[place];
  const bool has_key = set.seal_key.trouble == DkimKey::Trouble::kNone;
  if (has_key && set.seal_key.verifies(chain.seal_hashes[place], set.seal.octets)) return true;
  fail(chain,
       of_set("ARC-Seal", static_cast<std::uint32_t>(place) + 1,
              has_key ? "the sets were changed" : set.seal_key.problem),
       is_temporary(set.seal_key));
  return false;
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
  if (!read.problem.empty()) fail(chain, std::move(read.problem));
  if (read.sets.empty()) return chain;
  if (has_bare_line_end(message.header())) {  // others may see fields that were not sealed
    fail(chain, "the header has a bare CR or LF");
    return chain;
  }
  chain.is_open = true;
  chain.sets = std::move(read.sets);
  describe(message, chain.sets, chain.result);
  for (ArcSet& set : chain.sets)
    if (set.message_problem.empty() && has_expired(set.message, unix_time))
      set.message_problem = "it has expired";
  if (const std::string& problem = chain.sets.back().message_problem; !problem.empty())
    fail(chain, of_set("ARC-Message-Signature", chain.result.instances, problem));
  return chain;
}

std::vector<const Signature*> newest_signatures(const ArcCase& chain) {
  const ArcSet& newest = chain.sets.back();
  return {&newest.message, &newest.seal};
}

std::vector<const Signature*> older_signatures(const ArcCase& chain) {
  std::vector<const Signature*> wanted;
  for (std::size_t i = chain.sets.size() - 1; i > 0; --i) wanted.push_back(&chain.sets[i - 1].seal);
  for (std::size_t i = chain.sets.size() - 1; i > 0; --i)
    if (chain.sets[i - 1].message_problem.empty()) wanted.push_back(&chain.sets[i - 1].message);
  return wanted;
}

void verify_newest(const MessageView& message, ArcCase& chain) {
  std::vector<const Signature*> signatures;
  for (const ArcSet& set : chain.sets) signatures.push_back(&set.message);
  chain.body_hashes = hash_bodies(message, signatures);
  const ArcSet& newest = chain.sets.back();
  const std::string problem = why_not(message, newest, chain.body_hashes.back());
  if (!problem.empty()) {
    fail(chain, of_set("ARC-Message-Signature", chain.result.instances, problem),
         is_temporary(newest.message_key));
    return;
  }
  chain.seal_hashes = seal_hashes(message, chain.sets);
  verify_seal(chain, chain.sets.size() - 1);
}

void verify_older(const MessageView& message, ArcCase& chain) {
  for (std::size_t i = chain.sets.size() - 1; i > 0; --i)
    if (!verify_seal(chain, i - 1)) return;
  for (std::size_t i = chain.sets.size() - 1; i > 0 && chain.result.oldest_pass == 0; --i)
    if (!why_not(message, chain.sets[i - 1], chain.body_hashes[i - 1]).empty())
      chain.result.oldest_pass = static_cast<std::uint32_t>(i) + 1;
  chain.is_open = false;
  chain.result.verdict = ArcVerdict::kPass;
}

}  // namespace fwd::mailauth
