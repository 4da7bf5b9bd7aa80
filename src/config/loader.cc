// Reads the configuration and tells every fault, not the first.
#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "config/options.h"
#include "core/text.h"

namespace fwd::config {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;
constexpr std::size_t kMostFaults = 100;
constexpr const char* kDefaultFile = FWD_CONFDIR "/forwardemail.conf";

// Nothing, and errno, when the file cannot be read.
std::optional<std::string> read_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return std::nullopt;
  std::string text(kLargestFile + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  const bool failed = std::ferror(file) != 0;
  std::fclose(file);
  if (failed) errno = EIO;
  if (text.size() > kLargestFile) errno = EFBIG;
  return failed || text.size() > kLargestFile ? std::nullopt : std::optional(std::move(text));
}

// The files conf.d/*.conf beside `file`, in order of name.
std::vector<std::string> fragments(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  const std::string folder =
      (slash == std::string::npos ? "" : file.substr(0, slash + 1)) + "conf.d";
  std::vector<std::string> found;
  DIR* entries = ::opendir(folder.c_str());
  if (entries == nullptr) return found;
  while (const dirent* entry = ::readdir(entries)) {
    const std::string name = entry->d_name;
    if (name.size() > 5 && name.front() != '.' && name.ends_with(".conf"))
      found.push_back(folder + "/" + name);
  }
  ::closedir(entries);
  std::sort(found.begin(), found.end());
  return found;
}

bool is_printable(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
         });
}

// Cuts a comment off: a line that begins with #, or # after a space.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
      return line.substr(0, i);
  return line;
}

}  // namespace

class Loader {
 public:
  Loader(std::string program, std::string file)
      : options_(new Options(std::move(program), std::move(file))) {}

  void read(const std::string& path, bool may_be_missing) {
    const auto text = read_file(path);
    if (!text) {
      if (errno != ENOENT || !may_be_missing) fault(path, "", std::strerror(errno));
      return;
    }
    first_set_.clear();
    std::size_t number = 0;
    for (std::string_view line : split(*text, '\n')) {
      ++number;
      if (line.ends_with('\r')) line.remove_suffix(1);
      line = trim(without_comment(line));
      if (line.empty()) continue;
      take(path + ":" + std::to_string(number), line);
    }
  }

  void set(const std::vector<std::string>& settings) {
    first_set_.clear();
    for (const std::string& setting : settings) take("command line", setting);
  }

  Loaded finish() {
    Loaded loaded;
    loaded.faults = std::move(faults_);
    if (loaded.faults.empty()) loaded.options = std::move(options_);
    return loaded;
  }

 private:
  void fault(std::string where, std::string_view option, std::string text) {
    if (faults_.size() < kMostFaults)
      faults_.push_back({std::move(where), std::string(option), std::move(text)});
  }

  // One "name = value".
  void take(const std::string& where, std::string_view line) {
    const std::size_t equals = line.find('=');
    if (!is_printable(line)) return fault(where, "", "the line is not printable UTF-8");
    if (equals == std::string_view::npos) return fault(where, "", "want name = value");
    const std::string_view name = trim(line.substr(0, equals));
    const std::string_view value = trim(line.substr(equals + 1));
    const Option* option = find_option(name);
    if (option == nullptr) {
      const std::string_view near = nearest_option(name);
      std::string text = "there is no such option";
      if (!near.empty()) text += "; did you mean " + std::string(near) + "?";
      return fault(where, name, text);
    }
    const auto [earlier, is_first] = first_set_.emplace(name, where);
    if (!is_first) return fault(where, name, "was already set at " + earlier->second);
    const Kind kind = *parse_kind(option->kind);
    if (!obeys(kind, value))
      return fault(where, name, "want " + rule_text(kind) + ", not \"" + std::string(value) + "\"");
    if (name == "server.hostname" && value.empty()) return;
    options_->values_[static_cast<std::size_t>(option - all_options().data())] = {
        std::string(value), where};
  }

  std::shared_ptr<Options> options_;
  std::vector<OptionFault> faults_;
  std::map<std::string, std::string, std::less<>> first_set_;  // of the source being read
};

Loaded load_options(const LoadRequest& request) {
  std::string file = request.file;
  const char* of_environment = std::getenv("FORWARDEMAIL_CONF");
  if (file.empty() && of_environment != nullptr) file = of_environment;
  const bool is_default = file.empty();
  if (is_default) file = kDefaultFile;
  Loader loader(request.program, file);
  loader.read(file, is_default);
  for (const std::string& fragment : fragments(file)) loader.read(fragment, false);
  loader.set(request.settings);
  return loader.finish();
}

}  // namespace fwd::config
