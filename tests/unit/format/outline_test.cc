// What pack_message() works out of good, odd and hostile messages.
#include "format/outline.h"

#include <cppunit/extensions/HelperMacros.h>

#include <random>

#include "format/part_table.h"
#include "format/part_walker.h"
#include "odd_messages.h"

namespace fwd::format {
namespace {

std::vector<Part> parts_of(const PackedMessage& packed) {
  return decode_parts(packed.outline.parts).value();
}

std::string content(const std::string& message, const Part* part) {
  CPPUNIT_ASSERT(part != nullptr);
  return message.substr(part->body_begin, part->body_end - part->body_begin);
}

std::string text_of(const std::string& packed) {
  return unpack_text(packed, kMostSearchText).value();
}

// What must hold for any message whatever.
void check_properties(const std::string& message) {
  const std::vector<PartNode> nodes = walk_parts(message, {});
  CPPUNIT_ASSERT(!nodes.empty() && nodes.size() <= OutlineLimits{}.parts);
  CPPUNIT_ASSERT(nodes[0].header_begin == 0);
  for (const PartNode& node : nodes) {
    CPPUNIT_ASSERT(node.header_begin <= node.body_begin && node.body_begin <= node.body_end &&
                   node.body_end <= message.size());
    std::uint64_t lines = 0;
    for (std::uint64_t i = node.body_begin; i < node.body_end; ++i)
      if (message[i] == '\n') ++lines;
    CPPUNIT_ASSERT_EQUAL(lines, node.lines);
    CPPUNIT_ASSERT((node.kind == PartKind::kLeaf) == node.children.empty());
    std::uint64_t last = node.body_begin;
    for (const std::size_t child : node.children) {
      CPPUNIT_ASSERT(last <= nodes[child].header_begin);
      last = nodes[child].body_end;
    }
    CPPUNIT_ASSERT(last <= node.body_end);
  }
  const PackedMessage packed = pack_message(message);
  std::string whole;
  for (const PackedChunk& chunk : packed.chunks) {
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{whole.size()}, chunk.offset);
    whole += unpack_chunk(chunk).value();
  }
  CPPUNIT_ASSERT(whole == message);
  CPPUNIT_ASSERT_EQUAL(std::uint64_t{message.size()}, packed.size);
  CPPUNIT_ASSERT(parts_of(packed) == make_part_table(nodes));
  for (const std::string* wire :
       {&packed.outline.envelope, &packed.outline.body, &packed.outline.body_structure})
    CPPUNIT_ASSERT(wire->front() == '(' && wire->back() == ')' && wire->find('\0') == wire->npos);
  text_of(packed.outline.search_head);
  text_of(packed.outline.search_body);
  const std::string encoded = encode_packed(packed);
  const Outcome<PackedMessage> again = decode_packed(encoded);
  CPPUNIT_ASSERT(again.ok() && again.value().outline == packed.outline);
  CPPUNIT_ASSERT(encode_packed(again.value()) == encoded);
}

class OutlineTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OutlineTest);
  CPPUNIT_TEST(every_odd_message_keeps_the_rules);
  CPPUNIT_TEST(mutated_messages_keep_the_rules);
  CPPUNIT_TEST(sections_are_numbered_as_the_rfc_shows);
  CPPUNIT_TEST(body_structure_of_a_multipart);
  CPPUNIT_TEST(an_outer_boundary_ends_inner_parts);
  CPPUNIT_TEST(a_boundary_that_begins_like_another_is_not_it);
  CPPUNIT_TEST(an_encoded_message_is_opaque);
  CPPUNIT_TEST(a_multipart_without_parts_is_text);
  CPPUNIT_TEST(depth_and_count_are_bounded);
  CPPUNIT_TEST(hostile_headers_do_not_make_large_outlines);
  CPPUNIT_TEST(dates_subjects_and_ids);
  CPPUNIT_TEST(search_texts_are_decoded_and_folded);
  CPPUNIT_TEST(previews);
  CPPUNIT_TEST_SUITE_END();

 public:
  void every_odd_message_keeps_the_rules() {
    for (const std::string& message : odd_messages()) check_properties(message);
  }

  void mutated_messages_keep_the_rules() {
    std::mt19937 random(20261121);
    std::vector<std::string> seeds;
    for (std::string& message : odd_messages())
      if (message.size() < 8192) seeds.push_back(std::move(message));
    const auto any = [&](std::size_t below) { return below == 0 ? 0 : random() % below; };
    const std::string pieces[] = {"--b\r\n",
                                  "--b--\r\n",
                                  "\r\n",
                                  "\r\n\r\n",
                                  "\n",
                                  "\r",
                                  "--",
                                  "\"",
                                  "Content-Type: message/rfc822\r\n\r\n",
                                  "=?utf-8?Q?=",
                                  "\xff",
                                  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
                                  std::string(1, '\0'),
                                  "(",
                                  "<",
                                  ",",
                                  ";",
                                  ":"};
    for (int round = 0; round < 2000; ++round) {
      std::string message = seeds[any(seeds.size())];
      for (std::size_t change = 1 + any(6); change > 0; --change) {
        const std::size_t at = any(message.size() + 1);
        switch (any(4)) {
          case 0:
            message.insert(at, pieces[any(std::size(pieces))]);
            break;
          case 1:
            message.erase(at, any(20));
            break;
          case 2:
            if (at < message.size()) message[at] = static_cast<char>(random());
            break;
          default:
            message.insert(at, message.substr(any(message.size() + 1), any(60)));
        }
      }
      check_properties(message);
    }
  }

  // RFC 9051 §6.4.5.1: the example of section numbers.
  void sections_are_numbered_as_the_rfc_shows() {
    const auto multipart = [](const std::string& b, const std::vector<std::string>& parts) {
      std::string out = "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n";
      for (const std::string& part : parts) out += "--" + b + "\r\n" + part + "\r\n";
      return out + "--" + b + "--\r\n";
    };
    const std::string text = "\r\nhello",
                      octets = "Content-Type: application/octet-stream\r\n\r\nx";
    const std::string rfc822 = "Content-Type: message/rfc822\r\n\r\n";
    const std::string message = multipart(
        "a", {text, octets, rfc822 + multipart("b", {text, octets}),
              multipart("c", {"Content-Type: image/gif\r\n\r\nx",
                              rfc822 + multipart("d", {text, multipart("e", {text, text})})}),
              rfc822 + "Subject: s\r\n\r\nsingle"});
    std::string sections;
    const std::vector<Part> parts = parts_of(pack_message(message));
    for (const Part& part : parts) sections += part.section + " ";
    CPPUNIT_ASSERT_EQUAL(std::string(" 1 2 3 3.1 3.2 4 4.1 4.2 4.2.1 4.2.2 4.2.2.1 4.2.2.2 5 5.1 "),
                         sections);
    const Part* enclosed = find_part(parts, "5");
    CPPUNIT_ASSERT_EQUAL(std::string("message/rfc822"), enclosed->type);
    CPPUNIT_ASSERT_EQUAL(std::string("single"), message.substr(enclosed->enclosed_body_begin, 6));
    CPPUNIT_ASSERT_EQUAL(std::string("single"), content(message, find_part(parts, "5.1")));
    CPPUNIT_ASSERT(find_part(parts, "6") == nullptr && find_part(parts, "1.1") == nullptr);
    CPPUNIT_ASSERT(find_part(parts, "") == &parts.front());
    const std::vector<Part> single = parts_of(pack_message("A: b\r\n\r\nx"));
    CPPUNIT_ASSERT(find_part(single, "") == find_part(single, "1"));
  }

  // RFC 9051 §7.5.2.
  void body_structure_of_a_multipart() {
    const std::string message =
        "Content-Type: multipart/mixed; boundary=\"b\"\n\n"
        "--b\nContent-Type: TEXT/Plain; CHARSET=\"Latin1\" (comment)\nContent-ID: <1@x>\n"
        "Content-Description: d \"q\"\nContent-Language: de, en\n\none\ntwo\n\n"
        "--b\nContent-Type: image/png; name*0*=utf-8''%C3%BC; name*1=.png\n"
        "Content-Disposition: attachment; filename=\"\xc3\xbc.png\"\n"
        "Content-Transfer-Encoding: BASE64\nContent-Location: http://x/\n\nAAAA\n--b--\n";
    CPPUNIT_ASSERT_EQUAL(
        std::string(
            "((\"text\" \"plain\" (\"charset\" \"Latin1\") \"<1@x>\" \"d \\\"q\\\"\" \"7bit\" 8 2 "
            "NIL NIL (\"de\" \"en\") NIL)"
            "(\"image\" \"png\" (\"name*0*\" \"utf-8''%C3%BC\" \"name*1\" \".png\") NIL NIL "
            "\"base64\" 4 NIL (\"attachment\" (\"filename\" {6}\r\n\xc3\xbc.png)) NIL "
            "\"http://x/\") \"mixed\" (\"boundary\" \"b\") NIL NIL NIL)"),
        pack_message(message).outline.body_structure);
    CPPUNIT_ASSERT_EQUAL(
        std::string("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 4 2)"),
        pack_message("A: b\r\n\r\nx\r\n\n").outline.body);
  }

  void an_outer_boundary_ends_inner_parts() {
    const std::string message =
        "Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n"
        "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\ninner\r\n"
        "--out\r\n\r\nsecond\r\n--in\r\nstill second\r\n--out--\r\n";
    const std::vector<Part> parts = parts_of(pack_message(message));
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, parts.size());
    CPPUNIT_ASSERT_EQUAL(std::string("inner"), content(message, find_part(parts, "1.1")));
    CPPUNIT_ASSERT_EQUAL(std::string("second\r\n--in\r\nstill second"),
                         content(message, find_part(parts, "2")));
  }

  // RFC 2046 §5.1.1.
  void a_boundary_that_begins_like_another_is_not_it() {
    const std::string message =
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"
        "Content-Type: multipart/mixed; boundary=ab\r\n\r\n--ab \t\r\n\r\n1\r\n--abc\r\n--ab--\r\n"
        "--a\r\n\r\n2\r\n--a--x\r\n--a--";
    const std::vector<Part> parts = parts_of(pack_message(message));
    CPPUNIT_ASSERT_EQUAL(std::string("1\r\n--abc"), content(message, find_part(parts, "1.1")));
    CPPUNIT_ASSERT_EQUAL(std::string("2\r\n--a--x"), content(message, find_part(parts, "2")));
  }

  void an_encoded_message_is_opaque() {
    const PackedMessage packed = pack_message(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\nU3ViamVjdDogeAoK");
    CPPUNIT_ASSERT_EQUAL(
        std::string("(\"application\" \"octet-stream\" NIL NIL NIL \"base64\" 16)"),
        packed.outline.body);
  }

  void a_multipart_without_parts_is_text() {
    for (const char* body : {"just text\r\n", "--b--\r\njust text\r\n", ""}) {
      const PackedMessage packed =
          pack_message(std::string("Content-Type: multipart/mixed; boundary=b\r\n\r\n") + body);
      CPPUNIT_ASSERT(packed.outline.body.starts_with(
          "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" "));
      CPPUNIT_ASSERT_EQUAL(std::string("1"), parts_of(packed).front().section);
    }
  }

  void depth_and_count_are_bounded() {
    OutlineLimits limits;
    limits.depth = 3;
    limits.parts = 5;
    const std::vector<PartNode> deep = walk_parts(nested_multiparts(10, false), limits);
    CPPUNIT_ASSERT_EQUAL(std::size_t{4}, deep.size());
    CPPUNIT_ASSERT_EQUAL(std::string("text/plain"),
                         walk_parts(nested_multiparts(3, true), limits).back().type);
    CPPUNIT_ASSERT_EQUAL(std::string("application/octet-stream"), deep.back().type);
    CPPUNIT_ASSERT_EQUAL(std::size_t{5}, walk_parts(many_parts(100), limits).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1000}, parts_of(pack_message(many_parts(10000))).size());
    CPPUNIT_ASSERT_EQUAL(std::size_t{51}, walk_parts(nested_messages(1000), {}).size());
  }

  void hostile_headers_do_not_make_large_outlines() {
    std::string addresses;
    for (int i = 0; i < 100000; ++i) addresses += "a,";
    std::string message = "Content-Type: multipart/digest; boundary=b\r\n\r\n";
    for (int i = 0; i < 200; ++i)
      message += "--b\r\n\r\nFrom: " + addresses + "\r\nTo: " + addresses + "\r\n\r\nx\r\n";
    const PackedMessage packed = pack_message(message);
    CPPUNIT_ASSERT(packed.outline.body_structure.size() < 4 * 1024 * 1024);
    CPPUNIT_ASSERT(unpack_text(packed.outline.search_body, kMostSearchText).ok());
  }

  void dates_subjects_and_ids() {
    const PackedMessage packed = pack_message(
        "Date: Sat, 21 Nov 2026 04:12:00 +0130\r\nSubject: =?utf-8?Q?AW:_Re:_[l]_Gr=C3=BC=C3=9Fe?= "
        "(fwd)\r\n"
        "Message-ID: <own@x>\r\nReferences: <a@x>\r\n <b@x> <own@x>\r\nIn-Reply-To: \"x\" "
        "<b@x>\r\n\r\n");
    CPPUNIT_ASSERT_EQUAL(std::int64_t{1795228920}, packed.outline.sent_date.value());
    CPPUNIT_ASSERT_EQUAL(90, packed.outline.sent_zone);
    CPPUNIT_ASSERT_EQUAL(std::string("AW: Re: [l] Grüße"), packed.base_subject);
    CPPUNIT_ASSERT((packed.message_ids == std::vector<std::string>{"own@x", "b@x", "a@x"}));
    CPPUNIT_ASSERT(!pack_message("Date: yesterday\r\n\r\n").outline.sent_date);
    CPPUNIT_ASSERT((pack_message("Message-ID: bare@x\r\n\r\n").message_ids ==
                    std::vector<std::string>{"bare@x"}));
  }

  void search_texts_are_decoded_and_folded() {
    const PackedMessage packed = pack_message(
        "Subject: =?iso-8859-1?Q?GR=DCSSE?=\r\n folded\r\nX-Raw: \xfc\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n"
        "w4RQRkVMDQpCSVJORU4=\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<style>x</style><b>B&uuml;cher</b>\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\nDeep\r\n"
        "--b\r\nContent-Type: image/png\r\n\r\nno text\r\n--b--\r\n");
    const std::string head = text_of(packed.outline.search_head);
    CPPUNIT_ASSERT(head.starts_with("subject: grüsse folded\nx-raw: ü\ncontent-type: "));
    CPPUNIT_ASSERT_EQUAL(std::string("äpfel\nbirnen\nbücher\nsubject: inner\ndeep\n"),
                         text_of(packed.outline.search_body));
  }

  // RFC 8970 §3.1.
  void previews() {
    const auto preview = [](const std::string& rest) {
      return pack_message("A: b\r\n" + rest).outline.preview;
    };
    CPPUNIT_ASSERT_EQUAL(std::string("two words"), preview("\r\n\r\n two \t\r\n words \r\n"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("a & b < c"),
        preview("Content-Type: text/html\r\n\r\n<html><head><title>no</title></head>"
                "<!-- > --><p title='>'>a &amp; b</p>&lt;&nbsp;c</html>"));
    CPPUNIT_ASSERT_EQUAL(
        std::string("plain"),
        preview("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
                "Content-Type: text/html\r\n\r\nhtml\r\n--b\r\n\r\nplain\r\n--b--"));
    std::string long_text = "\r\n";
    for (int i = 0; i < 300; ++i) long_text += "ü";
    CPPUNIT_ASSERT_EQUAL(std::size_t{400}, preview(long_text).size());
    std::string words = "\r\n";
    for (int i = 0; i < 300; ++i) words += "a ";
    CPPUNIT_ASSERT_EQUAL(std::size_t{199}, preview(words).size());
    CPPUNIT_ASSERT_EQUAL(std::string(), preview("Content-Type: image/png\r\n\r\nx"));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OutlineTest);

}  // namespace
}  // namespace fwd::format
