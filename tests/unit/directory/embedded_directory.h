#ifndef FWD_TESTS_DIRECTORY_EMBEDDED_DIRECTORY_H
#define FWD_TESTS_DIRECTORY_EMBEDDED_DIRECTORY_H

// The embedded keeper of the directory, as the suites want it.

#include <memory>

#include "storage/directory/directory_store.h"
#include "tests/unit/directory/rig.h"

namespace fwd::testing {

// `kMostIndexed`: how many aliases its index may hold.
template <std::size_t kMostIndexed>
struct EmbeddedDirectory {
  EmbeddedDirectory() { restart(); }
  void restart() {
    store_.reset();
    file.reset();
    sqlcipher::assert_ok(sqlcipher::start("/tmp"));
    auto opened = open();
    sqlcipher::assert_ok(opened);
    file = opened.value();
    store_ = std::make_unique<directory::DirectoryStore>(file, rig.workers, rig.clock, 3);
  }
  Outcome<std::shared_ptr<directory::DirectoryFile>> open(char key = 'd') {
    directory::FileOptions options;
    options.most_indexed_aliases = kMostIndexed;
    return directory::DirectoryFile::open(rig.folder / "directory.sqlite", sqlcipher::key_of(key),
                                          sqlcipher::kSalt, options);
  }
  directory::DirectoryStore& store() { return *store_; }

  Rig rig;
  std::shared_ptr<directory::DirectoryFile> file;
  std::unique_ptr<directory::DirectoryStore> store_;
};

}  // namespace fwd::testing

#endif
