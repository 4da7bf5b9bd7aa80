#ifndef FWD_STORAGE_QUEUE_QUEUE_FILE_H
#define FWD_STORAGE_QUEUE_QUEUE_FILE_H

// queue.sqlite: messages on their way out, blocking, on one thread at a time.
// What changes something runs inside a transaction the caller opens and ends.
// Times are milliseconds since 1970; `now` is the time of the call.
//
// Faults of any call: kUnavailable, kCorrupt (see sqlcipher/database.h).

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "model/deliveries.h"
#include "model/forwarding.h"
#include "model/queue.h"
#include "storage/sqlcipher/database.h"

namespace fwd::queue {

struct QueueOptions {
  std::uint64_t most_octets = std::uint64_t{20} << 30;  // of content kept, all messages together
  std::uint64_t most_messages = 1'000'000;              // that have not ended
  std::uint64_t most_message_octets = std::uint64_t{64} << 20;
  std::size_t most_recipients = 1000;  // of one message
  // Messages are refused when the disk has less left, so that deliveries, which
  // need a little for what they report, go on.
  std::uint64_t disk_reserve = std::uint64_t{64} << 20;
  std::chrono::milliseconds life = std::chrono::hours(24 * 5);  // of a message that says none
  std::chrono::milliseconds repeat_window = std::chrono::hours(24);
  std::chrono::milliseconds in_session = std::chrono::minutes(10);  // a forward, at most
  int cache_pages = 2048;
};

// Whose message it is.
struct Owner {
  std::string domain_id, user_id, alias_id;  // each may be empty
  std::string domain;                        // signs, A-labels; "" for none
  std::string return_path_domain;            // "fe-bounces.example.test"; "" for none
  std::chrono::milliseconds keep{};          // content is kept so long after the end
  bool is_pending = false;                   // waits for kRelease
  bool is_notice = false;                    // of our own: taken in even when the queue is full
};

struct Accepted {
  std::string id;
  bool is_repeat = false;
};

// A forward, and what the door knows of it.
struct Forward {
  model::NewForward forward;  // `spends` is not looked at
  Owner owner;
  std::string spends;  // a credit_key(); "" for none
  std::string token;   // stands for the envelope sender in return paths, if any must
  // Whom its return path opens to, when that is not the envelope sender: bounces of
  // what went out before come back to the first host in one step.
  std::string comes_back_to{};
};
// Whose bounces a credit lets through: to that sender, by a path at that domain.
std::string credit_key(std::string_view sender, std::string_view return_path_domain);

struct ForwardState {
  model::Forwarded forwarded;
  bool is_tried = false;  // every destination was, or is left alone for now
};

struct Claimed {
  model::Claim claim;  // `return_path` is not set
  std::string return_path_domain;
};

struct Claims {
  std::vector<Claimed> claims;
  std::int64_t next = INT64_MAX;  // nothing more becomes due by itself before
};

// What happened to mail in a day.
struct QueueDay {
  std::int64_t began = 0, ended = 0;
  std::uint64_t accepted = 0;   // messages, but for notices of our own
  std::uint64_t delivered = 0;  // recipients
  std::uint64_t failed = 0;     // recipients given up
  std::uint64_t deferred = 0;   // attempts that came to nothing yet
};

// One that waits too long.
struct OldMessage {
  std::string id;
  std::int64_t since = 0;  // from when on it could have been delivered
};

class QueueFile {
 public:
  // Opens or makes the file.  `salt`: see Database::open.
  static Outcome<std::shared_ptr<QueueFile>> open(const std::string& path,
                                                  const crypto::SecretKey& key,
                                                  std::string_view salt, QueueOptions options = {});
  sqlcipher::Database& database() { return *database_; }

  // A message that is there already (the same Message-ID, date, domain, user and
  // envelope within the window, and not ended in failure) is accepted once.
  // kBadInput: names the field; kOverLimit: recipients or size; kExists: another
  // message has its id; kOverQuota: the queue or the disk is full.
  Outcome<Accepted> add(const model::NewOutbound& message, const Owner& owner, std::int64_t now);

  // A forward in session; kDenied: what it spends is not there.  See model::Forwarding.
  Outcome<ForwardState> add_forward(const Forward& what, std::int64_t now);
  // kNotFound: it is no forward that is kept here.
  Outcome<ForwardState> look_at_forward(const std::string& id, std::int64_t now);
  Outcome<void> settle_forward(const std::string& id, model::SettleForward how, std::int64_t now);
  // Whether add_forward() could spend one; nothing is spent.
  Outcome<bool> has_credit(const std::string& key, std::int64_t now);
  // The sender that a token stands for; kNotFound.
  Outcome<std::string> find_token(const std::string& token, std::int64_t now);

  Outcome<Claims> claim(const model::ClaimQuestion& question, std::int64_t now);
  Outcome<std::string> read(const std::string& id, std::uint64_t offset, std::uint64_t most);
  Outcome<void> report(const model::Report& report, std::int64_t now);
  // What was delivered and came back: its recipients failed.  False when
  // `sender` sent no such message that was delivered.
  Outcome<bool> mark_returned(const std::string& sender, const model::Returned& returned,
                              std::int64_t now);
  // What a message is about that came back to `sender`; `sender` and `is_own` are not set.
  Outcome<model::WentOn> find_forwarded(const std::string& sender, const model::CameBack& back,
                                        std::int64_t now);
  // kWrongState: the lease is over.
  Outcome<void> prolong(std::uint64_t lease, std::chrono::milliseconds by, std::int64_t now);

  Outcome<std::vector<model::Outbound>> list(const model::QueueFilter& filter, std::int64_t now);
  // At most `most` messages with numbers above `after`, which is moved on;
  // gives how many it was done to.
  struct Acted {
    std::uint64_t count = 0;
    bool more = false;
  };
  Outcome<Acted> act(const model::QueueFilter& filter, model::QueueAction action,
                     std::int64_t& after, std::uint32_t most, std::int64_t now);
  Outcome<model::QueueStat> stat(std::int64_t now);

  // The day's counts when `now` is another day (UTC) than they began, which then
  // begin anew; nothing before.
  Outcome<std::optional<QueueDay>> close_day(std::int64_t now);
  // The oldest message that nobody holds and that could have been delivered since
  // `before`, or earlier.
  Outcome<std::optional<OldMessage>> find_old(std::int64_t before);
  // Removes at most `most` messages that ended before; gives how many.
  Outcome<std::uint64_t> forget_some(std::int64_t ended_before, std::uint32_t most);
  // Drops the content of at most `most` messages whose time to keep it is over,
  // and what is known of destinations nobody has asked about for a day.
  Outcome<std::uint64_t> redact_some(std::int64_t now, std::uint32_t most);
  // Proves every page and every count.
  Outcome<void> check();

 private:
  QueueFile(std::unique_ptr<sqlcipher::Database> database, QueueOptions options);

  // add_message.cc
  Outcome<void> has_room(std::uint64_t octets);
  Outcome<std::int64_t> insert(const model::NewOutbound& message, const Owner& owner,
                               const std::string& id, const std::string& fingerprint,
                               std::int64_t now);
  // forwards.cc
  struct Part;
  Outcome<Part> find_repeat(const std::string& print, const std::string& goal, std::int64_t now);
  Outcome<std::vector<Part>> plan_parts(const model::NewForward& forward, std::int64_t now);
  Outcome<std::int64_t> insert_forward(const Forward& what, const std::string& id,
                                       std::int64_t now);
  Outcome<void> insert_goals(std::int64_t number, const Forward& what, std::vector<Part>& parts,
                             std::int64_t now);
  Outcome<ForwardState> state_of_parts(const std::string& id, const std::vector<Part>& parts,
                                       const model::NewForward* forward, std::int64_t now);
  Outcome<void> drop_forward(std::int64_t number, std::int64_t now);
  Outcome<void> end_dropped(std::int64_t number, std::int64_t now);
  // credits.cc
  Outcome<void> spend_credit(const std::string& key, std::int64_t now);
  Outcome<void> give_back_credit(std::int64_t number);
  Outcome<void> grant_credits(const std::string& key, std::int64_t count, std::int64_t now);
  Outcome<void> grant_for(std::int64_t number, const model::Report& report, std::int64_t now);
  Outcome<void> keep_token(const Forward& what, std::int64_t now);
  Outcome<void> insert_content(std::int64_t number, std::string_view content);
  Outcome<void> insert_recipients(std::int64_t number, const model::NewOutbound& message,
                                  const Owner& owner, std::int64_t now);
  Outcome<void> count(std::int64_t octets, std::int64_t open);
  // Adds to the day's counts.
  Outcome<void> count_day(std::int64_t accepted, std::int64_t delivered, std::int64_t failed,
                          std::int64_t deferred);
  // claims.cc: sets the destination's `ready` anew; after any change of a `due`.
  Outcome<void> refresh(const std::string& destination);
  Outcome<void> end_leases_of(const std::string& whose, const std::vector<std::uint64_t>& but,
                              std::int64_t now);
  Outcome<void> count_waiting(const std::string& destination, std::int64_t by);
  Outcome<bool> claim_one(const std::string& destination, const model::ClaimQuestion& question,
                          std::int64_t now, std::vector<Claimed>& into);
  // reports.cc
  Outcome<bool> apply(std::int64_t number, std::uint64_t lease,
                      const model::RecipientReport& report, std::int64_t now);
  Outcome<model::RecipientReport> as_forward(std::int64_t number, model::RecipientReport report,
                                             std::int64_t now);
  Outcome<void> note_destination(const model::Report& report, std::int64_t now);
  Outcome<void> add_notices(const model::Report& report, std::int64_t number, std::int64_t now);
  // Makes `due` of all its recipients, and the message's state, right again.
  Outcome<void> settle(std::int64_t number, std::int64_t now);
  Outcome<void> end(std::int64_t number, model::OutboundState state, std::int64_t now);
  // Of a message that has ended: its state anew from its recipients'.
  Outcome<void> judge_again(std::int64_t number, std::int64_t now);
  // returned.cc
  Outcome<std::size_t> mark_recipients(std::int64_t number, const model::Returned& returned,
                                       std::int64_t now);
  // actions.cc
  Outcome<void> act_on(std::int64_t number, const model::QueueFilter& filter,
                       model::QueueAction action, std::int64_t now);
  Outcome<void> remove(std::int64_t number, std::int64_t now);
  Outcome<void> retry(std::int64_t number, const model::QueueFilter& filter, std::int64_t now);
  // upkeep.cc
  Outcome<void> forget_paths(std::int64_t now);
  Outcome<void> drop_content(std::int64_t number);

  std::unique_ptr<sqlcipher::Database> database_;
  const QueueOptions options_;
};

}  // namespace fwd::queue

#endif
