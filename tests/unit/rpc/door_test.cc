// Every promise, asked through the door's language, is kept as by its keeper.
#include <cppunit/extensions/HelperMacros.h>

#include "door_pair.h"

namespace fwd::test {
namespace {

using std::chrono::seconds;

PairOptions as(rpc::Role role, std::size_t most_per_read) {
  PairOptions options;
  options.role = role;
  options.most_per_read = most_per_read;
  return options;
}

void check_same(const model::MessageRow& a, const model::MessageRow& b) {
  CPPUNIT_ASSERT_EQUAL(a.uid, b.uid);
  CPPUNIT_ASSERT_EQUAL(a.modseq, b.modseq);
  CPPUNIT_ASSERT(a.flags == b.flags);
  CPPUNIT_ASSERT_EQUAL(a.internal_date, b.internal_date);
  CPPUNIT_ASSERT_EQUAL(a.save_date, b.save_date);
  CPPUNIT_ASSERT_EQUAL(a.size, b.size);
  CPPUNIT_ASSERT_EQUAL(a.email_id, b.email_id);
  CPPUNIT_ASSERT_EQUAL(a.thread_id, b.thread_id);
  CPPUNIT_ASSERT(a.outline == b.outline);
  CPPUNIT_ASSERT_EQUAL(a.has_content, b.has_content);
  CPPUNIT_ASSERT_EQUAL(a.chunks.size(), b.chunks.size());
  for (std::size_t i = 0; i < a.chunks.size(); ++i) {
    CPPUNIT_ASSERT_EQUAL(a.chunks[i].offset, b.chunks[i].offset);
    CPPUNIT_ASSERT_EQUAL(a.chunks[i].raw_size, b.chunks[i].raw_size);
    CPPUNIT_ASSERT(a.chunks[i].packed == b.chunks[i].packed);
  }
}

format::PackedMessage packed(const std::string& content) {
  format::PackedMessage message;
  message.size = content.size();
  message.outline = make_row(1, "").outline;
  message.chunks = make_chunks(content);
  message.message_ids = {"a@b", "c@d"};
  message.base_subject = "hello";
  return message;
}

void check_same(const format::PackedMessage& a, const format::PackedMessage& b) {
  CPPUNIT_ASSERT_EQUAL(a.size, b.size);
  CPPUNIT_ASSERT(a.outline == b.outline);
  CPPUNIT_ASSERT(a.message_ids == b.message_ids);
  CPPUNIT_ASSERT_EQUAL(a.base_subject, b.base_subject);
  CPPUNIT_ASSERT_EQUAL(a.chunks.size(), b.chunks.size());
  for (std::size_t i = 0; i < a.chunks.size(); ++i)
    CPPUNIT_ASSERT(a.chunks[i].packed == b.chunks[i].packed);
}

}  // namespace

class DoorTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DoorTest);
  CPPUNIT_TEST(counters_values_and_locks_are_kept);
  CPPUNIT_TEST(each_role_has_a_state_of_its_own);
  CPPUNIT_TEST(the_journal_is_written_read_and_forgotten);
  CPPUNIT_TEST(recipients_are_found);
  CPPUNIT_TEST(a_question_and_its_answer_arrive_whole);
  CPPUNIT_TEST(a_delivery_arrives_whole_small_or_large);
  CPPUNIT_TEST(a_delivery_to_many_is_cut_into_requests);
  CPPUNIT_TEST(records_are_put_got_listed_and_removed);
  CPPUNIT_TEST(a_password_gives_a_mailbox_or_a_failure);
  CPPUNIT_TEST(scram_gives_a_mailbox_once);
  CPPUNIT_TEST(folders_are_listed_made_moved_and_removed);
  CPPUNIT_TEST(a_failure_keeps_its_fault_and_both_texts);
  CPPUNIT_TEST(an_open_folder_and_its_changes_come_whole);
  CPPUNIT_TEST(flags_copies_and_expunges_come_back);
  CPPUNIT_TEST(rows_come_with_every_column_and_content);
  CPPUNIT_TEST(content_comes_in_chunks_from_where_it_was_asked);
  CPPUNIT_TEST(messages_are_appended_small_or_large);
  CPPUNIT_TEST(one_small_message_is_one_frame_each_way);
  CPPUNIT_TEST_SUITE_END();

  static constexpr std::size_t kReads[] = {SIZE_MAX, 1};

 public:
  void counters_values_and_locks_are_kept() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kMxd, most));
      model::State& state = pair.client->state();
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, finish(state.add("k", 3, seconds(60))).value().value);
      const model::Count count = finish(state.add("k", -1, seconds(60))).value();
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, count.value);
      CPPUNIT_ASSERT(count.resets_in == seconds(60));
      CPPUNIT_ASSERT(!finish(state.get("v")).value());
      CPPUNIT_ASSERT(finish(state.set("v", "", seconds(60))).ok());
      CPPUNIT_ASSERT(finish(state.get("v")).value() == std::string());
      CPPUNIT_ASSERT(!finish(state.set_if_absent("v", "x", seconds(60))).value());
      CPPUNIT_ASSERT(finish(state.remove("v")).ok());
      CPPUNIT_ASSERT(finish(state.set_if_absent("v", "x", seconds(60))).value());
      CPPUNIT_ASSERT(finish(state.lock("l", "me", seconds(60))).value());
      CPPUNIT_ASSERT(!finish(state.lock("l", "you", seconds(60))).value());
      CPPUNIT_ASSERT(finish(state.unlock("l", "me")).ok());
      CPPUNIT_ASSERT(finish(state.lock("l", "you", seconds(60))).value());
      CPPUNIT_ASSERT(finish(state.set(std::string(513, 'k'), "", seconds(1))).failure().fault ==
                     Fault::kBadInput);
      CPPUNIT_ASSERT(finish(state.set("k", "", seconds(INT64_MAX))).failure().fault ==
                     Fault::kBadInput);
    }
  }

  void each_role_has_a_state_of_its_own() {
    DoorPair pair(as(rpc::Role::kMxd, SIZE_MAX));
    CPPUNIT_ASSERT(finish(pair.client->state().set("k", "mine", seconds(60))).ok());
    CPPUNIT_ASSERT(finish(pair.states[rpc::Role::kMxd].get("k")).value() == "mine");
    CPPUNIT_ASSERT(!finish(pair.states[rpc::Role::kOperator].get("k")).value());
    pair.options.role = rpc::Role::kOperator;
    rpc::DoorClient another(pair.open(), {});
    CPPUNIT_ASSERT(!finish(another.state().get("k")).value());
    CPPUNIT_ASSERT(finish(another.state().remove("k")).ok());
    CPPUNIT_ASSERT(finish(pair.client->state().get("k")).value() == "mine");
    pair.stateless = pair.options.role = rpc::Role::kBree;
    rpc::DoorClient third(pair.open(), {});
    CPPUNIT_ASSERT(finish(third.state().get("k")).failure().fault == Fault::kCannot);
  }

  void the_journal_is_written_read_and_forgotten() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kBree, most));
      model::Journal& journal = pair.client->journal();
      model::JournalEntry entry;
      entry.event = "mx.delivered";
      entry.message_id = "m1";
      entry.fields = {{"from", "a@b"}, {"to", "c@d"}};
      CPPUNIT_ASSERT(finish(journal.write(entry)).ok());
      entry.event = "mx.refused";
      CPPUNIT_ASSERT(finish(journal.write(entry)).ok());
      model::JournalQuery query;
      query.event = "mx";
      query.address = "c@d";
      const auto found = finish(journal.read(query));
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.value().size());
      CPPUNIT_ASSERT(found.value()[0].fields == entry.fields);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, found.value()[1].id);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, finish(journal.forget_before(INT64_MAX)).value());
    }
  }

  void recipients_are_found() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kMxd, most));
      const auto found = finish(pair.client->deliveries().find_recipient("x@y"));
      CPPUNIT_ASSERT(found.value().kind == model::RecipientKind::kAccepted);
      CPPUNIT_ASSERT_EQUAL(std::string("x@y"), found.value().address);
      CPPUNIT_ASSERT_EQUAL(std::string("b"), found.value().mailboxes.at(1).alias_id);
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{50ULL << 20}, found.value().size_limit);
    }
  }

  void a_question_and_its_answer_arrive_whole() {
    using To = model::DestinationKind;
    model::Recipient whole;
    whole.kind = model::RecipientKind::kTooMany;
    whole.address = "x@y";
    whole.domain_id = "d";
    whole.domain = "y";
    whole.alias_id = "a";
    whole.mailboxes = {{"m", "m@y", "d2"}};
    whole.destinations = {{To::kAddress, "f@example.org", "", 2525, "a", "d2"},
                          {To::kHost, "x@[192.0.2.1]", "192.0.2.1", 25, "a"},
                          {To::kWebhook, "https://h.test/", "", 25, ""}};
    whole.size_limit = 1ULL << 40;
    whole.is_return_path = whole.has_vacation = true;
    whole.rules.require_tls = true;
    whole.rules.allowlist = {"a", "b"};
    whole.rules.denylist = {"*.c"};
    whole.rules.has_adult_content_protection = whole.rules.has_phishing_protection = false;
    whole.rules.has_executable_protection = whole.rules.has_virus_protection = false;
    whole.steps = {"one", "two"};
    whole.passed = {{"d2", "z", whole.rules}, {"d3", "w", {}}};
    DoorPair pair(as(rpc::Role::kMxd, SIZE_MAX));
    pair.deliveries.answer = whole;
    model::RecipientQuestion question{"x@y"};
    for (const bool has_records : {false, true}) {
      if (has_records) question.records = {"r1", "r2"};
      question.explain = has_records;
      const auto found = finish(pair.client->deliveries().resolve_recipient(question)).value();
      CPPUNIT_ASSERT(pair.deliveries.last_question.records == question.records);
      CPPUNIT_ASSERT(pair.deliveries.last_question.explain == has_records);
      CPPUNIT_ASSERT(found.kind == whole.kind && found.domain == "y" && found.alias_id == "a");
      CPPUNIT_ASSERT(found.destinations == whole.destinations && found.rules == whole.rules);
      CPPUNIT_ASSERT(found.size_limit == whole.size_limit && found.is_return_path);
      CPPUNIT_ASSERT(found.has_vacation && found.steps == whole.steps);
      CPPUNIT_ASSERT(found.passed == whole.passed);
      CPPUNIT_ASSERT(found.mailboxes.at(0).address == "m@y" &&
                     found.mailboxes[0].domain_id == "d2");
    }
    question.records.emplace();
    finish(pair.client->deliveries().resolve_recipient(question)).value();
    CPPUNIT_ASSERT(pair.deliveries.last_question.records.has_value());
  }

  void a_delivery_arrives_whole_small_or_large() {
    for (const std::size_t most : {SIZE_MAX, std::size_t{1}}) {
      for (const std::size_t size : {0UL, 1UL, 65535UL, 65536UL, 300000UL}) {
        DoorPair pair(as(rpc::Role::kMxd, most));
        model::Delivery delivery;
        delivery.message_id = "m1";
        delivery.peer_ip = "192.0.2.7";
        delivery.envelope_from = "a@b";
        delivery.targets.resize(1);
        delivery.targets[0].alias_id = "a";
        delivery.targets[0].delivery_id = "d1";
        delivery.targets[0].folder = model::SpecialUse::kJunk;
        delivery.targets[0].flags.keywords = {"$Junk"};
        delivery.targets[0].message = packed(std::string(size, 'x'));
        delivery.returned = {
            "SRS0=x@y", "<m@x>", {{"c@d", "rfc822;e@d", "5.1.1", "550 no", "mx.d"}}};
        CPPUNIT_ASSERT(finish(pair.client->deliveries().deliver(delivery)).ok());
        const model::Delivery& got = pair.deliveries.delivered.at(0);
        CPPUNIT_ASSERT_EQUAL(delivery.message_id, got.message_id);
        CPPUNIT_ASSERT_EQUAL(delivery.peer_ip, got.peer_ip);
        CPPUNIT_ASSERT_EQUAL(delivery.envelope_from, got.envelope_from);
        CPPUNIT_ASSERT_EQUAL(std::string("d1"), got.targets.at(0).delivery_id);
        CPPUNIT_ASSERT(got.targets.at(0).folder == model::SpecialUse::kJunk);
        CPPUNIT_ASSERT(got.targets[0].flags == delivery.targets[0].flags);
        check_same(delivery.targets[0].message, got.targets[0].message);
        CPPUNIT_ASSERT(got.returned->return_path == "SRS0=x@y");
        CPPUNIT_ASSERT(got.returned->message_id == "<m@x>");
        const model::ReturnedRecipient& failed = got.returned->failed.at(0);
        CPPUNIT_ASSERT(failed.address == "c@d" && failed.original == "rfc822;e@d");
        CPPUNIT_ASSERT(failed.status == "5.1.1" && failed.response == "550 no");
        CPPUNIT_ASSERT(failed.mx == "mx.d");
      }
    }
  }

  void a_delivery_to_many_is_cut_into_requests() {
    DoorPair pair(as(rpc::Role::kMxd, SIZE_MAX));
    model::Delivery delivery;
    delivery.message_id = "m1";
    delivery.targets.resize(5);
    for (auto& target : delivery.targets) target.message = packed(std::string(9 << 20, 'x'));
    CPPUNIT_ASSERT(finish(pair.client->deliveries().deliver(std::move(delivery))).ok());
    std::size_t targets = 0;
    for (const auto& one : pair.deliveries.delivered) targets += one.targets.size();
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, targets);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, pair.deliveries.delivered.size());
  }

  void records_are_put_got_listed_and_removed() {
    DoorPair pair(as(rpc::Role::kOperator, SIZE_MAX));
    model::Directory& directory = pair.client->directory();
    model::Alias alias;
    alias.name = "hello";
    CPPUNIT_ASSERT(finish(directory.put_alias(alias)).value().name == "hello");
    CPPUNIT_ASSERT(finish(directory.get_alias("h")).value().name == "hello");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, finish(directory.list_aliases("d")).value().size());
    model::Domain domain;
    domain.name = "example.test";
    CPPUNIT_ASSERT(finish(directory.put_domain(domain)).value().name == "example.test");
    CPPUNIT_ASSERT(finish(directory.get_domain("d")).value().name == "example.test");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, finish(directory.list_domains()).value().size());
    model::User user;
    user.email = "me@example.test";
    CPPUNIT_ASSERT(finish(directory.put_user(user)).value().email == user.email);
    CPPUNIT_ASSERT(finish(directory.get_user("u")).value().email == user.email);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, finish(directory.list_users()).value().size());
    CPPUNIT_ASSERT(finish(directory.remove_user("u")).ok());
    CPPUNIT_ASSERT(finish(directory.remove_domain("d", true)).ok());
    CPPUNIT_ASSERT(finish(directory.remove_alias("a")).ok());
    model::PasswordChange change;
    change.new_password = "new";
    change.current_password = "old";
    change.recovery_code = "code";
    change.start_over = true;
    change.description = "phone";
    change.peer_ip = "192.0.2.9";
    const auto made = finish(directory.set_alias_password("a", change));
    CPPUNIT_ASSERT_EQUAL(std::string("generated"), made.value().password);
    CPPUNIT_ASSERT_EQUAL(std::string("code"), made.value().recovery_code);
    CPPUNIT_ASSERT_EQUAL(std::string("old"), pair.directory.last_change.current_password);
    CPPUNIT_ASSERT_EQUAL(std::string("code"), pair.directory.last_change.recovery_code);
    CPPUNIT_ASSERT_EQUAL(std::string("phone"), pair.directory.last_change.description);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.9"), pair.directory.last_change.peer_ip);
    CPPUNIT_ASSERT(pair.directory.last_change.start_over);
    const auto stats = finish(directory.mailbox_stats(""));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1ULL << 40}, stats.value().at(0).file_octets);
    CPPUNIT_ASSERT(stats.value()[0].open && stats.value()[0].exists);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, stats.value()[0].last_login);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, stats.value()[0].set_aside);
    const auto waiting = finish(directory.waiting_mail("a", 4)).value();
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1LL << 50}, waiting.at(0).entry);
    CPPUNIT_ASSERT(waiting[0].message_id == "M1" && waiting[0].stored == 6);
    CPPUNIT_ASSERT(waiting[0].octets == 7 && waiting[0].is_aside && waiting[0].aside_since == 8);
    CPPUNIT_ASSERT_EQUAL(std::string("corrupt: it cannot be opened"), waiting[0].why);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{9}, finish(directory.retry_waiting("a")).value());
    const auto orphan = finish(directory.find_orphans()).value().at(0);
    CPPUNIT_ASSERT(orphan.kind == model::Directory::OrphanKind::kMail && orphan.alias_id == "a");
    CPPUNIT_ASSERT(orphan.address == "b@c.test" && orphan.path == "/d" && orphan.entries == 5);
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1ULL << 40}, orphan.octets);
    CPPUNIT_ASSERT(finish(directory.discard_orphan("a")).ok());
    const auto added = finish(directory.add_domain_password("d", "u", "printer"));
    CPPUNIT_ASSERT(added.value().id == "t" && added.value().address == "*@example.test");
    CPPUNIT_ASSERT_EQUAL(std::string("generated"), added.value().password);
    const auto token = finish(directory.list_domain_passwords("d")).value().at(0);
    CPPUNIT_ASSERT(token.id == "t" && token.user == "u" && token.description == "printer");
    CPPUNIT_ASSERT(token.created_at.ms == 1LL << 41 && token.hash.empty());
    CPPUNIT_ASSERT(finish(directory.remove_domain_password("d", "t")).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("forward-email=sealed"),
                         finish(directory.seal_txt_value("d", "a:b@c.test")).value());
    const std::vector<std::string> asked = {"get_alias h",
                                            "list_aliases d",
                                            "get_domain d",
                                            "get_user u",
                                            "remove_user u",
                                            "remove_domain d yes",
                                            "remove_alias a",
                                            "set_alias_password a",
                                            "mailbox_stats ",
                                            "waiting_mail a 4",
                                            "retry_waiting a",
                                            "find_orphans",
                                            "discard_orphan a",
                                            "add_domain_password d u printer",
                                            "list_domain_passwords d",
                                            "remove_domain_password d t",
                                            "seal_txt_value d a:b@c.test"};
    CPPUNIT_ASSERT(asked == pair.directory.asked);
  }

  void a_password_gives_a_mailbox_or_a_failure() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      auto wrong = finish(pair.client->logins().log_in({}, "hello@example.test", "no"));
      CPPUNIT_ASSERT(wrong.failure().fault == Fault::kBadLogin);
      auto login = finish(pair.client->logins().log_in({"imap", "192.0.2.1", "s1"},
                                                       "hello@example.test", "secret"));
      CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), login.value().address);
      CPPUNIT_ASSERT_EQUAL(std::string("0123456789abcdef01234567"), login.value().alias_id);
      CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), pair.logins.last_context.peer_ip);
      CPPUNIT_ASSERT(finish(login.value().mailbox->list_folders()).ok());
    }
  }

  void scram_gives_a_mailbox_once() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      model::Logins& logins = pair.client->logins();
      CPPUNIT_ASSERT(!finish(logins.begin_scram({}, "first", false)).ok());
      auto begun = finish(logins.begin_scram({}, "first", true));
      CPPUNIT_ASSERT_EQUAL(std::string("r=first"), begun.value()->server_first());
      auto wrong = finish(begun.value()->finish("wrong", std::string("\0\1", 2)));
      CPPUNIT_ASSERT(wrong.failure().fault == Fault::kBadLogin);
      auto again = finish(begun.value()->finish("right", std::string("\0\1", 2)));
      CPPUNIT_ASSERT(again.failure().fault == Fault::kWrongState);
      begun = finish(logins.begin_scram({}, "first", true));
      auto verdict = finish(begun.value()->finish("right", std::string("\0\1", 2)));
      CPPUNIT_ASSERT_EQUAL(std::string("v=proof"), verdict.value().server_final);
      begun.value().reset();
      CPPUNIT_ASSERT(finish(verdict.value().login.mailbox->quota()).ok());
      CPPUNIT_ASSERT(pair.denied.empty());
    }
  }

  void folders_are_listed_made_moved_and_removed() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      const auto mailbox = pair.log_in();
      const auto folders = finish(mailbox->list_folders());
      CPPUNIT_ASSERT_EQUAL(std::string("Sent Mail"), folders.value().at(1).path);
      const model::Folder& first = folders.value()[0];
      const model::Folder& kept = pair.logins.mailbox->folder;
      CPPUNIT_ASSERT_EQUAL(kept.id, first.id);
      CPPUNIT_ASSERT_EQUAL(kept.object_id, first.object_id);
      CPPUNIT_ASSERT(first.special_use == model::SpecialUse::kInbox);
      CPPUNIT_ASSERT_EQUAL(kept.uid_validity, first.uid_validity);
      CPPUNIT_ASSERT_EQUAL(kept.uid_next, first.uid_next);
      CPPUNIT_ASSERT_EQUAL(kept.highest_modseq, first.highest_modseq);
      CPPUNIT_ASSERT_EQUAL(kept.size, first.size);
      CPPUNIT_ASSERT(!first.subscribed && first.selectable);
      CPPUNIT_ASSERT_EQUAL(kept.unseen, first.unseen);
      CPPUNIT_ASSERT_EQUAL(kept.deleted, first.deleted);
      CPPUNIT_ASSERT_EQUAL(kept.recent, first.recent);
      CPPUNIT_ASSERT_EQUAL(kept.messages, first.messages);
      CPPUNIT_ASSERT(finish(mailbox->get_folder("INBOX")).ok());
      CPPUNIT_ASSERT(
          finish(mailbox->create_folder("A/B", model::SpecialUse::kTrash)).value().special_use ==
          model::SpecialUse::kTrash);
      CPPUNIT_ASSERT(finish(mailbox->delete_folder("A/B")).ok());
      CPPUNIT_ASSERT(finish(mailbox->rename_folder("A", "Ä")).ok());
      CPPUNIT_ASSERT(finish(mailbox->subscribe("A", true)).ok());
      CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, finish(mailbox->quota()).value().limit);
      const std::vector<std::string> asked = {"list_folders",
                                              "get_folder INBOX",
                                              "create_folder A/B",
                                              "delete_folder A/B",
                                              "rename_folder A Ä",
                                              "subscribe A yes",
                                              "quota"};
      CPPUNIT_ASSERT(asked == pair.logins.mailbox->asked);
    }
  }

  void a_failure_keeps_its_fault_and_both_texts() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    const auto folder = finish(mailbox->get_folder("nowhere"));
    CPPUNIT_ASSERT(folder.failure().fault == Fault::kNotFound);
    CPPUNIT_ASSERT_EQUAL(std::string("No such folder"), folder.failure().public_text);
    CPPUNIT_ASSERT_EQUAL(std::string("private words"), folder.failure().private_text);
  }

  void an_open_folder_and_its_changes_come_whole() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      const auto mailbox = pair.log_in();
      SmallMailbox& kept = *pair.logins.mailbox;
      kept.opened.folder = kept.folder;
      // Too many for one frame.
      const model::Uid many = most == 1 ? 70000 : 1500000;
      for (model::Uid uid = 1; uid <= many; ++uid) kept.opened.uids.push_back(uid * 2);
      kept.opened.uids.push_back(UINT32_MAX);
      kept.opened.keywords = {"a", "b"};
      kept.opened.first_unseen = 9;
      kept.opened.recent = model::UidSet{{3, 5}, {9, UINT32_MAX}};
      const auto opened = finish(mailbox->open_folder(7, true));
      CPPUNIT_ASSERT(kept.opened.uids == opened.value().uids);
      CPPUNIT_ASSERT(kept.opened.keywords == opened.value().keywords);
      CPPUNIT_ASSERT(kept.opened.recent == opened.value().recent);
      CPPUNIT_ASSERT_EQUAL(model::Uid{9}, opened.value().first_unseen);
      CPPUNIT_ASSERT_EQUAL(kept.folder.path, opened.value().folder.path);

      kept.changes.messages = {{3, 1ULL << 63, {model::kDraft, {"x"}}}, {4, 5, {}}};
      kept.changes.expunged = model::UidSet{{1, 2}};
      kept.changes.expunged_complete = false;
      kept.changes.uids = {3, 4};
      kept.changes.highest_modseq = 12;
      kept.changes.uid_next = 5;
      kept.changes.recent = model::UidSet{{4, 4}};
      const auto changes = finish(mailbox->changes_since(7, 11, model::UidSet{{1, 9}}, false));
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, changes.value().messages.size());
      CPPUNIT_ASSERT(changes.value().messages[0].flags == kept.changes.messages[0].flags);
      CPPUNIT_ASSERT_EQUAL(model::ModSeq{1ULL << 63}, changes.value().messages[0].modseq);
      CPPUNIT_ASSERT(changes.value().expunged == kept.changes.expunged);
      CPPUNIT_ASSERT(!changes.value().expunged_complete);
      CPPUNIT_ASSERT(changes.value().uids == kept.changes.uids);
      CPPUNIT_ASSERT_EQUAL(model::ModSeq{12}, changes.value().highest_modseq);
      CPPUNIT_ASSERT_EQUAL(model::Uid{5}, changes.value().uid_next);
      CPPUNIT_ASSERT(changes.value().recent == kept.changes.recent);
      CPPUNIT_ASSERT_EQUAL(std::string("open_folder 7 yes"), kept.asked.at(0));
      CPPUNIT_ASSERT_EQUAL(std::string("changes_since 7 11 1:9 no"), kept.asked.at(1));
    }
  }

  void flags_copies_and_expunges_come_back() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      const auto mailbox = pair.log_in();
      SmallMailbox& kept = *pair.logins.mailbox;
      kept.stored.changed = {{1, 2, {model::kSeen, {"k"}}}};
      kept.stored.failed = model::UidSet{{5, 6}};
      kept.removed = model::UidSet{{8, 9}};
      kept.copied = {77, {{1, 101}, {2, 102}}, 55};
      const auto stored =
          finish(mailbox->store_flags(7, model::UidSet{{1, 9}}, model::FlagChange::kRemove,
                                      model::Flags{model::kSeen, {"k"}}, UINT64_MAX));
      CPPUNIT_ASSERT(stored.value().failed == kept.stored.failed);
      CPPUNIT_ASSERT(stored.value().changed.at(0).flags == kept.stored.changed[0].flags);
      CPPUNIT_ASSERT(finish(mailbox->expunge(7, model::UidSet::all())).value() == kept.removed);
      const auto copied = finish(mailbox->copy(7, model::UidSet{{1, 2}}, "Trash"));
      CPPUNIT_ASSERT(copied.value().uids == kept.copied.uids);
      CPPUNIT_ASSERT_EQUAL(std::uint32_t{77}, copied.value().uid_validity);
      CPPUNIT_ASSERT_EQUAL(model::ModSeq{55}, copied.value().highest_modseq);
      CPPUNIT_ASSERT(finish(mailbox->move(7, model::UidSet{{1, 2}}, "Trash")).ok());
      const std::vector<std::string> asked = {"store_flags 7 1:9 3 1 k 18446744073709551615",
                                              "expunge 7 1:4294967295", "copy 7 1:2 Trash",
                                              "move 7 1:2 Trash"};
      CPPUNIT_ASSERT(asked == kept.asked);
    }
  }

  void rows_come_with_every_column_and_content() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      const auto mailbox = pair.log_in();
      SmallMailbox& kept = *pair.logins.mailbox;
      for (const model::Uid uid : {2U, 3U, 900U})
        kept.rows.push_back(make_row(uid, std::string(uid * 60, 'c')));
      kept.rows.push_back(model::MessageRow{});
      kept.rows.back().uid = 901;
      const auto rows = mailbox->fetch(7, model::UidSet{{1, 5}, {900, 950}}, 0x7fff, 8);
      std::vector<model::MessageRow> got;
      for (;;) {
        auto batch = finish(rows->next());
        if (batch.value().empty()) break;
        for (auto& row : batch.value()) got.push_back(std::move(row));
      }
      CPPUNIT_ASSERT_EQUAL(kept.rows.size(), got.size());
      for (std::size_t i = 0; i < got.size(); ++i) check_same(kept.rows[i], got[i]);
      CPPUNIT_ASSERT(finish(rows->next()).value().empty());
      CPPUNIT_ASSERT_EQUAL(std::string("fetch 7 1:5,900:950 32767 8"), kept.asked.at(0));
      CPPUNIT_ASSERT_EQUAL(0, kept.streams_alive);
    }
  }

  void content_comes_in_chunks_from_where_it_was_asked() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      const auto mailbox = pair.log_in();
      SmallMailbox& kept = *pair.logins.mailbox;
      for (int i = 0; i < 300000; ++i) kept.content += static_cast<char>(i * 7 / 11);
      const auto chunks = mailbox->read_content(7, 1, 70000, UINT64_MAX);
      std::string got;
      for (;;) {
        auto batch = finish(chunks->next());
        if (batch.value().empty()) break;
        for (const auto& chunk : batch.value()) {
          CPPUNIT_ASSERT_EQUAL(std::uint64_t{65536 + got.size()}, chunk.offset);
          got += chunk.packed;
        }
      }
      CPPUNIT_ASSERT(got == kept.content.substr(65536));
      const auto gone = mailbox->read_content(7, 2, 0, 10);
      CPPUNIT_ASSERT(finish(gone->next()).failure().fault == Fault::kNotFound);
    }
  }

  void messages_are_appended_small_or_large() {
    for (const std::size_t most : kReads) {
      DoorPair pair(as(rpc::Role::kImapd, most));
      const auto mailbox = pair.log_in();
      std::vector<model::NewMessage> messages(2);
      messages[0].flags.system = model::kDraft;
      messages[0].internal_date = 0;
      messages[0].message = packed("small");
      messages[1].message = packed(std::string(200000, 'L'));
      CPPUNIT_ASSERT(finish(mailbox->append("Drafts", messages)).ok());
      const SmallMailbox& kept = *pair.logins.mailbox;
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, kept.appended.size());
      CPPUNIT_ASSERT(kept.appended[0].internal_date == 0);
      CPPUNIT_ASSERT(!kept.appended[1].internal_date);
      CPPUNIT_ASSERT(kept.appended[0].flags == messages[0].flags);
      check_same(messages[0].message, kept.appended[0].message);
      check_same(messages[1].message, kept.appended[1].message);
    }
  }

  void one_small_message_is_one_frame_each_way() {
    DoorPair pair;
    const auto mailbox = pair.log_in();
    SmallMailbox& kept = *pair.logins.mailbox;
    kept.rows.push_back(make_row(5, "small"));
    const int before = pair.client_stream->writes;
    const auto rows = mailbox->fetch(7, model::UidSet{{5, 5}}, 0x7fff, 0);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, finish(rows->next()).value().size());
    CPPUNIT_ASSERT(finish(rows->next()).value().empty());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, kept.batches_given);
    CPPUNIT_ASSERT_EQUAL(before + 1, pair.client_stream->writes);
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(DoorTest);

}  // namespace fwd::test
