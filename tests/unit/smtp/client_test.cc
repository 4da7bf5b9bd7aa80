// The client's side of SMTP, against remotes that behave and remotes that do not.
#include "protocol/smtp/client.h"

#include <cppunit/extensions/HelperMacros.h>

#include <functional>

#include "core/memory_pipe.h"
#include "core/task_group.h"
#include "support/fake_remote.h"

namespace fwd::smtp {
namespace {

using test::FakeRemote;
using test::RemoteScript;
using Kind = RecipientOutcome::Kind;

class TextSource final : public ContentSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size() + lies; }
  Task<Outcome<std::string>> read(std::uint64_t offset, std::uint64_t most) override {
    if (fails) co_return Failure{Fault::kUnavailable, "", "gone"};
    if (offset >= text_.size()) co_return std::string();
    co_return text_.substr(offset, most);
  }
  bool fails = false;
  std::uint64_t lies = 0;  // octets it promises and does not have

 private:
  std::string text_;
};

class FakeHandshake final : public Handshake {
 public:
  Task<Outcome<void>> shake_hands() override {
    if (fails) co_return Failure{Fault::kClosed, "", "certificate of cheese"};
    co_return Outcome<void>{};
  }
  bool fails = false;
};

const std::string kText = "From: a@a.example\r\nSubject: x\r\n\r\n.dots\r\n..\r\nend\r\n";

class ClientTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ClientTest);
  CPPUNIT_TEST(a_message_goes_out_pipelined);
  CPPUNIT_TEST(a_message_goes_out_octet_by_octet);
  CPPUNIT_TEST(an_old_server_is_spoken_to_step_by_step);
  CPPUNIT_TEST(helo_is_said_where_ehlo_is_not_known);
  CPPUNIT_TEST(one_of_three_recipients_is_refused);
  CPPUNIT_TEST(when_all_are_refused_no_content_is_sent);
  CPPUNIT_TEST(a_server_that_wants_content_for_nobody_gets_none);
  CPPUNIT_TEST(too_many_recipients_are_left_for_the_next_transaction);
  CPPUNIT_TEST(announced_limits_are_kept);
  CPPUNIT_TEST(dsn_parameters_are_written);
  CPPUNIT_TEST(nothing_in_an_envelope_can_inject);
  CPPUNIT_TEST(what_a_server_cannot_take_is_not_sent);
  CPPUNIT_TEST(utf8_is_said_only_when_needed);
  CPPUNIT_TEST(large_messages_go_in_chunks);
  CPPUNIT_TEST(binary_messages_go_in_chunks_as_they_are);
  CPPUNIT_TEST(a_refused_chunk_is_an_answer);
  CPPUNIT_TEST(a_bare_line_feed_never_leaves_us);
  CPPUNIT_TEST(content_that_cannot_be_read_is_never_finished);
  CPPUNIT_TEST(a_drop_at_any_octet_said_is_temporary_or_taken);
  CPPUNIT_TEST(a_drop_at_any_octet_heard_is_temporary_or_taken);
  CPPUNIT_TEST(a_drop_before_the_last_answer_is_unknown);
  CPPUNIT_TEST(silence_ends_every_step);
  CPPUNIT_TEST(nonsense_ends_the_conversation);
  CPPUNIT_TEST(endless_replies_are_cut);
  CPPUNIT_TEST(ten_megabytes_without_a_line_end_are_not_read);
  CPPUNIT_TEST(a_late_greeting_of_many_lines_is_waited_for);
  CPPUNIT_TEST(starttls_forgets_what_came_before);
  CPPUNIT_TEST(a_failed_handshake_is_told_apart);
  CPPUNIT_TEST(plain_and_login_are_spoken);
  CPPUNIT_TEST(a_connection_is_used_again);
  CPPUNIT_TEST(the_remotes_words_are_kept_and_cleaned);
  CPPUNIT_TEST_SUITE_END();

  HandClock clock_;
  RemoteScript script_;
  std::size_t octets_per_read_ = SIZE_MAX;
  ClientOptions options_;
  std::unique_ptr<FakeRemote> remote_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<Client> client_;
  TextSource content_{kText};
  ClientMessage message_;
  std::optional<SendResult> result_;
  std::optional<Outcome<RemoteReply>> reply_;
  TaskGroup tasks_{
      [](const std::string& name, const std::string& what) { CPPUNIT_FAIL(name + ": " + what); }};

  void connect() {
    tasks_.cancel_all();
    client_.reset();
    MemoryPipeOptions pipe;
    pipe.most_per_read = octets_per_read_;
    auto [theirs, ours] = make_memory_pipe(pipe);
    if (!remote_) remote_ = std::make_unique<FakeRemote>(script_, clock_);
    stream_ = std::move(ours);
    options_.host = "smtp.example.test";
    client_ = std::make_unique<Client>(*stream_, clock_, options_);
    tasks_.spawn("remote", remote_->serve(std::move(theirs)));
  }
  static Task<void> keep(Task<Outcome<RemoteReply>> work,
                         std::optional<Outcome<RemoteReply>>& into) {
    into = co_await std::move(work);
  }
  static Task<void> keep_result(Client& client, const ClientMessage& message,
                                std::optional<SendResult>& into) {
    into = co_await client.send(message);
  }
  const Outcome<RemoteReply>& run(Task<Outcome<RemoteReply>> work) {
    reply_.reset();
    tasks_.spawn("client", keep(std::move(work), reply_));
    run_ready();
    CPPUNIT_ASSERT(reply_.has_value());
    return *reply_;
  }
  void begin_send() {
    message_.content = &content_;
    result_.reset();
    tasks_.spawn("send", keep_result(*client_, message_, result_));
    run_ready();
  }
  const SendResult& send() {
    begin_send();
    CPPUNIT_ASSERT(result_.has_value());
    return *result_;
  }
  void open() {
    connect();
    CPPUNIT_ASSERT_EQUAL(220, run(client_->greet()).value().code);
    CPPUNIT_ASSERT_EQUAL(250, run(client_->hello()).value().code);
  }
  void address(const std::vector<std::string>& to) {
    message_ = {};
    message_.sender = "a@a.example";
    for (const auto& one : to) message_.recipients.push_back({one, model::kNotifyUnsaid, ""});
  }
  // The whole of a conversation, whatever comes of it; what it came to.
  static Task<void> whole(Client& client, const ClientMessage& message, SendResult& into) {
    const auto greeted = co_await client.greet();
    if (!greeted.ok() || !greeted.value().accepts()) co_return;
    const auto hello = co_await client.hello();
    if (!hello.ok() || !hello.value().accepts()) co_return;
    into = co_await client.send(message);
  }
  SendResult play() {
    SendResult result;
    connect();
    message_.content = &content_;
    tasks_.spawn("whole", whole(*client_, message_, result));
    run_ready();
    return result;
  }
  const std::string& command(std::size_t at) { return remote_->commands.at(at); }

 public:
  void setUp() override { address({"b@b.example"}); }
  void tearDown() override {
    tasks_.cancel_all();
    client_.reset();
    stream_.reset();
    remote_.reset();
  }

  void a_message_goes_out_pipelined() {  // RFC 2920 §3.1
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT(result.recipients[0].from_remote);
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 taken"), result.recipients[0].reply.line());
    CPPUNIT_ASSERT_EQUAL(kText, remote_->messages.at(0));
    CPPUNIT_ASSERT_EQUAL(
        std::string("MAIL FROM:<a@a.example> SIZE=" + std::to_string(kText.size())), command(1));
    CPPUNIT_ASSERT_EQUAL(std::string("RCPT TO:<b@b.example>"), command(2));
    CPPUNIT_ASSERT(!result.lost && !result.unknown);
  }

  void a_message_goes_out_octet_by_octet() {
    octets_per_read_ = 1;
    options_.slice = 1;
    open();
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT_EQUAL(kText, remote_->messages.at(0));
  }

  void an_old_server_is_spoken_to_step_by_step() {
    script_.ehlo = "250 old.example\r\n";
    open();
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("MAIL FROM:<a@a.example>"), command(1));
  }

  void helo_is_said_where_ehlo_is_not_known() {  // RFC 5321 §3.2
    script_.answers["EHLO"] = "502 what is that?\r\n";
    open();
    CPPUNIT_ASSERT_EQUAL(std::string("HELO smtp.example.test"), command(1));
    CPPUNIT_ASSERT(!client_->extensions().extended);
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
  }

  void one_of_three_recipients_is_refused() {
    for (const bool pipelined : {true, false}) {
      remote_.reset();
      script_.answers["RCPT TO:<C@"] = "550 5.1.1 no such user\r\n";
      if (!pipelined) script_.ehlo = "250 old.example\r\n";
      address({"b@b.example", "c@b.example", "d@b.example"});
      open();
      const SendResult& result = send();
      CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kDelivered);
      CPPUNIT_ASSERT(result.recipients[1].kind == Kind::kPermanent);
      CPPUNIT_ASSERT(result.recipients[1].from_remote);
      CPPUNIT_ASSERT_EQUAL(std::string("5.1.1"), result.recipients[1].reply.enhanced);
      CPPUNIT_ASSERT_EQUAL(std::string("no such user"), result.recipients[1].reply.text);
      CPPUNIT_ASSERT(result.recipients[2].kind == Kind::kDelivered);
    }
  }

  void when_all_are_refused_no_content_is_sent() {
    script_.answers["RCPT"] = "450 4.2.0 greylisted\r\n";
    script_.answers["DATA"] = "503 5.5.1 no valid recipients\r\n";
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kTemporary);
    CPPUNIT_ASSERT_EQUAL(std::string("450 4.2.0 greylisted"), result.recipients[0].reply.line());
    CPPUNIT_ASSERT(!result.lost && client_->may_send());
    CPPUNIT_ASSERT_EQUAL(std::string("RSET"), remote_->commands.back());
  }

  void a_server_that_wants_content_for_nobody_gets_none() {  // RFC 2920 §3.1
    script_.answers["RCPT"] = "550 no\r\n";
    script_.end_of_data = "554 no valid recipients\r\n";
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kPermanent);
    CPPUNIT_ASSERT(remote_->messages.empty());
    CPPUNIT_ASSERT(client_->may_send());
  }

  void too_many_recipients_are_left_for_the_next_transaction() {  // RFC 5321 §4.5.3.1.10
    script_.answers["RCPT TO:<C@"] = "452 4.5.3 too many recipients\r\n";
    address({"b@b.example", "c@b.example"});
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT(result.recipients[1].kind == Kind::kNotTried);
    address({"c@b.example"});
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kTemporary);
  }

  void announced_limits_are_kept() {  // RFC 9422 §4
    script_.ehlo = "250-mx.example\r\n250 LIMITS RCPTMAX=2 MAILMAX=1 X=y\r\n";
    address({"b@b.example", "c@b.example", "d@b.example"});
    open();
    CPPUNIT_ASSERT(client_->may_send());
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[1].kind == Kind::kDelivered);
    CPPUNIT_ASSERT(result.recipients[2].kind == Kind::kNotTried);
    CPPUNIT_ASSERT(!client_->may_send());
  }

  void dsn_parameters_are_written() {  // RFC 3461 §4
    message_.envelope_id = "a+b c=d";
    message_.returns = model::ReturnContent::kHeaders;
    message_.recipients[0].notify = model::kNotifySuccess | model::kNotifyDelay;
    message_.recipients[0].original = "rfc822;x+y@b.example";
    message_.recipients.push_back({"c@b.example", model::kNotifyNever, "utf-8;\xc3\xa9@b.example"});
    open();
    CPPUNIT_ASSERT(send().keeps_dsn);
    CPPUNIT_ASSERT(command(1).ends_with(" RET=HDRS ENVID=a+2Bb+20c+3Dd"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("RCPT TO:<b@b.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+2By@b.example"),
        command(2));
    CPPUNIT_ASSERT_EQUAL(
        std::string("RCPT TO:<c@b.example> NOTIFY=NEVER ORCPT=utf-8;\\x{E9}@b.example"),
        command(3));
  }

  void nothing_in_an_envelope_can_inject() {
    address({"b@b.example>\r\nRCPT TO:<evil@b.example", "b@b.example", "a b@b.example",
             "c@b.example> NOTIFY=NEVER"});
    message_.envelope_id = "x\r\nRSET";
    message_.recipients[1].original = "rfc822;x\r\nRSET y=z";
    message_.recipients[1].notify = 0xff;
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kPermanent);
    CPPUNIT_ASSERT(!result.recipients[0].from_remote);
    CPPUNIT_ASSERT(result.recipients[1].kind == Kind::kDelivered);
    CPPUNIT_ASSERT(result.recipients[2].kind == Kind::kPermanent);
    CPPUNIT_ASSERT(result.recipients[3].kind == Kind::kPermanent);
    CPPUNIT_ASSERT(command(1).ends_with(" ENVID=x+0D+0ARSET"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("RCPT TO:<b@b.example> NOTIFY=NEVER ORCPT=rfc822;x+0D+0ARSET+20y+3Dz"),
        command(2));
    CPPUNIT_ASSERT_EQUAL(std::string("DATA"), command(3));
    message_.sender = "a@a.example> BODY=8BITMIME";
    CPPUNIT_ASSERT(send().recipients[1].kind == Kind::kPermanent);
  }

  std::string refusal() {
    remote_.reset();
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kPermanent);
    CPPUNIT_ASSERT(!result.recipients[0].from_remote);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote_->commands.size());
    CPPUNIT_ASSERT(!result.lost);
    return result.recipients[0].reply.enhanced;
  }

  void what_a_server_cannot_take_is_not_sent() {
    script_.ehlo = "250-old.example\r\n250 SIZE 20\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("5.3.4"), refusal());  // RFC 1870 §6.1
    script_.ehlo = "250 old.example\r\n";
    message_.body = model::BodyKind::k8BitMime;
    CPPUNIT_ASSERT_EQUAL(std::string("5.6.3"), refusal());  // RFC 6152 §3
    message_.body = model::BodyKind::kBinaryMime;
    CPPUNIT_ASSERT_EQUAL(std::string("5.6.1"), refusal());  // RFC 3030 §3
    message_.body = model::BodyKind::k7Bit;
    message_.has_utf8_header = true;
    CPPUNIT_ASSERT_EQUAL(std::string("5.6.7"), refusal());  // RFC 6531 §3.7.4.2
    address({"\xc3\xa9@b.example"});
    CPPUNIT_ASSERT_EQUAL(std::string("5.6.7"), refusal());
    address({"b@b.example"});
    message_.require_tls = true;
    CPPUNIT_ASSERT_EQUAL(std::string("5.7.30"), refusal());  // RFC 8689 §4.2.1
    script_.ehlo = "250-old.example\r\n250 REQUIRETLS\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("5.7.30"), refusal());  // in clear text
  }

  void utf8_is_said_only_when_needed() {
    message_.sender = "a@b\xc3\xbc\x63her.example";  // a domain alone travels as an A-label
    open();
    send();
    CPPUNIT_ASSERT(command(1).starts_with("MAIL FROM:<a@xn--bcher-kva.example> SIZE"));
    CPPUNIT_ASSERT(command(1).find("SMTPUTF8") == std::string::npos);
    address({"\xc3\xa9@b.example"});
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT(command(4).ends_with(" SMTPUTF8"));
  }

  void large_messages_go_in_chunks() {  // RFC 3030 §2
    script_.ehlo = "250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
    options_.chunk_from = 10;
    options_.chunk = 20;
    open();
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT_EQUAL(kText, remote_->messages.at(0));
    CPPUNIT_ASSERT_EQUAL(std::string("BDAT 20"), command(3));
    CPPUNIT_ASSERT_EQUAL("BDAT " + std::to_string(kText.size() % 20) + " LAST",
                         remote_->commands.back());
  }

  void binary_messages_go_in_chunks_as_they_are() {
    script_.ehlo = "250-mx.example\r\n250-BINARYMIME\r\n250 CHUNKING\r\n";
    const std::string binary("a: b\r\n\r\n\n\r.\0x", 13);
    content_ = TextSource(binary);
    message_.body = model::BodyKind::kBinaryMime;
    open();
    CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
    CPPUNIT_ASSERT_EQUAL(binary, remote_->messages.at(0));
    CPPUNIT_ASSERT(command(1).ends_with("BODY=BINARYMIME"));
  }

  void a_refused_chunk_is_an_answer() {
    script_.ehlo = "250-mx.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n";
    script_.answers["BDAT"] = "552 5.3.4 too big\r\n";
    options_.chunk_from = 10;
    options_.chunk = 20;
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kPermanent);
    CPPUNIT_ASSERT_EQUAL(std::string("RSET"), remote_->commands.back());
    CPPUNIT_ASSERT(client_->may_send());
  }

  void a_bare_line_feed_never_leaves_us() {  // RFC 5321 §2.3.8
    for (const char* bad : {"a: b\r\n\r\nx\n.\r\n", "a: b\r\n\r\nx\r.\r\n", "a: b\r\n\r\nx\r"}) {
      for (const bool chunked : {false, true}) {
        remote_.reset();
        script_.ehlo = "250-mx.example\r\n250 CHUNKING\r\n";
        options_.chunk_from = chunked ? 1 : 1000;
        content_ = TextSource(bad);
        open();
        const SendResult& result = send();
        CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kPermanent);
        CPPUNIT_ASSERT_EQUAL(std::string("5.6.0"), result.recipients[0].reply.enhanced);
        CPPUNIT_ASSERT(result.lost && !result.may_try_elsewhere);
        stream_->close();
        run_ready();
        CPPUNIT_ASSERT(remote_->messages.empty());
      }
    }
  }

  void content_that_cannot_be_read_is_never_finished() {
    for (const bool lies : {false, true}) {
      remote_.reset();
      content_.fails = !lies;
      content_.lies = lies ? 1 : 0;
      open();
      const SendResult& result = send();
      CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kTemporary);
      CPPUNIT_ASSERT(result.lost && !result.may_try_elsewhere && !result.unknown);
      stream_->close();
      run_ready();
      CPPUNIT_ASSERT(remote_->messages.empty());
    }
  }

  // Whatever was taken and not confirmed is unknown; whatever was confirmed was taken.
  void check_drop(const SendResult& result) {
    const bool delivered =
        !result.recipients.empty() && result.recipients[0].kind == Kind::kDelivered;
    if (delivered) CPPUNIT_ASSERT_EQUAL(std::size_t{1}, remote_->messages.size());
    if (!delivered && !remote_->messages.empty()) CPPUNIT_ASSERT(result.unknown);
    if (!delivered && !result.recipients.empty()) {
      CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kTemporary);
      CPPUNIT_ASSERT(result.lost);
    }
  }

  void a_drop_at_any_octet_said_is_temporary_or_taken() {
    play();
    const std::uint64_t all = remote_->said;
    for (const bool pipelined : {true, false}) {
      if (!pipelined) script_.ehlo = "250 old.example\r\n";
      for (std::uint64_t at = 0; at < all; ++at) {
        remote_.reset();
        script_.says_at_most = at;
        check_drop(play());
      }
    }
  }

  void a_drop_at_any_octet_heard_is_temporary_or_taken() {
    play();
    const std::uint64_t all = remote_->heard;
    for (std::uint64_t at = 0; at < all; ++at) {
      remote_.reset();
      script_.hears_at_most = at;
      check_drop(play());
    }
  }

  void a_drop_before_the_last_answer_is_unknown() {
    script_.end_of_data = "hang up";
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT(result.unknown && result.lost && !result.may_try_elsewhere);
    CPPUNIT_ASSERT(result.recipients[0].kind == Kind::kTemporary);
    CPPUNIT_ASSERT_EQUAL(std::string("4.4.2"), result.recipients[0].reply.enhanced);
  }

  void silence_ends_every_step() {  // RFC 5321 §4.5.3.2
    for (const char* step : {"MAIL", "RCPT", "DATA", ""}) {
      remote_.reset();
      script_ = {};
      script_.ehlo = "250 old.example\r\n";
      if (*step != '\0') script_.answers[step] = "";
      if (*step == '\0') script_.end_of_data = "";
      open();
      begin_send();
      CPPUNIT_ASSERT(!result_);
      clock_.turn(std::chrono::minutes(10));
      CPPUNIT_ASSERT(result_.has_value());
      CPPUNIT_ASSERT(result_->lost);
      CPPUNIT_ASSERT_EQUAL(*step == '\0', result_->unknown);
      CPPUNIT_ASSERT_EQUAL(std::string("4.4.2"), result_->recipients[0].reply.enhanced);
    }
  }

  Fault greeting_fault(const std::string& greeting) {
    remote_.reset();
    script_.greeting = greeting;
    connect();
    const auto& reply = run(client_->greet());
    CPPUNIT_ASSERT(!reply.ok() && client_->is_over());
    return reply.failure().fault;
  }

  void nonsense_ends_the_conversation() {
    for (const char* bad : {"hello\r\n", "220\x01hello\r\n", "\r\n", "120 x\r\n", "620 x\r\n",
                            "220-a\r\n221 b\r\n", "SSH-2.0-x\r\n", "22 \r\n"})
      CPPUNIT_ASSERT(greeting_fault(bad) == Fault::kBadInput);
    CPPUNIT_ASSERT(greeting_fault("hang up") == Fault::kClosed);
  }

  void endless_replies_are_cut() {
    std::string endless;
    for (int i = 0; i < 10000; ++i) endless += "220-and so on\r\n";
    CPPUNIT_ASSERT(greeting_fault(endless) == Fault::kOverLimit);
  }

  void ten_megabytes_without_a_line_end_are_not_read() {
    CPPUNIT_ASSERT(greeting_fault("220 " + std::string(10 << 20, 'x')) == Fault::kOverLimit);
  }

  void a_late_greeting_of_many_lines_is_waited_for() {
    script_.greeting = "";
    connect();
    reply_.reset();
    tasks_.spawn("client", keep(client_->greet(), reply_));
    clock_.turn(std::chrono::minutes(4));
    CPPUNIT_ASSERT(!reply_);
    clock_.turn(std::chrono::minutes(1));
    CPPUNIT_ASSERT(reply_ && reply_->failure().fault == Fault::kTimeout);
    remote_.reset();
    script_.greeting = "220-mx\r\n220-no\r\n220 spam\n";  // a lone LF, too
    open();
    CPPUNIT_ASSERT(client_->may_send());
  }

  void starttls_forgets_what_came_before() {  // RFC 3207 §4.2
    script_.ehlo = "250-mx.example\r\n250-STARTTLS\r\n250 REQUIRETLS\r\n";
    script_.ehlo_after_tls = "250-mx.example\r\n250 8BITMIME\r\n";
    script_.answers["STARTTLS"] = "220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n";
    FakeHandshake handshake;
    open();
    CPPUNIT_ASSERT(client_->extensions().start_tls);
    CPPUNIT_ASSERT_EQUAL(220, run(client_->start_tls(handshake)).value().code);
    CPPUNIT_ASSERT(!client_->extensions().require_tls && !client_->may_send());
    CPPUNIT_ASSERT(run(client_->hello()).ok());
    CPPUNIT_ASSERT(client_->extensions().eight_bit && client_->extensions().auth.empty());
  }

  void a_failed_handshake_is_told_apart() {
    FakeHandshake handshake;
    handshake.fails = true;
    open();
    const auto& reply = run(client_->start_tls(handshake));
    CPPUNIT_ASSERT(reply.failure().fault == Fault::kDenied);
    CPPUNIT_ASSERT(reply.failure().private_text.find("cheese") != std::string::npos);
    CPPUNIT_ASSERT(client_->is_over());
    remote_.reset();
    script_.answers["STARTTLS"] = "454 4.7.0 not now\r\n";
    open();
    CPPUNIT_ASSERT_EQUAL(454, run(client_->start_tls(handshake)).value().code);
    CPPUNIT_ASSERT(client_->may_send());
  }

  void plain_and_login_are_spoken() {  // RFC 4954 §4
    script_.ehlo = "250-mx.example\r\n250 AUTH CRAM-MD5 plain\r\n";
    script_.answers["AUTH PLAIN AHVZAHB3"] = "235 2.7.0 in\r\n";
    open();
    CPPUNIT_ASSERT_EQUAL(235, run(client_->log_in("uY", "pw")).value().code);
    remote_.reset();
    script_.ehlo = "250-mx.example\r\n250 AUTH LOGIN\r\n";
    script_.answers["AUTH LOGIN"] = "334 VXNlcm5hbWU6\r\n";
    script_.answers["DVK="] = "334 UGFzc3dvcmQ6\r\n";
    script_.answers["CHC="] = "535 5.7.8 no\r\n";
    open();
    CPPUNIT_ASSERT_EQUAL(535, run(client_->log_in("uY", "pw")).value().code);
    script_.ehlo = "250 mx.example\r\n";
    remote_.reset();
    open();
    CPPUNIT_ASSERT(run(client_->log_in("uY", "pw")).failure().fault == Fault::kCannot);
  }

  void a_connection_is_used_again() {
    open();
    for (int i = 0; i < 3; ++i) {
      CPPUNIT_ASSERT(client_->may_send());
      CPPUNIT_ASSERT(send().recipients[0].kind == Kind::kDelivered);
      CPPUNIT_ASSERT(run(client_->reset()).ok());
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, remote_->messages.size());
    tasks_.spawn("quit", client_->quit());
    run_ready();
    CPPUNIT_ASSERT(client_->is_over());
    CPPUNIT_ASSERT_EQUAL(1, remote_->connections);
  }

  void the_remotes_words_are_kept_and_cleaned() {
    script_.answers["MAIL"] =
        "550-5.7.1 go \x1b[31maway\r\n550-5.7.1 for\xc2\x9b gr\xc3\xbc\xc3\x9f\x65\r\n"
        "550 5.7.1 see\thttps://x.example\xff\r\n";
    open();
    const SendResult& result = send();
    CPPUNIT_ASSERT_EQUAL(
        std::string("550 5.7.1 go ?[31maway for?? gr\xc3\xbc\xc3\x9f\x65 see https://x.example?"),
        result.recipients[0].reply.line());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ClientTest);

}  // namespace
}  // namespace fwd::smtp
