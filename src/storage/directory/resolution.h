#ifndef FWD_STORAGE_DIRECTORY_RESOLUTION_H
#define FWD_STORAGE_DIRECTORY_RESOLUTION_H

// Where an address leads in the end: mailboxes here and destinations elsewhere.
//
//   hello@a.test ── alias ──┬── its own mailbox
//                           ├── friend@example.org      a destination
//                           ├── mx.example.net, a URL   destinations
//                           └── team@b.test             hosted here: followed in turn,
//                                 └── …                 into any domain, each address once
//
// What an inner alias refuses, or is not there, leads nowhere and is no failure
// of the whole; when nothing else is left, the mildest refusal is the answer.  An inner domain that
// asks the DNS is a destination: its mail comes back here and is asked about then.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/deliveries.h"
#include "storage/directory/dns_aliases.h"
#include "storage/directory/routes.h"

namespace fwd::directory {

// The aliases of all domains, wherever they are.
class RouteSource {
 public:
  virtual ~RouteSource() = default;
  // The domain of that key with every alias that may decide about `local`;
  // nullptr: not hosted, or it could not be read (the source knows).  What was
  // given stays as it was given while more is asked, but for aliases added.
  virtual const RoutedDomain* find(const std::string& domain, const std::string& local) = 0;
  virtual const RoutedUsers& users() const = 0;
};

struct ResolutionOptions {
  std::size_t most_mailboxes = 25;
  std::string txt_prefix = "forward-email";
};

// The records of a question, read; nothing when it has none.  Costs milliseconds
// when there are expressions among them: not for the loop, nor under a lock.
using TxtAliases = std::optional<Outcome<DnsAliases>>;
TxtAliases read_records(const model::RecipientQuestion& question, const ResolutionOptions& options);

// `key` of question.address, `txt` of its records; `now` in milliseconds since 1970.  All of the
// answer but kFull and size_limit.
model::Recipient resolve(RouteSource& source, const AddressKey& key,
                         const model::RecipientQuestion& question, const TxtAliases& txt,
                         std::int64_t now, const ResolutionOptions& options);

}  // namespace fwd::directory

#endif
