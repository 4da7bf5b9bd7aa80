// The option table, the reader and its faults, the command line.
#include "config/options.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "config/command_line.h"
#include "config/option_pages.h"

namespace fwd::config {
namespace {

class OptionsTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(OptionsTest);
  CPPUNIT_TEST(quantities_have_units_and_bounds);
  CPPUNIT_TEST(every_row_is_well_kept);
  CPPUNIT_TEST(defaults_hold_where_no_file_is);
  CPPUNIT_TEST(later_sources_win_and_show_tells_where_from);
  CPPUNIT_TEST(every_fault_is_told_with_its_place);
  CPPUNIT_TEST(an_unreadable_file_is_a_fault);
  CPPUNIT_TEST(reading_what_is_not_listed_is_a_bug);
  CPPUNIT_TEST(paths_begin_where_they_say);
  CPPUNIT_TEST(the_pages_name_every_option);
  CPPUNIT_TEST(a_command_line_is_switches_and_words);
  CPPUNIT_TEST(a_wrong_command_line_is_told);
  CPPUNIT_TEST_SUITE_END();

  std::string folder_;

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

 public:
  void setUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "fwd-config-XXXXXX";
    CPPUNIT_ASSERT(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    ::unsetenv("FORWARDEMAIL_CONF");
  }
  void tearDown() override { std::filesystem::remove_all(folder_); }

  void quantities_have_units_and_bounds() {
    CPPUNIT_ASSERT(parse_quantity("50M", Shape::kSize) == 50U << 20);
    CPPUNIT_ASSERT(parse_quantity("3m", Shape::kTime) == 180000U);
    CPPUNIT_ASSERT(parse_quantity("250ms", Shape::kTime) == 250U);
    CPPUNIT_ASSERT(parse_quantity("0", Shape::kTime) == 0U);
    for (const char* wrong : {"", "k", "5", "5x", "-5s", " 5s", "5 s", "99999999999999999999s",
                              "18446744073709551615h"})
      CPPUNIT_ASSERT_MESSAGE(wrong, !parse_quantity(wrong, Shape::kTime));
    CPPUNIT_ASSERT(!parse_kind("time 5s"));
    CPPUNIT_ASSERT(!parse_kind("time 5s..1s"));
    CPPUNIT_ASSERT(!parse_kind("choice"));
    CPPUNIT_ASSERT(!parse_kind("number"));
    CPPUNIT_ASSERT(obeys(*parse_kind("choice a|bc"), "bc"));
    CPPUNIT_ASSERT(!obeys(*parse_kind("choice a|bc"), "b"));
    CPPUNIT_ASSERT(!obeys(*parse_kind("path"), "etc/x"));
  }

  void every_row_is_well_kept() {
    const std::set<std::string_view> programs{"imapd", "mxd",     "smtp-bree",
                                              "smtpd", "sqlited", "forwardemail"};
    for (const Option& option : all_options()) {
      CPPUNIT_ASSERT_EQUAL(&option, find_option(option.name));
      bool somebody = false;
      for (const std::string_view program : programs) somebody |= is_read_by(option, program);
      CPPUNIT_ASSERT_MESSAGE(std::string(option.name), somebody);
    }
  }

  void defaults_hold_where_no_file_is() {
    const auto options = Options::of("mxd", {});
    CPPUNIT_ASSERT(options->time("smtp.idle-limit") == std::chrono::minutes(3));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{50}, options->integer("smtp.recipients-limit"));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{50} << 20, options->size("smtp.message-limit"));
    CPPUNIT_ASSERT(!options->text("server.hostname").empty());
    CPPUNIT_ASSERT_EQUAL(std::string("info"), options->choice("log.level"));
    CPPUNIT_ASSERT_EQUAL(std::string(), options->show(false));
  }

  void later_sources_win_and_show_tells_where_from() {
    const std::string file = write("forwardemail.conf",
                                   "# a comment\n\nimap.idle-limit = 45m # why\r\n"
                                   "imap.line-limit=32k\nsmtp.idle-limit = 1m\n");
    std::filesystem::create_directory(folder_ + "/conf.d");
    write("conf.d/20-b.conf", "imap.line-limit = 16k\n");
    write("conf.d/10-a.conf", "imap.line-limit = 8k\n");
    write("conf.d/ignored.txt", "nonsense\n");
    const auto loaded = load_options({"imapd", file, {"imap.clear-text-port=yes"}});
    CPPUNIT_ASSERT(loaded.faults.empty());
    const Options& options = *loaded.options;
    CPPUNIT_ASSERT(options.time("imap.idle-limit") == std::chrono::minutes(45));
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{16384}, options.size("imap.line-limit"));
    CPPUNIT_ASSERT(options.flag("imap.clear-text-port"));
    CPPUNIT_ASSERT_EQUAL("imap.clear-text-port = yes  # command line\nimap.idle-limit = 45m  # " +
                             file + ":3\nimap.line-limit = 16k  # " + folder_ +
                             "/conf.d/20-b.conf:1\n",
                         options.show(false));
    CPPUNIT_ASSERT(options.show(true).find("imap.append-limit = 50M  # default\n") !=
                   std::string::npos);
    CPPUNIT_ASSERT(options.show(true).find("smtp.") == std::string::npos);
  }

  void every_fault_is_told_with_its_place() {
    const std::string file =
        write("x.conf",
              "imap.idle-limt = 45m\nimap.idle-limit = 1m\nnonsense\n"
              "smtp.recipients-limit = 10\nsmtp.recipients-limit = 20\n"
              "log.level = loud\ntls.key = key.pem\nzzz = 1\nlog.level = \x01\n");
    const auto loaded = load_options({"mxd", file, {"imap.clear-text-port=maybe"}});
    CPPUNIT_ASSERT(!loaded.options);
    std::string told;
    for (const OptionFault& fault : loaded.faults)
      told += fault.line().substr(fault.line().starts_with(file) ? file.size() : 0) + "\n";
    CPPUNIT_ASSERT_EQUAL(
        std::string(":1: imap.idle-limt: there is no such option; did you mean imap.idle-limit?\n"
                    ":2: imap.idle-limit: want a time from 30m to 24h, not \"1m\"\n"
                    ":3: want name = value\n") +
            ":5: smtp.recipients-limit: was already set at " + file +
            ":4\n"
            ":6: log.level: want one of error, warning, notice, info, debug, not \"loud\"\n"
            ":7: tls.key: want an absolute path, not \"key.pem\"\n"
            ":8: zzz: there is no such option\n"
            ":9: the line is not printable UTF-8\n"
            "command line: imap.clear-text-port: want yes or no, not \"maybe\"\n",
        told);
  }

  void an_unreadable_file_is_a_fault() {
    const auto missing = load_options({"mxd", folder_ + "/none.conf", {}});
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, missing.faults.size());
    ::setenv("FORWARDEMAIL_CONF", (folder_ + "/other.conf").c_str(), 1);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, load_options({"mxd", "", {}}).faults.size());
    write("other.conf", "smtp.idle-limit = 1m\n");
    CPPUNIT_ASSERT(load_options({"mxd", "", {}}).options);
    ::unsetenv("FORWARDEMAIL_CONF");
    const std::string huge = write("huge.conf", std::string(2 << 20, '#'));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, load_options({"mxd", huge, {}}).faults.size());
  }

  void reading_what_is_not_listed_is_a_bug() {
    const auto options = Options::of("mxd", {});
    CPPUNIT_ASSERT_THROW(options->time("imap.idle-limit"), std::logic_error);
    CPPUNIT_ASSERT_THROW(options->integer("smtp.idle-limit"), std::logic_error);
    CPPUNIT_ASSERT_THROW(options->flag("no.such-option"), std::logic_error);
  }

  void paths_begin_where_they_say() {
    const auto options = Options::of("sqlited", {{"data.folder", "/srv/mail"},
                                                 {"secrets.server-key", "@credentials/server.key"},
                                                 {"door.users-mxd", "a, b  c"}});
    CPPUNIT_ASSERT_EQUAL(std::string("/srv/mail/mailboxes"), options->path("mailbox.folder"));
    ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
    CPPUNIT_ASSERT_EQUAL(std::string("/run/credentials/x/server.key"),
                         options->path("secrets.server-key"));
    ::unsetenv("CREDENTIALS_DIRECTORY");
    CPPUNIT_ASSERT((options->list("door.users-mxd") == std::vector<std::string>{"a", "b", "c"}));
  }

  void the_pages_name_every_option() {
    const std::string manual = manual_page();
    const std::string file = write("example.conf", example_file());
    CPPUNIT_ASSERT(manual.find(".It Cm imap.idle\\-limit\n") != std::string::npos);
    CPPUNIT_ASSERT(manual.find("(RFC 9051 \\(sc5.4)") != std::string::npos);
    CPPUNIT_ASSERT(load_options({"mxd", file, {}}).options);
    std::string open = example_file();
    for (const Option& option : all_options()) {
      const std::size_t at = open.find("\n#" + std::string(option.name) + " = ");
      CPPUNIT_ASSERT_MESSAGE(std::string(option.name), at != std::string::npos);
      open.erase(at + 1, 1);
    }
    write("example.conf", open);
    CPPUNIT_ASSERT(load_options({"mxd", file, {}}).options);
  }

  void a_command_line_is_switches_and_words() {
    const Switch switches[] = {{"check", "DEPTH", "plain", "Look."},
                               {"listen", "SPEC", "", "Listen."},
                               {"json", "", "", "As JSON."}};
    const auto parsed = parse_command_line(
        switches, {"--check", "--listen=a", "--listen", "b", "--json", "one", "--", "--two"}, true);
    CPPUNIT_ASSERT(parsed.ok());
    const CommandLine& line = parsed.value();
    CPPUNIT_ASSERT_EQUAL(std::string("plain"), line.value("check"));
    CPPUNIT_ASSERT((line.values("listen") == std::vector<std::string>{"a", "b"}));
    CPPUNIT_ASSERT(line.has("json") && !line.has("none"));
    CPPUNIT_ASSERT((line.words == std::vector<std::string>{"one", "--two"}));
    CPPUNIT_ASSERT(help_text(switches).find("--listen SPEC") != std::string::npos);
  }

  void a_wrong_command_line_is_told() {
    const Switch switches[] = {{"listen", "SPEC", "", "Listen."}, {"json", "", "", "As JSON."}};
    CPPUNIT_ASSERT(!parse_command_line(switches, {"--none"}, true).ok());
    CPPUNIT_ASSERT(!parse_command_line(switches, {"--listen"}, true).ok());
    CPPUNIT_ASSERT(!parse_command_line(switches, {"--json=x"}, true).ok());
    CPPUNIT_ASSERT(!parse_command_line(switches, {"word"}, false).ok());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OptionsTest);

}  // namespace
}  // namespace fwd::config
