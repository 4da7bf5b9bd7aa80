// Tries the servers of a destination.
//
//   route ──> host ──> policy ──> address ──> session ──> transaction(s)
//              ^  ^                  |            |             |
//              |  +---- kHost -------|------------+             |
//              +------- kAddress ----+-- lost, not decided -----+
#include "service/delivery/remote_attempt.h"

#include <algorithm>
#include <utility>

#include "service/delivery/remote_words.h"
#include "service/delivery/way.h"

namespace fwd::delivery {
namespace {

using Kind = RecipientVerdict::Kind;

// Own words about address or message: no other host will read it otherwise.
bool is_everywhere_so(const smtp::RemoteReply& reply) {
  return reply.enhanced == "5.1.3" || reply.enhanced == "5.1.7" || reply.enhanced == "5.6.0" ||
         reply.enhanced == "4.3.0";
}

// RFC 7504 §4: 556 says that the domain takes no mail at all.
int code_of(const mailauth::RouteProblem& problem) {
  if (!problem.is_permanent) return 451;
  return problem.status == "5.1.10" ? 556 : 550;
}

class Attempt {
 public:
  Attempt(const DeliveryContext& context, const DeliveryOptions& options, SessionPool& pool,
          const model::Claim& claim, const Prepared& message)
      : context_(context),
        options_(options),
        pool_(pool),
        claim_(claim),
        way_(context, options, claim),
        source_(context.queue, message),
        message_(message),
        begun_(context.clock.now()),
        end_(begun_ + options.attempt_limit) {
    outcome_.recipients.resize(claim.message.recipients.size());
  }
  Task<AttemptOutcome> run();

 private:
  enum class Next { kDone, kAddress, kHost };
  Task<void> try_host(const mailauth::MxRoute& route, const mailauth::MxHost& host);
  Task<Next> try_address(RemoteHost host, const mailauth::TlsPolicy& policy);
  Task<Opened> open(const RemoteHost& host, const mailauth::TlsPolicy& policy);
  Task<Next> send_all(RemoteSession& session, bool& untouched);
  smtp::ClientMessage envelope(std::vector<std::size_t>& indices) const;
  bool take(const RemoteSession& session, const smtp::SendResult& result,
            const std::vector<std::size_t>& indices);

  bool is_decided() const;
  bool is_late() const { return context_.clock.now() >= end_; }
  model::AttemptResult result_of(const smtp::RemoteReply& reply, bool from_remote,
                                 const std::string& host, const std::string& ip) const;
  // `may_block`: the reply may speak of our host, not of a recipient or the content.
  void settle(std::size_t index, const smtp::RemoteReply& reply, model::AttemptResult result,
              bool may_block);
  void note_trouble(const smtp::RemoteReply& reply, bool from_remote, const std::string& host,
                    const std::string& ip);
  void settle_rest();

  const DeliveryContext& context_;
  const DeliveryOptions& options_;
  SessionPool& pool_;
  const model::Claim& claim_;
  const Way way_;
  QueueSource source_;
  const Prepared& message_;
  Instant begun_;
  Instant end_;
  AttemptOutcome outcome_;
  std::size_t tries_ = 0;         // addresses
  bool is_any_accepted_ = false;  // somebody's RCPT was
  // What kept us from deciding, of the host that said most.
  struct Trouble {
    smtp::RemoteReply reply;
    model::AttemptResult result;
  };
  std::optional<Trouble> trouble_;
};

bool Attempt::is_decided() const {
  return std::none_of(outcome_.recipients.begin(), outcome_.recipients.end(),
                      [](const auto& one) { return one.kind == Kind::kUndecided; });
}

model::AttemptResult Attempt::result_of(const smtp::RemoteReply& reply, bool from_remote,
                                        const std::string& host, const std::string& ip) const {
  model::AttemptResult result;
  result.time = unix_milliseconds(context_.clock.wall());
  result.code = static_cast<std::uint16_t>(reply.code);
  result.status = status_of(reply);
  result.response = from_remote ? reply.line() : smtp::clean_words(reply.text, 1000);
  result.mx = host;
  result.ip = ip;
  result.from_remote = from_remote;
  const auto spent =
      std::chrono::duration_cast<std::chrono::milliseconds>(context_.clock.now() - begun_);
  result.duration_ms = static_cast<std::uint32_t>(spent.count());
  return result;
}

void Attempt::settle(std::size_t index, const smtp::RemoteReply& reply, model::AttemptResult result,
                     bool may_block) {
  RecipientVerdict& verdict = outcome_.recipients[index];
  const bool blocks = may_block && result.from_remote && !reply.accepts() &&
                      category_of(reply, true) == Category::kBlocklist;
  if (blocks) outcome_.blocked = result.response;
  // A list we stand on is our operator's business, not the sender's: later again.
  verdict.kind = reply.accepts()                   ? Kind::kDelivered
                 : reply.is_permanent() && !blocks ? Kind::kPermanent
                                                   : Kind::kTemporary;
  verdict.result = std::move(result);
}

// Temporary trouble is remembered before permanent, as then not all is lost,
// and a remote's words before ours.
void Attempt::note_trouble(const smtp::RemoteReply& reply, bool from_remote,
                           const std::string& host, const std::string& ip) {
  const auto weight = [](const smtp::RemoteReply& r, bool remote) {
    return (r.is_permanent() ? 0 : 2) + (remote ? 1 : 0);
  };
  if (trouble_ &&
      weight(trouble_->reply, trouble_->result.from_remote) > weight(reply, from_remote))
    return;
  trouble_ = Trouble{reply, result_of(reply, from_remote, host, ip)};
}

void Attempt::settle_rest() {
  if (!trouble_)
    note_trouble({451, "4.4.4", "No server of " + claim_.destination + " could be tried"}, false,
                 "", "");
  for (std::size_t i = 0; i < outcome_.recipients.size(); ++i)
    if (outcome_.recipients[i].kind == Kind::kUndecided)
      settle(i, trouble_->reply, trouble_->result, true);
}

// The recipients that are not decided, and where they stand in the claim.
smtp::ClientMessage Attempt::envelope(std::vector<std::size_t>& indices) const {
  const model::Outbound& message = claim_.message;
  smtp::ClientMessage out;
  out.sender = claim_.return_path;
  out.envelope_id = message.envelope_id;
  out.returns = message.returns;
  out.body = message_.body;
  out.has_utf8_header = message_.has_utf8_header;
  out.require_tls = message.require_tls;
  indices.clear();
  for (std::size_t i = 0; i < message.recipients.size(); ++i) {
    if (outcome_.recipients[i].kind != Kind::kUndecided) continue;
    indices.push_back(i);
    const model::OutboundRecipient& one = message.recipients[i];
    out.recipients.push_back({one.address, one.notify, one.original});
  }
  return out;
}

// True when something was decided.
bool Attempt::take(const RemoteSession& session, const smtp::SendResult& result,
                   const std::vector<std::size_t>& indices) {
  using Said = smtp::RecipientOutcome::Kind;
  bool decided = false;
  is_any_accepted_ = is_any_accepted_ || result.is_any_accepted;
  // A host that takes mail for one does not refuse ours for all.
  if (is_any_accepted_) outcome_.blocked.clear();
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const smtp::RecipientOutcome& said = result.recipients[i];
    if (said.kind == Said::kNotTried) continue;
    model::AttemptResult words = result_of(said.reply, said.from_remote, session.host, session.ip);
    words.tls = session.tls;
    words.was_relayed = said.kind == Said::kDelivered && !result.keeps_dsn;
    const bool by_us = !said.from_remote && !result.unknown && !is_everywhere_so(said.reply);
    if (by_us || (said.from_remote && result.may_try_elsewhere && said.reply.code == 421)) {
      note_trouble(said.reply, said.from_remote, session.host, session.ip);
      trouble_->result.tls = session.tls;
      continue;
    }
    if (said.from_remote) outcome_.is_destination_up = true;
    const bool may_block =
        result.is_mail_refused || (!is_any_accepted_ && may_mean_host(said.reply));
    settle(indices[i], said.reply, std::move(words), may_block);
    decided = true;
  }
  return decided;
}

// One transaction after the other until all are decided or the session has no
// more to give.  `untouched`: it was lost before it decided anything.
Task<Attempt::Next> Attempt::send_all(RemoteSession& session, bool& untouched) {
  untouched = true;
  session.client().set_end(end_);
  std::vector<std::size_t> indices;
  while (!is_decided() && session.client().may_send()) {
    smtp::ClientMessage message = envelope(indices);
    message.content = &source_;
    const smtp::SendResult result = co_await session.client().send(message);
    const bool decided = take(session, result, indices);
    if (decided || !result.lost) untouched = false;
    if (!decided) co_return result.lost ? Next::kAddress : Next::kHost;
    if (result.lost) co_return is_decided() ? Next::kDone : Next::kAddress;
  }
  if (is_decided()) co_return Next::kDone;
  untouched = false;
  co_return Next::kAddress;
}

Task<Opened> Attempt::open(const RemoteHost& host, const mailauth::TlsPolicy& policy) {
  OpenQuestion question;
  question.host = host;
  question.policy = policy;
  question.end = end_;
  question.message_id = claim_.message.id;
  Opened opened = co_await open_session(context_, options_, question);
  if (opened.session || opened.trouble.next != SessionTrouble::Next::kClearText)
    co_return std::move(opened);
  question.without_tls = true;
  co_return co_await open_session(context_, options_, std::move(question));
}

Task<Attempt::Next> Attempt::try_address(RemoteHost host, const mailauth::TlsPolicy& policy) {
  const std::string key = session_key(host, policy);
  for (;;) {
    auto entering = pool_.enter(key, host.name);
    auto entered = co_await before(context_.clock, end_, std::move(entering));
    if (!entered) co_return Next::kHost;
    SessionPool::Turn turn = std::move(*entered);
    const bool is_used = turn.session != nullptr;
    if (!is_used) {
      Opened opened = co_await open(host, policy);
      if (!opened.session) {
        note_trouble(opened.trouble.reply, opened.trouble.from_remote, host.name, host.ip);
        co_return opened.trouble.next == SessionTrouble::Next::kHost ? Next::kHost : Next::kAddress;
      }
      turn.session = std::move(opened.session);
      turn.session->place = std::move(turn.place);
    }
    bool untouched = false;
    const Next next = co_await send_all(*turn.session, untouched);
    if (!turn.session->client().is_over()) pool_.give(key, std::move(turn.session));
    // An idle connection may have been closed behind our back: once more on another.
    if (is_used && untouched && !is_late()) continue;
    co_return next;
  }
}

Task<void> Attempt::try_host(const mailauth::MxRoute& route, const mailauth::MxHost& host) {
  const mailauth::TlsPolicy policy = co_await way_.policy_for(route, host);
  if (policy.level == mailauth::TlsLevel::kRefuse) {
    note_trouble({policy.is_permanent ? 550 : 451, policy.status, policy.reason}, false, host.name,
                 "");
    // Not when it was the message that asked too much.
    if (policy.trouble.empty()) co_return;
    mailauth::TlsSessionResult result;
    result.reason = policy.reason;
    result.mx = host.name;
    result.message_id = claim_.message.id;
    co_await note_tls_result(context_, policy, result);
    co_return;
  }
  for (const std::string& ip : host.addresses) {
    if (is_decided() || is_late() || tries_ >= options_.addresses) co_return;
    ++tries_;
    RemoteHost remote = way_.remote_host(host, ip);
    const Next next = co_await try_address(std::move(remote), policy);
    if (next != Next::kAddress) co_return;
  }
}

Task<AttemptOutcome> Attempt::run() {
  const mailauth::MxRoute route = co_await way_.find_route();
  if (route.problem) {
    note_trouble({code_of(*route.problem), route.problem->status, route.problem->text}, false, "",
                 "");
  }
  for (const mailauth::MxHost& host : route.hosts) {
    if (is_decided() || is_late() || tries_ >= options_.addresses) break;
    co_await try_host(route, host);
  }
  if (is_late()) note_trouble({451, "4.4.2", "The attempt took too long"}, false, "", "");
  const bool may_change = !trouble_ || !trouble_->reply.is_permanent();
  outcome_.is_destination_down = !outcome_.is_destination_up && !is_decided() && may_change;
  settle_rest();
  co_return std::move(outcome_);
}

}  // namespace

Task<AttemptOutcome> deliver_remotely(const DeliveryContext& context,
                                      const DeliveryOptions& options, SessionPool& pool,
                                      const model::Claim& claim, const Prepared& message) {
  Attempt attempt(context, options, pool, claim, message);
  co_return co_await attempt.run();
}

}  // namespace fwd::delivery
