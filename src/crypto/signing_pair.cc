// Making key pairs: RSA by GnuTLS, Ed25519 by libsodium.
#include "crypto/signing_pair.h"

#include <gnutls/abstract.h>
#include <sodium.h>

#include <memory>

#include "crypto/random.h"

namespace fwd::crypto {
namespace {

template <typename T, void (*Free)(T)>
struct Freed {
  using pointer = T;
  void operator()(T value) const { Free(value); }
};
template <typename T, void (*Free)(T)>
using Held = std::unique_ptr<T, Freed<T, Free>>;

// What GnuTLS has made, wiped when it goes.
class Datum {
 public:
  Datum() = default;
  Datum(const Datum&) = delete;
  Datum& operator=(const Datum&) = delete;
  ~Datum() {
    if (held_.data == nullptr) return;
    wipe(held_.data, held_.size);
    gnutls_free(held_.data);
  }
  gnutls_datum_t* out() { return &held_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(held_.data), held_.size}; }

 private:
  gnutls_datum_t held_{nullptr, 0};
};

Failure failed(int code) {
  return {Fault::kUnavailable, "no key could be made", gnutls_strerror(code)};
}

}  // namespace

Outcome<SigningPair> make_rsa_pair(unsigned bits) {
  gnutls_privkey_t made = nullptr;
  if (const int code = gnutls_privkey_init(&made); code < 0) return failed(code);
  const Held<gnutls_privkey_t, gnutls_privkey_deinit> key(made);
  if (const int code = gnutls_privkey_generate(made, GNUTLS_PK_RSA, bits, 0); code < 0)
    return failed(code);
  gnutls_x509_privkey_t plain = nullptr;
  if (const int code = gnutls_privkey_export_x509(made, &plain); code < 0) return failed(code);
  const Held<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit> exported(plain);
  Datum pem;
  if (const int code = gnutls_x509_privkey_export2_pkcs8(plain, GNUTLS_X509_FMT_PEM, nullptr,
                                                         GNUTLS_PKCS_PLAIN, pem.out());
      code < 0)
    return failed(code);
  gnutls_pubkey_t half = nullptr;
  if (const int code = gnutls_pubkey_init(&half); code < 0) return failed(code);
  const Held<gnutls_pubkey_t, gnutls_pubkey_deinit> public_half(half);
  if (const int code = gnutls_pubkey_import_privkey(half, made, 0, 0); code < 0)
    return failed(code);
  Datum der;
  if (const int code = gnutls_pubkey_export2(half, GNUTLS_X509_FMT_DER, der.out()); code < 0)
    return failed(code);
  return SigningPair{Secret(pem.view()), std::string(der.view())};
}

SigningPair make_ed25519_pair() {
  start();
  SigningPair pair;
  pair.secret = Secret(crypto_sign_SEEDBYTES);
  fill_random(pair.secret.data(), pair.secret.size());
  pair.public_key.resize(crypto_sign_PUBLICKEYBYTES);
  Secret whole(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(pair.public_key.data()), whole.data(),
                           pair.secret.data());
  return pair;
}

}  // namespace fwd::crypto
