#ifndef FWD_TESTS_DIRECTORY_RECIPIENT_SUITE_H
#define FWD_TESTS_DIRECTORY_RECIPIENT_SUITE_H

// Where an address leads: the order and the exceptions, for every keeper.
// `Keeper` as in directory_suite.h.

#include <cppunit/extensions/HelperMacros.h>

#include "model/deliveries.h"
#include "model/records.h"

namespace fwd::testing {

using Kind = model::RecipientKind;

template <typename Keeper>
class RecipientSuite : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(RecipientSuite);
  CPPUNIT_TEST(an_exact_name_wins_over_expression_and_catch_all);
  CPPUNIT_TEST(expressions_go_by_the_order_of_their_names);
  CPPUNIT_TEST(case_and_tags_do_not_matter);
  CPPUNIT_TEST(a_domain_has_two_spellings);
  CPPUNIT_TEST(a_foreign_domain_and_nonsense_are_foreign);
  CPPUNIT_TEST(a_disabled_alias_answers_as_it_says);
  CPPUNIT_TEST(an_alias_without_mailbox_leads_nowhere);
  CPPUNIT_TEST(recipients_of_the_same_domain_are_followed_once);
  CPPUNIT_TEST(at_most_25_mailboxes);
  CPPUNIT_TEST(a_banned_owner_hides_the_alias);
  CPPUNIT_TEST(a_domain_may_switch_wide_aliases_off);
  CPPUNIT_TEST(changes_are_seen_at_once);
  CPPUNIT_TEST(every_domain_with_a_mailbox_has_a_postmaster);
  CPPUNIT_TEST(a_domain_may_name_its_postmaster);
  CPPUNIT_TEST(the_first_domain_is_the_servers_own);
  CPPUNIT_TEST_SUITE_END();

 public:
  void setUp() override {
    model::User user;
    user.email = "ada@example.test";
    user_ = rig().get(store().put_user(user));
    model::Domain domain;
    domain.name =
        "b\xc3\xbc"
        "cher.test";
    domain.members = {{user_.id, "admin"}};
    domain.max_recipients_per_alias = 100;
    domain_ = rig().get(store().put_domain(domain));
  }

  void an_exact_name_wins_over_expression_and_catch_all() {
    mailbox("hello");
    mailbox("wide");
    mailbox("all");
    to("/^h.*$/", {"wide@b\xc3\xbc"
                   "cher.test"});
    to("*", {"all@xn--bcher-kva.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("hello"), leads("hello"));
    CPPUNIT_ASSERT_EQUAL(std::string("wide"), leads("hullo"));
    CPPUNIT_ASSERT_EQUAL(std::string("all"), leads("other"));
    CPPUNIT_ASSERT_EQUAL(std::string("all"), leads("*"));
  }

  void expressions_go_by_the_order_of_their_names() {
    mailbox("a");
    mailbox("b");
    to("/^x(1)$/", {"b@b\xc3\xbc"
                    "cher.test"});
    to("/^(x|y)1$/", {"a@b\xc3\xbc"
                      "cher.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("a"), leads("x1"));
    CPPUNIT_ASSERT_EQUAL(std::string("a"), leads("Y1"));
  }

  void case_and_tags_do_not_matter() {
    mailbox("gr\xc3\xbcn");
    for (const char* local : {"gr\xc3\xbcn", "GR\xc3\x9cN", "gr\xc3\xbcn+tag", "Gr\xc3\xbcn+a+b",
                              "\"gr\xc3\xbcn\"", "gr\x75\xcc\x88n"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(local, std::string("gr\xc3\xbcn"), leads(local));
  }

  void a_domain_has_two_spellings() {
    mailbox("hello");
    for (const char* name : {"b\xc3\xbc"
                             "cher.test",
                             "B\xc3\x9c"
                             "CHER.TEST",
                             "xn--bcher-kva.test", "XN--BCHER-KVA.test"}) {
      const auto found = find("hello@" + std::string(name));
      CPPUNIT_ASSERT_MESSAGE(name, found.kind == Kind::kAccepted);
      CPPUNIT_ASSERT_EQUAL(std::string("hello@b\xc3\xbc"
                                       "cher.test"),
                           found.mailboxes[0].address);
      CPPUNIT_ASSERT_EQUAL(domain_.id, found.domain_id);
      CPPUNIT_ASSERT_EQUAL("hello@" + std::string(name), found.address);
    }
  }

  void a_foreign_domain_and_nonsense_are_foreign() {
    for (const char* address : {"a@elsewhere.test", "a", "", "@", "a@", "@xn--bcher-kva.test",
                                "a@sub.xn--bcher-kva.test", "a@[192.0.2.1]"}) {
      const auto found = find(address);
      CPPUNIT_ASSERT_MESSAGE(address, found.kind == Kind::kForeign && found.domain_id.empty());
    }
    CPPUNIT_ASSERT(find("a@xn--bcher-kva.test").kind == Kind::kUnknown);
  }

  void a_disabled_alias_answers_as_it_says() {
    to("*", {"away@elsewhere.test"});
    model::Alias alias = mailbox("hello");
    for (const auto& [code, kind] :
         {std::pair(250, Kind::kIgnored), std::pair(421, Kind::kSoftDisabled),
          std::pair(550, Kind::kHardDisabled)}) {
      alias.is_enabled = false;
      alias.error_code_if_disabled = code;
      alias = rig().get(store().put_alias(alias));
      CPPUNIT_ASSERT(find("hello@xn--bcher-kva.test").kind == kind);
    }
  }

  void an_alias_without_mailbox_leads_nowhere() {
    model::Alias alias = mailbox("hello");
    rig().done(store().remove_mailbox(alias.id));
    CPPUNIT_ASSERT(find("hello@xn--bcher-kva.test").kind == Kind::kNoDestination);
    rig().done(store().make_mailbox(alias.id, "key", {}, false));
    CPPUNIT_ASSERT(find("hello@xn--bcher-kva.test").kind == Kind::kAccepted);
    alias.has_imap = false;
    alias.is_enabled = false;
    alias = rig().get(store().put_alias(alias));
    to("deep", {"hello@xn--bcher-kva.test", "nobody@xn--bcher-kva.test"});
    CPPUNIT_ASSERT(find("deep@xn--bcher-kva.test").kind == Kind::kIgnored);
    rig().done(store().remove_alias(alias.id));
    CPPUNIT_ASSERT(find("deep@xn--bcher-kva.test").kind == Kind::kNoDestination);
  }

  void recipients_of_the_same_domain_are_followed_once() {
    model::Alias a = mailbox("a");
    mailbox("b");
    model::Alias off = mailbox("off");
    off.is_enabled = false;
    rig().get(store().put_alias(off));
    to("deep", {"a@b\xc3\xbc"
                "cher.test"});
    to("team", {"A@xn--bcher-kva.test",
                "b+x@b\xc3\xbc"
                "cher.test",
                "b@xn--bcher-kva.test",
                "deep@b\xc3\xbc"
                "cher.test",
                "off@b\xc3\xbc"
                "cher.test",
                "x@elsewhere.test",
                "nobody@b\xc3\xbc"
                "cher.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("a b x@elsewhere.test"), leads("team"));
    a.recipients = {
        "b@b\xc3\xbc"
        "cher.test"};
    rig().get(store().put_alias(a));
    CPPUNIT_ASSERT_EQUAL(std::string("a b"), leads("a"));
  }

  void at_most_25_mailboxes() {
    std::vector<std::string> all;
    for (int i = 0; i < 30; ++i) {
      mailbox("m" + std::to_string(i));
      all.push_back("m" + std::to_string(i) +
                    "@b\xc3\xbc"
                    "cher.test");
    }
    to("team", all);
    CPPUNIT_ASSERT_EQUAL(std::size_t{25}, find("team@xn--bcher-kva.test").mailboxes.size());
  }

  void a_banned_owner_hides_the_alias() {
    model::Alias alias = mailbox("hello");
    alias.user = user_.id;
    rig().get(store().put_alias(alias));
    mailbox("other");
    to("*", {"other@b\xc3\xbc"
             "cher.test",
             "hello@b\xc3\xbc"
             "cher.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("hello"), leads("hello"));
    user_.is_banned = true;
    user_ = rig().get(store().put_user(user_));
    CPPUNIT_ASSERT_EQUAL(std::string("other"), leads("hello"));
    user_.is_banned = false;
    user_ = rig().get(store().put_user(user_));
    CPPUNIT_ASSERT_EQUAL(std::string("hello"), leads("hello"));
  }

  void a_domain_may_switch_wide_aliases_off() {
    mailbox("a");
    to("/^x$/", {"a@b\xc3\xbc"
                 "cher.test"});
    to("*", {"a@b\xc3\xbc"
             "cher.test"});
    domain_.has_catchall = false;
    domain_ = rig().get(store().put_domain(domain_));
    CPPUNIT_ASSERT(find("y@xn--bcher-kva.test").kind == Kind::kUnknown);
    CPPUNIT_ASSERT_EQUAL(std::string("a"), leads("x"));
    domain_.is_catchall_regex_disabled = true;
    domain_ = rig().get(store().put_domain(domain_));
    CPPUNIT_ASSERT(find("x@xn--bcher-kva.test").kind == Kind::kUnknown);
    CPPUNIT_ASSERT_EQUAL(std::string("a"), leads("a"));
  }

  void changes_are_seen_at_once() {
    model::Alias alias = mailbox("hello");
    alias.name = "renamed";
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(find("hello@xn--bcher-kva.test").kind == Kind::kUnknown);
    CPPUNIT_ASSERT_EQUAL(std::string("renamed"), leads("renamed"));
    rig().done(store().remove_alias(alias.id));
    CPPUNIT_ASSERT(find("renamed@xn--bcher-kva.test").kind == Kind::kUnknown);
    rig().get(store().remove_domain(domain_.id, true));
    CPPUNIT_ASSERT(find("renamed@xn--bcher-kva.test").kind == Kind::kForeign);
  }

  void every_domain_with_a_mailbox_has_a_postmaster() {  // RFC 5321 §4.5.1, RFC 2142 §4
    CPPUNIT_ASSERT(find("postmaster@xn--bcher-kva.test").kind == Kind::kNoDestination);
    to("none", {"nobody@xn--bcher-kva.test"});
    model::Alias first = mailbox("zoe");
    mailbox("adam");
    for (const char* local : {"postmaster", "PostMaster", "postmaster+x", "abuse"})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(local, std::string("zoe"), leads(local));
    CPPUNIT_ASSERT(find("hostmaster@xn--bcher-kva.test").kind == Kind::kUnknown);
    // What leads nowhere is passed over, on every step.
    to("*", {"none@xn--bcher-kva.test"});
    to("abuse", {"none@xn--bcher-kva.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("zoe"), leads("postmaster"));
    CPPUNIT_ASSERT_EQUAL(std::string("zoe"), leads("abuse"));
    mailbox("all");
    to("/^post.*$/", {"all@xn--bcher-kva.test"});
    CPPUNIT_ASSERT_EQUAL(std::string("all"), leads("postmaster"));
    CPPUNIT_ASSERT_EQUAL(std::string("zoe"), leads("abuse"));
    first.user = user_.id;
    first = rig().get(store().put_alias(first));
    user_.is_banned = true;
    user_ = rig().get(store().put_user(user_));
    CPPUNIT_ASSERT_EQUAL(std::string("adam"), leads("abuse"));
    // Its own alias decides, as for any other name.
    model::Alias own = mailbox("postmaster");
    CPPUNIT_ASSERT_EQUAL(std::string("postmaster"), leads("postmaster"));
    own.is_enabled = false;
    own.error_code_if_disabled = 550;
    rig().get(store().put_alias(own));
    CPPUNIT_ASSERT(find("postmaster@xn--bcher-kva.test").kind == Kind::kHardDisabled);
  }

  void a_domain_may_name_its_postmaster() {
    mailbox("zoe");
    mailbox("all");
    const model::Alias adam = mailbox("adam");
    to("*", {"all@xn--bcher-kva.test"});
    domain_.postmaster = "nobody@xn--bcher-kva.test";
    rig().refused(Fault::kNotFound, store().put_domain(domain_));
    domain_.postmaster = "adam@elsewhere.test";
    rig().refused(Fault::kBadInput, store().put_domain(domain_));
    domain_.postmaster = " Adam@xn--bcher-kva.test";
    domain_ = rig().get(store().put_domain(domain_));
    CPPUNIT_ASSERT_EQUAL(std::string("adam"), leads("postmaster"));
    CPPUNIT_ASSERT_EQUAL(std::string("adam"), leads("abuse"));
    keeper_.restart();
    CPPUNIT_ASSERT_EQUAL(std::string("adam"), leads("postmaster"));
    // One that has gone is passed over, and does not stand in the way of other changes.
    rig().done(store().remove_alias(adam.id));
    CPPUNIT_ASSERT_EQUAL(std::string("all"), leads("postmaster"));
    domain_.has_catchall = false;
    domain_ = rig().get(store().put_domain(domain_));
    CPPUNIT_ASSERT_EQUAL(std::string("zoe"), leads("postmaster"));
  }

  void the_first_domain_is_the_servers_own() {
    mailbox("hello");
    model::Domain other;
    other.name = "a.test";
    other = rig().get(store().put_domain(other));
    keeper_.restart();
    const auto found = find("Postmaster");
    CPPUNIT_ASSERT(found.kind == Kind::kAccepted);
    CPPUNIT_ASSERT_EQUAL(domain_.id, found.domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("postmaster@xn--bcher-kva.test"), found.address);
    CPPUNIT_ASSERT(find("abuse").kind == Kind::kForeign);
    rig().get(store().remove_domain(domain_.id, true));
    CPPUNIT_ASSERT_EQUAL(other.id, find("postmaster").domain_id);
    rig().get(store().remove_domain(other.id, true));
    CPPUNIT_ASSERT(find("postmaster").kind == Kind::kForeign);
  }

 private:
  model::Alias mailbox(const std::string& name) {
    model::Alias alias;
    alias.domain = domain_.id;
    alias.name = name;
    alias.has_imap = true;
    alias = rig().get(store().put_alias(alias));
    rig().done(store().make_mailbox(alias.id, "key", {}, false));
    return alias;
  }
  model::Alias to(const std::string& name, std::vector<std::string> recipients) {
    model::Alias alias;
    alias.domain = domain_.id;
    alias.name = name;
    alias.recipients = std::move(recipients);
    return rig().get(store().put_alias(alias));
  }
  model::Recipient find(const std::string& address) {
    return rig().get(store().find_recipient(address));
  }
  // The names of the mailboxes and the destinations, with spaces between.
  std::string leads(const std::string& local) {
    const model::Recipient found = find(local + "@xn--bcher-kva.test");
    CPPUNIT_ASSERT_MESSAGE(local, found.kind == Kind::kAccepted);
    std::string names;
    for (const model::RecipientTarget& target : found.mailboxes)
      names += (names.empty() ? "" : " ") + target.address.substr(0, target.address.find('@'));
    for (const model::Destination& one : found.destinations)
      names += (names.empty() ? "" : " ") + one.address;
    return names;
  }
  auto& rig() { return keeper_.rig; }
  auto& store() { return keeper_.store(); }
  Keeper keeper_;
  model::User user_;
  model::Domain domain_;
};

}  // namespace fwd::testing

#endif
