// Stands in for libFuzzer: gives a driver every file of a folder, and of each
// a fixed run of mutations, always the same ones.
//
//   fuzz_x [folder [mutations]]   default: the driver's corpus, 200
//   fuzz_x file                   that one input, once
//
// An input that crashes or takes over kSeconds is written to ./crash-<driver>.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/fuzz.h"

namespace {

constexpr unsigned kSeconds = 20;
constexpr std::size_t kMostOctets = 64 * 1024;  // of a mutated input

std::string current;     // being tried
std::string crash_file;  // where it goes when it goes wrong
std::string label;

// Only what a signal handler may do.
void on_end(int signal) {
  const int file = ::open(crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ssize_t done = ::write(file, current.data(), current.size());
  done += ::write(STDERR_FILENO, label.data(), label.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal == SIGALRM ? SIGKILL : signal);
  ::_exit(done > 0 ? 1 : 2);
}

void try_input(const std::string& name, std::size_t mutation) {
  label = name + ", mutation " + std::to_string(mutation) + ", failed; see " + crash_file + "\n";
  ::alarm(kSeconds);
  // A copy of its own, so that reading one octet too far is seen.
  const std::vector<std::uint8_t> octets(current.begin(), current.end());
  LLVMFuzzerTestOneInput(octets.data(), octets.size());
  ::alarm(0);
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& inputs) : inputs_(inputs) {}

  std::string mutate(std::string text) {
    for (std::size_t times = 1 + below(4); times > 0; --times) change(text);
    text.resize(std::min(text.size(), kMostOctets));
    return text;
  }

 private:
  std::size_t below(std::size_t most) { return most == 0 ? 0 : random_() % most; }

  void change(std::string& text) {
    static const char* const kWords[] = {
        "\r\n",     "\n",  "\"", "{5}\r\n", "(", ")", "--", "\\",         "%",
        "*",        "=",   ":",  "<",       ">", "@", "0",  "4294967295", "18446744073709551616",
        "\xC3\xA9", "\xFF"};
    const std::size_t at = below(text.size() + 1);
    const std::size_t some = below(std::min<std::size_t>(text.size() - at, 64) + 1);
    switch (below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2:
        text.erase(at, some);
        break;
      case 3:
        text.insert(at, text.substr(at, some));
        break;
      case 4:
        text.insert(at, kWords[below(std::size(kWords))]);
        break;
      case 5: {
        const std::string& other = inputs_[below(inputs_.size())];
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, below(256)));
        break;
      }
      default:
        for (std::size_t i = below(12); i > 0; --i) text.insert(at, text.substr(at, some));
    }
  }

  const std::vector<std::string>& inputs_;
  std::mt19937_64 random_{20260101};
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string driver = std::filesystem::path(argv[0]).filename().string();
  const char* top = std::getenv("top_srcdir");
  std::filesystem::path where = std::string(top != nullptr ? top : ".") + "/tests/fuzz/corpus/" +
                                driver.substr(driver.find('_') + 1);
  if (argc > 1) where = argv[1];
  const bool one = std::filesystem::is_regular_file(where);
  const std::size_t mutations = one ? 0 : argc > 2 ? std::stoul(argv[2]) : 200;
  std::vector<std::filesystem::path> files;
  if (one) files.push_back(where);
  if (std::filesystem::is_directory(where))
    for (const auto& entry : std::filesystem::directory_iterator(where))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const auto& file : files) inputs.push_back(read_file(file));

  crash_file = "crash-" + driver;
  current.reserve(kMostOctets);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM})
    std::signal(signal, on_end);
  Mutator mutator(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t mutation = 0; mutation <= mutations; ++mutation) {
      current = mutation == 0 ? inputs[i] : mutator.mutate(inputs[i]);
      try_input(files[i].filename().string(), mutation);
    }
  std::cout << files.size() << " passed, 0 failed\n";
  return files.empty() ? 1 : 0;
}
