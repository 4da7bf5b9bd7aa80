// What an alias leads to, as one column of the file keeps it:
//
//   +friend@example.org        a recipient
//   -other@example.org         one that has not verified itself
//   ~1767225600000 1767312000000   away, from and until
#include <algorithm>

#include "core/text.h"
#include "storage/directory/routes.h"

namespace fwd::directory {

std::string write_leads(const AliasLeads* leads) {
  std::string text;
  if (leads == nullptr) return text;
  for (const Lead& lead : leads->recipients)
    if (lead.to.find('\n') == std::string::npos)
      text += (lead.is_allowed ? "+" : "-") + lead.to + '\n';
  if (leads->away_until != 0)
    text += '~' + std::to_string(leads->away_from) + ' ' + std::to_string(leads->away_until) + '\n';
  return text;
}

std::shared_ptr<const AliasLeads> read_leads(std::string_view text) {
  AliasLeads leads;
  for (const std::string_view line : split(text, '\n')) {
    if (line.size() < 2) continue;
    const std::string_view rest = line.substr(1);
    if (line[0] != '~') {
      leads.recipients.push_back({std::string(rest), line[0] == '+'});
      continue;
    }
    const std::size_t space = std::min(rest.find(' '), rest.size() - 1);
    const auto from = parse_number(rest.substr(0, space));
    const auto until = parse_number(rest.substr(space + 1));
    leads.away_from = static_cast<std::int64_t>(from.value_or(0));
    leads.away_until = static_cast<std::int64_t>(until.value_or(0));
  }
  if (leads == AliasLeads{}) return nullptr;
  leads.recipients.shrink_to_fit();
  return std::make_shared<const AliasLeads>(std::move(leads));
}

}  // namespace fwd::directory
