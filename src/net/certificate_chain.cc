// Certificates a peer has shown, checked after the handshake.
#include "net/certificate_chain.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <array>
#include <utility>

namespace fwd::net {
namespace {

constexpr std::size_t kMostCertificates = 16;

gnutls_datum_t datum(const std::string& octets) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(octets.data())),
          static_cast<unsigned>(octets.size())};
}

// A certificate that goes away with its holder.
class Certificate {
 public:
  Certificate() { gnutls_x509_crt_init(&handle_); }
  ~Certificate() {
    if (handle_ != nullptr) gnutls_x509_crt_deinit(handle_);
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  bool read(const std::string& der) {
    const gnutls_datum_t data = datum(der);
    return gnutls_x509_crt_import(handle_, &data, GNUTLS_X509_FMT_DER) >= 0;
  }
  gnutls_x509_crt_t get() const { return handle_; }
  gnutls_x509_crt_t release() { return std::exchange(handle_, nullptr); }

 private:
  gnutls_x509_crt_t handle_ = nullptr;
};

ChainVerdict verdict(ChainVerdict::Kind kind, std::string reason) {
  return ChainVerdict{kind, std::move(reason)};
}

// RFC 8461 §4.1 and RFC 7672 §3.2.3 want DNS names; the common name of old is
// not looked at.
bool has_dns_name(gnutls_x509_crt_t certificate) {
  std::array<char, 512> name;
  for (unsigned i = 0;; ++i) {
    std::size_t size = name.size();
    const int kind =
        gnutls_x509_crt_get_subject_alt_name(certificate, i, name.data(), &size, nullptr);
    if (kind == GNUTLS_SAN_DNSNAME) return true;
    if (kind < 0 && kind != GNUTLS_E_SHORT_MEMORY_BUFFER) return false;
  }
}

bool is_for(gnutls_x509_crt_t certificate, const std::vector<std::string>& names) {
  if (!has_dns_name(certificate)) return false;
  for (const std::string& name : names)
    if (gnutls_x509_crt_check_hostname(certificate, name.c_str()) != 0) return true;
  return false;
}

std::string status_text(unsigned status) {
  gnutls_datum_t text{};
  if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) < 0)
    return "not trusted";
  std::string said(reinterpret_cast<const char*>(text.data), text.size);
  gnutls_free(text.data);
  while (!said.empty() && (said.back() == ' ' || said.back() == '\0')) said.pop_back();
  return said;
}

}  // namespace

Outcome<std::shared_ptr<const TrustStore>> TrustStore::load(const std::string& trust) {
  std::shared_ptr<TrustStore> made(new TrustStore);
  int code = gnutls_x509_trust_list_init(&made->handle_, 0);
  if (code >= 0 && trust == "system")
    code = gnutls_x509_trust_list_add_system_trust(made->handle_, 0, 0);
  else if (code >= 0)
    code = gnutls_x509_trust_list_add_trust_file(made->handle_, trust.c_str(), nullptr,
                                                 GNUTLS_X509_FMT_PEM, 0, 0);
  if (code < 0)
    return Failure{Fault::kUnavailable, "TLS is not available",
                   "authorities of " + trust + ": " + gnutls_strerror(code)};
  return std::shared_ptr<const TrustStore>(std::move(made));
}

Outcome<std::shared_ptr<const TrustStore>> TrustStore::of_anchor(const std::string& der) {
  std::shared_ptr<TrustStore> made(new TrustStore);
  Certificate anchor;
  if (gnutls_x509_trust_list_init(&made->handle_, 0) < 0 || !anchor.read(der))
    return Failure{Fault::kBadInput, "", "not a certificate"};
  gnutls_x509_crt_t handle = anchor.get();
  // The list takes it over.
  if (gnutls_x509_trust_list_add_cas(made->handle_, &handle, 1, 0) != 1)
    return Failure{Fault::kBadInput, "", "not a certificate to trust"};
  anchor.release();
  return std::shared_ptr<const TrustStore>(std::move(made));
}

TrustStore::~TrustStore() {
  if (handle_ != nullptr) gnutls_x509_trust_list_deinit(handle_, 1);
}

ChainVerdict TrustStore::verify(const CertificateChain& chain,
                                const std::vector<std::string>& names) const {
  using Kind = ChainVerdict::Kind;
  if (chain.empty()) return verdict(Kind::kBroken, "no certificate was shown");
  if (chain.size() > kMostCertificates) return verdict(Kind::kBroken, "too many certificates");
  std::array<Certificate, kMostCertificates> read;
  std::array<gnutls_x509_crt_t, kMostCertificates> handles{};
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (!read[i].read(chain[i])) return verdict(Kind::kBroken, "not a certificate");
    handles[i] = read[i].get();
  }
  std::string purpose = GNUTLS_KP_TLS_WWW_SERVER;
  gnutls_typed_vdata_st wish{};
  wish.type = GNUTLS_DT_KEY_PURPOSE_OID;
  wish.data = reinterpret_cast<unsigned char*>(purpose.data());
  unsigned status = 0;
  const int code = gnutls_x509_trust_list_verify_crt2(
      handle_, handles.data(), static_cast<unsigned>(chain.size()), &wish, 1, 0, &status, nullptr);
  if (code < 0) return verdict(Kind::kUntrusted, gnutls_strerror(code));
  constexpr unsigned kDates = GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED;
  if (status != 0) {
    const bool only_dates =
        (status & ~(kDates | GNUTLS_CERT_INVALID)) == 0 && (status & kDates) != 0;
    return verdict(only_dates ? Kind::kExpired : Kind::kUntrusted, status_text(status));
  }
  if (!names.empty() && !is_for(handles[0], names))
    return verdict(Kind::kWrongName, "the certificate is not for " + names.front());
  return verdict(Kind::kGood, "");
}

std::string public_key_info(const std::string& der) {
  Certificate certificate;
  if (!certificate.read(der)) return {};
  gnutls_pubkey_t key = nullptr;
  if (gnutls_pubkey_init(&key) < 0) return {};
  gnutls_datum_t out{};
  std::string info;
  if (gnutls_pubkey_import_x509(key, certificate.get(), 0) >= 0 &&
      gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &out) >= 0) {
    info.assign(reinterpret_cast<const char*>(out.data), out.size);
    gnutls_free(out.data);
  }
  gnutls_pubkey_deinit(key);
  return info;
}

}  // namespace fwd::net
