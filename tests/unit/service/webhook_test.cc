// Forwards that are posted to webhooks.
#include <cppunit/extensions/HelperMacros.h>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/json.h"
#include "support/delivery_rig.h"

namespace fwd::test {
namespace {

using model::RecipientState;
using std::chrono::minutes;
using std::chrono::seconds;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class WebhookTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(WebhookTest);
  CPPUNIT_TEST(the_message_is_posted_signed_and_with_what_is_known_of_it);
  CPPUNIT_TEST(a_domain_without_a_key_signs_nothing);
  CPPUNIT_TEST(the_query_chooses_the_payload_and_stays_in_the_url);
  CPPUNIT_TEST(a_name_and_password_become_a_header);
  CPPUNIT_TEST(only_200_is_success);
  CPPUNIT_TEST(trouble_on_the_way_is_tried_again);
  CPPUNIT_TEST(a_private_address_is_final);
  CPPUNIT_TEST(a_wish_to_be_left_alone_is_heard_within_reason);
  CPPUNIT_TEST(no_url_stands_in_log_or_journal);
  CPPUNIT_TEST(a_payload_that_grows_too_large_leaves_things_out);
  CPPUNIT_TEST(a_url_that_is_none_says_nothing_of_its_host);
  CPPUNIT_TEST_SUITE_END();

  std::unique_ptr<DeliveryRig> rig_;

  void deliver(const std::string& url, std::string content = "Subject: x\r\n\r\nbody\r\n") {
    rig_->send({"x@hooks.example"}, [&](auto& message) { message.content = std::move(content); });
    model::OutboundRecipient& to = rig_->queue.message("M1").recipients.at(0);
    to.kind = model::DestinationKind::kWebhook;
    to.address = url;
    to.destination = "https://hooks.example";
    rig_->start();
  }
  const delivery::HttpPost& post() { return rig_->posts.at(0); }
  format::Json payload() {
    auto parsed = format::parse_json(post().body);
    CPPUNIT_ASSERT(parsed.ok());
    return std::move(parsed).value();
  }
  std::string header(const std::string& name) {
    for (const auto& [key, value] : post().headers)
      if (key == name) return value;
    return "none";
  }
  // State, code and status after an answer.
  std::string after(Outcome<delivery::HttpSaid> answer) {
    rig_ = std::make_unique<DeliveryRig>();
    rig_->post_answer = std::move(answer);
    deliver("https://hooks.example/x");
    const auto& to = rig_->recipient("M1");
    const std::string state = to.state == RecipientState::kDelivered ? "delivered"
                              : to.state == RecipientState::kFailed  ? "failed"
                                                                     : "waiting";
    return state + " " + std::to_string(to.last.code) + " " + to.last.status;
  }

 public:
  void setUp() override { rig_ = std::make_unique<DeliveryRig>(); }
  void tearDown() override { rig_.reset(); }

  void the_message_is_posted_signed_and_with_what_is_known_of_it() {
    rig_->queue.hook = {"", "k3y"};
    rig_->queue.facts.webhook_json =
        R"({"spf":{"status":"pass"},"recipients":["to@example.test"]})";
    deliver("https://hooks.example/x");
    CPPUNIT_ASSERT_EQUAL(std::string("https://hooks.example/x"), post().url);
    CPPUNIT_ASSERT(post().limit == seconds(30));
    CPPUNIT_ASSERT_EQUAL(std::string("application/json"), header("Content-Type"));
    CPPUNIT_ASSERT_EQUAL(to_hex(crypto::hmac_sha256("k3y", post().body)),
                         header("X-Webhook-Signature"));
    const format::Json json = payload();
    CPPUNIT_ASSERT_EQUAL(std::string("x"), *json.find("subject")->text());
    CPPUNIT_ASSERT_EQUAL(rig_->signature + "Subject: x\r\n\r\nbody\r\n", *json.find("raw")->text());
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), *json.find("spf")->find("status")->text());
    CPPUNIT_ASSERT(rig_->recipient("M1").state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::string("the webhook answered 200"),
                         rig_->recipient("M1").last.response);
    CPPUNIT_ASSERT(rig_->net.dialled.empty());
  }

  void a_domain_without_a_key_signs_nothing() {
    deliver("https://hooks.example/x");
    CPPUNIT_ASSERT_EQUAL(std::string("none"), header("X-Webhook-Signature"));
    CPPUNIT_ASSERT(payload().find("raw") != nullptr);
  }

  void the_query_chooses_the_payload_and_stays_in_the_url() {
    const std::string url = "https://hooks.example/x?attachments=false&raw=false&a=1";
    deliver(url,
            "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n");
    CPPUNIT_ASSERT_EQUAL(url, post().url);
    CPPUNIT_ASSERT(payload().find("raw") == nullptr);
    CPPUNIT_ASSERT(payload().find("attachments")->array()->empty());
    CPPUNIT_ASSERT(payload().find("omitted") == nullptr);
  }

  void a_name_and_password_become_a_header() {
    deliver("https://us%40er:pa%3Ass@hooks.example:8443/x#part");
    CPPUNIT_ASSERT_EQUAL(std::string("https://hooks.example:8443/x"), post().url);
    CPPUNIT_ASSERT_EQUAL("Basic " + to_base64("us@er:pa:ss"), header("Authorization"));
  }

  void only_200_is_success() {
    const auto said = [](int status) { return delivery::HttpSaid{status, ""}; };
    CPPUNIT_ASSERT_EQUAL(std::string("delivered 250 2.0.0"), after(said(200)));
    for (const int status : {201, 204, 301, 302, 400, 401, 404, 410})
      CPPUNIT_ASSERT_EQUAL(std::string("failed 550 5.3.0"), after(said(status)));
    for (const int status : {408, 413, 425, 429, 500, 502, 503, 504})
      CPPUNIT_ASSERT_EQUAL(std::string("waiting 421 4.3.2"), after(said(status)));
    CPPUNIT_ASSERT(rig_->queue.reports.at(0).has_destination);
    CPPUNIT_ASSERT_EQUAL(0U, rig_->queue.reports.at(0).destination.failures);
  }

  void trouble_on_the_way_is_tried_again() {
    const auto failed = [](Fault fault) { return Failure{fault, "", "words"}; };
    CPPUNIT_ASSERT_EQUAL(std::string("waiting 421 4.4.2"), after(failed(Fault::kTimeout)));
    CPPUNIT_ASSERT_EQUAL(std::string("waiting 421 4.4.3"), after(failed(Fault::kNotFound)));
    CPPUNIT_ASSERT_EQUAL(std::string("waiting 421 4.7.5"), after(failed(Fault::kDenied)));
    CPPUNIT_ASSERT_EQUAL(std::string("waiting 421 4.3.2"), after(failed(Fault::kBusy)));
    CPPUNIT_ASSERT_EQUAL(std::string("waiting 421 4.4.1"), after(failed(Fault::kUnavailable)));
    CPPUNIT_ASSERT_EQUAL(1U, rig_->queue.reports.at(0).destination.failures);
    rig_->post_answer = delivery::HttpSaid{200, ""};
    rig_->clock.turn(minutes(5));
    CPPUNIT_ASSERT(rig_->recipient("M1").state == RecipientState::kDelivered);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_->posts.size());
  }

  void a_private_address_is_final() {
    CPPUNIT_ASSERT_EQUAL(std::string("failed 550 5.7.1"), after(Failure{Fault::kCannot, "", "x"}));
    CPPUNIT_ASSERT_EQUAL(std::string("failed 550 5.1.3"),
                         after(Failure{Fault::kBadInput, "", "x"}));
  }

  void a_wish_to_be_left_alone_is_heard_within_reason() {
    const auto pause = [this](const std::string& retry_after) {
      after(delivery::HttpSaid{429, retry_after});
      return rig_->queue.reports.at(0).recipients.at(0).next_attempt -
             unix_milliseconds(rig_->clock.wall());
    };
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1800'000}, pause("1800"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1200'000}, pause("Thu, 1 Jan 2026 00:20:00 GMT"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{3600'000}, pause("999999999999"));
    for (const char* wish : {"1", "-5", "soon", "Wed, 31 Dec 2025 00:00:00 GMT", ""})
      CPPUNIT_ASSERT(pause(wish) < 200'000);
  }

  void no_url_stands_in_log_or_journal() {
    rig_->post_answer = Failure{Fault::kUnavailable, "", "https://user:s3cret@x/ was closed"};
    deliver("https://user:s3cret@hooks.example/s3cret?s3cret");
    CPPUNIT_ASSERT(rig_->logged("smtp.delivery.webhook.failed message=M1 host=hooks.example"));
    for (const auto& line : rig_->log.lines()) CPPUNIT_ASSERT(!has(line, "s3cret"));
    CPPUNIT_ASSERT(!rig_->journal.entries.empty());
    for (const auto& entry : rig_->journal.entries)
      for (const auto& [name, value] : entry.fields) CPPUNIT_ASSERT(!has(value, "s3cret"));
    CPPUNIT_ASSERT(!has(rig_->recipient("M1").last.response, "s3cret"));
  }

  void a_payload_that_grows_too_large_leaves_things_out() {
    rig_->options.webhook_payload = 100'000;
    deliver("https://hooks.example/x", "Subject: x\r\nContent-Type: application/pdf\r\n\r\n" +
                                           std::string(80'000, 'x') + "\r\n");
    const format::Json json = payload();
    CPPUNIT_ASSERT(post().body.size() < 100'000);
    CPPUNIT_ASSERT(json.find("raw") != nullptr);
    CPPUNIT_ASSERT_EQUAL(std::string("attachments"), *json.find("omitted")->array()->at(0).text());
    CPPUNIT_ASSERT(rig_->recipient("M1").state == RecipientState::kDelivered);
  }

  void a_url_that_is_none_says_nothing_of_its_host() {
    rig_->queue.keys.clear();
    deliver("nonsense");
    CPPUNIT_ASSERT(rig_->posts.empty());
    CPPUNIT_ASSERT(rig_->recipient("M1").state == RecipientState::kFailed);
    CPPUNIT_ASSERT(!rig_->queue.reports.at(0).has_destination);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WebhookTest);

}  // namespace
}  // namespace fwd::test
