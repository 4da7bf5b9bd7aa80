// The verbs of Directory, on the door's side.
#include <wire/directory.pb.h>

#include "core/wipe.h"
#include "rpc/serving.h"
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

template <typename Record>
Outcome<Parcel> one_record(const Outcome<Record>& record) {
  if (!record.ok()) return record.failure();
  wire::Record out;
  out.set_json(model::encode_record(record.value(), true));
  return pack(out);
}

template <typename Record>
Outcome<Parcel> all_records(const Outcome<std::vector<Record>>& records) {
  if (!records.ok()) return records.failure();
  wire::Records out;
  for (const Record& record : records.value()) out.add_json(model::encode_record(record, true));
  return pack(out);
}

// The three kinds of records have the same three verbs of one record each.
template <typename Record>
using Put = Task<Outcome<Record>> (model::Directory::*)(Record);
template <typename Record>
using Get = Task<Outcome<Record>> (model::Directory::*)(std::string);
template <typename Record>
using Decode = Outcome<Record> (*)(std::string_view);

template <typename Record, Put<Record> kPut, Decode<Record> kDecode>
Task<Outcome<Parcel>> put(Serving& serving, Parcel request) {
  wire::Record in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  Outcome<Record> record = kDecode(in.json());
  if (!record.ok()) co_return record.failure();
  auto asking = (serving.promises.directory->*kPut)(std::move(record).value());
  const Outcome<Record> stored = co_await asking;
  co_return one_record(stored);
}

template <typename Record, Get<Record> kGet>
Task<Outcome<Parcel>> get(Serving& serving, Parcel request) {
  wire::Name in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = (serving.promises.directory->*kGet)(in.name());
  const Outcome<Record> found = co_await asking;
  co_return one_record(found);
}

Task<Outcome<Parcel>> list_users(Serving& serving, Parcel) {
  auto asking = serving.promises.directory->list_users();
  const Outcome<std::vector<model::User>> users = co_await asking;
  co_return all_records(users);
}

Task<Outcome<Parcel>> list_domains(Serving& serving, Parcel) {
  auto asking = serving.promises.directory->list_domains();
  const Outcome<std::vector<model::Domain>> domains = co_await asking;
  co_return all_records(domains);
}

Task<Outcome<Parcel>> list_aliases(Serving& serving, Parcel request) {
  wire::Name in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->list_aliases(in.name());
  const Outcome<std::vector<model::Alias>> aliases = co_await asking;
  co_return all_records(aliases);
}

Task<Outcome<Parcel>> remove_user(Serving& serving, Parcel request) {
  wire::Removal in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->remove_user(in.id());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> remove_domain(Serving& serving, Parcel request) {
  wire::Removal in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->remove_domain(in.id(), in.with_contents());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> remove_alias(Serving& serving, Parcel request) {
  wire::Removal in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->remove_alias(in.id());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> set_alias_password(Serving& serving, Parcel request) {
  wire::SetPassword in;
  const WipeAtEnd sent(request.head);
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  model::PasswordChange change;
  change.new_password = std::move(*in.mutable_new_password());
  change.current_password = std::move(*in.mutable_current_password());
  change.recovery_code = std::move(*in.mutable_recovery_code());
  change.start_over = in.start_over();
  change.description = std::move(*in.mutable_description());
  change.peer_ip = std::move(*in.mutable_peer_ip());
  auto asking = serving.promises.directory->set_alias_password(in.alias_id(), std::move(change));
  Outcome<model::NewCredential> made = co_await asking;
  if (!made.ok()) co_return made.failure();
  const WipeAtEnd password(made.value().password), code(made.value().recovery_code);
  wire::NewCredential out;
  out.set_address(made.value().address);
  out.set_password(made.value().password);
  out.set_recovery_code(made.value().recovery_code);
  const WipeAtEnd out_password(*out.mutable_password()), out_code(*out.mutable_recovery_code());
  co_return pack_secret(out);
}

Task<Outcome<Parcel>> mailbox_stats(Serving& serving, Parcel request) {
  wire::Name in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->mailbox_stats(in.name());
  const Outcome<std::vector<model::Directory::MailboxStat>> stats = co_await asking;
  if (!stats.ok()) co_return stats.failure();
  wire::MailboxStats out;
  for (const model::Directory::MailboxStat& stat : stats.value()) {
    wire::MailboxStat& one = *out.add_stats();
    one.set_alias_id(stat.alias_id);
    one.set_address(stat.address);
    one.set_exists(stat.exists);
    one.set_file_octets(stat.file_octets);
    one.set_quota(stat.quota);
    one.set_waiting(stat.waiting);
    one.set_waiting_octets(stat.waiting_octets);
    one.set_open(stat.open);
    one.set_last_login(stat.last_login);
    one.set_set_aside(stat.set_aside);
  }
  co_return pack(out);
}

Task<Outcome<Parcel>> waiting_mail(Serving& serving, Parcel request) {
  wire::WaitingQuery in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->waiting_mail(in.alias_id(), in.after_entry());
  const Outcome<std::vector<model::Directory::WaitingMail>> mails = co_await asking;
  if (!mails.ok()) co_return mails.failure();
  wire::WaitingMails out;
  for (const model::Directory::WaitingMail& mail : mails.value()) {
    wire::WaitingMail& one = *out.add_mails();
    one.set_entry(mail.entry);
    one.set_message_id(mail.message_id);
    one.set_stored(mail.stored);
    one.set_octets(mail.octets);
    one.set_is_aside(mail.is_aside);
    one.set_aside_since(mail.aside_since);
    one.set_why(mail.why);
  }
  co_return pack(out);
}

Task<Outcome<Parcel>> retry_waiting(Serving& serving, Parcel request) {
  wire::Name in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->retry_waiting(in.name());
  const Outcome<std::uint64_t> back = co_await asking;
  if (!back.ok()) co_return back.failure();
  wire::Retried out;
  out.set_entries(back.value());
  co_return pack(out);
}

Task<Outcome<Parcel>> find_orphans(Serving& serving, Parcel) {
  auto asking = serving.promises.directory->find_orphans();
  const Outcome<std::vector<model::Directory::Orphan>> orphans = co_await asking;
  if (!orphans.ok()) co_return orphans.failure();
  wire::Orphans out;
  for (const model::Directory::Orphan& orphan : orphans.value()) {
    wire::Orphan& one = *out.add_orphans();
    one.set_kind(static_cast<std::uint32_t>(orphan.kind));
    one.set_alias_id(orphan.alias_id);
    one.set_address(orphan.address);
    one.set_path(orphan.path);
    one.set_entries(orphan.entries);
    one.set_octets(orphan.octets);
  }
  co_return pack(out);
}

Task<Outcome<Parcel>> discard_orphan(Serving& serving, Parcel request) {
  wire::Name in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->discard_orphan(in.name());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> add_domain_password(Serving& serving, Parcel request) {
  wire::AddDomainPassword in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->add_domain_password(in.domain_id(), in.user_id(),
                                                                in.description());
  const Outcome<model::NewDomainPassword> made = co_await asking;
  if (!made.ok()) co_return made.failure();
  wire::NewDomainPassword out;
  out.set_id(made.value().id);
  out.set_address(made.value().address);
  out.set_password(made.value().password);
  co_return pack(out);
}

// Without hashes, whatever the keeper gives.
Task<Outcome<Parcel>> list_domain_passwords(Serving& serving, Parcel request) {
  wire::Name in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->list_domain_passwords(in.name());
  const Outcome<std::vector<model::Token>> tokens = co_await asking;
  if (!tokens.ok()) co_return tokens.failure();
  wire::DomainPasswords out;
  for (const model::Token& token : tokens.value()) {
    wire::DomainPassword& one = *out.add_passwords();
    one.set_id(token.id);
    one.set_user(token.user);
    one.set_description(token.description);
    one.set_created_ms(token.created_at.ms);
  }
  co_return pack(out);
}

Task<Outcome<Parcel>> remove_domain_password(Serving& serving, Parcel request) {
  wire::RemoveDomainPassword in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->remove_domain_password(in.domain_id(), in.token_id());
  const Outcome<void> done = co_await asking;
  co_return nothing(done);
}

Task<Outcome<Parcel>> seal_txt_value(Serving& serving, Parcel request) {
  wire::SealTxtValue in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.directory->seal_txt_value(in.domain_id(), in.value());
  const Outcome<std::string> record = co_await asking;
  if (!record.ok()) co_return record.failure();
  wire::Name out;
  out.set_name(record.value());
  co_return pack(out);
}

using model::Alias;
using model::Directory;
using model::Domain;
using model::User;

}  // namespace

Answer find_directory_answer(Verb verb) {
  switch (verb) {
    case Verb::kPutUser:
      return put<User, &Directory::put_user, model::decode_user>;
    case Verb::kPutDomain:
      return put<Domain, &Directory::put_domain, model::decode_domain>;
    case Verb::kPutAlias:
      return put<Alias, &Directory::put_alias, model::decode_alias>;
    case Verb::kGetUser:
      return get<User, &Directory::get_user>;
    case Verb::kGetDomain:
      return get<Domain, &Directory::get_domain>;
    case Verb::kGetAlias:
      return get<Alias, &Directory::get_alias>;
    case Verb::kListUsers:
      return list_users;
    case Verb::kListDomains:
      return list_domains;
    case Verb::kListAliases:
      return list_aliases;
    case Verb::kRemoveUser:
      return remove_user;
    case Verb::kRemoveDomain:
      return remove_domain;
    case Verb::kRemoveAlias:
      return remove_alias;
    case Verb::kSetAliasPassword:
      return set_alias_password;
    case Verb::kMailboxStats:
      return mailbox_stats;
    case Verb::kWaitingMail:
      return waiting_mail;
    case Verb::kRetryWaiting:
      return retry_waiting;
    case Verb::kFindOrphans:
      return find_orphans;
    case Verb::kDiscardOrphan:
      return discard_orphan;
    case Verb::kAddDomainPassword:
      return add_domain_password;
    case Verb::kListDomainPasswords:
      return list_domain_passwords;
    case Verb::kRemoveDomainPassword:
      return remove_domain_password;
    case Verb::kSealTxtValue:
      return seal_txt_value;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc
