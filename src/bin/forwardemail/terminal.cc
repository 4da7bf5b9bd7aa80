// Reads what a person types, and files.
#include "bin/forwardemail/terminal.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

namespace fwd::command {
namespace {

constexpr std::size_t kMostOctets = 1000;
constexpr std::size_t kMostOfFile = 64 * 1024;

// Turns echo off for as long as it lives.
class NoEcho {
 public:
  NoEcho() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~NoEcho() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

Outcome<std::string> read_secret(const std::string& prompt) {
  const bool person = ::isatty(STDIN_FILENO) == 1;
  if (person) std::fputs(prompt.c_str(), stderr);
  const NoEcho quiet;
  std::string line;
  line.reserve(kMostOctets);  // never copied while it grows
  for (int c = std::getchar(); c != '\n'; c = std::getchar()) {
    if (c == EOF && line.empty())
      return Failure{Fault::kBadInput, "nothing came on standard input", ""};
    if (c == EOF) break;
    if (line.size() == kMostOctets)
      return Failure{Fault::kBadInput, "more than 1000 octets came on standard input", ""};
    line += static_cast<char>(c);
  }
  if (person) std::fputc('\n', stderr);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

Outcome<std::string> read_file(const std::string& name) {
  const bool is_input = name == "-";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(
      is_input ? nullptr : std::fopen(name.c_str(), "re"), &std::fclose);
  std::FILE* file = is_input ? stdin : opened.get();
  if (file == nullptr) return Failure{Fault::kNotFound, "cannot open '" + name + "'", ""};
  std::string text(kMostOfFile + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  if (std::ferror(file) != 0) return Failure{Fault::kBadInput, "cannot read '" + name + "'", ""};
  if (text.size() > kMostOfFile)
    return Failure{Fault::kOverLimit, "'" + name + "' has more than 64 KB", ""};
  return text;
}

}  // namespace fwd::command
