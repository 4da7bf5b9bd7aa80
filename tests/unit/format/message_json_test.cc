// Messages as webhooks are told them, and URLs.
#include "format/message_json.h"

#include <cppunit/extensions/HelperMacros.h>

#include "format/json.h"
#include "format/json_text.h"
#include "format/web_address.h"

namespace fwd::format {
namespace {

const std::string kMixed =
    "From: =?utf-8?q?Z=C3=B6e?= <zoe@a.example>\r\n"
    "To: \"B, C\" <b@b.example>, c@c.example\r\n"
    "Date: Thu, 1 Jan 2026 01:00:00 +0100\r\n"
    "Message-ID: <m@a.example>\r\nReferences: <1@a> <2@a>\r\nIn-Reply-To: <2@a>\r\n"
    "Subject: =?utf-8?q?f=C3=BCr?=\r\nX-Twice: 1\r\nX-Twice: 2\r\n"
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n"
    "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\ngr=FC=DF <you>\r\n"
    "--a\r\nContent-Type: text/html\r\n\r\n<b>hi</b>\r\n--a--\r\n"
    "--m\r\nContent-Type: image/png; name=x.png\r\nContent-ID: <pic@a>\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAEC/w==\r\n"
    "--m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"n.txt\"\r\n\r\n"
    "note\r\n"
    "--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\ndeep\r\n--m--\r\n";

Json parse(const std::string& text) {
  auto parsed = parse_json(text);
  CPPUNIT_ASSERT_MESSAGE(text.substr(0, 300), parsed.ok());
  return std::move(parsed).value();
}
Json shown(std::string_view message, const MessageJsonOptions& options = {},
           std::string_view extra = "") {
  return parse(message_json(message, extra, options));
}
std::string text_at(const Json& json, std::string_view name) {
  const Json* value = json.find(name);
  CPPUNIT_ASSERT_MESSAGE(std::string(name), value != nullptr && value->text() != nullptr);
  return *value->text();
}
const Json& item(const Json& json, std::string_view name, std::size_t at) {
  const Json* value = json.find(name);
  CPPUNIT_ASSERT_MESSAGE(std::string(name), value != nullptr && value->array() != nullptr);
  return value->array()->at(at);
}

class MessageJsonTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(MessageJsonTest);
  CPPUNIT_TEST(fields_are_decoded);
  CPPUNIT_TEST(texts_are_found);
  CPPUNIT_TEST(attachments_are_octets_with_their_names);
  CPPUNIT_TEST(the_source_and_what_is_known_are_there);
  CPPUNIT_TEST(what_is_not_wanted_or_too_large_is_left_out);
  CPPUNIT_TEST(any_octets_make_an_object);
  CPPUNIT_TEST(text_is_escaped);
  CPPUNIT_TEST(urls_are_cut);
  CPPUNIT_TEST_SUITE_END();

 public:
  void fields_are_decoded() {
    const Json json = shown(kMixed);
    CPPUNIT_ASSERT_EQUAL(std::string("für"), text_at(json, "subject"));
    CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T00:00:00.000Z"), text_at(json, "date"));
    CPPUNIT_ASSERT_EQUAL(std::string("<m@a.example>"), text_at(json, "messageId"));
    CPPUNIT_ASSERT_EQUAL(std::string("<2@a>"), text_at(json, "inReplyTo"));
    CPPUNIT_ASSERT_EQUAL(std::string("<2@a>"), *item(json, "references", 1).text());
    const Json& from = *json.find("from");
    CPPUNIT_ASSERT_EQUAL(std::string("Zöe"), text_at(item(from, "value", 0), "name"));
    CPPUNIT_ASSERT_EQUAL(std::string("zoe@a.example"), text_at(item(from, "value", 0), "address"));
    CPPUNIT_ASSERT_EQUAL(std::string("\"Zöe\" <zoe@a.example>"), text_at(from, "text"));
    const Json& to = *json.find("to");
    CPPUNIT_ASSERT_EQUAL(std::string("B, C"), text_at(item(to, "value", 0), "name"));
    CPPUNIT_ASSERT_EQUAL(std::string("c@c.example"), text_at(item(to, "value", 1), "address"));
    CPPUNIT_ASSERT(json.find("cc") == nullptr);
    const Json& headers = *json.find("headers");
    CPPUNIT_ASSERT_EQUAL(std::string("2"), *item(headers, "x-twice", 1).text());
    CPPUNIT_ASSERT_EQUAL(std::string("für"), text_at(headers, "subject"));
    CPPUNIT_ASSERT_EQUAL(std::string("x-twice"), text_at(item(json, "headerLines", 7), "key"));
    CPPUNIT_ASSERT_EQUAL(std::string("X-Twice: 1"), text_at(item(json, "headerLines", 7), "line"));
  }

  void texts_are_found() {
    const Json json = shown(kMixed);
    CPPUNIT_ASSERT(text_at(json, "text").starts_with("grüß <you>"));
    CPPUNIT_ASSERT(text_at(json, "textAsHtml").starts_with("<p>grüß &lt;you&gt;"));
    CPPUNIT_ASSERT(text_at(json, "html").starts_with("<b>hi</b>"));
    const Json only = shown("Content-Type: text/html\r\n\r\n<p>only &amp; html</p>");
    CPPUNIT_ASSERT(text_at(only, "text").find("only & html") != std::string::npos);
    const Json plain = shown("Subject: x\r\n\r\nplain\r\n");
    CPPUNIT_ASSERT(plain.find("html")->boolean() && !*plain.find("html")->boolean());
    CPPUNIT_ASSERT(plain.find("attachments")->array()->empty());
  }

  void attachments_are_octets_with_their_names() {
    MessageJsonOptions options;
    options.checksum = [](std::string_view octets) { return std::to_string(octets.size()); };
    const Json json = shown(kMixed, options);
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, json.find("attachments")->array()->size());
    const Json& picture = item(json, "attachments", 0);
    CPPUNIT_ASSERT_EQUAL(std::string("attachment"), text_at(picture, "type"));
    CPPUNIT_ASSERT_EQUAL(std::string("Buffer"), text_at(*picture.find("content"), "type"));
    CPPUNIT_ASSERT_EQUAL(std::string("[0,1,2,255]"),
                         write_json(*picture.find("content")->find("data")));
    CPPUNIT_ASSERT_EQUAL(std::string("image/png"), text_at(picture, "contentType"));
    CPPUNIT_ASSERT_EQUAL(std::string("x.png"), text_at(picture, "filename"));
    CPPUNIT_ASSERT_EQUAL(std::string("pic@a"), text_at(picture, "cid"));
    CPPUNIT_ASSERT_EQUAL(std::string("2"), text_at(picture, "partId"));
    CPPUNIT_ASSERT_EQUAL(std::string("4"), text_at(picture, "checksum"));
    CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, *picture.find("size")->integer());
    CPPUNIT_ASSERT_EQUAL(std::string("n.txt"), text_at(item(json, "attachments", 1), "filename"));
    const Json& enclosed = item(json, "attachments", 2);
    CPPUNIT_ASSERT_EQUAL(std::string("message/rfc822"), text_at(enclosed, "contentType"));
    CPPUNIT_ASSERT(enclosed.find("filename") == nullptr);
  }

  void the_source_and_what_is_known_are_there() {
    const Json json = shown(kMixed, {}, R"({"dmarc":{"status":"pass"},"raw":"forged"})");
    CPPUNIT_ASSERT_EQUAL(kMixed, text_at(json, "raw"));
    CPPUNIT_ASSERT_EQUAL(std::string("pass"), text_at(*json.find("dmarc"), "status"));
    for (const char* none : {"", "[1]", "nonsense"}) shown(kMixed, {}, none);
  }

  void what_is_not_wanted_or_too_large_is_left_out() {
    MessageJsonOptions options;
    options.with_raw = options.with_attachments = false;
    Json json = shown(kMixed, options);
    CPPUNIT_ASSERT(json.find("raw") == nullptr);
    CPPUNIT_ASSERT(json.find("attachments")->array()->empty());
    CPPUNIT_ASSERT(json.find("omitted") == nullptr);
    options = {};
    options.most = 20'000;
    const std::string large = "Content-Type: text/plain\r\n\r\n" + std::string(100'000, 'x');
    const std::string text = message_json(large, "", options);
    CPPUNIT_ASSERT(text.size() < 20'000);
    json = parse(text);
    CPPUNIT_ASSERT_EQUAL(std::string("text"), *item(json, "omitted", 0).text());
    CPPUNIT_ASSERT_EQUAL(std::string("raw"), *item(json, "omitted", 1).text());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2500}, text_at(json, "text").size());
  }

  void any_octets_make_an_object() {
    for (const std::string& message :
         {std::string(), std::string("\0\xff\x80", 3), std::string("\r\n\r\n"),
          std::string("From: \xff\xfe <\x01>\r\nSubject: \xe4\r\nDate: never\r\n\r\n\x80\x81"),
          std::string("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\n--b--")})
      CPPUNIT_ASSERT(shown(message).object() != nullptr);
    std::string deep;
    for (int i = 0; i < 200; ++i) {
      const std::string mark = "b" + std::to_string(i);
      deep += "Content-Type: multipart/mixed; boundary=" + mark + "\r\n\r\n--" + mark + "\r\n";
    }
    CPPUNIT_ASSERT(shown(deep).object() != nullptr);
  }

  void text_is_escaped() {
    JsonText out;
    out.open('{').name("a\"").text("q\"b\\s\n\x01\xc3\xbc\xff").name("n").number(-5);
    out.name("o").octets(std::string("\0\x09\x0a\x63\x64\xff", 6)).name("e").open('[').close(']');
    out.close('}');
    CPPUNIT_ASSERT_EQUAL(std::string("{\"a\\\"\":\"q\\\"b\\\\s\\n\\u0001\xc3\xbc\xef\xbf\xbd\","
                                     "\"n\":-5,\"o\":[0,9,10,99,100,255],\"e\":[]}"),
                         out.take());
  }

  void urls_are_cut() {  // RFC 3986 §3
    const auto one = parse_web_address("https://us%40er:p%3a@Host.example:8443/a?b=c&raw=false#d");
    CPPUNIT_ASSERT(one);
    CPPUNIT_ASSERT_EQUAL(std::string("https://Host.example:8443/a?b=c&raw=false"), one->plain);
    CPPUNIT_ASSERT_EQUAL(std::string("Host.example"), one->host);
    CPPUNIT_ASSERT_EQUAL(std::string("us@er"), one->user);
    CPPUNIT_ASSERT_EQUAL(std::string("p:"), one->password);
    CPPUNIT_ASSERT(one->query.at(1) == std::pair(std::string("raw"), std::string("false")));
    CPPUNIT_ASSERT_EQUAL(std::string("[::1]"), parse_web_address("http://[::1]:80")->host);
    CPPUNIT_ASSERT_EQUAL(std::string("b"), parse_web_address("http://x@a@b/")->host);
    for (const char* none : {"", "ftp://a", "https://", "https:///x", "https://a b", "http://a\n"})
      CPPUNIT_ASSERT(!parse_web_address(none));
    CPPUNIT_ASSERT_EQUAL(std::string("webhook at h"), webhook_label("https://u:p@h/secret?s"));
    CPPUNIT_ASSERT_EQUAL(std::string("webhook"), webhook_label("secret"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessageJsonTest);

}  // namespace
}  // namespace fwd::format
