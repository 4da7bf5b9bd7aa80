#ifndef FWD_TESTS_DIRECTORY_DESTINATION_SUITE_H
#define FWD_TESTS_DIRECTORY_DESTINATION_SUITE_H

// Where mail goes on to: destinations, chains, limits, aliases of the DNS, for
// every keeper.  `Keeper` as in directory_suite.h.

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>

#include "core/clock.h"
#include "model/deliveries.h"
#include "model/records.h"
#include "tests/unit/sqlcipher/scratch.h"

namespace fwd::testing {

template <typename Keeper>
class DestinationSuite : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DestinationSuite);
  CPPUNIT_TEST(every_kind_of_recipient_is_a_destination);
  CPPUNIT_TEST(storage_and_destinations_go_together);
  CPPUNIT_TEST(what_matched_is_put_into_the_recipient);
  CPPUNIT_TEST(what_matched_adds_nothing_to_a_url);
  CPPUNIT_TEST(what_matched_makes_nothing_else_of_the_recipient);
  CPPUNIT_TEST(tags_are_carried_over);
  CPPUNIT_TEST(chains_are_followed_through_all_domains);
  CPPUNIT_TEST(loops_end);
  CPPUNIT_TEST(reserved_names_in_a_circle_end);
  CPPUNIT_TEST(inner_refusals_lead_nowhere);
  CPPUNIT_TEST(when_all_is_disabled_the_mildest_answers);
  CPPUNIT_TEST(chains_have_a_bound);
  CPPUNIT_TEST(a_domain_has_a_most_of_destinations);
  CPPUNIT_TEST(recipients_verify_themselves_first);
  CPPUNIT_TEST(aliases_of_an_earlier_release_lead_on);
  CPPUNIT_TEST(a_port_without_destination_is_the_same_address);
  CPPUNIT_TEST(the_domains_rules_come_along);
  CPPUNIT_TEST(every_domain_on_the_way_has_its_word);
  CPPUNIT_TEST(the_owner_is_away_for_a_time);
  CPPUNIT_TEST(steps_say_why);
  CPPUNIT_TEST(the_dns_is_asked_for);
  CPPUNIT_TEST(txt_records_decide_with_the_directory);
  CPPUNIT_TEST(txt_records_refuse);
  CPPUNIT_TEST(txt_records_that_cannot_be_used_are_for_later);
  CPPUNIT_TEST(txt_records_have_few_expressions);
  CPPUNIT_TEST(expressions_of_txt_records_do_not_stop_the_loop);
  CPPUNIT_TEST(txt_records_name_the_port);
  CPPUNIT_TEST_SUITE_END();

 public:
  using Kind = model::RecipientKind;
  using To = model::DestinationKind;

  void setUp() override {
    one_ = domain("one.test");
    two_ = domain("two.test");
  }

  void every_kind_of_recipient_is_a_destination() {
    one_.smtp_port = "2525";
    one_ = rig().get(store().put_domain(one_));
    const model::Alias all =
        to("all@one.test", {"friend@Example.ORG", "mx.example.net", "192.0.2.7", "2001:db8::7",
                            "x@[192.0.2.8]", "https://hook.example.org/In?a=B"});
    const auto found = find("All+t@one.test");
    CPPUNIT_ASSERT(found.kind == Kind::kAccepted);
    CPPUNIT_ASSERT_EQUAL(all.id, found.alias_id);
    CPPUNIT_ASSERT_EQUAL(std::string("one.test"), found.domain);
    const std::vector<model::Destination> wanted = {
        {To::kAddress, "friend+t@example.org", "", 2525, all.id, one_.id},
        {To::kHost, "All+t@mx.example.net", "mx.example.net", 2525, all.id, one_.id},
        {To::kHost, "All+t@[192.0.2.7]", "192.0.2.7", 2525, all.id, one_.id},
        {To::kHost, "All+t@[IPv6:2001:db8::7]", "2001:db8::7", 2525, all.id, one_.id},
        {To::kHost, "x+t@[192.0.2.8]", "192.0.2.8", 2525, all.id, one_.id},
        {To::kWebhook, "https://hook.example.org/In?a=B", "", 25, all.id, one_.id}};
    CPPUNIT_ASSERT(wanted == found.destinations);
  }

  void storage_and_destinations_go_together() {
    mailbox("hello@one.test", {"friend@example.org", "hello@two.test"});
    mailbox("hello@two.test", {});
    CPPUNIT_ASSERT_EQUAL(std::string("hello@one.test hello@two.test friend@example.org"),
                         leads("hello@one.test"));
  }

  void what_matched_is_put_into_the_recipient() {
    to("/^(.+)-(shop|sales)$/i@one.test", {"$2+$1@example.org", "$1@two.test"});
    to("*@one.test", {"rest@example.org"});
    mailbox("ada@two.test", {});
    CPPUNIT_ASSERT_EQUAL(std::string("ada@two.test shop+ada@example.org"),
                         leads("Ada-shop@one.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("rest@example.org"), leads("ada-other@one.test"));
    // What does not make an address is no destination.
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("\"a b-shop\"@one.test", Kind::kNoDestination));
  }

  void what_matched_adds_nothing_to_a_url() {
    to("/^(.+)$/@one.test", {"https://hook.example.org/in?user=$1"});
    CPPUNIT_ASSERT_EQUAL(std::string("https://hook.example.org/in?user=ada"),
                         leads("ada@one.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("https://hook.example.org/in?user=a%26admin%3D1%2F%23"),
                         leads("a&admin=1/#@one.test"));
  }

  void what_matched_makes_nothing_else_of_the_recipient() {
    to("/^(.+)$/@two.test", {"$1@example.com"});
    CPPUNIT_ASSERT_EQUAL(std::string(""),
                         leads("\"http://evil.example:6379/\"@two.test", Kind::kNoDestination));
    CPPUNIT_ASSERT_EQUAL(std::string("ada@example.com"), leads("ada@two.test"));
    with_dns();
    const Records records = {
        "forward-email=/^x-(.+)$/:$1@example.com,/^h-(.+)$/:$1,/^u-(.+)$/:https://$1.test/in"};
    CPPUNIT_ASSERT_EQUAL(std::string("ada@example.com"), leads("x-ada@one.test", records));
    for (const char* asked : {"\"x-http://evil.example/\"@one.test", "h-evil.example@one.test",
                              "h-127.0.0.1@one.test", "u-evil@one.test"})
      CPPUNIT_ASSERT_EQUAL(std::string(""), leads(asked, records, Kind::kUnknown));
  }

  void tags_are_carried_over() {
    to("hello@one.test", {"u@example.org", "v+old@example.org", "hello@two.test"});
    to("hello@two.test", {"w@example.org"});
    CPPUNIT_ASSERT_EQUAL(std::string("u+tag@example.org v+tag@example.org w+tag@example.org"),
                         leads("hello+tag@one.test"));
    to("both@one.test", {"u+old@example.org", "u@example.org", "hello+x@two.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("u@example.org w+x@example.org"), leads("both@one.test"));
    const std::string tag(50, 't');
    to("long@one.test", {"abcdefghijklmnop@example.org"});
    CPPUNIT_ASSERT_EQUAL(std::string("abcdefghijklmnop@example.org"),
                         leads("long+" + tag + "@one.test"));
  }

  void chains_are_followed_through_all_domains() {
    domain("three.test");
    to("a@one.test", {"b@two.test"});
    to("b@two.test", {"three.test"});
    to("*@three.test", {"c@example.org", "d@one.test"});
    mailbox("d@one.test", {});
    CPPUNIT_ASSERT_EQUAL(std::string("d@one.test c@example.org"), leads("a@one.test"));
  }

  void loops_end() {
    mailbox("a@one.test", {"b@two.test", "A@two.test"});
    to("b@two.test", {"a@one.test", "b+x@two.test"});
    to("a@two.test", {"b@two.test", "a@one.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("a@one.test"), leads("a@one.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("a@one.test"), leads("b@two.test"));
    to("x@one.test", {"y@one.test"});
    to("y@one.test", {"x@one.test"});
    CPPUNIT_ASSERT(find("x@one.test").kind == Kind::kNoDestination);
  }

  void reserved_names_in_a_circle_end() {  // RFC 5321 §4.5.1, RFC 2142 §4
    to("postmaster@one.test", {"postmaster@two.test", "abuse@two.test", "abuse@one.test"});
    to("abuse@one.test", {"postmaster@one.test", "abuse@two.test"});
    to("postmaster@two.test", {"postmaster@one.test", "abuse@one.test"});
    to("abuse@two.test", {"postmaster@two.test", "abuse@one.test"});
    CPPUNIT_ASSERT(find("postmaster@one.test").kind == Kind::kNoDestination);
    to("*@two.test", {"friend@example.org"});
    CPPUNIT_ASSERT_EQUAL(std::string("friend@example.org"), leads("postmaster@one.test"));
  }

  void inner_refusals_lead_nowhere() {
    model::Alias off = to("off@two.test", {"x@example.org"});
    off.is_enabled = false;
    off.error_code_if_disabled = 550;
    rig().get(store().put_alias(off));
    to("a@one.test", {"off@two.test", "nobody@two.test", "friend@example.org"});
    CPPUNIT_ASSERT_EQUAL(std::string("friend@example.org"), leads("a@one.test"));
    to("b@one.test", {"off@two.test"});
    CPPUNIT_ASSERT(find("b@one.test").kind == Kind::kHardDisabled);
  }

  void when_all_is_disabled_the_mildest_answers() {
    to("all@one.test", {"c550@two.test", "nobody@two.test", "c250@two.test", "c421@two.test"});
    to("outer@one.test", {"all@one.test"});
    for (const auto& [code, kind] :
         {std::pair(550, Kind::kHardDisabled), std::pair(250, Kind::kIgnored),
          std::pair(421, Kind::kSoftDisabled)}) {
      model::Alias off = make("c" + std::to_string(code) + "@two.test", {"x@example.org"});
      off.is_enabled = false;
      off.error_code_if_disabled = code;
      rig().get(store().put_alias(off));
      CPPUNIT_ASSERT(find("all@one.test").kind == kind);
      CPPUNIT_ASSERT(find("outer@one.test").kind == kind);
    }
    one_.smtp_port = "2525";
    one_ = rig().get(store().put_domain(one_));
    CPPUNIT_ASSERT(find("all@one.test").kind == Kind::kSoftDisabled);
  }

  void chains_have_a_bound() {
    for (int i = 0; i < 15; ++i)
      to("c" + std::to_string(i) + "@one.test", {"c" + std::to_string(i + 1) + "@one.test"});
    to("c15@one.test", {"friend@example.org"});
    CPPUNIT_ASSERT_EQUAL(std::string("friend@example.org"), leads("c8@one.test"));
    CPPUNIT_ASSERT(find("c0@one.test").kind == Kind::kTooMany);
  }

  void a_domain_has_a_most_of_destinations() {
    std::vector<std::string> ten;
    for (int i = 0; i < 10; ++i) ten.push_back("u" + std::to_string(i) + "@example.org");
    to("ten@one.test", ten);
    CPPUNIT_ASSERT(find("ten@one.test").kind == Kind::kAccepted);
    to("more@one.test", {"ten@one.test", "https://hook.example.org/"});
    const auto found = find("more@one.test");
    CPPUNIT_ASSERT(found.kind == Kind::kTooMany && found.destinations.empty());
    one_.max_recipients_per_alias = 11;
    one_ = rig().get(store().put_domain(one_));
    CPPUNIT_ASSERT_EQUAL(std::size_t{11}, find("more@one.test").destinations.size());
  }

  void recipients_verify_themselves_first() {
    model::Alias alias = make("a@one.test", {"x@example.org", "y@example.org", "b@one.test"});
    alias.has_recipient_verification = true;
    alias.verified_recipients = {"Y@example.org"};
    alias = rig().get(store().put_alias(alias));
    mailbox("b@one.test", {});
    CPPUNIT_ASSERT_EQUAL(std::string("b@one.test y@example.org"), leads("a@one.test"));
    keeper_.restart();
    CPPUNIT_ASSERT_EQUAL(std::string("b@one.test y@example.org"), leads("a@one.test"));
    alias.recipients = {"x@example.org"};
    rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(find("a@one.test").kind == Kind::kUnverified);
  }

  void aliases_of_an_earlier_release_lead_on() {
    model::Alias alias = mailbox("a@one.test", {"x@example.org", "hello@two.test"});
    alias.vacation_responder.is_enabled = true;
    rig().get(store().put_alias(alias));
    mailbox("hello@two.test", {});
    sqlcipher::assert_ok(keeper_.file->database().prepare("UPDATE aliases SET locals = '?'").run());
    keeper_.restart();
    CPPUNIT_ASSERT_EQUAL(std::string("a@one.test hello@two.test x@example.org"),
                         leads("a@one.test"));
    CPPUNIT_ASSERT(find("a@one.test").has_vacation);
  }

  void a_port_without_destination_is_the_same_address() {
    model::Alias alias = make("a@one.test", {});
    alias.has_imap = true;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(find("a@one.test").kind == Kind::kNoDestination);
    one_.smtp_port = "1337";
    one_ = rig().get(store().put_domain(one_));
    const auto found = find("a@one.test");
    CPPUNIT_ASSERT(found.kind == Kind::kAccepted && found.destinations.size() == 1);
    CPPUNIT_ASSERT((found.destinations[0] ==
                    model::Destination{To::kAddress, "a@one.test", "", 1337, alias.id, one_.id}));
    CPPUNIT_ASSERT(find("b@one.test").kind == Kind::kUnknown);
  }

  void the_domains_rules_come_along() {
    CPPUNIT_ASSERT(find("a@one.test").rules == model::RecipientRules{});
    one_.require_tls_inbound = true;
    one_.allowlist = {"example.org", "192.0.2.1"};
    one_.denylist = {"*.bad"};
    one_.has_virus_protection = false;
    one_ = rig().get(store().put_domain(one_));
    keeper_.restart();
    model::RecipientRules wanted;
    wanted.require_tls = true;
    wanted.allowlist = one_.allowlist;
    wanted.denylist = one_.denylist;
    wanted.has_virus_protection = false;
    to("a@one.test", {"x@example.org"});
    CPPUNIT_ASSERT(find("a@one.test").rules == wanted);
  }

  void every_domain_on_the_way_has_its_word() {
    two_.denylist = {"bad.example"};
    two_.require_tls_inbound = true;
    two_ = rig().get(store().put_domain(two_));
    const model::Alias one = to("a@one.test", {"b@two.test", "x@example.org", "c@one.test"});
    to("c@one.test", {"d@two.test"});
    const model::Alias two = to("b@two.test", {"https://hook.example.org/", "gone@two.test"});
    mailbox("d@two.test", {});
    auto found = find("a@one.test");
    CPPUNIT_ASSERT_EQUAL(one_.id, found.domain_id);
    CPPUNIT_ASSERT_EQUAL(one.id, found.alias_id);
    const std::vector<model::Destination> wanted = {
        {To::kWebhook, "https://hook.example.org/", "", 25, two.id, two_.id},
        {To::kAddress, "x@example.org", "", 25, one.id, one_.id}};
    CPPUNIT_ASSERT(wanted == found.destinations);
    CPPUNIT_ASSERT_EQUAL(two_.id, found.mailboxes.at(0).domain_id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.passed.size());
    CPPUNIT_ASSERT_EQUAL(two_.id, found.passed[0].domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("two.test"), found.passed[0].domain);
    CPPUNIT_ASSERT(found.passed[0].rules.require_tls);
    CPPUNIT_ASSERT(found.passed[0].rules.denylist == std::vector<std::string>{"bad.example"});
    CPPUNIT_ASSERT(!found.rules.require_tls);
    // Asked for itself it has its own alone, and so has what leads nowhere else.
    CPPUNIT_ASSERT(find("b@two.test").passed.empty());
    to("e@one.test", {"gone@two.test", "x@example.org"});
    CPPUNIT_ASSERT(find("e@one.test").passed.empty());
  }

  void the_owner_is_away_for_a_time() {
    model::Alias alias = mailbox("a@one.test", {});
    CPPUNIT_ASSERT(!find("a@one.test").has_vacation);
    const auto now = unix_milliseconds(rig().clock.wall());
    alias.vacation_responder.is_enabled = true;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(find("a+x@one.test").has_vacation);
    alias.vacation_responder.start_date.ms = now + 3'600'000;
    alias.vacation_responder.end_date.ms = now + 7'200'000;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(!find("a@one.test").has_vacation);
    keeper_.restart();
    rig().clock.turn(std::chrono::minutes(90));
    CPPUNIT_ASSERT(find("a@one.test").has_vacation);
    one_.is_smtp_suspended = true;
    one_ = rig().get(store().put_domain(one_));
    CPPUNIT_ASSERT(!find("a@one.test").has_vacation);
    one_.is_smtp_suspended = false;
    one_ = rig().get(store().put_domain(one_));
    rig().clock.turn(std::chrono::minutes(60));
    CPPUNIT_ASSERT(!find("a@one.test").has_vacation);
  }

  void steps_say_why() {
    model::Alias alias = make("a@one.test", {"x@example.org", "y@example.org"});
    alias.has_recipient_verification = true;
    alias.verified_recipients = {"x@example.org"};
    rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(find("a@one.test").steps.empty());
    model::RecipientQuestion question{"a@one.test"};
    question.explain = true;
    const auto found = rig().get(store().resolve_recipient(question));
    CPPUNIT_ASSERT((std::vector<std::string>{
                       "a@one.test: the alias a decides", "-> x@example.org (address)",
                       "dropped y@example.org: has not agreed to it yet"}) == found.steps);
    to("b@two.test", {"z@example.org"});
    to("c@one.test", {"b@two.test"});
    question.address = "c@one.test";
    const auto chained = rig().get(store().resolve_recipient(question));
    CPPUNIT_ASSERT((std::vector<std::string>{
                       "c@one.test: the alias c decides", "the rules of two.test count, too",
                       "b@two.test: the alias b decides",
                       "-> z@example.org (address), passed on by two.test"}) == chained.steps);
  }

  void the_dns_is_asked_for() {
    with_dns();
    mailbox("a@one.test", {});
    auto found = find("a@one.test");
    CPPUNIT_ASSERT(found.kind == Kind::kAsksDns);
    CPPUNIT_ASSERT_EQUAL(std::string("one.test"), found.domain);
    CPPUNIT_ASSERT_EQUAL(one_.id, found.domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("a@one.test"), leads("a@one.test", Records{}));
    // Inside a chain it is asked when its mail comes back.
    to("b@two.test", {"a@one.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("a@one.test"), leads("b@two.test"));
    CPPUNIT_ASSERT(find("b@two.test").mailboxes.empty());
  }

  void txt_records_decide_with_the_directory() {
    with_dns();
    mailbox("a@one.test", {});
    to("*@one.test", {"all@example.org"});
    const Records records = {
        "v=spf1 -all", "Forward-Email=a:x@example.org, /^(.)-(.+)$/gi:$2@example.net",
        "forward-email=rest@example.com,b:two.test", "forward-email-site-verification=abcdefghij"};
    CPPUNIT_ASSERT_EQUAL(std::string("a@one.test x+t@example.org"), leads("A+t@one.test", records));
    CPPUNIT_ASSERT_EQUAL(std::string("cd@example.net"), leads("b-cd@one.test", records));
    CPPUNIT_ASSERT_EQUAL(std::string("rest@example.com all@example.org"),
                         leads("other@one.test", records));
    mailbox("b@two.test", {});
    CPPUNIT_ASSERT_EQUAL(std::string("b@two.test"), leads("b@one.test", records));
    one_.is_catchall_regex_disabled = true;
    one_ = rig().get(store().put_domain(one_));
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("other@one.test", records, Kind::kUnknown));
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("a-b@one.test", records, Kind::kUnknown));
  }

  void txt_records_refuse() {
    with_dns();
    const Records records = {
        "forward-email=all@example.org,!spam,!!/^later-.*$/,!!!gone,gone:x@y.test"};
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("spam+x@one.test", records, Kind::kIgnored));
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("Later-1@one.test", records, Kind::kSoftDisabled));
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("gone@one.test", records, Kind::kHardDisabled));
    CPPUNIT_ASSERT_EQUAL(std::string("all@example.org"), leads("gone2@one.test", records));
  }

  void txt_records_that_cannot_be_used_are_for_later() {
    with_dns();
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("a@one.test", Records{}, Kind::kUnknown));
    const Records twice = {"forward-email=x@example.org", "forward-email-site-verification=a",
                           "forward-email-site-verification=b"};
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("a@one.test", twice, Kind::kAsksDns));
    CPPUNIT_ASSERT_EQUAL(std::string(""),
                         leads("a@one.test", {"forward-email=a:nonsense"}, Kind::kAsksDns));
    CPPUNIT_ASSERT_EQUAL(std::string(""),
                         leads("a@one.test", Records(200, "forward-email=x"), Kind::kAsksDns));
  }

  void txt_records_have_few_expressions() {
    with_dns();
    std::string text = "forward-email=a:x@example.org";
    for (int i = 0; i < 10; ++i) text += ",/^x" + std::to_string(i) + "$/:y@example.org";
    CPPUNIT_ASSERT_EQUAL(std::string("x@example.org"), leads("a@one.test", {text}));
    text += ",/^z$/:y@example.org";
    CPPUNIT_ASSERT_EQUAL(std::string(""), leads("a@one.test", {text}, Kind::kAsksDns));
  }

  void expressions_of_txt_records_do_not_stop_the_loop() {
    with_dns();
    model::RecipientQuestion question{"a@one.test"};
    question.records = {"forward-email=/^(a|b)$/:x@example.org"};
    bool answered = false;
    rig().group.spawn("ask", note(store().resolve_recipient(question), answered));
    CPPUNIT_ASSERT(!answered);  // a worker has it
    CPPUNIT_ASSERT_EQUAL(std::string("x@example.org"), leads("a@one.test", *question.records));
    CPPUNIT_ASSERT(answered);
  }

  void txt_records_name_the_port() {
    with_dns();
    const Records records = {"forward-email=x@example.org", "forward-email-port=2525",
                             "forward-email-port=no", "forward-email-port=70000"};
    const auto found = ask("a@one.test", records);
    CPPUNIT_ASSERT(found.destinations.size() == 1);
    CPPUNIT_ASSERT_EQUAL(std::uint16_t{2525}, found.destinations[0].port);
  }

 private:
  using Records = std::vector<std::string>;

  model::Domain domain(const std::string& name) {
    model::Domain domain;
    domain.name = name;
    return rig().get(store().put_domain(domain));
  }
  void with_dns() {
    one_.uses_dns_aliases = true;
    one_ = rig().get(store().put_domain(one_));
  }
  // Not stored.
  model::Alias make(const std::string& address, std::vector<std::string> recipients) {
    model::Alias alias;
    const std::size_t at = address.rfind('@');
    alias.domain = address.substr(at + 1);
    alias.name = address.substr(0, at);
    alias.recipients = std::move(recipients);
    return alias;
  }
  model::Alias to(const std::string& address, std::vector<std::string> recipients) {
    return rig().get(store().put_alias(make(address, std::move(recipients))));
  }
  model::Alias mailbox(const std::string& address, std::vector<std::string> recipients) {
    model::Alias alias = make(address, std::move(recipients));
    alias.has_imap = true;
    alias = rig().get(store().put_alias(alias));
    rig().done(store().make_mailbox(alias.id, "key", {}, false));
    return alias;
  }
  model::Recipient find(const std::string& address) {
    return rig().get(store().find_recipient(address));
  }
  model::Recipient ask(const std::string& address, const Records& records) {
    model::RecipientQuestion question{address};
    question.records = records;
    return rig().get(store().resolve_recipient(question));
  }
  static Task<void> note(Task<Outcome<model::Recipient>> asking, bool& answered) {
    const auto found = co_await asking;
    answered = found.ok();
  }
  // Mailboxes and destinations, with spaces between.
  std::string text(const model::Recipient& found, Kind wanted, const std::string& asked) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(asked, static_cast<int>(wanted), static_cast<int>(found.kind));
    std::string all;
    for (const auto& target : found.mailboxes) all += (all.empty() ? "" : " ") + target.address;
    for (const auto& one : found.destinations) all += (all.empty() ? "" : " ") + one.address;
    return all;
  }
  std::string leads(const std::string& address, Kind wanted = Kind::kAccepted) {
    return text(find(address), wanted, address);
  }
  std::string leads(const std::string& address, const Records& records,
                    Kind wanted = Kind::kAccepted) {
    return text(ask(address, records), wanted, address);
  }
  auto& rig() { return keeper_.rig; }
  auto& store() { return keeper_.store(); }
  Keeper keeper_;
  model::Domain one_, two_;
};

}  // namespace fwd::testing

#endif
