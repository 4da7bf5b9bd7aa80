#ifndef FWD_TESTS_UNIT_MAILAUTH_CERTIFICATES_H
#define FWD_TESTS_UNIT_MAILAUTH_CERTIFICATES_H

// Certificates made on the spot, each signed by another or by itself.

#include <gnutls/x509.h>

#include <ctime>
#include <string>

namespace fwd::test {

class MadeCertificate {
 public:
  enum class Kind { kAuthority, kServer, kExpiredServer };

  // `dns_name` "": none; `by` null: by itself.
  MadeCertificate(const std::string& name, Kind kind, const std::string& dns_name,
                  const MadeCertificate* by) {
    gnutls_x509_privkey_init(&key_);
    gnutls_x509_privkey_generate(key_, GNUTLS_PK_ECDSA,
                                 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    gnutls_x509_crt_init(&certificate_);
    gnutls_x509_crt_set_version(certificate_, 3);
    static unsigned char serial = 0;
    ++serial;
    gnutls_x509_crt_set_serial(certificate_, &serial, 1);
    gnutls_x509_crt_set_dn(certificate_, ("CN=" + name).c_str(), nullptr);
    gnutls_x509_crt_set_key(certificate_, key_);
    const std::time_t now = std::time(nullptr);
    const bool is_expired = kind == Kind::kExpiredServer;
    gnutls_x509_crt_set_activation_time(certificate_, now - 7200);
    gnutls_x509_crt_set_expiration_time(certificate_, is_expired ? now - 3600 : now + 86400);
    if (!dns_name.empty())
      gnutls_x509_crt_set_subject_alt_name(certificate_, GNUTLS_SAN_DNSNAME, dns_name.data(),
                                           static_cast<unsigned>(dns_name.size()), GNUTLS_FSAN_SET);
    const bool is_authority = kind == Kind::kAuthority;
    gnutls_x509_crt_set_basic_constraints(certificate_, is_authority ? 1 : 0, -1);
    gnutls_x509_crt_set_key_usage(
        certificate_, is_authority ? GNUTLS_KEY_KEY_CERT_SIGN : GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (!is_authority)
      gnutls_x509_crt_set_key_purpose_oid(certificate_, GNUTLS_KP_TLS_WWW_SERVER, 0);
    const MadeCertificate& issuer = by != nullptr ? *by : *this;
    gnutls_x509_crt_sign2(certificate_, issuer.certificate_, issuer.key_, GNUTLS_DIG_SHA256, 0);
  }
  ~MadeCertificate() {
    gnutls_x509_crt_deinit(certificate_);
    gnutls_x509_privkey_deinit(key_);
  }
  MadeCertificate(const MadeCertificate&) = delete;
  MadeCertificate& operator=(const MadeCertificate&) = delete;

  std::string der() const { return exported(GNUTLS_X509_FMT_DER); }
  std::string pem() const { return exported(GNUTLS_X509_FMT_PEM); }

 private:
  std::string exported(gnutls_x509_crt_fmt_t form) const {
    gnutls_datum_t out{};
    gnutls_x509_crt_export2(certificate_, form, &out);
    std::string text(reinterpret_cast<const char*>(out.data), out.size);
    gnutls_free(out.data);
    return text;
  }
  gnutls_x509_privkey_t key_ = nullptr;
  gnutls_x509_crt_t certificate_ = nullptr;
};

}  // namespace fwd::test

#endif
