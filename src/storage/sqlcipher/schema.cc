// Takes a file from the schema version it has to the one we write.
#include <stdexcept>
#include <string>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/database.h"

namespace fwd::sqlcipher {
namespace {

Outcome<std::int64_t> version_of(Database& database) {
  Statement version = database.prepare("PRAGMA user_version");
  auto row = version.step();
  if (!row.ok()) return row.failure();
  return version.integer(0);
}

}  // namespace

Outcome<void> migrate(Database& database, const SchemaStep* steps, int count) {
  for (;;) {
    bool done = false;
    // The version is read inside: two connections may both be migrating.
    const auto step = [&]() -> Outcome<void> {
      auto version = version_of(database);
      if (!version.ok()) return version.failure();
      const std::int64_t at = version.value();
      if (at < 0 || at > count)
        return damaged(database.path(), "schema version " + std::to_string(at) +
                                            " is newer than this release knows (" +
                                            std::to_string(count) + "): install a newer release");
      done = at == count;
      if (done) return {};
      if (auto moved = database.execute(steps[at].sql); !moved.ok()) return moved.failure();
      return database.execute("PRAGMA user_version = " + std::to_string(at + 1));
    };
    auto version = version_of(database);
    if (!version.ok()) return version.failure();
    if (version.value() == count) return {};
    if (auto moved = database.transaction(step); !moved.ok()) return moved.failure();
    if (done) return {};
  }
}

}  // namespace fwd::sqlcipher
