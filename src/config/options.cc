// Typed access to loaded options.
#include "config/options.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "core/text.h"

namespace fwd::config {
namespace {

constexpr std::string_view kData = "@data/";
constexpr std::string_view kCredentials = "@credentials/";

std::string system_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

}  // namespace

std::string OptionFault::line() const {
  return where + ": " + (option.empty() ? "" : option + ": ") + text;
}

Options::Options(std::string program, std::string file)
    : program_(std::move(program)), file_(std::move(file)) {
  for (const Option& option : all_options()) {
    Value value{std::string(option.fallback), ""};
    if (option.name == "server.hostname") value.text = system_name();
    values_.push_back(std::move(value));
  }
}

const Options::Value& Options::get(std::string_view name, Shape shape) const {
  const Option* option = find_option(name);
  if (option == nullptr) throw std::logic_error("no option " + std::string(name));
  if (parse_kind(option->kind)->shape != shape)
    throw std::logic_error("option " + std::string(name) + " is of another kind");
  if (!is_read_by(*option, program_))
    throw std::logic_error("option " + std::string(name) + " is not listed for " + program_);
  return values_[static_cast<std::size_t>(option - all_options().data())];
}

bool Options::flag(std::string_view name) const {
  const std::string& text = get(name, Shape::kBool).text;
  return text == "yes" || text == "true" || text == "on";
}

std::uint64_t Options::integer(std::string_view name) const {
  return *parse_quantity(get(name, Shape::kInteger).text, Shape::kInteger);
}

std::uint64_t Options::size(std::string_view name) const {
  return *parse_quantity(get(name, Shape::kSize).text, Shape::kSize);
}

std::chrono::milliseconds Options::time(std::string_view name) const {
  const std::uint64_t milliseconds = *parse_quantity(get(name, Shape::kTime).text, Shape::kTime);
  return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

const std::string& Options::text(std::string_view name) const {
  return get(name, Shape::kText).text;
}

std::vector<std::string> Options::list(std::string_view name) const {
  std::string text = get(name, Shape::kList).text;
  for (char& c : text)
    if (c == ',' || c == '\t') c = ' ';
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

std::string Options::path(std::string_view name) const {
  const std::string& text = get(name, Shape::kPath).text;
  if (text.starts_with(kData)) {
    const Option* data = find_option("data.folder");
    const auto& folder = values_[static_cast<std::size_t>(data - all_options().data())].text;
    return folder + "/" + text.substr(kData.size());
  }
  if (text.starts_with(kCredentials)) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // set by LoadCredential=
    return std::string(folder != nullptr ? folder : "/nonexistent") + "/" +
           text.substr(kCredentials.size());
  }
  return text;
}

const std::string& Options::choice(std::string_view name) const {
  return get(name, Shape::kChoice).text;
}

std::string Options::show(bool all) const {
  std::string out;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Option& option = all_options()[i];
    if (!is_read_by(option, program_) || (!all && values_[i].where.empty())) continue;
    out += std::string(option.name) + " = " + values_[i].text + "  # " +
           (values_[i].where.empty() ? "default" : values_[i].where) + "\n";
  }
  return out;
}

std::shared_ptr<const Options> Options::of(
    std::string program, const std::vector<std::pair<std::string, std::string>>& settings) {
  std::shared_ptr<Options> made(new Options(std::move(program), ""));
  for (const auto& [name, value] : settings) {
    const Option* option = find_option(name);
    if (option == nullptr || !obeys(*parse_kind(option->kind), value))
      throw std::logic_error("bad setting " + name + " = " + value);
    made->values_[static_cast<std::size_t>(option - all_options().data())] = {value, "test"};
  }
  return made;
}

}  // namespace fwd::config
