// Tells how a conversation ended.
#include "bin/sendmail/reply_watch.h"

#include <sysexits.h>

#include <cstddef>
#include <utility>

namespace fwd::sendmail {
namespace {

constexpr std::size_t kCode = 3;  // digits (RFC 5321 §4.2)

}  // namespace

void ReplyWatch::add(std::string_view octets) {
  for (const char c : octets) {
    if (c == '\n') {
      if (first_.empty()) first_ = line_;
      last_ = std::move(line_);
      line_.clear();
    } else if (line_.size() < kCode) {
      line_ += c;
    }
  }
}

int ReplyWatch::status() const {
  if (first_.starts_with('5')) return EX_UNAVAILABLE;
  if (!first_.starts_with('2') || last_ == "421") return EX_TEMPFAIL;
  return EX_OK;
}

}  // namespace fwd::sendmail
