// Takes destinations out of words.
#include "model/masked_words.h"

#include <string_view>
#include <vector>

#include "core/text.h"

namespace fwd::model {
namespace {

constexpr std::size_t kLeastPart = 4;  // shorter parts of names stand in any sentence

void replace_all(std::string& text, const std::string& word, const std::string& by) {
  const std::string wanted = to_lower(word);
  for (std::size_t at = to_lower(text).find(wanted); at != std::string::npos;
       at = to_lower(text).find(wanted, at + by.size()))
    text.replace(at, word.size(), by);
}

bool is_telling(std::string_view part) {
  return part.size() >= kLeastPart && part != "mail" && part != "smtp";
}

// Whether a part of the name, or all of it, stands in the text.
bool names(const std::string& text, std::string_view name) {
  if (name.empty()) return false;
  const std::string lower = to_lower(name);
  if (text.find(lower) != std::string::npos) return true;
  const std::vector<std::string_view> parts = split(lower, '.');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i)  // the last is a country or the like
    if (is_telling(parts[i]) && text.find(parts[i]) != std::string::npos) return true;
  return false;
}

const char* words_for(std::string_view status) {
  if (status.starts_with("5.1.")) return "The address leads to one that does not exist";
  if (status == "5.2.2") return "The mailbox it leads to is full";
  if (status == "5.2.3" || status == "5.3.4") return "The message is too large where it leads";
  if (status.starts_with("5.4.")) return "Nobody took the message where the address leads";
  if (status.starts_with("5.7.")) return "The message was refused by policy where it leads";
  return "The message was refused where the address leads";
}

}  // namespace

MaskedWords masked_words(const OutboundRecipient& recipient, const AttemptResult& result,
                         const std::string& shown) {
  const MaskedWords ours{words_for(result.status), false};
  if (!result.from_remote || recipient.kind == DestinationKind::kWebhook) return ours;
  std::string text = result.response;
  replace_all(text, recipient.address, "\n");  // no response has one
  const std::size_t at = recipient.address.rfind('@');
  const std::string lower = to_lower(text);
  const std::string local = to_lower(recipient.address.substr(0, at));
  const bool tells = (local.size() >= kLeastPart && lower.find(local) != std::string::npos) ||
                     names(lower, std::string_view(recipient.address).substr(at + 1)) ||
                     names(lower, recipient.host) || names(lower, result.mx) ||
                     (!result.ip.empty() && lower.find(result.ip) != std::string::npos) ||
                     lower.find('@') != std::string::npos || lower.find("://") != std::string::npos;
  if (tells) return ours;
  replace_all(text, "\n", shown);
  return {text, true};
}

}  // namespace fwd::model
