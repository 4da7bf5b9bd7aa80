// Recipients and their quotas; deliveries.
#include "door/delivery_keeper.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "door/forwarding_keeper.h"
#include "format/address.h"
#include "model/question_address.h"
#include "storage/directory/routes.h"
#include "storage/mailbox/contents.h"

namespace fwd::door {

Task<Outcome<model::Recipient>> DeliveryKeeper::resolve_recipient(
    model::RecipientQuestion question) {
  const auto parsed = format::parse_mailbox(question.address, format::AddressCharset::kUtf8);
  if (parsed.ok() &&
      (ReturnPaths::is_meant(parsed.value().local) || model::is_question(parsed.value().local))) {
    auto path = co_await find_return_path(question, parsed.value().local, parsed.value().domain);
    if (!path.ok()) co_return path.failure();
    if (path.value()) co_return std::move(*path.value());
  }
  co_return co_await find_address(std::move(question));
}

Task<Outcome<std::optional<model::Recipient>>> DeliveryKeeper::find_return_path(
    model::RecipientQuestion question, std::string local, std::string domain) {
  const std::size_t dot = domain.find('.');
  if (dot == std::string::npos) co_return std::optional<model::Recipient>();
  auto hosted = co_await stores_.directory.get_domain(domain.substr(dot + 1));
  if (!hosted.ok() && hosted.failure().fault != Fault::kNotFound) co_return hosted.failure();
  if (!hosted.ok() || !same_word(hosted.value().return_path, domain.substr(0, dot)))
    co_return std::optional<model::Recipient>();
  std::string address = question.address;
  model::Recipient recipient;
  recipient.kind = model::RecipientKind::kBadReturnPath;
  recipient.domain_id = hosted.value().id;
  recipient.domain = domain.substr(dot + 1);
  if (model::is_question(local)) {
    const auto asked = co_await verification_.find(std::move(local), recipient.domain_id);
    if (!asked.ok() && asked.failure().fault != Fault::kDenied) co_return asked.failure();
    if (asked.ok()) recipient.kind = model::RecipientKind::kConfirms;
    if (asked.ok()) recipient.alias_id = asked.value().alias.id;
    recipient.address = std::move(address);
    co_return std::optional<model::Recipient>(std::move(recipient));
  }
  auto opening = open_return_path(paths_, queue_, std::move(local), stores_.clock.wall());
  const auto opened = co_await std::move(opening);
  if (!opened.ok() && opened.failure().fault != Fault::kDenied) co_return opened.failure();
  const std::string sender = opened.ok() ? opened.value().sender : std::string();
  const auto key = opened.ok() ? directory::address_key(sender) : std::nullopt;
  if (key && key->domain == recipient.domain) {
    question.address = sender;
    auto found = co_await find_address(std::move(question));
    if (!found.ok()) co_return found.failure();
    recipient = std::move(found.value());
  } else if (key) {
    // Of a message that went on from here: what bounces goes to who sent it.  Those
    // of ours have their return paths at their own domains.
    // Nothing is spent before the content is there: see ForwardingKeeper::forward.
    const auto own = co_await stores_.directory.get_domain(key->domain);
    if (!own.ok() && own.failure().fault != Fault::kNotFound) co_return own.failure();
    auto asking = queue_.has_credit(queue::credit_key(sender, domain));
    const auto has_credit = co_await std::move(asking);
    if (!has_credit.ok()) co_return has_credit.failure();
    if (has_credit.value() && (!own.ok() || own.value().return_path.empty())) {
      recipient.kind = model::RecipientKind::kAccepted;
      recipient.size_limit = UINT64_MAX;
      model::Destination to;
      to.address = sender;
      recipient.destinations.push_back(std::move(to));
    }
  }
  recipient.address = std::move(address);
  recipient.is_return_path = true;
  co_return std::optional<model::Recipient>(std::move(recipient));
}

Task<Outcome<model::Recipient>> DeliveryKeeper::find_address(model::RecipientQuestion question) {
  if (question.records) {
    const auto key = directory::address_key(question.address);
    auto opened = txt_.open(key ? key->domain : "", std::move(*question.records));
    if (!opened.ok()) co_return opened.failure();
    question.records = std::move(opened).value();
  }
  auto found = co_await stores_.directory.resolve_recipient(std::move(question));
  if (!found.ok() || found.value().mailboxes.empty()) co_return found;
  model::Recipient recipient = std::move(found.value());
  recipient.size_limit = UINT64_MAX;
  for (const model::RecipientTarget& target : recipient.mailboxes) {
    auto quota = co_await stores_.directory.quota(target.alias_id);
    if (!quota.ok()) co_return quota.failure();
    auto used = co_await mailboxes_.used(target.alias_id);
    if (!used.ok()) co_return used.failure();
    const std::uint64_t left =
        quota.value() > used.value() ? quota.value() - used.value() : std::uint64_t{0};
    recipient.size_limit = std::min(recipient.size_limit, left);
  }
  // One full mailbox defers all of it: who sends again gives it to the others,
  // too, and nobody gets it twice.
  if (recipient.size_limit == 0) recipient.kind = model::RecipientKind::kFull;
  co_return recipient;
}

Task<Outcome<void>> DeliveryKeeper::deliver(model::Delivery delivery) {
  const std::int64_t now = unix_seconds(stores_.clock.wall());
  std::vector<OpenMailboxes::Target> targets;
  // All have room before any gets it: one answer is given for all.
  for (const model::DeliveryTarget& target : delivery.targets) {
    auto quota = co_await stores_.directory.quota(target.alias_id);
    if (!quota.ok()) co_return quota.failure();
    auto room = co_await mailboxes_.take_room(
        target.alias_id, mailbox::stored_octets(target.message), quota.value());
    if (!room.ok()) co_return room;
  }
  for (model::DeliveryTarget& target : delivery.targets) {
    mailbox::Incoming incoming;
    incoming.delivery_id =
        target.delivery_id.empty() ? delivery.message_id : std::move(target.delivery_id);
    incoming.folder = target.folder;
    incoming.flags = std::move(target.flags);
    incoming.internal_date = now;
    incoming.message = std::move(target.message);
    targets.push_back({std::move(target.alias_id), std::move(incoming)});
  }
  auto storing = mailboxes_.deliver(std::move(targets));
  const Outcome<void> stored = co_await std::move(storing);
  if (stored.ok() && delivery.returned) {
    auto marking = mark_returned(std::move(*delivery.returned));
    co_await std::move(marking);
  }
  co_return stored;
}

// What fails here is not the peer's business: the notice itself is stored.
Task<void> DeliveryKeeper::mark_returned(model::Returned returned) {
  const auto path = format::parse_mailbox(returned.return_path, format::AddressCharset::kUtf8);
  if (!path.ok()) co_return;
  auto sender = paths_.open(path.value().local, stores_.clock.wall());
  if (!sender.ok()) co_return;
  auto marking = queue_.mark_returned(std::move(sender).value(), std::move(returned));
  co_await std::move(marking);
}

}  // namespace fwd::door
