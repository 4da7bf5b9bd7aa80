// The door on real files: first passwords, logins, mail for closed and open
// mailboxes, changed and lost passwords, quotas, wrong keys.
#include "door/door.h"

#include <cppunit/extensions/HelperMacros.h>

#include <fstream>

#include "../mailbox/scene.h"
#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/server_key.h"
#include "storage/directory/directory_file.h"
#include "storage/spool/spool.h"

namespace fwd::door {
namespace {

using mailbox::assert_fault;
using mailbox::assert_ok;
using mailbox::get;
using mailbox::LoopScene;
using mailbox::packed;

const std::string kStrong = "zebra-Quantum-42-lantern-mosaic";
const model::LoginContext kPeer{"imap", "192.0.2.1", "S"};

model::PasswordChange with_password(const std::string& current, const std::string& chosen = "") {
  model::PasswordChange change;
  change.current_password = current;
  change.new_password = chosen;
  return change;
}

model::PasswordChange with_code(const std::string& code) {
  model::PasswordChange change;
  change.recovery_code = code;
  return change;
}

model::PasswordChange from_nothing() {
  model::PasswordChange change;
  change.start_over = true;
  return change;
}

class DoorTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DoorTest);
  CPPUNIT_TEST(mail_for_a_closed_mailbox_is_there_at_login_in_order);
  CPPUNIT_TEST(mail_for_an_open_mailbox_is_there_at_once);
  CPPUNIT_TEST(a_repeated_delivery_is_stored_once);
  CPPUNIT_TEST(unknown_names_and_wrong_passwords_look_alike);
  CPPUNIT_TEST(an_address_that_was_wrong_too_often_is_refused_for_a_while);
  CPPUNIT_TEST(no_caller_forgives_the_failures_of_logins);
  CPPUNIT_TEST(wrong_passwords_side_by_side_do_not_pass_the_limit);
  CPPUNIT_TEST(scram_exchanges_side_by_side_do_not_pass_the_limit);
  CPPUNIT_TEST(right_passwords_side_by_side_all_enter);
  CPPUNIT_TEST(the_64_of_an_ipv6_address_is_one_guesser);
  CPPUNIT_TEST(a_tag_does_not_tell_an_unknown_name_from_a_known_one);
  CPPUNIT_TEST(too_many_sessions_of_one_alias_are_refused);
  CPPUNIT_TEST(a_changed_password_opens_the_same_mail_and_ends_sessions);
  CPPUNIT_TEST(a_wrong_current_password_counts_as_a_wrong_login);
  CPPUNIT_TEST(guesses_from_nowhere_count_at_the_alias);
  CPPUNIT_TEST(a_wrong_current_password_is_answered_after_the_delay);
  CPPUNIT_TEST(the_recovery_code_opens_a_mailbox_whose_password_is_lost);
  CPPUNIT_TEST(starting_over_empties_the_mailbox);
  CPPUNIT_TEST(a_chosen_password_must_be_strong);
  CPPUNIT_TEST(a_disabled_alias_cannot_log_in);
  CPPUNIT_TEST(a_full_mailbox_is_told_at_the_recipient);
  CPPUNIT_TEST(mail_that_cannot_be_opened_is_kept_and_shuts_nobody_out);
  CPPUNIT_TEST(mail_set_aside_is_shown_and_set_aside_again_when_a_retry_fails);
  CPPUNIT_TEST(mail_brought_back_is_taken_in_though_later_mail_was_before_it);
  CPPUNIT_TEST(mail_brought_back_into_an_open_mailbox_is_there_at_once);
  CPPUNIT_TEST(mail_that_is_no_message_is_refused_before_it_is_sealed);
  CPPUNIT_TEST(mail_taken_in_under_a_larger_limit_still_arrives);
  CPPUNIT_TEST(passwords_changed_side_by_side_leave_one_that_opens);
  CPPUNIT_TEST(first_passwords_side_by_side_leave_one_that_opens);
  CPPUNIT_TEST(mail_that_comes_while_one_starts_over_can_be_opened_or_is_refused);
  CPPUNIT_TEST(a_change_whose_caller_hung_up_is_finished);
  CPPUNIT_TEST(mail_after_a_log_out_is_spooled_though_the_handle_is_kept);
  CPPUNIT_TEST(no_login_with_the_old_password_outlives_its_change);
  CPPUNIT_TEST(deliveries_side_by_side_do_not_pass_the_quota);
  CPPUNIT_TEST(deleted_mail_makes_room_though_the_file_stays_as_long);
  CPPUNIT_TEST(banning_a_user_ends_the_sessions_of_his_aliases);
  CPPUNIT_TEST(a_lost_file_hides_no_other_mailbox);
  CPPUNIT_TEST(a_removed_alias_leaves_no_file_behind);
  CPPUNIT_TEST(a_removal_cut_short_is_finished_at_the_next_start);
  CPPUNIT_TEST(a_domain_removal_cut_short_is_finished_at_the_next_start);
  CPPUNIT_TEST(a_mailbox_half_made_is_forgotten_and_the_old_one_stays);
  CPPUNIT_TEST(a_beginning_anew_cut_short_is_finished_at_the_next_start);
  CPPUNIT_TEST(what_has_lost_its_alias_is_told_and_removed_only_by_name);
  CPPUNIT_TEST(a_file_the_directory_does_not_know_goes_only_by_starting_over);
  CPPUNIT_TEST(a_mailbox_without_its_file_is_told);
  CPPUNIT_TEST(strange_files_are_told_and_what_an_open_mailbox_needs_is_not);
  CPPUNIT_TEST(a_removal_the_disk_refuses_is_finished_later);
  CPPUNIT_TEST(another_server_key_opens_nothing_and_changes_nothing);
  CPPUNIT_TEST_SUITE_END();

  LoopScene scene_;
  std::unique_ptr<Door> door_;
  std::string alias_id_, password_, recovery_;

  std::string finished_;                                    // after it had been cut short
  std::vector<std::pair<std::int64_t, Failure>> troubles_;  // told of mail, by entry

  DoorOptions options() {
    DoorOptions options;
    options.folder = scene_.folder / "data";
    options.server_key_file = scene_.folder / "server.key";
    options.logins.failure_delay = std::chrono::milliseconds(0);
    options.logins.failures_per_address = 3;
    options.logins.sessions_per_alias = 3;
    options.events.on_mail_trouble = [this](const std::string&, std::int64_t entry,
                                            const Failure& why) {
      troubles_.emplace_back(entry, why);
    };
    options.events.on_finished = [this](const directory::Intention& one,
                                        const Outcome<void>& done) {
      const bool removed = one.kind == directory::IntentionKind::kRemove;
      finished_ += (!done.ok() ? "failed " : removed ? "removed " : "other ") + one.alias_id + '\n';
    };
    return options;
  }

  void open(DoorOptions options) {
    door_.reset();
    door_ = get(scene_.run(Door::open(scene_.loop, scene_.workers, std::move(options))));
  }

  std::size_t count(model::Mailbox& mailbox) {
    return get(scene_.run(mailbox.get_folder("INBOX"))).messages;
  }

  Outcome<model::LoggedIn> try_login(const std::string& address, const std::string& password) {
    return scene_.run(door_->logins().log_in(kPeer, address, password));
  }
  std::shared_ptr<model::Mailbox> log_in(const std::string& password) {
    return get(try_login("hello@example.test", password)).mailbox;
  }

  Outcome<void> try_deliver(const std::string& id, std::size_t body = 100) {
    model::Delivery delivery;
    delivery.message_id = id;
    delivery.targets.push_back({alias_id_, model::SpecialUse::kInbox, {}, packed(id, body)});
    return scene_.run(door_->deliveries().deliver(std::move(delivery)));
  }
  // Works on the spool while the door is shut.
  void with_spool(const std::function<void(spool::Spool&)>& work) {
    door_.reset();
    const auto key = get(crypto::load_server_key(scene_.folder / "server.key"));
    spool::SpoolOptions where;
    where.folder = scene_.folder / "data/spool";
    {
      spool::Spool spool(scene_.workers, scene_.clock, crypto::subkey(key, "spool"), where);
      assert_ok(scene_.run(spool.start()));
      work(spool);
    }
    open(options());
  }
  // Puts octets that nobody sealed into the spool.
  void spool_by_hand(const std::string& sealed) {
    with_spool([&](spool::Spool& spool) {
      assert_ok(scene_.run(spool.append({{alias_id_, sealed, sealed}})));
    });
  }
  // Sets the first message that waits aside, good as it is.
  void set_aside_by_hand() {
    with_spool([&](spool::Spool& spool) {
      const auto first = get(scene_.run(spool.read(alias_id_, 0, 1))).at(0).id;
      assert_ok(scene_.run(spool.set_aside(alias_id_, first, "by hand")));
    });
  }
  std::vector<model::Directory::WaitingMail> waiting_mail() {
    return get(scene_.run(door_->directory().waiting_mail(alias_id_, 0)));
  }
  std::uint64_t retry() { return get(scene_.run(door_->directory().retry_waiting(alias_id_))); }
  std::uint64_t waiting() {
    return get(scene_.run(door_->directory().mailbox_stats(alias_id_)))[0].waiting;
  }
  void deliver(const std::string& id) { assert_ok(try_deliver(id)); }

  Outcome<model::NewCredential> change(model::PasswordChange how) {
    return scene_.run(door_->directory().set_alias_password(alias_id_, std::move(how)));
  }

 public:
  void setUp() override {
    assert_ok(crypto::make_server_key(scene_.folder / "server.key"));
    open(options());
    model::Domain domain;
    domain.name = "example.test";
    const std::string domain_id =
        get(scene_.run(door_->directory().put_domain(std::move(domain)))).id;
    model::Alias alias;
    alias.domain = domain_id;
    alias.name = "hello";
    alias.has_imap = true;
    alias_id_ = get(scene_.run(door_->directory().put_alias(std::move(alias)))).id;
    const auto made = get(change({}));
    password_ = made.password;
    recovery_ = made.recovery_code;
    CPPUNIT_ASSERT_EQUAL(std::size_t{24}, password_.size());
    CPPUNIT_ASSERT(!recovery_.empty());
  }
  void tearDown() override { door_.reset(); }

  void mail_for_a_closed_mailbox_is_there_at_login_in_order() {
    for (const char* id : {"a", "b", "c"}) deliver(id);
    const auto mailbox = log_in(password_);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, count(*mailbox));
    const auto inbox = get(scene_.run(mailbox->get_folder("INBOX")));
    auto rows = mailbox->fetch(inbox.id, model::UidSet::all(), model::kColEnvelope, 0);
    const auto batch = get(scene_.run(rows->next()));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, batch.size());
    CPPUNIT_ASSERT(batch[0].outline.envelope.find("<a@") != std::string::npos);
    CPPUNIT_ASSERT(batch[2].outline.envelope.find("<c@") != std::string::npos);
    const auto stats = get(scene_.run(door_->directory().mailbox_stats(alias_id_)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, stats[0].waiting);
    CPPUNIT_ASSERT(stats[0].open);
  }

  void mail_for_an_open_mailbox_is_there_at_once() {
    const auto mailbox = log_in(password_);
    deliver("a");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*mailbox));
    CPPUNIT_ASSERT(mailbox->has_notice());
  }

  void a_repeated_delivery_is_stored_once() {
    deliver("a");
    deliver("a");
    const auto mailbox = log_in(password_);
    deliver("a");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*mailbox));
    // A target may have the id of an earlier try.
    for (const char* message_id : {"b", "c"}) {
      model::Delivery delivery;
      delivery.message_id = message_id;
      delivery.targets.push_back(
          {alias_id_, model::SpecialUse::kInbox, {}, packed(message_id), "first try"});
      assert_ok(scene_.run(door_->deliveries().deliver(std::move(delivery))));
    }
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*mailbox));
  }

  void unknown_names_and_wrong_passwords_look_alike() {
    const auto wrong = try_login("hello@example.test", "wrong");
    const auto unknown = try_login("nobody@example.test", "wrong");
    assert_fault(Fault::kBadLogin, wrong);
    assert_fault(Fault::kBadLogin, unknown);
    CPPUNIT_ASSERT_EQUAL(wrong.failure().public_text, unknown.failure().public_text);
    assert_fault(Fault::kBadLogin, try_login("not an address", "wrong"));
  }

  void an_address_that_was_wrong_too_often_is_refused_for_a_while() {
    for (int i = 0; i < 3; ++i)
      assert_fault(Fault::kBadLogin, try_login("hello@example.test", "wrong"));
    assert_fault(Fault::kBusy, try_login("hello@example.test", password_));
    const auto elsewhere = scene_.run(
        door_->logins().log_in({"imap", "192.0.2.2", "S"}, "hello+tag@EXAMPLE.test", password_));
    assert_ok(elsewhere);
  }

  void no_caller_forgives_the_failures_of_logins() {
    DoorOptions with_states = options();
    with_states.state_owners = {"mxd", "operator"};
    open(with_states);
    CPPUNIT_ASSERT(door_->state("mxd") != nullptr && door_->state("door") != nullptr);
    for (int i = 0; i < 3; ++i)
      assert_fault(Fault::kBadLogin, try_login("hello@example.test", "wrong"));
    for (const char* owner : {"mxd", "operator"})
      for (const char* key :
           {"login.failures:192.0.2.1", "door/login.failures:192.0.2.1", "../door/login.failures"})
        assert_ok(scene_.run(door_->state(owner)->remove(key)));
    scene_.run(flush_door());
    open(with_states);
    assert_fault(Fault::kBusy, try_login("hello@example.test", password_));
  }

  static std::size_t count_faults(const std::vector<Outcome<model::LoggedIn>>& all, Fault fault) {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) {
      return !one.ok() && one.failure().fault == fault;
    }));
  }
  std::vector<Outcome<model::LoggedIn>> log_in_together(int number, const std::string& password) {
    std::vector<Task<Outcome<model::LoggedIn>>> all;
    for (int i = 0; i < number; ++i)
      all.push_back(door_->logins().log_in(kPeer, "hello@example.test", password));
    return scene_.run_all(std::move(all));
  }

  void wrong_passwords_side_by_side_do_not_pass_the_limit() {
    const auto all = log_in_together(20, "wrong");
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, count_faults(all, Fault::kBadLogin));
    CPPUNIT_ASSERT_EQUAL(std::size_t{17}, count_faults(all, Fault::kBusy));
  }

  void right_passwords_side_by_side_all_enter() {
    DoorOptions many = options();
    many.logins.sessions_per_alias = 100;
    open(many);
    for (const auto& one : log_in_together(20, password_)) assert_ok(one);
  }

  std::unique_ptr<model::ScramExchange> begin_scram(const std::string& name) {
    return get(scene_.run(
        door_->logins().begin_scram(kPeer, "n,,n=" + name + ",r=0123456789abcdef", false)));
  }

  void scram_exchanges_side_by_side_do_not_pass_the_limit() {
    std::vector<std::unique_ptr<model::ScramExchange>> begun;
    for (int i = 0; i < 10; ++i) begun.push_back(begin_scram("hello@example.test"));
    std::vector<Task<Outcome<model::ScramExchange::Verdict>>> all;
    for (const auto& one : begun) {
      const std::string first = one->server_first();
      all.push_back(one->finish(
          "c=biws," + first.substr(0, first.find(',')) + ",p=" + to_base64(std::string(32, 'x')),
          ""));
    }
    std::size_t judged = 0;
    for (const auto& one : scene_.run_all(std::move(all)))
      judged += !one.ok() && one.failure().fault == Fault::kBadLogin ? 1 : 0;
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, judged);
  }

  void the_64_of_an_ipv6_address_is_one_guesser() {
    for (const char* ip : {"2001:db8::1", "2001:db8::2", "2001:db8::3"})
      assert_fault(Fault::kBadLogin, scene_.run(door_->logins().log_in(
                                         {"imap", ip, "S"}, "hello@example.test", "wrong")));
    assert_fault(Fault::kBusy, scene_.run(door_->logins().log_in({"imap", "2001:db8::4", "S"},
                                                                 "hello@example.test", "wrong")));
  }

  void a_tag_does_not_tell_an_unknown_name_from_a_known_one() {
    const auto salt = [&](const std::string& name) {
      const std::string first = begin_scram(name)->server_first();
      return first.substr(first.find(",s="));
    };
    CPPUNIT_ASSERT_EQUAL(salt("hello@example.test"), salt("hello+a@EXAMPLE.test"));
    CPPUNIT_ASSERT_EQUAL(salt("nobody@example.test"), salt("nobody+a@EXAMPLE.test"));
  }

  void too_many_sessions_of_one_alias_are_refused() {
    std::vector<std::shared_ptr<model::Mailbox>> held;
    for (int i = 0; i < 3; ++i) held.push_back(log_in(password_));
    assert_fault(Fault::kBusy, try_login("hello@example.test", password_));
    held.pop_back();
    held.push_back(log_in(password_));
  }

  void a_changed_password_opens_the_same_mail_and_ends_sessions() {
    deliver("a");
    const auto before = log_in(password_);
    assert_fault(Fault::kWrongState, change({}));
    assert_fault(Fault::kBadLogin, change(with_password("wrong")));
    const auto made = get(change(with_password(password_)));
    CPPUNIT_ASSERT(made.recovery_code.empty());
    const auto notice = get(scene_.run(before->next_notice()));
    CPPUNIT_ASSERT(notice.kind == model::NoticeKind::kFolderChanged ||
                   notice.kind == model::NoticeKind::kLoggedOut);
    assert_fault(Fault::kClosed, scene_.run(before->list_folders()));
    assert_fault(Fault::kBadLogin, try_login("hello@example.test", password_));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(made.password)));
  }

  void a_wrong_current_password_counts_as_a_wrong_login() {
    model::PasswordChange wrong = with_password("wrong");
    wrong.peer_ip = kPeer.peer_ip;
    assert_fault(Fault::kBadLogin, change(wrong));
    assert_fault(Fault::kBadLogin, try_login("hello@example.test", "wrong"));
    model::PasswordChange code = with_code("AAAA-BBBB");
    code.peer_ip = kPeer.peer_ip;
    assert_fault(Fault::kBadLogin, change(code));
    assert_fault(Fault::kBusy, try_login("hello@example.test", password_));
    model::PasswordChange right = with_password(password_);
    right.peer_ip = kPeer.peer_ip;
    assert_fault(Fault::kBusy, change(right));
    right.peer_ip = "192.0.2.77";
    assert_ok(change(right));
  }

  void guesses_from_nowhere_count_at_the_alias() {
    for (int i = 0; i < 3; ++i) assert_fault(Fault::kBadLogin, change(with_password("wrong")));
    assert_fault(Fault::kBusy, change(with_password(password_)));
    assert_fault(Fault::kBusy, change(with_code(recovery_)));
    log_in(password_);
    assert_ok(change(from_nothing()));
  }

  void a_wrong_current_password_is_answered_after_the_delay() {
    DoorOptions slow = options();
    slow.logins.failure_delay = std::chrono::milliseconds(120);
    open(slow);
    const Instant began = scene_.loop.clock().now();
    assert_fault(Fault::kBadLogin, change(with_password("wrong")));
    CPPUNIT_ASSERT(scene_.loop.clock().now() - began >= std::chrono::milliseconds(120));
  }

  void the_recovery_code_opens_a_mailbox_whose_password_is_lost() {
    deliver("a");
    assert_fault(Fault::kBadLogin, change(with_code("AAAA-BBBB")));
    const auto made = get(change(with_code(recovery_)));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(made.password)));
    // It stays good for the next time.
    assert_ok(change(with_code(recovery_)));
  }

  void starting_over_empties_the_mailbox() {
    deliver("a");
    const auto made = get(change(from_nothing()));
    CPPUNIT_ASSERT(!made.recovery_code.empty());
    assert_fault(Fault::kBadLogin, try_login("hello@example.test", password_));
    deliver("b");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(made.password)));
  }

  void a_chosen_password_must_be_strong() {
    assert_fault(Fault::kBadInput, change(with_password(password_, "password1")));
    const std::string strong = "zebra-Quantum-42-lantern-mosaic";
    const auto made = get(change(with_password(password_, strong)));
    CPPUNIT_ASSERT(made.password.empty());
    log_in(strong);
  }

  void a_disabled_alias_cannot_log_in() {
    const auto mailbox = log_in(password_);
    auto alias = get(scene_.run(door_->directory().get_alias(alias_id_)));
    alias.is_enabled = false;
    assert_ok(scene_.run(door_->directory().put_alias(std::move(alias))));
    assert_fault(Fault::kClosed, scene_.run(mailbox->list_folders()));
    assert_fault(Fault::kBadLogin, try_login("hello@example.test", password_));
  }

  void a_full_mailbox_is_told_at_the_recipient() {
    auto alias = get(scene_.run(door_->directory().get_alias(alias_id_)));
    alias.max_quota = 1024 * 1024;
    assert_ok(scene_.run(door_->directory().put_alias(std::move(alias))));
    const auto find = [&] {
      return get(scene_.run(door_->deliveries().find_recipient("hello@example.test")));
    };
    CPPUNIT_ASSERT(find().kind == model::RecipientKind::kAccepted);
    CPPUNIT_ASSERT(find().size_limit < 1024 * 1024);
    assert_ok(try_deliver("one", 700 * 1024));
    CPPUNIT_ASSERT(find().size_limit < 512 * 1024);
    assert_fault(Fault::kOverQuota, try_deliver("another", 1024 * 1024));
  }

  void limit_to_a_megabyte() {
    auto alias = get(scene_.run(door_->directory().get_alias(alias_id_)));
    alias.max_quota = 1024 * 1024;
    assert_ok(scene_.run(door_->directory().put_alias(std::move(alias))));
  }

  void deliveries_side_by_side_do_not_pass_the_quota() {
    limit_to_a_megabyte();
    std::vector<Task<Outcome<void>>> all;
    for (int i = 0; i < 10; ++i) {
      model::Delivery delivery;
      delivery.message_id = std::to_string(i);
      delivery.targets.push_back(
          {alias_id_, model::SpecialUse::kInbox, {}, packed("m", 400 * 1024)});
      all.push_back(door_->deliveries().deliver(std::move(delivery)));
    }
    std::size_t stored = 0;
    for (const auto& one : scene_.run_all(std::move(all))) {
      stored += one.ok() ? 1 : 0;
      if (!one.ok()) assert_fault(Fault::kOverQuota, one);
    }
    CPPUNIT_ASSERT(stored >= 1 && stored <= 4);
  }

  void deleted_mail_makes_room_though_the_file_stays_as_long() {
    limit_to_a_megabyte();
    int stored = 0;
    while (try_deliver(std::to_string(stored), 200 * 1024).ok()) ++stored;
    CPPUNIT_ASSERT(stored > 2 && stored < 20);
    {
      const auto mailbox = log_in(password_);
      const auto inbox = get(scene_.run(mailbox->get_folder("INBOX")));
      model::Flags deleted;
      deleted.system = model::kDeleted;
      assert_ok(scene_.run(mailbox->store_flags(inbox.id, model::UidSet::all(),
                                                model::FlagChange::kAdd, deleted, UINT64_MAX)));
      assert_ok(scene_.run(mailbox->expunge(inbox.id, model::UidSet::all())));
    }
    scene_.run(flush_door());
    for (int again = 0; again < 2; ++again) {
      assert_ok(try_deliver("more" + std::to_string(again), 200 * 1024));
      open(options());  // remembers nothing
    }
  }

  void mail_that_cannot_be_opened_is_kept_and_shuts_nobody_out() {
    deliver("a");
    spool_by_hand("spoilt");
    deliver("b");
    for (int login = 0; login < 2; ++login) {
      const auto mailbox = log_in(password_);
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*mailbox));
    }
    const auto mailbox = log_in(password_);
    deliver("c");
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, count(*mailbox));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, waiting());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, troubles_.size());
    CPPUNIT_ASSERT(troubles_[0].first != 0);
  }

  void mail_set_aside_is_shown_and_set_aside_again_when_a_retry_fails() {
    spool_by_hand("spoilt");
    deliver("b");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, waiting_mail().size());
    CPPUNIT_ASSERT(!waiting_mail()[0].is_aside);
    log_in(password_);
    for (int again = 0; again < 2; ++again) {
      const auto left = waiting_mail();
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, left.size());
      CPPUNIT_ASSERT(left[0].is_aside && left[0].message_id == "spoilt" && !left[0].why.empty());
      CPPUNIT_ASSERT(left[0].aside_since >= left[0].stored && left[0].stored > 0);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, retry());
      CPPUNIT_ASSERT(!waiting_mail()[0].is_aside);
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(password_)));
    }
    assert_fault(Fault::kNotFound, scene_.run(door_->directory().retry_waiting("0123456789")));
    assert_fault(Fault::kNotFound, scene_.run(door_->directory().waiting_mail("0123456789", 0)));
  }

  void mail_brought_back_is_taken_in_though_later_mail_was_before_it() {
    deliver("a");
    set_aside_by_hand();
    deliver("b");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(password_)));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, retry());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*log_in(password_)));
    CPPUNIT_ASSERT(waiting_mail().empty());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, retry());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*log_in(password_)));
  }

  void mail_brought_back_into_an_open_mailbox_is_there_at_once() {
    deliver("a");
    set_aside_by_hand();
    const auto mailbox = log_in(password_);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count(*mailbox));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, retry());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*mailbox));
    CPPUNIT_ASSERT(mailbox->has_notice());
    deliver("b");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*mailbox));
  }

  void mail_that_is_no_message_is_refused_before_it_is_sealed() {
    model::Delivery delivery;
    delivery.message_id = "a";
    delivery.targets.push_back({alias_id_, model::SpecialUse::kInbox, {}, packed("a")});
    delivery.targets[0].message.size += 1;
    assert_fault(Fault::kBadInput, scene_.run(door_->deliveries().deliver(std::move(delivery))));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, waiting());
    log_in(password_);
  }

  void mail_taken_in_under_a_larger_limit_still_arrives() {
    assert_ok(try_deliver("large", 5000));
    DoorOptions smaller = options();
    smaller.mailboxes.limits.message_octets = 1000;
    open(smaller);
    assert_fault(Fault::kOverLimit, try_deliver("larger", 6000));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(password_)));
  }

  std::vector<std::string> change_together(const std::vector<model::PasswordChange>& hows) {
    std::vector<Task<Outcome<model::NewCredential>>> all;
    for (const auto& how : hows)
      all.push_back(door_->directory().set_alias_password(alias_id_, how));
    std::vector<std::string> passwords;
    for (const auto& one : scene_.run_all(std::move(all))) {
      if (one.ok()) passwords.push_back(one.value().password);
      if (!one.ok()) assert_fault(Fault::kBusy, one);
    }
    return passwords;
  }

  void passwords_changed_side_by_side_leave_one_that_opens() {
    const auto changed =
        change_together({with_password(password_), from_nothing(), with_code(recovery_)});
    CPPUNIT_ASSERT(!changed.empty());
    deliver("a");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(changed.back())));
  }

  void first_passwords_side_by_side_leave_one_that_opens() {
    model::Alias alias = get(scene_.run(door_->directory().get_alias(alias_id_)));
    alias.id.clear();
    alias.name = "second";
    alias_id_ = get(scene_.run(door_->directory().put_alias(std::move(alias)))).id;
    const auto changed = change_together({{}, {}});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, changed.size());
    deliver("a");
    const auto login = try_login("second@example.test", changed[0]);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*get(login).mailbox));
  }

  static Task<Outcome<void>> without_value(Task<Outcome<model::NewCredential>> work) {
    auto done = co_await work;
    if (!done.ok()) co_return done.failure();
    co_return Outcome<void>{};
  }

  void mail_that_comes_while_one_starts_over_can_be_opened_or_is_refused() {
    model::PasswordChange how = from_nothing();
    how.new_password = kStrong;
    std::vector<Task<Outcome<void>>> all;
    for (int i = 0; i < 40; ++i) {
      if (i == 20)
        all.push_back(without_value(door_->directory().set_alias_password(alias_id_, how)));
      model::Delivery delivery;
      delivery.message_id = std::to_string(i);
      delivery.targets.push_back({alias_id_, model::SpecialUse::kInbox, {}, packed("m")});
      all.push_back(door_->deliveries().deliver(std::move(delivery)));
    }
    for (const auto& one : scene_.run_all(std::move(all)))
      if (!one.ok()) assert_fault(Fault::kUnavailable, one);
    deliver("last");
    CPPUNIT_ASSERT(count(*log_in(kStrong)) >= 1);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, waiting());
    CPPUNIT_ASSERT(troubles_.empty());
  }

  static Task<void> forget_answer(Task<Outcome<void>> work) {
    static_cast<void>((co_await work).ok());
  }

  void a_change_whose_caller_hung_up_is_finished() {
    deliver("a");
    model::PasswordChange how = with_password(password_);
    how.new_password = kStrong;
    {
      TaskGroup caller([](const std::string&, const std::string&) {});
      caller.spawn(
          "caller",
          forget_answer(without_value(door_->directory().set_alias_password(alias_id_, how))));
    }
    scene_.run(flush_door());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(kStrong)));
  }
  Task<bool> flush_door() {
    co_await door_->flush();
    co_return true;
  }

  void mail_after_a_log_out_is_spooled_though_the_handle_is_kept() {
    const auto kept = log_in(password_);
    const auto made = get(change(with_password(password_)));
    deliver("a");
    deliver("b");
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, waiting());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*log_in(made.password)));
  }

  static Task<Outcome<std::shared_ptr<model::Mailbox>>> mailbox_of(
      Task<Outcome<model::LoggedIn>> work) {
    auto done = co_await work;
    if (!done.ok()) co_return done.failure();
    co_return done.value().mailbox;
  }
  static Task<Outcome<std::shared_ptr<model::Mailbox>>> no_mailbox_of(
      Task<Outcome<model::NewCredential>> work) {
    auto done = co_await work;
    if (!done.ok()) co_return done.failure();
    co_return std::shared_ptr<model::Mailbox>();
  }

  void no_login_with_the_old_password_outlives_its_change() {
    DoorOptions many = options();
    many.logins.sessions_per_alias = 100;
    many.logins.failures_per_address = 100;
    open(many);
    std::vector<Task<Outcome<std::shared_ptr<model::Mailbox>>>> all;
    for (int i = 0; i < 40; ++i) {
      if (i == 1)
        all.push_back(no_mailbox_of(
            door_->directory().set_alias_password(alias_id_, with_password(password_))));
      all.push_back(mailbox_of(door_->logins().log_in(kPeer, "hello@example.test", password_)));
    }
    for (const auto& one : scene_.run_all(std::move(all)))
      if (one.ok() && one.value() != nullptr)
        assert_fault(Fault::kClosed, scene_.run(one.value()->list_folders()));
  }

  void banning_a_user_ends_the_sessions_of_his_aliases() {
    model::User user;
    user.email = "owner@example.test";
    user = get(scene_.run(door_->directory().put_user(std::move(user))));
    auto alias = get(scene_.run(door_->directory().get_alias(alias_id_)));
    alias.user = user.id;
    assert_ok(scene_.run(door_->directory().put_alias(std::move(alias))));
    const auto mailbox = log_in(password_);
    user.is_banned = true;
    assert_ok(scene_.run(door_->directory().put_user(std::move(user))));
    assert_fault(Fault::kClosed, scene_.run(mailbox->list_folders()));
  }

  void a_lost_file_hides_no_other_mailbox() {
    std::filesystem::remove_all(scene_.folder / "data/mailboxes");
    const auto stats = get(scene_.run(door_->directory().mailbox_stats("")));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, stats.size());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, stats[0].file_octets);
  }

  void a_removed_alias_leaves_no_file_behind() {
    deliver("a");
    assert_ok(scene_.run(door_->directory().remove_alias(alias_id_)));
    std::size_t files = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(scene_.folder / "data/mailboxes"))
      files += entry.is_regular_file() ? 1 : 0;
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, files);
    assert_fault(Fault::kBadLogin, try_login("hello@example.test", password_));
  }

  std::vector<std::string> mailbox_files() {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(scene_.folder / "data/mailboxes"))
      if (entry.is_regular_file()) names.push_back(entry.path().filename());
    return names;
  }
  std::string mailbox_path() {
    return scene_.folder / ("data/mailboxes/" + alias_id_.substr(alias_id_.size() - 2) + "/" +
                            alias_id_ + ".sqlite");
  }
  std::vector<model::Directory::Orphan> orphans() {
    return get(scene_.run(door_->directory().find_orphans()));
  }
  // Works on the directory while the door is shut, as one that crashed left it.
  void with_directory(const std::function<void(directory::DirectoryFile&)>& work) {
    door_.reset();
    {
      const auto key = get(crypto::load_server_key(scene_.folder / "server.key"));
      const std::string name = "directory.sqlite";
      const auto file = get(directory::DirectoryFile::open(
          scene_.folder / ("data/" + name), crypto::subkey(key, name), crypto::blake2b(16, name)));
      work(*file);
    }
    open(options());
  }

  void a_removal_cut_short_is_finished_at_the_next_start() {
    deliver("a");
    with_directory(
        [&](directory::DirectoryFile& file) { assert_ok(file.remove_alias(alias_id_, {1})); });
    CPPUNIT_ASSERT(mailbox_files().empty());
    CPPUNIT_ASSERT_EQUAL("removed " + alias_id_ + "\n", finished_);
    CPPUNIT_ASSERT(orphans().empty());
    with_spool(
        [&](spool::Spool& spool) { CPPUNIT_ASSERT(get(scene_.run(spool.all_stats())).empty()); });
    CPPUNIT_ASSERT_EQUAL("removed " + alias_id_ + "\n", finished_);
  }

  void a_domain_removal_cut_short_is_finished_at_the_next_start() {
    deliver("a");
    const auto domain = get(scene_.run(door_->directory().get_domain("example.test")));
    with_directory([&](directory::DirectoryFile& file) {
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, get(file.remove_domain(domain.id, true, {1})).size());
    });
    CPPUNIT_ASSERT(mailbox_files().empty() && orphans().empty());
  }

  void a_mailbox_half_made_is_forgotten_and_the_old_one_stays() {
    deliver("a");
    with_directory([&](directory::DirectoryFile& file) {
      assert_ok(file.intend_to_prepare(alias_id_, {1}));
      std::filesystem::copy_file(mailbox_path(), mailbox_path() + ".next");
      std::filesystem::copy_file(mailbox_path(), mailbox_path() + ".next.new");
    });
    CPPUNIT_ASSERT(std::vector<std::string>{alias_id_ + ".sqlite"} == mailbox_files());
    CPPUNIT_ASSERT(orphans().empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(password_)));
  }

  // Both moments of a beginning anew that a crash may find after its commit.
  void a_beginning_anew_cut_short_is_finished_at_the_next_start() {
    deliver("old");
    const auto newest = waiting_mail().back().entry;
    const std::string old = scene_.folder / "old.sqlite";
    std::filesystem::copy_file(mailbox_path(), old);
    const auto made = get(change(from_nothing()));
    deliver("new");
    // The new credentials are in force, the old file and the old mail are still there.
    std::filesystem::rename(mailbox_path(), mailbox_path() + ".next");
    std::filesystem::rename(old, mailbox_path());
    const auto intend = [&](std::int64_t up_to) {
      with_directory([&](directory::DirectoryFile& file) {
        sqlcipher::Statement row =
            file.database().prepare("INSERT INTO intentions VALUES (?1, 3, ?2, 1)");
        row.bind(1, std::string_view(alias_id_)).bind(2, up_to);
        assert_ok(row.run());
      });
    };
    intend(newest);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(made.password)));
    // It was finished but for its record: what waits since is not touched.
    deliver("newer");
    intend(INT64_MAX);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count(*log_in(made.password)));
    CPPUNIT_ASSERT(orphans().empty());
  }

  void what_has_lost_its_alias_is_told_and_removed_only_by_name() {
    deliver("a");
    const auto forget = [&](directory::DirectoryFile& file) {
      assert_ok(file.remove_alias(alias_id_, {1}));
      assert_ok(file.forget_intention(alias_id_));
    };
    assert_fault(Fault::kWrongState, scene_.run(door_->directory().discard_orphan(alias_id_)));
    with_directory(forget);
    const auto found = orphans();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.size());
    CPPUNIT_ASSERT(found[0].kind == model::Directory::OrphanKind::kFile);
    CPPUNIT_ASSERT_EQUAL(mailbox_path(), found[0].path);
    CPPUNIT_ASSERT(found[1].kind == model::Directory::OrphanKind::kMail);
    CPPUNIT_ASSERT(found[1].alias_id == alias_id_ && found[1].entries == 1);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mailbox_files().size());
    assert_fault(Fault::kBadInput, scene_.run(door_->directory().discard_orphan("../x")));
    assert_fault(Fault::kNotFound, scene_.run(door_->directory().discard_orphan("0123456789")));
    assert_ok(scene_.run(door_->directory().discard_orphan(alias_id_)));
    CPPUNIT_ASSERT(orphans().empty() && mailbox_files().empty());
  }

  void a_file_the_directory_does_not_know_goes_only_by_starting_over() {
    deliver("a");
    with_directory([&](directory::DirectoryFile& file) {
      assert_ok(file.remove_mailbox(alias_id_));  // as an older copy of it has it
    });
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), orphans().at(0).address);
    assert_fault(Fault::kWrongState, change({}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mailbox_files().size());
    const auto made = get(change(from_nothing()));
    CPPUNIT_ASSERT(orphans().empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, count(*log_in(made.password)));
  }

  void a_mailbox_without_its_file_is_told() {
    std::filesystem::remove(mailbox_path());
    const auto found = orphans();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.size());
    CPPUNIT_ASSERT(found[0].kind == model::Directory::OrphanKind::kMissing);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), found[0].address);
    get(change(from_nothing()));
    CPPUNIT_ASSERT(orphans().empty());
  }

  void strange_files_are_told_and_what_an_open_mailbox_needs_is_not() {
    const auto mailbox = log_in(password_);
    deliver("a");
    CPPUNIT_ASSERT(mailbox_files().size() > 1 && orphans().empty());
    std::ofstream(scene_.folder / "data/mailboxes/notes") << "x";
    std::ofstream(mailbox_path() + ".bak") << "x";
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, orphans().size());
  }

  void a_removal_the_disk_refuses_is_finished_later() {
    deliver("a");
    // A folder of that name cannot be unlinked, by root neither.
    std::filesystem::rename(mailbox_path(), scene_.folder / "kept");
    std::filesystem::create_directory(mailbox_path());
    assert_fault(Fault::kUnavailable, scene_.run(door_->directory().remove_alias(alias_id_)));
    CPPUNIT_ASSERT(orphans().at(0).kind == model::Directory::OrphanKind::kUnfinished);
    CPPUNIT_ASSERT_EQUAL("failed " + alias_id_ + "\n", finished_);
    std::filesystem::remove(mailbox_path());
    std::filesystem::rename(scene_.folder / "kept", mailbox_path());
    CPPUNIT_ASSERT(orphans().empty() && mailbox_files().empty());
  }

  void another_server_key_opens_nothing_and_changes_nothing() {
    deliver("a");
    door_.reset();
    DoorOptions other = options();
    other.server_key_file = scene_.folder / "other.key";
    assert_ok(crypto::make_server_key(other.server_key_file));
    const auto refused = scene_.run(Door::open(scene_.loop, scene_.workers, other));
    assert_fault(Fault::kCorrupt, refused);
    CPPUNIT_ASSERT(refused.failure().private_text.find("other.key") != std::string::npos);
    open(options());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count(*log_in(password_)));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DoorTest);

}  // namespace
}  // namespace fwd::door
