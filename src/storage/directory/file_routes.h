#ifndef FWD_STORAGE_DIRECTORY_FILE_ROUTES_H
#define FWD_STORAGE_DIRECTORY_FILE_ROUTES_H

// The aliases that one question wants, read from the file as it asks for them:
// for domains that the index has let go, and for chains that come into them.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"
#include "storage/directory/recipient_index.h"
#include "storage/directory/resolution.h"
#include "storage/sqlcipher/database.h"

namespace fwd::directory {

// The columns of an alias's route, as read_route() wants them; a condition may follow.
extern const std::string_view kRouteColumns;
// Of the row it stands on; column 0 is its domain's id.
RoutedAlias read_route(sqlcipher::Statement& row);

class FileRoutes final : public RouteSource {
 public:
  // `index` knows domains and users.  Keeps references.
  FileRoutes(sqlcipher::Database& database, const RecipientIndex& index)
      : database_(database), index_(index) {}

  const RoutedDomain* find(const std::string& domain, const std::string& local) override;
  const RoutedUsers& users() const override { return users_; }
  // Whether all that was asked for could be read.
  const Outcome<void>& done() const { return done_; }

 private:
  // Every alias that may decide about `local`.
  Outcome<void> read_candidates(RoutedDomain& into, const std::string& local);
  Outcome<void> read_named(RoutedDomain& into, const std::string& key);
  Outcome<void> read_rows(RoutedDomain& into, sqlcipher::Statement& rows);

  sqlcipher::Database& database_;
  const RecipientIndex& index_;
  std::map<std::string, RoutedDomain> domains_;  // by key; never taken out
  RoutedUsers users_;
  Outcome<void> done_;
};

}  // namespace fwd::directory

#endif
