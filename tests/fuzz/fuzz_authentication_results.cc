// Authentication-Results: what was read and written is read as the same again;
// what is forged is so wherever it stands; nobody's texts end a field.
#include "format/header_lines.h"
#include "fuzz/fuzz.h"
#include "mailauth/results/authentication_results.h"
#include "mailauth/results/forged_results.h"
#include "mailauth/results/received_spf.h"

namespace {

using namespace fwd;

void must_be_one_field(const std::string& field) {
  format::HeaderLines lines(field);
  const auto line = lines.next();
  fuzz::must(line && line->raw.size() == field.size() && field.ends_with("\r\n"));
  for (const char c : field)
    fuzz::must(c == '\r' || c == '\n' || c == '\t' || (c >= ' ' && c < 127));
}

std::string written(const mailauth::AuthenticationResults& field) {
  std::string text = mailauth::authentication_results_line(field.authserv_id, field.results);
  must_be_one_field(text);
  return text.substr(text.find(':') + 1);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fuzz::text_of(data, size);
  const std::string text(in);
  const std::vector<std::string> ours{"mx.example.com", "example.com"};
  format::HeaderLines lines(in);
  while (const auto line = lines.next()) {
    const bool is_forged = mailauth::is_forged_results(*line, ours);
    const std::string alone(line->raw);
    const auto again = format::HeaderLines(alone).next();
    fuzz::must(again.has_value() && is_forged == mailauth::is_forged_results(*again, ours));
  }
  must_be_one_field(mailauth::authentication_results_line(
      text, {{"spf", "pass", text, {{"smtp.mailfrom", text}}, text}, {text, text, "", {}, {}}}));
  must_be_one_field(
      mailauth::received_spf_line({"pass", text, text, text, text, text, text, text, text}));
  const auto parsed = mailauth::parse_authentication_results(in);
  if (!parsed) return 0;
  // The first writing drops what has no place; the second must change nothing.
  const auto again = mailauth::parse_authentication_results(written(*parsed));
  fuzz::must(again.has_value() && again->results.size() <= parsed->results.size());
  const auto third = mailauth::parse_authentication_results(written(*again));
  fuzz::must(third && third->results.size() == again->results.size());
  for (std::size_t i = 0; i < third->results.size(); ++i)
    fuzz::must(third->results[i].word == again->results[i].word &&
               third->results[i].properties.size() == again->results[i].properties.size());
  return 0;
}
