// What a SASL exchange asks and whom it lets in.
#include "protocol/sasl/exchange.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/ready.h"
#include "core/task_group.h"
#include "core/text.h"
#include "core/wipe.h"

namespace fwd::sasl {
namespace {

class WordKeeper final : public Keeper {
 public:
  Task<Outcome<void>> check_password(std::string name, std::string password) override {
    heard = name + "/" + password;
    if (password != "secret") co_return Failure{Fault::kBadLogin, "", "wrong"};
    co_return Outcome<void>{};
  }
  Task<Outcome<std::string>> begin_scram(std::string client_first, bool offered_plus) override {
    heard = client_first + (offered_plus ? " plus" : "");
    co_return std::string("server-first");
  }
  Task<Outcome<std::string>> finish_scram(std::string client_final, std::string binding) override {
    heard = client_final + "/" + binding;
    if (client_final != "right") co_return Failure{Fault::kBadLogin, "", "wrong"};
    co_return std::string("v=proof");
  }
  std::string heard;
};

class ExchangeTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ExchangeTest);
  CPPUNIT_TEST(plain_takes_name_and_password);
  CPPUNIT_TEST(plain_with_broken_messages_is_refused);
  CPPUNIT_TEST(nobody_acts_for_another);
  CPPUNIT_TEST(login_asks_for_both_words);
  CPPUNIT_TEST(a_star_cancels_at_any_step);
  CPPUNIT_TEST(scram_ends_with_the_servers_proof);
  CPPUNIT_TEST(scram_plus_binds_the_channel_that_the_client_names);
  CPPUNIT_TEST(names_of_mechanisms_have_no_case);
  CPPUNIT_TEST(wiping_reaches_behind_the_end);
  CPPUNIT_TEST_SUITE_END();

  static Task<void> keep(Task<Step> work, Step& into) { into = co_await work; }
  static Step run(Task<Step> work) {
    Step step;
    TaskGroup group([](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); });
    group.spawn("step", keep(std::move(work), step));
    run_ready();
    return step;
  }

  Step plain(const std::string& message) {
    Exchange exchange(Mechanism::kPlain, keeper_, tls_);
    return run(exchange.begin(to_base64(message)));
  }

  WordKeeper keeper_;
  TlsState tls_;

 public:
  // RFC 4616 §2, RFC 4954 §4
  void plain_takes_name_and_password() {
    const std::string message = std::string("\0me\0secret", 10);
    CPPUNIT_ASSERT(plain(message).kind == Step::Kind::kDone);
    CPPUNIT_ASSERT_EQUAL(std::string("me/secret"), keeper_.heard);
    Exchange asked(Mechanism::kPlain, keeper_, tls_);
    const Step question = run(asked.begin(std::nullopt));
    CPPUNIT_ASSERT(question.kind == Step::Kind::kAsk && question.challenge.empty());
    const Step wrong = run(asked.answer(to_base64(std::string("me\0me\0nothing", 13))));
    CPPUNIT_ASSERT(wrong.kind == Step::Kind::kRefused && wrong.problem == Problem::kKeeper);
    CPPUNIT_ASSERT(wrong.failure.fault == Fault::kBadLogin);
  }

  void plain_with_broken_messages_is_refused() {
    for (const std::string& bad :
         {std::string(), std::string("me"), std::string("\0me", 3), std::string("\0me\0a\0b", 8)})
      CPPUNIT_ASSERT(plain(bad).problem == Problem::kBadMessage);
    Exchange exchange(Mechanism::kPlain, keeper_, tls_);
    CPPUNIT_ASSERT(run(exchange.begin("!!!")).problem == Problem::kNotBase64);
    Exchange empty(Mechanism::kPlain, keeper_, tls_);
    CPPUNIT_ASSERT(run(empty.begin("=")).problem == Problem::kBadMessage);
  }

  void nobody_acts_for_another() {
    CPPUNIT_ASSERT(plain(std::string("root\0me\0secret", 14)).problem == Problem::kForAnother);
    CPPUNIT_ASSERT(plain(std::string("ME\0me\0secret", 12)).kind == Step::Kind::kDone);
  }

  void login_asks_for_both_words() {
    Exchange exchange(Mechanism::kLogin, keeper_, tls_);
    CPPUNIT_ASSERT_EQUAL(std::string("VXNlcm5hbWU6"), run(exchange.begin(std::nullopt)).challenge);
    CPPUNIT_ASSERT_EQUAL(std::string("UGFzc3dvcmQ6"),
                         run(exchange.answer(to_base64("me"))).challenge);
    CPPUNIT_ASSERT(run(exchange.answer(to_base64("secret"))).kind == Step::Kind::kDone);
    CPPUNIT_ASSERT_EQUAL(std::string("me/secret"), keeper_.heard);
    Exchange with_name(Mechanism::kLogin, keeper_, tls_);
    CPPUNIT_ASSERT_EQUAL(std::string("UGFzc3dvcmQ6"),
                         run(with_name.begin(to_base64("me"))).challenge);
    CPPUNIT_ASSERT(run(with_name.answer(to_base64(std::string("a\0b", 3)))).problem ==
                   Problem::kBadMessage);
  }

  void a_star_cancels_at_any_step() {
    for (const auto mechanism : {Mechanism::kPlain, Mechanism::kLogin, Mechanism::kScramSha256}) {
      Exchange exchange(mechanism, keeper_, tls_);
      CPPUNIT_ASSERT(run(exchange.begin(std::nullopt)).kind == Step::Kind::kAsk);
      CPPUNIT_ASSERT(run(exchange.answer("*")).problem == Problem::kCancelled);
    }
  }

  // RFC 5802 §5, RFC 4954 §4
  void scram_ends_with_the_servers_proof() {
    Exchange exchange(Mechanism::kScramSha256, keeper_, tls_);
    CPPUNIT_ASSERT_EQUAL(to_base64("server-first"),
                         run(exchange.begin(to_base64("n,,n=me,r=x"))).challenge);
    CPPUNIT_ASSERT_EQUAL(to_base64("v=proof"), run(exchange.answer(to_base64("right"))).challenge);
    CPPUNIT_ASSERT(run(exchange.answer("")).kind == Step::Kind::kDone);
    Exchange wrong(Mechanism::kScramSha256, keeper_, tls_);
    run(wrong.begin(to_base64("y,,n=me,r=x")));
    CPPUNIT_ASSERT(run(wrong.answer(to_base64("left"))).problem == Problem::kKeeper);
    Exchange more(Mechanism::kScramSha256, keeper_, tls_);
    run(more.begin(to_base64("n,,n=me,r=x")));
    run(more.answer(to_base64("right")));
    CPPUNIT_ASSERT(run(more.answer(to_base64("and more"))).problem == Problem::kBadMessage);
  }

  // RFC 5802 §6
  void scram_plus_binds_the_channel_that_the_client_names() {
    tls_.active = true;
    tls_.tls_exporter = "exported";
    CPPUNIT_ASSERT(has_channel_binding(tls_));
    Exchange exchange(Mechanism::kScramSha256Plus, keeper_, tls_);
    run(exchange.begin(to_base64("p=tls-exporter,,n=me,r=x")));
    CPPUNIT_ASSERT_EQUAL(std::string("p=tls-exporter,,n=me,r=x plus"), keeper_.heard);
    run(exchange.answer(to_base64("right")));
    CPPUNIT_ASSERT_EQUAL(std::string("right/exported"), keeper_.heard);
    for (const auto* flag : {"p=tls-server-end-point,,n=me", "p=tls-unique,,n=me", "n,,n=me"}) {
      Exchange other(Mechanism::kScramSha256Plus, keeper_, tls_);
      CPPUNIT_ASSERT(run(other.begin(to_base64(flag))).problem == Problem::kBadBinding);
    }
    Exchange unbound(Mechanism::kScramSha256, keeper_, tls_);
    CPPUNIT_ASSERT(run(unbound.begin(to_base64("p=tls-exporter,,n=me"))).problem ==
                   Problem::kBadBinding);
  }

  void names_of_mechanisms_have_no_case() {
    CPPUNIT_ASSERT(find_mechanism("scram-sha-256-plus") == Mechanism::kScramSha256Plus);
    CPPUNIT_ASSERT(!find_mechanism("CRAM-MD5"));
    CPPUNIT_ASSERT_EQUAL(std::string_view("LOGIN"), mechanism_name(Mechanism::kLogin));
  }

  void wiping_reaches_behind_the_end() {
    std::string text = "a long secret that is on the heap, not in the string";
    text.resize(3);
    const char* place = text.data();
    wipe(text);
    CPPUNIT_ASSERT(text.empty());
    CPPUNIT_ASSERT_EQUAL('\0', place[10]);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ExchangeTest);

}  // namespace
}  // namespace fwd::sasl
