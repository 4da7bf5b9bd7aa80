// Return paths: made, opened, forged, too old, and found at RCPT.
#include "door/return_paths.h"

#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "tests/unit/door/sending_scene.h"

namespace fwd::door {
namespace {

const WallTime kNow{std::chrono::seconds(1'767'225'600)};
constexpr std::chrono::hours kDay{24};

class ReturnPathsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(ReturnPathsTest);
  CPPUNIT_TEST(a_path_leads_back_to_its_sender);
  CPPUNIT_TEST(a_path_survives_a_change_of_case);
  CPPUNIT_TEST(no_letter_of_a_path_can_be_changed);
  CPPUNIT_TEST(a_path_holds_for_ten_days);
  CPPUNIT_TEST(a_path_of_another_key_is_forged);
  CPPUNIT_TEST(a_sender_that_cannot_be_written_so_is_its_own_path);
  CPPUNIT_TEST(nonsense_is_refused);
  CPPUNIT_TEST(a_path_says_whether_its_sender_sent_himself);
  CPPUNIT_TEST(a_path_from_before_there_were_two_keys_still_opens);
  CPPUNIT_TEST(what_bounces_is_found_at_rcpt);
  CPPUNIT_TEST(what_comes_back_is_marked_if_its_path_is_ours);
  CPPUNIT_TEST_SUITE_END();

  ReturnPaths paths_{mailbox::key_of('k')};

  static std::string local_of(const std::string& path) { return path.substr(0, path.find('@')); }
  std::string made(const std::string& sender, WallTime now = kNow) const {
    return paths_.make(sender, "fe-bounces.example.test", now);
  }

 public:
  void a_path_leads_back_to_its_sender() {
    for (const std::string sender :
         {"hello@example.test", "hello+tag@example.test", "a=b@c.test"}) {
      const std::string path = made(sender);
      CPPUNIT_ASSERT(path.starts_with("SRS0="));
      CPPUNIT_ASSERT(path.ends_with("@fe-bounces.example.test"));
      CPPUNIT_ASSERT(ReturnPaths::is_meant(local_of(path)));
      CPPUNIT_ASSERT_EQUAL(sender, get(paths_.open(local_of(path), kNow)));
    }
    CPPUNIT_ASSERT_EQUAL(std::string("=example.test=hello@fe-bounces.example.test"),
                         made("hello@example.test").substr(14));
  }

  void a_path_survives_a_change_of_case() {
    const std::string path = local_of(made("Hello@example.test"));
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), get(paths_.open(to_lower(path), kNow)));
    CPPUNIT_ASSERT(paths_.open(to_upper(path), kNow).ok());
  }

  void no_letter_of_a_path_can_be_changed() {
    const std::string path = local_of(made("hello@example.test"));
    for (std::size_t at = 0; at < path.size(); ++at) {
      std::string forged = path;
      forged[at] = forged[at] == '7' ? '6' : '7';
      CPPUNIT_ASSERT_MESSAGE(forged, !paths_.open(forged, kNow).ok());
    }
    for (std::size_t size = 0; size < path.size(); ++size)
      CPPUNIT_ASSERT(!paths_.open(path.substr(0, size), kNow).ok());
  }

  void a_path_holds_for_ten_days() {
    const std::string path = local_of(made("hello@example.test"));
    for (int day = 0; day <= 10; ++day) CPPUNIT_ASSERT(paths_.open(path, kNow + day * kDay).ok());
    for (int day : {-1, 11, 100, 1023}) CPPUNIT_ASSERT(!paths_.open(path, kNow + day * kDay).ok());
  }

  void a_path_of_another_key_is_forged() {
    const ReturnPaths other{mailbox::key_of('x')};
    CPPUNIT_ASSERT(!other.open(local_of(made("hello@example.test")), kNow).ok());
  }

  void a_sender_that_cannot_be_written_so_is_its_own_path() {  // RFC 5321 §4.5.3.1.1
    for (const std::string& sender :
         {std::string("\"two words\"@example.test"), std::string(50, 'x') + "@example.test"})
      CPPUNIT_ASSERT_EQUAL(sender, made(sender));
    CPPUNIT_ASSERT_EQUAL(std::string("a@b.test"), paths_.make("a@b.test", "", kNow));
    const std::string longest = std::string(35, 'x') + "@example.test";
    CPPUNIT_ASSERT_EQUAL(std::size_t{64}, local_of(made('y' + longest.substr(1))).size() + 1);
  }

  void nonsense_is_refused() {
    for (const char* local : {"", "SRS0", "SRS0=", "SRS0=====", "SRS0=A=B=C=D", "SRS1=x=y=z=a=b",
                              "hello", "SRS0=AAAAAA=AA=example.test=", "SRS0=AAAAAA=AA="})
      CPPUNIT_ASSERT_MESSAGE(local, !paths_.open(local, kNow).ok());
  }

  void a_path_says_whether_its_sender_sent_himself() {
    const std::string sender = "hello@example.test", domain = "fe-bounces.example.test";
    const std::string own = local_of(made(sender));
    CPPUNIT_ASSERT(get(paths_.open_any(own, kNow)).is_own);
    CPPUNIT_ASSERT(get(paths_.open_any(to_lower(own), kNow)).is_own);
    const std::string other = local_of(paths_.make_forward(sender, domain, kNow));
    CPPUNIT_ASSERT(other.substr(5, 6) != own.substr(5, 6) && other.substr(11) == own.substr(11));
    CPPUNIT_ASSERT(!get(paths_.open_any(other, kNow)).is_own);
    CPPUNIT_ASSERT_EQUAL(sender, get(paths_.open(other, kNow)));
    for (const std::string& one : {std::string("SRS0=abc=de=origin.example=joe@hop.example"),
                                   std::string(60, 'x') + "@far.example"})
      CPPUNIT_ASSERT(
          !get(paths_.open_any(local_of(paths_.make_forward(one, domain, kNow)), kNow)).is_own);
  }

  void a_path_from_before_there_were_two_keys_still_opens() {
    const auto old = get(paths_.open_any("SRS0=YWE5HI=7G=example.test=hello", kNow));
    CPPUNIT_ASSERT(old.sender == "hello@example.test" && !old.is_own);
  }

  void what_comes_back_is_marked_if_its_path_is_ours() {
    SendingScene scene;
    const model::NewOutbound out = scene.message();
    get(scene.submit(scene.log_in(), out));
    const model::Claim claim = scene.claim().at(0);
    model::Report report;
    report.lease = claim.lease;
    report.message_id = out.id;
    report.recipients.push_back({0, model::RecipientState::kDelivered, {}, 0, false});
    assert_ok(scene.run(scene.door->queue().report(report)));
    std::string forged = claim.return_path;
    forged[5] = forged[5] == 'A' ? 'B' : 'A';
    model::QueueFilter filter;
    filter.id = out.id;
    for (const auto& [path, state] :
         {std::pair(forged, model::OutboundState::kSent),
          std::pair(claim.return_path, model::OutboundState::kBounced)}) {
      model::Delivery delivery;
      delivery.returned = {path, out.message_id, {{"friend@example.org", "", "5.1.1", "", ""}}};
      assert_ok(scene.run(scene.door->deliveries().deliver(std::move(delivery))));
      const auto found = get(scene.run(scene.door->queue().list_outbound(filter)));
      CPPUNIT_ASSERT(found.at(0).state == state);
    }
  }

  void what_bounces_is_found_at_rcpt() {
    SendingScene scene;
    const auto find = [&](const std::string& address) {
      return get(scene.run(scene.door->deliveries().find_recipient(address)));
    };
    CPPUNIT_ASSERT(!find("hello@example.test").is_return_path);
    get(scene.submit(scene.log_in(), scene.message("hello+tag@example.test")));
    const std::string path = scene.claim().at(0).return_path;
    CPPUNIT_ASSERT(path.ends_with("=example.test=hello+tag@fe-bounces.example.test"));
    for (const std::string& one : {path, to_lower(path)}) {
      const model::Recipient found = find(one);
      CPPUNIT_ASSERT(found.kind == model::RecipientKind::kAccepted && found.is_return_path);
      CPPUNIT_ASSERT_EQUAL(scene.alias.id, found.mailboxes.at(0).alias_id);
      CPPUNIT_ASSERT_EQUAL(one, found.address);
    }
    std::string forged = path;
    forged[5] = forged[5] == 'A' ? 'B' : 'A';
    const model::Recipient refused = find(forged);
    CPPUNIT_ASSERT(refused.kind == model::RecipientKind::kBadReturnPath);
    CPPUNIT_ASSERT_EQUAL(scene.domain.id, refused.domain_id);
    // Elsewhere it is an address like any other.
    const std::string local = local_of(path);
    CPPUNIT_ASSERT(find(local + "@example.test").kind == model::RecipientKind::kUnknown);
    CPPUNIT_ASSERT(find(local + "@other.example.test").kind == model::RecipientKind::kForeign);
    CPPUNIT_ASSERT(find(local + "@fe-bounces.other.test").kind == model::RecipientKind::kForeign);
    CPPUNIT_ASSERT(find("hello@fe-bounces.example.test").kind == model::RecipientKind::kForeign);
    // A path for one domain opens nothing at another.
    scene.put_domain("other.test");
    CPPUNIT_ASSERT(find(local + "@fe-bounces.other.test").kind ==
                   model::RecipientKind::kBadReturnPath);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReturnPathsTest);

}  // namespace
}  // namespace fwd::door
