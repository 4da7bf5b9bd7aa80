#ifndef FWD_CONFIG_OPTIONS_H
#define FWD_CONFIG_OPTIONS_H

// The options of one program, as loaded.  Once loaded nothing can fail: every
// value obeys its row of the table.  Reading an option that does not exist, by
// the wrong kind, or one the table does not list for this program is a bug
// (std::logic_error).

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/option_table.h"

namespace fwd::config {

// One thing that is wrong with the configuration.
struct OptionFault {
  std::string where;   // "/etc/…/forwardemail.conf:12" or "command line"
  std::string option;  // "" when the line names none
  std::string text;    // the rule that is broken
  std::string line() const;
};

struct LoadRequest {
  std::string program;  // "imapd"
  // --config; when empty $FORWARDEMAIL_CONF, else the default, which may be missing.
  std::string file;
  std::vector<std::string> settings;  // "name=value" of the command line
};

class Options;

struct Loaded {
  std::shared_ptr<const Options> options;  // null when there are faults
  std::vector<OptionFault> faults;         // all of them, in order of reading
};

// Reads the file, then conf.d/*.conf beside it in order of name, then the
// settings; what comes later wins.
Loaded load_options(const LoadRequest& request);

class Options {
 public:
  bool flag(std::string_view name) const;
  std::uint64_t integer(std::string_view name) const;
  std::uint64_t size(std::string_view name) const;  // octets
  std::chrono::milliseconds time(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
  std::string path(std::string_view name) const;  // absolute
  const std::string& choice(std::string_view name) const;

  const std::string& program() const { return program_; }
  const std::string& file() const { return file_; }

  // One "name = value  # where it came from" a line: what differs from the
  // default, or everything this program reads.
  std::string show(bool all) const;

  // For tests: defaults, changed by `settings`.  A fault is a bug.
  static std::shared_ptr<const Options> of(
      std::string program, const std::vector<std::pair<std::string, std::string>>& settings);

 private:
  friend class Loader;
  struct Value {
    std::string text;
    std::string where;  // "" is the default
  };
  Options(std::string program, std::string file);
  const Value& get(std::string_view name, Shape shape) const;

  std::string program_;
  std::string file_;
  std::vector<Value> values_;  // one a row of the table
};

}  // namespace fwd::config

#endif
