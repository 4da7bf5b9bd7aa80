// Opening mailboxes, draining the spool, and getting mail in.
#include "door/open_mailboxes.h"

#include <algorithm>
#include <utility>

#include "crypto/seal.h"
#include "door/incoming_codec.h"
#include "storage/mailbox/contents.h"
#include "storage/mailbox/identity.h"

namespace fwd::door {
namespace {

constexpr std::size_t kDrainOctets = 8 << 20;     // of sealed mail taken into one transaction
constexpr std::size_t kMostRemembered = 100'000;  // aliases a cache holds
constexpr std::uint64_t kWorthNoting = 64 << 10;  // octets
constexpr auto kUsageLife = std::chrono::seconds(30);

struct Unsealed {
  std::vector<mailbox::Drained> mail;
  std::vector<std::pair<std::int64_t, Failure>> spoilt;  // by spool id
};

Unsealed unseal_all(const crypto::SecretKey& inbox_secret, const crypto::SecretKey& server_key,
                    const std::string& alias_id, const std::vector<spool::Waiting>& sealed) {
  Unsealed out;
  for (const spool::Waiting& one : sealed) {
    auto plain = crypto::open_from_inbox(inbox_secret, server_key, one.sealed, alias_id);
    if (!plain.ok()) {
      out.spoilt.emplace_back(one.id, plain.failure());
      continue;
    }
    auto incoming = decode_incoming(plain.value());
    if (incoming.ok()) {
      out.mail.push_back({one.id, std::move(incoming.value())});
    } else {
      out.spoilt.emplace_back(one.id, incoming.failure());
    }
  }
  return out;
}

Failure being_remade() {
  return {Fault::kUnavailable, "try again later", "the mailbox is being made anew"};
}

// What the mailbox would refuse at the drain is refused while the sender waits.
Outcome<void> check_incoming(const mailbox::Incoming& incoming, const mailbox::Limits& limits) {
  if (incoming.flags.keywords.size() > limits.message_keywords)
    return Failure{Fault::kBadInput, "too many keywords", ""};
  for (const std::string& keyword : incoming.flags.keywords)
    if (keyword.size() > limits.keyword_octets)
      return Failure{Fault::kBadInput, "a keyword is too long", ""};
  return mailbox::check_message(incoming.message, limits);
}

}  // namespace

std::shared_ptr<OpenMailboxes::Open> OpenMailboxes::find_open(const std::string& alias_id) const {
  const auto found = open_.find(alias_id);
  return found == open_.end() ? nullptr : found->second.lock();
}

Task<Outcome<std::shared_ptr<model::Mailbox>>> OpenMailboxes::open(std::string alias_id,
                                                                   crypto::Bundle bundle,
                                                                   std::uint64_t quota) {
  const Gates::Pass pass = gates_.enter(alias_id);
  if (pass == nullptr) co_return being_remade();
  // A session that was logged out but not let go of yet says nothing of today's.
  if (const auto before = find_open(alias_id); before != nullptr)
    before->direct = before->direct && stores_.mailboxes.is_open(alias_id);
  auto handle = co_await stores_.mailboxes.open(alias_id, std::move(bundle.mailbox_key), quota);
  if (!handle.ok()) co_return handle.failure();
  std::shared_ptr<Open> open = find_open(alias_id);
  if (open == nullptr) {
    open = std::make_shared<Open>(alias_id, std::move(bundle.inbox_secret));
    std::erase_if(open_, [](const auto& entry) { return entry.second.expired(); });
    open_[alias_id] = open;
  }
  // Each login holds it once, and so do we.
  if (static_cast<std::size_t>(open.use_count()) > stores_.login.sessions_per_alias)
    co_return Failure{Fault::kBusy, "too many sessions have this mailbox open", ""};
  // Mail that waits must not keep its owner from the mailbox: it may be full, and
  // only he can empty it.
  const auto drained = co_await drain(open);
  if (!drained.ok()) {
    if (stores_.mailboxes.is_damaged(alias_id)) co_return drained.failure();
    open->direct = false;
    report(alias_id, 0, drained.failure());
  }
  note_used(alias_id);
  auto held = std::make_shared<Held>();
  held->mailbox = std::move(handle.value());
  held->open = std::move(open);
  held->door = life_;
  co_return std::shared_ptr<model::Mailbox>(held, held->mailbox.get());
}

Task<Outcome<void>> OpenMailboxes::drain(std::shared_ptr<Open> open) {
  while (open->draining) {
    open->drained.clear();
    co_await open->drained.wait();
  }
  open->draining = true;
  // However this ends, even by being cancelled, the next in line goes on.
  const std::shared_ptr<void> done(nullptr, [open](void*) {
    open->draining = false;
    open->drained.set();
  });
  co_return co_await drain_all(open);
}

Task<Outcome<void>> OpenMailboxes::drain_all(std::shared_ptr<Open> open) {
  std::uint64_t most = kDrainOctets;
  for (;;) {
    auto waiting = co_await stores_.spool.read(open->alias_id, 0, most);
    if (!waiting.ok()) co_return waiting.failure();
    if (waiting.value().empty()) {
      open->direct = true;
      co_return Outcome<void>{};
    }
    const std::size_t count = waiting.value().size();
    const std::int64_t last = waiting.value().back().id;
    auto job = [open, sealed = std::move(waiting.value()), key = stores_.server_key] {
      return unseal_all(open->inbox_secret, *key, open->alias_id, sealed);
    };
    auto unsealed =
        co_await stores_.workers.run(mailbox::worker_key(open->alias_id), std::move(job));
    for (const auto& [entry, why] : unsealed.spoilt) {
      auto kept = co_await set_aside(open->alias_id, entry, why);
      if (!kept.ok()) co_return kept;
    }
    auto stored = co_await stores_.mailboxes.drain(open->alias_id, std::move(unsealed.mail));
    if (!stored.ok() && stored.failure().fault != Fault::kBadInput) co_return stored;
    if (!stored.ok()) {
      // One of them is no message.  They are taken in one by one up to it, and it
      // is set aside before the next: behind the mailbox's mark it would pass for
      // taken in itself.
      if (count > 1) {
        most = 1;
        continue;
      }
      auto kept = co_await set_aside(open->alias_id, last, stored.failure());
      if (!kept.ok()) co_return kept;
      most = kDrainOctets;
      continue;
    }
    auto forgotten = co_await stores_.spool.forget(open->alias_id, last);
    if (!forgotten.ok()) co_return forgotten.failure();
  }
}

Task<Outcome<void>> OpenMailboxes::set_aside(std::string alias_id, std::int64_t entry,
                                             Failure why) {
  const std::string words = why.private_text.empty() ? why.public_text : why.private_text;
  std::string reason = std::string(fault_name(why.fault)) + ": " + words;
  auto kept = co_await stores_.spool.set_aside(alias_id, entry, std::move(reason));
  if (kept.ok()) report(alias_id, entry, why);
  co_return kept;
}

void OpenMailboxes::report(const std::string& alias_id, std::int64_t entry,
                           const Failure& why) const {
  if (stores_.events.on_mail_trouble) stores_.events.on_mail_trouble(alias_id, entry, why);
}

Task<Outcome<std::uint64_t>> OpenMailboxes::bring_back(std::string alias_id) {
  auto back = co_await stores_.spool.bring_back(alias_id);
  if (!back.ok() || back.value() == 0) co_return back;
  if (stores_.events.on_mail_back) stores_.events.on_mail_back(alias_id, back.value());
  const std::shared_ptr<Open> open = find_open(alias_id);
  if (open == nullptr || !stores_.mailboxes.is_open(alias_id)) co_return back;
  const auto drained = co_await drain(open);
  if (!drained.ok()) open->direct = false;  // tried again at the next login
  co_return back;
}

Task<Outcome<std::string>> OpenMailboxes::inbox_public(std::string alias_id) {
  const auto known = inbox_keys_.find(alias_id);
  if (known != inbox_keys_.end()) co_return known->second;
  auto login = co_await stores_.directory.get_login(alias_id);
  if (!login.ok()) co_return login.failure();
  if (!login.value().mailbox.exists)
    co_return Failure{Fault::kNotFound, "no such mailbox", "alias " + alias_id + " has no mailbox"};
  if (inbox_keys_.size() >= kMostRemembered) inbox_keys_.clear();
  inbox_keys_[alias_id] = login.value().mailbox.inbox_public;
  co_return login.value().mailbox.inbox_public;
}

Task<Outcome<spool::SpoolEntry>> OpenMailboxes::seal(std::string alias_id,
                                                     mailbox::Incoming incoming) {
  auto good = check_incoming(incoming, stores_.mailboxes.limits());
  if (!good.ok()) co_return good.failure();
  auto inbox = co_await inbox_public(alias_id);
  if (!inbox.ok()) co_return inbox.failure();
  auto job = [alias_id, incoming = std::move(incoming), inbox = std::move(inbox.value()),
              key = stores_.server_key]() -> Outcome<spool::SpoolEntry> {
    auto sealed = crypto::seal_to_inbox(inbox, *key, encode_incoming(incoming), alias_id);
    if (!sealed.ok()) return sealed.failure();
    return spool::SpoolEntry{alias_id, incoming.delivery_id, std::move(sealed.value())};
  };
  co_return co_await stores_.workers.run(mailbox::worker_key(alias_id), std::move(job));
}

Task<Outcome<void>> OpenMailboxes::deliver(std::vector<Target> targets) {
  std::vector<Gates::Pass> passes;
  for (const Target& target : targets) {
    passes.push_back(gates_.enter(target.alias_id));
    if (passes.back() == nullptr) co_return being_remade();
  }
  std::vector<spool::SpoolEntry> sealed;
  std::vector<std::string> spooled;
  for (Target& target : targets) {
    const std::shared_ptr<Open> open = find_open(target.alias_id);
    const bool is_open = stores_.mailboxes.is_open(target.alias_id);
    if (open != nullptr && !is_open) open->direct = false;
    if (open != nullptr && open->direct) {
      std::vector<mailbox::Incoming> one;
      one.push_back(std::move(target.incoming));
      auto stored = co_await stores_.mailboxes.deliver(target.alias_id, std::move(one));
      if (!stored.ok()) co_return stored.failure();
      continue;
    }
    auto entry = co_await seal(target.alias_id, std::move(target.incoming));
    if (!entry.ok()) co_return entry.failure();
    spooled.push_back(target.alias_id);
    sealed.push_back(std::move(entry.value()));
  }
  if (sealed.empty()) co_return Outcome<void>{};
  auto appended = co_await stores_.spool.append(std::move(sealed));
  if (!appended.ok()) co_return appended.failure();
  // Somebody may have logged in meanwhile and found the spool empty.
  for (const std::string& alias_id : spooled) {
    const std::shared_ptr<Open> open = find_open(alias_id);
    if (open == nullptr || !stores_.mailboxes.is_open(alias_id)) continue;
    // The message is safe already; a drain that fails is tried at the next login.
    const auto drained = co_await drain(open);
    if (!drained.ok()) open->direct = false;
  }
  co_return Outcome<void>{};
}

// A file does not shrink when mail is deleted, so its size says how much it may
// hold; how much it does only who has the key can tell.
Task<Outcome<std::uint64_t>> OpenMailboxes::file_used(std::string alias_id) {
  if (const auto today = stores_.mailboxes.used(alias_id)) co_return *today;
  auto file = co_await stores_.mailboxes.file_octets(alias_id);
  if (!file.ok()) co_return file.failure();
  auto noted = co_await stores_.directory.noted_used(alias_id);
  if (!noted.ok()) co_return noted.failure();
  co_return std::min(file.value(), noted.value().value_or(UINT64_MAX));
}

Task<Outcome<std::uint64_t>> OpenMailboxes::used(std::string alias_id) {
  const auto fresh = [&]() -> std::optional<std::uint64_t> {
    const auto known = usage_.find(alias_id);
    if (known == usage_.end() || stores_.clock.now() - known->second.read_at >= kUsageLife)
      return std::nullopt;
    return known->second.octets;
  };
  if (const auto known = fresh()) co_return *known;
  auto file = co_await file_used(alias_id);
  if (!file.ok()) co_return file.failure();
  auto waiting = co_await stores_.spool.stats(alias_id);
  if (!waiting.ok()) co_return waiting.failure();
  // Who asked beside us was first, and room was taken since.
  if (const auto known = fresh()) co_return *known;
  if (usage_.size() >= kMostRemembered) usage_.clear();
  const std::uint64_t octets = file.value() + waiting.value().octets;
  usage_[alias_id] = {octets, stores_.clock.now()};
  co_return octets;
}

Task<Outcome<void>> OpenMailboxes::take_room(std::string alias_id, std::uint64_t octets,
                                             std::uint64_t quota) {
  const auto known = co_await used(alias_id);
  if (!known.ok()) co_return known.failure();
  if (known.value() > quota || octets > quota - known.value())
    co_return Failure{Fault::kOverQuota, "the mailbox is full", ""};
  const auto usage = usage_.find(alias_id);
  if (usage != usage_.end()) usage->second.octets += octets;
  co_return Outcome<void>{};
}

OpenMailboxes::Held::~Held() {
  const auto alive = door.lock();
  if (alive != nullptr && open.use_count() == 1) (*alive)->note_used(open->alias_id);
}

void OpenMailboxes::note_used(const std::string& alias_id) {
  const auto octets = stores_.mailboxes.used(alias_id);
  if (!octets) return;
  // What an owner has deleted makes room at once.
  usage_.erase(alias_id);
  const auto known = noted_.find(alias_id);
  if (known != noted_.end() &&
      std::max(*octets, known->second) - std::min(*octets, known->second) < kWorthNoting)
    return;
  if (noted_.size() >= kMostRemembered) noted_.clear();
  noted_[alias_id] = *octets;
  stores_.tasks.spawn("note used", write_used(alias_id, *octets));
}

Task<void> OpenMailboxes::write_used(std::string alias_id, std::uint64_t octets) {
  const auto noted = co_await stores_.directory.note_used(alias_id, octets);
  if (!noted.ok()) noted_.erase(alias_id);
}

void OpenMailboxes::forget(const std::string& alias_id) {
  open_.erase(alias_id);
  inbox_keys_.erase(alias_id);
  usage_.erase(alias_id);
  noted_.erase(alias_id);
}

}  // namespace fwd::door
