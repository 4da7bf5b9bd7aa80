// DKIM signatures: RSA by libopendkim, Ed25519 by our own hand, as the library
// loses such a key in memory with every signature (2.11.0~beta2).
#include "mailauth/signatures/dkim_sign.h"

#include <sys/types.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#define _Bool bool  // the library's header is C
extern "C" {
#include <opendkim/dkim.h>
}
#undef _Bool

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/ed25519.h"
#include "crypto/rsa.h"
#include "mailauth/signatures/dkim_canon.h"
#include "mailauth/signatures/message_view.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kFieldNameSize = sizeof("DKIM-Signature: ") - 1;

// RFC 6376 §8.15: no second one can be added.
const char* const kOversigned[] = {"From", nullptr};

Failure bad_key(const model::SigningKey& key, const std::string& why) {
  return Failure{Fault::kCorrupt, "the message cannot be signed",
                 "key " + key.selector + "._domainkey." + key.domain + ": " + why};
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

class Library {
 public:
  Library() : handle_(dkim_init(nullptr, nullptr)) {}
  ~Library() {
    if (handle_ != nullptr) dkim_close(handle_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  bool set_up(std::uint64_t time) {
    return handle_ != nullptr && set(DKIM_OPTS_SIGNHDRS, kSignedFields, sizeof(char**)) &&
           set(DKIM_OPTS_OVERSIGNHDRS, kOversigned, sizeof(char**)) &&
           set(DKIM_OPTS_FIXEDTIME, &time, sizeof time);
  }
  DKIM_LIB* get() const { return handle_; }

 private:
  bool set(dkim_opts_t option, const void* value, std::size_t size) {
    return dkim_options(handle_, DKIM_OP_SETOPT, option, const_cast<void*>(value), size) ==
           DKIM_STAT_OK;
  }
  DKIM_LIB* handle_;
};

// One signature being made.
class Signature {
 public:
  Signature(Library& library, const model::SigningKey& key) {
    const auto octets = [](const std::string& text) {
      return reinterpret_cast<unsigned char*>(const_cast<char*>(text.c_str()));
    };
    handle_ = dkim_sign(library.get(), octets(key.selector), nullptr, octets(key.secret),
                        octets(key.selector), octets(key.domain), DKIM_CANON_RELAXED,
                        DKIM_CANON_RELAXED, DKIM_SIGN_RSASHA256, -1, &state_);
  }
  ~Signature() {
    if (handle_ != nullptr) dkim_free(handle_);
  }
  Signature(const Signature&) = delete;
  Signature& operator=(const Signature&) = delete;

  bool take(const std::vector<std::string_view>& fields, std::string_view body) {
    if (handle_ == nullptr) return false;
    const auto octets = [](std::string_view text) {
      return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
    };
    for (const std::string_view field : fields)
      if (!went(dkim_header(handle_, octets(field), field.size()))) return false;
    if (!went(dkim_eoh(handle_))) return false;
    if (!body.empty() && !went(dkim_body(handle_, octets(body), body.size()))) return false;
    // RFC 6376 §3.4.4: a last line without its end gets one.
    static constexpr std::string_view kLineEnd = "\r\n";
    if (!body.empty() && body.back() != '\n' && !went(dkim_body(handle_, octets(kLineEnd), 2)))
      return false;
    return went(dkim_eom(handle_, nullptr));
  }

  std::optional<std::string> text() {
    unsigned char* text = nullptr;
    std::size_t size = 0;
    if (!went(dkim_getsighdr_d(handle_, kFieldNameSize, &text, &size))) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(text), size);
  }

  std::string why() const {
    const char* said = handle_ != nullptr ? dkim_geterror(handle_) : nullptr;
    return said != nullptr ? said : dkim_getresultstr(state_);
  }

 private:
  bool went(DKIM_STAT state) {
    state_ = state;
    return state == DKIM_STAT_OK;
  }
  DKIM* handle_ = nullptr;
  DKIM_STAT state_ = DKIM_STAT_OK;
};

// The library folds by its own line ends.
std::string field_of(const std::string& value) {
  std::string field = "DKIM-Signature: ";
  for (const char c : value) {
    if (c == '\r') continue;
    if (c == '\n') field += '\r';
    field += c;
  }
  return field + "\r\n";
}

Outcome<std::string> sign_rsa(Library& library, const model::SigningKey& key,
                              const std::vector<std::string_view>& fields, std::string_view body) {
  // The library loses memory over each that is none.
  if (!crypto::is_rsa_secret(key.secret)) return bad_key(key, "no RSA key in PEM");
  Signature signature(library, key);
  if (!signature.take(fields, body)) return bad_key(key, signature.why());
  const auto text = signature.text();
  if (!text) return bad_key(key, signature.why());
  return field_of(*text);
}

// RFC 8463 §3: what is signed for a key, and the field up to its signature.
std::string ed25519_hash(const model::SigningKey& key, const std::vector<std::string_view>& fields,
                         std::string_view body, std::int64_t unix_time, std::string& field) {
  const SignedFields chosen = choose_fields(fields);
  field = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n\td=" + key.domain +
          "; s=" + key.selector + "; t=" + std::to_string(unix_time) +
          ";\r\n\tbh=" + to_base64(relaxed_body_hash(body)) + ";\r\n\th=" + chosen.list +
          ";\r\n\tb=";
  return crypto::sha256(chosen.relaxed + relaxed_field(field));
}

Outcome<std::string> sign_ed25519(const model::SigningKey& key,
                                  const std::vector<std::string_view>& fields,
                                  std::string_view body, std::int64_t unix_time) {
  std::string unsigned_field;
  const std::string hash = ed25519_hash(key, fields, body, unix_time, unsigned_field);
  const std::string signature = crypto::ed25519_sign(key.secret, hash);
  if (signature.empty()) return bad_key(key, "not 32 octets");
  return unsigned_field + to_base64(signature) + "\r\n";
}

}  // namespace

// Keeps what the library shares between its handles from being torn down.
struct DkimSigner::Inside {
  Library library;
};

DkimSigner::DkimSigner() : inside_(std::make_unique<Inside>()) {}
DkimSigner::~DkimSigner() = default;

Outcome<std::string> DkimSigner::sign(const std::string& message,
                                      const std::vector<model::SigningKey>& keys,
                                      std::int64_t unix_time) const {
  if (has_bare_line_end(message))
    return Failure{Fault::kBadInput, "the message has a bare CR or LF", ""};
  std::string_view body = message;
  const auto fields = take_fields(body);
  if (!fields) return Failure{Fault::kBadInput, "the message has no valid header", ""};
  if (std::none_of(fields->begin(), fields->end(), is_from))
    return Failure{Fault::kBadInput, "the message has no From", ""};
  // The time is the handle's, so each message has a handle of its own: it
  // costs some microseconds.
  Library library;
  if (!library.set_up(static_cast<std::uint64_t>(unix_time)))
    return Failure{Fault::kUnavailable, "the message cannot be signed", "libopendkim"};
  std::string signatures;
  for (const model::SigningKey& key : keys) {
    const bool is_ed25519 = key.algorithm == "ed25519";
    if (!is_ed25519 && key.algorithm != "rsa") return bad_key(key, "no algorithm we know");
    auto one = is_ed25519 ? sign_ed25519(key, *fields, body, unix_time)
                          : sign_rsa(library, key, *fields, body);
    if (!one.ok()) return one;
    signatures += one.value();
  }
  return signatures;
}

}  // namespace fwd::mailauth
