// The embedded keeper of the directory, with all aliases in memory and with
// none, and what it does with damaged files.
#include "tests/unit/directory/directory_suite.h"
#include "tests/unit/directory/embedded_directory.h"

using namespace fwd;
using namespace fwd::testing;

CPPUNIT_TEST_SUITE_REGISTRATION(DirectorySuite<EmbeddedDirectory<1000>>);
CPPUNIT_TEST_SUITE_REGISTRATION(DirectorySuite<EmbeddedDirectory<0>>);

class DirectoryFileTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(DirectoryFileTest);
  CPPUNIT_TEST(a_wrong_key_opens_nothing_and_destroys_nothing);
  CPPUNIT_TEST(a_damaged_file_is_corrupt_and_left_alone);
  CPPUNIT_TEST(a_document_that_cannot_be_read_is_corrupt);
  CPPUNIT_TEST(a_folder_that_is_not_there_is_unavailable);
  CPPUNIT_TEST(a_full_disk_refuses_changes_and_answers_questions);
  CPPUNIT_TEST(a_change_nobody_waits_for_is_in_the_index_too);
  CPPUNIT_TEST(credentials_survive_their_json);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_wrong_key_opens_nothing_and_destroys_nothing() {
    EmbeddedDirectory<10> keeper;
    put_user(keeper);
    keeper.store_.reset();
    keeper.file.reset();
    sqlcipher::assert_fault(Fault::kCorrupt, keeper.open('x'));
    keeper.restart();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, keeper.rig.get(keeper.store().list_users()).size());
  }

  void a_damaged_file_is_corrupt_and_left_alone() {
    EmbeddedDirectory<10> keeper;
    put_user(keeper);
    keeper.store_.reset();
    keeper.file.reset();
    const std::string path = keeper.rig.folder / "directory.sqlite";
    std::string octets = sqlcipher::read_file(path);
    for (std::size_t i = 5000; i < octets.size(); i += 4096) octets[i] ^= 1;
    sqlcipher::write_file(path, octets);
    sqlcipher::assert_fault(Fault::kCorrupt, keeper.open());
    CPPUNIT_ASSERT(octets == sqlcipher::read_file(path));
  }

  void a_document_that_cannot_be_read_is_corrupt() {
    EmbeddedDirectory<10> keeper;
    const model::User user = put_user(keeper);
    sqlcipher::assert_ok(keeper.file->database().execute("UPDATE users SET document = '{'"));
    keeper.rig.refused(Fault::kCorrupt, keeper.store().get_user(user.id));
    keeper.rig.refused(Fault::kCorrupt, keeper.store().list_users());
  }

  void a_folder_that_is_not_there_is_unavailable() {
    sqlcipher::assert_ok(sqlcipher::start("/tmp"));
    sqlcipher::assert_fault(Fault::kUnavailable, directory::DirectoryFile::open(
                                                     "/nonexistent/directory.sqlite",
                                                     sqlcipher::key_of('d'), sqlcipher::kSalt));
  }

  void a_full_disk_refuses_changes_and_answers_questions() {
    EmbeddedDirectory<10> keeper;
    model::Domain domain = put_domain(keeper);
    {
      const FullDisk full;
      domain.has_smtp = false;
      keeper.rig.refused(Fault::kUnavailable, keeper.store().put_domain(domain));
      keeper.rig.refused(Fault::kUnavailable, keeper.store().remove_domain(domain.id, true));
      CPPUNIT_ASSERT(keeper.rig.get(keeper.store().get_domain("example.test")).has_smtp);
      CPPUNIT_ASSERT(keeper.rig.get(keeper.store().find_recipient("a@example.test")).kind ==
                     model::RecipientKind::kUnknown);
    }
    CPPUNIT_ASSERT(!keeper.rig.get(keeper.store().put_domain(domain)).has_smtp);
  }

  void a_change_nobody_waits_for_is_in_the_index_too() {
    EmbeddedDirectory<10> keeper;
    model::Alias alias;
    alias.domain = put_domain(keeper).id;
    alias.name = "hello";
    alias.has_imap = true;
    keeper.rig.group.spawn("put", abandoned(keeper.store().put_alias(alias)));
    keeper.rig.group.cancel_all();
    keeper.rig.wait(keeper.rig.workers.run(3, [] { return true; }));
    CPPUNIT_ASSERT(keeper.rig.get(keeper.store().find_recipient("hello@example.test")).kind ==
                   model::RecipientKind::kNoDestination);
  }

  void credentials_survive_their_json() {
    crypto::StoredCredential made;
    made.kind = crypto::CredentialKind::kChosen;
    made.salt = std::string("\0\1\xff", 3);
    made.argon = {20000, 3};
    made.sealed_plain = "sealed";
    made.created_at = 1767225600;
    const auto chosen = directory::decode_credential(directory::encode_credential(made)).value();
    CPPUNIT_ASSERT(chosen.kind == made.kind && chosen.salt == made.salt);
    CPPUNIT_ASSERT(chosen.argon.memory_kib == 20000 && chosen.argon.passes == 3);
    CPPUNIT_ASSERT(chosen.created_at == made.created_at && !chosen.has_scram());
    made.kind = crypto::CredentialKind::kGenerated;
    made.scram_iterations = 4096;
    made.scram_stored_key = std::string(32, 's');
    made.scram_server_key = std::string(32, '\xfe');
    made.sealed_scram = "scram";
    const auto generated = directory::decode_credential(directory::encode_credential(made)).value();
    CPPUNIT_ASSERT(generated.has_scram() && generated.scram_iterations == 4096);
    CPPUNIT_ASSERT(generated.scram_server_key == made.scram_server_key);
    CPPUNIT_ASSERT(generated.sealed_scram == "scram" && generated.sealed_plain == "sealed");
    for (const char* text : {"", "{}", "[]", R"({"kind":9})", R"({"kind":1,"salt":"?"})",
                             R"({"kind":1,"salt":5})", R"({"kind":1,"created_at":-1})"})
      sqlcipher::assert_fault(Fault::kCorrupt, directory::decode_credential(text));
  }

 private:
  static Task<void> abandoned(Task<Outcome<model::Alias>> work) {
    const auto put = co_await work;
    CPPUNIT_ASSERT(put.ok());
  }
  template <typename Keeper>
  static model::Domain put_domain(Keeper& keeper) {
    model::Domain domain;
    domain.name = "example.test";
    return keeper.rig.get(keeper.store().put_domain(domain));
  }
  template <typename Keeper>
  static model::User put_user(Keeper& keeper) {
    model::User user;
    user.email = "ada@example.test";
    return keeper.rig.get(keeper.store().put_user(user));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DirectoryFileTest);
