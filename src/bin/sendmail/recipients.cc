// Reads the addresses of an envelope.
#include "bin/sendmail/recipients.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/text.h"
#include "format/address.h"
#include "format/header_lines.h"
#include "format/one_mailbox.h"

namespace fwd::sendmail {
namespace {

constexpr std::size_t kMostAddresses = 10000;
constexpr std::size_t kMostQuoted = 200;  // octets of a text in a complaint

Failure unreadable(std::string_view text) {
  std::string shown;
  for (const char c : trim(text).substr(0, kMostQuoted))
    shown += static_cast<unsigned char>(c) < ' ' || c == 0x7F ? '?' : c;
  return {Fault::kBadInput, "not an address: " + shown, {}};
}

bool is_local_user(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alnum(c) || std::string_view("._-+").find(c) != std::string_view::npos;
  });
}

// Line ends may only fold (RFC 5322 §2.2.3): unfolding must join no two words.
bool is_folded_well(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    if (text[i] == '\0' || (text[i] == '\r' && next != '\n')) return false;
    if (text[i] == '\n' && next != ' ' && next != '\t') return false;
  }
  return true;
}

// mailbox = name-addr / addr-spec
Outcome<std::string> read_address(std::string_view text) {
  const auto mailbox = format::read_one_mailbox(text);
  if (!mailbox || !is_folded_well(text)) return unreadable(text);
  if (is_local_user(mailbox->address)) return mailbox->address;
  const auto address = format::parse_mailbox(mailbox->address, format::AddressCharset::kUtf8);
  if (!address.ok()) return unreadable(text);
  return address.value().text();
}

// address-list = (address *("," address)), where an obsolete one may have
// empty places (RFC 5322 §4.4)
// group = display-name ":" [group-list] ";"
class ListReader {
 public:
  explicit ListReader(std::string_view text) : text_(text) {}

  Outcome<std::vector<std::string>> read() {
    for (; at_ < text_.size() && !failure_; ++at_) take();
    if (in_group_) fail();
    end_item();
    if (failure_) return *failure_;
    return std::move(found_);
  }

 private:
  std::string_view item() const {
    return text_.substr(begin_, std::min(at_, text_.size()) - begin_);
  }
  void fail() {
    if (!failure_) failure_ = unreadable(text_.substr(begin_));
  }

  void take() {
    switch (text_[at_]) {
      case '"':
        skip_enclosed('"', '"');
        break;
      case '(':
        skip_enclosed('(', ')');
        break;
      case '[':
        skip_enclosed('[', ']');
        break;
      case ':':
        begin_group();
        break;
      case ';':
        if (!in_group_) return fail();
        end_item();
        in_group_ = false;
        after_group_ = true;
        break;
      case ',':
        end_item();
        break;
    }
  }

  // To the end of a quoted string, comment or literal.  One without an end
  // leaves a text that is no address.
  void skip_enclosed(char open, char close) {
    std::size_t depth = 1;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\')
        ++at_;
      else if (c == close && --depth == 0)
        return;
      else if (c == open && open == '(')
        ++depth;
    }
  }

  // What stands before the colon must be a phrase: what may stand before "<".
  void begin_group() {
    const std::string_view name = trim(item());
    const auto phrase = format::read_one_mailbox(std::string(name) + " <a>");
    if (in_group_ || after_group_ || !phrase || phrase->phrase.empty()) return fail();
    in_group_ = true;
    begin_ = at_ + 1;
  }

  void end_item() {
    if (failure_) return;
    if (format::unfold(item()).empty()) {
      after_group_ = false;
    } else if (after_group_) {
      return fail();  // only a comma may follow a group
    } else {
      auto address = read_address(item());
      if (!address.ok()) {
        failure_ = address.failure();
        return;
      }
      found_.push_back(std::move(address).value());
    }
    begin_ = std::min(at_ + 1, text_.size());
  }

  std::string_view text_;
  std::size_t begin_ = 0;  // of the item being read
  std::size_t at_ = 0;
  bool in_group_ = false;
  bool after_group_ = false;  // between ";" and ","
  std::vector<std::string> found_;
  std::optional<Failure> failure_;
};

}  // namespace

Outcome<void> Recipients::add_list(std::string_view list) {
  auto read = ListReader(list).read();
  if (!read.ok()) return read.failure();
  for (std::string& address : read.value())
    if (seen_.insert(address).second) all_.push_back(std::move(address));
  if (all_.size() > kMostAddresses) return Failure{Fault::kOverLimit, "too many recipients", {}};
  return {};
}

Outcome<void> Recipients::add_fields(std::string_view message, std::string_view prefix) {
  format::HeaderLines lines(message);
  while (const auto line = lines.next()) {
    if (!starts_with_word(line->name, prefix)) continue;
    const std::string_view name = line->name.substr(prefix.size());
    if (!same_word(name, "To") && !same_word(name, "Cc") && !same_word(name, "Bcc")) continue;
    auto added = add_list(line->value);
    if (!added.ok()) return added;
  }
  return {};
}

Outcome<void> Recipients::add_header(std::string_view message) {
  Recipients resent;
  auto added = resent.add_fields(message, "Resent-");
  if (!added.ok()) return added;
  return add_fields(message, resent.all().empty() ? "" : "Resent-");
}

Outcome<std::string> read_sender(std::string_view value) {
  const std::string_view text = trim(value);
  if (text.empty() || text == "<>") return std::string();
  return read_address(text);
}

}  // namespace fwd::sendmail
