// DKIM signatures: of one body hash and one choice of fields for all keys.
#include "mailauth/dkim_sign.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/ed25519.h"
#include "crypto/rsa_key.h"
#include "mailauth/dkim_canon.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostKeys = 500;  // that are kept ready
constexpr std::size_t kLineSize = 72;

Failure bad_key(const model::SigningKey& key, const std::string& why) {
  return Failure{Fault::kCorrupt, "the message cannot be signed",
                 "key " + key.selector + "._domainkey." + key.domain + ": " + why};
}

bool is_crlf_text(std::string_view text) {
  for (std::size_t at = text.find_first_of("\r\n"); at != text.npos;
       at = text.find_first_of("\r\n", at)) {
    if (text.substr(at, 2) != "\r\n") return false;
    at += 2;
  }
  return true;
}

// The fields, each with its folding but without its last CRLF; what is left of
// `message` is the body.  Nothing for a header that is none.
std::optional<std::vector<std::string_view>> take_fields(std::string_view& message) {
  std::vector<std::string_view> fields;
  while (!message.empty()) {
    if (message.substr(0, 2) == "\r\n") {
      message.remove_prefix(2);
      return fields;
    }
    std::size_t end = 0;
    do {
      end = message.find("\r\n", end == 0 ? 0 : end + 2);
      if (end == message.npos) end = message.size();
    } while (end + 2 < message.size() && (message[end + 2] == ' ' || message[end + 2] == '\t'));
    const std::string_view field = message.substr(0, end);
    const std::size_t colon = field.find(':');
    if (colon == field.npos || colon == 0 || field[0] == ' ' || field[0] == '\t')
      return std::nullopt;
    fields.push_back(field);
    message.remove_prefix(std::min(end + 2, message.size()));
  }
  return fields;
}

bool is_from(std::string_view field) {
  return same_word(trim(field.substr(0, field.find(':'))), "From");
}

// What all signatures of a message have in common.
struct Content {
  SignedFields fields;
  std::string body_hash;
};

// RFC 6376 §3.5: the field up to its signature.
std::string unsigned_field(const model::SigningKey& key, const Content& content,
                           std::int64_t unix_time) {
  return "DKIM-Signature: v=1; a=" + key.algorithm +
         "-sha256; c=relaxed/relaxed;\r\n\td=" + key.domain + "; s=" + key.selector +
         "; t=" + std::to_string(unix_time) + ";\r\n\tbh=" + to_base64(content.body_hash) +
         ";\r\n\th=" + content.fields.list + ";\r\n\tb=";
}

std::string folded(const std::string& text) {
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += kLineSize) {
    if (at > 0) lines += "\r\n\t ";
    lines += text.substr(at, kLineSize);
  }
  return lines;
}

}  // namespace

struct DkimSigner::Inside {
  std::mutex lock;
  // By the digest of what they were read from.  Under lock.
  std::map<std::string, std::shared_ptr<const crypto::RsaKey>> keys;

  Outcome<std::shared_ptr<const crypto::RsaKey>> rsa_key(const model::SigningKey& key) {
    const std::string digest = crypto::blake2b_256(key.secret);
    {
      const std::lock_guard guard(lock);
      const auto known = keys.find(digest);
      if (known != keys.end()) return known->second;
    }
    auto read = crypto::RsaKey::read(key.secret);
    if (!read.ok()) return bad_key(key, read.failure().private_text);
    const std::lock_guard guard(lock);
    if (keys.size() >= kMostKeys) keys.clear();
    keys[digest] = read.value();
    return read;
  }
};

DkimSigner::DkimSigner() : inside_(std::make_unique<Inside>()) {}
DkimSigner::~DkimSigner() = default;

// RFC 6376 §3.7; RFC 8463 §3 has the hash signed, too.
Outcome<std::string> DkimSigner::sign_hash(const model::SigningKey& key,
                                           const std::string& hash) const {
  if (key.algorithm == "ed25519") {
    std::string signature = crypto::ed25519_sign(key.secret, hash);
    if (signature.empty()) return bad_key(key, "not 32 octets");
    return signature;
  }
  if (key.algorithm != "rsa") return bad_key(key, "no algorithm we know");
  const auto rsa = inside_->rsa_key(key);
  if (!rsa.ok()) return rsa.failure();
  std::string signature = rsa.value()->sign_sha256(hash);
  if (signature.empty()) return bad_key(key, "it makes no signature");
  return signature;
}

Outcome<std::string> DkimSigner::sign(const std::string& message,
                                      const std::vector<model::SigningKey>& keys,
                                      std::int64_t unix_time) const {
  if (!is_crlf_text(message))
    return Failure{Fault::kBadInput, "the message has a bare CR or LF", ""};
  std::string_view body = message;
  const auto fields = take_fields(body);
  if (!fields) return Failure{Fault::kBadInput, "the message has no valid header", ""};
  if (std::none_of(fields->begin(), fields->end(), is_from))
    return Failure{Fault::kBadInput, "the message has no From", ""};
  std::string signatures;
  if (keys.empty()) return signatures;
  const Content content{choose_fields(*fields), relaxed_body_hash(body)};
  for (const model::SigningKey& key : keys) {
    const std::string field = unsigned_field(key, content, unix_time);
    const auto signature =
        sign_hash(key, crypto::sha256(content.fields.relaxed + relaxed_field(field)));
    if (!signature.ok()) return signature.failure();
    signatures += field + folded(to_base64(signature.value())) + "\r\n";
  }
  return signatures;
}

}  // namespace fwd::mailauth
