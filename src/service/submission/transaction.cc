// Takes a message from a sender.
#include "service/submission/transaction.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/text.h"
#include "format/date.h"
#include "format/domain_name.h"
#include "format/quoted_string.h"
#include "model/postmaster.h"
#include "protocol/smtp/failure_reply.h"
#include "service/submission/failure_reply.h"

namespace fwd::submission {
namespace {

// A client's clock may be ahead so far without its mail being held back.
constexpr std::chrono::seconds kClockSkew = std::chrono::minutes(2);
constexpr std::size_t kMostPhrase = 200;  // octets of a display name that is carried over

model::BodyKind body_kind(smtp::Body body, std::string_view content) {
  if (body == smtp::Body::kBinaryMime) return model::BodyKind::kBinaryMime;
  // Many a client says nothing and sends 8 bits: what is true counts.
  return body == smtp::Body::k8BitMime || !is_ascii(content) ? model::BodyKind::k8BitMime
                                                             : model::BodyKind::k7Bit;
}

bool is_nobody(const model::Recipient& found) {
  return found.kind == model::RecipientKind::kForeign ||
         found.kind == model::RecipientKind::kUnknown;
}

// Whether it may stand in From, as the door will decide.
bool is_own(const model::Sender& sender, const std::string& text) {
  const auto address = format::parse_mailbox(text, format::AddressCharset::kUtf8);
  const std::size_t at = sender.address.rfind('@');
  if (!address.ok() || at == sender.address.npos) return false;
  const auto domain = format::domain_to_ascii(std::string_view(sender.address).substr(at + 1));
  if (!domain.ok() || address.value().domain != domain.value()) return false;
  if (sender.is_whole_domain) return true;
  const auto own = format::parse_mailbox(sender.address, format::AddressCharset::kUtf8);
  return own.ok() && same_word(own.value().user(), address.value().user());
}

}  // namespace

SubmissionTransaction::SubmissionTransaction(const SubmissionContext& context,
                                             std::shared_ptr<model::SenderSession> session,
                                             const smtp::Peer& peer, smtp::Mail mail,
                                             std::optional<LocalUser> local)
    : context_(context),
      session_(std::move(session)),
      peer_(peer),
      mail_(std::move(mail)),
      local_(std::move(local)) {}

Task<Outcome<bool>> SubmissionTransaction::is_nowhere(std::string address) const {
  auto asking = context_.deliveries.find_recipient(std::move(address));
  const auto found = co_await asking;
  if (!found.ok()) co_return found.failure();
  co_return is_nobody(found.value());
}

Task<std::optional<smtp::Reply>> SubmissionTransaction::begin() {
  if (!local_ || mail_.sender.null) co_return std::nullopt;
  auto asking = is_nowhere(mail_.sender_text());
  const auto nowhere = co_await asking;
  if (!nowhere.ok()) co_return smtp::reply_to(nowhere.failure());
  if (!nowhere.value()) co_return std::nullopt;
  auto own = format::parse_mailbox(session_->sender().address, format::AddressCharset::kUtf8);
  if (own.ok()) mail_.sender.address = std::move(own).value();
  co_return std::nullopt;
}

Task<Outcome<model::Recipient>> SubmissionTransaction::find(const format::Address& address) const {
  // Programs write to root@this-host, where no mail goes.
  const bool here = local_ && same_word(address.domain, peer_.host);
  if (!address.domain.empty() && !(here && same_word(address.local, "postmaster"))) {
    auto asking = context_.deliveries.find_recipient(address.text());
    auto found = co_await asking;
    if (!here || !found.ok() || !is_nobody(found.value())) co_return found;
  }
  auto finding =
      model::find_postmaster(context_.deliveries, context_.options.postmaster, peer_.host);
  co_return co_await finding;
}

Task<smtp::Reply> SubmissionTransaction::on_recipient(smtp::Recipient named) {
  const format::Address& asked = named.path.address;
  auto finding = find(asked);
  const auto found = co_await finding;
  const auto fail = [&](smtp::Reply reply, const std::string& reason) {
    context_.recorder.note(peer_, mail_, session_->sender(),
                           {refusal_event(reply), asked.text(), reply, reason, 0, ""});
    return reply;
  };
  if (!found.ok()) co_return fail(smtp::reply_to(found.failure()), found.failure().private_text);
  if (found.value().kind == model::RecipientKind::kUnknown)
    co_return fail({550, "5.1.1", "There is no such address here"}, "");
  model::NewRecipient recipient;
  recipient.address = found.value().address;
  recipient.notify = named.notify;
  recipient.original = std::move(named.original);
  // Case counts in local parts of others (RFC 5321 §2.4), not in ours.
  const bool is_ours = !is_nobody(found.value());
  const auto address = format::parse_mailbox(recipient.address, format::AddressCharset::kUtf8);
  if (address.ok()) recipient.address = address.value().text();  // the domain's one form
  const bool known = std::any_of(recipients_.begin(), recipients_.end(), [&](const auto& r) {
    return r.address == recipient.address || (is_ours && same_word(r.address, recipient.address));
  });
  if (!known) recipients_.push_back(std::move(recipient));
  co_return smtp::Reply{250, "2.1.5", "Ok"};
}

void SubmissionTransaction::note_all(std::string_view event, const smtp::Reply& reply,
                                     const std::string& reason, std::uint64_t size,
                                     const std::string& queue_id) {
  for (const model::NewRecipient& recipient : recipients_)
    context_.recorder.note(peer_, mail_, session_->sender(),
                           {event, recipient.address, reply, reason, size, queue_id});
}

smtp::Reply SubmissionTransaction::refuse(smtp::Reply reply, const std::string& reason,
                                          std::uint64_t size) {
  note_all(refusal_event(reply), reply, reason, size, "");
  return reply;
}

// RFC 5321 §4.4 without the "from" that would tell where the sender sits.
std::string SubmissionTransaction::trace_lines() const {
  std::string lines = "Received: by " + peer_.host;
  if (local_)
    lines += " (from userid " + std::to_string(local_->uid) + ")\r\n\tid " + mail_.id;
  else  // RFC 3848 §2, RFC 6531 §4.3
    lines +=
        std::string(" with ") + (mail_.smtp_utf8 ? "UTF8SMTPSA" : "ESMTPSA") + " id " + mail_.id;
  const std::int64_t now = unix_seconds(context_.clock.wall());
  lines += ";\r\n\t" + format::write_mail_date(now) + "\r\n";
  lines += "X-Forward-Email-Version: " + context_.options.version + "\r\n";
  lines += "X-Forward-Email-Sender: rfc822; " + mail_.sender_text() + ", " + peer_.host + "\r\n";
  return lines + "X-Forward-Email-ID: " + mail_.id + "\r\n";
}

Outcome<std::int64_t> SubmissionTransaction::release_time(const SubmittedHeader& header) const {
  const WallTime now = context_.clock.wall();
  if (!header.date || *header.date <= unix_seconds(now + kClockSkew)) return mail_.not_before;
  if (*header.date > unix_seconds(now + context_.options.hold)) {
    const auto most = std::chrono::duration_cast<std::chrono::hours>(context_.options.hold).count();
    return Failure{Fault::kBadInput,
                   "Date is more than " + std::to_string(most / 24) + " days ahead", ""};
  }
  return std::max(mail_.not_before, *header.date * 1000);
}

Task<Outcome<Supplements>> SubmissionTransaction::supplement(const SubmittedHeader& header,
                                                             std::string& header_from) {
  Supplements add;
  add.trace = trace_lines();
  if (!local_)
    add.may_show = [sender = session_->sender()](const std::string& address) {
      return is_own(sender, address);
    };
  auto from =
      format::parse_mailbox(header.from ? header.from->address : "", format::AddressCharset::kUtf8);
  bool nowhere = !from.ok();
  if (nowhere && !local_)
    co_return Failure{Fault::kBadInput,
                      header.from ? "The address of From is none: " + from.failure().public_text
                                  : "A message needs a From field",
                      ""};
  if (!nowhere) {
    header_from = from.value().text();
    if (local_) {
      auto asking = is_nowhere(header_from);
      const auto answer = co_await asking;
      if (!answer.ok()) co_return answer.failure();
      nowhere = answer.value();
    }
  }
  if (nowhere) {
    header_from = session_->sender().address;
    std::string name = header.from ? header.from->phrase : "";
    if (name.empty())
      name = format::quoted(header.from && !header.from->comment.empty() ? header.from->comment
                                                                         : local_->name);
    add.from = (name.size() > kMostPhrase ? "" : name + " ") + "<" + header_from + ">";
  }
  const std::int64_t now = unix_seconds(context_.clock.wall());
  if (!header.date) add.date = format::write_mail_date(now);
  if (header.message_id.empty())
    add.message_id = "<" + std::to_string(unix_milliseconds(context_.clock.wall())) + "." +
                     mail_.id + "@" + header_from.substr(header_from.rfind('@') + 1) + ">";
  co_return add;
}

Task<smtp::Reply> SubmissionTransaction::on_message(std::string content) {
  const std::uint64_t size = content.size();
  const auto header = read_header(content);
  if (!header.ok()) co_return refuse(submit_reply(header.failure()), "header", size);
  const SubmittedHeader& says = header.value();
  if (says.received > context_.options.received)
    co_return refuse({550, "5.4.6", "Too many Received lines, the message goes in circles"}, "loop",
                     size);
  const auto release = release_time(says);
  if (!release.ok()) co_return refuse(submit_reply(release.failure()), "date", size);
  model::NewOutbound message;
  auto adding = supplement(says, message.header_from);
  const auto add = co_await adding;
  if (!add.ok()) co_return refuse(submit_reply(add.failure()), add.failure().private_text, size);
  message.id = mail_.id;
  message.envelope_from = mail_.sender_text();
  message.recipients = recipients_;
  message.envelope_id = mail_.envelope_id;
  message.returns = mail_.returns;
  message.body = body_kind(mail_.body, content);
  message.smtp_utf8 = mail_.smtp_utf8;
  message.require_tls = mail_.require_tls;
  message.tls_optional = says.tls_optional && !mail_.require_tls;  // RFC 8689 §5
  message.not_before = release.value();
  message.date = says.date.value_or(unix_seconds(context_.clock.wall())) * 1000;
  message.subject = says.subject;
  message.message_id = add.value().message_id.empty() ? says.message_id : add.value().message_id;
  message.content = rewrite(content, says, add.value());
  std::string().swap(content);
  auto submitting = submit(std::move(message), size);
  co_return co_await submitting;
}

Task<smtp::Reply> SubmissionTransaction::submit(model::NewOutbound message, std::uint64_t size) {
  auto submitting = session_->submit(std::move(message));
  const auto submitted = co_await submitting;
  if (!submitted.ok()) {
    const Failure& failure = submitted.failure();
    co_return refuse(submit_reply(failure), failure.private_text, size);
  }
  const std::string& id = submitted.value().id;
  const smtp::Reply reply{250, "2.0.0", "Queued as " + id};
  note_all("submission.accepted", reply, submitted.value().is_repeat ? "in the queue already" : "",
           size, id);
  co_return reply;
}

}  // namespace fwd::submission
