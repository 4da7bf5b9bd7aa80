// Forwards and answers to what came in.
#include "door/forwarding_keeper.h"

#include <utility>

#include "core/text.h"
#include "door/submission_rules.h"
#include "format/address.h"
#include "storage/directory/routes.h"

namespace fwd::door {
namespace {

Failure bad_path() { return {Fault::kDenied, "this is no return path of ours", ""}; }

bool is_in_force(const model::VacationResponder& vacation, std::int64_t now) {
  return vacation.is_enabled && (vacation.start_date.empty() || vacation.start_date.ms <= now) &&
         (vacation.end_date.empty() || now < vacation.end_date.ms);
}

// Nothing stands for an expression or a catch-all.
bool is_one_address(const model::Alias& alias) {
  return alias.name != "*" && !alias.name.starts_with('/');
}

}  // namespace

Task<Outcome<ReturnPaths::Opened>> open_return_path(const ReturnPaths& paths,
                                                    queue::QueueStore& queue, std::string local,
                                                    WallTime now) {
  auto opened = paths.open_any(local, now);
  if (!opened.ok() || opened.value().token.empty()) co_return opened;
  auto sender = co_await queue.find_token(std::move(opened.value().token));
  if (!sender.ok() && sender.failure().fault == Fault::kNotFound) co_return bad_path();
  if (!sender.ok()) co_return sender.failure();
  opened.value().sender = std::move(sender).value();
  co_return opened;
}

// Where what that domain's people send comes back to; "" when it is none of ours.
Task<Outcome<std::string>> ForwardingKeeper::own_path_domain(std::string name) {
  const auto own = co_await stores_.directory.get_domain(std::move(name));
  if (!own.ok() && own.failure().fault != Fault::kNotFound) co_return own.failure();
  if (!own.ok() || own.value().return_path.empty()) co_return std::string();
  co_return own.value().return_path + '.' + directory::domain_key(own.value().name);
}

// Of the sender's own domain when it is one of ours, as for what it sends itself.
Task<Outcome<std::string>> ForwardingKeeper::return_path_domain(std::string sender,
                                                                const model::Domain& domain) {
  const auto key = directory::address_key(sender);
  if (key) {
    auto finding = own_path_domain(key->domain);
    auto own = co_await std::move(finding);
    if (!own.ok() || !own.value().empty()) co_return own;
  }
  if (domain.return_path.empty()) co_return std::string();
  co_return domain.return_path + '.' + directory::domain_key(domain.name);
}

Task<Outcome<ForwardingKeeper::Path>> ForwardingKeeper::read_path(std::string return_path) {
  const auto address = format::parse_mailbox(return_path, format::AddressCharset::kUtf8);
  if (!address.ok()) co_return bad_path();
  Path path;
  path.domain = address.value().domain;
  auto opening = open_return_path(paths_, queue_, address.value().local, stores_.clock.wall());
  auto opened = co_await std::move(opening);
  if (!opened.ok()) co_return opened.failure();
  path.sender = std::move(opened.value().sender);
  path.is_forward = !opened.value().is_own;
  const auto key = directory::address_key(path.sender);
  if (!key) co_return bad_path();
  auto finding = own_path_domain(key->domain);
  const auto own = co_await std::move(finding);
  if (!own.ok()) co_return own.failure();
  path.is_own = same_word(own.value(), path.domain);
  co_return path;
}

Task<Outcome<model::Forwarded>> ForwardingKeeper::forward(model::NewForward forward) {
  auto domain = co_await stores_.directory.get_domain(forward.domain_id);
  if (!domain.ok()) co_return domain.failure();
  if (!forward.alias_id.empty()) {
    const auto alias = co_await stores_.directory.get_alias(forward.alias_id);
    if (!alias.ok()) co_return alias.failure();
    if (alias.value().domain != domain.value().id)
      co_return Failure{Fault::kDenied, "the alias is of another domain", ""};
  }
  queue::Forward what;
  what.owner.domain_id = domain.value().id;
  what.owner.alias_id = forward.alias_id;
  what.owner.domain = directory::domain_key(domain.value().name);
  const std::string& sender = forward.message.envelope_from;
  if (!sender.empty()) {
    auto finding = return_path_domain(sender, domain.value());
    auto at = co_await std::move(finding);
    if (!at.ok()) co_return at.failure();
    what.owner.return_path_domain = std::move(at).value();
    const WallTime now = stores_.clock.wall();
    const std::string& path_domain = what.owner.return_path_domain;
    what.token = paths_.token_for(sender, path_domain, now);
    const std::string path = paths_.make_forward(sender, path_domain, now);
    const auto opened = paths_.open_any(path.substr(0, path.rfind('@')), now);
    if (opened.ok() && opened.value().token.empty()) what.comes_back_to = opened.value().sender;
  }
  if (!forward.spends.empty()) {
    if (!sender.empty()) co_return bad_path();  // RFC 5321 §4.5.5
    auto reading = read_path(forward.spends);
    const auto path = co_await std::move(reading);
    if (!path.ok()) co_return path.failure();
    // Who is here needs none.
    if (!path.value().is_own)
      what.spends = queue::credit_key(path.value().sender, path.value().domain);
  }
  what.forward = std::move(forward);
  co_return co_await queue_.forward(std::move(what));
}

Task<Outcome<model::Forwarded>> ForwardingKeeper::await_forward(std::string id,
                                                                std::chrono::milliseconds wait) {
  return queue_.await_forward(std::move(id), wait);
}

Task<Outcome<void>> ForwardingKeeper::settle_forward(std::string id, model::SettleForward how) {
  return queue_.settle_forward(std::move(id), how);
}

Task<Outcome<model::WentOn>> ForwardingKeeper::find_forwarded(model::CameBack back) {
  auto reading = read_path(back.return_path);
  auto path = co_await std::move(reading);
  if (!path.ok()) co_return path.failure();
  Outcome<model::WentOn> found{model::WentOn{}};
  if (path.value().is_forward) {
    auto looking = queue_.find_forwarded(path.value().sender, std::move(back));
    found = co_await std::move(looking);
    if (!found.ok()) co_return found;
  }
  found.value().sender = std::move(path.value().sender);
  found.value().is_own = path.value().is_own;
  // Its own word, whatever the queue has forgotten or cannot find.
  found.value().is_forward = path.value().is_forward;
  co_return found;
}

Task<Outcome<model::Vacation>> ForwardingKeeper::get_vacation(std::string alias_id) {
  auto alias = co_await stores_.directory.get_alias(std::move(alias_id));
  if (!alias.ok()) co_return alias.failure();
  const model::Alias& who = alias.value();
  const std::int64_t now = unix_milliseconds(stores_.clock.wall());
  if (!who.is_enabled || !is_one_address(who) || !is_in_force(who.vacation_responder, now))
    co_return Failure{Fault::kNotFound, "no vacation responder is in force", ""};
  const auto domain = co_await stores_.directory.get_domain(who.domain);
  if (!domain.ok()) co_return domain.failure();
  co_return model::Vacation{who.name + '@' + domain.value().name, who.vacation_responder.subject,
                            who.vacation_responder.message};
}

Task<Outcome<std::string>> ForwardingKeeper::send_reply(model::NewReply reply) {
  if (!reply.message.envelope_from.empty() || reply.message.recipients.size() != 1)
    co_return Failure{Fault::kBadInput, "an answer has no sender and one recipient", ""};
  if (reply.alias_id.empty()) co_return Failure{Fault::kDenied, "nobody answers", ""};
  if (const auto checked = check_from(reply.message); !checked.ok()) co_return checked.failure();
  const auto domain = co_await stores_.directory.get_domain(reply.domain_id);
  if (!domain.ok()) co_return domain.failure();
  const Failure foreign{Fault::kDenied, "From of the answer is somebody else's", ""};
  queue::Owner owner;
  owner.domain_id = domain.value().id;
  owner.domain = directory::domain_key(domain.value().name);
  const auto from = directory::address_key(reply.message.header_from);
  if (!from || from->domain != owner.domain) co_return foreign;
  const auto allowed = check_domain(domain.value());
  if (!allowed.ok()) co_return Failure{Fault::kCannot, allowed.failure().public_text, ""};
  const auto alias = co_await stores_.directory.get_alias(reply.alias_id);
  if (!alias.ok()) co_return alias.failure();
  const bool is_own = alias.value().domain == owner.domain_id && is_one_address(alias.value()) &&
                      directory::name_key(alias.value().name) == from->local;
  if (!is_own) co_return foreign;
  const auto sends = check_alias(alias.value(), reply.message.header_from);
  if (!sends.ok()) co_return Failure{Fault::kCannot, sends.failure().public_text, ""};
  owner.alias_id = reply.alias_id;
  owner.user_id = alias.value().user;
  auto added = co_await queue_.add(std::move(reply.message), std::move(owner));
  if (!added.ok()) co_return added.failure();
  co_return std::move(added.value().id);
}

}  // namespace fwd::door
