// Puts a delivery worker and a network into memory.
#include "support/delivery_rig.h"

#include <algorithm>
#include <stdexcept>

#include "core/memory_pipe.h"

namespace fwd::test {
namespace {

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  throw std::runtime_error(name + ": " + what);
}

}  // namespace

// Our end of a connection: a pipe whose TLS is a word.
class FakeNet::End final : public delivery::RemoteStream, private Stream {
 public:
  End(std::unique_ptr<Stream> pipe, std::string ip, bool fails,
      std::vector<mailauth::TlsLevel>& levels)
      : pipe_(std::move(pipe)), fails_(fails), levels_(levels) {
    peer_.ip = std::move(ip);
  }
  Stream& stream() override { return *this; }
  Task<Outcome<void>> start_tls(std::string server_name, mailauth::TlsLevel level) override {
    levels_.push_back(level);
    if (fails_) co_return Failure{Fault::kClosed, "", "handshake failed"};
    tls_.active = true;
    tls_.version = "TLS1.3";
    tls_.cipher = "TLS_AES_256_GCM_SHA384";
    tls_.peer_chain = {std::move(server_name)};
    co_return Outcome<void>{};
  }

 private:
  Task<Outcome<std::size_t>> read_some(std::span<char> into) override {
    return pipe_->read_some(into);
  }
  Task<Outcome<void>> write(std::string_view data) override { return pipe_->write(data); }
  Task<Outcome<void>> start_tls() override { return pipe_->start_tls(); }
  bool may_start_tls() const override { return false; }
  const TlsState& tls() const override { return tls_; }
  const PeerAddress& peer() const override { return peer_; }
  const PeerAddress& local() const override { return pipe_->local(); }
  void close() override { pipe_->close(); }

  std::unique_ptr<Stream> pipe_;
  bool fails_;
  std::vector<mailauth::TlsLevel>& levels_;
  TlsState tls_;
  PeerAddress peer_;
};

FakeNet::FakeNet(Clock& clock) : clock_(clock), serving_(fail) {}

FakeRemote& FakeNet::add(const std::string& ip, RemoteScript script) {
  remotes_[ip] = std::make_unique<FakeRemote>(std::move(script), clock_);
  return *remotes_[ip];
}

Task<Outcome<std::unique_ptr<delivery::RemoteStream>>> FakeNet::dial(
    std::string ip, std::uint16_t port, std::chrono::milliseconds limit) {
  dialled.push_back(ip + ":" + std::to_string(port));
  if (stalling.count(ip) > 0) {
    co_await clock_.sleep(limit);
    co_return Failure{Fault::kTimeout, "", "nobody answered"};
  }
  const auto found = remotes_.find(ip);
  if (found == remotes_.end()) co_return Failure{Fault::kUnavailable, "", "connection refused"};
  auto [theirs, ours] = make_memory_pipe();
  serving_.spawn("remote", found->second->serve(std::move(theirs)));
  std::unique_ptr<delivery::RemoteStream> end =
      std::make_unique<End>(std::move(ours), ip, failing_handshakes.count(ip) > 0, handshakes);
  co_return std::move(end);
}

Task<mailauth::TlsPolicy> FakeTls::policy_for(mailauth::TlsQuestion question,
                                              const mailauth::MxRoute&,
                                              const mailauth::MxHost& host) {
  questions.push_back(question);
  const auto found = policies.find(host.name);
  mailauth::TlsPolicy policy;
  if (found != policies.end()) policy = found->second;
  policy.server_name = host.name;
  if (question.require_tls && policy.level == mailauth::TlsLevel::kOpportunistic)
    policy.level = mailauth::TlsLevel::kVerify;
  co_return policy;
}

mailauth::TlsVerdict FakeTls::verify(const net::CertificateChain&,
                                     const mailauth::TlsPolicy& policy) const {
  mailauth::TlsVerdict verdict;
  const bool is_bad = bad_certificates.count(policy.server_name) > 0;
  verdict.may_send = policy.level < mailauth::TlsLevel::kVerify || !is_bad;
  if (policy.level >= mailauth::TlsLevel::kVerify && !is_bad) verdict.how = "sts";
  if (!verdict.may_send) verdict.result_type = "certificate-host-mismatch";
  if (!verdict.may_send) verdict.reason = "another name";
  return verdict;
}

Task<Outcome<format::PackedMessage>> RawPacker::pack(std::string message) {
  format::PackedMessage out;
  out.size = message.size();
  const auto size = static_cast<std::uint32_t>(message.size());
  out.chunks.push_back({0, size, std::move(message)});
  co_return out;
}

DeliveryRig::DeliveryRig() : tasks_(fail) {
  options.host = "smtp.example.test";
  options.worker = "test";
  deliveries.add("anna@example.test");
  queue.keys.push_back({"example.test", "sel", "rsa", "a key", ""});
}

DeliveryRig::~DeliveryRig() {
  tasks_.cancel_all();
  worker_.reset();
}

void DeliveryRig::route(const std::string& domain,
                        std::vector<std::pair<std::string, std::string>> hosts) {
  mailauth::MxRoute route;
  route.domain = domain;
  for (const auto& [name, ip] : hosts) {
    mailauth::MxHost host;
    host.name = name;
    host.addresses = {ip};
    route.hosts.push_back(std::move(host));
  }
  routes[domain] = std::move(route);
}

std::string DeliveryRig::send(std::vector<std::string> to,
                              std::function<void(model::NewOutbound&)> change) {
  model::NewOutbound message;
  message.id = "M" + std::to_string(++ids_);
  message.envelope_from = "anna@example.test";
  message.message_id = "<" + message.id + "@example.test>";
  for (std::string& address : to) {
    model::NewRecipient recipient;
    recipient.address = std::move(address);
    message.recipients.push_back(std::move(recipient));
  }
  message.content = "From: anna@example.test\r\nMessage-ID: " + message.message_id +
                    "\r\nSubject: hello\r\n\r\nHello\r\n";
  if (change) change(message);
  const std::string id = message.id;
  queue.add(std::move(message), "example.test");
  run_ready();
  return id;
}

std::string DeliveryRig::forward(std::vector<model::Destination> to, bool in_session,
                                 std::function<void(model::NewForward&)> change) {
  model::NewForward what;
  what.message.id = "F" + std::to_string(++ids_);
  what.message.envelope_from = "stranger@far.example";
  what.message.content =
      "Received: by smtp.example.test for <hello@example.test>\r\n"
      "From: stranger@far.example\r\nDKIM-Signature: v=1; d=far.example\r\n\r\nHello\r\n";
  what.destinations = std::move(to);
  what.facts = {"hello@example.test", true, "spf=pass", "none", "", true};
  if (change) change(what);
  const std::string id = what.message.id;
  queue.add_forward(std::move(what), "example.test", in_session);
  run_ready();
  return id;
}

Task<mailauth::MxRoute> DeliveryRig::find_route(DeliveryRig& rig, std::string domain) {
  const auto found = rig.routes.find(domain);
  if (found != rig.routes.end()) co_return found->second;
  mailauth::MxRoute route;
  route.domain = domain;
  route.problem = mailauth::RouteProblem{true, "5.1.2", domain + " does not exist"};
  co_return route;
}

Task<std::vector<std::string>> DeliveryRig::find_addresses(DeliveryRig& rig, std::string host) {
  co_return rig.addresses[host];
}

Task<Outcome<std::string>> DeliveryRig::seal(DeliveryRig& rig, mailauth::ArcSeal how) {
  rig.seals.push_back(std::move(how));
  if (rig.sealed.empty()) co_return Failure{Fault::kBadInput, "", "no From"};
  co_return rig.sealed;
}

Task<Outcome<std::string>> DeliveryRig::sign(DeliveryRig& rig) {
  ++rig.signings;
  if (rig.signature.empty()) co_return Failure{Fault::kCorrupt, "", "a broken key"};
  co_return rig.signature;
}

Task<Outcome<delivery::HttpSaid>> DeliveryRig::post(DeliveryRig& rig, delivery::HttpPost post) {
  rig.posts.push_back(std::move(post));
  co_return rig.post_answer;
}

void DeliveryRig::start() {
  delivery::DeliveryContext context{
      queue,
      deliveries,
      journal,
      clock,
      log,
      packer,
      net,
      tls,
      [this](std::string domain) { return find_route(*this, std::move(domain)); },
      [this](std::string host) { return find_addresses(*this, std::move(host)); },
      [this](std::shared_ptr<const std::string>, std::vector<model::SigningKey>, std::int64_t) {
        return sign(*this);
      },
      [this](delivery::HttpPost what) { return post(*this, std::move(what)); },
      [](std::size_t below) { return below / 2; },
      [this] { return "N" + std::to_string(++ids_); },
      {},
      [this](std::string host) { return find_addresses(*this, std::move(host)); },
      [this](std::shared_ptr<const std::string>, mailauth::ArcSeal how) {
        return seal(*this, std::move(how));
      },
      &forwarding,
      &dns,
      [](const std::string& ip) { return ip == "198.51.100.1"; },
      &state};
  worker_ = std::make_unique<delivery::Worker>(
      std::move(context), std::make_shared<const delivery::DeliveryOptions>(options));
  tasks_.spawn("worker", run(*this));
  run_ready();
}

Task<void> DeliveryRig::run(DeliveryRig& rig) {
  co_await rig.worker_->run(rig.stopping_);
  rig.ended_ = true;
}

void DeliveryRig::stop() {
  stopping_.set();
  run_ready();
}

bool DeliveryRig::logged(const std::string& part) const {
  return std::any_of(log.lines().begin(), log.lines().end(),
                     [&](const auto& line) { return line.find(part) != std::string::npos; });
}

}  // namespace fwd::test
