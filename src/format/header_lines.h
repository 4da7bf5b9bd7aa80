#ifndef FWD_FORMAT_HEADER_LINES_H
#define FWD_FORMAT_HEADER_LINES_H

// The fields of a header block as octets: nothing decoded, nothing lost
// (RFC 5322 §2.2).  Lines may end in CRLF or LF.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fwd::format {

struct HeaderLine {
  std::string_view name;   // as written; "" for a line that is no field
  std::string_view value;  // after the colon, folds included, without the last line end
  std::string_view raw;    // the whole of it with its continuation lines and line ends
};

// Walks over the fields up to the empty line or the end.  Views into `block`.
class HeaderLines {
 public:
  explicit HeaderLines(std::string_view block) : rest_(block) {}
  std::optional<HeaderLine> next();

 private:
  std::string_view rest_;
};

// Octets of the header with the empty line that ends it; all of `message`
// when there is no empty line.
std::size_t header_size(std::string_view message);

// Fields called `name`, any case; "Received" tells a mail loop
// (RFC 5321 §6.3).
std::size_t count_fields(std::string_view block, std::string_view name);

// The value of the first field called `name`, any case.
std::optional<std::string_view> find_field(std::string_view block, std::string_view name);

// HEADER.FIELDS, or HEADER.FIELDS.NOT with `except` (RFC 9051 §6.4.5.1): the
// fields with one of these names, in the message's order and octets, then an
// empty line.  Lines that are no fields have no name, so `except` keeps them.
std::string pick_fields(std::string_view block, const std::vector<std::string>& names, bool except);

// The value on one line (RFC 5322 §2.2.3): line ends and NULs taken out,
// spaces at both ends removed; other octets as they are.
std::string unfold(std::string_view value);

}  // namespace fwd::format

#endif
