// Keepers that say what they were asked and answer what the test laid out.
#include "small_stores.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fwd::test {

using model::Folder;
using model::FolderId;
using model::MessageRow;

int SmallMailbox::alive = 0;

SmallMailbox::SmallMailbox() {
  ++alive;
  gate.set();
  folder.id = 7;
  folder.object_id = "0123456789abcdef01234567";
  folder.path = "INBOX";
  folder.special_use = model::SpecialUse::kInbox;
  folder.uid_validity = 1234567890;
  folder.uid_next = 4000000000U;
  folder.highest_modseq = 1ULL << 62;
  folder.messages = 3;
  folder.unseen = 2;
  folder.deleted = 1;
  folder.recent = 1;
  folder.size = 1ULL << 40;
  folder.subscribed = false;
}

SmallMailbox::~SmallMailbox() { --alive; }

void SmallMailbox::notify(model::Notice notice) {
  notices_.push_back(std::move(notice));
  noticed_.set();
}

void SmallMailbox::end_notices(Failure why) {
  notices_ended_ = std::move(why);
  noticed_.set();
}

Task<Outcome<model::Notice>> SmallMailbox::next_notice() {
  while (notices_.empty()) {
    if (notices_ended_) co_return *notices_ended_;
    noticed_.clear();
    co_await noticed_.wait();
  }
  model::Notice notice = std::move(notices_.front());
  notices_.pop_front();
  co_return notice;
}

Task<Outcome<std::vector<Folder>>> SmallMailbox::list_folders() {
  asked.push_back("list_folders");
  if (fails) co_return *fails;
  std::vector<Folder> folders(2, folder);
  folders[1].path = "Sent Mail";
  folders[1].special_use = model::SpecialUse::kSent;
  co_return folders;
}

Task<Outcome<Folder>> SmallMailbox::get_folder(std::string path) {
  asked.push_back("get_folder " + path);
  if (path != "INBOX") co_return Failure{Fault::kNotFound, "No such folder", "private words"};
  co_return folder;
}

Task<Outcome<Folder>> SmallMailbox::create_folder(std::string path, model::SpecialUse special_use) {
  asked.push_back("create_folder " + path);
  Folder made = folder;
  made.path = path;
  made.special_use = special_use;
  co_return made;
}

Task<Outcome<void>> SmallMailbox::delete_folder(std::string path) {
  asked.push_back("delete_folder " + path);
  co_return Outcome<void>{};
}

Task<Outcome<void>> SmallMailbox::rename_folder(std::string from, std::string to) {
  asked.push_back("rename_folder " + from + " " + to);
  co_return Outcome<void>{};
}

Task<Outcome<void>> SmallMailbox::subscribe(std::string path, bool subscribed) {
  asked.push_back("subscribe " + path + (subscribed ? " yes" : " no"));
  co_return Outcome<void>{};
}

Task<Outcome<model::OpenFolder>> SmallMailbox::open_folder(FolderId id, bool claim_recent) {
  asked.push_back("open_folder " + std::to_string(id) + (claim_recent ? " yes" : " no"));
  co_return opened;
}

Task<Outcome<model::Changes>> SmallMailbox::changes_since(FolderId id, model::ModSeq since,
                                                          model::UidSet known, bool claim_recent) {
  asked.push_back("changes_since " + std::to_string(id) + " " + std::to_string(since) + " " +
                  known.text() + (claim_recent ? " yes" : " no"));
  co_return changes;
}

namespace {

class RowBatches final : public model::Batches<MessageRow> {
 public:
  RowBatches(SmallMailbox& mailbox, model::UidSet uids) : mailbox_(mailbox), uids_(uids) {
    ++mailbox_.streams_alive;
  }
  ~RowBatches() override { --mailbox_.streams_alive; }
  Task<Outcome<std::vector<MessageRow>>> next() override {
    std::vector<MessageRow> batch;
    while (at_ < mailbox_.rows.size() && batch.size() < mailbox_.rows_per_batch) {
      if (uids_.contains(mailbox_.rows[at_].uid)) batch.push_back(mailbox_.rows[at_]);
      ++at_;
    }
    ++mailbox_.batches_given;
    co_return batch;
  }

 private:
  SmallMailbox& mailbox_;
  model::UidSet uids_;
  std::size_t at_ = 0;
};

class ChunkBatches final : public model::Batches<format::PackedChunk> {
 public:
  ChunkBatches(SmallMailbox& mailbox, bool found, std::uint64_t offset, std::uint64_t end)
      : mailbox_(mailbox), chunks_(make_chunks(mailbox.content)), found_(found), end_(end) {
    at_ = offset / format::kChunkSize;
    ++mailbox_.streams_alive;
  }
  ~ChunkBatches() override { --mailbox_.streams_alive; }
  Task<Outcome<std::vector<format::PackedChunk>>> next() override {
    if (!found_) co_return Failure{Fault::kNotFound, "", "no such message"};
    std::vector<format::PackedChunk> batch;
    if (at_ < chunks_.size() && chunks_[at_].offset < end_) batch.push_back(chunks_[at_++]);
    ++mailbox_.batches_given;
    co_return batch;
  }

 private:
  SmallMailbox& mailbox_;
  std::vector<format::PackedChunk> chunks_;
  bool found_;
  std::uint64_t end_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<model::Batches<MessageRow>> SmallMailbox::fetch(FolderId id, model::UidSet uids,
                                                                std::uint32_t columns,
                                                                model::ModSeq changed_since) {
  asked.push_back("fetch " + std::to_string(id) + " " + uids.text() + " " +
                  std::to_string(columns) + " " + std::to_string(changed_since));
  return std::make_unique<RowBatches>(*this, std::move(uids));
}

std::unique_ptr<model::Batches<format::PackedChunk>> SmallMailbox::read_content(
    FolderId id, model::Uid uid, std::uint64_t offset, std::uint64_t length) {
  asked.push_back("read_content " + std::to_string(id) + " " + std::to_string(uid) + " " +
                  std::to_string(offset) + " " + std::to_string(length));
  const std::uint64_t end = length > UINT64_MAX - offset ? UINT64_MAX : offset + length;
  return std::make_unique<ChunkBatches>(*this, uid == 1, offset, end);
}

Task<Outcome<model::StoreResult>> SmallMailbox::store_flags(FolderId id, model::UidSet uids,
                                                            model::FlagChange change,
                                                            model::Flags flags,
                                                            model::ModSeq unchanged_since) {
  asked.push_back("store_flags " + std::to_string(id) + " " + uids.text() + " " +
                  std::to_string(static_cast<int>(change)) + " " + std::to_string(flags.system) +
                  " " + (flags.keywords.empty() ? "" : flags.keywords[0]) + " " +
                  std::to_string(unchanged_since));
  co_return stored;
}

Task<Outcome<model::UidSet>> SmallMailbox::expunge(FolderId id, model::UidSet uids) {
  asked.push_back("expunge " + std::to_string(id) + " " + uids.text());
  co_return removed;
}

Task<Outcome<model::CopyResult>> SmallMailbox::append(std::string path,
                                                      std::vector<model::NewMessage> messages) {
  asked.push_back("append " + path);
  for (model::NewMessage& message : messages) appended.push_back(std::move(message));
  co_return copied;
}

Task<Outcome<model::CopyResult>> SmallMailbox::copy(FolderId from, model::UidSet uids,
                                                    std::string to_path) {
  asked.push_back("copy " + std::to_string(from) + " " + uids.text() + " " + to_path);
  co_return copied;
}

Task<Outcome<model::CopyResult>> SmallMailbox::move(FolderId from, model::UidSet uids,
                                                    std::string to_path) {
  asked.push_back("move " + std::to_string(from) + " " + uids.text() + " " + to_path);
  co_return copied;
}

namespace {

struct Counted {
  explicit Counted(int& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  int& count_;
};

}  // namespace

Task<Outcome<model::Quota>> SmallMailbox::quota() {
  asked.push_back("quota");
  const Counted waiting(quota_waiting);
  co_await gate.wait();
  if (throws) throw std::runtime_error("a bug in the keeper");
  co_return model::Quota{1, 2};
}

std::vector<format::PackedChunk> make_chunks(const std::string& content) {
  std::vector<format::PackedChunk> chunks;
  for (std::size_t at = 0; at < content.size(); at += format::kChunkSize) {
    const std::size_t size = std::min(format::kChunkSize, content.size() - at);
    chunks.push_back({at, static_cast<std::uint32_t>(size), content.substr(at, size)});
  }
  return chunks;
}

MessageRow make_row(model::Uid uid, const std::string& content) {
  MessageRow row;
  row.uid = uid;
  row.modseq = 1000ULL + uid;
  row.flags.system = model::kSeen;
  row.flags.keywords = {"$Forwarded", "Später"};
  row.internal_date = -5;
  row.save_date = 1767225600;
  row.size = content.size();
  row.email_id = "0123456789abcdef01234567";
  row.thread_id = "76543210fedcba9876543210";
  row.outline.envelope = "(NIL \"Hello\")";
  row.outline.body = "body";
  row.outline.body_structure = std::string(5000, 's');  // long enough to travel as a piece
  row.outline.parts = std::string("\0\1\377", 3);
  row.outline.preview = "Hello, wörld";
  row.outline.search_head = "subject: hello\n";
  row.outline.search_body = std::string(9000, 'b');
  row.outline.sent_date = -1;
  row.outline.sent_zone = -330;
  row.has_content = true;
  row.chunks = make_chunks(content);
  return row;
}

Task<Outcome<model::LoggedIn>> SmallLogins::log_in(model::LoginContext context, std::string address,
                                                   std::string password) {
  last_context = std::move(context);
  co_await gate.wait();
  if (address != "hello@example.test" || password != "secret")
    co_return Failure{Fault::kBadLogin, "Wrong name or password", ""};
  model::LoggedIn login;
  login.alias_id = "0123456789abcdef01234567";
  login.address = address;
  login.mailbox = mailbox;
  co_return login;
}

namespace {

class SmallExchange final : public model::ScramExchange {
 public:
  SmallExchange(std::shared_ptr<SmallMailbox> mailbox, const std::string& client_first)
      : mailbox_(std::move(mailbox)), server_first_("r=" + client_first) {}
  const std::string& server_first() const override { return server_first_; }
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    if (client_final != "right" || binding_data != std::string("\0\1", 2))
      co_return Failure{Fault::kBadLogin, "Wrong name or password", ""};
    Verdict verdict;
    verdict.server_final = "v=proof";
    verdict.login.alias_id = "a";
    verdict.login.address = "hello@example.test";
    verdict.login.mailbox = mailbox_;
    co_return verdict;
  }

 private:
  std::shared_ptr<SmallMailbox> mailbox_;
  std::string server_first_;
};

}  // namespace

Task<Outcome<std::unique_ptr<model::ScramExchange>>> SmallLogins::begin_scram(
    model::LoginContext context, std::string client_first, bool offered_plus) {
  last_context = std::move(context);
  if (!offered_plus) co_return Failure{Fault::kBadLogin, "", ""};
  std::unique_ptr<model::ScramExchange> begun =
      std::make_unique<SmallExchange>(mailbox, client_first);
  co_return begun;
}

Task<Outcome<model::Recipient>> SmallDeliveries::resolve_recipient(
    model::RecipientQuestion question) {
  std::string address = question.address;
  last_question = std::move(question);
  if (answer) co_return *answer;
  model::Recipient recipient;
  recipient.kind = model::RecipientKind::kAccepted;
  recipient.address = address;
  recipient.domain_id = "d";
  recipient.mailboxes = {{"a", "hello@example.test"}, {"b", "other@example.test"}};
  recipient.size_limit = 50ULL << 20;
  co_return recipient;
}

Task<Outcome<void>> SmallDeliveries::deliver(model::Delivery delivery) {
  delivered.push_back(std::move(delivery));
  co_await gate.wait();
  co_return Outcome<void>{};
}

Task<Outcome<model::User>> SmallDirectory::put_user(model::User put) {
  user = put;
  co_return put;
}
Task<Outcome<model::Domain>> SmallDirectory::put_domain(model::Domain put) {
  if (on_put_domain) on_put_domain(put);
  domain = put;
  co_return put;
}
Task<Outcome<model::Alias>> SmallDirectory::put_alias(model::Alias put) {
  alias = put;
  co_return put;
}
Task<Outcome<model::User>> SmallDirectory::get_user(std::string id_or_email) {
  asked.push_back("get_user " + id_or_email);
  co_return user;
}
Task<Outcome<model::Domain>> SmallDirectory::get_domain(std::string id_or_name) {
  asked.push_back("get_domain " + id_or_name);
  co_return domain;
}
Task<Outcome<model::Alias>> SmallDirectory::get_alias(std::string id_or_address) {
  asked.push_back("get_alias " + id_or_address);
  co_return alias;
}
Task<Outcome<std::vector<model::User>>> SmallDirectory::list_users() {
  co_return std::vector<model::User>(2, user);
}
Task<Outcome<std::vector<model::Domain>>> SmallDirectory::list_domains() {
  co_return std::vector<model::Domain>(2, domain);
}
Task<Outcome<std::vector<model::Alias>>> SmallDirectory::list_aliases(std::string domain_id) {
  asked.push_back("list_aliases " + domain_id);
  co_return std::vector<model::Alias>(2, alias);
}
Task<Outcome<void>> SmallDirectory::remove_user(std::string id) {
  asked.push_back("remove_user " + id);
  co_return Outcome<void>{};
}
Task<Outcome<void>> SmallDirectory::remove_domain(std::string id, bool with_contents) {
  asked.push_back("remove_domain " + id + (with_contents ? " yes" : " no"));
  co_return Outcome<void>{};
}
Task<Outcome<void>> SmallDirectory::remove_alias(std::string id) {
  asked.push_back("remove_alias " + id);
  co_return Outcome<void>{};
}
Task<Outcome<model::NewCredential>> SmallDirectory::set_alias_password(
    std::string alias_id, model::PasswordChange change) {
  asked.push_back("set_alias_password " + alias_id);
  last_change = std::move(change);
  co_return model::NewCredential{"hello@example.test", "generated", "code"};
}
Task<Outcome<std::vector<model::Directory::MailboxStat>>> SmallDirectory::mailbox_stats(
    std::string alias_id) {
  asked.push_back("mailbox_stats " + alias_id);
  MailboxStat stat;
  stat.alias_id = "a";
  stat.address = "hello@example.test";
  stat.exists = true;
  stat.file_octets = 1ULL << 40;
  stat.quota = 10;
  stat.waiting = 3;
  stat.waiting_octets = 4;
  stat.open = true;
  stat.last_login = 5;
  stat.set_aside = 2;
  co_return std::vector<MailboxStat>{stat};
}

Task<Outcome<std::vector<model::Directory::WaitingMail>>> SmallDirectory::waiting_mail(
    std::string alias_id, std::int64_t after_entry) {
  asked.push_back("waiting_mail " + alias_id + " " + std::to_string(after_entry));
  WaitingMail mail{1LL << 50, "M1", 6, 7, true, 8, "corrupt: it cannot be opened"};
  co_return std::vector<WaitingMail>{mail};
}

Task<Outcome<std::uint64_t>> SmallDirectory::retry_waiting(std::string alias_id) {
  asked.push_back("retry_waiting " + alias_id);
  co_return std::uint64_t{9};
}

Task<Outcome<std::vector<model::Directory::Orphan>>> SmallDirectory::find_orphans() {
  asked.push_back("find_orphans");
  co_return std::vector<Orphan>{{OrphanKind::kMail, "a", "b@c.test", "/d", 5, 1ULL << 40}};
}

Task<Outcome<void>> SmallDirectory::discard_orphan(std::string alias_id) {
  asked.push_back("discard_orphan " + alias_id);
  co_return Outcome<void>{};
}

Task<Outcome<model::NewDomainPassword>> SmallDirectory::add_domain_password(
    std::string domain_id, std::string user_id, std::string description) {
  asked.push_back("add_domain_password " + domain_id + " " + user_id + " " + description);
  co_return model::NewDomainPassword{"t", "*@example.test", "generated"};
}

Task<Outcome<std::vector<model::Token>>> SmallDirectory::list_domain_passwords(
    std::string domain_id) {
  asked.push_back("list_domain_passwords " + domain_id);
  co_return std::vector<model::Token>{
      {"t", "u", "printer", "a hash", "a verifier", model::Date{1LL << 41}}};
}

Task<Outcome<std::string>> SmallDirectory::seal_txt_value(std::string domain_id,
                                                          std::string value) {
  asked.push_back("seal_txt_value " + domain_id + " " + value);
  co_return "forward-email=sealed";
}

Task<Outcome<void>> SmallDirectory::remove_domain_password(std::string domain_id,
                                                           std::string token_id) {
  asked.push_back("remove_domain_password " + domain_id + " " + token_id);
  co_return Outcome<void>{};
}

}  // namespace fwd::test
