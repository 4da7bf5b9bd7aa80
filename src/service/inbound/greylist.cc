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
// Senders one network may begin with in an hour: who makes up more of them waits
// as one, and cannot fill the state.
constexpr std::uint64_t kMostNew = 100;
constexpr seconds kNewWindow = std::chrono::hours(1);
constexpr std::size_t kKeyOctets = 16;

// Keys are digests: bounded, and no addresses lie about.
std::string key_of(std::string_view kind, std::string_view network, std::string_view sender) {
  const std::string octets = std::string(network) + '\n' + std::string(sender);
  return "grey." + std::string(kind) + ":" + to_hex(crypto::blake2b(kKeyOctets, octets));
}

std::string network_of(const std::string& ip) {
  const auto address = format::parse_ip(ip);
  return address ? address->around(address->is_v6 ? 64 : 24).text() : ip;
}

// "w1767225600": waits since; "p…": passed, and used last; "3 1767225600": so many
// senders of a network passed, the last one then.
struct Noted {
  char kind = 0;
  std::int64_t since = 0;
};
std::optional<Noted> read_noted(const std::string& value) {
  if (value.empty() || (value[0] != 'w' && value[0] != 'p')) return std::nullopt;
  const auto since = parse_number(std::string_view(value).substr(1));
  if (!since) return std::nullopt;
  return Noted{value[0], static_cast<std::int64_t>(*since)};
}
std::string write_noted(char kind, std::int64_t since) { return kind + std::to_string(since); }

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
  std::string network;  // or the proven domain
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
      names.is_proven ? "@" + to_lower(question.proven_domain) : network_of(question.ip);
  names.sender = greylist_sender(question.sender);
  auto asking = ask_network(names, options);
  co_return co_await asking;
}

Task<GreylistAnswer> Greylist::ask_network(const Names& names, GreylistOptions options) {
  if (options.passes > 0 && !names.is_proven) {
    const std::string key = key_of("net", names.network, "");
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
  std::string key = key_of("pair", names.network, names.sender);
  auto asking = ask_key(names, options, std::move(key), true);
  co_return co_await asking;
}

Task<GreylistAnswer> Greylist::ask_key(const Names& names, GreylistOptions options, std::string key,
                                       bool may_begin) {
  auto getting = state_.get(key);
  const auto found = co_await getting;
  if (!found.ok()) co_return passes_for_trouble(found.failure());
  const auto noted = found.value() ? read_noted(*found.value()) : std::nullopt;
  if (!noted && may_begin) {
    auto beginning = begin(names, options, std::move(key));
    co_return co_await beginning;
  }
  if (!noted) co_return passes_as("pass", "", false);
  if (noted->kind == 'p') {
    if (now() - noted->since >= kProlongEvery) {
      auto setting = state_.set(key, write_noted('p', now()), kRemember);
      static_cast<void>(co_await setting);
    }
    co_return passes_as("pass", "the sender is known", true);
  }
  const seconds left = options.delay - seconds(now() - noted->since);
  // A clock that was set back makes nobody wait for longer than the delay.
  if (left.count() > 0) co_return waits(std::min(left, options.delay), "came back too soon");
  auto passing = pass(names, options, std::move(key));
  co_return co_await passing;
}

Task<GreylistAnswer> Greylist::begin(const Names& names, GreylistOptions options, std::string key) {
  auto counting = state_.add(key_of("new", names.network, ""), 1, kNewWindow);
  const auto count = co_await counting;
  if (!count.ok()) co_return passes_for_trouble(count.failure());
  if (count.value().value > kMostNew) key = key_of("pair", names.network, "*");
  auto setting = state_.set_if_absent(key, write_noted('w', now()), kForget);
  const auto was_absent = co_await setting;
  if (!was_absent.ok()) co_return passes_for_trouble(was_absent.failure());
  if (was_absent.value()) co_return waits(options.delay, "seen for the first time");
  // Somebody was quicker, or all of a crowd wait as one.
  auto asking = ask_key(names, options, std::move(key), false);
  co_return co_await asking;
}

Task<GreylistAnswer> Greylist::pass(const Names& names, GreylistOptions options, std::string key) {
  auto setting = state_.set(std::move(key), write_noted('p', now()), kRemember);
  const auto set = co_await setting;
  if (!set.ok()) co_return passes_for_trouble(set.failure());
  if (options.passes > 0 && !names.is_proven) {
    const std::string network_key = key_of("net", names.network, "");
    auto getting = state_.get(network_key);
    const auto found = co_await getting;
    if (found.ok()) {
      Passes passes = read_passes(found.value());
      ++passes.count;
      passes.used = now();
      auto noting = state_.set(network_key, write_passes(passes), kRemember);
      static_cast<void>(co_await noting);
    }
  }
  co_return passes_as("pass", "came back", false);
}

}  // namespace fwd::service
