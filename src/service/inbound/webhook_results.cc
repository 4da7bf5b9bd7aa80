// Shapes the results of authentication as npm's mailauth does.
#include "format/json.h"
#include "service/inbound/authenticity.h"

namespace fwd::service {
namespace {

using format::Json;

Json status(std::string_view result, std::string_view comment = {}) {
  Json object;
  object.set("result", Json(result));
  if (!comment.empty()) object.set("comment", Json(comment));
  return object;
}

Json spf_json(const MessageFacts& facts, const Evidence& evidence) {
  Json object;
  object.set("domain", Json(evidence.spf ? evidence.spf->domain : ""));
  object.set("client-ip", Json(facts.peer.address.ip));
  object.set("helo", Json(facts.peer.helo));
  object.set("envelope-from", Json(facts.mail.sender_text()));
  object.set("status",
             evidence.spf ? status(mailauth::spf_word(evidence.spf->verdict), evidence.spf->problem)
                          : status("temperror"));
  return object;
}

Json signature_json(const mailauth::DkimResult& one) {
  Json header;
  header.set("i", Json(one.identity));
  header.set("s", Json(one.selector));
  header.set("a", Json(one.algorithm));
  header.set("b", Json(one.signature_start));
  Json said = status(mailauth::dkim_word(one.verdict), one.problem);
  said.set("header", std::move(header));
  Json object;
  object.set("signingDomain", Json(one.domain));
  object.set("selector", Json(one.selector));
  object.set("algo", Json(one.algorithm));
  if (one.key_bits > 0) object.set("modulusLength", Json(static_cast<std::int64_t>(one.key_bits)));
  object.set("status", std::move(said));
  return object;
}

Json dkim_json(const MessageFacts& facts, const Evidence& evidence) {
  Json::Array results;
  if (evidence.dkim)
    for (const auto& one : *evidence.dkim) results.push_back(signature_json(one));
  Json object;
  object.set("envelopeFrom", Json(facts.mail.sender_text()));
  object.set("results", Json(std::move(results)));
  return object;
}

Json dmarc_json(const mailauth::DmarcResult& dmarc) {
  Json header;
  header.set("from", Json(dmarc.from_domain));
  Json said = status(mailauth::dmarc_verdict_name(dmarc.verdict));
  said.set("header", std::move(header));
  Json object;
  object.set("status", std::move(said));
  object.set("domain", Json(dmarc.from_domain));
  object.set("policy", Json(mailauth::dmarc_policy_name(dmarc.published)));
  return object;
}

Json arc_json(const mailauth::ArcResult& arc) {
  Json object;
  object.set("status", status(mailauth::arc_word(arc.verdict), arc.problem));
  object.set("i", Json(static_cast<std::int64_t>(arc.instances)));
  if (!arc.newest_domain.empty()) object.set("signingDomain", Json(arc.newest_domain));
  return object;
}

}  // namespace

std::string webhook_json(const MessageFacts& facts, const Evidence& evidence) {
  if (!evidence.was_asked) return {};
  Json object;
  object.set("dkim", dkim_json(facts, evidence));
  object.set("spf", spf_json(facts, evidence));
  if (evidence.dmarc) object.set("dmarc", dmarc_json(*evidence.dmarc));
  if (evidence.arc) object.set("arc", arc_json(*evidence.arc));
  return format::write_json(object);
}

}  // namespace fwd::service
