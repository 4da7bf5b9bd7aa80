// Record data from the DNS: MX, addresses, texts, names, TLSA.
#include "fuzz/fuzz.h"
#include "mailauth/route/dane.h"
#include "net/resolver.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view in = fwd::fuzz::text_of(data, size);
  fwd::net::DnsAnswer answer;
  answer.kind = fwd::net::DnsAnswer::Kind::kFound;
  answer.rdata.emplace_back(in);
  for (const auto& record : fwd::net::mx_records(answer)) {
    fwd::fuzz::must(record.host.size() <= 253);
    fwd::fuzz::must(record.host.find_first_of(" \r\n") == record.host.npos);
  }
  for (const std::string& name : fwd::net::names(answer)) fwd::fuzz::must(name.size() <= 253);
  for (const std::string& text : fwd::net::texts(answer)) fwd::fuzz::must(text.size() < in.size());
  fwd::fuzz::must(fwd::net::addresses(answer).size() <= 1);
  for (const auto& record : fwd::mailauth::usable_tlsa(answer))
    fwd::fuzz::must(record.data.size() == in.size() - 3);
  fwd::mailauth::tlsa_text(answer.rdata.front());
  return 0;
}
