// Reading signatures, strictly: what breaks the grammar is worth nothing.
#include "mailauth/signatures/dkim_signature.h"

#include <algorithm>
#include <limits>

#include "core/text.h"
#include "format/domain_name.h"
#include "mailauth/signatures/tag_list.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kLongestSignature = 512;  // of RSA with 4096 bits

// RFC 6376 §3.5: numbers have at most 12 digits, lengths at most 76.
std::optional<std::uint64_t> read_digits(std::string_view text, std::size_t most) {
  if (text.empty() || text.size() > most || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  return parse_number(text).value_or(std::numeric_limits<std::uint64_t>::max());
}

// The selector may have several labels (RFC 6376 §3.1), of letters, digits,
// hyphens and, as they are names of TXT records only, underscores.
std::string read_selector(std::string_view text) {
  if (text.empty() || text.size() > 200 || text.front() == '.' || text.back() == '.' ||
      text.find("..") != text.npos)
    return {};
  if (is_ascii(text)) {
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
      return is_alnum(c) || c == '-' || c == '_' || c == '.';
    });
    return is_plain ? to_lower(text) : std::string();
  }
  auto ascii = format::domain_to_ascii(text);
  return ascii.ok() ? std::move(ascii).value() : std::string();
}

// hdr-name = field-name (RFC 5322 §2.2)
bool is_field_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_at_or_below(std::string_view name, std::string_view domain) {
  return name == domain || (name.size() > domain.size() + 1 && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

class Reader {
 public:
  Reader(const TagList& tags, SignatureKind kind, std::size_t most_names, Signature& to)
      : tags_(tags), kind_(kind), most_names_(most_names), to_(to) {}

  // In the order in which a reader of results wants to know.
  std::string read() {
    read_names();
    for (const auto step :
         {&Reader::version, &Reader::required, &Reader::algorithm, &Reader::key, &Reader::signature,
          &Reader::own, &Reader::covered, &Reader::form, &Reader::times}) {
      std::string problem = (this->*step)();
      if (!problem.empty()) return problem;
    }
    return {};
  }

 private:
  // What results show, though the rest may be wrong.
  void read_names() {
    to_.algorithm_text = to_lower(tags_.value("a"));
    if (auto domain = format::domain_to_ascii(tags_.value("d")); domain.ok())
      to_.domain = std::move(domain).value();
    to_.selector = read_selector(tags_.value("s"));
    if (const Tag* b = tags_.find("b")) to_.hole = b->room;
    to_.chain = to_lower(tags_.value("cv"));
    to_.start = without_space(tags_.value("b")).substr(0, 8);
    if (kind_ != SignatureKind::kDkim)
      to_.instance = read_instance(tags_.value("i")).value_or(0);
    else
      to_.identity = tags_.find("i") != nullptr ? without_space(tags_.value("i"))
                     : !to_.domain.empty()      ? "@" + to_.domain
                                                : "";
  }

  std::string version() {
    if (kind_ != SignatureKind::kDkim) return {};
    return tags_.value("v") == "1" ? "" : "it is no signature of version 1";
  }

  std::string required() {
    static constexpr std::string_view kAll[] = {"a", "b", "d", "s"};
    for (const std::string_view name : kAll)
      if (tags_.value(name).empty()) return "it has no " + std::string(name) + "=";
    if (kind_ == SignatureKind::kArcSeal) {
      // RFC 8617 §4.1.3: what a seal covers is not the seal's to say.
      if (tags_.find("h") != nullptr) return "a seal must not have h=";
      return tags_.value("cv").empty() ? "it has no cv=" : "";
    }
    if (tags_.value("h").empty()) return "it has no h=";
    return tags_.value("bh").empty() ? "it has no bh=" : "";
  }

  std::string algorithm() {
    if (to_.algorithm_text == "rsa-sha256") {
      to_.algorithm = SignatureAlgorithm::kRsaSha256;
    } else if (to_.algorithm_text == "ed25519-sha256") {
      to_.algorithm = SignatureAlgorithm::kEd25519Sha256;
    } else if (to_.algorithm_text == "rsa-sha1") {
      return "SHA-1 is not to be trusted";  // RFC 8301 §3.1
    } else {
      return "its algorithm is not known";
    }
    return {};
  }

  std::string key() {
    if (to_.domain.empty()) return "d= is no domain";
    if (to_.selector.empty()) return "s= is no selector";
    if (kind_ == SignatureKind::kArcSeal) return {};
    // q=: what we do not know is passed over, dns/txt must be left.
    const Tag* methods = tags_.find("q");
    if (methods == nullptr) return {};
    const auto parts = colon_parts(methods->value);
    const bool is_known = std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
      return same_word(part, "dns/txt");
    });
    return is_known ? "" : "its key is not in the DNS";
  }

  std::string signature() {
    auto octets = from_base64_tag(tags_.value("b"));
    if (!octets || octets->empty()) return "b= is no base64";
    if (octets->size() > kLongestSignature) return "b= is too long";
    to_.octets = std::move(*octets);
    return {};
  }

  std::string own() {
    if (kind_ == SignatureKind::kDkim) return identity();
    return to_.instance != 0 ? "" : "i= is no instance";
  }

  // RFC 6376 §6.1.1: the domain of i= is d= or below it.
  std::string identity() {
    const std::size_t at = to_.identity.rfind('@');
    if (at == to_.identity.npos) return "i= is no identity";
    auto domain = format::domain_to_ascii(std::string_view(to_.identity).substr(at + 1));
    if (!domain.ok()) return "i= is no identity";
    to_.identity_domain = std::move(domain).value();
    return is_at_or_below(to_.identity_domain, to_.domain) ? "" : "i= is not of the domain d=";
  }

  std::string covered() {
    if (kind_ == SignatureKind::kArcSeal) return {};
    for (const std::string_view name : colon_parts(tags_.value("h"))) {
      if (name.empty()) continue;  // some put a colon too many, which signs nothing
      if (!is_field_name(name)) return "h= has a name that none can have";
      if (to_.names.size() == most_names_) return "h= has too many names";
      to_.names.push_back(to_lower(name));
    }
    const auto has = [this](std::string_view name) {
      return std::find(to_.names.begin(), to_.names.end(), name) != to_.names.end();
    };
    if (!has("from")) return "From is not signed";  // RFC 6376 §6.1.1
    // RFC 8617 §4.1.2: seals come later, so they would break it.
    if (kind_ == SignatureKind::kArcMessage && has("arc-seal")) return "h= names ARC-Seal";
    return {};
  }

  static bool read_canon(std::string_view word, Canon& to) {
    to = same_word(word, "relaxed") ? Canon::kRelaxed : Canon::kSimple;
    return to == Canon::kRelaxed || same_word(word, "simple");
  }

  // The forms, the hash and the length of the body.
  std::string form() {
    if (kind_ == SignatureKind::kArcSeal) {
      to_.header = Canon::kRelaxed;
      return {};
    }
    if (tags_.find("c") != nullptr) {
      const std::string_view both = tags_.value("c");
      const std::size_t slash = both.find('/');
      if (!read_canon(both.substr(0, slash), to_.header) ||
          (slash != both.npos && !read_canon(both.substr(slash + 1), to_.body)))
        return "its canonical form is not known";
    }
    auto hash = from_base64_tag(tags_.value("bh"));
    if (!hash || hash->size() != 32) return "bh= is no hash";
    to_.body_hash = std::move(*hash);
    if (tags_.find("l") == nullptr) return {};
    to_.body_length = read_digits(tags_.value("l"), 76);
    return to_.body_length ? "" : "l= is no length";
  }

  // A time in the future is not held against it: clocks differ.
  std::string times() {
    if (tags_.find("t") != nullptr) {
      to_.time = read_digits(tags_.value("t"), 12);
      if (!to_.time) return "t= is no time";
    }
    if (tags_.find("x") == nullptr || kind_ == SignatureKind::kArcSeal) return {};
    to_.expires = read_digits(tags_.value("x"), 12);
    if (!to_.expires) return "x= is no time";
    return to_.time && *to_.expires <= *to_.time ? "it expired before it was made" : "";
  }

  const TagList& tags_;
  SignatureKind kind_;
  std::size_t most_names_;
  Signature& to_;
};

}  // namespace

std::string read_signature(const MessageView& message, std::uint32_t place, SignatureKind kind,
                           std::size_t most_names, Signature& to) {
  to.place = place;
  const auto tags = TagList::read(message.fields()[place].value);
  if (!tags) return "it is no list of tags";
  return Reader(*tags, kind, most_names, to).read();
}

std::optional<std::uint32_t> read_instance(std::string_view text) {
  const auto number = read_digits(text, 2);
  if (!number || *number < 1 || *number > 50) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

}  // namespace fwd::mailauth
