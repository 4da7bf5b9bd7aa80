// forwardemail alias verify
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "service/operator/commands.h"
#include "service/operator/record_words.h"

namespace fwd::service {

Task<Outcome<void>> alias_verify(Desk& desk, Call call) {
  auto found = co_await desk.directory.get_alias(call.words[0]);
  if (!found.ok()) co_return found.failure();
  model::Alias alias = std::move(found.value());
  const std::string recipient = to_lower(call.words[1]);
  const auto& all = alias.recipients;
  if (std::find(all.begin(), all.end(), recipient) == all.end())
    co_return Failure{Fault::kNotFound, "'" + recipient + "' is no recipient of this alias", ""};
  auto& verified = alias.verified_recipients;
  if (std::find(verified.begin(), verified.end(), recipient) == verified.end())
    verified.push_back(recipient);
  std::erase(alias.pending_recipients, recipient);
  auto stored = co_await desk.directory.put_alias(std::move(alias));
  if (!stored.ok()) co_return stored.failure();
  show_record(desk, call, stored.value(), "mail may be forwarded to " + recipient);
  co_return Outcome<void>{};
}

}  // namespace fwd::service
