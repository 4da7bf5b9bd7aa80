// Private RSA keys made ready to sign.
#include "crypto/rsa_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <utility>

namespace fwd::crypto {
namespace {

constexpr std::size_t kDigestSize = 32;

// Without it the library would ask at the terminal.
int no_password(char*, int, int, void*) { return -1; }

struct Freeing {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Freeing>;

Failure no_key() {
  ERR_clear_error();
  return {Fault::kCorrupt, "", "no RSA key in PEM"};
}

}  // namespace

struct RsaKey::Inside {
  Owned<EVP_PKEY> key;
};

RsaKey::RsaKey(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
RsaKey::~RsaKey() = default;

Outcome<std::shared_ptr<const RsaKey>> RsaKey::read(std::string_view pem) {
  const Owned<BIO> octets(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!octets) return no_key();
  auto inside = std::make_unique<Inside>();
  inside->key.reset(PEM_read_bio_PrivateKey(octets.get(), nullptr, no_password, nullptr));
  if (!inside->key || EVP_PKEY_get_base_id(inside->key.get()) != EVP_PKEY_RSA) return no_key();
  return std::shared_ptr<const RsaKey>(new RsaKey(std::move(inside)));
}

std::string RsaKey::sign_sha256(std::string_view digest) const {
  std::string signature;
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(inside_->key.get(), nullptr));
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(inside_->key.get()));
  signature.resize(size);
  const bool made =
      context && digest.size() == kDigestSize && EVP_PKEY_sign_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
      EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
      EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                    reinterpret_cast<const unsigned char*>(digest.data()), digest.size()) == 1;
  if (!made) {
    ERR_clear_error();
    return {};
  }
  signature.resize(size);
  return signature;
}

}  // namespace fwd::crypto
