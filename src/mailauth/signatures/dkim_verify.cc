// Deciding what DKIM signatures are worth.
#include "mailauth/signatures/dkim_verify.h"

#include <algorithm>
#include <utility>

#include "mailauth/signatures/dkim_canon.h"
#include "mailauth/signatures/dkim_library.h"

namespace fwd::mailauth {
namespace {

// Others may see fields in it that were not signed.
constexpr const char* kTornHeader = "the header has a bare CR or LF";

void decide(DkimCase& one, DkimVerdict verdict, std::string problem) {
  one.result.verdict = verdict;
  one.result.problem = std::move(problem);
}

void decide(DkimCase& one, bool body_fits, bool header_fits) {
  if (!body_fits)
    decide(one, DkimVerdict::kFail, "the body was changed");
  else if (!header_fits)
    decide(one, DkimVerdict::kFail, "the fields it signs were changed");
  else
    decide(one, DkimVerdict::kPass, "");
}

DkimCase open_case(const MessageView& message, std::uint32_t place, std::int64_t unix_time,
                   const AuthLimits& limits) {
  DkimCase one;
  const std::string problem =
      read_signature(message, place, SignatureKind::kDkim, limits.signed_fields, one.signature);
  one.result.domain = one.signature.domain;
  one.result.selector = one.signature.selector;
  one.result.identity = one.signature.identity;
  one.result.algorithm = one.signature.algorithm_text;
  one.result.signature_start = one.signature.start;
  one.result.body_length = one.signature.body_length;
  if (!problem.empty())
    decide(one, DkimVerdict::kPermError, problem);
  else if (has_expired(one.signature, unix_time))
    decide(one, DkimVerdict::kFail, "it has expired");  // RFC 6376 §6.1.1
  return one;
}

// Those of RSA that the library reads as it should.
void ask_about(const MessageView& message, std::vector<DkimCase>& cases) {
  std::vector<RsaQuestion> questions;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const DkimCase& one = cases[i];
    if (!one.is_open() || !one.key.rsa || !library_reads(message, one.signature)) continue;
    questions.push_back({&one.signature, &*one.key.rsa});
    places.push_back(i);
  }
  const std::vector<RsaAnswer> answers = ask_library(message, questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i] == RsaAnswer::kUnread) continue;
    decide(cases[places[i]], answers[i] != RsaAnswer::kBadBody, answers[i] == RsaAnswer::kGood);
  }
}

// RFC 6376 §8.2: behind l= anybody may put what he likes.
void refuse_partial(const MessageView& message, std::vector<DkimCase>& cases) {
  for (DkimCase& one : cases) {
    const Signature& signature = one.signature;
    if (one.result.verdict != DkimVerdict::kPass || !signature.body_length) continue;
    if (body_hashes(message.body(), signature.body, {std::nullopt}).front() != signature.body_hash)
      decide(one, DkimVerdict::kPolicy, "by l= a part of the body is not signed");
  }
}

}  // namespace

std::string_view dkim_word(DkimVerdict verdict) {
  static constexpr std::string_view kWords[] = {"none",    "pass",      "fail",     "policy",
                                                "neutral", "temperror", "permerror"};
  return kWords[static_cast<std::size_t>(verdict)];
}

std::vector<DkimCase> open_cases(const MessageView& message, std::int64_t unix_time,
                                 const AuthLimits& limits) {
  std::vector<DkimCase> cases;
  const bool is_torn = has_bare_line_end(message.header());
  for (const std::uint32_t place : message.places("DKIM-Signature")) {
    if (cases.size() == limits.signatures) break;
    cases.push_back(open_case(message, place, unix_time, limits));
    if (cases.back().is_open() && message.is_cut())
      decide(cases.back(), DkimVerdict::kPolicy, "the header is too large");
    else if (cases.back().is_open() && is_torn)
      decide(cases.back(), DkimVerdict::kPermError, kTornHeader);
  }
  return cases;
}

void judge_key(DkimCase& one) {
  one.result.key_bits = one.key.bits;
  one.result.is_testing = one.key.is_testing;
  static constexpr DkimVerdict kVerdicts[] = {DkimVerdict::kNone, DkimVerdict::kTempError,
                                              DkimVerdict::kPolicy, DkimVerdict::kPermError};
  decide(one, kVerdicts[static_cast<std::size_t>(one.key.trouble)], one.key.problem);
  // RFC 6376 §3.6.1: t=s wants i= and d= to be the same.
  if (one.is_open() && one.key.is_exact_only &&
      one.signature.identity_domain != one.signature.domain)
    decide(one, DkimVerdict::kPermError, "the key is not for subdomains");
}

bool has_expired(const Signature& signature, std::int64_t unix_time) {
  return signature.expires && unix_time >= 0 &&
         *signature.expires < static_cast<std::uint64_t>(unix_time);
}

bool fits_header(const MessageView& message, const Signature& signature, const DkimKey& key) {
  return key.verifies(header_hash(message, signature), signature.octets);
}

std::vector<std::string> hash_bodies(const MessageView& message,
                                     const std::vector<const Signature*>& signatures) {
  std::vector<std::string> hashes(signatures.size());
  for (const Canon canon : {Canon::kSimple, Canon::kRelaxed}) {
    std::vector<std::size_t> places;
    std::vector<std::optional<std::uint64_t>> lengths;
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      if (signatures[i]->body != canon) continue;
      places.push_back(i);
      lengths.push_back(signatures[i]->body_length);
    }
    if (places.empty()) continue;
    std::vector<std::string> made = body_hashes(message.body(), canon, lengths);
    for (std::size_t i = 0; i < made.size(); ++i) hashes[places[i]] = std::move(made[i]);
  }
  return hashes;
}

void verify_cases(const MessageView& message, std::vector<DkimCase>& cases) {
  ask_about(message, cases);
  std::vector<DkimCase*> ours;
  std::vector<const Signature*> signatures;
  for (DkimCase& one : cases) {
    if (!one.is_open()) continue;
    ours.push_back(&one);
    signatures.push_back(&one.signature);
  }
  const std::vector<std::string> hashes = hash_bodies(message, signatures);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Signature& signature = ours[i]->signature;
    if (hashes[i].empty())
      decide(*ours[i], DkimVerdict::kPermError, "l= is more than the body");
    else
      decide(*ours[i], hashes[i] == signature.body_hash,
             fits_header(message, signature, ours[i]->key));
  }
  refuse_partial(message, cases);
}

}  // namespace fwd::mailauth
