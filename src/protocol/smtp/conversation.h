#ifndef FWD_PROTOCOL_SMTP_CONVERSATION_H
#define FWD_PROTOCOL_SMTP_CONVERSATION_H

// All that one session knows, for its verbs.  Each field says its life.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/line_reader.h"
#include "protocol/smtp/content.h"
#include "protocol/smtp/session.h"

namespace fwd::smtp {

// Where a session stands (the drawing is in session.h).  Bits, so that a verb
// can list the stages it is welcome in.
enum Stage : std::uint8_t {
  kGreeted = 1 << 0,  // 220 sent, no HELO or EHLO since (or TLS just begun)
  kReady = 1 << 1,    // no transaction
  kMail = 1 << 2,     // MAIL accepted
  kRcpt = 1 << 3,     // one RCPT or more accepted
  kChunks = 1 << 4,   // between two BDATs
};
struct Verb;

inline constexpr std::uint8_t kAnyStage = kGreeted | kReady | kMail | kRcpt | kChunks;

// All that lives from MAIL to the end of the content; dropped whole
// (RFC 5321 §4.1.1.5), so no field can be forgotten.
struct Exchange {
  Mail mail;
  std::unique_ptr<Transaction> transaction;
  std::size_t accepted = 0;  // recipients
  std::size_t refused = 0;
  // The chunks so far; set by the first BDAT.
  std::unique_ptr<ContentBuffer> chunks;
  std::optional<TextScanner> chunk_text;  // set with `chunks` unless BINARYMIME
};

struct Conversation {
  Conversation(Stream& the_stream, const SessionContext& the_context);
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // --- for verbs -----------------------------------------------------------
  // Queues a reply; sent before the session next waits (RFC 2920 §3.2).
  void say(const Reply& reply);
  // Sends what is queued; false when the peer has gone.
  Task<bool> flush();
  // Waits until reader.buffered() is not empty; false when the session is over
  // (the peer was told why if it can still hear).
  Task<bool> wait_input();
  // Drops the transaction (RFC 5321 §4.1.1.5).
  void reset();
  // One more line of at most `limit` octets, after what is queued was sent;
  // nothing when the session is over.
  Task<std::optional<Line>> next_line(std::size_t limit);
  Offers offers() const { return context.policy.offers(peer); }
  // AUTH has succeeded.
  void let_in();
  // The answer to a whole content, and the end of the transaction.
  Task<void> finish_message(ContentBuffer& content, ContentFault fault);

  // --- for the session -----------------------------------------------------
  Task<void> talk();
  Task<bool> greet();
  Task<void> obey(Line line);
  std::optional<Reply> refuse_line(const Line& line, std::string_view text);
  std::optional<Reply> refuse_verb(const Verb* verb);
  void give_up(const Failure& failure);
  bool out_of_time() const { return context.clock.now() >= deadline; }
  void set_patience();
  void log_end() const;

  Stream& stream;
  SessionContext context;
  LineReader reader;
  Instant began;
  Instant deadline;  // of the whole session; before AUTH, of the stranger
  Peer peer;
  Stage stage = kGreeted;
  std::optional<Exchange> exchange;
  std::string out;     // replies not yet sent
  bool ended = false;  // no more commands: say what is queued, close
  bool lost = false;   // the peer does not hear us any more
  // For limits and the log; count over the whole session.
  std::size_t commands = 0, errors = 0, mails = 0, delivered = 0, wrong_logins = 0;
  std::string after = "connect";  // the last verb, or what ended the session
};

}  // namespace fwd::smtp

#endif
