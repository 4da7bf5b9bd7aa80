// One question to clamd.
#include "scan/clamd_dialogue.h"

#include <array>
#include <string>
#include <utility>

#include "core/first_of.h"
#include "scan/rspamd_answer.h"

namespace fwd::scan {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kMostAnswer = 4096;
constexpr std::size_t kMostName = 200;

std::string length_of(std::size_t octets) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>((octets >> static_cast<unsigned>(shift)) & 0xff);
  return out;
}

Task<Outcome<void>> send_content(Stream& stream, std::string_view content) {
  std::string command("zINSTREAM");
  command += '\0';
  auto beginning = stream.write(command);
  const auto begun = co_await beginning;
  if (!begun.ok()) co_return begun.failure();
  while (!content.empty()) {
    const std::string_view chunk = content.substr(0, kChunk);
    content.remove_prefix(chunk.size());
    const std::string length = length_of(chunk.size());
    auto announcing = stream.write(length);
    const auto announced = co_await announcing;
    if (!announced.ok()) co_return announced.failure();
    auto writing = stream.write(chunk);
    const auto written = co_await writing;
    if (!written.ok()) co_return written.failure();
  }
  const std::string end = length_of(0);
  auto ending = stream.write(end);
  co_return co_await ending;
}

// Reads on into `answer` until the NUL, which is dropped.  Cancelling loses nothing.
Task<Outcome<void>> read_answer(Stream& stream, std::string& answer) {
  std::array<char, 512> chunk;
  for (;;) {
    auto reading = stream.read_some(chunk);
    const auto got = co_await reading;
    if (!got.ok()) co_return got.failure();
    if (got.value() == 0)
      co_return Failure{Fault::kUnavailable, "", "clamd ended without an answer"};
    answer.append(chunk.data(), got.value());
    const std::size_t end = answer.find('\0');
    if (end != answer.npos) {
      answer.resize(end);
      co_return Outcome<void>{};
    }
    if (answer.size() > kMostAnswer)
      co_return Failure{Fault::kUnavailable, "", "clamd's answer has no end"};
  }
}

Failure away(const Failure& failure) {
  if (failure.fault == Fault::kTimeout) return failure;
  return Failure{Fault::kUnavailable, "",
                 failure.private_text.empty() ? "clamd hung up" : failure.private_text};
}

}  // namespace

Outcome<VirusVerdict> read_virus_verdict(std::string_view answer) {
  constexpr std::string_view kStream = "stream: ";
  constexpr std::string_view kFound = " FOUND";
  if (answer == "INSTREAM size limit exceeded. ERROR")
    return VirusVerdict{VirusVerdict::Kind::kTooLarge, ""};
  if (answer == "stream: OK") return VirusVerdict{};
  if (answer.starts_with(kStream) && answer.ends_with(kFound) &&
      answer.size() > kStream.size() + kFound.size()) {
    answer.remove_prefix(kStream.size());
    answer.remove_suffix(kFound.size());
    return VirusVerdict{VirusVerdict::Kind::kFound, one_line(answer, kMostName)};
  }
  return Failure{Fault::kUnavailable, "", "clamd: " + one_line(answer, kMostName)};
}

Task<Outcome<VirusVerdict>> scan_stream(Stream& stream, std::string_view content) {
  std::string answer;
  bool is_answered = false;
  {
    // It may answer, and hang up, in the middle of our words.
    auto sending = send_content(stream, content);
    auto reading = read_answer(stream, answer);
    const auto first = co_await first_of(std::move(sending), std::move(reading));
    if (first.index() == 1) {
      if (!std::get<1>(first).ok()) co_return away(std::get<1>(first).failure());
      is_answered = true;
    }
  }
  if (!is_answered) {
    auto reading = read_answer(stream, answer);
    const auto read = co_await reading;
    if (!read.ok()) co_return away(read.failure());
  }
  co_return read_virus_verdict(answer);
}

Task<Outcome<void>> ping_stream(Stream& stream) {
  std::string command("zPING");
  command += '\0';
  auto writing = stream.write(command);
  const auto written = co_await writing;
  if (!written.ok()) co_return away(written.failure());
  std::string answer;
  auto reading = read_answer(stream, answer);
  const auto read = co_await reading;
  if (!read.ok()) co_return away(read.failure());
  if (answer == "PONG") co_return Outcome<void>{};
  co_return Failure{Fault::kUnavailable, "", "clamd: " + one_line(answer, kMostName)};
}

}  // namespace fwd::scan
