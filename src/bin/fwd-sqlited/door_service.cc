// Serving the door.
#include "bin/fwd-sqlited/door_service.h"

#include <pwd.h>

#include <optional>
#include <utility>

#include "service/daemon/door_connector.h"

namespace fwd::sqlited {
namespace {

constexpr auto kMinute = std::chrono::minutes(1);
constexpr std::uint64_t kMostComplaints = 100;  // of one kind about one role in a minute

std::optional<uid_t> find_uid(const std::string& user) {
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr) return std::nullopt;
  return entry->pw_uid;
}

rpc::Limits door_limits(const config::Options& options) {
  rpc::Limits limits;
  limits.calls = options.integer("door.calls-limit");
  limits.objects = options.integer("door.logins-limit");
  limits.upload_octets = options.size("door.upload-budget");
  limits.load_octets = options.size("door.load-budget");
  limits.answer_octets = options.size("door.answer-limit");
  return limits;
}

journal::JournalBounds journal_bounds(const config::Options& options) {
  journal::JournalBounds bounds;
  bounds.entries = options.integer("journal.entries-limit");
  bounds.octets = options.size("journal.octets-limit");
  bounds.waiting = options.integer("journal.waiting-limit");
  bounds.waiting_octets = options.size("journal.memory-budget");
  bounds.value_octets = options.size("journal.value-limit");
  bounds.read = static_cast<std::uint32_t>(options.integer("journal.read-limit"));
  return bounds;
}

mailbox::Limits mailbox_limits(const config::Options& options) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("mailbox.delivery-memory"));
  mailbox::Limits limits;
  limits.folders = options.integer("mailbox.folders-limit");
  limits.bare_subscriptions = options.integer("mailbox.subscriptions-limit");
  limits.depth = options.integer("mailbox.depth-limit");
  limits.level_octets = options.size("mailbox.level-limit");
  limits.path_octets = options.size("mailbox.path-limit");
  limits.former_names = static_cast<std::int64_t>(options.integer("mailbox.former-names-limit"));
  limits.messages = static_cast<std::uint32_t>(options.integer("mailbox.messages-limit"));
  limits.keywords = options.integer("mailbox.keywords-limit");
  limits.message_keywords = options.integer("mailbox.message-keywords-limit");
  limits.keyword_octets = options.size("mailbox.keyword-limit");
  limits.outline_octets = options.size("mailbox.outline-limit");
  limits.message_octets = options.size("mailbox.message-limit");
  limits.expunge_records = static_cast<std::int64_t>(options.integer("mailbox.expunge-records"));
  limits.delivery_memory = seconds.count();
  limits.batch_rows = static_cast<std::uint32_t>(options.integer("mailbox.batch-rows"));
  limits.batch_octets = options.size("mailbox.batch-limit");
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
  queue.in_session = options.time("queue.in-session-limit");
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
  door.directory.credentials = options.integer("directory.credentials-limit");
  door.directory.txt_prefix = options.text("directory.txt-prefix");
  door.directory.mailboxes = options.integer("directory.mailboxes-limit");
  door.mailboxes.limits = mailbox_limits(options);
  door.directory.listed = options.integer("directory.listed-limit");
  door.spool.shards = static_cast<unsigned>(options.integer("spool.files"));
  door.spool.cache_pages = static_cast<int>(options.integer("spool.cache-pages"));
  door.spool.alias_octets = options.size("spool.alias-limit");
  door.spool.alias_entries = options.integer("spool.alias-messages-limit");
  door.logins.password_octets = options.size("login.password-limit");
  door.logins.failure_delay = options.time("login.failure-delay");
  door.logins.failures_per_address = options.integer("login.failures-per-address");
  door.logins.failures_window =
      std::chrono::duration_cast<std::chrono::seconds>(options.time("login.failures-window"));
  door.logins.sessions_per_alias = options.integer("login.sessions-per-alias");
  for (const rpc::Role role : rpc::all_roles())
    door.state_owners.emplace_back(rpc::role_name(role));
  door.state_limits.counters = door.state_limits.values = options.integer("state.keys-limit");
  door.state_limits.octets = options.size("state.octets-limit");
  door.state_limits.room = options.integer("smtp.greylist-entries");
  door.journal_retention = options.time("journal.retention");
  door.journal_bounds = journal_bounds(options);
  door.queue = queue_options(options);
  door.queue_retention = options.time("queue.retention");
  door.queue_age = options.time("queue.age-alert");
  door.submission = submission_limits(options);
  return door;
}

rpc::Promises promises_of(door::Door& door) {
  rpc::Promises promises;
  promises.logins = &door.logins();
  promises.deliveries = &door.deliveries();
  promises.directory = &door.directory();
  promises.state = [&door](rpc::Role role) {
    return door.state(std::string(rpc::role_name(role)));
  };
  promises.journal = &door.journal();
  promises.submission = &door.submission();
  promises.queue = &door.queue();
  promises.sender_lists = &door.sender_lists();
  promises.forwarding = &door.forwarding();
  return promises;
}

void tell_orphan(Log& log, const model::Directory::Orphan& orphan) {
  using Kind = model::Directory::OrphanKind;
  switch (orphan.kind) {
    case Kind::kFile:
      return log.warning("door.orphan.file", {{"path", orphan.path},
                                              {"alias", orphan.alias_id},
                                              {"octets", std::to_string(orphan.octets)}});
    case Kind::kMail:
      return log.warning("door.orphan.mail", {{"alias", orphan.alias_id},
                                              {"entries", std::to_string(orphan.entries)},
                                              {"octets", std::to_string(orphan.octets)}});
    case Kind::kMissing:
      return log.error("door.orphan.missing",
                       {{"alias", orphan.alias_id}, {"address", orphan.address}});
    case Kind::kUnfinished:
      return;  // told when it was tried
  }
}

std::string seconds_text(std::int64_t span_ms) { return std::to_string(span_ms / 1000) + "s"; }

void tell_day(Log& log, const queue::QueueDay& day, const model::QueueStat& stat) {
  std::uint64_t waiting = 0;
  for (std::size_t i = 0; i < std::size(stat.messages); ++i)
    if (i > 0 && !model::is_final(static_cast<model::OutboundState>(i)))
      waiting += stat.messages[i];
  const std::int64_t oldest = stat.oldest_waiting == 0 ? 0 : day.ended - stat.oldest_waiting;
  const std::vector<LogField> fields{
      {"span", seconds_text(day.ended - day.began)}, {"accepted", std::to_string(day.accepted)},
      {"delivered", std::to_string(day.delivered)},  {"failed", std::to_string(day.failed)},
      {"deferred", std::to_string(day.deferred)},    {"waiting", std::to_string(waiting)},
      {"octets", std::to_string(stat.octets)},       {"oldest", seconds_text(oldest)}};
  log.event("queue.day", fields, LogLevel::kNotice);
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
  wanted.events.on_mail_trouble = [&log](const std::string& alias, std::int64_t entry,
                                         const Failure& why) {
    log.error(entry == 0 ? "door.mail.waits" : "door.mail.set-aside",
              {{"alias", alias},
               {"entry", std::to_string(entry)},
               {"fault", fault_name(why.fault)},
               {"why", why.private_text.empty() ? why.public_text : why.private_text}});
  };
  wanted.events.on_mail_back = [&log](const std::string& alias, std::uint64_t entries) {
    log.event("door.mail.back", {{"alias", alias}, {"entries", std::to_string(entries)}});
  };
  wanted.events.on_finished = [&log](const directory::Intention& intention,
                                     const Outcome<void>& done) {
    const std::string what =
        intention.kind == directory::IntentionKind::kRemove ? "removal" : "beginning anew";
    if (done.ok())
      return log.event("door.finished", {{"alias", intention.alias_id}, {"what", what}});
    log.error("door.unfinished", {{"alias", intention.alias_id},
                                  {"what", what},
                                  {"fault", fault_name(done.failure().fault)},
                                  {"why", done.failure().private_text}});
  };
  wanted.events.on_queue_day = [&log](const queue::QueueDay& day, const model::QueueStat& stat) {
    tell_day(log, day, stat);
  };
  Clock& clock = daemon_.clock();
  wanted.events.on_queue_age = [&log, &clock](const std::optional<queue::OldMessage>& old) {
    if (!old) return log.event("queue.old.end", {}, LogLevel::kNotice);
    log.warning("queue.old",
                {{"message", old->id},
                 {"waits", seconds_text(unix_milliseconds(clock.wall()) - old->since)}});
  };
  wanted.events.on_orphan = [&log](const model::Directory::Orphan& orphan) {
    tell_orphan(log, orphan);
  };
  auto door = co_await door::Door::open(daemon_.loop(), workers_, std::move(wanted));
  if (!door.ok()) co_return door.failure();
  door_ = std::move(door.value());
  door_->start_upkeep(daemon_.tasks());
  rpc::ServerEvents events;
  events.on_denied = [this](rpc::Role role, const std::string& verb) {
    warn("door.denied", role, {{"verb", verb}});
  };
  events.on_bug = [&log](const std::string& verb, const std::string& what) {
    log.error("door.bug", {{"verb", verb}, {"what", what}});
  };
  server_ = std::make_unique<rpc::DoorServer>(promises_of(*door_), std::move(events),
                                              door_limits(daemon_.options()));
  co_return Outcome<void>{};
}

std::optional<std::uint64_t> Complaints::take(Instant now) {
  if (now - minute_ >= kMinute) {
    minute_ = now;
    said_ = 0;
  }
  if (said_ >= kMostComplaints) {
    ++left_out_;
    return std::nullopt;
  }
  ++said_;
  return std::exchange(left_out_, 0);
}

void DoorService::warn(std::string_view event, std::optional<rpc::Role> role,
                       std::vector<LogField> fields) {
  const std::size_t about = role ? static_cast<std::size_t>(*role) : 0;
  const auto left_out = complaints_[{std::string(event), about}].take(daemon_.clock().now());
  if (!left_out) return;
  if (role) fields.insert(fields.begin(), {"role", std::string(rpc::role_name(*role))});
  if (*left_out > 0) fields.push_back({"left-out", std::to_string(*left_out)});
  daemon_.log().event(event, fields, LogLevel::kWarning);
}

Task<void> DoorService::serve(std::unique_ptr<net::SocketStream> stream, std::string) {
  const auto caller = stream->peer_credentials();
  const auto role = caller.ok() ? roles_.find(caller.value().uid) : std::nullopt;
  if (!role) {
    const std::string uid = caller.ok() ? std::to_string(caller.value().uid) : "unknown";
    warn("door.refused", role, {{"uid", uid}});
    co_return;
  }
  std::size_t& count = connections_.at(static_cast<std::size_t>(*role));
  if (count >= daemon_.options().integer("door.connections-per-role")) {
    warn("door.crowded", role, {});
    co_return;
  }
  ++count;
  const std::shared_ptr<void> counted(nullptr, [&count](void*) { --count; });
  std::unique_ptr<Stream> connection = std::move(stream);
  auto served = server_->serve(std::move(connection), *role);
  auto stopped = [](Event& stopping) -> Task<void> {
    co_await stopping.wait();
  }(daemon_.stopping());
  const auto ended = co_await first_of(std::move(served), std::move(stopped));
  if (ended.index() != 0 || std::get<0>(ended).ok()) co_return;
  const Failure& failure = std::get<0>(ended).failure();
  if (failure.fault == Fault::kClosed) co_return;
  warn("door.broken", role, {{"fault", fault_name(failure.fault)}, {"why", failure.private_text}});
}

void DoorService::reload() {
  const auto roles = read_roles();
  if (!roles.ok()) daemon_.log().error("door.roles.kept", {{"why", roles.failure().private_text}});
  door_->set_journal_limits(daemon_.options().time("journal.retention"),
                            journal_bounds(daemon_.options()));
  door_->set_queue_retention(daemon_.options().time("queue.retention"));
  door_->set_queue_age(daemon_.options().time("queue.age-alert"));
  door_->set_submission(submission_limits(daemon_.options()));
}

Task<void> DoorService::finish() {
  if (door_ != nullptr) co_await door_->flush();
}

}  // namespace fwd::sqlited
