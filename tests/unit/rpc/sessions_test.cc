// Sessions on one account through the door: they see each other's changes.
#include <cppunit/extensions/HelperMacros.h>

#include "core/memory_pipe.h"
#include "door_pair.h"
#include "support/feed_door.h"
#include "support/memory_mailbox.h"

namespace fwd::test {
namespace {

// A server over an account with real semantics, and a client of it.
struct Sessions {
  explicit Sessions(std::size_t most_per_read) {
    logins.add("hello@example.test", "secret", store);
    MemoryPipeOptions pipe;
    pipe.most_per_read = most_per_read;
    auto [server_end, client_end] = make_memory_pipe(std::move(pipe));
    group.spawn("serve", serve(server, std::move(server_end)));
    client = std::make_unique<rpc::DoorClient>(std::move(client_end));
    run_ready();
  }
  static Task<void> serve(rpc::DoorServer& server, std::unique_ptr<Stream> stream) {
    auto serving = server.serve(std::move(stream), rpc::Role::kImapd);
    (void)co_await serving;
  }
  std::shared_ptr<model::Mailbox> log_in() {
    return finish(client->logins().log_in({}, "hello@example.test", "secret")).value().mailbox;
  }

  HandClock clock;
  MemoryStore store{clock, "0123456789abcdef01234567", "hello@example.test"};
  MemoryLogins logins;
  rpc::DoorServer server{rpc::Promises{&logins, nullptr, nullptr, nullptr, nullptr}, {}};
  TaskGroup group{[](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); }};
  std::unique_ptr<rpc::DoorClient> client;
};

}  // namespace

class SessionsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SessionsTest);
  CPPUNIT_TEST(mail_that_comes_is_noticed_and_read);
  CPPUNIT_TEST(one_session_sees_what_the_other_changed);
  CPPUNIT_TEST(notices_come_before_the_answer_to_a_sync);
  CPPUNIT_TEST(a_promise_nobody_keeps_is_cannot);
  CPPUNIT_TEST(the_fuzzers_entry_takes_anything);
  CPPUNIT_TEST_SUITE_END();

 public:
  void mail_that_comes_is_noticed_and_read() {
    for (const std::size_t most : {SIZE_MAX, std::size_t{1}}) {
      Sessions sessions(most);
      const auto mailbox = sessions.log_in();
      Running<Outcome<model::Notice>> notice(mailbox->next_notice());
      const std::string text = "Subject: hello\r\n\r\n" + std::string(100000, 'x') + "\r\n";
      const model::Uid uid = sessions.store.deliver("INBOX", text);
      run_ready();
      const model::FolderId inbox = finish(mailbox->get_folder("INBOX")).value().id;
      CPPUNIT_ASSERT_EQUAL(inbox, notice.value().value().folder);
      const auto opened = finish(mailbox->open_folder(inbox, true));
      CPPUNIT_ASSERT(opened.value().uids == std::vector<model::Uid>{uid});
      CPPUNIT_ASSERT(opened.value().recent.contains(uid));
      const auto chunks = mailbox->read_content(inbox, uid, 0, UINT64_MAX);
      std::string got;
      for (;;) {
        const auto batch = finish(chunks->next());
        if (batch.value().empty()) break;
        for (const auto& chunk : batch.value()) got += format::unpack_chunk(chunk).value();
      }
      CPPUNIT_ASSERT(got == text);
    }
  }

  void one_session_sees_what_the_other_changed() {
    Sessions sessions(SIZE_MAX);
    const auto one = sessions.log_in();
    const auto two = sessions.log_in();
    const model::Uid uid = sessions.store.deliver("INBOX", "Subject: a\r\n\r\n");
    const model::FolderId inbox = finish(one->get_folder("INBOX")).value().id;
    const auto opened = finish(two->open_folder(inbox, false));
    CPPUNIT_ASSERT(
        finish(one->store_flags(inbox, model::UidSet{{uid, uid}}, model::FlagChange::kAdd,
                                model::Flags{model::kDeleted, {}}, UINT64_MAX))
            .ok());
    CPPUNIT_ASSERT(two->has_notice());
    auto changes = finish(
        two->changes_since(inbox, opened.value().folder.highest_modseq, model::UidSet{}, false));
    CPPUNIT_ASSERT(changes.value().messages.at(0).flags.has(model::kDeleted));
    CPPUNIT_ASSERT(finish(one->expunge(inbox, model::UidSet::all())).value().contains(uid));
    changes = finish(two->changes_since(inbox, changes.value().highest_modseq, {}, false));
    CPPUNIT_ASSERT(changes.value().expunged.contains(uid));
  }

  void notices_come_before_the_answer_to_a_sync() {
    for (const std::size_t most : {SIZE_MAX, std::size_t{1}}) {
      Sessions sessions(most);
      const auto mailbox = sessions.log_in();
      const model::FolderId inbox = finish(mailbox->get_folder("INBOX")).value().id;
      for (int i = 0; i < 3; ++i) {
        // Nothing has run since the mail came: the notice is still at the door.
        sessions.store.deliver("INBOX", "Subject: a\r\n\r\n");
        sessions.store.deliver("Archive", "Subject: b\r\n\r\n");
        CPPUNIT_ASSERT(!mailbox->has_notice());
        CPPUNIT_ASSERT(finish(mailbox->sync_notices()).ok());
        CPPUNIT_ASSERT(mailbox->has_notice());
        CPPUNIT_ASSERT_EQUAL(inbox, finish(mailbox->next_notice()).value().folder);
        CPPUNIT_ASSERT(mailbox->has_notice());
        CPPUNIT_ASSERT(finish(mailbox->next_notice()).ok());
        CPPUNIT_ASSERT(finish(mailbox->sync_notices()).ok());
        CPPUNIT_ASSERT(!mailbox->has_notice());
      }
    }
  }

  void a_promise_nobody_keeps_is_cannot() {
    HandClock clock;
    rpc::DoorServer server(rpc::Promises{}, {});
    auto [server_end, client_end] = make_memory_pipe();
    TaskGroup group([](const std::string&, const std::string& what) { CPPUNIT_FAIL(what); });
    group.spawn("serve", Sessions::serve(server, std::move(server_end)));
    rpc::DoorClient client(std::move(client_end));
    run_ready();
    const auto login = finish(client.logins().log_in({}, "a", "b"));
    CPPUNIT_ASSERT(login.failure().fault == Fault::kCannot);
    client.close();
    run_ready();
  }

  void the_fuzzers_entry_takes_anything() {
    for (const bool logged_in : {false, true}) {
      feed_door("", rpc::Role::kImapd, logged_in, SIZE_MAX);
      feed_door("GET / HTTP/1.1\r\n\r\n", rpc::Role::kOperator, logged_in, 1);
      std::string octets;
      for (const rpc::VerbRow& row : rpc::all_verbs()) {
        rpc::RequestHeader header;
        header.verb = static_cast<std::uint16_t>(row.verb);
        header.object = row.needs == rpc::Needs::kMailbox ? 1 : 0;
        header.credit = row.streams ? 1 : 0;
        rpc::put_frame(octets, rpc::FrameKind::kRequest, header.verb,
                       {header.encode(), std::string(8, '\0')});
      }
      for (const rpc::Role role : rpc::all_roles()) feed_door(octets, role, logged_in, SIZE_MAX);
    }
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(SessionsTest);

}  // namespace fwd::test
