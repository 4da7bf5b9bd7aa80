// Plays a remote mail server.
#include "support/fake_remote.h"

#include <algorithm>

#include "core/line_reader.h"
#include "core/text.h"

namespace fwd::test {

struct FakeRemote::Connection {
  Connection(std::unique_ptr<Stream> the_stream, Clock& clock)
      : stream(std::move(the_stream)), reader(*stream, clock, std::chrono::hours(100)) {}
  std::unique_ptr<Stream> stream;
  LineReader reader;
  bool is_tls = false;
  std::uint64_t said = 0, heard = 0;
  std::string chunks;
};

Task<bool> FakeRemote::say(Connection& c, std::string words) {
  if (words == "hang up") co_return false;
  const std::uint64_t room = script.says_at_most - std::min(script.says_at_most, c.said);
  const bool cut = words.size() > room;
  if (cut) words.resize(room);
  const auto written = co_await c.stream->write(words);
  c.said += words.size();
  said += words.size();
  co_return written.ok() && !cut;
}

std::string FakeRemote::answer_to(const Connection& c, const std::string& line) const {
  const std::string command = to_upper(line);
  std::size_t best = 0;
  const std::string* found = nullptr;
  for (const auto& [beginning, answer] : script.answers)
    if (command.starts_with(beginning) && beginning.size() >= best) {
      best = beginning.size();
      found = &answer;
    }
  if (found != nullptr) return *found;
  if (command.starts_with("EHLO"))
    return c.is_tls && !script.ehlo_after_tls.empty() ? script.ehlo_after_tls : script.ehlo;
  if (command.starts_with("HELO")) return "250 mx.example\r\n";
  if (command.starts_with("STARTTLS")) return "220 2.0.0 go ahead\r\n";
  if (command.starts_with("DATA")) return "354 go ahead\r\n";
  if (command.starts_with("QUIT")) return "221 2.0.0 bye\r\n";
  if (command.starts_with("MAIL") || command.starts_with("RCPT") || command.starts_with("RSET"))
    return "250 2.0.0 ok\r\n";
  return "500 5.5.2 what?\r\n";
}

Task<bool> FakeRemote::read_content(Connection& c) {
  std::string content;
  for (;;) {
    const auto line = co_await c.reader.read_line(1 << 20);
    if (!line.ok() || line.value().end == LineEnd::kEndOfInput) co_return false;
    c.heard += line.value().text.size() + 2;
    heard += line.value().text.size() + 2;
    if (c.heard > script.hears_at_most) co_return false;
    std::string_view text = line.value().text;
    if (text == ".") break;
    if (text.starts_with('.')) text.remove_prefix(1);
    content.append(text).append("\r\n");
  }
  const bool takes = script.end_of_data.starts_with('2');
  if (takes) messages.push_back(std::move(content));
  std::string words = script.end_of_data;
  co_return co_await say(c, std::move(words));
}

Task<bool> FakeRemote::read_chunk(Connection& c, std::string line) {
  const auto words = split(line, ' ');
  std::uint64_t left = parse_number(words.at(1)).value_or(0);
  const bool last = words.size() > 2;
  while (left > 0) {
    const auto some = co_await c.reader.read_some(left);
    if (!some.ok() || some.value().empty()) co_return false;
    left -= some.value().size();
    c.chunks += some.value();
  }
  std::string answer = last ? script.end_of_data : "250 2.0.0 more\r\n";
  if (const auto own = script.answers.find("BDAT"); own != script.answers.end())
    answer = own->second;
  if (last && answer.starts_with('2')) messages.push_back(std::move(c.chunks));
  if (last) c.chunks.clear();
  co_return co_await say(c, std::move(answer));
}

Task<bool> FakeRemote::obey(Connection& c, std::string line) {
  commands.push_back(line);
  if (starts_with_word(line, "BDAT")) co_return co_await read_chunk(c, line);
  std::string answer = answer_to(c, line);
  const bool goes_on = answer.starts_with('2') || answer.starts_with('3');
  if (!co_await say(c, std::move(answer))) co_return false;
  if (!goes_on) co_return true;
  if (starts_with_word(line, "QUIT")) co_return false;
  if (starts_with_word(line, "STARTTLS")) c.is_tls = true;
  if (starts_with_word(line, "DATA")) co_return co_await read_content(c);
  co_return true;
}

Task<void> FakeRemote::serve(std::unique_ptr<Stream> stream) {
  Connection c(std::move(stream), clock_);
  ++connections;
  std::string greeting = script.greeting;
  bool alive = co_await say(c, std::move(greeting));
  while (alive) {
    const auto line = co_await c.reader.read_line(1 << 20);
    if (!line.ok() || line.value().end == LineEnd::kEndOfInput) break;
    c.heard += line.value().text.size() + 2;
    heard += line.value().text.size() + 2;
    if (c.heard > script.hears_at_most) break;
    std::string text = line.value().text;
    alive = co_await obey(c, std::move(text));
  }
  c.stream->close();
}

}  // namespace fwd::test
