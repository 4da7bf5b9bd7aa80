// Asks for a domain's TXT records, and the directory with them.
#include "mailauth/route/recipient_records.h"

#include <utility>

namespace fwd::mailauth {

Task<Outcome<model::Recipient>> find_by_records(model::Deliveries& deliveries,
                                                net::Resolver* resolver, model::Recipient found) {
  if (resolver == nullptr)
    co_return Failure{Fault::kUnavailable, "", "no resolver to ask for aliases in TXT records"};
  auto asking = resolver->resolve(found.domain, net::DnsType::kTxt);
  auto answer = co_await std::move(asking);
  if (!answer.ok())
    co_return Failure{Fault::kUnavailable, "",
                      "TXT records of " + found.domain + ": " + answer.failure().private_text};
  model::RecipientQuestion question{found.address};
  question.records = net::texts(answer.value());
  question.explain = true;
  auto resolving = deliveries.resolve_recipient(std::move(question));
  co_return co_await std::move(resolving);
}

}  // namespace fwd::mailauth
