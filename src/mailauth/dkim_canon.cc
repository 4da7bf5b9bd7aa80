// The "relaxed" forms in which DKIM signs.
#include "mailauth/dkim_canon.h"

#include <algorithm>

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
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!is_blank(line[i])) {
      to += line[i];
    } else if (i == 0 || !is_blank(line[i - 1])) {
      to += ' ';
    }
  }
}

}  // namespace

std::string relaxed_field(std::string_view field) {
  const std::size_t colon = std::min(field.find(':'), field.size());
  std::string relaxed = to_lower(trim(field.substr(0, colon))) + ":";
  std::string unfolded;
  for (const char c : field.substr(std::min(colon + 1, field.size())))
    if (c != '\r' && c != '\n') unfolded += c;
  add_relaxed_line(relaxed, trim(unfolded));
  return relaxed;
}

std::string relaxed_body_hash(std::string_view body) {
  crypto::Sha256 hash;
  std::string piece;
  std::size_t empty_lines = 0;  // told only when something follows them
  while (!body.empty()) {
    const std::size_t end = std::min(body.find("\r\n"), body.size());
    std::string line;
    add_relaxed_line(line, body.substr(0, end));
    body.remove_prefix(std::min(end + 2, body.size()));
    if (line.empty()) {
      ++empty_lines;
      continue;
    }
    for (; empty_lines > 0; --empty_lines) piece += "\r\n";
    piece += line;
    piece += "\r\n";
    if (piece.size() >= kPieceSize) {
      hash.add(piece);
      piece.clear();
    }
  }
  hash.add(piece);
  return hash.end();
}

// RFC 6376 §5.4.2: of fields of one name the last counts first.
SignedFields choose_fields(const std::vector<std::string_view>& fields) {
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
  for (const char* const* name = kSignedFields; *name != nullptr; ++name) {
    for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
      if (!same_word(trim(field->substr(0, field->find(':'))), *name)) continue;
      list(*name);
      chosen.relaxed += relaxed_field(*field) + "\r\n";
    }
  }
  list("From");
  return chosen;
}

}  // namespace fwd::mailauth
