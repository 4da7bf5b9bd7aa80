// Mail that came in from outside and goes on: taken in once for each destination,
// tried before all else while who sent it waits, then kept or dropped.
//
//   print and destination known, delivered or waiting     a repeat: nothing is queued
//   a repeat of one that still waits                      that one is not dropped any more
#include <algorithm>
#include <map>
#include <optional>

#include "core/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "format/address.h"
#include "format/domain_name.h"
#include "storage/queue/message_rows.h"
#include "storage/queue/queue_file.h"

namespace fwd::queue {

// Where the answer for a destination is found.
struct QueueFile::Part {
  std::int64_t message = 0;  // 0: it is to be queued
  std::int64_t recipient = 0;
  std::string goal;
};

namespace {

using model::DestinationKind;
using model::RecipientState;

constexpr std::uint16_t kMailPort = 25;
constexpr std::size_t kMostUrl = 4096;
constexpr std::size_t kMostHost = 255;
constexpr std::size_t kMostPrint = 128;
constexpr std::size_t kMostShown = 998;
constexpr std::size_t kMostResults = 64 * 1024;
constexpr std::size_t kMostJson = 64 * 1024;

Failure wrong(const char* what) { return {Fault::kBadInput, what, ""}; }

// "https://hook.example" of a URL; "" when it is none.  Who logs in by the URL, and
// its path, are nobody's business.
std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string name = to_lower(url.substr(0, scheme));
  if (name != "https" && name != "http") return {};
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host = host.substr(host.rfind('@') + 1);
  if (host.empty() || host.size() > kMostHost || has_control(host)) return {};
  return name + "://" + to_lower(host);
}

// By what a destination is grouped, and left alone when it is down.
Outcome<std::string> name_of(const model::Destination& to) {
  if (to.kind == DestinationKind::kWebhook) {
    std::string origin = to.address.size() > kMostUrl ? "" : origin_of(to.address);
    if (origin.empty()) return wrong("a webhook is no URL");
    return origin;
  }
  const auto address = format::parse_mailbox(to.address, format::AddressCharset::kUtf8);
  if (!address.ok()) return wrong("a destination is no address");
  const std::string port = std::to_string(to.port);
  if (to.port == 0) return wrong("a destination's port is none");
  if (to.kind == DestinationKind::kAddress)
    return address.value().domain + (to.port == kMailPort ? "" : '/' + port);
  if (to.host.empty() || to.host.size() > kMostHost || has_control(to.host))
    return wrong("a destination's host is none");
  return to_lower(to.host) + ':' + port;
}

std::string goal_of(const model::Destination& to) {
  const auto address = format::parse_mailbox(to.address, format::AddressCharset::kUtf8);
  const bool is_mail = to.kind != DestinationKind::kWebhook && address.ok();
  std::string all = std::to_string(static_cast<int>(to.kind)) + ' ' +
                    (is_mail ? address.value().text() : to.address);
  if (to.kind == DestinationKind::kHost) all += ' ' + to_lower(to.host);
  const bool has_port = to.kind == DestinationKind::kHost || (is_mail && to.port != kMailPort);
  if (has_port) all += ' ' + std::to_string(to.port);
  return to_hex(crypto::blake2b(16, all));
}

Outcome<void> check_forward(const model::NewForward& forward) {
  if (forward.destinations.empty()) return wrong("there is no destination");
  if (!forward.message.recipients.empty()) return wrong("a forward has no recipients");
  if (forward.print.size() > kMostPrint || has_control(forward.print))
    return wrong("the print is not one");
  const model::ForwardFacts& facts = forward.facts;
  if (facts.shown.size() > kMostShown || has_control(facts.shown))
    return wrong("the address that is shown is too long or has control characters");
  if (facts.origin.size() > kMostPrint || has_control(facts.origin))
    return wrong("the origin is not one");
  if (facts.auth_results.size() > kMostResults || facts.webhook_json.size() > kMostJson)
    return Failure{Fault::kOverLimit, "too much is known of the message", ""};
  for (const std::string_view word : {"", "none", "pass", "fail"})
    if (facts.arc_chain == word) return check_fields(forward.message);
  return wrong("a chain is worth none, pass or fail");
}

}  // namespace

// One that failed is as if it had never been.
Outcome<QueueFile::Part> QueueFile::find_repeat(const std::string& print, const std::string& goal,
                                                std::int64_t now) {
  Part part;
  part.goal = goal;
  if (print.empty()) return part;
  sqlcipher::Statement row =
      prepare(*database_,
              "SELECT r.message, r.number, r.state FROM prints p"
              " JOIN recipients r ON r.message = p.message AND r.number = p.recipient"
              " WHERE p.print = ?1 AND p.goal = ?2 AND p.created > ?3 AND (r.state = 2 OR"
              " (r.state = 1 AND r.is_untold = 0 AND (r.is_dropped = 0 OR r.leased_until > ?4)))",
              {print, goal, now - options_.repeat_window.count(), now});
  const Outcome<bool> found = row.step();
  if (!found.ok()) return found.failure();
  if (!found.value()) return part;
  part.message = row.integer(0);
  part.recipient = row.integer(1);
  if (row.integer(2) != static_cast<std::int64_t>(RecipientState::kWaiting)) return part;
  const Outcome<void> done = run(*database_,
                                 "UPDATE recipients SET is_shared = 1, is_dropped = 0 WHERE"
                                 " message = ?1 AND number = ?2",
                                 {part.message, part.recipient});
  if (!done.ok()) return done.failure();
  return part;
}

Outcome<std::vector<QueueFile::Part>> QueueFile::plan_parts(const model::NewForward& forward,
                                                            std::int64_t now) {
  std::vector<Part> parts;
  for (const model::Destination& to : forward.destinations) {
    auto part = find_repeat(forward.print, goal_of(to), now);
    if (!part.ok()) return part.failure();
    parts.push_back(std::move(part).value());
  }
  return parts;
}

Outcome<std::int64_t> QueueFile::insert_forward(const Forward& what, const std::string& id,
                                                std::int64_t now) {
  const model::ForwardFacts& facts = what.forward.facts;
  const auto number = insert(what.forward.message, what.owner, id, "", now);
  if (!number.ok()) return number.failure();
  Outcome<void> done = insert_content(number.value(), what.forward.message.content);
  if (done.ok())
    done = run(*database_,
               "UPDATE messages SET is_forward = 1, in_session_until = ?2 WHERE number = ?1",
               {number.value(), now + options_.in_session.count()});
  if (done.ok())
    done = run(*database_,
               "INSERT INTO forwards (message, shown, may_report, auth_results, arc_chain,"
               " webhook_json, spent, may_sign, comes_back_to, origin, hops)"
               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
               {number.value(), facts.shown, std::int64_t{facts.may_report}, facts.auth_results,
                facts.arc_chain, facts.webhook_json, what.spends, std::int64_t{facts.may_sign},
                what.comes_back_to, facts.origin, std::int64_t{facts.hops}});
  if (done.ok()) done = count(static_cast<std::int64_t>(what.forward.message.content.size()), 1);
  if (done.ok()) done = count_day(1, 0, 0, 0);
  if (done.ok()) done = keep_token(what, now);
  if (!done.ok()) return done.failure();
  return number.value();
}

// Fills in `parts` where the new ones are.  Those named twice get it once.
Outcome<void> QueueFile::insert_goals(std::int64_t number, const Forward& what,
                                      std::vector<Part>& parts, std::int64_t now) {
  const model::NewForward& forward = what.forward;
  std::map<std::string, std::int64_t> numbers;       // by goal
  std::map<std::string, std::int64_t> destinations;  // and how many are there
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].message != 0) continue;
    const model::Destination& to = forward.destinations[i];
    const auto next = static_cast<std::int64_t>(numbers.size());
    const auto [place, is_new] = numbers.emplace(parts[i].goal, next);
    parts[i].message = number;
    parts[i].recipient = place->second;
    if (!is_new) continue;
    const auto name = name_of(to);
    if (!name.ok()) return name.failure();
    ++destinations[name.value()];
    Outcome<void> done = run(
        *database_,
        "INSERT INTO recipients (message, number, address, destination, notify, original, state,"
        " next_attempt, due, expires, kind, host, port, alias_id) VALUES (?1, ?2, ?3, ?4, ?5, '',"
        " 1, ?6, ?6, (SELECT expires FROM messages WHERE number = ?1), ?7, ?8, ?9, ?10)",
        {number, next, to.address, name.value(), std::int64_t{model::kNotifyUnsaid},
         std::max(kAtOnce, forward.message.not_before > now ? forward.message.not_before : 0),
         static_cast<std::int64_t>(to.kind), to.host, std::int64_t{to.port}, to.alias_id});
    if (done.ok() && !forward.print.empty())
      done = run(*database_,
                 "INSERT OR REPLACE INTO prints (print, goal, message, recipient, created)"
                 " VALUES (?1, ?2, ?3, ?4, ?5)",
                 {forward.print, parts[i].goal, number, next, now});
    if (!done.ok()) return done;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Outcome<void> done =
        run(*database_,
            "INSERT INTO forward_parts (message, position, of_message,"
            " of_recipient) VALUES (?1, ?2, ?3, ?4)",
            {number, static_cast<std::int64_t>(i), parts[i].message, parts[i].recipient});
    if (!done.ok()) return done;
  }
  for (const auto& [name, recipients] : destinations) {
    Outcome<void> done = count_waiting(name, recipients);
    if (done.ok()) done = refresh(name);
    if (!done.ok()) return done;
  }
  return {};
}

Outcome<ForwardState> QueueFile::add_forward(const Forward& what, std::int64_t now) {
  const model::NewForward& forward = what.forward;
  if (forward.destinations.size() > options_.most_recipients)
    return Failure{Fault::kOverLimit, "too many destinations", ""};
  if (forward.message.content.size() > options_.most_message_octets)
    return Failure{Fault::kOverLimit, "the message is too large", ""};
  if (const auto checked = check_forward(forward); !checked.ok()) return checked.failure();
  for (const model::Destination& to : forward.destinations)
    if (const auto name = name_of(to); !name.ok()) return name.failure();
  auto parts = plan_parts(forward, now);
  if (!parts.ok()) return parts.failure();
  const bool is_new = std::any_of(parts.value().begin(), parts.value().end(),
                                  [](const Part& part) { return part.message == 0; });
  if (!is_new) return state_of_parts("", parts.value(), &forward, now);
  if (const auto room = has_room(forward.message.content.size()); !room.ok()) return room.failure();
  if (const auto spent = spend_credit(what.spends, now); !spent.ok()) return spent.failure();
  const std::string id = forward.message.id.empty() ? crypto::log_id() : forward.message.id;
  const auto number = insert_forward(what, id, now);
  if (!number.ok()) return number.failure();
  const Outcome<void> done = insert_goals(number.value(), what, parts.value(), now);
  if (!done.ok()) return done.failure();
  return state_of_parts(id, parts.value(), &forward, now);
}

// `forward`: what was just handed in, whose destinations are given back as they came.
Outcome<ForwardState> QueueFile::state_of_parts(const std::string& id,
                                                const std::vector<Part>& parts,
                                                const model::NewForward* forward,
                                                std::int64_t now) {
  ForwardState state;
  state.forwarded.id = id;
  state.is_tried = true;
  std::int64_t own = 0;
  if (!id.empty()) {
    const auto number = find_number(*database_, id);
    if (!number.ok()) return number.failure();
    own = number.value();
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto all = read_recipients(*database_, parts[i].message, 0, now);
    if (!all.ok()) return all.failure();
    const auto at = std::find_if(all.value().begin(), all.value().end(), [&](const auto& one) {
      return static_cast<std::int64_t>(one.number) == parts[i].recipient;
    });
    if (at == all.value().end()) return Failure{Fault::kNotFound, "a repeat is kept no more", ""};
    const auto paused =
        find_integer(*database_, "SELECT paused_until > ?2 FROM destinations WHERE name = ?1",
                     {at->destination, now});
    if (!paused.ok()) return paused.failure();
    model::ForwardedTo& to = state.forwarded.destinations.emplace_back();
    if (forward != nullptr) {
      to.destination = forward->destinations[i];
    } else {
      to.destination = {at->kind, at->address, at->host, at->port, ""};
    }
    to.state = at->is_untold ? RecipientState::kFailed : at->state;
    to.attempts = at->attempts;
    to.last = at->last;
    to.is_repeat = parts[i].message != own;
    const bool is_pending = to.state == RecipientState::kWaiting && to.attempts == 0;
    if (is_pending && paused.value().value_or(0) == 0) state.is_tried = false;
  }
  return state;
}

Outcome<ForwardState> QueueFile::look_at_forward(const std::string& id, std::int64_t now) {
  const auto number = find_number(*database_, id);
  if (!number.ok()) return number.failure();
  std::vector<Part> parts;
  {
    sqlcipher::Statement rows = prepare(
        *database_,
        "SELECT of_message, of_recipient FROM forward_parts WHERE message = ?1 ORDER BY position",
        {number.value()});
    for (;;) {
      const Outcome<bool> more = rows.step();
      if (!more.ok()) return more.failure();
      if (!more.value()) break;
      parts.push_back({rows.integer(0), rows.integer(1), ""});
    }
  }
  if (parts.empty()) return Failure{Fault::kNotFound, "there is no such forward", ""};
  return state_of_parts(id, parts, nullptr, now);
}

// What a worker has in hand is over when it says so; what a repeat relies on goes on.
Outcome<void> QueueFile::drop_forward(std::int64_t number, std::int64_t now) {
  const Outcome<void> done = run(*database_,
                                 "UPDATE recipients SET is_dropped = 1 WHERE message = ?1 AND"
                                 " state = 1 AND is_shared = 0",
                                 {number});
  if (!done.ok()) return done;
  return end_dropped(number, now);
}

Outcome<void> QueueFile::end_dropped(std::int64_t number, std::int64_t now) {
  const auto names = list_texts(*database_,
                                "SELECT destination FROM recipients WHERE message = ?1 AND state"
                                " = 1 AND is_dropped AND leased_until <= ?2",
                                {number, now});
  if (!names.ok() || names.value().empty()) return names.ok() ? Outcome<void>{} : names.failure();
  for (const std::string& name : names.value())
    if (const Outcome<void> done = count_waiting(name, -1); !done.ok()) return done;
  const Outcome<void> done =
      run(*database_,
          "UPDATE recipients SET state = 3, lease = 0, leased_until = 0, last_time = CASE WHEN"
          " attempts > 0 THEN last_time ELSE ?2 END, last_code = CASE WHEN attempts > 0 THEN"
          " last_code ELSE 550 END, last_status = CASE WHEN attempts > 0 THEN last_status ELSE"
          " '5.7.0' END, last_response = CASE WHEN attempts > 0 THEN last_response ELSE"
          " 'not forwarded, as its sender was told' END"
          " WHERE message = ?1 AND state = 1 AND is_dropped AND leased_until <= ?2",
          {number, now});
  if (!done.ok()) return done;
  return settle(number, now);
}

Outcome<void> QueueFile::settle_forward(const std::string& id, model::SettleForward how,
                                        std::int64_t now) {
  const auto number = find_number(*database_, id);
  if (!number.ok()) return number.failure();
  const auto stored = read_message(*database_, number.value());
  if (!stored.ok()) return stored.failure();
  if (!stored.value().message.is_forward)
    return Failure{Fault::kNotFound, "there is no such forward", ""};
  if (stored.value().in_session_until == 0) return {};
  if (stored.value().in_session_until <= now && how == model::SettleForward::kDrop)
    return Failure{Fault::kWrongState, "it was kept when its time in session was over", ""};
  if (stored.value().in_session_until <= now) return {};
  Outcome<void> done = run(*database_, "UPDATE messages SET in_session_until = 0 WHERE number = ?1",
                           {number.value()});
  if (done.ok())
    done = run(*database_,
               "UPDATE recipients SET next_attempt = min(next_attempt, ?2), expires ="
               " min(expires, ?2) WHERE message = ?1 AND state = 1 AND is_untold",
               {number.value(), now});
  if (done.ok() && how == model::SettleForward::kDrop) done = drop_forward(number.value(), now);
  if (!done.ok()) return done;
  return settle(number.value(), now);
}

}  // namespace fwd::queue
