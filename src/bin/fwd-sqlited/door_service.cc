// Serving the door.
#include "bin/fwd-sqlited/door_service.h"

#include <pwd.h>

#include <optional>
#include <utility>

#include "service/daemon/door_connector.h"

namespace fwd::sqlited {
namespace {

std::optional<uid_t> find_uid(const std::string& user) {
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr) return std::nullopt;
  return entry->pw_uid;
}

rpc::Limits door_limits(const config::Options& options) {
  rpc::Limits limits;
  limits.calls = options.integer("door.calls-limit");
  limits.upload_octets = options.size("door.upload-budget");
  limits.answer_octets = options.size("door.answer-limit");
  return limits;
}

door::SubmissionLimits submission_limits(const config::Options& options) {
  door::SubmissionLimits limits;
  limits.recipients = options.integer("submission.most-recipients");
  limits.octets = options.size("submission.most-octets");
  limits.daily = options.integer("submission.daily-limit");
  limits.furthest = std::chrono::floor<std::chrono::hours>(options.time("submission.most-delay"));
  limits.host = daemon::host_name(options);
  limits.trusted_users = options.list("submission.trusted-users");
  return limits;
}

queue::QueueOptions queue_options(const config::Options& options) {
  queue::QueueOptions queue;
  queue.most_octets = options.size("queue.most-octets");
  queue.most_messages = options.integer("queue.most-messages");
  queue.disk_reserve = options.size("queue.disk-reserve");
  queue.life = options.time("queue.lifetime");
  queue.cache_pages = static_cast<int>(options.integer("queue.cache-pages"));
  // A notice may hold the whole of what it tells of.
  queue.most_message_octets = 2 * options.size("submission.most-octets");
  return queue;
}

door::DoorOptions door_options(const config::Options& options) {
  door::DoorOptions door;
  door.folder = options.path("data.folder");
  door.server_key_file = options.path("secrets.server-key");
  door.directory.most_indexed_aliases = options.integer("directory.aliases-indexed");
  door.directory.cache_pages = static_cast<int>(options.integer("directory.cache-pages"));
  door.directory.default_quota = options.size("mailbox.quota");
  door.mailboxes.folder = options.path("mailbox.folder");
  door.mailboxes.open_files = options.integer("mailbox.open-limit");
  door.mailboxes.cache_pages = static_cast<int>(options.integer("mailbox.cache-pages"));
  mailbox::Limits& limits = door.mailboxes.limits;
  limits.folders = options.integer("mailbox.folders-limit");
  limits.message_octets = options.size("mailbox.message-limit");
  limits.messages = static_cast<std::uint32_t>(options.integer("mailbox.messages-limit"));
  limits.expunge_records = static_cast<std::int64_t>(options.integer("mailbox.expunge-records"));
  door.logins.failure_delay = options.time("login.failure-delay");
  door.logins.failures_per_address = options.integer("login.failures-per-address");
  door.logins.failures_window =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("login.failures-window"));
  door.logins.sessions_per_alias = options.integer("login.sessions-per-alias");
  door.journal_retention = options.time("journal.retention");
  door.queue = queue_options(options);
  door.queue_retention = options.time("queue.retention");
  door.submission = submission_limits(options);
  return door;
}

rpc::Promises promises_of(door::Door& door) {
  rpc::Promises promises;
  promises.logins = &door.logins();
  promises.deliveries = &door.deliveries();
  promises.directory = &door.directory();
  promises.state = &door.state();
  promises.journal = &door.journal();
  promises.submission = &door.submission();
  promises.queue = &door.queue();
  return promises;
}

}  // namespace

DoorService::DoorService(daemon::Daemon& daemon)
    : daemon_(daemon), workers_(daemon.loop(), daemon.worker_threads()) {}

Outcome<void> DoorService::read_roles() {
  struct Row {
    const char* option;
    rpc::Role role;
  };
  constexpr Row kRows[] = {{"door.users-command", rpc::Role::kOperator},
                           {"door.users-imapd", rpc::Role::kImapd},
                           {"door.users-mxd", rpc::Role::kMxd},
                           {"door.users-smtp-bree", rpc::Role::kSmtpBree},
                           {"door.users-smtpd", rpc::Role::kSmtpd}};
  rpc::RoleTable table;
  for (const Row& row : kRows) {
    for (const std::string& user : daemon_.options().list(row.option)) {
      const auto uid = find_uid(user);
      // A daemon whose package is not installed has no user, and cannot call.
      if (!uid || *uid == 0) continue;
      if (!table.add(*uid, row.role))
        return Failure{Fault::kBadInput, "",
                       "user " + user + " is named for two roles: see " + row.option};
    }
  }
  roles_ = std::move(table);
  return {};
}

Task<Outcome<void>> DoorService::start() {
  auto roles = read_roles();
  if (!roles.ok()) co_return roles;
  Log& log = daemon_.log();
  door::DoorOptions wanted = door_options(daemon_.options());
  wanted.on_mail_trouble = [&log](const std::string& alias, std::int64_t entry,
                                  const Failure& why) {
    log.error(entry == 0 ? "door.mail.waits" : "door.mail.set-aside",
              {{"alias", alias},
               {"entry", std::to_string(entry)},
               {"fault", fault_name(why.fault)},
               {"why", why.private_text.empty() ? why.public_text : why.private_text}});
  };
  auto door = co_await door::Door::open(daemon_.loop(), workers_, std::move(wanted));
  if (!door.ok()) co_return door.failure();
  door_ = std::move(door.value());
  door_->start_upkeep(daemon_.tasks());
  rpc::ServerEvents events;
  events.on_denied = [&log](rpc::Role role, const std::string& verb) {
    log.warning("door.denied", {{"role", std::string(rpc::role_name(role))}, {"verb", verb}});
  };
  events.on_bug = [&log](const std::string& verb, const std::string& what) {
    log.error("door.bug", {{"verb", verb}, {"what", what}});
  };
  server_ = std::make_unique<rpc::DoorServer>(promises_of(*door_), std::move(events),
                                              door_limits(daemon_.options()));
  co_return Outcome<void>{};
}

Task<void> DoorService::serve(std::unique_ptr<net::SocketStream> stream, std::string) {
  const auto caller = stream->peer_credentials();
  const auto role = caller.ok() ? roles_.find(caller.value().uid) : std::nullopt;
  if (!role) {
    const std::string uid = caller.ok() ? std::to_string(caller.value().uid) : "unknown";
    daemon_.log().warning("door.refused", {{"uid", uid}});
    co_return;
  }
  std::unique_ptr<Stream> connection = std::move(stream);
  auto served = server_->serve(std::move(connection), *role);
  auto stopped = [](Event& stopping) -> Task<void> {
    co_await stopping.wait();
  }(daemon_.stopping());
  const auto ended = co_await first_of(std::move(served), std::move(stopped));
  if (ended.index() != 0 || std::get<0>(ended).ok()) co_return;
  const Failure& failure = std::get<0>(ended).failure();
  if (failure.fault == Fault::kClosed) co_return;
  daemon_.log().warning("door.broken", {{"role", std::string(rpc::role_name(*role))},
                                        {"fault", fault_name(failure.fault)},
                                        {"why", failure.private_text}});
}

void DoorService::reload() {
  const auto roles = read_roles();
  if (!roles.ok()) daemon_.log().error("door.roles.kept", {{"why", roles.failure().private_text}});
  door_->set_journal_retention(daemon_.options().time("journal.retention"));
  door_->set_queue_retention(daemon_.options().time("queue.retention"));
  door_->set_submission(submission_limits(daemon_.options()));
}

Task<void> DoorService::finish() {
  if (door_ != nullptr) co_await door_->flush();
}

}  // namespace fwd::sqlited
