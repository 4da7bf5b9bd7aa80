// Reads and rewrites a submitted header.
#include "service/submission/submitted_header.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/text.h"
#include "format/encoded_words.h"
#include "format/header_lines.h"
#include "format/mail_date.h"

namespace fwd::submission {
namespace {

constexpr std::size_t kMostOctets = 1024 * 1024;
constexpr std::size_t kMostFields = 2000;
constexpr std::size_t kMostSubject = 1000;   // octets kept for lists
constexpr std::size_t kMostMessageId = 900;  // a line has 998 (RFC 5322 §2.1.1)

Failure bad(std::string what) { return {Fault::kBadInput, std::move(what), {}}; }

// CR and LF stand together or not at all (RFC 5322 §2.2).
bool has_stray_octets(std::string_view header) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == '\0') return true;
    if (header[i] == '\n' && (i == 0 || header[i - 1] != '\r')) return true;
    if (header[i] == '\r' && (i + 1 == header.size() || header[i + 1] != '\n')) return true;
  }
  return false;
}

// msg-id = "<" id-left "@" id-right ">", as far as anybody looks.
std::string good_message_id(std::string_view value) {
  const std::string text = format::unfold(value);
  if (text.size() < 5 || text.size() > kMostMessageId || text.front() != '<' || text.back() != '>')
    return {};
  const std::string_view inside = std::string_view(text).substr(1, text.size() - 2);
  const auto good = [](char c) { return c > ' ' && c < 0x7F && c != '<' && c != '>'; };
  if (!std::all_of(inside.begin(), inside.end(), good)) return {};
  const auto at = inside.find('@');
  return at == inside.npos || at == 0 || at + 1 == inside.size() ? std::string() : text;
}

// Fields that may stand once and that others decide by.
constexpr std::array<std::string_view, 6> kOnce = {"From",       "Sender", "Reply-To",
                                                   "Message-ID", "Date",   "Subject"};

class Reader {
 public:
  std::optional<Failure> take(const format::HeaderLine& line) {
    if (++fields_ > kMostFields) return bad("The header has too many fields");
    for (std::size_t i = 0; i < kOnce.size(); ++i)
      if (same_word(line.name, kOnce[i]) && ++times_[i] > 1)
        return bad("There is more than one " + std::string(kOnce[i]) + " field");
    if (same_word(line.name, "From")) {
      header.from = format::read_one_mailbox(line.value);
      if (!header.from) return bad("From must name exactly one address");
    } else if (same_word(line.name, "Message-ID")) {
      header.message_id = good_message_id(line.value);
    } else if (same_word(line.name, "Date")) {
      take_date(line.value);
    } else if (same_word(line.name, "Subject")) {
      header.subject = format::decode_header_text(line.value.substr(0, kMostSubject));
    } else if (same_word(line.name, "TLS-Required")) {
      header.tls_optional = same_word(trim(format::unfold(line.value)), "No");
    } else if (same_word(line.name, "Received")) {
      ++header.received;
    }
    return std::nullopt;
  }

  SubmittedHeader header;

 private:
  void take_date(std::string_view value) {
    const auto date = format::read_mail_date(format::unfold(value));
    if (date && date->seconds > 1) header.date = date->seconds;
  }

  std::array<int, kOnce.size()> times_{};
  std::size_t fields_ = 0;
};

// Bcc must not be seen by others (RFC 5322 §3.6.3); the rest is ours to write.
constexpr std::string_view kDropped[] = {"Bcc",
                                         "Resent-Bcc",
                                         "Return-Path",
                                         "X-Forward-Email-Sender",
                                         "X-Forward-Email-Version",
                                         "X-Forward-Email-ID"};

// Mail programs show these beside From, or in its place.
constexpr std::string_view kShown[] = {"Sender", "Resent-Sender", "Resent-From"};

bool shows_another(const format::HeaderLine& line, const Supplements& supplements) {
  if (!supplements.may_show) return false;
  const bool is_shown = std::any_of(std::begin(kShown), std::end(kShown),
                                    [&](auto shown) { return same_word(line.name, shown); });
  if (!is_shown) return false;
  const auto mailbox = format::read_one_mailbox(line.value);
  return !mailbox || !supplements.may_show(mailbox->address);
}

bool is_dropped(const format::HeaderLine& line, const Supplements& supplements) {
  const std::string_view name = line.name;
  if (shows_another(line, supplements)) return true;
  if (!supplements.from.empty() && same_word(name, "From")) return true;
  if (!supplements.date.empty() && same_word(name, "Date")) return true;
  if (!supplements.message_id.empty() && same_word(name, "Message-ID")) return true;
  return std::any_of(std::begin(kDropped), std::end(kDropped),
                     [&](std::string_view dropped) { return same_word(name, dropped); });
}

void add_field(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Outcome<SubmittedHeader> read_header(std::string_view message) {
  Reader reader;
  const std::string_view start = message.substr(0, kMostOctets);
  reader.header.size = format::header_size(start);
  const std::string_view block = start.substr(0, reader.header.size);
  if (block.size() == kMostOctets) return bad("The header is too long");
  if (has_stray_octets(block) && !block.empty())
    return bad("The header has a bare CR, a bare LF or a NUL");
  format::HeaderLines lines(block);
  while (const auto line = lines.next()) {
    if (line->name.empty()) return bad("A line of the header is no header field");
    if (auto failure = reader.take(*line)) return *failure;
  }
  return std::move(reader.header);
}

std::string rewrite(std::string_view message, const SubmittedHeader& header,
                    const Supplements& supplements) {
  std::string out;
  out.reserve(message.size() + supplements.trace.size() + 512);
  out += supplements.trace;
  add_field(out, "Message-ID", supplements.message_id);
  add_field(out, "Date", supplements.date);
  add_field(out, "From", supplements.from);
  const std::string_view block = message.substr(0, header.size);
  format::HeaderLines lines(block);
  std::size_t walked = 0;
  while (const auto line = lines.next()) {
    walked += line->raw.size();
    if (!is_dropped(*line, supplements)) out += line->raw;
  }
  out += message.substr(walked);
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out;
}

}  // namespace fwd::submission
