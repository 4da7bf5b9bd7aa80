#ifndef FWD_PROTOCOL_IMAP_SESSION_H
#define FWD_PROTOCOL_IMAP_SESSION_H

// One IMAP conversation, IMAP4rev1 and IMAP4rev2 (RFC 3501, RFC 9051), with no
// socket and no database in it.
//
//   kStranger --LOGIN/AUTHENTICATE--> kLoggedIn --SELECT--> kSelected
//                                        ^                     |
//                                        +--CLOSE, UNSELECT----+
//   any --LOGOUT, BYE--> kLoggedOut
//
// The daemon makes one per connection and runs run() to its end; destroying it
// ends the conversation without a word.

#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/event.h"
#include "core/line_reader.h"
#include "core/log.h"
#include "core/stream.h"
#include "core/task.h"
#include "format/message_packer.h"
#include "model/logins.h"
#include "protocol/imap/command_reader.h"
#include "protocol/imap/filing_observer.h"
#include "protocol/imap/limits.h"
#include "protocol/imap/selected_folder.h"
#include "protocol/imap/verbs.h"
#include "protocol/imap/writer.h"

namespace fwd::imap {

// What the client switched on.  Set by ENABLE (and CONDSTORE by what RFC 7162
// §3.1 lists); never cleared.
struct Enabled {
  bool condstore = false;
  bool qresync = false;
  bool utf8_accept = false;
  bool rev2 = false;
};

// For the line that ends a session in the log.
struct SessionCounts {
  std::uint64_t commands = 0, fetched = 0, appended = 0, bad = 0;
};

class Session {
 public:
  // Keeps references to all but `limits` and `id` (the session's id in the
  // log).  `memory` null: no common budget; `packer` null: messages are worked
  // out on this thread, small ones always are.  `stop` set: say BYE and end.
  Session(Stream& stream, Clock& clock, model::Logins& logins, Log& log, Limits limits, Event& stop,
          std::string id, MemoryBudget* memory = nullptr, format::MessagePacker* packer = nullptr);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Told of each COPY and MOVE; must outlive the session.  Null: nobody is.
  void observe_filing(FilingObserver* observer) { filing_observer_ = observer; }

  // Runs the conversation to its end and closes the stream.  Logs
  // imap.session.start and imap.session.end.  Never throws.
  Task<void> run();

  // --- for verbs -----------------------------------------------------------
  Stage stage() const;
  Stream& stream() { return stream_; }
  Clock& clock() { return clock_; }
  Event& stop_event() { return stop_; }
  const Limits& limits() const { return limits_; }
  Writer& out() { return out_; }
  LineReader& lines() { return lines_; }
  CommandReader& reader() { return reader_; }
  MemoryBudget* memory() { return memory_; }
  format::MessagePacker* packer() { return packer_; }
  model::Logins& logins() { return logins_; }
  model::Mailbox& mailbox() { return *login_->mailbox; }
  SelectedFolder& selected() { return *selected_; }
  bool has_selected() const { return selected_.has_value(); }
  SessionCounts& counts() { return counts_; }

  const Enabled& enabled() const { return enabled_; }
  void enable_condstore() { enabled_.condstore = true; }
  void enable_qresync() { enabled_.condstore = enabled_.qresync = true; }
  void enable_utf8_accept();
  void enable_rev2();

  // The capabilities of this moment, "IMAP4rev1 …".
  std::string capabilities() const;
  // LOGIN and AUTHENTICATE may be tried: TLS is up.
  bool may_log_in() const { return stream_.tls().active; }
  bool offers_channel_binding() const;

  model::LoginContext login_context() const;
  // Makes the session the mailbox's own and gives the answer to the login.
  Reply logged_in(model::LoggedIn login, std::string_view mechanism);
  Reply login_failed(const Failure& failure, std::string_view mechanism);

  void select(model::OpenFolder folder, bool read_only);
  void unselect() { selected_.reset(); }
  // `result`: of messages copied or moved out of the selected folder.
  void tell_filed(const std::string& to_path, const model::CopyResult& result);

  // One line that is not a command.  A stranger has only his login time for it.
  // Kinds other than kWhole and kRefused have ended the session.
  Task<ReadCommand> read_answer(std::size_t limit);

  // Between two pieces of work that wait for nothing: lets the other sessions
  // of this thread go on when this one has held it for long.  Cheap.
  Task<void> give_turn();

  // The answer to a failure; logs it when it is the operator's business.
  Reply failed(const Failure& failure, std::string_view during);

  // --- news.cc -------------------------------------------------------------
  // Tells what happened in the selected folder since the client last heard.
  // False when the session must end.
  Task<bool> tell_news(bool expunges_allowed);
  // Takes in the notices that have come.  False when one ends the session.
  Task<bool> hear_notices();
  // Waits for the notices of all that was committed before, so that the answer
  // tells of mail whose sender has had his 250.  A reply when that fails.
  Task<std::optional<Reply>> await_notices();
  // Its first half: takes them in.  With QRESYNC, nothing is taken in while an
  // expunge would have to wait.
  Task<bool> learn_news(bool expunges_allowed);
  // Its second half: tells what was taken in.
  Task<bool> tell_learnt(bool expunges_allowed);
  // This session changed these and is about to tell them: first learns, with
  // QRESYNC, what happened before, and tells expunges.
  Task<bool> own_change(const std::vector<model::Changes::Message>& changed, bool expunges_allowed);
  // The highest modseq up to `modseq` that may be told now.
  model::ModSeq tellable(model::ModSeq modseq) const;
  // Tells EXPUNGE or VANISHED of what is gone.
  void tell_gone();
  // One untagged FETCH with new flags, as `modseq` left them.
  void tell_flags(std::uint32_t number, const model::Changes::Message& message, bool with_uid);
  void tell_keywords();
  // Takes in one notice; false when it ends the session (BYE was said).
  bool take_notice(const Outcome<model::Notice>& notice);
  // Says BYE and ends.
  void say_bye(std::string_view text, std::string_view code, std::string_view why);
  void log_out(std::string_view why);
  // Ends because of what the peer or the daemon did.
  void end_by(ReadCommand::Kind kind);

 private:
  Task<void> converse();
  Task<bool> wait_for_input();
  Task<void> one_command();
  Task<void> obey(ReadCommand& read);
  Task<Reply> run_verb(const Verb& verb, Command& command);
  void answer(const std::string& tag, Reply reply);

  Stream& stream_;
  Clock& clock_;
  model::Logins& logins_;
  Log& log_;
  const Limits limits_;
  Event& stop_;
  const std::string id_;
  MemoryBudget* memory_;
  format::MessagePacker* packer_;
  FilingObserver* filing_observer_ = nullptr;

  LineReader lines_;
  Writer out_;
  CommandReader reader_;

  std::optional<model::LoggedIn> login_;    // set by LOGIN, AUTHENTICATE
  std::optional<SelectedFolder> selected_;  // set by SELECT, EXAMINE
  Enabled enabled_;
  bool ended_ = false;
  std::string end_reason_;     // for the log
  unsigned bad_in_a_row_ = 0;  // cleared by any command understood
  unsigned wrong_logins_ = 0;
  Instant turn_began_;      // by the command, or when give_turn() last gave one
  Instant login_deadline_;  // a stranger must have logged in by then
  SessionCounts counts_;
};

}  // namespace fwd::imap

#endif
