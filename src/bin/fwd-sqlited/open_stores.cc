// Opening the stores with keys made from the server key.
#include "bin/fwd-sqlited/open_stores.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/server_key.h"
#include "storage/sqlcipher/database.h"

namespace fwd::sqlited {
namespace {

// One thread stretches passwords, so that wrong ones cost others little.
constexpr unsigned kStretchers = 1;
// Worker keys of the files that are not mailboxes; any numbers will do.
constexpr std::uint64_t kDirectoryWorker = 0, kStateWorker = 1, kJournalWorker = 1;
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

OpenStores::OpenStores(net::Loop& loop, net::Workers& workers, crypto::SecretKey server_key)
    : loop_(loop),
      workers_(workers),
      stretchers_(loop, kStretchers),
      server_key_(std::move(server_key)) {}

Task<Outcome<std::unique_ptr<OpenStores>>> OpenStores::open(net::Loop& loop, net::Workers& workers,
                                                            const config::Options& options) {
  const std::string folder = options.path("data.folder");
  auto key = crypto::load_server_key(options.path("secrets.server-key"));
  if (!key.ok()) co_return key.failure();
  auto made = make_folder(folder);
  if (!made.ok()) co_return made.failure();
  auto proven = sqlcipher::start(folder);
  if (!proven.ok()) co_return proven.failure();
  std::unique_ptr<OpenStores> stores(new OpenStores(loop, workers, std::move(key.value())));
  auto opened = co_await stores->open_all(options);
  if (!opened.ok()) co_return opened.failure();
  co_return stores;
}

Task<Outcome<void>> OpenStores::open_all(const config::Options& options) {
  const std::string folder = options.path("data.folder");
  const std::string key_path = options.path("secrets.server-key");
  Clock& clock = loop_.clock();
  retention_ = options.time("journal.retention");

  directory::FileOptions file_options;
  file_options.most_indexed_aliases = options.integer("directory.aliases-indexed");
  file_options.cache_pages = static_cast<int>(options.integer("directory.cache-pages"));
  auto directory = open_file<directory::DirectoryFile>(folder, "directory.sqlite", server_key_,
                                                       key_path, file_options);
  if (!directory.ok()) co_return directory.failure();
  directory_ = std::make_unique<directory::DirectoryStore>(std::move(directory.value()), workers_,
                                                           clock, kDirectoryWorker);

  auto state = open_file<state::StateFile>(folder, "state.sqlite", server_key_, key_path);
  if (!state.ok()) co_return state.failure();
  state_ =
      std::make_unique<state::StateStore>(std::move(state.value()), workers_, clock, kStateWorker);
  auto loaded = co_await state_->load();
  if (!loaded.ok()) co_return loaded;

  auto journal = open_file<journal::JournalFile>(folder, "journal.sqlite", server_key_, key_path);
  if (!journal.ok()) co_return journal.failure();
  journal_ = std::make_unique<journal::JournalStore>(std::move(journal.value()), workers_, clock,
                                                     kJournalWorker);

  mailbox::StoreOptions store_options;
  store_options.folder = options.path("mailbox.folder");
  store_options.open_files = options.integer("mailbox.open-limit");
  store_options.cache_pages = static_cast<int>(options.integer("mailbox.cache-pages"));
  store_options.limits.folders = options.integer("mailbox.folders-limit");
  store_options.limits.message_octets = options.size("mailbox.message-limit");
  store_options.limits.messages =
      static_cast<std::uint32_t>(options.integer("mailbox.messages-limit"));
  store_options.limits.expunge_records =
      static_cast<std::int64_t>(options.integer("mailbox.expunge-records"));
  mailboxes_ = std::make_unique<mailbox::MailboxStore>(workers_, clock, std::move(store_options));

  spool::SpoolOptions spool_options;
  spool_options.folder = folder + "/spool";
  spool_ = std::make_unique<spool::Spool>(workers_, clock, crypto::subkey(server_key_, "spool"),
                                          std::move(spool_options));
  auto spooling = co_await spool_->start();
  if (!spooling.ok()) co_return spooling;

  door::LoginLimits logins;
  logins.failure_delay = options.time("login.failure-delay");
  logins.failures_per_address = options.integer("login.failures-per-address");
  logins.failures_window =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("login.failures-window"));
  stores_ = std::make_unique<door::Stores>(door::Stores{clock, workers_, stretchers_, *directory_,
                                                        *mailboxes_, *spool_, *state_, server_key_,
                                                        logins});
  open_mailboxes_ = std::make_unique<door::OpenMailboxes>(*stores_);
  logins_ = std::make_unique<door::LoginKeeper>(*stores_, *open_mailboxes_);
  deliveries_ = std::make_unique<door::DeliveryKeeper>(*stores_, *open_mailboxes_);
  directory_keeper_ = std::make_unique<door::DirectoryKeeper>(*stores_, *open_mailboxes_);
  co_return Outcome<void>{};
}

rpc::Promises OpenStores::promises() {
  rpc::Promises promises;
  promises.logins = logins_.get();
  promises.deliveries = deliveries_.get();
  promises.directory = directory_keeper_.get();
  promises.state = state_.get();
  promises.journal = journal_.get();
  return promises;
}

Task<void> OpenStores::forget_old_entries() {
  for (;;) {
    const std::int64_t before = unix_milliseconds(loop_.clock().wall()) - retention_.count();
    // Tried again with the next round; the disk's trouble is told by what writes.
    const auto forgotten = co_await journal_->forget_before(before);
    static_cast<void>(forgotten.ok());
    co_await loop_.clock().sleep(kUpkeepPause);
  }
}

void OpenStores::start_upkeep(TaskGroup& tasks) {
  tasks.spawn("state", state_->run());
  tasks.spawn("journal", journal_->run());
  tasks.spawn("journal retention", forget_old_entries());
}

Task<void> OpenStores::flush() {
  const auto state = co_await state_->flush();
  const auto journal = co_await journal_->flush();
  static_cast<void>(state.ok() && journal.ok());
}

}  // namespace fwd::sqlited
