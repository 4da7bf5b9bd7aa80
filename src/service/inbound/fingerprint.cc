// Makes prints of messages.
#include "service/inbound/fingerprint.h"

#include <array>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/header_lines.h"

namespace fwd::service {
namespace {

// A redirected message (RFC 5322 §3.6.6) is another one each time.
constexpr std::array<std::string_view, 8> kFields = {
    "Message-ID", "Date", "From", "To", "Cc", "Subject", "Resent-Date", "Resent-Message-ID"};
constexpr std::size_t kMostFields = 2000;

}  // namespace

std::string message_print(const PrintOrigin& origin, std::string_view content) {
  const std::string_view header = content.substr(0, format::header_size(content));
  std::array<std::string, kFields.size()> digests;
  bool has_id = false;
  format::HeaderLines lines(header);
  std::size_t count = 0;
  for (auto line = lines.next(); line && count < kMostFields; line = lines.next(), ++count) {
    for (std::size_t i = 0; i < kFields.size(); ++i) {
      if (!same_word(line->name, kFields[i])) continue;
      // Folding may change on the way; a field that stands twice counts twice.
      const std::string value = format::unfold(line->value);
      digests[i] = crypto::blake2b_256(digests[i] + value);
      if (i == 0 && !value.empty()) has_id = true;
    }
  }
  if (!has_id) return {};
  std::string all = crypto::blake2b_256(origin.sender) + crypto::blake2b_256(origin.peer_ip);
  for (const std::string& digest : digests) all += crypto::blake2b_256(digest);
  all += crypto::blake2b_256(content.substr(header.size()));
  return to_hex(crypto::blake2b_256(all));
}

}  // namespace fwd::service
