#ifndef FWD_PROTOCOL_IMAP_REPLY_H
#define FWD_PROTOCOL_IMAP_REPLY_H

// The one tagged answer that ends a command (RFC 9051 §7.1).

#include <cstdint>
#include <string>
#include <utility>

namespace fwd::imap {

struct Reply {
  enum class Kind : std::uint8_t {
    kOk,
    kNo,
    kBad,
    kBye,     // untagged; the session ends
    kNothing  // the connection is gone already, or all was said
  };
  Kind kind = Kind::kNothing;
  std::string code;  // a response code without its brackets, or ""
  std::string text;

  static Reply ok(std::string text, std::string code = {}) {
    return {Kind::kOk, std::move(code), std::move(text)};
  }
  static Reply no(std::string text, std::string code = {}) {
    return {Kind::kNo, std::move(code), std::move(text)};
  }
  static Reply bad(std::string text, std::string code = {}) {
    return {Kind::kBad, std::move(code), std::move(text)};
  }
  static Reply bye(std::string text, std::string code = {}) {
    return {Kind::kBye, std::move(code), std::move(text)};
  }
  static Reply nothing() { return {}; }
};

}  // namespace fwd::imap

#endif
