// Every role tries every verb.
#include "rpc/authority.h"

#include <cppunit/extensions/HelperMacros.h>

#include <set>

#include "raw_caller.h"
#include "rpc/verbs.h"

namespace fwd::test {
namespace {

using rpc::Role;
using rpc::Verb;

// What one daemon may ask, written down a second time, by hand, from the
// design's table: a slip in the verb table shows here.
std::set<std::string_view> allowed(Role role) {
  std::set<std::string_view> verbs;
  const auto add = [&](std::initializer_list<std::string_view> names) { verbs.insert(names); };
  const auto add_logins = [&] { add({"log_in", "begin_scram", "finish_scram"}); };
  const auto add_state = [&] {
    add({"state_add", "state_get", "state_set", "state_set_if_absent", "state_remove", "state_lock",
         "state_unlock", "journal_write"});
  };
  const auto add_reading = [&] {
    add({"list_folders", "get_folder", "open_folder", "changes_since", "fetch", "read_content",
         "store_flags", "expunge", "quota", "sync_notices"});
  };
  const auto add_mailing = [&] {
    add({"create_folder", "delete_folder", "rename_folder", "subscribe", "append", "copy", "move"});
  };
  const auto add_upkeep = [&] {
    add({"put_user", "put_domain", "put_alias", "get_user", "get_domain", "get_alias", "list_users",
         "list_domains", "list_aliases", "mailbox_stats", "journal_read"});
  };
  const auto add_removal = [&] {
    add({"remove_user", "remove_domain", "remove_alias", "set_alias_password",
         "add_domain_password", "list_domain_passwords", "remove_domain_password",
         "seal_txt_value"});
  };
  switch (role) {
    case Role::kMxd:
      add({"find_recipient", "deliver", "forward", "await_forward", "settle_forward",
           "get_vacation", "send_reply", "confirm_recipient", "find_forwarded", "find_listed",
           "put_listed", "list_listed"});
      add_state();
      break;
    case Role::kSmtpd:
      add({"log_in_to_send", "begin_scram_to_send", "finish_scram_to_send", "let_local_send",
           "submit", "find_recipient", "find_listed"});
      add_state();
      break;
    case Role::kImapd:
      add_logins();
      add_reading();
      add_mailing();
      break;
    case Role::kPop3d:
      add_logins();
      add_reading();
      break;
    case Role::kDavd:
      add_logins();
      break;
    case Role::kWebd:
      add_logins();
      add_reading();
      add_mailing();
      add_state();
      add_upkeep();
      add_removal();
      add({"put_listed", "remove_listed", "list_listed"});
      break;
    case Role::kBree:
      add_state();
      add_upkeep();
      add({"journal_forget_before", "put_listed"});
      break;
    case Role::kSmtpBree:
      add_state();
      add({"claim", "read_outbound", "report", "prolong", "signing_keys", "bounce_hook",
           "forward_owners", "find_recipient", "deliver", "forward", "settle_forward",
           "confirm_recipient"});
      break;
    case Role::kSqliteBree:
      add_state();
      add({"journal_forget_before", "mailbox_stats"});
      break;
    case Role::kOperator:
      add_state();
      add_upkeep();
      add_removal();
      add({"journal_forget_before", "find_recipient", "waiting_mail", "retry_waiting",
           "find_orphans", "discard_orphan", "list_outbound", "act_on_outbound", "queue_stat",
           "bounce_hook", "find_listed", "put_listed", "remove_listed", "list_listed"});
      break;
  }
  return verbs;
}

bool is_denied(const RawFrame& frame) {
  // wire::Failed: field 1, the fault.
  return frame.kind == rpc::FrameKind::kFailure && frame.payload.size() > 1 &&
         frame.payload[0] == 8 && frame.payload[1] == static_cast<char>(Fault::kDenied);
}

// Logs in as object 1 when the role may, and begins SCRAM as object 2; as 11 and
// 12 in order to send.
void prepare(RawCaller& caller) {
  caller.greet();
  rpc::Parcel login;
  login.head = "\x12\x12hello@example.test\x1a\x06secret";
  caller.request(1, static_cast<std::uint16_t>(Verb::kLogIn), 1, 0, login);
  rpc::Parcel scram;
  scram.head = std::string("\x18\x01", 2);
  caller.request(2, static_cast<std::uint16_t>(Verb::kBeginScram), 2, 0, scram);
  caller.request(3, static_cast<std::uint16_t>(Verb::kLogInToSend), 11, 0, login);
  caller.request(4, static_cast<std::uint16_t>(Verb::kBeginScramToSend), 12, 0, scram);
  run_ready();
  caller.frames.clear();
}

std::uint32_t object_for(rpc::Needs needs) {
  switch (needs) {
    case rpc::Needs::kMailbox:
      return 1;
    case rpc::Needs::kScram:
      return 2;
    case rpc::Needs::kSender:
      return 11;
    case rpc::Needs::kSenderScram:
      return 12;
    case rpc::Needs::kNewNumber:
      return 3;
    case rpc::Needs::kNothing:
      break;
  }
  return 0;
}

}  // namespace

class AuthorityTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AuthorityTest);
  CPPUNIT_TEST(every_role_tries_every_verb);
  CPPUNIT_TEST(a_verb_needs_an_object_of_this_very_connection);
  CPPUNIT_TEST(to_send_one_needs_a_login_of_this_very_connection);
  CPPUNIT_TEST(numbers_that_are_no_verbs_are_denied);
  CPPUNIT_TEST(the_verb_table_is_in_order_and_found_again);
  CPPUNIT_TEST(a_uid_has_one_role_and_strangers_none);
  CPPUNIT_TEST_SUITE_END();

 public:
  void every_role_tries_every_verb() {
    for (const Role role : rpc::all_roles()) {
      PairOptions options;
      options.role = role;
      DoorPair pair(options);
      RawCaller caller(pair.open());
      prepare(caller);
      const std::set<std::string_view> mine = allowed(role);
      std::uint32_t call = 10;
      for (const rpc::VerbRow& row : rpc::all_verbs()) {
        pair.denied.clear();
        caller.frames.clear();
        caller.request(++call, static_cast<std::uint16_t>(row.verb), object_for(row.needs),
                       row.streams ? 1 : 0);
        const std::string what =
            std::string(rpc::role_name(role)) + " asks " + std::string(row.name);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::size_t{1}, caller.frames.size());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, call, caller.frames[0].call);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, mine.contains(row.name), !is_denied(caller.frames[0]));
        const std::string noted = std::string(rpc::role_name(role)) + " " + std::string(row.name);
        const bool reported = pair.denied == std::vector<std::string>{noted};
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, !mine.contains(row.name), reported);
      }
      CPPUNIT_ASSERT(!caller.ended && pair.bugs.empty());
    }
  }

  void a_verb_needs_an_object_of_this_very_connection() {
    DoorPair pair;
    RawCaller first(pair.open());
    prepare(first);
    RawCaller second(pair.open());
    second.greet();
    second.frames.clear();
    const auto try_all = [&](RawCaller& caller, std::uint32_t object) {
      std::uint32_t call = 100;
      for (const rpc::VerbRow& row : rpc::all_verbs()) {
        if (row.needs != rpc::Needs::kMailbox && row.needs != rpc::Needs::kScram) continue;
        caller.request(++call, static_cast<std::uint16_t>(row.verb), object, row.streams ? 1 : 0);
        CPPUNIT_ASSERT_MESSAGE(std::string(row.name), is_denied(caller.frames.back()));
      }
    };
    try_all(second, 1);  // logged in by the other connection
    try_all(second, 2);
    try_all(second, 0);
    // A SCRAM exchange that is not finished is no mailbox, a mailbox no exchange.
    first.request(50, static_cast<std::uint16_t>(Verb::kQuota), 2, 0);
    CPPUNIT_ASSERT(is_denied(first.frames.back()));
    first.request(51, static_cast<std::uint16_t>(Verb::kFinishScram), 1, 0);
    CPPUNIT_ASSERT(is_denied(first.frames.back()));
    // A failed exchange is gone.
    first.request(52, static_cast<std::uint16_t>(Verb::kFinishScram), 2, 0);
    CPPUNIT_ASSERT(!is_denied(first.frames.back()));
    first.request(53, static_cast<std::uint16_t>(Verb::kFinishScram), 2, 0);
    CPPUNIT_ASSERT(is_denied(first.frames.back()));
    // A number in use is not given twice, nor is 0 a number.
    first.request(54, static_cast<std::uint16_t>(Verb::kLogIn), 1, 0);
    CPPUNIT_ASSERT(is_denied(first.frames.back()));
    first.request(55, static_cast<std::uint16_t>(Verb::kLogIn), 0, 0);
    CPPUNIT_ASSERT(is_denied(first.frames.back()));
    // A released mailbox is not to be used any more.
    first.request(56, static_cast<std::uint16_t>(Verb::kQuota), 1, 0);
    CPPUNIT_ASSERT(first.frames.back().kind == rpc::FrameKind::kReply);
    first.send(rpc::FrameKind::kRelease, 0, std::string("\0\0\0\1", 4));
    try_all(first, 1);
  }

  void to_send_one_needs_a_login_of_this_very_connection() {
    PairOptions options;
    options.role = Role::kSmtpd;
    DoorPair pair(options);
    RawCaller first(pair.open());
    prepare(first);
    RawCaller second(pair.open());
    second.greet();
    second.frames.clear();
    std::uint32_t call = 100;
    const auto denies = [&](RawCaller& caller, Verb verb, std::uint32_t object) {
      caller.request(++call, static_cast<std::uint16_t>(verb), object, 0);
      return is_denied(caller.frames.back());
    };
    for (const std::uint32_t object : {11U, 12U, 0U}) {
      CPPUNIT_ASSERT(denies(second, Verb::kSubmit, object));
      CPPUNIT_ASSERT(denies(second, Verb::kFinishScramToSend, object));
    }
    // An exchange is no sender, a sender no exchange; a failed one is gone.
    CPPUNIT_ASSERT(denies(first, Verb::kSubmit, 12));
    CPPUNIT_ASSERT(denies(first, Verb::kFinishScramToSend, 11));
    CPPUNIT_ASSERT(!denies(first, Verb::kFinishScramToSend, 12));
    CPPUNIT_ASSERT(denies(first, Verb::kFinishScramToSend, 12));
    CPPUNIT_ASSERT(denies(first, Verb::kLogInToSend, 11));
    CPPUNIT_ASSERT(denies(first, Verb::kLetLocalSend, 0));
    // A message without its content is no message, but the sender may send.
    CPPUNIT_ASSERT(!denies(first, Verb::kSubmit, 11));
    first.send(rpc::FrameKind::kRelease, 0, std::string("\0\0\0\x0b", 4));
    CPPUNIT_ASSERT(denies(first, Verb::kSubmit, 11));
    CPPUNIT_ASSERT(pair.submission.sending->submitted.empty());
    CPPUNIT_ASSERT_EQUAL(0, pair.submission.sending->sessions_alive);
  }

  void numbers_that_are_no_verbs_are_denied() {
    PairOptions options;
    options.role = Role::kOperator;
    DoorPair pair(options);
    RawCaller caller(pair.open());
    caller.greet();
    for (const unsigned verb : {0U, 1U, 100U, 104U, 699U, 706U, 899U, 65535U}) {
      caller.request(verb + 1U, static_cast<std::uint16_t>(verb), 0, 0);
      CPPUNIT_ASSERT(is_denied(caller.frames.back()));
      CPPUNIT_ASSERT_EQUAL("operator " + std::to_string(verb), pair.denied.back());
    }
    CPPUNIT_ASSERT(!caller.ended);
  }

  void the_verb_table_is_in_order_and_found_again() {
    std::uint16_t before = 0;
    std::set<std::string_view> names;
    for (const rpc::VerbRow& row : rpc::all_verbs()) {
      const auto number = static_cast<std::uint16_t>(row.verb);
      CPPUNIT_ASSERT(number > before);
      CPPUNIT_ASSERT(rpc::find_verb(number) == &row);
      CPPUNIT_ASSERT(names.insert(row.name).second);
      before = number;
    }
  }

  void a_uid_has_one_role_and_strangers_none() {
    rpc::RoleTable table = rpc::RoleTable::of_users([](std::string_view user) {
      std::optional<uid_t> uid;
      if (user == "_fwd-mxd") uid = 101;
      if (user == "_fwd-imapd") uid = 102;
      if (user == "_fwd-webd") uid = 0;  // misconfigured: root stays the operator
      return uid;
    });
    CPPUNIT_ASSERT(table.find(101) == Role::kMxd);
    CPPUNIT_ASSERT(table.find(102) == Role::kImapd);
    CPPUNIT_ASSERT(table.find(0) == Role::kOperator);
    CPPUNIT_ASSERT(!table.find(103));
    CPPUNIT_ASSERT(!table.add(101, Role::kOperator));
    CPPUNIT_ASSERT(table.find(101) == Role::kMxd);
    CPPUNIT_ASSERT(table.add(103, Role::kSmtpBree));
    CPPUNIT_ASSERT_EQUAL(std::string_view("smtp-bree"), rpc::role_name(*table.find(103)));
    CPPUNIT_ASSERT_EQUAL(std::string_view("operator"), rpc::role_name(Role::kOperator));
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(AuthorityTest);

}  // namespace fwd::test
