// An IMAP server in memory.
#include "support/imap_rig.h"

#include <stdexcept>
#include <utility>

#include "format/outline.h"

namespace fwd::test {
namespace {

// SCRAM as far as a session sees it; the proofs are words.
class WordExchange final : public model::ScramExchange {
 public:
  explicit WordExchange(MemoryStore& store) : store_(store) {}
  const std::string& server_first() const override { return first_; }
  Task<Outcome<Verdict>> finish(std::string client_final, std::string binding_data) override {
    if (client_final != "right" + binding_data) co_return Failure{Fault::kBadLogin, "", "proof"};
    co_return Verdict{"v=proven", store_.log_in()};
  }

 private:
  MemoryStore& store_;
  std::string first_ = "r=nonce,s=c2FsdA==,i=4096";
};

constexpr std::string_view kPlain =
    "From: Ann Example <ann@example.test>\r\n"
    "To: Bob <bob@example.org>\r\n"
    "Subject: Tea at four\r\n"
    "Date: Tue, 06 Jan 2026 12:00:00 +0100\r\n"
    "Message-ID: <tea@example.test>\r\n"
    "\r\n"
    "Come for tea.\r\n";

constexpr std::string_view kMulti =
    "From: ann@example.test\r\n"
    "Subject: Two parts\r\n"
    "Date: Wed, 07 Jan 2026 08:00:00 +0000\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"b\"\r\n"
    "\r\n"
    "--b\r\n"
    "Content-Type: text/plain; charset=us-ascii\r\n"
    "\r\n"
    "First part.\r\n"
    "--b\r\n"
    "Content-Type: application/octet-stream\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "AAECAw==\r\n"
    "--b--\r\n";

constexpr std::string_view kNested =
    "From: ann@example.test\r\n"
    "Subject: Look at this\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"o\"\r\n"
    "\r\n"
    "--o\r\n"
    "Content-Type: message/rfc822\r\n"
    "\r\n"
    "From: inner@example.org\r\n"
    "Subject: Inside\r\n"
    "\r\n"
    "Inner text.\r\n"
    "--o--\r\n";

constexpr std::string_view kStrange =
    "From: ann@example.test\r\n"
    "Subject: Strange\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"s\"\r\n"
    "\r\n"
    "--s\r\n"
    "Content-Type: application/octet-stream\r\n"
    "Content-Transfer-Encoding: x-rot\r\n"
    "\r\n"
    "abc\r\n"
    "--s--\r\n";

constexpr std::string_view kUtf8 =
    "From: ann@example.test\r\n"
    "Subject: =?utf-8?q?Caf=C3=A9_um_vier?=\r\n"
    "\r\n"
    "Kaffee und K\xC3\xA4se.\r\n";

}  // namespace

std::string message_named(std::string_view name) {
  if (name == "plain") return std::string(kPlain);
  if (name == "multi") return std::string(kMulti);
  if (name == "nested") return std::string(kNested);
  if (name == "strange") return std::string(kStrange);
  if (name == "utf8") return std::string(kUtf8);
  if (name != "big") throw std::invalid_argument("no message of that name");
  std::string out = "From: big@example.test\r\nSubject: Big\r\n\r\n";
  for (int line = 0; out.size() + 80 <= 200000; ++line) {
    std::string text = "line " + std::to_string(line) + ' ';
    text.resize(78, 'x');
    out += text + "\r\n";
  }
  return out + std::string(200000 - out.size() - 2, 'y') + "\r\n";
}

Task<Outcome<format::PackedMessage>> CountingPacker::pack(std::string message) {
  ++packed;
  co_return format::pack_message(message);
}

ImapRig::ImapRig() : group_([this](const std::string&, const std::string& what) { bug = what; }) {
  pipe.tls.active = true;
  pipe.tls.version = "TLS1.3";
  pipe.tls.tls_exporter = "exported";
  logins.add("hello@example.test", "secret", store);
  logins.set_scram(
      [this](const std::string&, bool) -> Outcome<std::unique_ptr<model::ScramExchange>> {
        return std::unique_ptr<model::ScramExchange>(std::make_unique<WordExchange>(store));
      });
}

ImapRig::~ImapRig() { group_.cancel_all(); }

Task<void> ImapRig::listen(Peer& peer) {
  std::array<char, 4096> chunk;
  for (;;) {
    auto reading = peer.client->read_some(chunk);
    const auto got = co_await reading;
    if (!got.ok() || got.value() == 0) break;
    peer.said.append(chunk.data(), got.value());
  }
  peer.closed = true;
}

Task<void> ImapRig::type(Stream& stream, std::string octets) {
  auto writing = stream.write(octets);
  const auto done = co_await writing;
  static_cast<void>(done.ok());
}

void ImapRig::connect(std::size_t who) {
  Peer& peer = peers_[who];
  std::tie(peer.server, peer.client) = make_memory_pipe(pipe);
  peer.session = std::make_unique<imap::Session>(*peer.server, clock, logins, log, limits, stop,
                                                 "s" + std::to_string(who), &budget, &packer);
  peer.session->observe_filing(filing_observer);
  group_.spawn("listen", listen(peer));
  group_.spawn("session", peer.session->run());
  run_ready();
}

void ImapRig::send(std::size_t who, std::string octets) {
  group_.spawn("type", type(*peers_[who].client, std::move(octets)));
  run_ready();
}

std::string ImapRig::take(std::size_t who) { return std::exchange(peers_[who].said, {}); }

std::string ImapRig::ask(std::size_t who, std::string_view line) {
  take(who);
  send(who, std::string(line) + "\r\n");
  return take(who);
}

void ImapRig::log_in(std::size_t who) {
  connect(who);
  ask(who, "L LOGIN hello@example.test secret");
}

}  // namespace fwd::test
