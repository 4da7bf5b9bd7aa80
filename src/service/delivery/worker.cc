// Claims, attempts, reports.
#include "service/delivery/worker.h"

#include <algorithm>
#include <utility>

#include "core/first_of.h"
#include "format/header_lines.h"
#include "service/delivery/issues.h"
#include "service/delivery/local_delivery.h"
#include "service/delivery/remote_attempt.h"
#include "service/delivery/way.h"
#include "service/delivery/webhook_attempt.h"

namespace fwd::delivery {
namespace {

using std::chrono::milliseconds;

// A door that is started anew answers soon, and meanwhile what was delivered is not noted:
// who dies then delivers it once more.
constexpr milliseconds kFirstPause(100);
constexpr milliseconds kLongestPause = std::chrono::seconds(30);
constexpr milliseconds kGoodbye = std::chrono::seconds(2);
constexpr std::uint64_t kHeaderRead = 64 * 1024;

Task<void> wait_for(Event& event) { co_await event.wait(); }

PoolLimits pool_limits(const DeliveryOptions& options) {
  return {options.connections_per_host, options.idle_connections, options.idle};
}

bool is_lease_lost(Fault fault) { return fault == Fault::kWrongState || fault == Fault::kNotFound; }

// Trouble with what a report holds.
bool is_refused(Fault fault) { return fault == Fault::kOverLimit || fault == Fault::kBadInput; }

bool is_away(Fault fault) {
  return fault == Fault::kUnavailable || fault == Fault::kTimeout || fault == Fault::kClosed ||
         fault == Fault::kBusy;
}

}  // namespace

// A claim under way.
struct Worker::Held {
  model::Claim claim;                              // `lease`: the last one it was claimed under
  std::shared_ptr<const DeliveryOptions> options;  // of the moment it was claimed
  std::shared_ptr<const Prepared> message;         // null until it goes to a remote
  std::vector<model::NewOutbound> issues{};        // that go with its report
  bool is_reported = false;                        // the attempt is over: only its report is left
};

// Sets the flag as long as it lives, and tells when it ends.
struct Worker::Asking {
  explicit Asking(Worker& the_worker) : worker(the_worker) { worker.is_asking_ = true; }
  ~Asking() {
    worker.is_asking_ = false;
    worker.answered_.pulse();
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  Worker& worker;
};

Worker::Worker(DeliveryContext context, std::shared_ptr<const DeliveryOptions> options)
    : context_(std::move(context)),
      options_(std::move(options)),
      memory_(options_->memory),
      preparer_(context_, options_->kept_content, memory_, options_->host),
      recorder_(context_.journal, context_.clock, context_.log),
      beside_([this](const std::string& name, const std::string& what) {
        context_.log.error("smtp.delivery.bug", {{"task", name}, {"what", what}});
      }),
      hooks_(context_, recorder_, beside_),
      pool_(context_.clock, pool_limits(*options_), beside_),
      claims_([this](const std::string& name, const std::string& what) {
        context_.log.error("smtp.delivery.bug", {{"task", name}, {"what", what}});
      }) {}

Worker::~Worker() {
  claims_.cancel_all();
  beside_.cancel_all();  // sessions in there tell the pool that they leave
}

void Worker::set_options(std::shared_ptr<const DeliveryOptions> options) {
  options_ = std::move(options);
  pool_.set_limits(pool_limits(*options_));
}

Task<void> Worker::run(Event& stopping) {
  auto claiming = claim_loop(stopping);
  auto stop = wait_for(stopping);
  co_await first_of(std::move(claiming), std::move(stop));
  co_await finish();
}

Task<void> Worker::claim_loop(Event& stopping) {
  milliseconds pause = kFirstPause;
  while (!stopping.is_set()) {
    if (held_.size() >= options_->claims) {
      co_await ended_.wait();
      continue;
    }
    const bool answered = co_await claim_some();
    if (answered) {
      pause = kFirstPause;
      continue;
    }
    co_await context_.clock.sleep(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

// What is under way already goes on under the new claim's lease: to begin it again
// would send it twice.  Leaves in the claim what is nobody's.
void Worker::hand_over(model::Claim& claim) {
  std::vector<model::OutboundRecipient>& left = claim.message.recipients;
  for (const auto& [number, held] : held_) {
    model::Claim& mine = held->claim;
    if (mine.message.id != claim.message.id || mine.destination != claim.destination) continue;
    const auto is_mine = [&mine](const model::OutboundRecipient& one) {
      return std::any_of(mine.message.recipients.begin(), mine.message.recipients.end(),
                         [&one](const auto& other) { return other.number == one.number; });
    };
    if (std::erase_if(left, is_mine) == 0) continue;
    mine.lease = claim.lease;
    mine.leased_until = claim.leased_until;
  }
}

Task<bool> Worker::claim_some() {
  const Asking asking(*this);
  model::ClaimQuestion question;
  question.worker = options_->worker;
  question.most =
      static_cast<std::uint32_t>(std::min<std::size_t>(20, options_->claims - held_.size()));
  question.lease = std::chrono::duration_cast<std::chrono::seconds>(options_->lease);
  question.wait = options_->claim_wait;
  question.most_per_destination = options_->claims_per_destination;
  question.begins = !has_begun_;
  question.has_lost = has_lost_;
  if (question.begins || question.has_lost)
    for (const auto& [number, held] : held_) question.holds.push_back(held->claim.lease);
  auto claims = co_await context_.queue.claim(std::move(question));
  if (!claims.ok()) {
    has_lost_ = true;  // the door may have given claims that never came
    context_.log.warning("smtp.delivery.queue.away",
                         {{"what", claims.failure().private_text + claims.failure().public_text}});
    co_return false;
  }
  has_begun_ = true;
  has_lost_ = false;
  for (model::Claim& claim : claims.value()) {
    hand_over(claim);
    if (claim.message.recipients.empty()) continue;
    const std::uint64_t number = next_number_++;
    held_[number] = std::make_shared<Held>(Held{std::move(claim), options_, nullptr});
    claims_.spawn("claim", handle(*this, number));
  }
  co_return true;
}

Task<void> Worker::handle(Worker& worker, std::uint64_t number) {
  const std::shared_ptr<Held> held = worker.held_.at(number);
  auto working = worker.work(*held);
  auto keeping = worker.keep_lease(*held);
  try {
    const auto won = co_await first_of(std::move(working), std::move(keeping));
    static_cast<void>(won);
  } catch (const std::exception& bug) {
    // Our fault is no reason to refuse a message: its lease runs out, it is tried again.
    worker.context_.log.error("smtp.delivery.bug",
                              {{"message", held->claim.message.id}, {"what", bug.what()}});
  }
  worker.held_.erase(number);
  worker.ended_.pulse();
}

// Whether we ourselves have claimed it again; the answer may be under way.
Task<bool> Worker::has_new_lease(const Held& held, std::uint64_t old) {
  if (held.claim.lease == old && is_asking_) co_await answered_.wait();
  co_return held.claim.lease != old;
}

// Ends when the lease is lost, and for no other trouble of the door, as a message
// whose answer nobody reads is sent twice: then others have the message and we must stop.
Task<bool> Worker::keep_lease(Held& held) {
  const auto span = std::chrono::duration_cast<std::chrono::seconds>(held.options->lease);
  for (;;) {
    co_await context_.clock.sleep(held.options->lease / 3);
    const std::uint64_t lease = held.claim.lease;
    const auto prolonged = co_await context_.queue.prolong(lease, span);
    if (prolonged.ok() || !is_lease_lost(prolonged.failure().fault)) continue;
    // A report is still taken while nobody else has claimed.
    if (held.is_reported || co_await has_new_lease(held, lease)) continue;
    context_.log.warning("smtp.delivery.lease.lost", {{"message", held.claim.message.id},
                                                      {"destination", held.claim.destination},
                                                      {"what", prolonged.failure().public_text}});
    co_return false;
  }
}

Task<AttemptOutcome> Worker::attempt_remotely(Held& held) {
  const std::int64_t now = unix_milliseconds(context_.clock.wall());
  auto prepared = co_await preparer_.prepare(held.claim);
  if (!prepared.ok()) {
    context_.log.warning("smtp.delivery.unreadable", {{"message", held.claim.message.id},
                                                      {"what", prepared.failure().private_text}});
    co_return settle_all(held.claim, RecipientVerdict::Kind::kTemporary, 451, "4.3.0",
                         "Temporary trouble on our side", now);
  }
  held.message = std::move(prepared).value();
  co_return co_await deliver_remotely(context_, *held.options, pool_, held.claim, *held.message);
}

Task<AttemptOutcome> Worker::attempt(Held& held) {
  const std::int64_t now = unix_milliseconds(context_.clock.wall());
  if (held.claim.is_telling) co_return failed_before(held.claim);
  if (held.claim.message.is_given_up)
    co_return settle_all(held.claim, RecipientVerdict::Kind::kPermanent, 554, "5.7.0",
                         "The operator of this mail system ended the delivery", now);
  // Its time is over, and nobody knocks there now.
  if (held.claim.is_paused)
    co_return settle_all(held.claim, RecipientVerdict::Kind::kTemporary, 451, "4.4.1",
                         held.claim.pause_reason.c_str(), now);
  const auto& recipients = held.claim.message.recipients;
  if (!recipients.empty() && recipients[0].kind == model::DestinationKind::kWebhook)
    co_return co_await post_webhook(context_, *held.options, preparer_, memory_, held.claim);
  if (!recipients.empty() && goes_past_us(recipients[0])) co_return co_await attempt_remotely(held);
  auto here = co_await deliver_locally(context_, *held.options, preparer_, memory_, held.claim);
  if (here) co_return std::move(*here);
  co_return co_await attempt_remotely(held);
}

Task<ReturnedContent> Worker::returned_content(const Held& held) {
  ReturnedContent content;
  const model::Outbound& message = held.claim.message;
  if (returns_whole(*held.options, held.claim)) {
    const Gate::Share share = co_await memory_.enter(3 * message.size);
    auto whole = co_await preparer_.read_whole(message.id, message.size);
    content.is_whole = whole.ok();
    if (whole.ok()) content.octets = std::move(whole).value();
    co_return content;
  }
  if (held.message) {
    content.octets = held.message->header;
    co_return content;
  }
  auto begin = co_await context_.queue.read_outbound(message.id, 0, kHeaderRead);
  if (begin.ok()) content.octets = begin.value().substr(0, format::header_size(begin.value()));
  co_return content;
}

Task<bool> Worker::work(Held& held) {
  if (is_stopping_) {
    co_await give_back(*this, held.claim.lease);
    co_return false;
  }
  const AttemptOutcome outcome = co_await attempt(held);
  const std::int64_t now = unix_milliseconds(context_.clock.wall());
  model::Report report = make_report(context_, *held.options, held.claim, outcome, now);
  ReturnedContent content;
  if (needs_notices(*held.options, held.claim, outcome, report, now)) {
    content = co_await returned_content(held);
    add_notices(context_, *held.options, held.claim, outcome, content, now, report);
  }
  auto telling = tell_owners(context_, *held.options, recorder_, held.claim, report);
  held.issues = co_await std::move(telling);
  report.notices.insert(report.notices.end(), held.issues.begin(), held.issues.end());
  if (!outcome.blocked.empty())
    context_.log.warning("smtp.delivery.blocked",
                         {{"destination", held.claim.destination}, {"reply", outcome.blocked}});
  for (std::size_t i = 0; i < report.recipients.size(); ++i)
    recorder_.note(held.claim, held.claim.message.recipients[i], report.recipients[i]);
  hooks_.tell(held.claim, report, held.message);
  co_return co_await this->report(held, std::move(report), outcome, std::move(content));
}

// A notice that cannot be queued must not keep the queue from knowing what was
// delivered: with headers only, then with what is told of forwards, then with none.
void Worker::lighten(const Held& held, const AttemptOutcome& outcome, const Failure& why,
                     ReturnedContent& content, model::Report& report) {
  const bool was_whole = std::exchange(content.is_whole, false);
  context_.log.warning("smtp.delivery.notice.refused",
                       {{"message", held.claim.message.id},
                        {"destination", held.claim.destination},
                        {"then", was_whole ? "headers only" : "none"},
                        {"what", why.public_text + why.private_text}});
  const bool had_more = report.notices.size() > held.issues.size();
  report.notices.clear();
  if (had_more) report.notices = held.issues;
  if (!was_whole) return;
  content.octets.resize(format::header_size(content.octets));
  const std::int64_t now = unix_milliseconds(context_.clock.wall());
  add_notices(context_, *held.options, held.claim, outcome, content, now, report);
}

// What was delivered was delivered: while the door is away the report is
// repeated, however long, and under the lease of the day.
Task<bool> Worker::report(Held& held, model::Report report, const AttemptOutcome& outcome,
                          ReturnedContent content) {
  held.is_reported = true;
  for (milliseconds pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    report.lease = held.claim.lease;
    const auto told = co_await context_.queue.report(report);
    if (told.ok()) co_return true;
    const Fault fault = told.failure().fault;
    if (is_refused(fault) && !report.notices.empty()) {
      lighten(held, outcome, told.failure(), content, report);
      continue;
    }
    if (is_lease_lost(fault) && co_await has_new_lease(held, report.lease)) continue;
    if (!is_away(fault)) {
      context_.log.error("smtp.delivery.unreported",
                         {{"message", held.claim.message.id},
                          {"destination", held.claim.destination},
                          {"what", told.failure().public_text + told.failure().private_text}});
      co_return false;
    }
    co_await context_.clock.sleep(pause);
  }
}

Task<void> Worker::give_back(Worker& worker, std::uint64_t lease) {
  const auto given = co_await worker.context_.queue.prolong(lease, std::chrono::seconds(1));
  static_cast<void>(given);  // else the lease runs out by itself
}

Task<void> Worker::finish() {
  is_stopping_ = true;
  auto done = claims_.wait_empty();
  auto limit = context_.clock.sleep(options_->stop_limit);
  co_await first_of(std::move(done), std::move(limit));
  claims_.cancel_all();
  for (const auto& [number, held] : held_)
    beside_.spawn("give back", give_back(*this, held->claim.lease));
  held_.clear();
  pool_.close_all();
  auto quiet = beside_.wait_empty();
  auto enough = context_.clock.sleep(kGoodbye);
  co_await first_of(std::move(quiet), std::move(enough));
  beside_.cancel_all();
  co_await recorder_.wait_written();
}

}  // namespace fwd::delivery
