// Charsets, encodings, folding, HTML, subjects and folder names.
#include "core/text.h"

#include <cppunit/extensions/HelperMacros.h>

#include "format/base_subject.h"
#include "format/encoded_words.h"
#include "format/html_text.h"
#include "format/mutf7.h"
#include "format/outline.h"
#include "format/structured_field.h"

namespace fwd::format {
namespace {

class TextTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(TextTest);
  CPPUNIT_TEST(folding_ignores_case_and_composition);
  CPPUNIT_TEST(folding_a_text_folds_its_parts);
  CPPUNIT_TEST(folding_lets_other_octets_pass);
  CPPUNIT_TEST(folding_hostile_marks_is_quick);
  CPPUNIT_TEST(charsets_become_utf8);
  CPPUNIT_TEST(transfer_encodings_are_undone);
  CPPUNIT_TEST(encoded_words_are_decoded);
  CPPUNIT_TEST(hostile_encoded_words_are_quick);
  CPPUNIT_TEST(parameters_are_read);
  CPPUNIT_TEST(html_is_stripped);
  CPPUNIT_TEST(base_subjects);
  CPPUNIT_TEST(folder_names_on_the_wire);
  CPPUNIT_TEST(bad_folder_names_are_refused);
  CPPUNIT_TEST_SUITE_END();

 public:
  void folding_ignores_case_and_composition() {
    CPPUNIT_ASSERT_EQUAL(std::string("abc xyz 1"), fold_for_search("ABC xyz 1"));
    CPPUNIT_ASSERT_EQUAL(fold_for_search("STRASSE"), fold_for_search("Straße"));
    CPPUNIT_ASSERT_EQUAL(fold_for_search("ÄÖÜ λόγος"), fold_for_search("äöü ΛΌΓΟΣ"));
    CPPUNIT_ASSERT_EQUAL(fold_for_search("R\xc3\xa9sum\xc3\xa9"),
                         fold_for_search("re\xcc\x81sume\xcc\x81"));
    CPPUNIT_ASSERT_EQUAL(fold_for_search("fine"), fold_for_search("\xef\xac\x81ne"));
    // The text around a word does not change how it folds.
    CPPUNIT_ASSERT(fold_for_search("xx É, ÀÉÎ é yy").find(fold_for_search("àéî É")) !=
                   std::string::npos);
  }

  // A needle cut anywhere between characters that do not join is found.
  void folding_a_text_folds_its_parts() {
    const char* parts[] = {"A",         "é",
                           "e\xcc\x81", "Я",
                           "ǅ",         "日",
                           "한",        "\xe1\x84\x92\xe1\x85\xa1",
                           "…",         "ﬁ",
                           "Σ",         " ",
                           "ß",         "か\xe3\x82\x99",
                           "…\xcc\x88", "ѐ",
                           "½"};
    for (const char* a : parts)
      for (const char* b : parts)
        for (const char* c : parts)
          CPPUNIT_ASSERT_EQUAL(fold_for_search(a) + fold_for_search(b) + fold_for_search(c),
                               fold_for_search(std::string(a) + b + c));
    CPPUNIT_ASSERT_EQUAL(fold_for_search("か\xe3\x82\x99"), std::string("が"));
  }

  void folding_lets_other_octets_pass() {
    const std::string text = std::string("A\xff\xc3 \0\xc3\x84\xe2\x82", 9);
    CPPUNIT_ASSERT_EQUAL(std::string("a\xff\xc3 \0\xc3\xa4\xe2\x82", 9), fold_for_search(text));
    CPPUNIT_ASSERT_EQUAL(std::string(), fold_for_search(""));
  }

  void folding_hostile_marks_is_quick() {
    std::string text = "a";
    while (text.size() < 400000) text += "\xcc\x81\xcc\xa3";  // above, below, out of order
    CPPUNIT_ASSERT(fold_for_search(text).size() > 100000);
  }

  void charsets_become_utf8() {
    CPPUNIT_ASSERT_EQUAL(std::string("ü€"), to_utf8("\xfc\x80", "Windows-1252").value());
    CPPUNIT_ASSERT_EQUAL(std::string("日本"), to_utf8("\x1b$BF|K\\\x1b(B", "iso-2022-jp").value());
    CPPUNIT_ASSERT_EQUAL(std::string("a\xef\xbf\xbd"), to_utf8("a\xff", "utf-8").value());
    // iconv takes it for UTF-8 and lets what is too high through.
    CPPUNIT_ASSERT(fwd::is_utf8(to_utf8("\xf5\xad\x95\x95z", "utf(-8").value()));
    CPPUNIT_ASSERT_EQUAL(std::string("a\xef\xbf\xbd"
                                     "b"),
                         to_utf8("a\xe4"
                                 "b",
                                 "us-ascii")
                             .value());
    CPPUNIT_ASSERT_EQUAL(std::string("x\xef\xbf\xbd"),
                         to_utf8(std::string("\0x\0", 3), "utf-16be").value());
    for (const char* name : {"", "klingon", "utf-8//TRANSLIT", "../../etc/passwd", "a b"})
      CPPUNIT_ASSERT(!to_utf8("x", name));
  }

  // RFC 2045 §6 and RFC 3516 §4.3.
  void transfer_encodings_are_undone() {
    CPPUNIT_ASSERT_EQUAL(std::string("hello"),
                         decode_content("aGVs\r\nbG8=\r\n", "BASE64").value());
    for (const char* whole : {"YWI", "YWI=", "YWI=\r\n", "Y W\r\nI"})
      CPPUNIT_ASSERT_EQUAL(std::string("ab"), decode_content(whole, "base64").value());
    CPPUNIT_ASSERT_EQUAL(std::string("a"), decode_content("YQ", "base64").value());
    CPPUNIT_ASSERT_EQUAL(std::string("a=b ü"),
                         decode_content("a=3Db =\r\n\xc3\xbc", "quoted-printable").value());
    CPPUNIT_ASSERT_EQUAL(std::string("a=3D"), decode_content("a=3D", "8bit").value());
    CPPUNIT_ASSERT(decode_content("x", "x-uuencode").failure().fault == Fault::kBadInput);
    for (const char* encoding : {"base64", "quoted-printable"})
      for (const char* odd :
           {"", "=", "==", "=3", "a=\r\n", "====", "=\r", "\xff\xff=", "A", "=ZZ="})
        CPPUNIT_ASSERT(decode_content(odd, encoding).value().size() <= std::string(odd).size());
  }

  // RFC 2047 §6.
  void encoded_words_are_decoded() {
    CPPUNIT_ASSERT_EQUAL(std::string("Grüße x"),
                         decode_header_text(" =?iso-8859-1?q?Gr=FC=DFe?=\r\n x"));
    CPPUNIT_ASSERT_EQUAL(std::string("ab"),
                         decode_header_text("=?utf-8?B?YQ==?= =?utf-8?B?Yg==?="));
    CPPUNIT_ASSERT_EQUAL(std::string("ü"),
                         decode_header_text("=?utf-8?Q?=C3?=\r\n\t=?UTF-8*de?b?vA?="));
    CPPUNIT_ASSERT_EQUAL(
        std::string("a b c=?x?y?z?= ü"),
        decode_header_text("=?utf-8?Q?a?= b =?utf-8?Q?c?==?x?y?z?= =?klingon?q?=C3=BC?="));
    CPPUNIT_ASSERT_EQUAL(
        std::string("(ab) c"),
        decode_header_text("(=?us-ascii?Q?a?= =?utf-8?q?b?=)=?utf-8?q?_c=0A=00?="));
    CPPUNIT_ASSERT_EQUAL(std::string("ä"), decode_header_text("\xe4"));
    CPPUNIT_ASSERT_EQUAL(std::string("=?x"), decode_header_text("=?x"));
  }

  void hostile_encoded_words_are_quick() {
    std::string text;
    while (text.size() < 256 * 1024) text += "=?=?a?q?";
    decode_header_text(text);
    text.clear();
    while (text.size() < 256 * 1024) text += "=?utf-8?q?x ";
    decode_header_text(text);
    decode_header_text(std::string(256 * 1024, '=') + "=?");
  }

  void parameters_are_read() {
    const StructuredField field = parse_structured_field(
        " Text / PLAIN (c(o)m) ; Charset = us-ascii (Plain text); name=\"a\\\"b\";\r\n\tx=;"
        " filename*0*=utf-8''%C3%BC; filename*1=\".png\"; n=my file.pdf; bad; =y");
    CPPUNIT_ASSERT_EQUAL(std::string("text/plain"), field.word);
    CPPUNIT_ASSERT_EQUAL(std::string("us-ascii"), field.parameter("charset").value());
    CPPUNIT_ASSERT_EQUAL(std::string("a\"b"), field.parameter("name").value());
    CPPUNIT_ASSERT_EQUAL(std::string(), field.parameter("x").value());
    CPPUNIT_ASSERT_EQUAL(std::string("ü.png"), field.parameter("filename").value());
    CPPUNIT_ASSERT_EQUAL(std::string("my file.pdf"), field.parameter("n").value());
    CPPUNIT_ASSERT(!field.parameter("bad") && !field.parameter("y"));
    for (const char* odd : {"", ";", "(", "/", "a/", "a/b;c=\"", "a/b;c=\\", "a/b;=;=", "a/b;c"})
      parse_structured_field(odd).parameter("c");
  }

  void html_is_stripped() {
    CPPUNIT_ASSERT_EQUAL(std::string("a < b"), html_to_text("a < b"));
    CPPUNIT_ASSERT_EQUAL(std::string("x\ny€&nope;&#xFFFFFFFFF;"),
                         html_to_text("<b>x</b><br>y&#8364;&nope;&#xFFFFFFFFF;"));
    for (const char* odd : {"<", "&", "<!--", "<script>", "</", "<a href=\"", "&#;", "&#x;", "<!"})
      html_to_text(odd);
    std::string hostile;
    while (hostile.size() < 300000) hostile += "<script></<style><!--&#";
    html_to_text(hostile);
  }

  // RFC 5256 §2.1.
  void base_subjects() {
    const std::pair<const char*, const char*> cases[] = {
        {"Re: hello", "hello"},
        {"RE[2]: Fwd: fw : hello (fwd) (FWD) ", "hello"},
        {"[list] Re: [list] hello", "hello"},
        {"[only a blob]", "[only a blob]"},
        {"[fwd: [x] Re: hello]", "hello"},
        {"Re: [a] [b] Re: c", "c"},
        {"a \t b\r\n c", "a b c"},
        {"reply: no", "reply: no"},
        {"Re:", ""},
        {"[[x] y", "[[x] y"},
        {"", ""},
    };
    for (const auto& [subject, base] : cases)
      CPPUNIT_ASSERT_EQUAL(std::string(base), make_base_subject(subject));
    std::string hostile;
    while (hostile.size() < 300000) hostile += "[a]";
    CPPUNIT_ASSERT(make_base_subject(hostile).size() <= 2000);
  }

  // RFC 3501 §5.1.3.
  void folder_names_on_the_wire() {
    const std::pair<const char*, const char*> cases[] = {
        {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
        {"Entwürfe", "Entw&APw-rfe"},
        {"A&B", "A&-B"},
        {"&", "&-"},
        {"😀", "&2D3eAA-"},
        {"", ""},
        {"aü&", "a&APw-&-"},
    };
    for (const auto& [name, wire] : cases) {
      CPPUNIT_ASSERT_EQUAL(std::string(wire), to_mutf7(name).value());
      CPPUNIT_ASSERT_EQUAL(std::string(name), from_mutf7(wire).value());
    }
  }

  void bad_folder_names_are_refused() {
    for (const char* wire : {"&", "a&b", "&AGE-", "&APw", "\xc3\xbc", "a\tb", "&APw-&APw-", "&2D0-",
                             "&3gA-", "&AP-", "&APx-", "&APw=-", "&A-", "&AAA-", "&APwA-"})
      CPPUNIT_ASSERT(!from_mutf7(wire));
    CPPUNIT_ASSERT(!to_mutf7("\xff"));
    CPPUNIT_ASSERT_EQUAL(std::string("é"), compose_name("e\xcc\x81").value());
    for (const std::string& name : {std::string("a\nb"), std::string("\xff"), std::string("\x7f"),
                                    std::string(5000, 'a'), std::string("\xc2\x85")})
      CPPUNIT_ASSERT(!compose_name(name));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TextTest);

}  // namespace
}  // namespace fwd::format
