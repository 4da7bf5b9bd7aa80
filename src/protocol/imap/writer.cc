// How answers look on the wire.
#include "protocol/imap/writer.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "core/text.h"
#include "format/mutf7.h"
#include "format/quoted_string.h"

namespace fwd::imap {
namespace {

constexpr std::size_t kLongestQuoted = 1024;

Task<void> wait_for(Event& event) { co_await event.wait(); }

bool may_be_quoted(std::string_view text, bool utf8) {
  if (text.size() > kLongestQuoted) return false;
  bool eight_bit = false;
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') return false;
    eight_bit = eight_bit || static_cast<unsigned char>(c) >= 0x80;
  }
  return !eight_bit || (utf8 && is_utf8(text));
}

}  // namespace

void Writer::string(std::string_view text) {
  if (!may_be_quoted(text, utf8_)) return literal(text);
  format::append_quoted(buffer_, text);
}

void Writer::nstring(const std::string* text) {
  if (text == nullptr) return raw("NIL");
  string(*text);
}

void Writer::literal_begin(std::uint64_t octets, bool binary) {
  if (binary) buffer_ += '~';
  buffer_ += '{';
  number(octets);
  buffer_ += "}\r\n";
}

void Writer::literal(std::string_view text) {
  literal_begin(text.size());
  raw(text);
}

void Writer::mailbox(std::string_view path) {
  if (path == "INBOX") return raw(path);
  if (utf8_) return string(path);
  string(format::to_mutf7(path).value_or(std::string(path)));
}

void Writer::flags(const model::Flags& flags, bool recent) {
  static constexpr std::array<std::pair<model::SystemFlag, std::string_view>, 5> kNames = {
      {{model::kAnswered, "\\Answered"},
       {model::kFlagged, "\\Flagged"},
       {model::kDeleted, "\\Deleted"},
       {model::kSeen, "\\Seen"},
       {model::kDraft, "\\Draft"}}};
  char before = '(';
  const auto add = [&](std::string_view name) {
    buffer_ += before;
    buffer_ += name;
    before = ' ';
  };
  for (const auto& [flag, name] : kNames)
    if (flags.has(flag)) add(name);
  if (recent) add("\\Recent");
  for (const std::string& keyword : flags.keywords) add(keyword);
  if (before == '(') buffer_ += '(';
  buffer_ += ')';
}

void Writer::date_time(std::int64_t seconds) {
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds when{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "\"%02u-%s-%04d %02d:%02d:%02d +0000\"",
                static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  raw(text.data());
}

void Writer::untagged(std::string_view text) {
  raw("* ");
  raw(text);
  end();
}

void Writer::reply(std::string_view tag, const Reply& reply) {
  static constexpr std::array<std::string_view, 4> kKinds = {" OK ", " NO ", " BAD ", " BYE "};
  if (reply.kind == Reply::Kind::kNothing) return;
  raw(reply.kind == Reply::Kind::kBye ? "*" : tag);
  raw(kKinds[static_cast<std::size_t>(reply.kind)]);
  if (!reply.code.empty()) buffer_ += '[' + reply.code + "] ";
  // resp-text holds no line ends, and no 8-bit octets before UTF-8 was enabled.
  for (const char c : reply.text) {
    const bool plain = c >= ' ' && c < 0x7F;
    buffer_ += plain || (utf8_ && static_cast<unsigned char>(c) >= 0x80) ? c : '?';
  }
  end();
}

bool Writer::rollback(const Mark& mark) {
  if (mark.written != written_ || mark.size > buffer_.size()) return false;
  buffer_.resize(mark.size);
  return true;
}

Task<bool> Writer::flush() {
  if (broken_) co_return false;
  if (buffer_.empty()) co_return true;
  const std::string gathered = std::exchange(buffer_, std::string());
  auto writing = stream_.write(gathered);
  auto waiting = clock_.sleep(limits_.write_wait);
  auto stopping = wait_for(stop_);
  const auto won = co_await first_of(std::move(writing), std::move(waiting), std::move(stopping));
  if (won.index() != 0 || !std::get<0>(won).ok()) {
    broken_ = true;
    co_return false;
  }
  written_ += gathered.size();
  co_return true;
}

Task<bool> Writer::flush_if_full() {
  if (broken_) co_return false;
  if (buffer_.size() < limits_.output) co_return true;
  co_return co_await flush();
}

void NumberRuns::end_run() {
  if (first_ == 0) return;
  if (!done_.empty()) done_ += ',';
  done_ += std::to_string(first_);
  if (last_ != first_) done_ += ':' + std::to_string(last_);
  first_ = 0;
}

void NumberRuns::add(std::uint32_t number) {
  if (first_ != 0 && number == last_ + 1) {
    last_ = number;
    return;
  }
  end_run();
  first_ = last_ = number;
}

std::string NumberRuns::text() {
  end_run();
  return done_;
}

}  // namespace fwd::imap
