// A mail exchanger in memory.
#include "support/smtp_rig.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/ready.h"

namespace fwd::test {

Task<Outcome<format::PackedMessage>> PlainPacker::pack(std::string message) {
  if (bug) throw std::logic_error("a bug");
  ++packed;
  format::PackedMessage out;
  out.size = message.size();
  for (std::size_t at = 0; at < message.size(); at += format::kChunkSize) {
    std::string piece = message.substr(at, format::kChunkSize);
    const auto size = static_cast<std::uint32_t>(piece.size());
    out.chunks.push_back({at, size, std::move(piece)});
  }
  co_return out;
}

SmtpRig::SmtpRig()
    : new_id_([this] { return "ID" + std::to_string(++ids_); }),
      tasks_([this](const std::string& name, const std::string& what) {
        bugs_.push_back(name + ": " + what);
      }) {
  deliveries.add("hello@example.test");
  deliveries.add("other@example.test");
  deliveries.add("postmaster@example.test");
  pipe.capacity = 1024 * 1024;
  pipe.tls.version = "TLS1.3";
  pipe.tls.cipher = "TLS_AES_256_GCM_SHA384";
}

SmtpRig::~SmtpRig() { cancel(); }

void SmtpRig::connect() {
  auto [server, client] = make_memory_pipe(pipe);
  client_ = std::move(client);
  serve(std::move(server));
  tasks_.spawn("listen", listen(*this));
  run_ready();
}

void SmtpRig::serve(std::unique_ptr<Stream> stream) {
  server_ = std::move(stream);
  budget_ = std::make_unique<smtp::Budget>(budget_octets, clock);
  if (make_policy)
    policy_ = make_policy();
  else
    policy_ = std::make_unique<service::InboundPolicy>(service::InboundContext{
        deliveries, journal, state, clock, log, packer, options, &forwarding, resolver});
  session_ = std::make_unique<smtp::Session>(
      *server_, smtp::SessionContext{clock, log, *policy_, *budget_, stop, new_id_, limits, host});
  tasks_.spawn("session", run(*this));
  run_ready();
}

Task<void> SmtpRig::run(SmtpRig& rig) { co_await rig.session_->run(); }

Task<void> SmtpRig::listen(SmtpRig& rig) {
  std::array<char, 4096> piece{};
  for (;;) {
    const auto got = co_await rig.client_->read_some(piece);
    if (!got.ok() || got.value() == 0) break;
    rig.heard_.append(piece.data(), got.value());
  }
  rig.closed_ = true;
}

Task<void> SmtpRig::type(SmtpRig& rig, std::string octets) {
  const auto written = co_await rig.client_->write(octets);
  static_cast<void>(written.ok());  // a closed server is seen by closed()
}

void SmtpRig::send(std::string_view octets, bool one_by_one) {
  const std::size_t step = one_by_one ? 1 : std::max<std::size_t>(octets.size(), 1);
  for (std::size_t at = 0; at < octets.size(); at += step) {
    tasks_.spawn("type", type(*this, std::string(octets.substr(at, step))));
    run_ready();
  }
  if (!bugs_.empty()) throw std::logic_error(bugs_[0]);
}

std::optional<std::string> SmtpRig::reply() {
  std::string lines;
  for (std::size_t at = 0;;) {
    const auto end = heard_.find("\r\n", at);
    if (end == std::string::npos) return std::nullopt;
    const auto line = heard_.substr(at, end - at);
    at = end + 2;
    lines += (lines.empty() ? "" : "\n") + line;
    if (line.size() > 3 && line[3] == '-') continue;
    heard_.erase(0, at);
    return lines;
  }
}

std::string SmtpRig::ask(std::string_view line) {
  while (reply()) continue;
  send(std::string(line) + "\r\n");
  return reply().value_or("nothing");
}

void SmtpRig::begin_data() {
  for (const auto* line :
       {"EHLO peer.example", "MAIL FROM:<a@peer.example>", "RCPT TO:<hello@example.test>", "DATA"})
    ask(line);
}

void SmtpRig::cancel() {
  tasks_.cancel_all();
  session_.reset();
}

void SmtpRig::hang_up() {
  client_->close();
  run_ready();
}

}  // namespace fwd::test
