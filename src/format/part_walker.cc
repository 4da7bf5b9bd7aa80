// Walks a message line by line into a tree of parts.
#include "format/part_walker.h"

#include <algorithm>
#include <tuple>

#include "core/text.h"

namespace fwd::format {
namespace {

constexpr std::size_t kDeepest = 100;       // whatever the limits say: writers of the tree recurse
constexpr std::size_t kMostBoundary = 998;  // RFC 2046 §5.1.1 wants 70; many write more
// Header octets looked at in all parts together, as a multiple of those of one.
constexpr std::size_t kHeadersTogether = 4;

bool is_message_type(std::string_view type) {
  return type == "message/rfc822" || type == "message/global";
}

struct Line {
  std::uint64_t begin = 0;
  std::uint64_t next = 0;     // begin of the next line
  std::uint64_t newline = 0;  // octets of its line end: 0, 1 or 2
};

class PartWalker {
 public:
  PartWalker(std::string_view message, const OutlineLimits& limits)
      : message_(message), limits_(limits), header_budget_(limits.header_octets) {
    header_budget_ *= kHeadersTogether;
  }

  std::vector<PartNode> walk();

 private:
  struct Open {
    std::size_t node = 0;
    std::uint64_t lines_before = 0;  // LFs before its body
  };
  struct Boundary {
    std::string text;      // "--" and the parameter
    std::size_t open = 0;  // index in open_ of its multipart
  };
  enum class Delimiter : std::uint8_t { kNone, kNextPart, kClose };

  std::string_view octets(std::uint64_t begin, std::uint64_t end) const {
    return message_.substr(begin, end - begin);
  }
  PartNode& top() { return nodes_[open_.back().node]; }

  Line line_at(std::uint64_t begin) const;
  bool has_room(std::size_t depth) const;
  void begin_part(std::size_t depth, std::uint64_t begin);
  void end_header(std::uint64_t body_begin, std::uint64_t lines_before);
  void decide_type(PartNode& node);
  void decide_kind();
  std::pair<Delimiter, std::size_t> find_boundary(std::string_view line) const;
  void take_delimiter(Delimiter kind, std::size_t boundary, const Line& line);
  void close_down_to(std::size_t keep, std::uint64_t end, std::uint64_t newline);
  void mend_types();

  std::string_view message_;
  const OutlineLimits& limits_;
  std::size_t header_budget_;
  std::vector<PartNode> nodes_;
  std::vector<Open> open_;            // from the message to where we are
  std::vector<Boundary> boundaries_;  // of the open multiparts still waiting for parts
  bool in_header_ = false;            // of top()
  std::uint64_t lines_ = 0;           // LFs before the current line
  std::uint64_t last_newline_ = 0;    // octets of the line end before the current line
};

Line PartWalker::line_at(std::uint64_t begin) const {
  const std::size_t at = message_.find('\n', begin);
  if (at == std::string_view::npos) return {begin, message_.size(), 0};
  return {begin, at + 1, at > begin && message_[at - 1] == '\r' ? 2U : 1U};
}

bool PartWalker::has_room(std::size_t depth) const {
  return nodes_.size() < limits_.parts && depth <= std::min(limits_.depth, kDeepest);
}

void PartWalker::begin_part(std::size_t depth, std::uint64_t begin) {
  const std::size_t index = nodes_.size();
  if (!open_.empty()) top().children.push_back(index);
  PartNode& node = nodes_.emplace_back();
  node.header_begin = node.body_begin = node.body_end = begin;
  node.depth = depth;
  open_.push_back({index, 0});
  in_header_ = true;
}

// RFC 2045 §5.2: without a usable Content-Type it is plain text, or a message
// inside a digest (RFC 2046 §5.1.5).
void PartWalker::decide_type(PartNode& node) {
  const bool in_digest =
      open_.size() > 1 && nodes_[open_[open_.size() - 2].node].type == "multipart/digest";
  node.type = in_digest ? "message/rfc822" : "text/plain";
  if (const HeaderField* field = node.header.find("content-type")) {
    node.content_type = parse_structured_field(field->value);
    const std::string& word = node.content_type.word;
    const std::size_t slash = word.find('/');
    if (slash != std::string::npos && slash > 0 && slash + 1 < word.size() && word.size() <= 255)
      node.type = word;
    else
      node.content_type.word.clear();
  }
  node.encoding = "7bit";
  if (const HeaderField* field = node.header.find("content-transfer-encoding")) {
    const std::string word = parse_structured_field(field->value).word;
    if (!word.empty() && word.size() <= 64) node.encoding = word;
  }
}

void PartWalker::end_header(std::uint64_t body_begin, std::uint64_t lines_before) {
  PartNode& node = top();
  node.body_begin = body_begin;
  open_.back().lines_before = lines_before;
  in_header_ = false;
  const std::uint64_t size = body_begin - node.header_begin;
  node.header = HeaderBlock(octets(node.header_begin, body_begin),
                            std::min(limits_.header_octets, header_budget_), limits_.header_fields);
  header_budget_ -= std::min<std::size_t>(header_budget_, size);
  decide_type(node);
}

// What the body of top() is; opens the enclosed message when it is one.
void PartWalker::decide_kind() {
  PartNode& node = top();
  const bool plain =
      node.encoding == "7bit" || node.encoding == "8bit" || node.encoding == "binary";
  const bool message = is_message_type(node.type);
  const bool multipart = node.media_type() == "multipart";
  if (!message && !multipart) return;
  const std::size_t deeper = node.depth + 1;
  if (!has_room(deeper) || (message && !plain)) {
    node.type = "application/octet-stream";
  } else if (message) {
    node.kind = PartKind::kMessage;
    begin_part(deeper, node.body_begin);
  } else {
    std::string boundary = node.content_type.parameter("boundary").value_or("");
    while (!boundary.empty() && boundary.back() == ' ') boundary.pop_back();
    if (boundary.empty() || boundary.size() > kMostBoundary) return;
    node.kind = PartKind::kMultipart;
    boundaries_.push_back({"--" + boundary, open_.size() - 1});
  }
}

// delimiter := CRLF "--" boundary [ "--" ] *LWSP-char, alone on its line; so a
// boundary that begins like another is not taken for it (RFC 2046 §5.1.1).
std::pair<PartWalker::Delimiter, std::size_t> PartWalker::find_boundary(
    std::string_view line) const {
  if (!line.starts_with("--")) return {Delimiter::kNone, 0};
  for (std::size_t i = boundaries_.size(); i-- > 0;) {
    if (!line.starts_with(boundaries_[i].text)) continue;
    std::string_view rest = line.substr(boundaries_[i].text.size());
    const bool close = rest.starts_with("--");
    if (close) rest.remove_prefix(2);
    if (rest.find_first_not_of(" \t\r\n") == rest.npos)
      return {close ? Delimiter::kClose : Delimiter::kNextPart, i};
  }
  return {Delimiter::kNone, 0};
}

// Ends every open part above the first `keep`.  `end` is the begin of a
// delimiter line or the message's end; `newline` the octets of the line end
// before it, which belong to the delimiter unless the part would end before
// its body begins.
void PartWalker::close_down_to(std::size_t keep, std::uint64_t end, std::uint64_t newline) {
  std::uint64_t stop = end - newline;
  while (open_.size() > keep) {
    if (in_header_) {
      const std::uint64_t body = std::max(top().header_begin, stop);
      end_header(body, body == end ? lines_ : lines_ - 1);
    }
    PartNode& node = top();
    stop = std::max(stop, node.body_begin);
    node.body_end = stop;
    node.lines = (stop == end ? lines_ : lines_ - 1) - open_.back().lines_before;
    open_.pop_back();
  }
}

void PartWalker::take_delimiter(Delimiter kind, std::size_t boundary, const Line& line) {
  const std::size_t multipart = boundaries_[boundary].open;
  close_down_to(multipart + 1, line.begin, last_newline_);
  const std::size_t deeper = top().depth + 1;
  if (kind == Delimiter::kNextPart && has_room(deeper)) {
    boundaries_.resize(boundary + 1);
    begin_part(deeper, line.next);
  } else {
    boundaries_.resize(boundary);  // what follows is its epilogue
  }
}

// No leaf is called a multipart or a message: readers would look inside.
void PartWalker::mend_types() {
  for (PartNode& node : nodes_) {
    if (node.kind == PartKind::kMultipart && node.children.empty()) node.kind = PartKind::kLeaf;
    if (node.kind != PartKind::kLeaf) continue;
    if (node.media_type() == "multipart") {
      node.type = "text/plain";
      node.content_type = {};
    } else if (is_message_type(node.type)) {
      node.type = "application/octet-stream";
    }
  }
}

std::vector<PartNode> PartWalker::walk() {
  begin_part(0, 0);
  std::uint64_t at = 0;
  while (at < message_.size()) {
    const Line line = line_at(at);
    Delimiter kind = Delimiter::kNone;
    std::size_t boundary = 0;
    if (!boundaries_.empty() && message_[at] == '-')
      std::tie(kind, boundary) = find_boundary(octets(line.begin, line.next));
    if (kind != Delimiter::kNone) {
      take_delimiter(kind, boundary, line);
    } else if (in_header_ && line.newline != 0 && line.next - line.begin == line.newline) {
      end_header(line.next, lines_ + 1);
      decide_kind();
    }
    if (line.newline != 0) ++lines_;
    last_newline_ = line.newline;
    at = line.next;
  }
  close_down_to(0, message_.size(), 0);
  mend_types();
  return std::move(nodes_);
}

}  // namespace

std::vector<PartNode> walk_parts(std::string_view message, const OutlineLimits& limits) {
  return PartWalker(message, limits).walk();
}

}  // namespace fwd::format
