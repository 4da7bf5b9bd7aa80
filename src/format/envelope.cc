// Writes a message's ENVELOPE.
#include "format/envelope.h"

#include <optional>

#include "format/address_list.h"
#include "format/wire_string.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostAddresses = 1000;

void append_nstring(std::string& out, const std::optional<std::string>& text) {
  if (text)
    append_string(out, *text);
  else
    out += "NIL";
}

void append_field(std::string& out, const HeaderBlock& header, std::string_view name) {
  if (header.find(name) == nullptr)
    out += "NIL";
  else
    append_string(out, header.text(name));
}

// address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
void append_address(std::string& out, const ListedAddress& address) {
  using Kind = ListedAddress::Kind;
  out += '(';
  append_nstring(out, address.name);
  out += ' ';
  append_nstring(out, address.route);
  out += ' ';
  if (address.kind == Kind::kGroupEnd)
    out += "NIL";
  else
    append_string(out, address.mailbox);
  out += ' ';
  if (address.kind == Kind::kMailbox)
    append_string(out, address.host);
  else
    out += "NIL";
  out += ')';
}

// All fields of that name as one list, or the first only; "NIL" for none.
std::string address_list(const HeaderBlock& header, std::string_view name, bool all) {
  std::string joined;
  for (const HeaderField& field : header.fields()) {
    if (field.name != name) continue;
    if (!joined.empty()) joined += ',';
    joined += field.value;
    if (!all) break;
  }
  const std::vector<ListedAddress> addresses = parse_address_list(joined, kMostAddresses);
  if (addresses.empty()) return "NIL";
  std::string out = "(";
  for (const ListedAddress& address : addresses) append_address(out, address);
  return out + ")";
}

}  // namespace

std::string make_envelope(const HeaderBlock& header) {
  std::string out = "(";
  append_field(out, header, "date");
  out += ' ';
  append_field(out, header, "subject");
  const std::string from = address_list(header, "from", false);
  out += ' ' + from;
  for (const char* name : {"sender", "reply-to"}) {
    const std::string list = address_list(header, name, false);
    out += ' ' + (list == "NIL" ? from : list);
  }
  for (const char* name : {"to", "cc", "bcc"}) out += ' ' + address_list(header, name, true);
  for (const char* name : {"in-reply-to", "message-id"}) {
    out += ' ';
    append_field(out, header, name);
  }
  return out + ")";
}

}  // namespace fwd::format
