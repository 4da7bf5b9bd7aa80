// Reads the options of taking mail in, and looks at what they name.
#include "bin/fwd-mxd/mx_options.h"

#include <unistd.h>

#include "core/task_group.h"
#include "mailauth/dmarc/organisational_domain.h"
#include "net/loop.h"
#include "service/daemon/door_connector.h"
#include "service/daemon/resolver_options.h"
#include "service/daemon/scan_options.h"
#include "service/inbound/protection.h"

namespace fwd::mxd {
namespace {

service::Enforcement enforcement_of(const std::string& word) {
  if (word == "mark") return service::Enforcement::kMark;
  return word == "off" ? service::Enforcement::kOff : service::Enforcement::kEnforce;
}

service::JudgingOptions judging_options(const config::Options& options) {
  service::JudgingOptions out;
  out.dmarc = enforcement_of(options.choice("smtp.dmarc"));
  out.spf = enforcement_of(options.choice("smtp.spf"));
  out.dmarc_tree_walk = options.flag("smtp.dmarc-tree-walk");
  for (const std::string& sealer : options.list("smtp.trusted-arc-sealers"))
    out.trusted_sealers.push_back(mailauth::comparable_domain(sealer).value_or(sealer));
  out.authserv_id = options.text("smtp.authserv-id");
  out.abuse_address = options.text("smtp.abuse-address");
  out.limit = options.time("smtp.checks-limit");
  out.trusted_limit = options.time("smtp.trusted-checks-limit");
  out.junk_points = static_cast<double>(options.integer("smtp.junk-points"));
  out.refuse_points = static_cast<double>(options.integer("smtp.refuse-points"));
  out.spam_is_refused = options.choice("scan.on-spam") == "refuse";
  out.scanners_must_say = daemon::scanners_defer(options);
  return out;
}

Task<void> look(net::Loop& loop, net::Resolver& resolver, std::string host,
                std::vector<std::string>& faults) {
  auto asking = resolver.resolve(std::move(host), net::DnsType::kA);
  const auto answer = co_await asking;
  if (!answer.ok()) faults.push_back("the DNS does not answer: " + answer.failure().private_text);
  loop.stop();
}

void check_resolver(const config::Options& options, std::vector<std::string>& faults) {
  const std::string anchor = options.path("dns.anchor-file");
  if (::access(anchor.c_str(), R_OK) != 0) {
    faults.push_back(anchor + ": cannot be read");
    return;
  }
  net::Loop loop;
  auto resolver = daemon::make_resolver(loop, options);
  if (!resolver.ok()) {
    faults.push_back(resolver.failure().private_text);
    return;
  }
  TaskGroup tasks([&](const std::string&, const std::string& what) {
    faults.push_back(what);
    loop.stop();
  });
  tasks.spawn("check", look(loop, *resolver.value(), daemon::host_name(options), faults));
  if (tasks.size() > 0) loop.run();
}

}  // namespace

service::InboundOptions inbound_options(const config::Options& options) {
  service::InboundOptions out;
  out.postmaster = options.text("smtp.postmaster");
  out.mailboxes = options.integer("smtp.mailboxes-limit");
  out.received = options.integer("smtp.received-limit");
  out.forward_wait = options.time("smtp.forward-wait");
  out.replies = options.integer("smtp.replies-limit");
  out.vacation_repeat =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("smtp.vacation-repeat"));
  out.vacation_per_alias = options.integer("smtp.vacation-per-alias");
  out.vacation_per_sender = options.integer("smtp.vacation-per-sender");
  out.journal = options.integer("smtp.journal-limit");
  std::vector<std::string> told;  // by check_deep()
  out.trusted_networks = service::read_networks(options.list("smtp.trusted-networks"), told);
  out.judging = judging_options(options);
  return out;
}

mailauth::AuthLimits auth_limits(const config::Options& options) {
  mailauth::AuthLimits out;
  out.signatures = options.integer("smtp.signatures-limit");
  out.keys = options.integer("smtp.signing-keys-limit");
  return out;
}

std::vector<std::string> check_deep(const config::Options& options) {
  std::vector<std::string> faults;
  check_resolver(options, faults);
  static_cast<void>(service::read_protection(options, faults));
  static_cast<void>(service::read_networks(options.list("smtp.trusted-networks"), faults));
  for (std::string& fault : daemon::check_scanners(options)) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace fwd::mxd
