// Counts by address, with windows.
#include "service/inbound/rates.h"

namespace fwd::service {

Rates::Counts& Rates::counts(const std::string& address) {
  const auto at = places_.find(address);
  if (at == places_.end()) {
    while (!order_.empty() && order_.size() >= options_.addresses) {
      places_.erase(order_.back().address);
      order_.pop_back();
    }
    order_.push_front({address, clock_.now() + options_.window});
    places_.emplace(address, order_.begin());
    return order_.front();
  }
  order_.splice(order_.begin(), order_, at->second);
  Counts& counts = order_.front();
  if (counts.ends <= clock_.now()) counts = {address, clock_.now() + options_.window};
  return counts;
}

RateVerdict Rates::judge(std::uint64_t count, std::uint64_t most, std::string_view what,
                         const Counts& of) const {
  RateVerdict verdict;
  verdict.finding = {"rates", "pass", "", 0};
  if (most == 0 || count <= most) return verdict;
  const auto left = std::chrono::ceil<std::chrono::minutes>(of.ends - clock_.now());
  verdict.finding.result = "fail";
  verdict.finding.why = "more than " + std::to_string(most) + ' ' + std::string(what) + " in " +
                        std::to_string(options_.window.count()) + " s";
  verdict.refusal =
      smtp::Reply{421, "4.7.0",
                  "Too many " + std::string(what) + " from your address, come back in " +
                      std::to_string(left.count()) + " minutes",
                  true};
  return verdict;
}

RateVerdict Rates::add_message(const std::string& address) {
  Counts& of = counts(address);
  return judge(++of.messages, options_.messages, "messages", of);
}

RateVerdict Rates::add_recipient(const std::string& address) {
  Counts& of = counts(address);
  // What was guessed wrong counts when the next is asked for.
  RateVerdict verdict =
      judge(of.unknown + 1, options_.unknown_recipients, "unknown recipients", of);
  if (verdict.refusal) return verdict;
  return judge(++of.recipients, options_.recipients, "recipients", of);
}

bool Rates::may_journal(const std::string& address) {
  if (journal_window_ends_ <= clock_.now()) {
    journal_window_ends_ = clock_.now() + options_.window;
    journalled_ = 0;
  }
  Counts& of = counts(address);
  if (of.journalled >= options_.journalled || journalled_ >= 500 * options_.journalled)
    return false;
  ++journalled_;
  ++of.journalled;
  return true;
}

void Rates::note_unknown(const std::string& address) { ++counts(address).unknown; }

}  // namespace fwd::service
