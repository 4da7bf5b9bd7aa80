#ifndef FWD_TESTS_UNIT_MAILAUTH_SEALED_MAIL_H
#define FWD_TESTS_UNIT_MAILAUTH_SEALED_MAIL_H

// Chains of ARC, each set made by the same key under a name of its own.

#include <cppunit/extensions/HelperMacros.h>

#include <cstddef>
#include <string>

#include "mailauth/signatures/arc_seal.h"
#include "mailauth/signatures/message_view.h"
#include "unit/mailauth/signed_mail.h"

namespace fwd::test {

inline constexpr std::int64_t kSealedAt = 1700000000;

// Of the key that "r._domainkey." and `domain` should show.
inline mailauth::ArcSeal seal_of(const std::string& domain, mailauth::ArcVerdict chain) {
  mailauth::ArcSeal seal;
  seal.domain = domain;
  seal.selector = "r";
  seal.secret = rsa_test_key().secret;
  seal.authserv_id = "mx." + domain;
  seal.results = "spf=pass smtp.mailfrom=b.example; dkim=pass header.d=b.example";
  seal.chain = chain;
  seal.unix_time = kSealedAt;
  return seal;
}

inline std::string sealed_by(const std::string& message, const std::string& domain,
                             mailauth::ArcVerdict chain) {
  const auto fields =
      mailauth::seal_arc(*mailauth::MessageView::read(message), seal_of(domain, chain));
  CPPUNIT_ASSERT_MESSAGE(fields.ok() ? "" : fields.failure().private_text, fields.ok());
  return fields.value() + message;
}

}  // namespace fwd::test

#endif
