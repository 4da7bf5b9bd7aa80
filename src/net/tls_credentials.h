#ifndef FWD_NET_TLS_CREDENTIALS_H
#define FWD_NET_TLS_CREDENTIALS_H

// A server's certificate and private key, and the keeper that renews them
// while old sessions go on with what they began with.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/outcome.h"

struct gnutls_certificate_credentials_st;
struct gnutls_priority_st;

namespace fwd::net {

// Immutable once loaded; shared by all sessions that began with it.
class TlsCredentials {
 public:
  // Reads PEM files: the certificate with its chain, and the key, which must
  // belong to it.  Faults: kUnavailable (a file cannot be read), kBadInput (not
  // PEM, the two do not match).  The private text names the file.
  static Outcome<std::shared_ptr<const TlsCredentials>> load(const std::string& certificate_file,
                                                             const std::string& key_file);
  ~TlsCredentials();
  TlsCredentials(const TlsCredentials&) = delete;
  TlsCredentials& operator=(const TlsCredentials&) = delete;

  WallTime valid_from() const { return valid_from_; }
  WallTime valid_until() const { return valid_until_; }
  // Names the certificate is for, as far as a log line cares: "a.example b.example".
  const std::string& names() const { return names_; }
  // RFC 5929 §4.1: empty when the signature algorithm has no single hash.
  const std::string& end_point_hash() const { return end_point_hash_; }

  // For net/ only.
  gnutls_certificate_credentials_st* handle() const { return handle_; }
  gnutls_priority_st* priority() const { return priority_; }
  const std::string& ticket_key() const { return ticket_key_; }

 private:
  TlsCredentials() = default;
  Outcome<void> read_certificate(const std::string& pem, const std::string& file);

  gnutls_certificate_credentials_st* handle_ = nullptr;
  gnutls_priority_st* priority_ = nullptr;
  std::string ticket_key_;  // seals session tickets; dies with the process
  std::string names_;
  std::string end_point_hash_;
  WallTime valid_from_, valid_until_;
};

// Holds the credentials of today.
class TlsKeeper {
 public:
  // On failure what was there before stays.
  Outcome<void> load(const std::string& certificate_file, const std::string& key_file);
  void replace(std::shared_ptr<const TlsCredentials> credentials) {
    current_ = std::move(credentials);
  }
  // Null before the first load.
  const std::shared_ptr<const TlsCredentials>& current() const { return current_; }

 private:
  std::shared_ptr<const TlsCredentials> current_;
};

// RFC 5929 §4.1: the hash of a DER certificate by its own signature's hash,
// SHA-256 in place of MD5 and SHA-1.
std::string tls_end_point_hash(std::string_view der);

}  // namespace fwd::net

#endif
