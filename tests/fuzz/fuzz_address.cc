// Addresses, paths, address lists and domain names.  What was read and is
// written must be read as the same again.
#include "format/address.h"
#include "format/address_list.h"
#include "format/domain_name.h"
#include "fuzz/fuzz.h"

using namespace fwd::format;
using fwd::fuzz::must;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  for (const AddressCharset charset : {AddressCharset::kAscii, AddressCharset::kUtf8}) {
    const auto mailbox = parse_mailbox(in, charset);
    if (mailbox.ok())
      must(parse_mailbox(mailbox.value().text(), charset).value() == mailbox.value());
    const auto path = parse_path(in, charset);
    if (path.ok()) must(path.value().size <= size && path.value().size >= 2);
  }
  must(parse_address_list(in, 20).size() <= 20);
  const auto domain = domain_to_ascii(in);
  if (!domain.ok()) return 0;
  must(domain_to_ascii(domain.value()).value() == domain.value());
  must(domain_to_ascii(domain_to_unicode(domain.value())).value() == domain.value());
  return 0;
}
