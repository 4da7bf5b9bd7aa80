// The operator's commands about sending, on keepers that say what they were
// asked.
#include <cppunit/extensions/HelperMacros.h>

#include "service/operator/command_pages.h"
#include "unit/service/operator_office.h"

namespace fwd::test {
namespace {

using model::OutboundState;

model::Outbound waiting(const Office& office, const std::string& id) {
  const std::int64_t now = unix_milliseconds(office.clock.wall());
  model::Outbound message = make_outbound(id);
  message.state = OutboundState::kDeferred;
  message.is_held = false;
  message.created = now - 3 * 3600 * 1000;
  model::OutboundRecipient& one = message.recipients[0];
  one.state = model::RecipientState::kWaiting;
  one.leased_until = 0;
  one.next_attempt = now + 30 * 60 * 1000;
  one.last.code = 451;
  one.last.response = "greylisted\x1b[2J, \xC3\xBC";
  message.recipients[1].state = model::RecipientState::kDelivered;
  return message;
}

}  // namespace

class SendingCommandsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(SendingCommandsTest);
  CPPUNIT_TEST(the_queue_is_listed_in_words_and_as_json);
  CPPUNIT_TEST(a_message_is_shown_with_what_the_hosts_said);
  CPPUNIT_TEST(filters_are_read);
  CPPUNIT_TEST(messages_are_acted_on_by_id_and_it_is_noted);
  CPPUNIT_TEST(messages_are_acted_on_by_filter_and_never_by_accident);
  CPPUNIT_TEST(the_queue_is_counted);
  CPPUNIT_TEST(domain_passwords_are_made_listed_and_removed);
  CPPUNIT_TEST(aliases_for_txt_records_are_sealed);
  CPPUNIT_TEST(an_address_is_followed_and_the_way_told);
  CPPUNIT_TEST(the_dns_is_asked_about_a_domain_that_is_told_by_it);
  CPPUNIT_TEST(a_webhook_is_shown_with_its_key);
  CPPUNIT_TEST(a_vacation_is_set_shown_and_ended);
  CPPUNIT_TEST(the_records_to_publish_are_printed_as_a_zone_and_as_json);
  CPPUNIT_TEST(a_domain_without_keys_gets_them_before_its_records_are_printed);
  CPPUNIT_TEST(commands_of_three_words_are_found_helped_and_completed);
  CPPUNIT_TEST_SUITE_END();

 public:
  void the_queue_is_listed_in_words_and_as_json() {
    Office office;
    office.queue.messages = {waiting(office, "M2"), waiting(office, "M1")};
    office.queue.messages[1].is_held = true;
    CPPUNIT_ASSERT(office.run({"queue", "list"}).ok());
    CPPUNIT_ASSERT(office.says("M2       deferred        3h"));
    CPPUNIT_ASSERT(office.says("deferred, held"));
    CPPUNIT_ASSERT(office.says("A@B.test +1  in 30m"));
    CPPUNIT_ASSERT(office.says("greylisted?[2J, \xC3\xBC"));
    CPPUNIT_ASSERT_EQUAL(std::uint32_t{100}, office.queue.filters.at(0).limit);
    CPPUNIT_ASSERT(office.queue.filters.at(0).states.empty());
    CPPUNIT_ASSERT(office.run({"queue", "list", "--json"}).ok());
    const format::Json list = office.json();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, list.array()->size());
    const format::Json& first = (*list.array())[0];
    CPPUNIT_ASSERT_EQUAL(std::string("M2"), *first.find("id")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("deferred"), *first.find("state")->text());
    const format::Json& recipient = (*first.find("recipients")->array())[0];
    CPPUNIT_ASSERT_EQUAL(std::string("waiting"), *recipient.find("state")->text());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{451},
                         *recipient.find("last_attempt")->find("code")->integer());
  }

  void a_message_is_shown_with_what_the_hosts_said() {
    Office office;
    office.queue.messages = {waiting(office, "M2")};
    CPPUNIT_ASSERT(office.run({"queue", "show", "M2"}).ok());
    for (const char* words : {"Grüße", "mx.b.test", "451 5.1.1 greylisted?", "delivered"})
      CPPUNIT_ASSERT_MESSAGE(words, office.says(words));
    const model::QueueFilter& asked = office.queue.filters.at(0);
    CPPUNIT_ASSERT(asked.id == "M2" && asked.states.size() == 7);
    office.queue.messages.clear();
    CPPUNIT_ASSERT(office.fault_of({"queue", "show", "M3"}) == Fault::kNotFound);
    CPPUNIT_ASSERT(office.fault_of({"queue", "show"}) == Fault::kBadInput);
  }

  void a_vacation_is_set_shown_and_ended() {
    Office office;
    office.directory.alias.id = "a1";
    office.directory.alias.name = "hello";
    const std::vector<std::string> command = {"alias", "vacation", "hello@example.test"};
    const auto with = [&command](const std::vector<std::string>& more) {
      std::vector<std::string> words = command;
      words.insert(words.end(), more.begin(), more.end());
      return words;
    };
    const model::VacationResponder& vacation = office.directory.alias.vacation_responder;
    CPPUNIT_ASSERT(office.run(command).ok() && office.says("answers  no\n"));
    CPPUNIT_ASSERT(office.fault_of(with({"--on"})) == Fault::kBadInput);  // no message yet
    office.input = "Back on Monday.\x1b[2J\n";
    CPPUNIT_ASSERT(office
                       .run(with({"--on", "--message-file", "-", "--subject", "Away", "--until",
                                  "2026-02-01"}))
                       .ok());
    CPPUNIT_ASSERT(vacation.is_enabled && vacation.subject == "Away");
    CPPUNIT_ASSERT_EQUAL(std::string("2026-02-01T00:00:00.000Z"), format_date(vacation.end_date));
    CPPUNIT_ASSERT(office.says("answers  yes\n") && office.says("Back on Monday.?[2J\n"));
    CPPUNIT_ASSERT(office.run(with({"--from", "2026-01-20"})).ok() && office.says("not yet\n"));
    CPPUNIT_ASSERT(office.run(with({"--from", "", "--until", "2025-12-31"})).ok());
    CPPUNIT_ASSERT(office.says("no more\n") && vacation.start_date.empty());
    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"--on", "--off"}, {"--from", "soon"}})
      CPPUNIT_ASSERT(office.fault_of(with(wrong)) == Fault::kBadInput);
    CPPUNIT_ASSERT(office.fault_of(with({"--message-file", "gone"})) == Fault::kNotFound);
    CPPUNIT_ASSERT(office.run(with({"--off", "--json"})).ok() && !vacation.is_enabled);
  }

  void filters_are_read() {
    Office office;
    CPPUNIT_ASSERT(
        office
            .run({"queue", "list", "--domain", "example.test", "--sender=a@b.test", "--destination",
                  "c.test", "--state", "deferred, bounced,deferred", "--limit", "7"})
            .ok());
    const model::QueueFilter& asked = office.queue.filters.at(0);
    CPPUNIT_ASSERT(asked.domain_id == "d1" && asked.sender == "a@b.test");
    CPPUNIT_ASSERT(asked.destination == "c.test" && asked.limit == 7);
    const std::vector<OutboundState> states = {OutboundState::kDeferred, OutboundState::kBounced};
    CPPUNIT_ASSERT(states == asked.states);
    CPPUNIT_ASSERT(office.run({"queue", "list", "--all"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{7}, office.queue.filters.at(1).states.size());
    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"queue", "list", "--limit", "0"},
          {"queue", "list", "--limit", "many"},
          {"queue", "list", "--state", "lost"},
          {"queue", "list", "--state", ""},
          {"queue", "list", "--sender="},
          {"queue", "list", "M1"}})
      CPPUNIT_ASSERT(office.fault_of(wrong) == Fault::kBadInput);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, office.queue.filters.size());
  }

  void messages_are_acted_on_by_id_and_it_is_noted() {
    const std::vector<std::pair<std::string, model::QueueAction>> verbs = {
        {"hold", model::QueueAction::kHold},
        {"release", model::QueueAction::kRelease},
        {"retry", model::QueueAction::kRetry},
        {"remove", model::QueueAction::kRemove},
        {"bounce", model::QueueAction::kBounce}};
    for (const auto& [verb, action] : verbs) {
      Office office;
      office.queue.acted = 1;
      CPPUNIT_ASSERT(office.run({"queue", verb, "M1", "M2", "--json"}).ok());
      CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, *office.json().find("messages")->integer());
      CPPUNIT_ASSERT(office.queue.filters.size() == 2 && office.queue.filters[1].id == "M2");
      CPPUNIT_ASSERT(office.queue.last_action == action);
      CPPUNIT_ASSERT_EQUAL(std::size_t{2}, office.journal.entries().size());
      CPPUNIT_ASSERT_EQUAL(std::string("M1"), office.journal.entries()[0].message_id);
      CPPUNIT_ASSERT(office.journal.entries()[0].event.starts_with("queue."));
    }
    Office office;
    office.queue.acted = 0;
    CPPUNIT_ASSERT(office.fault_of({"queue", "hold", "M1"}) == Fault::kNotFound);
    CPPUNIT_ASSERT(office.journal.entries().empty());
  }

  void messages_are_acted_on_by_filter_and_never_by_accident() {
    Office office;
    office.queue.acted = 5;
    CPPUNIT_ASSERT(office.fault_of({"queue", "remove"}) == Fault::kBadInput);
    CPPUNIT_ASSERT(office.fault_of({"queue", "remove", "M1", "--all"}) == Fault::kBadInput);
    CPPUNIT_ASSERT(office.fault_of({"queue", "remove", "--domain="}) == Fault::kBadInput);
    CPPUNIT_ASSERT(office.queue.filters.empty());
    CPPUNIT_ASSERT(office.run({"queue", "retry", "--destination", "b.test"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("5 messages to be tried now\n"), office.printed);
    CPPUNIT_ASSERT(office.queue.filters.at(0).destination == "b.test");
    const model::JournalEntry& noted = office.journal.entries().at(0);
    CPPUNIT_ASSERT(noted.event == "queue.retried" && noted.fields.at("messages") == "5");
    CPPUNIT_ASSERT(noted.fields.at("destination") == "b.test" && noted.message_id.empty());
    CPPUNIT_ASSERT(office.run({"queue", "remove", "--all"}).ok());
    const std::vector<OutboundState> unended = {OutboundState::kPending, OutboundState::kQueued,
                                                OutboundState::kDeferred};
    CPPUNIT_ASSERT(unended == office.queue.filters.at(1).states);
    office.queue.acted = 0;
    CPPUNIT_ASSERT(office.run({"queue", "hold", "--state", "queued"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("0 messages held\n"), office.printed);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, office.journal.entries().size());
  }

  void the_queue_is_counted() {
    Office office;
    const std::int64_t now = unix_milliseconds(office.clock.wall());
    office.queue.stat.messages[3] = 12;
    office.queue.stat.octets = 3 << 20;
    office.queue.stat.oldest_waiting = now - 1000;
    office.queue.stat.destinations = {{"b.test", 12, 3, now + 3600 * 1000, "421 too many"}};
    CPPUNIT_ASSERT(office.run({"queue", "stat"}).ok());
    for (const char* words : {"deferred            12", "3.0 MB", "for 60m", "421 too many"})
      CPPUNIT_ASSERT_MESSAGE(office.printed, office.says(words));
    CPPUNIT_ASSERT(office.run({"--", "queue"}).ok() == false);
    CPPUNIT_ASSERT(office.run({"queue", "stat", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, *office.json().find("deferred")->integer());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, *office.json().find("sent")->integer());
    CPPUNIT_ASSERT(office.run({"status", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, *office.json().find("outbound_deferred")->integer());
  }

  void domain_passwords_are_made_listed_and_removed() {
    Office office;
    CPPUNIT_ASSERT(
        office.run({"domain", "password", "add", "example.test", "--description", "printer"}).ok());
    CPPUNIT_ASSERT(office.says("*@example.test") && office.says("generated"));
    CPPUNIT_ASSERT_EQUAL(std::string("add_domain_password d1  printer"),
                         office.directory.asked.back());
    CPPUNIT_ASSERT(office.run({"domain", "password", "list", "example.test"}).ok());
    CPPUNIT_ASSERT(office.says("printer") && !office.says("a hash"));
    CPPUNIT_ASSERT(office.run({"domain", "password", "list", "example.test", "--json"}).ok());
    CPPUNIT_ASSERT(office.json().array()->size() == 1 && !office.says("a hash"));
    CPPUNIT_ASSERT(office.run({"domain", "password", "remove", "example.test", "t"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("remove_domain_password d1 t"), office.directory.asked.back());
    CPPUNIT_ASSERT(office.fault_of({"domain", "password", "remove", "example.test"}) ==
                   Fault::kBadInput);
  }

  void aliases_for_txt_records_are_sealed() {
    Office office;
    office.typed = "hello:friend@example.org";
    CPPUNIT_ASSERT(office.run({"domain", "encrypt-txt", "example.test"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("forward-email=sealed\n"), office.printed);
    CPPUNIT_ASSERT_EQUAL(std::string("seal_txt_value d1 hello:friend@example.org"),
                         office.directory.asked.back());
  }

  void an_address_is_followed_and_the_way_told() {
    Office office;
    model::Recipient found;
    found.kind = model::RecipientKind::kAccepted;
    found.address = "hello@example.test";
    found.domain_id = "d1";
    found.domain = "example.test";
    found.mailboxes = {{"a", "hello@example.test"}};
    found.destinations = {{model::DestinationKind::kHost, "hello@mx.test", "mx.test", 2525, "a"},
                          {model::DestinationKind::kWebhook, "https://h.test/", "", 25, "a"}};
    found.rules.denylist = {"bad.test"};
    found.steps = {"hello@example.test: the alias hello decides"};
    office.deliveries.answer = found;
    CPPUNIT_ASSERT(
        office.run({"alias", "test", "hello@example.test", "--from", "x@bad.test"}).ok());
    for (const char* words :
         {"the alias hello decides\n", "x@bad.test: refused by the domain's denylist, bad.test",
          "hello@example.test is accepted\n", "  mailbox hello@example.test\n",
          "  host hello@mx.test at mx.test port 2525\n", "  webhook https://h.test/\n"})
      CPPUNIT_ASSERT_MESSAGE(office.printed, office.says(words));
    CPPUNIT_ASSERT(office.deliveries.last_question.explain && office.asked_dns.empty());
    CPPUNIT_ASSERT(office.run({"alias", "test", "hello@example.test", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("accepted"), *office.json().find("result")->text());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, office.json().find("destinations")->array()->size());
  }

  void the_dns_is_asked_about_a_domain_that_is_told_by_it() {
    Office office;
    model::Recipient found;
    found.kind = model::RecipientKind::kAsksDns;
    found.address = "hello@example.test";
    found.domain_id = "d1";
    found.domain = "xn--bcher-kva.test";
    office.deliveries.answer = found;
    office.texts = std::vector<std::string>{"forward-email=x"};
    CPPUNIT_ASSERT(office.run({"alias", "test", "hello@example.test"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("xn--bcher-kva.test"), office.asked_dns);
    CPPUNIT_ASSERT(office.deliveries.last_question.records == office.texts.value());
    CPPUNIT_ASSERT_MESSAGE(office.printed, office.says("cannot be used as they stand"));
    office.texts = Failure{Fault::kUnavailable, "", "SERVFAIL"};
    CPPUNIT_ASSERT(office.fault_of({"alias", "test", "hello@example.test"}) == Fault::kUnavailable);
  }

  void a_webhook_is_shown_with_its_key() {
    Office office;
    office.directory.domain.bounce_webhook = "https://hook.test/x";
    office.directory.domain.webhook_key = "sealed";
    office.queue.hook = {"https://hook.test/x", "k3y"};
    CPPUNIT_ASSERT(office.run({"domain", "webhook", "example.test"}).ok());
    CPPUNIT_ASSERT(office.says("https://hook.test/x") && office.says("k3y"));
    CPPUNIT_ASSERT_EQUAL(std::string("sealed"), office.directory.domain.webhook_key);
    CPPUNIT_ASSERT(office.run({"domain", "webhook", "example.test", "--new-key", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::string("k3y"), *office.json().find("key")->text());
    CPPUNIT_ASSERT(office.directory.domain.webhook_key.empty());  // for the door to fill
  }

  void the_records_to_publish_are_printed_as_a_zone_and_as_json() {
    Office office;
    CPPUNIT_ASSERT(office.run({"domain", "dns", "example.test"}).ok());
    CPPUNIT_ASSERT(office.says("\nexample.test. 3600 IN MX 10 mx.host.test.\n"));
    CPPUNIT_ASSERT(office.says("\nfe-bounces.example.test. 3600 IN CNAME mx.host.test.\n"));
    CPPUNIT_ASSERT(office.says("\nfe-1._domainkey.example.test. 3600 IN TXT \"v=DKIM1; k=rsa; p="));
    CPPUNIT_ASSERT(office.says("A\" \"A"));
    CPPUNIT_ASSERT(office.run({"domain", "dns", "example.test", "--json"}).ok());
    CPPUNIT_ASSERT_EQUAL(std::size_t{7}, office.json().array()->size());
    CPPUNIT_ASSERT_EQUAL(std::int64_t{10},
                         *(*office.json().array())[0].find("priority")->integer());
  }

  void a_domain_without_keys_gets_them_before_its_records_are_printed() {
    Office office;
    office.directory.domain.dkim_public_key.clear();
    office.directory.on_put_domain = [](model::Domain& put) { put.dkim_public_key = "NEW"; };
    CPPUNIT_ASSERT(office.run({"domain", "dns", "example.test"}).ok());
    CPPUNIT_ASSERT(office.says("\"v=DKIM1; k=rsa; p=NEW\""));
  }

  void commands_of_three_words_are_found_helped_and_completed() {
    const auto of = [](const std::vector<std::string>& words) {
      return service::parse_command(words).failure().public_text;
    };
    CPPUNIT_ASSERT(of({"domain", "password"}).find("domain password list NAME") !=
                   std::string::npos);
    CPPUNIT_ASSERT(of({"domain", "password"}).find("domain add") == std::string::npos);
    CPPUNIT_ASSERT(of({"domain", "pasword"}).find("domain add") != std::string::npos);
    CPPUNIT_ASSERT(of({"domain"}).find("domain password remove") != std::string::npos);
    CPPUNIT_ASSERT(of({"quue", "list"}).find("no command 'quue'") != std::string::npos);
    const std::string completion = service::bash_completion();
    CPPUNIT_ASSERT(completion.find("\"domain password\") words=\"add list remove\"") !=
                   std::string::npos);
    const std::string about = service::help_about({"queue"});
    CPPUNIT_ASSERT(about.find("forwardemail queue retry [ID...]") != std::string::npos);
    CPPUNIT_ASSERT(about.find("forwardemail domain") == std::string::npos);
    CPPUNIT_ASSERT(service::help_about({"domain", "password", "add"}).find("shown once") !=
                   std::string::npos);
    CPPUNIT_ASSERT(service::help_about({"que"}).empty());
    CPPUNIT_ASSERT(
        completion.find(
            "\"domain\") words=\"add dns encrypt-txt list password remove set show webhook\"") !=
        std::string::npos);
    CPPUNIT_ASSERT(service::command_manual().find("domain password add") != std::string::npos);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SendingCommandsTest);

}  // namespace fwd::test
