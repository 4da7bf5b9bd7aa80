#ifndef FWD_SERVICE_INBOUND_EVIDENCE_H
#define FWD_SERVICE_INBOUND_EVIDENCE_H

// What others say of a message and its peer, before anything is made of it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/task.h"
#include "format/address.h"
#include "mailauth/dmarc/dmarc.h"
#include "mailauth/dmarc/from_domain.h"
#include "mailauth/signatures/arc_result.h"
#include "mailauth/signatures/dkim_result.h"
#include "mailauth/spf/ip_octets.h"
#include "mailauth/spf/iprev.h"
#include "mailauth/spf/spf.h"
#include "scan/verdicts.h"
#include "service/inbound/checks.h"
#include "service/inbound/context.h"
#include "service/inbound/dns_lists.h"
#include "service/inbound/sender_check.h"

namespace fwd::service {

struct Evidence {
  // From a neighbour, or from whom a list lets in: nothing that is said of its
  // sender refuses it.
  bool is_spared = false;
  // A list lets in who signed or sent it, who need not be the author: what is
  // said of the peer does not refuse it, what is said of the author does.
  bool is_sender_allowed = false;
  mailauth::FromDomain from;

  // Nothing in these: nobody could be asked, or no answer came in time.
  bool was_asked = false;  // there is a DNS
  std::optional<mailauth::SpfResult> spf;
  std::optional<mailauth::IprevResult> iprev;
  std::optional<std::vector<mailauth::DkimResult>> dkim;
  std::optional<mailauth::ArcResult> arc;
  std::optional<mailauth::DmarcResult> dmarc;
  std::optional<mailauth::HostAddresses> helo;  // of the name it gave

  std::optional<SenderVerdict> listed;  // by the lists of senders
  std::optional<DnsListVerdict> dns_lists;
  bool sends_backscatter = false;  // a list in the DNS says so
  double backscatter_points = 0;   // 0: nobody looks for backscatter

  bool dkim_is_aligned = false;  // a good signature is of the author's organisation
  bool spf_is_aligned = false;   // it passed, for the author's organisation
  // The same of a signature, as far as it is known: the DNS did not answer who it would be.
  bool dkim_may_be_aligned = false;
  bool arc_may_be_trusted = false;
  // An intact chain whose last sealer we trust saw DMARC pass for the one author, and signed
  // the whole body.
  bool arc_is_trusted = false;

  std::optional<scan::ScanResult> scan;  // nobody was asked

  // Under a name that leads back to its address; "" without one.
  std::string peer_name() const {
    return iprev && iprev->verdict == mailauth::IprevResult::Verdict::kPass ? iprev->name : "";
  }
  // It may have a name, and the DNS did not tell.
  bool host_is_unknown() const {
    return was_asked && (!iprev || iprev->verdict == mailauth::IprevResult::Verdict::kTempError);
  }
  bool dmarc_pass() const { return dmarc && dmarc->verdict == mailauth::DmarcVerdict::kPass; }

  // Of MAIL FROM, and of From.  "may be": the DNS did not tell, or nobody could ask it.
  bool sender_is_proven() const { return spf && spf->verdict == mailauth::SpfVerdict::kPass; }
  bool sender_may_be_proven() const {
    return !spf || spf->verdict == mailauth::SpfVerdict::kTempError;
  }
  bool author_is_proven() const { return dmarc_pass() || dkim_is_aligned; }
  bool author_may_be_proven() const {
    return !was_asked || dkim_may_be_aligned || sender_may_be_proven() ||
           (!from.domains.empty() &&
            (!dmarc || dmarc->verdict == mailauth::DmarcVerdict::kTempError));
  }
};

// Of a network that is trusted, or not by an address at all.
bool is_neighbour(const InboundOptions& options, const std::string& ip);

// Whom the one From address names, if there is one.
std::optional<format::Address> find_author(std::string_view content);

// For DMARC, and for its reports.
std::vector<mailauth::AlignmentFact> alignment_facts(
    const std::vector<mailauth::DkimResult>& results);

// For the greylist, too, before there is a message.  The context has a resolver.
Task<mailauth::SpfResult> ask_spf_of(const InboundContext& context, const smtp::Peer& peer,
                                     const smtp::Mail& mail);

// Asks the DNS all at once and waits, at most options.judging.limit, for what a
// neighbour sent trusted_limit.  Needs the context's resolver, verifier and
// suffixes; without them it asks nobody.
Task<Evidence> gather_evidence(const InboundContext& context, const MessageFacts& facts);

}  // namespace fwd::service

#endif
