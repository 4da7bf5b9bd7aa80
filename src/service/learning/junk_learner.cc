// Learns from what users put into Junk and take out of it.
#include "service/learning/junk_learner.h"

#include <algorithm>
#include <utility>

#include "core/first_of.h"
#include "protocol/imap/message_content.h"

namespace fwd::learning {
namespace {

constexpr auto kLongestWait = std::chrono::minutes(1);

// Counts while it lives.
class Counted {
 public:
  explicit Counted(std::size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& count_;
};

std::optional<scan::Lesson> lesson_of(model::SpecialUse from, model::SpecialUse to) {
  const bool was_junk = from == model::SpecialUse::kJunk;
  if (to == model::SpecialUse::kJunk)
    return was_junk ? std::nullopt : std::optional(scan::Lesson::kSpam);
  if (was_junk && to != model::SpecialUse::kTrash) return scan::Lesson::kHam;
  return std::nullopt;
}

bool is_away(Fault fault) {
  return fault == Fault::kUnavailable || fault == Fault::kTimeout || fault == Fault::kDenied;
}

}  // namespace

JunkLearner::JunkLearner(Clock& clock, Log& log, imap::MemoryBudget& memory)
    : clock_(clock),
      log_(log),
      memory_(memory),
      tasks_([this](const std::string&, const std::string& what) {
        log_.error("imap.bug", {{"what", what}});
      }) {}

void JunkLearner::set(Teacher teacher, LearnerOptions options) {
  teacher_ = std::move(teacher);
  options_ = options;
}

void JunkLearner::note_failure(const Whose& whose, const char* lesson, const Failure& failure,
                               std::size_t dropped) {
  log_.warning("imap.learn.failed", {{"s", whose.session},
                                     {"alias", whose.alias_id},
                                     {"as", lesson},
                                     {"fault", fault_name(failure.fault)},
                                     {"why", failure.private_text},
                                     {"dropped", std::to_string(dropped)}});
}

void JunkLearner::filed(const imap::Filing& filing) {
  if (!teacher_) return;
  Whose whose{filing.mailbox, filing.session, filing.alias_id};
  const std::size_t all = filing.result.uids.size();
  if (looking_ >= options_.most_waiting)
    return note_failure(whose, "", Failure{Fault::kBusy, "", "too many commands at once"}, all);
  std::vector<model::Uid> uids;
  for (const auto& [from, to] : filing.result.uids) {
    if (uids.size() == options_.most_waiting) break;
    uids.push_back(to);
  }
  const std::size_t left_out = all - uids.size();
  tasks_.spawn("look",
               look(std::move(whose), filing.from_use, filing.to_path, std::move(uids), left_out));
}

// Which lesson it is, the folder says; only then do its messages wait.
Task<void> JunkLearner::look(Whose whose, model::SpecialUse from, std::string to_path,
                             std::vector<model::Uid> uids, std::size_t left_out) {
  const Counted counted(looking_);
  auto getting = whose.mailbox->get_folder(std::move(to_path));
  const auto folder = co_await getting;
  // Gone again, or renamed: nothing is known of what it was for.
  if (!folder.ok()) co_return;
  const auto lesson = lesson_of(from, folder.value().special_use);
  if (!lesson) co_return;
  for (const model::Uid uid : uids) {
    if (waiting_.size() >= options_.most_waiting)
      ++left_out;
    else
      waiting_.push_back({whose, *lesson, folder.value().id, uid, clock_.now()});
  }
  if (left_out > 0)
    note_failure(whose, scan::lesson_name(*lesson),
                 Failure{Fault::kOverLimit, "", "too many messages wait"}, left_out);
  if (waiting_.empty() || std::exchange(is_working_, true)) co_return;
  tasks_.spawn("learn", work());
}

Task<void> JunkLearner::work() {
  struct Rest {
    bool& is_working;
    ~Rest() { is_working = false; }
  };
  const Rest rest{is_working_};
  while (!waiting_.empty()) {
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    const char* lesson = scan::lesson_name(next.lesson);
    if (clock_.now() - next.came > kLongestWait) {
      note_failure(next.whose, lesson, Failure{Fault::kBusy, "", "it waited for too long"}, 1);
      continue;
    }
    auto learning = learn(next);
    const auto learned = co_await learning;
    if (learned.ok()) {
      log_.event("imap.learned",
                 {{"s", next.whose.session}, {"alias", next.whose.alias_id}, {"as", lesson}});
      continue;
    }
    std::size_t dropped = 1;
    if (is_away(learned.failure().fault)) {
      dropped += waiting_.size();
      waiting_.clear();
    }
    note_failure(next.whose, lesson, learned.failure(), dropped);
  }
}

Task<Outcome<void>> JunkLearner::learn(const Waiting& waiting) {
  imap::MemoryShare memory(&memory_);
  auto reading = read(waiting, memory);
  const auto content = co_await reading;
  if (!content.ok()) {
    // The mailbox's trouble is not the teacher's: others may do better.
    const Failure& why = content.failure();
    co_return Failure{is_away(why.fault) ? Fault::kClosed : why.fault, "", why.private_text};
  }
  if (!teacher_) co_return Failure{Fault::kClosed, "", "nothing is learned any more"};
  auto teaching = teacher_(waiting.lesson, content.value());
  co_return co_await teaching;
}

Task<Outcome<std::shared_ptr<const std::string>>> JunkLearner::read(const Waiting& waiting,
                                                                    imap::MemoryShare& memory) {
  model::Mailbox& mailbox = *waiting.whose.mailbox;
  model::UidSet one;
  one.add(waiting.uid);
  const auto rows =
      mailbox.fetch(waiting.folder, std::move(one), model::kColSize | model::kColContent, 0);
  auto fetching = rows->next();
  const auto batch = co_await fetching;
  if (!batch.ok()) co_return batch.failure();
  if (batch.value().empty()) co_return Failure{Fault::kNotFound, "", "the message is gone"};
  const model::MessageRow& row = batch.value().front();
  if (row.size > options_.size_limit)
    co_return Failure{Fault::kOverLimit, "", "the message is too large"};
  if (!memory.take(row.size)) co_return Failure{Fault::kBusy, "", "no memory for it now"};
  imap::MessageContent content(mailbox, waiting.folder, row);
  auto reading = content.read({0, row.size});
  auto octets = co_await reading;
  if (!octets.ok()) co_return octets.failure();
  co_return std::make_shared<const std::string>(std::move(octets).value());
}

Task<void> JunkLearner::settle(std::chrono::milliseconds most) {
  auto ending = tasks_.wait_empty();
  auto too_late = clock_.sleep(most);
  co_await first_of(std::move(ending), std::move(too_late));
}

}  // namespace fwd::learning
