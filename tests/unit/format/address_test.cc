// Envelope addresses and domain names.
#include "format/address.h"

#include <cppunit/extensions/HelperMacros.h>

#include "format/domain_name.h"

namespace fwd::format {
namespace {

std::string mailbox(std::string_view text, AddressCharset charset = AddressCharset::kUtf8) {
  const Outcome<Address> address = parse_mailbox(text, charset);
  return address.ok() ? address.value().text() : "refused: " + address.failure().public_text;
}

class AddressTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(AddressTest);
  CPPUNIT_TEST(good_mailboxes);
  CPPUNIT_TEST(bad_mailboxes);
  CPPUNIT_TEST(lengths_are_bounded);
  CPPUNIT_TEST(tags_are_split_off);
  CPPUNIT_TEST(paths);
  CPPUNIT_TEST(domains_have_one_spelling);
  CPPUNIT_TEST_SUITE_END();

 public:
  // RFC 5321 §4.1.2 and RFC 6531 §3.3.
  void good_mailboxes() {
    const std::pair<const char*, const char*> cases[] = {
        {"Joe.Doe+x@EXAMPLE.test", "Joe.Doe+x@example.test"},
        {"\"joe doe\"@example.test", "\"joe doe\"@example.test"},
        {"\"joe\"@example.test", "joe@example.test"},
        {"\"a\\\"b\\\\\"@example.test", "\"a\\\"b\\\\\"@example.test"},
        {"\"a@b\"@example.test", "\"a@b\"@example.test"},
        {"joe@[192.0.2.1]", "joe@[192.0.2.1]"},
        {"joe@[ipv6:2001:DB8:0::1]", "joe@[IPv6:2001:db8::1]"},
        {"jürgen@bücher.example", "jürgen@xn--bcher-kva.example"},
        {"ju\xcc\x88rgen@example.test", "jürgen@example.test"},
        {"a@b", "a@b"},
        {"!#$%&'*+-/=?^_`{|}~@x.test", "!#$%&'*+-/=?^_`{|}~@x.test"},
    };
    for (const auto& [text, expected] : cases)
      CPPUNIT_ASSERT_EQUAL(std::string(expected), mailbox(text));
    CPPUNIT_ASSERT(
        parse_mailbox("jürgen@example.test", AddressCharset::kUtf8).value().needs_utf8());
    CPPUNIT_ASSERT(!parse_mailbox("j@bücher.example", AddressCharset::kUtf8).value().needs_utf8());
  }

  void bad_mailboxes() {
    for (const char* text : {"",
                             "joe",
                             "@x.test",
                             "joe@",
                             "joe@x..test",
                             "joe@-x.test",
                             "joe@x-.test",
                             "joe@x.test.",
                             ".joe@x.test",
                             "joe.@x.test",
                             "j..d@x.test",
                             "joe doe@x.test",
                             "joe@x.test ",
                             " joe@x.test",
                             "joe@x_y.test",
                             "\"joe@x.test",
                             "\"\"@x.test",
                             "\"a\tb\"@x.test",
                             "joe@[1.2.3]",
                             "joe@[IPv6:x]",
                             "joe@[192.0.2.1",
                             "j<o>e@x.test",
                             "joe@x.test\r\n",
                             "j\xff@x.test",
                             "j\xC2\x9B@x.test",
                             "joe@\xff.test",
                             "a@b@c",
                             "joe@[]",
                             "\"a\"b@x.test"})
      CPPUNIT_ASSERT_MESSAGE(text, !parse_mailbox(text, AddressCharset::kUtf8).ok());
    CPPUNIT_ASSERT(!parse_mailbox(std::string("a\0b@x.test", 10), AddressCharset::kUtf8).ok());
    for (const char* text : {"jürgen@example.test", "joe@bücher.example"})
      CPPUNIT_ASSERT(!parse_mailbox(text, AddressCharset::kAscii).ok());
  }

  // RFC 5321 §4.5.3.1.
  void lengths_are_bounded() {
    const std::string local(64, 'a');
    CPPUNIT_ASSERT(parse_mailbox(local + "@x.test", AddressCharset::kAscii).ok());
    CPPUNIT_ASSERT(parse_mailbox(local + "a@x.test", AddressCharset::kAscii).failure().fault ==
                   Fault::kOverLimit);
    CPPUNIT_ASSERT(
        !parse_mailbox(std::string(100000, 'a') + "@x.test", AddressCharset::kAscii).ok());
    const std::string label = std::string(63, 'd') + ".";
    CPPUNIT_ASSERT(
        parse_mailbox("a@" + label + label + label + std::string(60, 'd'), AddressCharset::kAscii)
            .ok());
    CPPUNIT_ASSERT(
        !parse_mailbox(local + "@" + label + label + label + "test", AddressCharset::kAscii).ok());
    CPPUNIT_ASSERT(!parse_mailbox("a@d" + label + "test", AddressCharset::kAscii).ok());
  }

  void tags_are_split_off() {
    const auto parsed = parse_mailbox("user+tag+more@x.test", AddressCharset::kAscii).value();
    CPPUNIT_ASSERT_EQUAL(std::string("user"), std::string(parsed.user()));
    CPPUNIT_ASSERT_EQUAL(std::string("tag+more"), std::string(parsed.tag()));
    const auto plain = parse_mailbox("+user@x.test", AddressCharset::kAscii).value();
    CPPUNIT_ASSERT(plain.user() == "+user" && plain.tag().empty());
  }

  // RFC 5321 §4.1.2 and §4.5.1.
  void paths() {
    const auto path = [](std::string_view text) {
      return parse_path(text, AddressCharset::kAscii);
    };
    CPPUNIT_ASSERT(path("<>").value().null);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, path("<> SIZE=1").value().size);
    CPPUNIT_ASSERT_EQUAL(std::size_t{10}, path("<a@b.test> X").value().size);
    CPPUNIT_ASSERT_EQUAL(std::string("a@b.test"),
                         path("<@r1.test,@r2.test:a@b.test>").value().address.text());
    CPPUNIT_ASSERT_EQUAL(std::string("postmaster"), path("<PostMaster>").value().address.text());
    CPPUNIT_ASSERT_EQUAL(std::size_t{12}, path("<postmaster>").value().size);
    for (const char* text : {"", "<", "a@b.test", "<a@b.test", "< a@b.test>", "<a>", "<@r:a@b>x",
                             "<@r.test>", "<@:a@b.test>", "<r.test:a@b.test>", "<<a@b.test>>"}) {
      const bool ok = path(text).ok();
      CPPUNIT_ASSERT_MESSAGE(text, ok == (std::string_view(text) == "<@r:a@b>x"));
    }
  }

  // RFC 5890 §2.3.2.1.
  void domains_have_one_spelling() {
    CPPUNIT_ASSERT_EQUAL(std::string("xn--bcher-kva.example"),
                         domain_to_ascii("BÜCHER.Example.").value());
    CPPUNIT_ASSERT_EQUAL(std::string("bücher.example"), domain_to_unicode("xn--bcher-kva.example"));
    CPPUNIT_ASSERT_EQUAL(std::string("xn--zz.example"), domain_to_unicode("xn--zz.example"));
    // Decodes, but to no U-label: only what leads back is shown.
    CPPUNIT_ASSERT_EQUAL(std::string("xn--bcbcher-kva.example"),
                         domain_to_unicode("xn--bcbcher-kva.example"));
    // Whatever is shown leads back.
    for (const char* ascii : {"xn--bc0r-kva.e-plp--bcbbcher-kvbcbch0r-kva.lp--bbcchvp.l-ple.le",
                              "xn--bcher-kva.xn--bcbcher-kva", "xn--4db1b.1a"})
      CPPUNIT_ASSERT_EQUAL(std::string(ascii), domain_to_ascii(domain_to_unicode(ascii)).value());
    CPPUNIT_ASSERT_EQUAL(std::string("xn--fa-hia.example"), domain_to_ascii("faß.example").value());
    for (const char* bad : {"", ".", "..", "a b", "a_b", "-a", "\xe2\x80\xae.example"})
      CPPUNIT_ASSERT(!domain_to_ascii(bad).ok());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AddressTest);

}  // namespace
}  // namespace fwd::format
