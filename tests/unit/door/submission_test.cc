// Who may send, and what.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/digest.h"
#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

class SubmissionTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SubmissionTest);
  CPPUNIT_TEST(an_alias_sends_by_its_password);
  CPPUNIT_TEST(an_alias_sends_by_scram);
  CPPUNIT_TEST(a_whole_domain_sends_by_scram);
  CPPUNIT_TEST(who_sends_opens_no_mailbox);
  CPPUNIT_TEST(one_without_imap_may_still_send);
  CPPUNIT_TEST(wrong_passwords_count_with_those_of_logins);
  CPPUNIT_TEST(a_whole_domain_sends_by_its_password);
  CPPUNIT_TEST(a_removed_domain_password_holds_no_more);
  CPPUNIT_TEST(the_passwords_of_a_domain_are_listed_without_their_hashes);
  CPPUNIT_TEST(from_and_envelope_must_be_the_senders);
  CPPUNIT_TEST(from_of_the_content_is_what_was_said_of_it);
  CPPUNIT_TEST(receipts_go_out_under_the_null_sender);
  CPPUNIT_TEST(a_changed_password_ends_the_session);
  CPPUNIT_TEST(a_disabled_alias_sends_no_more);
  CPPUNIT_TEST(a_domain_that_may_not_send_says_why);
  CPPUNIT_TEST(bounds_hold);
  CPPUNIT_TEST(a_blocked_recipient_is_refused);
  CPPUNIT_TEST(the_days_messages_are_counted);
  CPPUNIT_TEST(a_user_or_a_domain_may_be_allowed_more);
  CPPUNIT_TEST(what_was_not_queued_is_not_counted);
  CPPUNIT_TEST(who_runs_the_system_is_not_limited);
  CPPUNIT_TEST(a_limit_set_for_an_alias_holds_for_everybody);
  CPPUNIT_TEST(the_same_message_is_taken_once);
  CPPUNIT_TEST(programs_of_this_machine_send_as_their_user);
  CPPUNIT_TEST(trusted_programs_send_as_anybody);
  CPPUNIT_TEST(what_a_domain_forbids_its_programs_may_not_do_either);
  CPPUNIT_TEST_SUITE_END();

  // A client of RFC 5802 §3.
  static std::string client_final(const std::string& password, const std::string& bare,
                                  const std::string& first) {
    const std::string nonce(first.substr(2, first.find(',') - 2));
    const std::size_t s = first.find(",s=") + 3, i = first.find(",i=");
    const std::string salt = *from_base64(first.substr(s, i - s));
    const auto rounds = static_cast<std::uint32_t>(*parse_number(first.substr(i + 3)));
    const std::string salted(crypto::pbkdf2_sha256(password, salt, rounds).view());
    const std::string client_key = crypto::hmac_sha256(salted, "Client Key");
    const std::string without = "c=" + to_base64("n,,") + ",r=" + nonce;
    std::string proof =
        crypto::hmac_sha256(crypto::sha256(client_key), bare + "," + first + "," + without);
    for (std::size_t at = 0; at < proof.size(); at++)
      proof[at] = static_cast<char>(proof[at] ^ client_key[at]);
    return without + ",p=" + to_base64(proof);
  }

 public:
  void an_alias_sends_by_its_password() {
    SendingScene scene;
    const auto session = get(scene.try_login("Hello+tag@Example.test", scene.password));
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), session->sender().address);
    CPPUNIT_ASSERT_EQUAL(scene.alias.id, session->sender().alias_id);
    CPPUNIT_ASSERT(!session->sender().is_whole_domain && !session->sender().is_local_program);
    const auto sent = get(scene.submit(session, scene.message()));
    CPPUNIT_ASSERT_EQUAL(std::string("id1"), sent.id);
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::string("example.test"), claims.at(0).domain);
    CPPUNIT_ASSERT_EQUAL(scene.alias.id, claims.at(0).message.alias_id);
    CPPUNIT_ASSERT_EQUAL(scene.domain.id, claims.at(0).message.domain_id);
  }

  void an_alias_sends_by_scram() {
    SendingScene scene;
    const model::LoginContext peer{"smtp", "192.0.2.1", "S"};
    const std::string bare = "n=hello@example.test,r=0123456789abcdef";
    for (const bool right : {true, false}) {
      auto exchange =
          get(scene.run(scene.door->submission().begin_scram_to_send(peer, "n,," + bare, false)));
      const std::string last =
          client_final(right ? scene.password : "wrong", bare, exchange->server_first());
      auto verdict = scene.run(exchange->finish(last, ""));
      if (!right) return assert_fault(Fault::kBadLogin, verdict);
      CPPUNIT_ASSERT(get(std::move(verdict)).session->sender().alias_id == scene.alias.id);
    }
  }

  void a_whole_domain_sends_by_scram() {
    SendingScene scene;
    auto& directory = scene.door->directory();
    const auto first = get(scene.run(directory.add_domain_password(scene.domain.id, "", "a")));
    const auto second = get(scene.run(directory.add_domain_password(scene.domain.id, "", "b")));
    const auto log_in = [&](const std::string& name, const std::string& password) {
      const std::string bare = "n=" + name + ",r=0123456789abcdef";
      auto exchange = get(scene.run(scene.door->submission().begin_scram_to_send(
          {"smtp", "192.0.2.1", "S"}, "n,," + bare, false)));
      CPPUNIT_ASSERT(exchange->server_first().ends_with(",i=4096"));
      const std::string last = client_final(password, bare, exchange->server_first());
      return scene.run(exchange->finish(last, ""));
    };
    SendingScene::Session session;
    for (const std::string& password : {first.password, second.password}) {
      session = get(log_in("*@EXAMPLE.test", password)).session;
      CPPUNIT_ASSERT(session->sender().is_whole_domain && session->sender().alias_id.empty());
      CPPUNIT_ASSERT_EQUAL(std::string("*@example.test"), session->sender().address);
      get(scene.submit(session, scene.message("anybody@example.test")));
    }
    // The names of aliases are theirs.
    get(log_in("hello@example.test", scene.password));
    assert_fault(Fault::kBadLogin, log_in("hello@example.test", first.password));
    assert_fault(Fault::kBadLogin, log_in("*@example.test", scene.password));
    assert_fault(Fault::kBadLogin, log_in("*@other.test", first.password));
    assert_ok(scene.run(directory.remove_domain_password(scene.domain.id, second.id)));
    assert_fault(Fault::kBadLogin, scene.submit(session, scene.message()));
    assert_fault(Fault::kBadLogin, log_in("*@example.test", second.password));
    // Nobody reads by one.
    const std::string bare = "n=*@example.test,r=0123456789abcdef";
    auto reading = get(scene.run(
        scene.door->logins().begin_scram({"imap", "192.0.2.2", "S"}, "n,," + bare, false)));
    const std::string last = client_final(first.password, bare, reading->server_first());
    assert_fault(Fault::kBadLogin, scene.run(reading->finish(last, "")));
  }

  void who_sends_opens_no_mailbox() {
    SendingScene scene;
    const auto session = scene.log_in();
    const auto stats = get(scene.run(scene.door->directory().mailbox_stats(scene.alias.id)));
    CPPUNIT_ASSERT(!stats.at(0).open);
  }

  void one_without_imap_may_still_send() {
    SendingScene scene;
    scene.change_alias([](model::Alias& one) {
      one.has_imap = false;
      one.recipients = {"elsewhere@example.org"};
    });
    get(scene.submit(scene.log_in(), scene.message()));
    assert_fault(Fault::kBadLogin,
                 scene.run(scene.door->logins().log_in({"imap", "192.0.2.1", "S"},
                                                       "hello@example.test", scene.password)));
  }

  void wrong_passwords_count_with_those_of_logins() {
    SendingScene scene;
    for (int i = 0; i < 2; ++i)
      assert_fault(Fault::kBadLogin, scene.try_login("hello@example.test", "wrong"));
    for (int i = 0; i < 3; ++i)
      assert_fault(Fault::kBadLogin,
                   scene.run(scene.door->logins().log_in({"imap", "192.0.2.1", "S"},
                                                         "nobody@example.test", "wrong")));
    assert_fault(Fault::kBusy, scene.try_login("hello@example.test", scene.password));
  }

  void a_whole_domain_sends_by_its_password() {
    SendingScene scene;
    const auto made = get(
        scene.run(scene.door->directory().add_domain_password(scene.domain.id, "", "the shop")));
    CPPUNIT_ASSERT_EQUAL(std::string("*@example.test"), made.address);
    CPPUNIT_ASSERT_EQUAL(std::size_t{24}, made.password.size());
    for (const char* name : {"*@example.test", "nobody@example.test", "hello@example.test"}) {
      const auto session = get(scene.try_login(name, made.password));
      CPPUNIT_ASSERT(session->sender().is_whole_domain && session->sender().alias_id.empty());
      get(scene.submit(session, scene.message("anybody@example.test")));
      assert_fault(Fault::kDenied, scene.submit(session, scene.message("a@other.test")));
    }
    assert_fault(Fault::kBadLogin, scene.try_login("*@example.test", scene.password));
    assert_fault(Fault::kBadLogin, scene.try_login("*@other.test", made.password));
    assert_fault(Fault::kBadLogin,
                 scene.run(scene.door->logins().log_in({"imap", "192.0.2.2", "S"},
                                                       "hello@example.test", made.password)));
  }

  void a_removed_domain_password_holds_no_more() {
    SendingScene scene;
    auto& directory = scene.door->directory();
    const auto made = get(scene.run(directory.add_domain_password("example.test", "", "")));
    const auto session = get(scene.try_login("*@example.test", made.password));
    assert_fault(Fault::kNotFound, scene.run(directory.remove_domain_password(
                                       scene.domain.id, "0123456789abcdef01234567")));
    assert_ok(scene.run(directory.remove_domain_password(scene.domain.id, made.id)));
    assert_fault(Fault::kBadLogin, scene.submit(session, scene.message()));
    assert_fault(Fault::kBadLogin, scene.try_login("*@example.test", made.password));
  }

  void the_passwords_of_a_domain_are_listed_without_their_hashes() {
    SendingScene scene;
    auto& directory = scene.door->directory();
    for (int i = 0; i < 10; ++i)
      get(scene.run(directory.add_domain_password(scene.domain.id, "", std::to_string(i))));
    assert_fault(Fault::kOverLimit,
                 scene.run(directory.add_domain_password(scene.domain.id, "", "")));
    const auto listed = get(scene.run(directory.list_domain_passwords(scene.domain.id)));
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, listed.size());
    CPPUNIT_ASSERT(listed[3].description == "3" && listed[3].hash.empty());
    CPPUNIT_ASSERT(listed[3].scram.empty());
    assert_fault(Fault::kNotFound, scene.run(directory.add_domain_password("none.test", "", "")));
    assert_fault(Fault::kNotFound,
                 scene.run(directory.add_domain_password(scene.domain.id, "nobody@x.test", "")));
  }

  void from_and_envelope_must_be_the_senders() {
    SendingScene scene;
    const auto session = scene.log_in();
    get(scene.submit(session, scene.message("HELLO+list@example.test")));
    model::NewOutbound other = scene.message("other@example.test");
    assert_fault(Fault::kDenied, scene.submit(session, other));
    other = scene.message();
    other.envelope_from = "other@example.test";  // may be any address of the domain
    get(scene.submit(session, other));
    other = scene.message();
    other.envelope_from = "hello@example.org";
    assert_fault(Fault::kDenied, scene.submit(session, other));
    other = scene.message("hello@example.org");
    other.envelope_from = "hello@example.test";
    assert_fault(Fault::kDenied, scene.submit(session, other));
    other.header_from.clear();
    assert_fault(Fault::kDenied, scene.submit(session, other));
  }

  void from_of_the_content_is_what_was_said_of_it() {
    SendingScene scene;
    const auto session = scene.log_in();
    model::NewOutbound out = scene.message();
    for (const auto* good :
         {"FROM : A (b) <hello@EXAMPLE.test>\r\nTo: x\r\n\r\nFrom: boss@bank.test\r\n",
          "Received: by x;\r\n\ty\r\nFrom: A\r\n <hello@example.test>\r\n"}) {
      out = scene.message();
      out.content = good;
      get(scene.submit(session, out));
    }
    for (const std::string bad :
         {"From: boss@bank.test\r\n\r\n", "To: x\r\n\r\nFrom: hello@example.test\r\n", "",
          "From: hello@example.test\r\nfrom: boss@bank.test\r\n\r\n",
          "From: hello@example.test, boss@bank.test\r\n\r\n", "From: Hello@example.test\r\n\r\n",
          "A: b\rFrom: boss@bank.test\r\nFrom: hello@example.test\r\n\r\n",
          "no field\r\nFrom: hello@example.test\r\n\r\n"}) {
      out.content = bad;
      assert_fault(Fault::kDenied, scene.submit(session, out));
    }
    out.content = "A: " + std::string(3 << 20, 'x') + "\r\nFrom: hello@example.test\r\n\r\n";
    assert_fault(Fault::kDenied, scene.submit(session, out));
  }

  // RFC 8098 §3
  void receipts_go_out_under_the_null_sender() {
    SendingScene scene;
    scene.options.submission.daily = 2;
    scene.open();
    const auto session = scene.log_in();
    model::NewOutbound receipt = scene.message();
    receipt.envelope_from.clear();
    get(scene.submit(session, receipt));
    const model::Claim claim = scene.claim().at(0);
    CPPUNIT_ASSERT(claim.return_path.empty());
    CPPUNIT_ASSERT_EQUAL(std::string("example.test"), claim.domain);
    // A notice of it is dropped, even from a worker that makes one.
    model::Report report;
    report.lease = claim.lease;
    report.message_id = claim.message.id;
    report.recipients.push_back({0, model::RecipientState::kFailed, {}, 0, false});
    model::NewOutbound notice = scene.message();
    notice.envelope_from.clear();
    report.notices.push_back(std::move(notice));
    assert_ok(scene.run(scene.door->queue().report(report)));
    CPPUNIT_ASSERT(scene.claim().empty());
    // It is still a message of theirs.
    receipt = scene.message("other@example.test");
    receipt.envelope_from.clear();
    assert_fault(Fault::kDenied, scene.submit(session, receipt));
    get(scene.submit(session, scene.message()));
    receipt = scene.message();
    receipt.envelope_from.clear();
    assert_fault(Fault::kBusy, scene.submit(session, receipt));
  }

  void a_changed_password_ends_the_session() {
    SendingScene scene;
    const auto session = scene.log_in();
    model::PasswordChange change;
    change.current_password = scene.password;
    get(scene.run(scene.door->directory().set_alias_password(scene.alias.id, change)));
    assert_fault(Fault::kBadLogin, scene.submit(session, scene.message()));
  }

  void a_disabled_alias_sends_no_more() {
    SendingScene scene;
    const auto session = scene.log_in();
    scene.change_alias([](model::Alias& one) { one.is_smtp_suspended = true; });
    assert_fault(Fault::kDenied, scene.submit(session, scene.message()));
    scene.change_alias([](model::Alias& one) { one.is_enabled = false; });
    assert_fault(Fault::kBadLogin, scene.submit(session, scene.message()));
    assert_ok(scene.run(scene.door->directory().remove_alias(scene.alias.id)));
    assert_fault(Fault::kBadLogin, scene.submit(session, scene.message()));
  }

  void a_domain_that_may_not_send_says_why() {
    SendingScene scene;
    const auto session = scene.log_in();
    scene.change_domain([](model::Domain& one) { one.has_smtp = false; });
    const auto refused = scene.submit(session, scene.message());
    assert_fault(Fault::kCannot, refused);
    CPPUNIT_ASSERT(refused.failure().public_text.find("has_smtp") != std::string::npos);
    scene.change_domain([](model::Domain& one) {
      one.has_smtp = true;
      one.is_smtp_suspended = true;
    });
    assert_fault(Fault::kDenied, scene.submit(session, scene.message()));
  }

  void bounds_hold() {
    SendingScene scene;
    scene.options.submission.recipients = 2;
    scene.options.submission.octets = 1000;
    scene.open();
    const auto session = scene.log_in();
    model::NewOutbound out = scene.message();
    out.recipients.push_back({"b@example.org", 0, ""});
    get(scene.submit(session, out));
    out = scene.message();
    out.recipients.assign(3, {"b@example.org", 0, ""});
    assert_fault(Fault::kOverLimit, scene.submit(session, out));
    out.recipients.clear();
    assert_fault(Fault::kBadInput, scene.submit(session, out));
    out = scene.message();
    out.content.resize(1001, 'x');
    assert_fault(Fault::kOverLimit, scene.submit(session, out));
    out = scene.message();
    const std::int64_t now = unix_milliseconds(scene.loop.clock().wall());
    out.not_before = now + 29 * 24 * 3600 * std::int64_t{1000};
    get(scene.submit(session, out));
    out = scene.message();
    out.not_before = now + 31 * 24 * 3600 * std::int64_t{1000};
    assert_fault(Fault::kDenied, scene.submit(session, out));
  }

  void a_blocked_recipient_is_refused() {
    SendingScene scene;
    scene.change_domain(
        [](model::Domain& one) { one.smtp_emails_blocked = {"friend@example.org"}; });
    const auto session = scene.log_in();
    assert_fault(Fault::kDenied, scene.submit(session, scene.message()));
    get(scene.submit(session, scene.message("hello@example.test", "x@example.org")));
  }

  void the_days_messages_are_counted() {
    SendingScene scene;
    scene.options.submission.daily = 3;
    scene.open();
    const std::string owner = scene.put_owner("user");
    auto user = get(scene.run(scene.door->directory().get_user(owner)));
    user.smtp_limit = 2;
    get(scene.run(scene.door->directory().put_user(user)));
    const auto session = scene.log_in();
    CPPUNIT_ASSERT_EQUAL(owner, session->sender().user_id);
    for (int i = 0; i < 2; ++i) get(scene.submit(session, scene.message()));
    const auto refused = scene.submit(session, scene.message());
    assert_fault(Fault::kBusy, refused);
    CPPUNIT_ASSERT(refused.failure().public_text.find("2 messages a day") != std::string::npos);
    // The domain has room for one more, whoever sends it.
    const auto made =
        get(scene.run(scene.door->directory().add_domain_password(scene.domain.id, "", "")));
    const auto whole = get(scene.try_login("*@example.test", made.password));
    get(scene.submit(whole, scene.message()));
    assert_fault(Fault::kBusy, scene.submit(whole, scene.message()));
  }

  void a_user_or_a_domain_may_be_allowed_more() {
    SendingScene scene;
    scene.options.submission.daily = 1;
    scene.open();
    auto user = get(scene.run(scene.door->directory().get_user(scene.put_owner("user"))));
    user.smtp_limit = 3;
    get(scene.run(scene.door->directory().put_user(user)));
    const auto session = scene.log_in();
    for (int i = 0; i < 3; ++i) get(scene.submit(session, scene.message()));
    assert_fault(Fault::kBusy, scene.submit(session, scene.message()));
    user = get(scene.run(scene.door->directory().get_user(user.id)));
    user.smtp_limit = 100;
    get(scene.run(scene.door->directory().put_user(user)));
    scene.change_domain([](model::Domain& one) { one.smtp_limit = 5; });
    for (int i = 0; i < 2; ++i) get(scene.submit(session, scene.message()));
    const auto refused = scene.submit(session, scene.message());
    assert_fault(Fault::kBusy, refused);
    CPPUNIT_ASSERT(refused.failure().public_text.starts_with("example.test may send 5"));
  }

  void what_was_not_queued_is_not_counted() {
    SendingScene scene;
    scene.options.submission.daily = 2;
    scene.options.queue.most_octets = 500;
    scene.open();
    const auto session = scene.log_in();
    model::NewOutbound large = scene.message();
    large.content.resize(1000, 'x');
    for (int i = 0; i < 5; ++i) assert_fault(Fault::kOverQuota, scene.submit(session, large));
    const model::NewOutbound out = scene.message();
    for (int i = 0; i < 5; ++i)
      CPPUNIT_ASSERT_EQUAL(i > 0, get(scene.submit(session, out)).is_repeat);
    get(scene.submit(session, scene.message()));
    assert_fault(Fault::kBusy, scene.submit(session, scene.message()));
  }

  void who_runs_the_system_is_not_limited() {
    SendingScene scene;
    scene.options.submission.daily = 1;
    scene.open();
    const std::string owner = scene.put_owner("admin");
    auto session = scene.log_in();
    for (int i = 0; i < 3; ++i) get(scene.submit(session, scene.message()));
    // As an admin of the domain he frees those who are not.
    scene.change_alias([](model::Alias& one) { one.user.clear(); });
    session = scene.log_in();
    get(scene.submit(session, scene.message()));
    assert_fault(Fault::kBusy, scene.submit(session, scene.message()));
    scene.change_domain([&](model::Domain& one) { one.members = {{owner, "admin"}}; });
    get(scene.submit(session, scene.message()));
  }

  void a_limit_set_for_an_alias_holds_for_everybody() {
    SendingScene scene;
    scene.put_owner("admin");
    scene.change_domain([](model::Domain& one) { one.alias_default_smtp_limit = 1; });
    const auto session = scene.log_in();
    get(scene.submit(session, scene.message()));
    assert_fault(Fault::kBusy, scene.submit(session, scene.message()));
    scene.change_alias([](model::Alias& one) { one.smtp_limit = 2; });
    get(scene.submit(session, scene.message()));
    assert_fault(Fault::kBusy, scene.submit(session, scene.message()));
  }

  void the_same_message_is_taken_once() {
    SendingScene scene;
    const auto session = scene.log_in();
    model::NewOutbound out = scene.message();
    const auto first = get(scene.submit(session, out));
    out.id = "another";
    const auto second = get(scene.submit(session, out));
    CPPUNIT_ASSERT(!first.is_repeat && second.is_repeat && first.id == second.id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim().size());
  }

  void programs_of_this_machine_send_as_their_user() {
    SendingScene scene;
    scene.options.submission.daily = 2;
    scene.open();
    const auto session = get(
        scene.run(scene.door->submission().let_local_send({"local", "", "S"}, 1000, "www-data")));
    CPPUNIT_ASSERT(session->sender().is_local_program);
    CPPUNIT_ASSERT_EQUAL(std::string("www-data@mx.example.test"), session->sender().address);
    get(scene.submit(session, scene.message("www-data@mx.example.test")));
    assert_fault(Fault::kDenied, scene.submit(session, scene.message("root@mx.example.test")));
    assert_fault(Fault::kDenied, scene.submit(session, scene.message("hello@example.test")));
    model::NewOutbound out = scene.message("www-data@mx.example.test");
    out.envelope_from.clear();
    get(scene.submit(session, out));
    assert_fault(Fault::kBusy, scene.submit(session, scene.message("www-data@mx.example.test")));
    assert_fault(Fault::kDenied, scene.run(scene.door->submission().let_local_send(
                                     {"local", "", "S"}, 1001, "x> RCPT TO:<y")));
  }

  void trusted_programs_send_as_anybody() {
    SendingScene scene;
    for (const auto& [uid, user] : {std::pair{0U, "root"}, std::pair{1000U, "monitor"}}) {
      const auto session =
          get(scene.run(scene.door->submission().let_local_send({"local", "", "S"}, uid, user)));
      get(scene.submit(session, scene.message("hello@example.test")));
      const model::Claim hosted = scene.claim().at(0);
      CPPUNIT_ASSERT_EQUAL(std::string("example.test"), hosted.domain);
      CPPUNIT_ASSERT(hosted.return_path.starts_with("SRS0="));
      get(scene.submit(session, scene.message("alerts@elsewhere.test")));
      const model::Claim other = scene.claim().at(0);
      CPPUNIT_ASSERT(other.domain.empty());
      CPPUNIT_ASSERT_EQUAL(std::string("alerts@elsewhere.test"), other.return_path);
      model::NewOutbound notice = scene.message("mailer-daemon@example.test");
      notice.envelope_from.clear();
      get(scene.submit(session, notice));
      CPPUNIT_ASSERT(scene.claim().at(0).return_path.empty());
    }
  }

  void what_a_domain_forbids_its_programs_may_not_do_either() {
    SendingScene scene;
    scene.change_domain(
        [](model::Domain& one) { one.smtp_emails_blocked = {"friend@example.org"}; });
    const auto session =
        get(scene.run(scene.door->submission().let_local_send({"local", "", "S"}, 0, "root")));
    assert_fault(Fault::kDenied, scene.submit(session, scene.message("Hello@example.test")));
    const auto allowed = [&](const std::string& from) {
      return scene.message(from, "x@example.org");
    };
    get(scene.submit(session, allowed("nobody@example.test")));
    get(scene.submit(session, allowed("Hello+tag@example.test")));
    scene.change_alias([](model::Alias& one) { one.is_smtp_suspended = true; });
    assert_fault(Fault::kDenied, scene.submit(session, allowed("Hello+tag@example.test")));
    get(scene.submit(session, allowed("nobody@example.test")));
    get(scene.submit(session, scene.message("alerts@elsewhere.test")));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SubmissionTest);

}  // namespace
}  // namespace fwd::door
