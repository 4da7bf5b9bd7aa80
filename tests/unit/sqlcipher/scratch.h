#ifndef FWD_TESTS_SQLCIPHER_SCRATCH_H
#define FWD_TESTS_SQLCIPHER_SCRATCH_H

// A folder of its own for one test, and what the tests do to files in it.

#include <cppunit/TestAssert.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "storage/sqlcipher/database.h"

namespace fwd::sqlcipher {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/check_sqlcipher.XXXXXX";
    CPPUNIT_ASSERT(mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::string& octets) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << octets;
}

template <typename T>
void assert_ok(const Outcome<T>& outcome) {
  if (!outcome.ok()) CPPUNIT_FAIL(outcome.failure().private_text);
}

template <typename T>
void assert_fault(Fault fault, const Outcome<T>& outcome) {
  CPPUNIT_ASSERT_MESSAGE("succeeded", !outcome.ok());
  CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.failure().private_text, std::string(fault_name(fault)),
                               std::string(fault_name(outcome.failure().fault)));
}

inline crypto::SecretKey key_of(char c) { return crypto::SecretKey::from(std::string(32, c)); }

inline const std::string kSalt = "sixteen octets!!";

inline Outcome<std::unique_ptr<Database>> try_open(const std::string& path, bool create = true) {
  OpenOptions options;
  options.create = create;
  return Database::open(path, key_of('k'), kSalt, options);
}

inline std::unique_ptr<Database> open_or_fail(const std::string& path, bool create = true) {
  assert_ok(start("/tmp"));
  auto database = try_open(path, create);
  assert_ok(database);
  return std::move(database).value();
}

inline std::int64_t number(Database& database, const char* sql) {
  Statement statement = database.prepare(sql);
  auto row = statement.step();
  assert_ok(row);
  return statement.integer(0);
}

}  // namespace fwd::sqlcipher

#endif
