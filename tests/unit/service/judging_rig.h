#ifndef FWD_TESTS_UNIT_SERVICE_JUDGING_RIG_H
#define FWD_TESTS_UNIT_SERVICE_JUDGING_RIG_H

// A real session in which mail is judged, with a scripted DNS.

#include <cppunit/extensions/HelperMacros.h>

#include "support/memory_sender_lists.h"
#include "support/smtp_rig.h"
#include "unit/mailauth/signed_mail.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::test {

class JudgingRig : public CppUnit::TestFixture {
 protected:
  SmtpRig rig_;
  ScriptedResolver dns_;
  mailauth::SuffixList suffixes_ = mailauth::SuffixList::builtin();
  mailauth::MessageVerifier verifier_{dns_, mailauth::run_inline};
  std::optional<scan::ScanResult> scan_;
  MemorySenderLists lists_{rig_.clock};
  service::Protection protection_;
  bool uses_lists_ = false;
  std::string from_ = "a@peer.example";

  static Task<scan::ScanResult> give(scan::ScanResult result) { co_return result; }

  std::string begin(const std::string& recipient = "hello@example.test") {
    rig_.cancel();  // an earlier session
    while (rig_.reply()) continue;
    rig_.connect();
    const std::string greeting = rig_.reply().value_or("");
    if (!greeting.starts_with("220")) return greeting;
    rig_.ask("EHLO mail.peer.example");
    const std::string mail = rig_.ask("MAIL FROM:<" + from_ + ">");
    if (!mail.starts_with("250")) return mail;
    return rig_.ask("RCPT TO:<" + recipient + ">");
  }
  std::string send(const std::string& content) {
    const std::string rcpt = begin();
    if (!rcpt.starts_with("250")) return rcpt;
    rig_.ask("DATA");
    rig_.send(content);
    return rig_.ask(".").substr(0, 9);
  }
  const std::string& stored() { return rig_.deliveries.messages("hello@example.test").at(0); }
  bool was_junk() {
    return rig_.deliveries.deliveries().at(0).targets.at(0).folder == model::SpecialUse::kJunk;
  }
  void expect_in(const std::string& part, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE(part + " not in\n" + text, text.find(part) != std::string::npos);
  }
  static std::string mail(const std::string& from) {
    return "From: " + from +
           "\r\nSubject: x\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\nbody\r\n";
  }
  std::string signed_mail(const std::string& domain, const std::string& content) {
    const TestKey& key = rsa_test_key();
    dns_.txt("s._domainkey." + domain, key.record);
    return signed_by(
        key.secret,
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + domain + "; s=s; h=from:subject; bh=%B; b=%S",
        content);
  }
  static std::string field(const model::JournalEntry& entry, const std::string& name) {
    const auto at = entry.fields.find(name);
    return at == entry.fields.end() ? "" : at->second;
  }
  const model::JournalEntry* entry(const std::string& event) const {
    for (const auto& one : rig_.journal.entries)
      if (one.event == event) return &one;
    return nullptr;
  }

  void deny(const std::string& value) {
    uses_lists_ = true;
    protection_.greylist.delay = std::chrono::seconds(0);
    std::vector<std::string> faults;
    protection_.lists = service::StaticLists::read({}, {value}, faults);
    CPPUNIT_ASSERT(faults.empty());
  }
  void take_from(const std::vector<std::string>& allow) {
    uses_lists_ = true;
    protection_.greylist.delay = std::chrono::seconds(0);
    std::vector<std::string> faults;
    protection_.lists = service::StaticLists::read(allow, {}, faults);
  }

 public:
  void setUp() override {
    rig_.resolver = &dns_;
    rig_.complete = [this](service::InboundContext& context) {
      context.verifier = &verifier_;
      context.suffixes = &suffixes_;
      if (scan_) context.scan = [this](scan::ScanQuestion) { return give(*scan_); };
      if (!uses_lists_) return;
      context.sender_lists = &lists_;
      context.protection = &protection_;
    };
    rig_.pipe.peer.ip = "192.0.2.1";
    dns_.ptr("1.2.0.192.in-addr.arpa", "mail.peer.example");
    dns_.a("mail.peer.example", "192.0.2.1");
    dns_.txt("peer.example", "v=spf1 ip4:192.0.2.1 -all");
  }
};

}  // namespace fwd::test

#endif
