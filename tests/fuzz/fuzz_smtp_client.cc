// What a remote server says to our SMTP client: a whole conversation, with
// STARTTLS, a login and two transactions, whatever the input answers.
#include <string>

#include "core/memory_pipe.h"
#include "core/task_group.h"
#include "fuzz/fuzz.h"
#include "protocol/smtp/client.h"

using namespace fwd;

namespace {

class Text final : public smtp::ContentSource {
 public:
  std::uint64_t size() const override { return text_.size(); }
  Task<Outcome<std::string>> read(std::uint64_t offset, std::uint64_t most) override {
    co_return text_.substr(offset, most);
  }

 private:
  std::string text_ = "a: b\r\n\r\n.c\r\n";
};

class Shake final : public smtp::Handshake {
 public:
  Task<Outcome<void>> shake_hands() override { co_return Outcome<void>{}; }
};

Task<void> talk(smtp::Client& client, const smtp::ClientMessage& message) {
  Shake shake;
  const auto greeted = co_await client.greet();
  if (!greeted.ok()) co_return;
  auto reply = co_await client.hello();
  if (reply.ok() && client.extensions().start_tls) {
    reply = co_await client.start_tls(shake);
    if (reply.ok()) reply = co_await client.hello();
  }
  if (reply.ok() && !client.extensions().auth.empty()) reply = co_await client.log_in("u", "p");
  for (int i = 0; i < 2 && client.may_send(); ++i) {
    const smtp::SendResult result = co_await client.send(message);
    fuzz::must(result.recipients.size() == message.recipients.size());
    fuzz::must(!result.unknown || result.lost);
    for (const auto& one : result.recipients) fuzz::must(one.reply.line().size() <= 1000);
  }
  co_await client.quit();
}

Task<void> say(Stream& stream, std::string words) {
  const auto written = co_await stream.write(words);
  static_cast<void>(written);
  stream.close();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  HandClock clock;
  Text content;
  smtp::ClientMessage message;
  message.content = &content;
  message.sender = "a@a.example";
  message.recipients = {{"b@b.example", 0, ""}, {"c@b.example", 2, "rfc822;c@b.example"}};
  smtp::ClientOptions options;
  options.host = "client.example";
  options.chunk_from = size % 3 == 0 ? 1 : 1000;
  MemoryPipeOptions pipe;
  pipe.capacity = 1 << 20;
  auto [theirs, ours] = make_memory_pipe(pipe);
  smtp::Client client(*ours, clock, options);
  TaskGroup tasks([](const std::string&, const std::string&) { fuzz::must(false); });
  tasks.spawn("talk", talk(client, message));
  tasks.spawn("say", say(*theirs, std::string(fuzz::text_of(data, size))));
  run_ready();
  clock.turn(std::chrono::hours(2));
  fuzz::must(tasks.size() == 0);
  return 0;
}
