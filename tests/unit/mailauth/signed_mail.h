#ifndef FWD_TESTS_UNIT_MAILAUTH_SIGNED_MAIL_H
#define FWD_TESTS_UNIT_MAILAUTH_SIGNED_MAIL_H

// Messages signed as a test wants them, with keys made for it.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/ed25519.h"
#include "crypto/rsa.h"
#include "crypto/signing_pair.h"
#include "mailauth/signatures/dkim_canon.h"
#include "mailauth/signatures/message_view.h"

namespace fwd::test {

struct TestKey {
  std::string secret, record;  // of an RSA key; what the DNS shows
};

inline const TestKey& rsa_test_key(unsigned bits = 1024) {
  static std::map<unsigned, TestKey> made;
  TestKey& key = made[bits];
  if (key.secret.empty()) {
    const auto pair = crypto::make_rsa_pair(bits);
    key.secret = std::string(pair.value().secret.view());
    key.record = "v=DKIM1; k=rsa; p=" + to_base64(pair.value().public_key);
  }
  return key;
}

// Puts `name` with `tags` and a b= made by `secret` before `message`.  In
// `tags` "%B" is where the hash of the body goes, in the form and length that
// the tags say; they end in "b=", or with what shall stand behind it as "%S".
inline std::string signed_by(const std::string& secret, std::string tags,
                             const std::string& message,
                             mailauth::SignatureKind kind = mailauth::SignatureKind::kDkim,
                             const std::string& name = "DKIM-Signature") {
  const auto fill = [&tags](const std::string& mark, const std::string& with) {
    if (const std::size_t at = tags.find(mark); at != tags.npos) tags.replace(at, 2, with);
  };
  const std::string zeros(32, '\0');
  const auto read = [&](const std::string& text, mailauth::Signature& signature) {
    auto view = mailauth::MessageView::read(name + ": " + text + "\r\n" + message);
    const std::string problem = mailauth::read_signature(*view, 0, kind, 1000, signature);
    static_cast<void>(problem);  // tests sign what is wrong, too
    return view;
  };
  std::string trial = tags;
  for (const auto& [mark, with] :
       {std::pair{"%B", to_base64(zeros)}, std::pair{"%S", std::string("AAAA")}})
    if (const std::size_t at = trial.find(mark); at != trial.npos) trial.replace(at, 2, with);
  mailauth::Signature signature;
  auto view = read(trial, signature);
  fill("%B",
       to_base64(mailauth::body_hashes(view->body(), signature.body, {signature.body_length})[0]));
  std::string blank = tags;
  if (const std::size_t at = blank.find("%S"); at != blank.npos) blank.replace(at, 2, "AAAA");
  mailauth::Signature last;
  view = read(blank, last);
  if (last.hole.data() == nullptr) return name + ": " + tags + "\r\n" + message;
  const std::string digest = mailauth::header_hash(*view, last);
  const std::string octets = secret.size() == crypto::kEd25519SeedSize
                                 ? crypto::ed25519_sign(secret, digest)
                                 : crypto::rsa_sign(secret, digest).value();
  fill("%S", to_base64(octets));
  return name + ": " + tags + "\r\n" + message;
}

}  // namespace fwd::test

#endif
