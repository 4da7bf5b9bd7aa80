// Directory, kept by asking the door.
#include "rpc/remote_directory.h"

#include <wire/directory.pb.h>

#include <utility>

#include "core/wipe.h"
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

using model::Alias;
using model::Domain;
using model::User;

template <typename Record>
using Decode = Outcome<Record> (*)(std::string_view);

template <typename Record>
Parcel recording(const Record& record) {
  wire::Record request;
  request.set_json(model::encode_record(record, true));
  return pack(request);
}

Parcel naming(std::string name) {
  wire::Name request;
  request.set_name(std::move(name));
  return pack(request);
}

template <typename Record>
Task<Outcome<Record>> ask_record(Door& door, Verb verb, Parcel request, Decode<Record> decode) {
  auto asking = door.ask(verb, std::move(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Record out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return decode(out.json());
}

template <typename Record>
Task<Outcome<std::vector<Record>>> ask_records(Door& door, Verb verb, Parcel request,
                                               Decode<Record> decode) {
  auto asking = door.ask(verb, std::move(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Records out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<Record> records;
  for (const std::string& json : out.json()) {
    Outcome<Record> record = decode(json);
    if (!record.ok()) co_return record.failure();
    records.push_back(std::move(record).value());
  }
  co_return records;
}

}  // namespace

Task<Outcome<User>> RemoteDirectory::put_user(User user) {
  return ask_record<User>(door_, Verb::kPutUser, recording(user), model::decode_user);
}

Task<Outcome<Domain>> RemoteDirectory::put_domain(Domain domain) {
  return ask_record<Domain>(door_, Verb::kPutDomain, recording(domain), model::decode_domain);
}

Task<Outcome<Alias>> RemoteDirectory::put_alias(Alias alias) {
  return ask_record<Alias>(door_, Verb::kPutAlias, recording(alias), model::decode_alias);
}

Task<Outcome<User>> RemoteDirectory::get_user(std::string id_or_email) {
  return ask_record<User>(door_, Verb::kGetUser, naming(std::move(id_or_email)),
                          model::decode_user);
}

Task<Outcome<Domain>> RemoteDirectory::get_domain(std::string id_or_name) {
  return ask_record<Domain>(door_, Verb::kGetDomain, naming(std::move(id_or_name)),
                            model::decode_domain);
}

Task<Outcome<Alias>> RemoteDirectory::get_alias(std::string id_or_address) {
  return ask_record<Alias>(door_, Verb::kGetAlias, naming(std::move(id_or_address)),
                           model::decode_alias);
}

Task<Outcome<std::vector<User>>> RemoteDirectory::list_users() {
  return ask_records<User>(door_, Verb::kListUsers, Parcel{}, model::decode_user);
}

Task<Outcome<std::vector<Domain>>> RemoteDirectory::list_domains() {
  return ask_records<Domain>(door_, Verb::kListDomains, Parcel{}, model::decode_domain);
}

Task<Outcome<std::vector<Alias>>> RemoteDirectory::list_aliases(std::string domain_id) {
  return ask_records<Alias>(door_, Verb::kListAliases, naming(std::move(domain_id)),
                            model::decode_alias);
}

Task<Outcome<void>> RemoteDirectory::remove(Verb verb, std::string id, bool with_contents) {
  wire::Removal request;
  request.set_id(std::move(id));
  request.set_with_contents(with_contents);
  auto asking = door_.ask(verb, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<void>> RemoteDirectory::remove_user(std::string id) {
  return remove(Verb::kRemoveUser, std::move(id), false);
}

Task<Outcome<void>> RemoteDirectory::remove_domain(std::string id, bool with_contents) {
  return remove(Verb::kRemoveDomain, std::move(id), with_contents);
}

Task<Outcome<void>> RemoteDirectory::remove_alias(std::string id) {
  return remove(Verb::kRemoveAlias, std::move(id), false);
}

Task<Outcome<model::NewCredential>> RemoteDirectory::set_alias_password(
    std::string alias_id, model::PasswordChange change) {
  wire::SetPassword request;
  request.set_alias_id(std::move(alias_id));
  request.set_new_password(std::move(change.new_password));
  request.set_current_password(std::move(change.current_password));
  request.set_recovery_code(std::move(change.recovery_code));
  request.set_start_over(change.start_over);
  request.set_description(std::move(change.description));
  request.set_peer_ip(std::move(change.peer_ip));
  Parcel parcel = pack_secret(request);
  for (std::string* secret : {request.mutable_new_password(), request.mutable_current_password(),
                              request.mutable_recovery_code()})
    wipe(*secret);
  auto asking = door_.ask(Verb::kSetAliasPassword, std::move(parcel));
  Outcome<Parcel> answer = co_await asking;
  std::string none;
  const WipeAtEnd sent(answer.ok() ? answer.value().head : none);
  wire::NewCredential out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return model::NewCredential{std::move(*out.mutable_address()),
                                 std::move(*out.mutable_password()),
                                 std::move(*out.mutable_recovery_code())};
}

Task<Outcome<std::vector<model::Directory::MailboxStat>>> RemoteDirectory::mailbox_stats(
    std::string alias_id) {
  auto asking = door_.ask(Verb::kMailboxStats, naming(std::move(alias_id)));
  const Outcome<Parcel> answer = co_await asking;
  wire::MailboxStats out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<MailboxStat> stats;
  for (wire::MailboxStat& one : *out.mutable_stats()) {
    MailboxStat stat;
    stat.alias_id = std::move(*one.mutable_alias_id());
    stat.address = std::move(*one.mutable_address());
    stat.exists = one.exists();
    stat.file_octets = one.file_octets();
    stat.quota = one.quota();
    stat.waiting = one.waiting();
    stat.waiting_octets = one.waiting_octets();
    stat.open = one.open();
    stat.last_login = one.last_login();
    stat.set_aside = one.set_aside();
    stats.push_back(std::move(stat));
  }
  co_return stats;
}

Task<Outcome<std::vector<model::Directory::WaitingMail>>> RemoteDirectory::waiting_mail(
    std::string alias_id, std::int64_t after_entry) {
  wire::WaitingQuery request;
  request.set_alias_id(std::move(alias_id));
  request.set_after_entry(after_entry);
  auto asking = door_.ask(Verb::kWaitingMail, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::WaitingMails out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<WaitingMail> mails;
  for (wire::WaitingMail& one : *out.mutable_mails())
    mails.push_back({one.entry(), std::move(*one.mutable_message_id()), one.stored(), one.octets(),
                     one.is_aside(), one.aside_since(), std::move(*one.mutable_why())});
  co_return mails;
}

Task<Outcome<std::uint64_t>> RemoteDirectory::retry_waiting(std::string alias_id) {
  auto asking = door_.ask(Verb::kRetryWaiting, naming(std::move(alias_id)));
  const Outcome<Parcel> answer = co_await asking;
  wire::Retried out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return out.entries();
}

Task<Outcome<std::vector<model::Directory::Orphan>>> RemoteDirectory::find_orphans() {
  auto asking = door_.ask(Verb::kFindOrphans, Parcel{});
  const Outcome<Parcel> answer = co_await asking;
  wire::Orphans out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<Orphan> orphans;
  for (wire::Orphan& one : *out.mutable_orphans()) {
    if (one.kind() < static_cast<std::uint32_t>(OrphanKind::kFile) ||
        one.kind() > static_cast<std::uint32_t>(OrphanKind::kUnfinished))
      co_return bad_wire("an orphan of no known kind");
    orphans.push_back({static_cast<OrphanKind>(one.kind()), std::move(*one.mutable_alias_id()),
                       std::move(*one.mutable_address()), std::move(*one.mutable_path()),
                       one.entries(), one.octets()});
  }
  co_return orphans;
}

Task<Outcome<void>> RemoteDirectory::discard_orphan(std::string alias_id) {
  auto asking = door_.ask(Verb::kDiscardOrphan, naming(std::move(alias_id)));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<model::NewDomainPassword>> RemoteDirectory::add_domain_password(
    std::string domain_id, std::string user_id, std::string description) {
  wire::AddDomainPassword request;
  request.set_domain_id(std::move(domain_id));
  request.set_user_id(std::move(user_id));
  request.set_description(std::move(description));
  auto asking = door_.ask(Verb::kAddDomainPassword, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::NewDomainPassword out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return model::NewDomainPassword{std::move(*out.mutable_id()),
                                     std::move(*out.mutable_address()),
                                     std::move(*out.mutable_password())};
}

Task<Outcome<std::vector<model::Token>>> RemoteDirectory::list_domain_passwords(
    std::string domain_id) {
  auto asking = door_.ask(Verb::kListDomainPasswords, naming(std::move(domain_id)));
  const Outcome<Parcel> answer = co_await asking;
  wire::DomainPasswords out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  std::vector<model::Token> tokens;
  for (wire::DomainPassword& one : *out.mutable_passwords()) {
    model::Token token;
    token.id = std::move(*one.mutable_id());
    token.user = std::move(*one.mutable_user());
    token.description = std::move(*one.mutable_description());
    token.created_at = model::Date{one.created_ms()};
    tokens.push_back(std::move(token));
  }
  co_return tokens;
}

Task<Outcome<void>> RemoteDirectory::remove_domain_password(std::string domain_id,
                                                            std::string token_id) {
  wire::RemoveDomainPassword request;
  request.set_domain_id(std::move(domain_id));
  request.set_token_id(std::move(token_id));
  auto asking = door_.ask(Verb::kRemoveDomainPassword, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  co_return nothing(answer);
}

Task<Outcome<std::string>> RemoteDirectory::seal_txt_value(std::string domain_id,
                                                           std::string value) {
  wire::SealTxtValue request;
  request.set_domain_id(std::move(domain_id));
  request.set_value(std::move(value));
  auto asking = door_.ask(Verb::kSealTxtValue, pack(request));
  const Outcome<Parcel> answer = co_await asking;
  wire::Name out;
  const Outcome<void> read = unpack(answer, out);
  if (!read.ok()) co_return read.failure();
  co_return std::move(*out.mutable_name());
}

}  // namespace fwd::rpc
