// Texts of messages and of people: HTML, encoded words, charsets, transfer
// encodings, folding, subjects and dates.  The first line names a charset.
#include "core/text.h"
#include "format/base_subject.h"
#include "format/date.h"
#include "format/encoded_words.h"
#include "format/html_text.h"
#include "format/outline.h"
#include "fuzz/fuzz.h"

using namespace fwd::format;
using fwd::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  const std::string_view charset = in.substr(0, in.find('\n'));
  must(fwd::is_utf8(decode_header_text(in)));
  const auto text = to_utf8(in, charset.substr(0, 50));
  if (text) must(fwd::is_utf8(*text) && fwd::is_utf8(html_to_text(*text)));
  if (text) must(fwd::is_utf8(make_base_subject(*text)));
  fold_for_search(in);
  for (const char* encoding : {"base64", "quoted-printable", "x-uuencode", "8bit"})
    decode_content(in, encoding).ok();
  const auto seconds = read_internal_date(in);
  if (seconds) must(read_internal_date(write_internal_date(*seconds)) == seconds);
  read_search_date(in);
  return 0;
}
