// The queue as the door gives it: signing keys, content, what lasts.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

class DoorQueueTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DoorQueueTest);
  CPPUNIT_TEST(a_message_outlives_the_door);
  CPPUNIT_TEST(a_new_domain_has_its_keys_sealed);
  CPPUNIT_TEST(an_old_domain_gets_its_keys_when_first_asked);
  CPPUNIT_TEST(a_domain_keeps_the_keys_it_has);
  CPPUNIT_TEST(who_is_not_hosted_has_no_keys);
  CPPUNIT_TEST(a_domain_gets_a_sealed_key_for_its_webhooks);
  CPPUNIT_TEST(who_looks_after_an_alias_is_known);
  CPPUNIT_TEST(content_is_kept_as_long_as_the_domain_says);
  CPPUNIT_TEST(the_queue_opens_with_the_server_key_alone);
  CPPUNIT_TEST_SUITE_END();

  static std::vector<model::SigningKey> keys_of(SendingScene& scene, const std::string& name) {
    return get(scene.run(scene.door->queue().signing_keys(name)));
  }
  // A domain as an earlier release stored it.
  static void forget_keys(SendingScene& scene) {
    scene.change_domain([](model::Domain& one) {
      for (auto field :
           {&model::Domain::dkim_private_key, &model::Domain::dkim_public_key,
            &model::Domain::dkim_ed25519_private_key, &model::Domain::dkim_ed25519_public_key})
        (one.*field).clear();
    });
  }

 public:
  void a_message_outlives_the_door() {
    SendingScene scene;
    const model::NewOutbound out = scene.message();
    get(scene.submit(scene.log_in(), out));
    scene.open();
    const auto claims = scene.claim();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, claims.size());
    CPPUNIT_ASSERT_EQUAL(out.content,
                         get(scene.run(scene.door->queue().read_outbound(out.id, 0, 1 << 20))));
    assert_ok(scene.run(scene.door->queue().prolong(claims[0].lease, std::chrono::minutes(5))));
    model::Report report;
    report.lease = claims[0].lease;
    report.message_id = out.id;
    report.recipients.push_back({0, model::RecipientState::kDelivered, {}, 0, false});
    assert_ok(scene.run(scene.door->queue().report(report)));
    const auto stat = get(scene.run(scene.door->queue().queue_stat()));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, stat.messages[4]);
    model::QueueFilter filter;
    filter.id = out.id;
    CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                         get(scene.run(scene.door->queue().list_outbound(filter))).size());
    CPPUNIT_ASSERT_EQUAL(
        std::uint64_t{0},
        get(scene.run(scene.door->queue().act_on_outbound(filter, model::QueueAction::kRemove))));
  }

  void a_new_domain_has_its_keys_sealed() {
    SendingScene scene;
    const auto keys = keys_of(scene, "example.test");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, keys.size());
    CPPUNIT_ASSERT_EQUAL(std::string("rsa"), keys[0].algorithm);
    CPPUNIT_ASSERT_EQUAL(std::string("ed25519"), keys[1].algorithm);
    CPPUNIT_ASSERT(keys[0].selector != keys[1].selector);
    CPPUNIT_ASSERT_EQUAL(scene.domain.dkim_key_selector, keys[0].selector);
    CPPUNIT_ASSERT(keys[0].secret.starts_with("-----BEGIN PRIVATE KEY-----"));
    CPPUNIT_ASSERT_EQUAL(std::size_t{32}, keys[1].secret.size());
    CPPUNIT_ASSERT_EQUAL("v=DKIM1; k=rsa; p=" + scene.domain.dkim_public_key, keys[0].record);
    CPPUNIT_ASSERT(keys[1].record.starts_with("v=DKIM1; k=ed25519; p="));
    // Neither the record nor what people see of it holds the secret.
    const std::string stored = model::encode_record(scene.domain, true);
    CPPUNIT_ASSERT(stored.find("PRIVATE KEY") == std::string::npos);
    CPPUNIT_ASSERT(stored.find(to_base64(keys[1].secret)) == std::string::npos);
    const std::string shown = model::encode_record(scene.domain, false);
    CPPUNIT_ASSERT(shown.find("private_key") == std::string::npos);
    CPPUNIT_ASSERT(shown.find("dkim_ed25519_public_key") != std::string::npos);
  }

  void an_old_domain_gets_its_keys_when_first_asked() {
    SendingScene scene;
    forget_keys(scene);
    std::vector<Task<Outcome<std::vector<model::SigningKey>>>> asking;
    for (int i = 0; i < 4; ++i) asking.push_back(scene.door->queue().signing_keys("example.test"));
    const auto all = scene.run_all(std::move(asking));
    for (const auto& keys : all) {
      CPPUNIT_ASSERT(keys.ok() && keys.value().size() == 2);
      CPPUNIT_ASSERT_EQUAL(all[0].value()[0].secret, keys.value()[0].secret);
    }
    scene.open();
    CPPUNIT_ASSERT_EQUAL(all[0].value()[1].secret, keys_of(scene, "example.test")[1].secret);
  }

  void a_domain_keeps_the_keys_it_has() {
    SendingScene scene;
    const auto before = keys_of(scene, "example.test");
    scene.change_domain([](model::Domain& one) { one.dkim_ed25519_private_key.clear(); });
    const auto after = keys_of(scene, "EXAMPLE.test");
    CPPUNIT_ASSERT_EQUAL(before[0].secret, after[0].secret);
    CPPUNIT_ASSERT(before[1].secret != after[1].secret);
  }

  void who_is_not_hosted_has_no_keys() {
    SendingScene scene;
    CPPUNIT_ASSERT(keys_of(scene, "other.test").empty());
    CPPUNIT_ASSERT(keys_of(scene, "").empty());
  }

  void a_domain_gets_a_sealed_key_for_its_webhooks() {
    SendingScene scene;
    const auto hook = [&scene] {
      return get(scene.run(scene.door->queue().bounce_hook(scene.domain.id)));
    };
    const std::string first = hook().key;  // signs what aliases' webhooks are told
    CPPUNIT_ASSERT(hook().url.empty());
    const std::string url = "https://hooks.example.org/bounces";
    scene.change_domain([&](model::Domain& one) { one.bounce_webhook = url; });
    const model::BounceHook made = hook();
    CPPUNIT_ASSERT_EQUAL(url, made.url);
    CPPUNIT_ASSERT_EQUAL(std::size_t{48}, made.key.size());
    CPPUNIT_ASSERT_EQUAL(first, made.key);
    const auto stored = get(scene.run(scene.door->directory().get_domain(scene.domain.id)));
    CPPUNIT_ASSERT(model::encode_record(stored, true).find(made.key) == std::string::npos);
    // Another URL keeps the key, who takes it away gets another.
    scene.change_domain([&](model::Domain& one) { one.bounce_webhook = url + "2"; });
    CPPUNIT_ASSERT_EQUAL(made.key, hook().key);
    scene.change_domain([](model::Domain& one) { one.webhook_key.clear(); });
    CPPUNIT_ASSERT(hook().key != made.key && hook().key.size() == made.key.size());
    scene.change_domain([](model::Domain& one) { one.webhook_key = "not ours"; });
    assert_fault(Fault::kCorrupt, scene.run(scene.door->queue().bounce_hook(scene.domain.id)));
    CPPUNIT_ASSERT(
        get(scene.run(scene.door->queue().bounce_hook("0123456789abcdef01234567"))).url.empty());
  }

  void who_looks_after_an_alias_is_known() {
    SendingScene scene;
    const auto owners = [&scene](const std::string& alias_id) {
      return get(scene.run(scene.door->queue().forward_owners(scene.domain.id, alias_id)));
    };
    model::ForwardOwners found = owners(scene.alias.id);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), found.alias);
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), found.mailbox);
    CPPUNIT_ASSERT(found.owner.empty() && found.admins.empty());
    const std::string owner = scene.put_owner("user");
    model::User user;
    std::vector<std::string> ids;
    for (const char* email : {"one@example.org", "two@example.org", "three@example.org"}) {
      user.email = email;
      ids.push_back(get(scene.run(scene.door->directory().put_user(user))).id);
    }
    scene.change_domain([&](model::Domain& one) {
      one.members = {{ids[0], "admin"}, {ids[1], "user"}, {ids[2], "admin"}};
    });
    found = owners(scene.alias.id);
    CPPUNIT_ASSERT_EQUAL(std::string("owner@example.org"), found.owner);
    CPPUNIT_ASSERT((std::vector<std::string>{"one@example.org", "three@example.org"}) ==
                   found.admins);
    // Who was banned is told nothing; of another domain's alias nothing is said.
    for (const std::string& id : {ids[0], owner}) {
      auto banned = get(scene.run(scene.door->directory().get_user(id)));
      banned.is_banned = true;
      get(scene.run(scene.door->directory().put_user(banned)));
    }
    found = owners(scene.alias.id);
    CPPUNIT_ASSERT(found.owner.empty() && found.admins.size() == 1);
    const auto other = scene.put_domain("other.test");
    found = owners(scene.put_alias(other.id, "hello").id);
    CPPUNIT_ASSERT(found.alias.empty() && found.mailbox.empty() && found.admins.size() == 1);
    scene.change_alias([](model::Alias& one) {
      one.has_imap = false;
      one.recipients = {"elsewhere@example.org"};
    });
    CPPUNIT_ASSERT(owners(scene.alias.id).mailbox.empty());
    const auto nobody = get(
        scene.run(scene.door->queue().forward_owners("0123456789abcdef01234567", scene.alias.id)));
    CPPUNIT_ASSERT(nobody.admins.empty() && nobody.alias.empty());
  }

  void content_is_kept_as_long_as_the_domain_says() {
    SendingScene scene;
    scene.change_domain([](model::Domain& one) { one.retention_days = 2; });
    const model::NewOutbound out = scene.message();
    get(scene.submit(scene.log_in(), out));
    model::QueueFilter filter;
    filter.id = out.id;
    CPPUNIT_ASSERT_EQUAL(
        std::uint64_t{1},
        get(scene.run(scene.door->queue().act_on_outbound(filter, model::QueueAction::kRemove))));
    const auto listed = get(scene.run(scene.door->queue().list_outbound(filter)));
    CPPUNIT_ASSERT(listed.at(0).state == model::OutboundState::kRejected);
    CPPUNIT_ASSERT(!listed.at(0).is_redacted);
  }

  void the_queue_opens_with_the_server_key_alone() {
    SendingScene scene;
    get(scene.submit(scene.log_in(), scene.message()));
    scene.door.reset();
    assert_fault(Fault::kCorrupt,
                 queue::QueueFile::open(scene.folder / "data/queue.sqlite", mailbox::key_of('x'),
                                        std::string(16, 's')));
    scene.open();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scene.claim().size());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DoorQueueTest);

}  // namespace
}  // namespace fwd::door
