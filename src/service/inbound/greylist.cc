// First seen, come again, known.
#include "service/inbound/greylist.h"

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "crypto/digest.h"
#include "format/ip_network.h"

namespace fwd::service {
namespace {

using std::chrono::seconds;

constexpr seconds kForget = std::chrono::hours(5 * 24);
constexpr seconds kRemember = std::chrono::hours(36 * 24);
// A pass is prolonged at most this often: use costs no write each time.
constexpr std::int64_t kProlongEvery = 24 * 3600;
constexpr seconds kNewWindow = std::chrono::hours(1);
// Of new_senders, what a provider may begin with of those proven while many are new.
constexpr std::uint64_t kProvenShare = 10;
constexpr std::size_t kKeyOctets = 16;

// Keys are digests: bounded, and no addresses lie about.
std::string digest_of(std::string_view network, std::string_view sender) {
  const std::string octets = std::string(network) + '\n' + std::string(sender);
  return to_hex(crypto::blake2b(kKeyOctets, octets));
}

// In the rooms of model::kRooms.
std::string wait_key(const std::string& digest) { return "grey.wait:" + digest; }
std::string pass_key(const std::string& digest) { return "grey.pass:" + digest; }
std::string net_key(std::string_view network) { return "grey.net:" + digest_of(network, ""); }

std::string network_of(const std::string& ip, unsigned v6_bits) {
  const auto address = format::parse_ip(ip);
  return address ? address->around(address->is_v6 ? v6_bits : 24).text() : ip;
}

// Since when one waits, or when he passed last; "3 1767225600": so many senders of a
// network passed, the last one then.
std::optional<std::int64_t> read_time(const std::optional<std::string>& value) {
  const auto time = value ? parse_number(*value) : std::nullopt;
  if (!time) return std::nullopt;
  return static_cast<std::int64_t>(*time);
}

struct Passes {
  std::uint64_t count = 0;
  std::int64_t used = 0;
};
Passes read_passes(const std::optional<std::string>& value) {
  if (!value) return {};
  const std::size_t space = value->find(' ');
  if (space == std::string::npos) return {};
  const auto count = parse_number(std::string_view(*value).substr(0, space));
  const auto used = parse_number(std::string_view(*value).substr(space + 1));
  if (!count || !used) return {};
  return {*count, static_cast<std::int64_t>(*used)};
}
std::string write_passes(Passes passes) {
  return std::to_string(passes.count) + ' ' + std::to_string(passes.used);
}

GreylistAnswer passes_as(std::string result, std::string why, bool is_known) {
  GreylistAnswer answer;
  answer.is_known = is_known;
  answer.finding = {"greylist", std::move(result), std::move(why), 0};
  return answer;
}

GreylistAnswer passes_for_trouble(const Failure& why) {
  return passes_as("unavailable", why.private_text.empty() ? why.public_text : why.private_text,
                   false);
}

GreylistAnswer waits(seconds left, std::string why) {
  GreylistAnswer answer;
  answer.must_wait = true;
  answer.left = left;
  answer.finding = {"greylist", "wait", std::move(why), 0};
  answer.refusal = smtp::Reply{
      450, "4.7.1", "Greylisted, please try again in " + std::to_string(left.count()) + " seconds"};
  return answer;
}

}  // namespace

struct Greylist::Names {
  std::string network;   // or the proven domain
  std::string around;    // the IP network, in which addresses cost nothing: /24, /48
  std::string provider;  // in which networks cost nothing, either: /24, /32
  std::string sender;
  bool is_proven = false;
};

std::string greylist_sender(const std::string& sender) {
  const std::string lower = to_lower(sender);
  const std::size_t at = lower.rfind('@');
  if (at == std::string::npos) return lower;
  std::string local = lower.substr(0, at);
  const std::size_t plus = local.find('+');
  if (plus != std::string::npos && plus > 0) local.resize(plus);
  std::string out, word;
  const auto end_word = [&] {
    out += std::any_of(word.begin(), word.end(), is_digit) ? "#" : word;
    word.clear();
  };
  for (const char c : local) {
    if (is_alnum(c)) {
      word += c;
    } else {
      end_word();
      out += c;
    }
  }
  end_word();
  return out + lower.substr(at);
}

Task<GreylistAnswer> Greylist::ask(GreylistQuestion question, GreylistOptions options) {
  if (options.delay.count() <= 0) co_return passes_as("none", "", false);
  Names names;
  names.is_proven = !question.proven_domain.empty();
  names.network =
      names.is_proven ? "@" + to_lower(question.proven_domain) : network_of(question.ip, 64);
  names.around = network_of(question.ip, 48);
  names.provider = network_of(question.ip, 32);
  names.sender = greylist_sender(question.sender);
  auto asking = ask_network(names, options);
  co_return co_await asking;
}

Task<GreylistAnswer> Greylist::ask_network(const Names& names, GreylistOptions options) {
  if (options.passes > 0 && !names.is_proven) {
    const std::string key = net_key(names.network);
    auto getting = state_.get(key);
    const auto found = co_await getting;
    if (!found.ok()) co_return passes_for_trouble(found.failure());
    Passes passes = read_passes(found.value());
    if (passes.count >= options.passes) {
      if (now() - passes.used >= kProlongEvery) {
        passes.used = now();
        auto setting = state_.set(key, write_passes(passes), kRemember);
        static_cast<void>(co_await setting);  // else it is forgotten the sooner
      }
      co_return passes_as("pass", "the network is known", true);
    }
  }
  std::string digest = digest_of(names.network, names.sender);
  auto asking = ask_pair(names, options, std::move(digest), true);
  co_return co_await asking;
}

Task<GreylistAnswer> Greylist::ask_pair(const Names& names, GreylistOptions options,
                                        std::string digest, bool may_begin) {
  auto getting = state_.get(pass_key(digest));
  const auto passed = co_await getting;
  if (!passed.ok()) co_return passes_for_trouble(passed.failure());
  if (const auto used = read_time(passed.value())) {
    if (now() - *used >= kProlongEvery) {
      auto setting = state_.set(pass_key(digest), std::to_string(now()), kRemember);
      static_cast<void>(co_await setting);
    }
    co_return passes_as("pass", "the sender is known", true);
  }
  auto finding = state_.get(wait_key(digest));
  const auto waiting = co_await finding;
  if (!waiting.ok()) co_return passes_for_trouble(waiting.failure());
  const auto since = read_time(waiting.value());
  if (!since && may_begin) {
    auto beginning = begin(names, options, std::move(digest));
    co_return co_await beginning;
  }
  if (!since) co_return passes_as("pass", "", false);
  const seconds left = options.delay - seconds(now() - *since);
  // A clock that was set back makes nobody wait for longer than the delay.
  if (left.count() > 0) co_return waits(std::min(left, options.delay), "came back too soon");
  auto passing = pass(names, options, std::move(digest));
  co_return co_await passing;
}

Task<Outcome<std::string>> Greylist::find_crowd(const Names& names, GreylistOptions options) {
  // What costs something first: who has one network makes up no more domains than these.
  const std::string keys[] = {"grey.around:" + digest_of(names.around, ""),
                              "grey.new:" + digest_of(names.network, "")};
  for (const std::string& key : keys) {
    auto counting = state_.add(key, 1, kNewWindow);
    const auto count = co_await counting;
    if (!count.ok()) co_return count.failure();
    if (count.value().value > options.new_senders)
      co_return key.starts_with("grey.around:") ? names.around : names.network;
  }
  auto counting = state_.add("grey.all", 1, kNewWindow);  // in no room: a flood must not reset it
  const auto all = co_await counting;
  if (!all.ok()) co_return all.failure();
  if (all.value().value <= options.entries / 2) co_return std::string();
  if (!names.is_proven) co_return names.provider;
  // Who is proven may come back from elsewhere, but proof costs next to nothing.
  auto proving = state_.add("grey.new:" + digest_of(names.provider, "proven"), 1, kNewWindow);
  const auto proven = co_await proving;
  if (!proven.ok()) co_return proven.failure();
  const std::uint64_t most = options.new_senders / kProvenShare + 1;
  co_return proven.value().value > most ? names.provider : names.network;
}

Task<GreylistAnswer> Greylist::begin(const Names& names, GreylistOptions options,
                                     std::string digest) {
  auto finding = find_crowd(names, options);
  const auto crowd = co_await finding;
  if (!crowd.ok()) co_return passes_for_trouble(crowd.failure());
  if (!crowd.value().empty()) {
    digest = digest_of(crowd.value(), "*");
    auto getting = state_.get(pass_key(digest));
    const auto passed = co_await getting;
    if (!passed.ok()) co_return passes_for_trouble(passed.failure());
    if (read_time(passed.value())) {
      auto asking = ask_pair(names, options, std::move(digest), false);
      co_return co_await asking;
    }
  }
  auto setting = state_.set_if_absent(wait_key(digest), std::to_string(now()), kForget);
  const auto was_absent = co_await setting;
  if (!was_absent.ok()) co_return passes_for_trouble(was_absent.failure());
  if (was_absent.value()) co_return waits(options.delay, "seen for the first time");
  // Somebody was quicker, or all of a crowd wait as one.
  auto asking = ask_pair(names, options, std::move(digest), false);
  co_return co_await asking;
}

Task<GreylistAnswer> Greylist::pass(const Names& names, GreylistOptions options,
                                    std::string digest) {
  auto setting = state_.set(pass_key(digest), std::to_string(now()), kRemember);
  const auto set = co_await setting;
  if (!set.ok()) co_return passes_for_trouble(set.failure());
  auto removing = state_.remove(wait_key(digest));
  static_cast<void>(co_await removing);  // else it ends by itself
  if (options.passes > 0 && !names.is_proven) {
    const std::string key = net_key(names.network);
    auto getting = state_.get(key);
    const auto found = co_await getting;
    if (found.ok()) {
      Passes passes = read_passes(found.value());
      ++passes.count;
      passes.used = now();
      auto noting = state_.set(key, write_passes(passes), kRemember);
      static_cast<void>(co_await noting);
    }
  }
  co_return passes_as("pass", "came back", false);
}

}  // namespace fwd::service
