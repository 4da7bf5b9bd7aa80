// Making the set that continues a chain.
#include "mailauth/signatures/arc_seal.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/rsa.h"
#include "format/header_lines.h"
#include "mailauth/signatures/arc_set.h"
#include "mailauth/signatures/dkim_canon.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostNames = 1000;

Failure bad_input(std::string why) {
  return {Fault::kBadInput, "the message cannot be sealed", std::move(why)};
}

// Every line end in it is one of folding.
bool is_folded(std::string_view text) {
  if (has_bare_line_end(text)) return false;
  for (std::size_t at = text.find("\r\n"); at != text.npos; at = text.find("\r\n", at + 2))
    if (at + 2 >= text.size() || (text[at + 2] != ' ' && text[at + 2] != '\t')) return false;
  return true;
}

// One result a line, so that no line gets long.
std::string results_field(const ArcSeal& seal, const std::string& instance) {
  std::string field = "ARC-Authentication-Results: i=" + instance + "; " + seal.authserv_id + ";";
  const std::string results = seal.results.empty() ? "none" : format::unfold(seal.results);
  std::string_view rest = results;
  while (!rest.empty()) {
    std::size_t end = 0;
    do {
      end = std::min(rest.find(';', end), rest.size() - 1) + 1;
    } while (end < rest.size() && rest[end] != ' ' && rest[end] != '\t');
    field += "\r\n\t";
    field += rest.substr(0, end);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t", end), rest.size()));
  }
  return field;
}

// Of the field of a signature: what stands before its b=.
std::string signed_part(std::string_view name, const ArcSeal& seal, const std::string& instance) {
  return std::string(name) + ": i=" + instance + "; a=rsa-sha256; d=" + seal.domain +
         "; s=" + seal.selector + ";\r\n\tt=" + std::to_string(seal.unix_time) + "; ";
}

Outcome<std::string> with_signature(std::string field, const ArcSeal& seal,
                                    std::string_view digest) {
  constexpr std::size_t kLineSize = 72;
  const auto signature = crypto::rsa_sign(seal.secret, digest);
  if (!signature.ok())
    return Failure{Fault::kCorrupt, "the message cannot be sealed",
                   "key " + seal.selector + "._domainkey." + seal.domain + ": " +
                       signature.failure().private_text};
  const std::string text = to_base64(signature.value());
  for (std::size_t at = 0; at < text.size(); at += kLineSize) {
    if (at > 0) field += "\r\n\t ";
    field.append(text, at, kLineSize);
  }
  return field;
}

// RFC 8617 §5.1.1: what a seal of a sound chain signs before the new set.
void add_sets(const MessageView& message, const std::vector<ArcSet>& sets, std::string& to) {
  for (const ArcSet& set : sets)
    for (const std::uint32_t place : {set.results, set.message.place, set.seal.place})
      to += relaxed_field(message.fields()[place].raw) + "\r\n";
}

// "" when `chain` may be continued as `seal` says.
std::string why_not(const MessageView& message, const ArcChain& chain, const ArcSeal& seal) {
  if (has_bare_line_end(message.header()) || has_bare_line_end(message.body()))
    return "it has a bare CR or LF";
  if (message.places("From").empty()) return "it has no From";
  if (!is_folded(seal.results)) return "the results have a line end";
  if ((seal.chain == ArcVerdict::kNone) == chain.is_there) return "this is not the chain verified";
  if (seal.chain == ArcVerdict::kPass && chain.sets.empty()) return chain.problem;
  return {};
}

}  // namespace

Outcome<std::string> seal_arc(const MessageView& message, const ArcSeal& seal) {
  const ArcChain chain = read_chain(message, kMostArcSets, kMostNames);
  if (chain.has_failed || chain.highest >= kMostArcSets) return std::string();
  if (std::string problem = why_not(message, chain, seal); !problem.empty())
    return bad_input(std::move(problem));
  const std::string instance = std::to_string(chain.highest + 1);
  const std::string results = results_field(seal, instance);

  // RFC 8617 §4.1.2
  std::vector<std::string_view> fields;
  for (const MessageField& field : message.fields()) fields.push_back(field.raw);
  const SignedFields chosen = choose_fields(fields, true);
  const std::string unsigned_part =
      signed_part("ARC-Message-Signature", seal, instance) +
      "c=relaxed/relaxed;\r\n\tbh=" + to_base64(relaxed_body_hash(message.body())) +
      ";\r\n\th=" + chosen.list + ";\r\n\tb=";
  const auto signature = with_signature(
      unsigned_part, seal, crypto::sha256(chosen.relaxed + relaxed_field(unsigned_part)));
  if (!signature.ok()) return signature;

  // RFC 8617 §4.1.3; of a broken chain only the new set is signed (RFC 8617 §5.1.2).
  std::string sealed;
  if (seal.chain != ArcVerdict::kFail) add_sets(message, chain.sets, sealed);
  sealed += relaxed_field(results) + "\r\n" + relaxed_field(signature.value()) + "\r\n";
  const std::string unsealed = signed_part("ARC-Seal", seal, instance) +
                               "cv=" + std::string(arc_word(seal.chain)) + ";\r\n\tb=";
  const auto seal_field =
      with_signature(unsealed, seal, crypto::sha256(sealed + relaxed_field(unsealed)));
  if (!seal_field.ok()) return seal_field;
  return seal_field.value() + "\r\n" + signature.value() + "\r\n" + results + "\r\n";
}

}  // namespace fwd::mailauth
