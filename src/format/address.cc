// Parses envelope addresses.
#include "format/address.h"

#include <arpa/inet.h>
#include <glib.h>

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "format/domain_name.h"
#include "format/quoted_string.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostLocal = 64;
constexpr std::size_t kMostMailbox = 254;  // a path of 256 without its brackets
constexpr std::size_t kMostRoute = 1024;

Failure bad(const char* why) { return {Fault::kBadInput, why, {}}; }
Failure too_long(const char* why) { return {Fault::kOverLimit, why, {}}; }

bool is_atext(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// Dot-string = Atom *("." Atom)
bool is_dot_string(std::string_view text) {
  for (const std::string_view atom : split(text, '.'))
    if (atom.empty() || !std::all_of(atom.begin(), atom.end(), is_atext)) return false;
  return true;
}

// Reads one address from the front of a text; on failure the rest is undefined.
class AddressReader {
 public:
  AddressReader(std::string_view text, AddressCharset charset) : rest_(text), charset_(charset) {}

  std::string_view rest() const { return rest_; }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip(std::size_t n) { rest_.remove_prefix(n); }

  Outcome<std::string> local_part() {
    Outcome<std::string> local = rest_.starts_with('"') ? quoted_string() : dot_string();
    if (!local.ok()) return local;
    if (!is_ascii(local.value())) {
      if (charset_ == AddressCharset::kAscii) return bad("address is not ASCII");
      if (!is_utf8(local.value())) return bad("address is not UTF-8");
      gchar* composed =
          g_utf8_normalize(local.value().data(), static_cast<gssize>(local.value().size()),
                           G_NORMALIZE_DEFAULT_COMPOSE);
      if (composed == nullptr) return bad("address is not UTF-8");
      local = std::string(composed);
      g_free(composed);
    }
    // RFC 5198 §2 wants none of U+0080 to U+009F: terminals obey some of them.
    for (std::size_t at = 0; (at = local.value().find('\xC2', at)) != std::string::npos; ++at)
      if (static_cast<unsigned char>(local.value()[at + 1]) < 0xA0)
        return bad("local part has a control character");
    if (local.value().size() > kMostLocal) return too_long("local part is longer than 64 octets");
    return local;
  }

  Outcome<std::string> domain() {
    if (rest_.starts_with('[')) return literal();
    const std::string_view name = take_while([](char c) {
      return is_alnum(c) || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    });
    if (charset_ == AddressCharset::kAscii && !is_ascii(name)) return bad("address is not ASCII");
    if (name.ends_with('.')) return bad("domain ends in a dot");
    return domain_to_ascii(name);
  }

  // A-d-l = At-domain *( "," At-domain ), At-domain = "@" Domain
  std::optional<Failure> skip_route() {
    if (!rest_.starts_with('@')) return std::nullopt;
    const std::size_t colon = rest_.substr(0, kMostRoute).find(':');
    if (colon == std::string_view::npos) return bad("source route without colon");
    for (const std::string_view hop : split(rest_.substr(0, colon), ','))
      if (!hop.starts_with('@') || !domain_to_ascii(hop.substr(1)).ok())
        return bad("source route has a bad domain");
    rest_.remove_prefix(colon + 1);
    return std::nullopt;
  }

 private:
  template <typename Wanted>
  std::string_view take_while(Wanted wanted) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), wanted);
    const auto n = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  Outcome<std::string> dot_string() {
    const std::string_view text = take_while([](char c) { return is_atext(c) || c == '.'; });
    if (text.size() > kMostLocal * 4) return too_long("local part is longer than 64 octets");
    if (!is_dot_string(text)) return bad("local part is empty or has a stray dot");
    return std::string(text);
  }

  // Quoted-string = DQUOTE *QcontentSMTP DQUOTE
  Outcome<std::string> quoted_string() {
    std::string out;
    take('"');
    while (!rest_.empty() && out.size() <= kMostLocal * 4) {
      if (take('"')) {
        if (out.empty()) return bad("local part is empty");
        return out;
      }
      take('\\');
      if (rest_.empty()) break;
      const auto octet = static_cast<unsigned char>(rest_.front());
      if (octet < ' ' || octet == 127) return bad("local part has a control character");
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    return bad("quoted local part does not end");
  }

  // address-literal = "[" ( IPv4 / "IPv6:" IPv6 ) "]", given back in the
  // spelling that everybody compares.
  Outcome<std::string> literal() {
    const std::size_t end = rest_.substr(0, 64).find(']');
    if (end == std::string_view::npos) return bad("address literal does not end");
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    if (text.find('\0') != std::string::npos) return bad("address literal is no IP address");
    const bool six = starts_with_word(text, "IPv6:");
    if (six) text.erase(0, 5);
    unsigned char ip[16];
    char spelled[INET6_ADDRSTRLEN];
    const int family = six ? AF_INET6 : AF_INET;
    if (inet_pton(family, text.c_str(), ip) != 1 ||
        inet_ntop(family, ip, spelled, sizeof spelled) == nullptr)
      return bad("address literal is no IP address");
    return std::string(six ? "[IPv6:" : "[") + spelled + "]";
  }

  std::string_view rest_;
  AddressCharset charset_;
};

Outcome<Address> read_mailbox(AddressReader& in) {
  Outcome<std::string> local = in.local_part();
  if (!local.ok()) return local.failure();
  Address address;
  address.local = std::move(local).value();
  if (!in.take('@')) return bad("address has no domain");
  Outcome<std::string> domain = in.domain();
  if (!domain.ok()) return domain.failure();
  address.domain = std::move(domain).value();
  if (address.text().size() > kMostMailbox) return too_long("address is longer than 254 octets");
  return address;
}

}  // namespace

std::string_view Address::user() const {
  const std::size_t plus = local.find('+', 1);
  return std::string_view(local).substr(0, plus);
}

std::string_view Address::tag() const {
  const std::size_t plus = local.find('+', 1);
  return plus == std::string::npos ? std::string_view() : std::string_view(local).substr(plus + 1);
}

bool Address::needs_utf8() const { return !is_ascii(local); }

std::string Address::text() const {
  std::string out;
  if (is_dot_string(local)) {
    out = local;
  } else {
    append_quoted(out, local);
  }
  if (!domain.empty()) out += '@' + domain;
  return out;
}

Outcome<Address> parse_mailbox(std::string_view text, AddressCharset charset) {
  AddressReader in(text, charset);
  Outcome<Address> address = read_mailbox(in);
  if (address.ok() && !in.rest().empty()) return bad("address is followed by something else");
  return address;
}

bool is_same_person(std::string_view one, std::string_view other) {
  const auto a = parse_mailbox(one, AddressCharset::kUtf8);
  const auto b = parse_mailbox(other, AddressCharset::kUtf8);
  return a.ok() && b.ok() && a.value().domain == b.value().domain &&
         same_word(a.value().user(), b.value().user());
}

Outcome<Path> parse_path(std::string_view text, AddressCharset charset) {
  AddressReader in(text, charset);
  if (!in.take('<')) return bad("path does not begin with <");
  Path path;
  if (in.rest().starts_with('>')) {
    path.null = true;
  } else if (starts_with_word(in.rest(), "postmaster>")) {
    path.address.local = "postmaster";
    in.skip(path.address.local.size());
  } else {
    if (const auto failure = in.skip_route()) return *failure;
    Outcome<Address> address = read_mailbox(in);
    if (!address.ok()) return address.failure();
    path.address = std::move(address).value();
  }
  if (!in.take('>')) return bad("path does not end with >");
  path.size = text.size() - in.rest().size();
  return path;
}

}  // namespace fwd::format
