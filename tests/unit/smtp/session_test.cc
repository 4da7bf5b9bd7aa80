// What a talk cannot show: half-closed peers, deaf peers, batching, bugs,
// cancelling.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "core/ready.h"
#include "support/smtp_rig.h"

namespace fwd::test {
namespace {

// A peer that has said all it will say and has closed its half.
class SaidAll final : public Stream {
 public:
  struct Heard {
    std::string text;
    int writes = 0;
    bool closed = false;
  };
  SaidAll(std::string input, Heard& heard, bool deaf = false)
      : input_(std::move(input)), heard_(heard), deaf_(deaf) {}

  Task<Outcome<std::size_t>> read_some(std::span<char> into) override {
    // The greeting and each answer to EHLO are waited for, as a peer must.
    const auto end = input_.find("EHLO") == 0 ? input_.find('\n') + 1 : input_.size();
    const std::size_t n = std::min(into.size(), end);
    std::copy_n(input_.begin(), n, into.begin());
    input_.erase(0, n);
    co_return n;
  }
  Task<Outcome<void>> write(std::string_view data) override {
    if (deaf_) co_await never_.wait();
    heard_.text += data;
    ++heard_.writes;
    co_return Outcome<void>{};
  }
  Task<Outcome<void>> start_tls() override {
    if (stalls_in_handshake) co_await never_.wait();
    co_return Failure{Fault::kCannot, "", ""};
  }
  bool may_start_tls() const override { return offers_tls; }
  const TlsState& tls() const override { return tls_; }
  const PeerAddress& peer() const override { return peer_; }
  const PeerAddress& local() const override { return peer_; }
  void close() override { heard_.closed = true; }

  bool offers_tls = false;
  bool stalls_in_handshake = false;

 private:
  std::string input_;
  Heard& heard_;
  bool deaf_;
  Event never_;
  TlsState tls_;
  PeerAddress peer_{"2001:db8::25", 25};
};

const std::string kHello = "EHLO peer.example\r\n";
const std::string kEnvelope = "MAIL FROM:<a@peer.example>\r\nRCPT TO:<hello@example.test>\r\n";

class SessionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SessionTest);
  CPPUNIT_TEST(a_half_closed_peer_gets_all_answers);
  CPPUNIT_TEST(half_a_command_is_not_obeyed);
  CPPUNIT_TEST(half_a_message_is_not_delivered);
  CPPUNIT_TEST(replies_to_one_group_go_out_in_one_write);
  CPPUNIT_TEST(a_peer_that_reads_nothing_is_left);
  CPPUNIT_TEST(a_failed_handshake_ends_the_session_in_silence);
  CPPUNIT_TEST(a_handshake_may_not_take_for_ever);
  CPPUNIT_TEST(a_bug_says_421_and_is_logged);
  CPPUNIT_TEST(destroying_a_session_in_content_frees_its_memory);
  CPPUNIT_TEST(the_end_is_one_line_in_the_log);
  CPPUNIT_TEST(memory_is_freed_before_the_next_message);
  CPPUNIT_TEST_SUITE_END();

  SmtpRig rig_;
  SaidAll::Heard heard_;

  void play(const std::string& input) { rig_.serve(std::make_unique<SaidAll>(input, heard_)); }
  bool logged(const std::string& part) const {
    return std::any_of(rig_.log.lines().begin(), rig_.log.lines().end(),
                       [&](const auto& line) { return line.find(part) != std::string::npos; });
  }

 public:
  void a_half_closed_peer_gets_all_answers() {
    play(kHello + kEnvelope + "BDAT 6 LAST\r\na: b\r\nNOOP\r\n");
    CPPUNIT_ASSERT(heard_.text.find("Accepted as") != std::string::npos);
    CPPUNIT_ASSERT(heard_.text.ends_with("250 2.0.0 Ok\r\n"));
    CPPUNIT_ASSERT(heard_.closed);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("hello@example.test").size());
  }

  void half_a_command_is_not_obeyed() {
    play(kHello + kEnvelope + "BDAT 6 LAST\r\na: b\r\nQUIT");
    CPPUNIT_ASSERT(heard_.text.find("221") == std::string::npos);
    CPPUNIT_ASSERT(heard_.closed);
  }

  void half_a_message_is_not_delivered() {
    play(kHello + kEnvelope + "BDAT 60 LAST\r\na: b\r\n");
    CPPUNIT_ASSERT(heard_.text.ends_with("250 2.1.5 Ok\r\n"));
    CPPUNIT_ASSERT(heard_.closed);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_.budget().used());
    CPPUNIT_ASSERT(logged("after=half-a-message"));
  }

  void replies_to_one_group_go_out_in_one_write() {  // RFC 2920 §3.2
    play(kHello + kEnvelope + "RCPT TO:<nobody@example.test>\r\nNOOP\r\nQUIT\r\n");
    CPPUNIT_ASSERT_EQUAL(3, heard_.writes);  // greeting, EHLO, the group
    CPPUNIT_ASSERT(heard_.text.ends_with("Bye\r\n"));
  }

  void a_peer_that_reads_nothing_is_left() {
    rig_.serve(std::make_unique<SaidAll>(kHello, heard_, true));
    CPPUNIT_ASSERT(!heard_.closed);
    rig_.clock.turn(std::chrono::minutes(3));
    CPPUNIT_ASSERT(heard_.closed);
    CPPUNIT_ASSERT(logged("after=peer-deaf"));
  }

  void a_failed_handshake_ends_the_session_in_silence() {  // RFC 3207 §4.1
    auto stream = std::make_unique<SaidAll>(kHello + "STARTTLS\r\n", heard_);
    stream->offers_tls = true;
    rig_.serve(std::move(stream));
    CPPUNIT_ASSERT(heard_.text.ends_with("220 2.0.0 Go ahead\r\n"));
    CPPUNIT_ASSERT(heard_.closed);
    CPPUNIT_ASSERT(logged("after=starttls-failed"));
  }

  void a_handshake_may_not_take_for_ever() {
    auto stream = std::make_unique<SaidAll>(kHello + "STARTTLS\r\n", heard_);
    stream->offers_tls = stream->stalls_in_handshake = true;
    rig_.serve(std::move(stream));
    CPPUNIT_ASSERT(!heard_.closed);
    rig_.clock.turn(std::chrono::minutes(3));
    CPPUNIT_ASSERT(heard_.closed);
  }

  void a_bug_says_421_and_is_logged() {
    rig_.packer.bug = true;
    play(kHello + kEnvelope + "BDAT 6 LAST\r\na: b\r\nNOOP\r\n");
    CPPUNIT_ASSERT(heard_.text.find("421 4.3.0") != std::string::npos);
    CPPUNIT_ASSERT(heard_.closed);
    CPPUNIT_ASSERT(logged("smtp.session.bug"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_.budget().used());
  }

  void destroying_a_session_in_content_frees_its_memory() {
    rig_.connect();
    rig_.begin_data();
    rig_.send(std::string(100000, 'x'));
    CPPUNIT_ASSERT(rig_.budget().used() >= 100000);
    rig_.cancel();
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_.budget().used());
  }

  void the_end_is_one_line_in_the_log() {
    play(kHello + kEnvelope + "BDAT 6 LAST\r\na: b\r\nQUIT\r\n");
    CPPUNIT_ASSERT_EQUAL(
        std::string("smtp.session.end s=ID1 peer=2001:db8::25 helo=peer.example tls=no after=quit "
                    "commands=5 errors=0 mails=1 accepted=1"),
        rig_.log.lines().back());
  }

  void memory_is_freed_before_the_next_message() {
    rig_.connect();
    for (int i = 0; i < 2; ++i) {
      rig_.begin_data();
      rig_.send("a: b\r\n\r\n" + std::string(50000, 'x') + "\r\n");
      CPPUNIT_ASSERT(rig_.budget().used() >= 50000);
      CPPUNIT_ASSERT_EQUAL(std::string("250"), rig_.ask(".").substr(0, 3));
      CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_.budget().used());
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_.deliveries.messages("hello@example.test").size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SessionTest);

}  // namespace
}  // namespace fwd::test
