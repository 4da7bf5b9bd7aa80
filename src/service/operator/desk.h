#ifndef FWD_SERVICE_OPERATOR_DESK_H
#define FWD_SERVICE_OPERATOR_DESK_H

// What a command of the operator works with: the promises it asks, the words it
// was given, and where its answer goes.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/outcome.h"
#include "core/task.h"
#include "format/json.h"
#include "model/deliveries.h"
#include "model/directory.h"
#include "model/journal.h"
#include "model/queue.h"
#include "model/sender_lists.h"

namespace fwd::service {

// A command as it was typed, after its own name: `alias add` has gone.
struct Call {
  std::vector<std::string> words;
  std::map<std::string, std::string> options;  // "limit" → "10", "password" → ""
  bool json = false;

  bool has(std::string_view option) const { return options.contains(std::string(option)); }
  std::string option(std::string_view name) const;
};

struct Desk {
  model::Directory& directory;
  model::Journal& journal;
  model::Queue& queue;
  model::SenderLists& sender_lists;
  const Clock& clock;
  std::string host_name;  // of the host that takes and sends mail
  // Reads one line that must not be seen (a password), after showing `prompt`
  // to a person; from standard input otherwise.
  std::function<Outcome<std::string>(const std::string& prompt)> read_secret;
  std::function<void(std::string_view text)> print;
  model::Deliveries* deliveries = nullptr;  // null only where no command asks them
  // The TXT records of a domain (A-labels); none is no failure.
  std::function<Task<Outcome<std::vector<std::string>>>(std::string domain)> find_texts{};
  // The text of a file ("-": of standard input), at most 64 KB.
  std::function<Outcome<std::string>(const std::string& name)> read_file{};
};

// `text` for a terminal: what it would obey instead of showing it (controls,
// U+0080 to U+009F too, and what turns the direction) is "?"; line ends stay.
std::string printable(std::string_view text);

// One JSON value as an answer: what a terminal would obey is escaped.
std::string json_text(const format::Json& value);

// Rows of text in columns as wide as need be, the first row underlined by its
// being in capitals; printable.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

// "1.5 GB"; powers of 1024.
std::string show_octets(std::uint64_t octets);

}  // namespace fwd::service

#endif
