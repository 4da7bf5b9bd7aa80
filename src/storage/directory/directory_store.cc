// Carries each call to the file's thread, or answers it from the index.
#include "storage/directory/directory_store.h"

#include "storage/directory/listed_rows.h"

namespace fwd::directory {
namespace {

constexpr std::int64_t kNoteEvery = 600;  // seconds
constexpr std::size_t kMostNoted = 100'000;

}  // namespace

DirectoryStore::DirectoryStore(std::shared_ptr<DirectoryFile> file, net::Workers& workers,
                               Clock& clock, std::uint64_t worker_key)
    : file_(std::move(file)), workers_(workers), clock_(clock), worker_key_(worker_key) {}

model::Date DirectoryStore::now() const { return {unix_milliseconds(clock_.wall())}; }

Task<Outcome<model::User>> DirectoryStore::put_user(model::User user) {
  return workers_.run(worker_key_, [file = file_, user = std::move(user), at = now()] {
    return file->put_user(user, at);
  });
}

Task<Outcome<model::Domain>> DirectoryStore::put_domain(model::Domain domain) {
  return workers_.run(worker_key_, [file = file_, domain = std::move(domain), at = now()] {
    return file->put_domain(domain, at);
  });
}

Task<Outcome<model::Alias>> DirectoryStore::put_alias(model::Alias alias,
                                                      DirectoryFile::JoinAlias join) {
  return workers_.run(worker_key_, [file = file_, alias = std::move(alias), join = std::move(join),
                                    at = now()] { return file->put_alias(alias, at, join); });
}

Task<Outcome<model::User>> DirectoryStore::get_user(std::string id_or_email) {
  return workers_.run(
      worker_key_, [file = file_, name = std::move(id_or_email)] { return file->get_user(name); });
}

Task<Outcome<model::Domain>> DirectoryStore::get_domain(std::string id_or_name) {
  return workers_.run(
      worker_key_, [file = file_, name = std::move(id_or_name)] { return file->get_domain(name); });
}

Task<Outcome<model::Alias>> DirectoryStore::get_alias(std::string id_or_address) {
  return workers_.run(worker_key_, [file = file_, name = std::move(id_or_address)] {
    return file->get_alias(name);
  });
}

Task<Outcome<std::vector<model::User>>> DirectoryStore::list_users() {
  return workers_.run(worker_key_, [file = file_] { return file->list_users(); });
}

Task<Outcome<std::vector<model::Domain>>> DirectoryStore::list_domains() {
  return workers_.run(worker_key_, [file = file_] { return file->list_domains(); });
}

Task<Outcome<std::vector<model::Alias>>> DirectoryStore::list_aliases(std::string domain_id) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(domain_id)] { return file->list_aliases(id); });
}

Task<Outcome<void>> DirectoryStore::remove_user(std::string id) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(id)] { return file->remove_user(id); });
}

Task<Outcome<std::vector<std::string>>> DirectoryStore::remove_domain(std::string id,
                                                                      bool with_contents) {
  return workers_.run(worker_key_, [file = file_, id = std::move(id), with_contents, at = now()] {
    return file->remove_domain(id, with_contents, at);
  });
}

Task<Outcome<void>> DirectoryStore::remove_alias(std::string id) {
  return workers_.run(worker_key_, [file = file_, id = std::move(id), at = now()] {
    return file->remove_alias(id, at);
  });
}

Task<Outcome<std::vector<Intention>>> DirectoryStore::list_intentions() {
  return workers_.run(worker_key_, [file = file_] { return file->list_intentions(); });
}

Task<Outcome<void>> DirectoryStore::intend_to_prepare(std::string alias_id) {
  return workers_.run(worker_key_, [file = file_, id = std::move(alias_id), at = now()] {
    return file->intend_to_prepare(id, at);
  });
}

Task<Outcome<void>> DirectoryStore::intend_to_remove(std::string alias_id) {
  return workers_.run(worker_key_, [file = file_, id = std::move(alias_id), at = now()] {
    return file->intend_to_remove(id, at);
  });
}

Task<Outcome<void>> DirectoryStore::forget_intention(std::string alias_id) {
  return workers_.run(
      worker_key_, [file = file_, id = std::move(alias_id)] { return file->forget_intention(id); });
}

Task<Outcome<std::vector<std::string>>> DirectoryStore::list_mailboxes() {
  return workers_.run(worker_key_, [file = file_] { return file->list_mailboxes(); });
}

Task<Outcome<model::Recipient>> DirectoryStore::resolve_recipient(
    model::RecipientQuestion question) {
  RecipientIndex::Answer answer;
  if (question.records) {
    // Another thread than the file's, where there is one: expressions of whoever
    // has a domain are compiled there.
    auto look = [file = file_, question, at = now()] {
      return file->index().find(question, at.ms);
    };
    auto looking = workers_.run(worker_key_ + 1, std::move(look));
    answer = co_await looking;
  } else {
    answer = file_->index().find(question, now().ms);
  }
  if (!answer.from_file) co_return std::move(answer.recipient);
  question.address = std::move(answer.recipient.address);
  auto job = [file = file_, asked = std::move(question), at = now()] {
    return file->find_in_file(asked, at);
  };
  auto asked = workers_.run(worker_key_, std::move(job));
  co_return co_await asked;
}

Task<Outcome<std::uint64_t>> DirectoryStore::quota(std::string alias_id) {
  if (const auto held = file_->index().quota(alias_id)) co_return *held;
  auto job = [file = file_, alias_id] { return file->quota(alias_id); };
  auto asked = workers_.run(worker_key_, std::move(job));
  co_return co_await asked;
}

Task<Outcome<std::optional<LoginRecord>>> DirectoryStore::find_login(std::string address) {
  return workers_.run(worker_key_, [file = file_, address = std::move(address)] {
    return file->find_login(address);
  });
}

Task<Outcome<SenderRecord>> DirectoryStore::get_sender(std::string alias_id, std::string domain,
                                                       std::string user_id) {
  return workers_.run(worker_key_, [file = file_, alias_id = std::move(alias_id),
                                    domain = std::move(domain), user_id = std::move(user_id)] {
    return file->get_sender(alias_id, domain, user_id);
  });
}

Task<Outcome<LoginRecord>> DirectoryStore::get_login(std::string alias_id) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(alias_id)] { return file->get_login(id); });
}

Task<Outcome<void>> DirectoryStore::make_mailbox(std::string alias_id, std::string inbox_public,
                                                 std::vector<crypto::StoredCredential> credentials,
                                                 bool start_over, std::int64_t spool_up_to) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(alias_id), key = std::move(inbox_public),
                       rows = std::move(credentials), start_over, spool_up_to, at = now()] {
                        return file->make_mailbox(id, key, rows, start_over, spool_up_to, at);
                      });
}

Task<Outcome<void>> DirectoryStore::remove_mailbox(std::string alias_id) {
  return workers_.run(
      worker_key_, [file = file_, id = std::move(alias_id)] { return file->remove_mailbox(id); });
}

Task<Outcome<void>> DirectoryStore::replace_credentials(
    std::string alias_id, std::vector<crypto::StoredCredential> credentials) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(alias_id), rows = std::move(credentials)] {
                        return file->replace_credentials(id, rows);
                      });
}

Task<Outcome<std::int64_t>> DirectoryStore::append_credential(std::string alias_id,
                                                              crypto::StoredCredential credential) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(alias_id), row = std::move(credential)] {
                        return file->append_credential(id, row);
                      });
}

Task<Outcome<void>> DirectoryStore::remove_credential(std::string alias_id, std::int64_t row_id) {
  return workers_.run(worker_key_, [file = file_, id = std::move(alias_id), row_id] {
    return file->remove_credential(id, row_id);
  });
}

Task<Outcome<void>> DirectoryStore::note_used(std::string alias_id, std::uint64_t octets) {
  return workers_.run(worker_key_, [file = file_, id = std::move(alias_id), octets] {
    return file->note_used(id, octets);
  });
}

Task<Outcome<std::optional<std::uint64_t>>> DirectoryStore::noted_used(std::string alias_id) {
  return workers_.run(worker_key_,
                      [file = file_, id = std::move(alias_id)] { return file->noted_used(id); });
}

Task<Outcome<std::vector<model::ListedSender>>> DirectoryStore::find_listed(
    std::vector<std::string> values) {
  return workers_.run(worker_key_, [file = file_, values = std::move(values), at = now()] {
    return directory::find_listed(file->database(), values, at);
  });
}

Task<Outcome<model::ListedSender>> DirectoryStore::put_listed(model::ListedSender entry) {
  return workers_.run(worker_key_, [file = file_, entry = std::move(entry), at = now()] {
    return directory::put_listed(file->database(), entry, file->options().listed, at);
  });
}

Task<Outcome<void>> DirectoryStore::remove_listed(model::ListKind kind, std::string value) {
  return workers_.run(worker_key_, [file = file_, kind, value = std::move(value)] {
    return directory::remove_listed(file->database(), kind, value);
  });
}

Task<Outcome<std::vector<model::ListedSender>>> DirectoryStore::list_listed(model::ListKind kind,
                                                                            std::string after) {
  return workers_.run(worker_key_, [file = file_, kind, after = std::move(after), at = now()] {
    return directory::list_listed(file->database(), kind, after, at);
  });
}

Task<Outcome<void>> DirectoryStore::forget_expired_listed() {
  return workers_.run(worker_key_,
                      [file = file_, at = now()] { return forget_expired(file->database(), at); });
}

Task<Outcome<void>> DirectoryStore::note_login(std::string alias_id) {
  const std::int64_t seconds = now().ms / 1000;
  if (noted_logins_.size() >= kMostNoted) noted_logins_.clear();
  std::int64_t& noted = noted_logins_[alias_id];
  if (noted != 0 && seconds >= noted && seconds - noted < kNoteEvery) co_return Outcome<void>();
  noted = seconds;
  auto job = [file = file_, alias_id, seconds] { return file->note_login(alias_id, seconds); };
  auto asked = workers_.run(worker_key_, std::move(job));
  co_return co_await asked;
}

}  // namespace fwd::directory
