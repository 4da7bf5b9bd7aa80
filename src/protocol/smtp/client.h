#ifndef FWD_PROTOCOL_SMTP_CLIENT_H
#define FWD_PROTOCOL_SMTP_CLIENT_H

// The client's side of an SMTP conversation (RFC 5321 §3), over any Stream.
//
//   kNew --greet--> kGreeted --hello--> kReady --send--> kReady --quit--> kOver
//                      ^                  |
//                      +---- start_tls ---+     any trouble --> kOver
//
// Every wait is bounded by ClientLimits, every reply by ReplyLimits.  A step
// gives the remote's reply, whatever it says, or a Failure: then the
// conversation is over and only close() of the stream is left.
//   kClosed    the remote has gone        kTimeout   it was silent or too slow
//   kBadInput  it talks nonsense          kOverLimit it talks too much
// The private text says during what.

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/line_reader.h"
#include "core/outcome.h"
#include "core/stream.h"
#include "core/task.h"
#include "protocol/smtp/client_extensions.h"
#include "protocol/smtp/client_message.h"
#include "protocol/smtp/client_reply.h"

namespace fwd::smtp {

// How long a remote may take.  The defaults are RFC 5321 §4.5.3.2's.
struct ClientLimits {
  std::chrono::milliseconds greeting = std::chrono::minutes(5);
  std::chrono::milliseconds hello = std::chrono::minutes(5);
  std::chrono::milliseconds mail = std::chrono::minutes(5);
  std::chrono::milliseconds rcpt = std::chrono::minutes(5);
  std::chrono::milliseconds data_begin = std::chrono::minutes(2);
  std::chrono::milliseconds data_block = std::chrono::minutes(3);  // to take one slice
  std::chrono::milliseconds data_end = std::chrono::minutes(10);
  std::chrono::milliseconds quit = std::chrono::seconds(5);
  ReplyLimits reply;
};

struct ClientOptions {
  ClientLimits limits;
  std::string host;                    // what we say in EHLO
  std::size_t slice = 64 * 1024;       // octets of content in memory at once
  std::uint64_t chunk_from = 1 << 20;  // messages of this many octets go by BDAT
  std::size_t chunk = 512 * 1024;      // octets of one BDAT
};

// Turns a stream into TLS after STARTTLS; the one who made the connection knows how.
class Handshake {
 public:
  virtual ~Handshake() = default;
  virtual Task<Outcome<void>> shake_hands() = 0;
};

class Client {
 public:
  // `stream` and `clock` must outlive it.
  Client(Stream& stream, Clock& clock, ClientOptions options);

  // RFC 5321 §3.1.  220 or a refusal.
  Task<Outcome<RemoteReply>> greet();
  // EHLO, or HELO when the remote does not know that (RFC 5321 §3.2).
  Task<Outcome<RemoteReply>> hello();
  // RFC 3207 §4.  220: the handshake went well, and hello() is next; what the
  // remote had said before is forgotten.  A handshake that fails is kDenied.
  Task<Outcome<RemoteReply>> start_tls(Handshake& handshake);
  // AUTH PLAIN or LOGIN (RFC 4954 §4), whichever is offered; kCannot: neither is.
  Task<Outcome<RemoteReply>> log_in(std::string user, std::string password);
  // One transaction.  The message must outlive the task.  Never fails: what
  // happened is in the result.
  Task<SendResult> send(const ClientMessage& message);
  // RSET, to see whether an idle connection still lives.
  Task<Outcome<RemoteReply>> reset();
  // QUIT; waits a little for the answer.
  Task<void> quit();

  const Extensions& extensions() const { return extensions_; }
  bool is_over() const { return stage_ == Stage::kOver; }
  // Another transaction is welcome (RFC 9422 §4.1).
  bool may_send() const;
  // No step but quit() goes on beyond `end`, whatever its own limit; once the whole
  // content was sent, its answer is waited for all the same.
  void set_end(Instant end) { end_ = end; }
  std::uint64_t transactions() const { return transactions_; }
  const Stream& stream() const { return stream_; }

 private:
  enum class Stage { kNew, kGreeted, kReady, kOver };
  struct Transaction;  // of client_send.cc

  // `during`: a word for failures, "MAIL"; must be a literal.
  Task<Outcome<RemoteReply>> read_reply(std::string_view during, std::chrono::milliseconds limit);
  Task<Outcome<RemoteReply>> next_reply();
  Task<Outcome<std::string>> next_line();
  Task<Outcome<void>> write(std::string octets, std::chrono::milliseconds limit,
                            std::string_view during);
  Task<Outcome<RemoteReply>> ask(std::string command, std::string_view during,
                                 std::chrono::milliseconds limit);
  Instant end_of(std::chrono::milliseconds limit) const;
  Failure over(Failure why, std::string_view during);

  Task<Outcome<RemoteReply>> log_in_plain(const std::string& user, const std::string& password);
  Task<Outcome<RemoteReply>> log_in_by_prompts(const std::string& user,
                                               const std::string& password);

  // The steps of send(); each gives a Failure when the conversation is over.
  Task<Outcome<void>> send_envelope(Transaction& t);
  Task<Outcome<void>> write_commands(Transaction& t, std::size_t from, std::size_t to);
  Task<Outcome<void>> read_answers(Transaction& t, std::size_t from, std::size_t to);
  Task<Outcome<void>> send_content(Transaction& t);
  Task<Outcome<void>> send_data(Transaction& t);
  Task<Outcome<void>> send_chunks(Transaction& t);
  Task<Outcome<void>> drop_transaction(Transaction& t);
  Task<Outcome<void>> write_content(Transaction& t, std::string octets);
  Task<Outcome<void>> read_verdict(Transaction& t);
  Task<Outcome<std::string>> read_slice(Transaction& t, std::uint64_t offset, std::size_t most);
  Failure give_up(Transaction& t, RemoteReply words, std::string_view why);

  Stream& stream_;
  Clock& clock_;
  ClientOptions options_;
  LineReader reader_;
  ReplyReader replies_;
  Stage stage_ = Stage::kNew;
  Extensions extensions_;           // of the last hello()
  std::uint64_t transactions_ = 0;  // MAILs that were sent
  Instant end_ = Instant::max();
};

}  // namespace fwd::smtp

#endif
