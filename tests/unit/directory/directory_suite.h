#ifndef FWD_TESTS_DIRECTORY_DIRECTORY_SUITE_H
#define FWD_TESTS_DIRECTORY_DIRECTORY_SUITE_H

// What every keeper of the directory must do.  `Keeper` has: `Rig rig`,
// `store()` with the verbs of DirectoryStore, and `restart()`, after which
// store() is a new keeper of the same data.

#include <cppunit/extensions/HelperMacros.h>

#include "core/clock.h"
#include "model/deliveries.h"
#include "model/records.h"
#include "storage/directory/credential_row.h"

namespace fwd::testing {

template <typename Keeper>
class DirectorySuite : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DirectorySuite);
  CPPUNIT_TEST(records_are_made_and_found_by_id_and_name);
  CPPUNIT_TEST(codes_are_made_when_empty);
  CPPUNIT_TEST(a_change_needs_the_newest_version);
  CPPUNIT_TEST(names_are_taken_once);
  CPPUNIT_TEST(parents_must_exist);
  CPPUNIT_TEST(a_bad_record_is_refused_by_its_rule);
  CPPUNIT_TEST(a_domain_keeps_its_name_and_an_alias_its_domain);
  CPPUNIT_TEST(lists_are_ordered_and_counted);
  CPPUNIT_TEST(nothing_is_removed_with_its_contents_by_accident);
  CPPUNIT_TEST(a_domain_goes_with_its_contents);
  CPPUNIT_TEST(credentials_come_and_go_whole);
  CPPUNIT_TEST(a_login_is_found_by_its_address);
  CPPUNIT_TEST(who_may_not_log_in_is_told);
  CPPUNIT_TEST(last_logins_are_written_now_and_then);
  CPPUNIT_TEST(quotas_come_from_alias_domain_and_owner);
  CPPUNIT_TEST(a_restart_keeps_everything);
  CPPUNIT_TEST_SUITE_END();

 public:
  void records_are_made_and_found_by_id_and_name() {
    const model::User user = put_user("Ada@Example.test");
    CPPUNIT_ASSERT_EQUAL(std::size_t{24}, user.id.size());
    CPPUNIT_ASSERT(user.created_at == user.updated_at && !user.created_at.empty());
    CPPUNIT_ASSERT(rig().get(store().get_user(user.id)) == user);
    CPPUNIT_ASSERT(rig().get(store().get_user("ADA@example.test")) == user);
    const model::Domain domain = put_domain(
        "B\xc3\xbc"
        "cher.test",
        user.id);
    for (const char* name : {"b\xc3\xbc"
                             "cher.test",
                             "xn--bcher-kva.test", "XN--BCHER-KVA.TEST."})
      CPPUNIT_ASSERT_EQUAL_MESSAGE(name, domain.id, rig().get(store().get_domain(name)).id);
    CPPUNIT_ASSERT_EQUAL(std::string("b\xc3\xbc"
                                     "cher.test"),
                         domain.name);
    const model::Alias alias = put_alias(domain, "Hello");
    CPPUNIT_ASSERT(rig().get(store().get_alias(alias.id)) == alias);
    CPPUNIT_ASSERT(rig().get(store().get_alias("HELLO@xn--bcher-kva.test")) == alias);
    const model::Alias wide = put_alias(domain, "/^a+@?$/");
    CPPUNIT_ASSERT(rig().get(store().get_alias("/^a+@?$/@b\xc3\xbc"
                                               "cher.test")) == wide);
    rig().refused(Fault::kNotFound, store().get_user("nobody@example.test"));
    rig().refused(Fault::kNotFound, store().get_domain("nowhere.test"));
    rig().refused(Fault::kNotFound, store().get_alias("nobody@xn--bcher-kva.test"));
    rig().refused(Fault::kNotFound, store().get_alias("nonsense"));
  }

  void codes_are_made_when_empty() {
    const model::User user = put_user("ada@example.test");
    CPPUNIT_ASSERT_EQUAL(std::size_t{24}, user.api_token.size());
    const model::Domain domain = put_domain("example.test", user.id);
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, domain.verification_record.size());
    CPPUNIT_ASSERT(domain.dkim_key_selector.starts_with("fe-"));
    CPPUNIT_ASSERT(domain.verification_record !=
                   put_domain("example2.test", user.id).verification_record);
  }

  void a_change_needs_the_newest_version() {
    model::User first = put_user("ada@example.test");
    model::User second = first;
    first.given_name = "Ada";
    const model::User stored = rig().get(store().put_user(first));
    CPPUNIT_ASSERT(stored.updated_at > first.updated_at);
    second.given_name = "Eve";
    rig().refused(Fault::kWrongState, store().put_user(second));
    CPPUNIT_ASSERT_EQUAL(std::string("Ada"), rig().get(store().get_user(first.id)).given_name);
    second.id = std::string(24, 'f');
    second.email = "eve@example.test";
    rig().refused(Fault::kNotFound, store().put_user(second));
  }

  void names_are_taken_once() {
    const model::User user = put_user("ada@example.test");
    const model::Domain domain = put_domain(
        "b\xc3\xbc"
        "cher.test",
        user.id);
    const model::Alias alias = put_alias(domain, "gr\xc3\xbcn");
    model::User same_user;
    same_user.email = "ADA@example.test";
    rig().refused(Fault::kExists, store().put_user(same_user));
    model::Domain same_domain;
    same_domain.name = "xn--bcher-kva.test";
    rig().refused(Fault::kExists, store().put_domain(same_domain));
    model::Alias same_alias = alias;
    same_alias.id.clear();
    same_alias.name = "GR\xc3\x9cN";
    rig().refused(Fault::kExists, store().put_alias(same_alias));
    model::Alias other = put_alias(domain, "other");
    other.name = "gr\xc3\xbcn";
    rig().refused(Fault::kExists, store().put_alias(other));
  }

  void parents_must_exist() {
    const std::string nobody(24, 'a');
    model::Domain domain;
    domain.name = "example.test";
    domain.members = {{nobody, "admin"}};
    rig().refused(Fault::kNotFound, store().put_domain(domain));
    rig().refused(Fault::kNotFound, store().get_domain("example.test"));
    model::Alias alias;
    alias.domain = nobody;
    alias.name = "a";
    alias.has_imap = true;
    rig().refused(Fault::kNotFound, store().put_alias(alias));
    alias.domain = put_domain("example.test", put_user("ada@example.test").id).id;
    alias.user = nobody;
    rig().refused(Fault::kNotFound, store().put_alias(alias));
    rig().refused(Fault::kNotFound, store().get_alias("a@example.test"));
  }

  void a_bad_record_is_refused_by_its_rule() {
    model::User user;
    user.email = "nobody";
    const auto outcome = rig().wait(store().put_user(user));
    CPPUNIT_ASSERT(!outcome.ok() && outcome.failure().fault == Fault::kBadInput);
    CPPUNIT_ASSERT_EQUAL(std::string("email must be an e-mail address"),
                         outcome.failure().public_text);
    const model::Domain domain = put_domain("example.test", put_user("ada@example.test").id);
    model::Alias alias;
    alias.domain = domain.id;
    alias.name = "/(/";
    alias.recipients = {"a@b.test"};
    rig().refused(Fault::kBadInput, store().put_alias(alias));
    alias.name = "loop";
    alias.recipients = {"loop@example.test"};
    rig().refused(Fault::kBadInput, store().put_alias(alias));
  }

  void a_domain_keeps_its_name_and_an_alias_its_domain() {
    const model::User user = put_user("ada@example.test");
    model::Domain domain = put_domain("one.test", user.id);
    const model::Domain two = put_domain("two.test", user.id);
    domain.name = "three.test";
    rig().refused(Fault::kBadInput, store().put_domain(domain));
    model::Alias alias = put_alias(two, "hello");
    alias.domain = domain.id;
    rig().refused(Fault::kBadInput, store().put_alias(alias));
  }

  void lists_are_ordered_and_counted() {
    const model::User user = put_user("b@example.test");
    put_user("a@example.test");
    const model::Domain two = put_domain("two.test", user.id);
    const model::Domain one = put_domain("one.test", user.id);
    for (const char* name : {"c", "a", "b"}) put_alias(two, name);
    put_alias(one, "z");
    CPPUNIT_ASSERT_EQUAL(std::string("a@example.test"), rig().get(store().list_users())[0].email);
    const auto domains = rig().get(store().list_domains());
    CPPUNIT_ASSERT_EQUAL(std::string("one.test"), domains.at(0).name);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, domains.at(1).alias_count);
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rig().get(store().get_domain("one.test")).alias_count);
    const auto aliases = rig().get(store().list_aliases(two.id));
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, aliases.size());
    CPPUNIT_ASSERT_EQUAL(std::string("a"), aliases[0].name);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, rig().get(store().list_aliases("")).size());
  }

  void nothing_is_removed_with_its_contents_by_accident() {
    const model::User user = put_user("ada@example.test");
    const model::Domain domain = put_domain("example.test", user.id);
    const model::Alias alias = put_alias(domain, "hello");
    rig().refused(Fault::kWrongState, store().remove_user(user.id));
    rig().refused(Fault::kWrongState, store().remove_domain(domain.id, false));
    rig().done(store().remove_alias(alias.id));
    rig().refused(Fault::kNotFound, store().remove_alias(alias.id));
    rig().get(store().remove_domain(domain.id, false));
    rig().refused(Fault::kNotFound, store().remove_domain(domain.id, false));
    rig().done(store().remove_user(user.id));
    rig().refused(Fault::kNotFound, store().remove_user(user.id));
  }

  void a_domain_goes_with_its_contents() {
    const model::User user = put_user("ada@example.test");
    const model::Domain domain = put_domain("example.test", user.id);
    const model::Alias alias = put_alias(domain, "hello");
    rig().done(store().make_mailbox(alias.id, "key", {credential("one")}, false));
    rig().get(store().remove_domain(domain.id, true));
    rig().refused(Fault::kNotFound, store().get_login(alias.id));
    const auto recipient = rig().get(store().find_recipient("hello@example.test"));
    CPPUNIT_ASSERT(recipient.kind == model::RecipientKind::kForeign);
    const model::Domain again = put_domain("example.test", user.id);
    CPPUNIT_ASSERT(rig().get(store().find_recipient("hello@example.test")).kind ==
                   model::RecipientKind::kUnknown);
    CPPUNIT_ASSERT(again.id != domain.id);
  }

  void credentials_come_and_go_whole() {
    const model::Domain domain = put_domain("example.test", put_user("ada@example.test").id);
    const model::Alias alias = put_alias(domain, "hello");
    CPPUNIT_ASSERT(!rig().get(store().get_login(alias.id)).mailbox.exists);
    rig().refused(Fault::kNotFound, store().replace_credentials(alias.id, {credential("x")}));
    rig().refused(Fault::kNotFound, store().append_credential(alias.id, credential("x")));
    rig().refused(Fault::kNotFound,
                  store().make_mailbox(std::string(24, 'a'), "key", {credential("x")}, false));
    rig().done(store().make_mailbox(alias.id, std::string("k\0y", 3),
                                    {credential("one"), credential("two")}, false));
    rig().refused(Fault::kExists,
                  store().make_mailbox(alias.id, "other", {credential("x")}, false));
    auto login = rig().get(store().get_login(alias.id));
    CPPUNIT_ASSERT(login.mailbox.exists && login.mailbox.inbox_public == std::string("k\0y", 3));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{unix_seconds(rig().clock.wall())}, login.mailbox.created);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, login.credentials.size());
    CPPUNIT_ASSERT_EQUAL(std::string("one"), login.credentials[0].description);
    const std::int64_t id = rig().get(store().append_credential(alias.id, credential("three")));
    rig().done(store().remove_credential(alias.id, login.credential_ids[0]));
    rig().refused(Fault::kNotFound, store().remove_credential(alias.id, login.credential_ids[0]));
    login = rig().get(store().get_login(alias.id));
    CPPUNIT_ASSERT_EQUAL(std::string("two"), login.credentials.at(0).description);
    CPPUNIT_ASSERT_EQUAL(id, login.credential_ids.at(1));
    rig().done(store().replace_credentials(alias.id, {credential("new")}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig().get(store().get_login(alias.id)).credentials.size());
    rig().done(store().make_mailbox(alias.id, "fresh", {credential("a"), credential("b")}, true));
    login = rig().get(store().get_login(alias.id));
    CPPUNIT_ASSERT(login.mailbox.inbox_public == "fresh" && login.credentials.size() == 2);
    rig().done(store().remove_mailbox(alias.id));
    rig().refused(Fault::kNotFound, store().remove_mailbox(alias.id));
    login = rig().get(store().get_login(alias.id));
    CPPUNIT_ASSERT(!login.mailbox.exists && login.credentials.empty());
  }

  void a_login_is_found_by_its_address() {
    const model::Domain domain = put_domain(
        "b\xc3\xbc"
        "cher.test",
        put_user("ada@example.test").id);
    const model::Alias alias = put_alias(domain, "hello");
    rig().done(store().make_mailbox(alias.id, "key", {credential("one")}, false));
    for (const char* address : {"hello@b\xc3\xbc"
                                "cher.test",
                                "Hello@XN--bcher-kva.test", "hello+tag@xn--bcher-kva.test",
                                "\"hello\"@xn--bcher-kva.test"}) {
      const auto login = rig().get(store().find_login(address));
      CPPUNIT_ASSERT_MESSAGE(address, login && login->alias_id == alias.id && login->may_login);
      CPPUNIT_ASSERT_EQUAL(std::string("hello@b\xc3\xbc"
                                       "cher.test"),
                           login->address);
      CPPUNIT_ASSERT_EQUAL(std::string("salt-one"), login->credentials.at(0).salt);
    }
    put_alias(domain, "*");
    put_alias(domain, "/^x$/");
    for (const char* address :
         {"other@xn--bcher-kva.test", "*@xn--bcher-kva.test", "hello", "",
          "/^x$/@xn--bcher-kva.test", "x@xn--bcher-kva.test", "hello@elsewhere.test"})
      CPPUNIT_ASSERT_MESSAGE(address, !rig().get(store().find_login(address)));
  }

  void who_may_not_log_in_is_told() {
    model::User user = put_user("ada@example.test");
    const model::Domain domain = put_domain("example.test", user.id);
    model::Alias alias = put_alias(domain, "hello");
    alias.user = user.id;
    alias.is_enabled = false;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(!rig().get(store().get_login(alias.id)).may_login);
    alias.is_enabled = true;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT(rig().get(store().get_login(alias.id)).may_login);
    user.is_banned = true;
    rig().get(store().put_user(user));
    CPPUNIT_ASSERT(!rig().get(store().get_login(alias.id)).may_login);
  }

  void last_logins_are_written_now_and_then() {
    const model::Domain domain = put_domain("example.test", put_user("ada@example.test").id);
    const model::Alias alias = put_alias(domain, "hello");
    rig().done(store().make_mailbox(alias.id, "key", {credential("one")}, false));
    const auto last = [&] { return rig().get(store().get_login(alias.id)).mailbox.last_login; };
    CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, last());
    rig().done(store().note_login(alias.id));
    const std::int64_t first = unix_seconds(rig().clock.wall());
    CPPUNIT_ASSERT_EQUAL(first, last());
    rig().clock.turn(std::chrono::seconds(599));
    rig().done(store().note_login(alias.id));
    CPPUNIT_ASSERT_EQUAL(first, last());
    rig().clock.turn(std::chrono::seconds(1));
    rig().done(store().note_login(alias.id));
    CPPUNIT_ASSERT_EQUAL(first + 600, last());
  }

  void quotas_come_from_alias_domain_and_owner() {
    model::User user = put_user("ada@example.test");
    model::Domain domain = put_domain("example.test", user.id);
    model::Alias alias = put_alias(domain, "hello");
    const auto quota = [&] {
      const std::uint64_t one = rig().get(store().quota(alias.id));
      CPPUNIT_ASSERT_EQUAL(one, rig().get(store().get_login(alias.id)).quota);
      return static_cast<std::int64_t>(one);
    };
    CPPUNIT_ASSERT_EQUAL(model::kDefaultQuota, quota());
    user.max_quota_per_alias = 3 * model::kGigabyte;
    rig().get(store().put_user(user));
    alias.user = user.id;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT_EQUAL(3 * model::kGigabyte, quota());
    domain.max_quota_per_alias = 2 * model::kGigabyte;
    domain = rig().get(store().put_domain(domain));
    CPPUNIT_ASSERT_EQUAL(2 * model::kGigabyte, quota());
    alias.max_quota = model::kGigabyte;
    alias = rig().get(store().put_alias(alias));
    CPPUNIT_ASSERT_EQUAL(model::kGigabyte, quota());
    rig().refused(Fault::kNotFound, store().quota(std::string(24, 'a')));
  }

  void a_restart_keeps_everything() {
    const model::User user = put_user("ada@example.test");
    const model::Domain domain = put_domain("example.test", user.id);
    model::Alias alias = put_alias(domain, "hello");
    rig().done(store().make_mailbox(alias.id, "key", {credential("one")}, false));
    put_alias(domain, "/^x[0-9]+$/");
    keeper_.restart();
    CPPUNIT_ASSERT(rig().get(store().get_user(user.id)) == user);
    CPPUNIT_ASSERT(rig().get(store().get_alias(alias.id)) == alias);
    CPPUNIT_ASSERT(rig().get(store().find_login("hello@example.test"))->mailbox.exists);
    CPPUNIT_ASSERT(rig().get(store().find_recipient("hello@example.test")).kind ==
                   model::RecipientKind::kAccepted);
    CPPUNIT_ASSERT(rig().get(store().find_recipient("x12@example.test")).kind ==
                   model::RecipientKind::kAccepted);
    alias.description = "later";
    alias = rig().get(store().put_alias(alias));
  }

 private:
  static crypto::StoredCredential credential(const std::string& description) {
    crypto::StoredCredential made;
    made.salt = "salt-" + description;
    made.sealed_plain = std::string("\0\xff sealed", 9);
    made.description = description;
    return made;
  }
  model::User put_user(const std::string& email) {
    model::User user;
    user.email = email;
    return rig().get(store().put_user(user));
  }
  model::Domain put_domain(const std::string& name, const std::string& user) {
    model::Domain domain;
    domain.name = name;
    domain.members = {{user, "admin"}};
    return rig().get(store().put_domain(domain));
  }
  model::Alias put_alias(const model::Domain& domain, const std::string& name) {
    model::Alias alias;
    alias.domain = domain.id;
    alias.name = name;
    alias.has_imap = !model::is_catch_all(name) && !model::is_pattern(name);
    if (!alias.has_imap) alias.recipients = {"away@elsewhere.test"};
    return rig().get(store().put_alias(alias));
  }
  auto& rig() { return keeper_.rig; }
  auto& store() { return keeper_.store(); }
  Keeper keeper_;
};

}  // namespace fwd::testing

#endif
