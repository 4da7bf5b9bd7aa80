// Opening the stores and joining them.
#include "door/door.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/server_key.h"
#include "storage/sqlcipher/database.h"

namespace fwd::door {
namespace {

// One thread stretches passwords, so that wrong ones cost others little.
constexpr unsigned kStretchers = 1;
// Keys that sign are made beside all else, one after the other.
constexpr unsigned kKeyMakers = 1;
// Worker keys of the files that are not mailboxes; any numbers will do.
constexpr std::uint64_t kDirectoryWorker = 0, kStateWorker = 1, kJournalWorker = 1,
                        kQueueWorker = 2;
// The door's own counters are out of reach for every caller.
constexpr const char* kOwnState = "door";
constexpr auto kUpkeepPause = std::chrono::minutes(10);

std::string salt_of(std::string_view name) { return crypto::blake2b(16, name); }

Outcome<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return Failure{Fault::kUnavailable, "internal error",
                 "cannot make the folder " + path + ": " + std::strerror(errno)};
}

// Opens one database file below the data folder, and says which when it cannot.
template <typename File, typename... More>
Outcome<std::shared_ptr<File>> open_file(const std::string& folder, const std::string& name,
                                         const crypto::SecretKey& server_key,
                                         const std::string& key_path, More... more) {
  const std::string path = folder + "/" + name;
  auto file = File::open(path, crypto::subkey(server_key, name), salt_of(name), more...);
  if (file.ok()) return file;
  Failure failure = file.failure();
  failure.private_text = path + " cannot be opened: " + failure.private_text;
  if (failure.fault == Fault::kCorrupt)
    failure.private_text += "; either the file is damaged or " + key_path +
                            " is not the key it was made with (nothing was changed)";
  return failure;
}

}  // namespace

Door::Door(net::Loop& loop, net::Workers& workers, DoorOptions options,
           crypto::SecretKey server_key)
    : loop_(loop),
      workers_(workers),
      stretchers_(loop, kStretchers),
      key_makers_(loop, kKeyMakers),
      options_(std::move(options)),
      server_key_(std::make_shared<crypto::SecretKey>(std::move(server_key))) {
  if (options_.mailboxes.folder.empty()) options_.mailboxes.folder = options_.folder + "/mailboxes";
}

Task<Outcome<std::unique_ptr<Door>>> Door::open(net::Loop& loop, net::Workers& workers,
                                                DoorOptions options) {
  auto key = crypto::load_server_key(options.server_key_file);
  if (!key.ok()) co_return key.failure();
  auto made = make_folder(options.folder);
  if (!made.ok()) co_return made.failure();
  auto proven = sqlcipher::start(options.folder);
  if (!proven.ok()) co_return proven.failure();
  std::unique_ptr<Door> door(new Door(loop, workers, std::move(options), std::move(key.value())));
  auto opened = co_await door->open_all();
  if (!opened.ok()) co_return opened.failure();
  co_return door;
}

Task<Outcome<void>> Door::open_all() {
  const std::string& folder = options_.folder;
  const std::string& key_path = options_.server_key_file;
  Clock& clock = loop_.clock();

  auto directory = open_file<directory::DirectoryFile>(folder, "directory.sqlite", *server_key_,
                                                       key_path, options_.directory);
  if (!directory.ok()) co_return directory.failure();
  directory_ = std::make_unique<directory::DirectoryStore>(std::move(directory.value()), workers_,
                                                           clock, kDirectoryWorker);

  auto state = open_file<state::StateFile>(folder, "state.sqlite", *server_key_, key_path);
  if (!state.ok()) co_return state.failure();
  state_ =
      std::make_unique<state::StateStore>(std::move(state.value()), workers_, clock, kStateWorker);
  model::State& own_state = state_->add_owner(kOwnState, {});
  for (const std::string& owner : options_.state_owners)
    state_->add_owner(owner, options_.state_limits);
  auto loaded = co_await state_->load();
  if (!loaded.ok()) co_return loaded;

  auto journal = open_file<journal::JournalFile>(folder, "journal.sqlite", *server_key_, key_path);
  if (!journal.ok()) co_return journal.failure();
  journal_ = std::make_unique<journal::JournalStore>(std::move(journal.value()), workers_, clock,
                                                     kJournalWorker, options_.journal_bounds);

  mailboxes_ = std::make_unique<mailbox::MailboxStore>(workers_, clock, options_.mailboxes);
  spool::SpoolOptions spool_options = options_.spool;
  spool_options.folder = folder + "/spool";
  spool_ = std::make_unique<spool::Spool>(workers_, clock, crypto::subkey(*server_key_, "spool"),
                                          std::move(spool_options));
  auto spooling = co_await spool_->start();
  if (!spooling.ok()) co_return spooling;

  auto queue =
      open_file<queue::QueueFile>(folder, "queue.sqlite", *server_key_, key_path, options_.queue);
  if (!queue.ok()) co_return queue.failure();
  queue_ =
      std::make_unique<queue::QueueStore>(std::move(queue.value()), workers_, clock, kQueueWorker);

  stores_ = std::make_unique<Stores>(Stores{clock, workers_, stretchers_, *directory_, *mailboxes_,
                                            *spool_, own_state, server_key_, tasks_,
                                            options_.logins, options_.events});
  join();
  // Before anybody comes in.
  co_return co_await directory_keeper_->intentions().carry_out_all();
}

void Door::join() {
  open_mailboxes_ = std::make_unique<OpenMailboxes>(*stores_);
  guesses_ = std::make_unique<Guesses>(*stores_);
  paths_ = std::make_unique<ReturnPaths>(*server_key_);
  keys_ = std::make_unique<SigningKeys>(*stores_, key_makers_);
  webhooks_ = std::make_unique<WebhookKeys>(*server_key_);
  verification_ = std::make_unique<RecipientVerification>(*stores_, *queue_);
  proof_ = std::make_unique<LoginProof>(*stores_, *open_mailboxes_, *guesses_);
  logins_ = std::make_unique<LoginKeeper>(*stores_, *open_mailboxes_, *proof_);
  txt_ = std::make_unique<TxtValues>(*server_key_, options_.directory.txt_prefix);
  deliveries_ = std::make_unique<DeliveryKeeper>(*stores_, *open_mailboxes_, *paths_, *txt_,
                                                 *queue_, *verification_);
  directory_keeper_ = std::make_unique<DirectoryKeeper>(*stores_, *open_mailboxes_, *guesses_,
                                                        *keys_, *webhooks_, *txt_, *verification_);
  queue_keeper_ = std::make_unique<QueueKeeper>(*stores_, *queue_, *paths_, *keys_, *webhooks_);
  forwarding_ = std::make_unique<ForwardingKeeper>(*stores_, *queue_, *paths_, *verification_);
  watch_ =
      std::make_unique<QueueWatch>(*queue_, stores_->clock, stores_->events, options_.queue_age);
  submission_ = std::make_unique<SubmissionKeeper>(*stores_, *proof_, *queue_, options_.submission);
  sender_lists_ = std::make_unique<SenderListKeeper>(*stores_);
}

Task<void> Door::forget_expired_listed() {
  for (;;) {
    // What has expired is not found either way; tried again with the next round.
    const auto forgotten = co_await directory_->forget_expired_listed();
    static_cast<void>(forgotten.ok());
    co_await loop_.clock().sleep(kUpkeepPause);
  }
}

Task<void> Door::forget_old_messages() {
  for (;;) {
    // Tried again with the next round, as the journal's.
    const auto redacted = co_await queue_->redact();
    const std::int64_t before =
        unix_milliseconds(loop_.clock().wall()) - options_.queue_retention.count();
    const auto forgotten = co_await queue_->forget_before(before);
    static_cast<void>(redacted.ok() && forgotten.ok());
    co_await loop_.clock().sleep(kUpkeepPause);
  }
}

Task<void> Door::forget_old_entries() {
  for (;;) {
    const std::int64_t before =
        unix_milliseconds(loop_.clock().wall()) - options_.journal_retention.count();
    // Tried again with the next round; the disk's trouble is told by what writes.
    const auto forgotten = co_await journal_->forget_before(before);
    static_cast<void>(forgotten.ok());
    co_await loop_.clock().sleep(kUpkeepPause);
  }
}

Task<void> Door::tell_orphans() {
  const auto found = co_await directory_keeper_->find_orphans();
  // A disk that cannot be read is told by what needs it.
  if (!found.ok() || !options_.events.on_orphan) co_return;
  for (const model::Directory::Orphan& orphan : found.value()) options_.events.on_orphan(orphan);
}

void Door::start_upkeep(TaskGroup& tasks) {
  tasks.spawn("orphans", tell_orphans());
  tasks.spawn("state", state_->run());
  tasks.spawn("journal", journal_->run());
  tasks.spawn("journal retention", forget_old_entries());
  tasks.spawn("queue retention", forget_old_messages());
  tasks.spawn("sender lists", forget_expired_listed());
  tasks.spawn("queue watch", watch_->run());
}

Task<void> Door::flush() {
  co_await tasks_.wait_empty();
  const auto state = co_await state_->flush();
  const auto journal = co_await journal_->flush();
  static_cast<void>(state.ok() && journal.ok());
}

}  // namespace fwd::door
