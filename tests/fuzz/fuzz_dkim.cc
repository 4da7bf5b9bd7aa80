// DKIM signatures and their keys: lists of tags, whole messages with a record
// in the DNS, and the canonical forms.
#include <coroutine>

#include "fuzz/fuzz.h"
#include "mailauth/signatures/dkim_canon.h"
#include "mailauth/signatures/dkim_key.h"
#include "mailauth/signatures/message_verifier.h"
#include "mailauth/signatures/tag_list.h"

namespace {

using namespace fwd;

// One record, whatever is asked for.
class OneRecord final : public net::Resolver {
 public:
  explicit OneRecord(std::string record) : record_(std::move(record)) {}
  Task<Outcome<net::DnsAnswer>> resolve(std::string, net::DnsType) override {
    net::DnsAnswer answer;
    answer.kind = net::DnsAnswer::Kind::kFound;
    std::string data;
    for (std::size_t at = 0; at < record_.size(); at += 255) {
      const std::string piece = record_.substr(at, 255);
      data += static_cast<char>(piece.size());
      data += piece;
    }
    answer.rdata.push_back(data);
    co_return answer;
  }

 private:
  std::string record_;
};

}  // namespace

// The first line is the record, the rest the message.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fuzz::text_of(data, size);
  const std::size_t end = std::min(in.find('\n'), in.size());
  const std::string record(in.substr(0, end));
  const std::string message(in.substr(std::min(end + 1, in.size())));
  if (const auto tags = mailauth::TagList::read(in))
    for (const mailauth::Tag& tag : tags->tags())
      fuzz::must(!tag.name.empty() && tags->find(tag.name)->value == tag.value);
  for (const auto algorithm :
       {mailauth::SignatureAlgorithm::kRsaSha256, mailauth::SignatureAlgorithm::kEd25519Sha256}) {
    const mailauth::DkimKey key = mailauth::read_key(record, algorithm);
    fuzz::must((key.trouble == mailauth::DkimKey::Trouble::kNone) == key.problem.empty());
  }
  // What was made relaxed stays as it is.
  const auto view = mailauth::MessageView::read(message);
  for (const mailauth::MessageField& field : view->fields()) {
    const std::string relaxed = mailauth::relaxed_field(field.raw);
    fuzz::must(mailauth::relaxed_field(relaxed) == relaxed);
  }
  OneRecord dns(record);
  const mailauth::MessageVerifier verifier(dns, mailauth::run_inline);
  auto work = verifier.verify_dkim(view, 1700000000);
  fuzz::must(work.start(std::noop_coroutine()));
  for (const mailauth::DkimResult& result : work.take()) {
    fuzz::must(result.verdict != mailauth::DkimVerdict::kNone);
    fuzz::must((result.verdict == mailauth::DkimVerdict::kPass) == result.problem.empty());
  }
  return 0;
}
