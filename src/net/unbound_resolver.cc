// The Resolver over libunbound.
#include "net/unbound_resolver.h"

#include <event2/event.h>
#include <unbound.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/event.h"
#include "core/first_of.h"
#include "core/text.h"
#include "net/loop_wait.h"
#include "net/server_check.h"

namespace fwd::net {
namespace {

constexpr int kClassIn = 1;
constexpr int kServFail = 2;
constexpr int kNxDomain = 3;
constexpr std::size_t kMostRecords = 256;

// Printable ASCII in labels (RFC 2181 §11), but for what libunbound would take
// for an escape; one dot may end the name.
bool is_name(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.empty() || name.size() > 253) return false;
  for (const std::string_view label : split(name, '.')) {
    const auto fits = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
    if (label.empty() || label.size() > 63 || !std::all_of(label.begin(), label.end(), fits))
      return false;
  }
  return true;
}

// `zone` is `parent` or below it; both without the last dot.
bool is_within(std::string_view zone, std::string_view parent) {
  if (same_word(zone, parent)) return true;
  return zone.size() > parent.size() &&
         same_word(zone.substr(zone.size() - parent.size()), parent) &&
         zone[zone.size() - parent.size() - 1] == '.';
}

std::string without_dot(std::string name) {
  if (!name.empty() && name.back() == '.') name.pop_back();
  return name;
}

bool is_loopback(std::string_view server) {
  return starts_with_word(server, "127.") || starts_with_word(server, "::1");
}

Failure unusable(const std::string& what, int error) {
  return Failure{Fault::kBadInput, "", what + ": " + ub_strerror(error)};
}

Outcome<void> set_option(ub_ctx* context, const char* option, const char* value) {
  const int error = ub_ctx_set_option(context, option, value);
  if (error != 0) return unusable(option, error);
  return {};
}

Outcome<void> set_servers(ub_ctx* context, const ResolverOptions& options) {
  bool asks_loopback = false;
  for (const std::string& server : options.forwarders) {
    asks_loopback = asks_loopback || is_loopback(server) || server == "system";
    const int error = server == "system" ? ub_ctx_resolvconf(context, nullptr)
                                         : ub_ctx_set_fwd(context, server.c_str());
    if (error != 0) return unusable("forwarder " + server, error);
  }
  for (const ResolverOptions::Stub& stub : options.stubs) {
    asks_loopback = asks_loopback || is_loopback(stub.server);
    const int error = ub_ctx_set_stub(context, stub.zone.c_str(), stub.server.c_str(), 0);
    if (error != 0) return unusable("stub " + stub.zone + " " + stub.server, error);
  }
  if (asks_loopback) return set_option(context, "do-not-query-localhost:", "no");
  return {};
}

Outcome<void> set_limits(ub_ctx* context) {
  static constexpr std::pair<const char*, const char*> kSettings[] = {
      {"outgoing-range:", "256"},   {"num-queries-per-thread:", "1024"},
      {"harden-glue:", "yes"},      {"harden-dnssec-stripped:", "yes"},
      {"rrset-cache-size:", "16m"}, {"msg-cache-size:", "8m"},
      {"cache-max-ttl:", "86400"},  {"cache-max-negative-ttl:", "900"},
      {"infra-host-ttl:", "30"},
  };
  for (const auto& [option, value] : kSettings) {
    auto set = set_option(context, option, value);
    if (!set.ok()) return set;
  }
  // A server is given up after ten silent seconds and tried again after 30: by
  // default pauses grow to minutes, which outlast an outage.  libunbound before
  // 1.16.2 does not know the option, and does without.
  static_cast<void>(ub_ctx_set_option(context, "infra-cache-max-rtt:", "4000"));
  return {};
}

// libunbound answers "test." and the reverse zones of private networks itself
// (RFC 6761, RFC 6303), unless somebody was named who knows them.
Outcome<void> unlock_private_zones(ub_ctx* context, const ResolverOptions& options) {
  static constexpr const char* kBuiltIn[] = {"test", "home.arpa", "localhost", "invalid"};
  for (const char* zone : kBuiltIn) {
    const auto is_stub = [zone](const auto& stub) {
      return is_within(without_dot(stub.zone), zone);
    };
    const bool is_forwarded =
        !options.forwarders.empty() && zone != kBuiltIn[2] && zone != kBuiltIn[3];
    if (!is_forwarded && std::none_of(options.stubs.begin(), options.stubs.end(), is_stub))
      continue;
    const int error = ub_ctx_zone_remove(context, zone);
    if (error != 0) return unusable(zone, error);
  }
  return {};
}

DnsAnswer to_answer(const ub_result& result) {
  DnsAnswer answer;
  answer.secure = result.secure != 0;
  answer.ttl = result.ttl > 0 ? static_cast<std::uint32_t>(result.ttl) : 0;
  answer.kind = result.havedata != 0   ? DnsAnswer::Kind::kFound
                : result.nxdomain != 0 ? DnsAnswer::Kind::kNoName
                                       : DnsAnswer::Kind::kNoData;
  if (result.canonname != nullptr && result.qname != nullptr) {
    std::string canonical = to_lower(result.canonname);
    if (!canonical.empty() && canonical.back() == '.') canonical.pop_back();
    std::string_view asked = result.qname;
    if (!asked.empty() && asked.back() == '.') asked.remove_suffix(1);
    if (!same_word(canonical, asked)) answer.canonical_name = std::move(canonical);
  }
  if (result.havedata == 0 || result.data == nullptr) return answer;
  for (std::size_t i = 0; result.data[i] != nullptr && i < kMostRecords; ++i)
    if (result.len[i] >= 0)
      answer.rdata.emplace_back(result.data[i], static_cast<std::size_t>(result.len[i]));
  return answer;
}

Outcome<DnsAnswer> to_outcome(const std::string& name, const ub_result& result) {
  if (result.bogus != 0) {
    const std::string why = result.why_bogus != nullptr ? result.why_bogus : "";
    return Failure{Fault::kUnavailable, "DNS is not available", "bogus " + name + ": " + why};
  }
  if (result.rcode != 0 && result.rcode != kNxDomain) {
    const std::string code =
        result.rcode == kServFail ? "SERVFAIL" : "rcode " + std::to_string(result.rcode);
    return Failure{Fault::kUnavailable, "DNS is not available", code + " " + name};
  }
  return to_answer(result);
}

}  // namespace

struct UnboundResolver::Inside {
  explicit Inside(Loop& its_loop) : loop(its_loop) {}
  ~Inside() {
    if (readable != nullptr) event_free(readable);
    if (context != nullptr) ub_ctx_delete(context);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  // By forwarders we can look for, not by a stub's server.
  bool is_forwarded(const std::string& name) const {
    return forwarders.has_servers() &&
           std::none_of(stub_zones.begin(), stub_zones.end(), [&name](const std::string& zone) {
             return is_within(without_dot(name), zone);
           });
  }

  static void on_readable(evutil_socket_t, short, void* self) noexcept {
    const CallbackScope scope;
    ub_process(static_cast<Inside*>(self)->context);
  }

  Loop& loop;
  ServerCheck forwarders{{}};
  std::vector<std::string> stub_zones;
  std::chrono::milliseconds patience{};
  ub_ctx* context = nullptr;
  event* readable = nullptr;
  std::chrono::milliseconds limit{};
  std::size_t most_at_once = 0;
  std::size_t asking = 0;
};

// One question under way; takes it back when it is destroyed before its answer.
struct UnboundResolver::Query {
  explicit Query(Inside& its_inside) : inside(its_inside) { ++inside.asking; }
  ~Query() {
    --inside.asking;
    if (id != 0 && !answered.is_set()) ub_cancel(inside.context, id);
    if (result != nullptr) ub_resolve_free(result);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  static void on_answer(void* self, int error, ub_result* result) noexcept {
    auto& query = *static_cast<Query*>(self);
    query.error = error;
    query.result = result;
    query.answered.set();
  }

  Inside& inside;
  int id = 0;
  int error = 0;
  ub_result* result = nullptr;
  Event answered;
};

UnboundResolver::UnboundResolver(Loop& loop) : inside_(std::make_unique<Inside>(loop)) {}
UnboundResolver::~UnboundResolver() = default;

Outcome<std::unique_ptr<UnboundResolver>> UnboundResolver::make(Loop& loop,
                                                                const ResolverOptions& options) {
  std::unique_ptr<UnboundResolver> made(new UnboundResolver(loop));
  Inside& in = *made->inside_;
  in.limit = options.limit;
  in.most_at_once = options.most_at_once;
  in.patience = options.patience;
  in.forwarders = ServerCheck(options.forwarders);
  for (const ResolverOptions::Stub& stub : options.stubs)
    in.stub_zones.push_back(without_dot(stub.zone));
  in.context = ub_ctx_create();
  if (in.context == nullptr) return Failure{Fault::kUnavailable, "", "libunbound does not start"};
  ub_ctx_debugout(in.context, nullptr);  // what it has to say comes with the answers
  auto done = set_limits(in.context);
  if (done.ok()) done = set_servers(in.context, options);
  if (!done.ok()) return done.failure();
  if (!options.anchor_file.empty()) {
    if (::access(options.anchor_file.c_str(), R_OK) != 0)
      return Failure{Fault::kUnavailable, "", options.anchor_file + " cannot be read"};
    const int error = ub_ctx_add_ta_file(in.context, options.anchor_file.c_str());
    if (error != 0) return unusable(options.anchor_file, error);
  }
  ub_ctx_async(in.context, 1);
  // The first call of this kind puts the settings in force, so that what is
  // wrong with them is told now; it removes nothing.
  const int error = ub_ctx_data_remove(in.context, "settings.invalid");
  if (error != 0) return unusable("trust anchors or settings", error);
  done = unlock_private_zones(in.context, options);
  if (!done.ok()) return done.failure();
  in.readable =
      event_new(loop.base(), ub_fd(in.context), EV_READ | EV_PERSIST, &Inside::on_readable, &in);
  event_add(in.readable, nullptr);
  return made;
}

Task<Outcome<DnsAnswer>> UnboundResolver::ask(std::string name, DnsType type) {
  Query query(*inside_);
  const int error = ub_resolve_async(inside_->context, name.c_str(), static_cast<int>(type),
                                     kClassIn, &query, &Query::on_answer, &query.id);
  if (error != 0)
    co_return Failure{Fault::kUnavailable, "DNS is not available",
                      name + ": " + ub_strerror(error)};
  co_await query.answered.wait();
  if (query.error != 0 || query.result == nullptr)
    co_return Failure{Fault::kUnavailable, "DNS is not available",
                      name + ": " + ub_strerror(query.error)};
  co_return to_outcome(name, *query.result);
}

Task<Outcome<DnsAnswer>> UnboundResolver::resolve(std::string name, DnsType type) {
  if (!is_name(name)) co_return Failure{Fault::kBadInput, "that is no domain name", ""};
  if (inside_->asking >= inside_->most_at_once)
    co_return Failure{Fault::kBusy, "DNS is not available", "too many questions at once"};
  Clock& clock = inside_->loop.clock();
  const Instant deadline = clock.now() + inside_->limit;
  const Failure late{Fault::kTimeout, "DNS is not available", name + ": no answer"};
  auto asking = ask(name, type);
  if (!inside_->is_forwarded(name)) {
    auto answer = co_await before(clock, deadline, std::move(asking));
    if (!answer) co_return late;
    co_return *std::move(answer);
  }
  auto giving_up = give_up();
  auto sleeping = clock.sleep_until(deadline);
  auto won = co_await first_of(std::move(asking), std::move(giving_up), std::move(sleeping));
  if (won.index() == 2) co_return late;
  if (won.index() == 0) co_return std::get<0>(std::move(won));
  co_return Failure{Fault::kUnavailable, "DNS is not available",
                    name + ": no forwarder can be reached: " + std::get<1>(won)};
}

Task<std::string> UnboundResolver::give_up() {
  Clock& clock = inside_->loop.clock();
  while (true) {
    auto nap = clock.sleep(inside_->patience);
    co_await nap;
    if (auto why = inside_->forwarders.why_unreachable(clock.now())) co_return *std::move(why);
  }
}

}  // namespace fwd::net
