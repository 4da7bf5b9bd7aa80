// forwardemail alias verify
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {
namespace {

bool is_among(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

// Who has agreed, and who is asked.
std::string words_of(const model::Alias& alias) {
  if (!alias.has_recipient_verification)
    return "nobody is asked: the alias has no has_recipient_verification\n";
  std::string text;
  for (const std::string& one : alias.recipients)
    text += one +
            (is_among(alias.pending_recipients, one)    ? "  was asked and has not answered yet"
             : is_among(alias.verified_recipients, one) ? "  has agreed"
                                                        : "  is of this domain") +
            '\n';
  return text;
}

}  // namespace

Task<Outcome<void>> alias_verify(Desk& desk, Call call) {
  auto found = co_await desk.directory.get_alias(call.words[0]);
  if (!found.ok()) co_return found.failure();
  model::Alias alias = std::move(found.value());
  const std::string recipient = call.words.size() > 1 ? to_lower(call.words[1]) : "";
  if (!recipient.empty() && !is_among(alias.recipients, recipient))
    co_return Failure{Fault::kNotFound, "'" + recipient + "' is no recipient of this alias", ""};
  if (!recipient.empty() && !is_among(alias.verified_recipients, recipient))
    alias.verified_recipients.push_back(recipient);
  // Whoever has not answered is asked again as it is stored.
  auto stored = co_await desk.directory.put_alias(std::move(alias));
  if (!stored.ok()) co_return stored.failure();
  if (recipient.empty() && !call.json)
    desk.print(printable(words_of(stored.value())));
  else
    show_record(desk, call, stored.value(), "mail may be forwarded to " + recipient);
  co_return Outcome<void>{};
}

}  // namespace fwd::service
