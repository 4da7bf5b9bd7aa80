#ifndef FWD_TESTS_UNIT_MAILAUTH_SPF_RIG_H
#define FWD_TESTS_UNIT_MAILAUTH_SPF_RIG_H

// A DNS for SPF tests, and questions to ask of it.

#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "finish.h"
#include "mailauth/spf/spf.h"
#include "unit/net/scripted_resolver.h"

namespace fwd::test {

class SpfRig {
 public:
  // Asks for ann@shop.example from 192.0.2.7, said by mta.shop.example.
  mailauth::SpfQuestion question_{"192.0.2.7", "mta.shop.example", "ann@shop.example",
                                  "mx.here.example", 1700000000};
  mailauth::SpfLimits limits_;
  ScriptedResolver dns_;

  mailauth::SpfResult check() { return finish(mailauth::check_spf(dns_, question_, limits_)); }
  // The verdict's word when shop.example publishes `record`, and it alone.
  std::string verdict(const std::string& record) { return verdict_for("shop.example", record); }
  std::string verdict_for(const std::string& domain, const std::string& record) {
    publish(domain, record);
    return word();
  }
  void publish(const std::string& domain, const std::string& record) {
    dns_.forget(domain, net::DnsType::kTxt);
    dns_.txt(domain, record);
  }
  std::string word() { return std::string(mailauth::spf_word(check().verdict)); }
  // From another address, with the records as they are.
  std::string word_from(const std::string& ip) {
    question_.ip = ip;
    return word();
  }
  void expect(const std::string& word, const std::string& record) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(record, word, verdict(record));
  }
};

}  // namespace fwd::test

#endif
