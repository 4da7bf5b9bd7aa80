// The "simple" and "relaxed" forms of fields and bodies.
#include "mailauth/signatures/dkim_canon.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"

namespace fwd::mailauth {

// RFC 6376 §5.4.1, and what MIME (RFC 6376 §5.4.1 (end)), Sender and
// RFC 8058 §4 add.
const char* const kSignedFields[] = {"From",
                                     "Sender",
                                     "Reply-To",
                                     "Subject",
                                     "Date",
                                     "Message-ID",
                                     "To",
                                     "Cc",
                                     "MIME-Version",
                                     "Content-Type",
                                     "Content-Transfer-Encoding",
                                     "Content-ID",
                                     "Content-Description",
                                     "Resent-Date",
                                     "Resent-From",
                                     "Resent-Sender",
                                     "Resent-To",
                                     "Resent-Cc",
                                     "Resent-Message-ID",
                                     "In-Reply-To",
                                     "References",
                                     "List-Id",
                                     "List-Help",
                                     "List-Unsubscribe",
                                     "List-Unsubscribe-Post",
                                     "List-Subscribe",
                                     "List-Post",
                                     "List-Owner",
                                     "List-Archive",
                                     nullptr};
namespace {

constexpr std::size_t kPieceSize = 16 * 1024;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Runs of blanks become one space; those at the end go.
void add_relaxed_line(std::string& to, std::string_view line) {
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  std::size_t from = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_blank(line[i]) || (line[i] == ' ' && !is_blank(line[i + 1]))) continue;
    to.append(line, from, i - from);
    to += ' ';
    while (is_blank(line[i + 1])) ++i;
    from = i + 1;
  }
  to.append(line, from);
}

// Hashes what comes piece by piece, and its beginnings of some lengths.
class Beginnings {
 public:
  explicit Beginnings(const std::vector<std::optional<std::uint64_t>>& lengths)
      : lengths_(lengths), hashes_(lengths.size()) {
    for (std::size_t i = 0; i < lengths.size(); ++i)
      if (lengths[i]) cuts_.push_back(i);
    std::sort(cuts_.begin(), cuts_.end(),
              [&lengths](std::size_t a, std::size_t b) { return *lengths[a] > *lengths[b]; });
  }

  void add(std::string_view piece) {
    for (;;) {
      while (!cuts_.empty() && *lengths_[cuts_.back()] == seen_) cut();
      if (piece.empty()) return;
      const std::uint64_t room = cuts_.empty() ? piece.size() : *lengths_[cuts_.back()] - seen_;
      const std::string_view part = piece.substr(0, std::min<std::uint64_t>(room, piece.size()));
      hash_.add(part);
      seen_ += part.size();
      piece.remove_prefix(part.size());
    }
  }

  std::vector<std::string> end() {
    add({});
    const std::string whole = hash_.end();
    for (std::size_t i = 0; i < lengths_.size(); ++i)
      if (!lengths_[i]) hashes_[i] = whole;
    return std::move(hashes_);
  }

 private:
  void cut() {
    crypto::Sha256 so_far = hash_;
    hashes_[cuts_.back()] = so_far.end();
    cuts_.pop_back();
  }

  const std::vector<std::optional<std::uint64_t>>& lengths_;
  std::vector<std::string> hashes_;
  std::vector<std::size_t> cuts_;  // places of lengths not yet reached, the nearest last
  std::uint64_t seen_ = 0;
  crypto::Sha256 hash_;
};

// RFC 6376 §3.4.3
void add_simple_body(Beginnings& to, std::string_view body) {
  while (body.ends_with("\r\n")) body.remove_suffix(2);
  to.add(body);
  to.add("\r\n");
}

// RFC 6376 §3.4.4
void add_relaxed_body(Beginnings& to, std::string_view body) {
  std::string piece;
  std::size_t empty_lines = 0;  // told only when something follows them
  while (!body.empty()) {
    const std::size_t end = std::min(body.find("\r\n"), body.size());
    std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 2, body.size()));
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    if (line.empty()) {
      ++empty_lines;
      continue;
    }
    for (; empty_lines > 0; --empty_lines) piece += "\r\n";
    add_relaxed_line(piece, line);
    piece += "\r\n";
    if (piece.size() >= kPieceSize) {
      to.add(piece);
      piece.clear();
    }
  }
  to.add(piece);
}

std::string without_hole(std::string_view field, std::string_view hole) {
  const auto at = static_cast<std::size_t>(hole.data() - field.data());
  return std::string(field.substr(0, at)) + std::string(field.substr(at + hole.size()));
}

}  // namespace

std::string relaxed_field(std::string_view field) {
  const std::size_t colon = std::min(field.find(':'), field.size());
  std::string relaxed = to_lower(trim(field.substr(0, colon))) + ":";
  std::string_view value = field.substr(std::min(colon + 1, field.size()));
  std::string unfolded;
  unfolded.reserve(value.size());
  while (!value.empty()) {
    const std::size_t end = std::min(value.find("\r\n"), value.size());
    unfolded.append(value, 0, end);
    value.remove_prefix(std::min(end + 2, value.size()));
  }
  add_relaxed_line(relaxed, trim(unfolded));
  return relaxed;
}

std::vector<std::string> body_hashes(std::string_view body, Canon canon,
                                     const std::vector<std::optional<std::uint64_t>>& lengths) {
  Beginnings beginnings(lengths);
  if (canon == Canon::kSimple)
    add_simple_body(beginnings, body);
  else
    add_relaxed_body(beginnings, body);
  return beginnings.end();
}

std::string relaxed_body_hash(std::string_view body) {
  return body_hashes(body, Canon::kRelaxed, {std::nullopt}).front();
}

std::string relaxed_without_signature(const MessageView& message, const Signature& signature) {
  return relaxed_field(without_hole(message.fields()[signature.place].raw, signature.hole));
}

// RFC 6376 §5.4.2: of fields of one name the last counts first; a name that no
// field is left for stands for none.
std::string header_hash(const MessageView& message, const Signature& signature) {
  crypto::Sha256 hash;
  std::unordered_map<std::string_view, std::size_t> left;
  for (const std::string& name : signature.names) {
    const std::vector<std::uint32_t>& places = message.places(name);
    std::size_t& at = left.try_emplace(name, places.size()).first->second;
    // The signature itself is no field that it could name (RFC 6376 §5.4).
    if (at > 0 && places[at - 1] == signature.place) --at;
    if (at == 0) continue;
    const std::string_view raw = message.fields()[places[--at]].raw;
    hash.add(signature.header == Canon::kRelaxed ? relaxed_field(raw) : std::string(raw));
    hash.add("\r\n");
  }
  hash.add(signature.header == Canon::kRelaxed
               ? relaxed_without_signature(message, signature)
               : without_hole(message.fields()[signature.place].raw, signature.hole));
  return hash.end();
}

// RFC 6376 §5.4.2: of fields of one name the last counts first.
SignedFields choose_fields(const std::vector<std::string_view>& fields, bool dkim_too) {
  constexpr std::size_t kLineSize = 70;
  SignedFields chosen;
  std::size_t line = 0;
  const auto list = [&chosen, &line](std::string_view name) {
    if (!chosen.list.empty()) chosen.list += ':';
    if (line + name.size() > kLineSize) {
      chosen.list += "\r\n\t ";
      line = 0;
    }
    chosen.list += name;
    line += name.size() + 1;
  };
  const auto choose = [&fields, &chosen, &list](const char* name) {
    for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
      if (!same_word(trim(field->substr(0, field->find(':'))), name)) continue;
      list(name);
      chosen.relaxed += relaxed_field(*field) + "\r\n";
    }
  };
  for (const char* const* name = kSignedFields; *name != nullptr; ++name) choose(*name);
  if (dkim_too) choose("DKIM-Signature");
  list("From");
  return chosen;
}

}  // namespace fwd::mailauth
