// Reads sendmail's command line.
#include "bin/sendmail/arguments.h"

#include <algorithm>
#include <string_view>

#include "core/text.h"

namespace fwd::sendmail {
namespace {

constexpr std::size_t kMostEnvelopeId = 100;  // RFC 3461 §4.4

// Options whose value is the rest of the word, or else the next word.
constexpr std::string_view kWithValue = "ABCDFLNORVXfhopr";
// Those whose value can only be the rest of the word.
constexpr std::string_view kWithRest = "bdeq";
constexpr std::string_view kAlone = "GIUcimntvxT";

Failure bad(std::string what) { return {Fault::kBadInput, std::move(what), {}}; }

std::optional<Failure> take_mode(std::string_view value, Arguments& into) {
  if (value == "m")
    into.mode = Mode::kSend;
  else if (value == "s")
    into.mode = Mode::kConversation;
  else if (value == "p")
    into.mode = Mode::kShowQueue;
  else if (value == "v")
    into.mode = Mode::kVerify;
  else if (value == "i")
    into.mode = Mode::kNothing;
  else
    return bad("-b" + std::string(value) + " is not done here");
  return std::nullopt;
}

// RFC 3461 §4.1
std::optional<Failure> take_notify(std::string_view value, Arguments& into) {
  unsigned all = 0;
  for (const auto word : split(value, ',')) {
    const auto name = trim(word);
    if (same_word(name, "never") && split(value, ',').size() == 1)
      all |= model::kNotifyNever;
    else if (same_word(name, "success"))
      all |= model::kNotifySuccess;
    else if (same_word(name, "failure"))
      all |= model::kNotifyFailure;
    else if (same_word(name, "delay"))
      all |= model::kNotifyDelay;
    else
      return bad("-N wants never, or of success, failure and delay: " + std::string(value));
  }
  into.notify = static_cast<std::uint8_t>(all);
  return std::nullopt;
}

std::optional<Failure> take_returns(std::string_view value, Arguments& into) {
  if (same_word(value, "full"))
    into.returns = model::ReturnContent::kFull;
  else if (same_word(value, "hdrs"))
    into.returns = model::ReturnContent::kHeaders;
  else
    return bad("-R wants full or hdrs: " + std::string(value));
  return std::nullopt;
}

std::optional<Failure> take_envelope_id(std::string_view value, Arguments& into) {
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (value.empty() || value.size() > kMostEnvelopeId || !printable)
    return bad("-V wants at most 100 printable characters");
  into.envelope_id = value;
  return std::nullopt;
}

// What an option with a value means; those of other mail systems mean nothing.
std::optional<Failure> take(char option, std::string_view value, Arguments& into) {
  switch (option) {
    case 'b':
      return take_mode(value, into);
    case 'f':
    case 'r':
      into.from = std::string(value);
      return std::nullopt;
    case 'F':
      into.full_name = value;
      return std::nullopt;
    case 'N':
      return take_notify(value, into);
    case 'R':
      return take_returns(value, into);
    case 'V':
      return take_envelope_id(value, into);
    case 'o':
      if (value == "i") into.dots_are_text = true;
      return std::nullopt;
    case 'q':
      into.mode = Mode::kNothing;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

void take_alone(char option, Arguments& into) {
  if (option == 'i') into.dots_are_text = true;
  if (option == 't') into.take_recipients = true;
  if (option == 'I') into.mode = Mode::kNothing;
}

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& words) : words_(words) {}

  // "-ti", "-fjoe@example.test", "-f joe@example.test"
  std::optional<Failure> take_word(std::size_t& at, Arguments& into) {
    const std::string_view word = words_[at];
    for (std::size_t i = 1; i < word.size(); ++i) {
      const char option = word[i];
      if (kAlone.find(option) != kAlone.npos) {
        take_alone(option, into);
        continue;
      }
      const bool may_follow = kWithValue.find(option) != kWithValue.npos;
      if (!may_follow && kWithRest.find(option) == kWithRest.npos) {
        // The rest may be its value, so nothing in there is an option.
        into.warnings.push_back("unknown option passed over: -" + std::string(word.substr(i)));
        return std::nullopt;
      }
      std::string_view value = word.substr(i + 1);
      if (value.empty() && may_follow) {
        if (at + 1 >= words_.size()) return bad("-" + std::string(1, option) + " wants a value");
        value = words_[++at];
      }
      return take(option, value, into);
    }
    return std::nullopt;
  }

 private:
  const std::vector<std::string>& words_;
};

}  // namespace

Outcome<Arguments> read_arguments(const std::vector<std::string>& words) {
  Arguments read;
  const std::string_view path = words.empty() ? std::string_view{} : words[0];
  const auto name = path.substr(path.rfind('/') + 1);
  if (name == "mailq") read.mode = Mode::kShowQueue;
  if (name == "newaliases") read.mode = Mode::kNothing;
  Reader reader(words);
  bool options = true;
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (options && word == "--") {
      options = false;
    } else if (options && word.size() > 1 && word[0] == '-') {
      if (auto failure = reader.take_word(at, read)) return *failure;
    } else {
      read.recipients.push_back(word);
    }
  }
  return read;
}

}  // namespace fwd::sendmail
