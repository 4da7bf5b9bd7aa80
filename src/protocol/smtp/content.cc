// Reads message content.
#include "protocol/smtp/content.h"

#include <cstring>

namespace fwd::smtp {
namespace {

constexpr std::size_t kFirstRoom = 16 * 1024;

// memchr as a place in `in`, or npos.
std::size_t find(std::string_view in, std::size_t from, std::size_t to, char c) {
  if (from >= to) return std::string_view::npos;
  const void* hit = std::memchr(in.data() + from, c, to - from);
  return hit == nullptr ? std::string_view::npos
                        : static_cast<std::size_t>(static_cast<const char*>(hit) - in.data());
}

}  // namespace

void ContentBuffer::append(std::string_view octets) {
  seen_ += octets.size();
  if (!keeping_ || octets.empty()) return;
  if (over_limit()) return drop();
  if (!make_room(data_.size() + octets.size())) return lose();
  data_.append(octets);
}

void ContentBuffer::lose() {
  out_of_memory_ = true;
  drop();
}

std::string ContentBuffer::take() {
  share_.keep();
  return std::move(data_);
}

// Grows by doubling, or straight to the declared size once an eighth of it has
// really come (so that nobody books memory by words alone).
bool ContentBuffer::make_room(std::size_t octets) {
  if (octets <= data_.capacity()) return true;
  std::size_t room = std::max({kFirstRoom, octets, data_.capacity() * 2});
  if (declared_ >= octets && declared_ <= limit_ && declared_ / 8 <= octets)
    room = static_cast<std::size_t>(declared_) + 1;
  room = std::max(octets, std::min(room, static_cast<std::size_t>(limit_)));
  if (!share_.grow_to(room)) return false;
  data_.reserve(room);
  return true;
}

void ContentBuffer::drop() {
  keeping_ = false;
  std::string().swap(data_);
  share_.release();
}

std::size_t TextScanner::scan_line(std::string_view in, std::size_t at) {
  if (at >= in.size()) return at;
  if (cr_) {
    cr_ = false;
    if (in[at] == '\n') {
      line_start_ = true;
      line_octets_ = 0;
      return at + 1;
    }
    note(ContentFault::kBareCr);
  }
  line_start_ = false;
  const std::size_t lf = find(in, at, in.size(), '\n');
  const bool whole = lf != std::string_view::npos;
  const std::size_t end = whole ? lf : in.size();
  add_octets(end - at);
  const bool cr_last = end > at && in[end - 1] == '\r';
  if (find(in, at, end - (cr_last ? 1 : 0), '\r') != std::string_view::npos)
    note(ContentFault::kBareCr);
  if (!whole) {
    cr_ = cr_last;
    return end;
  }
  if (cr_last) {
    line_start_ = true;
    line_octets_ = 0;
  } else {
    note(ContentFault::kBareLf);
  }
  return end + 1;
}

void TextScanner::scan_octets(std::string_view in) {
  if (find(in, 0, in.size(), '\0') != std::string_view::npos) note(ContentFault::kNul);
}

void TextScanner::finish() {
  if (cr_) note(ContentFault::kBareCr);
}

std::size_t DotReader::feed(std::string_view in, ContentBuffer& out) {
  std::size_t at = 0;
  std::size_t run = 0;  // [run, at) is content not yet given to `out`
  while (at < in.size() && held_ != Held::kEnd) {
    if (held_ == Held::kNothing && scanner_.at_line_start() && in[at] == '.') {
      out.append(in.substr(run, at - run));
      run = ++at;
      held_ = Held::kDot;
    } else if (held_ == Held::kDot && in[at] == '\r') {
      run = ++at;
      held_ = Held::kDotCr;
    } else if (held_ == Held::kDotCr && in[at] == '\n') {
      run = ++at;
      held_ = Held::kEnd;
    } else {
      // Not the end after all: the dot stays dropped, the CR was content.
      if (held_ == Held::kDotCr) {
        out.append("\r");
        scanner_.after_cr();
      }
      held_ = Held::kNothing;
      at = scanner_.scan_line(in, at);
    }
  }
  out.append(in.substr(run, at - run));
  scanner_.scan_octets(in.substr(0, at));
  if (scanner_.fault() != ContentFault::kNone) out.drop();
  return at;
}

}  // namespace fwd::smtp
