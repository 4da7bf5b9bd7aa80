// Remembers what may be stored in part.
#include "service/inbound/unsettled.h"

#include <algorithm>

#include "crypto/digest.h"
#include "format/record_codec.h"

namespace fwd::service {
namespace {

constexpr std::string_view kKey = "mx.unsettled";
// A mailbox knows a delivery id for six days (storage/mailbox/limits.h), and
// senders give up after four or five (RFC 5321 §4.5.4.1).
constexpr std::chrono::hours kLife(5 * 24);
// Together less than the 64 KB that one value of the state may have.  When it is
// full, newcomers are not noted: those there are the ones a fault interrupted,
// and what is sent while all is down has nothing stored.
constexpr std::size_t kMost = 500;
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kPrintSize = 16;
constexpr std::size_t kIdSize = 64;

std::string print_of(const Try& message) {
  return crypto::blake2b(
      kPrintSize, crypto::blake2b_256(message.sender) + crypto::blake2b_256(message.content));
}

}  // namespace

Unsettled::Unsettled(model::State& state, Clock& clock, Log& log)
    : state_(state),
      clock_(clock),
      log_(log),
      writing_([&log](const std::string& name, const std::string& what) {
        log.error("mx.unsettled.failed", {{"task", name}, {"what", what}});
      }) {}

Task<void> Unsettled::load() {
  if (loaded_) co_return;
  std::string key(kKey);
  const auto kept = co_await state_.get(std::move(key));
  if (!kept.ok() || loaded_) co_return;
  loaded_ = true;
  if (kept.value()) decode(*kept.value());
}

// `print` is made when it is first needed, as most messages never need it.
Unsettled::Entry* Unsettled::find(const Try& message, std::string& print,
                                  const std::string& alias_id) {
  for (Entry& entry : entries_) {
    if (entry.size != message.content.size() || entry.alias_id != alias_id) continue;
    if (print.empty()) print = print_of(message);
    if (entry.print == print) return &entry;
  }
  return nullptr;
}

void Unsettled::forget_old() {
  const auto oldest = unix_seconds(clock_.wall()) - std::chrono::seconds(kLife).count();
  std::erase_if(entries_, [&](const Entry& entry) { return entry.since < oldest; });
}

std::vector<std::string> Unsettled::ids_for(const Try& message,
                                            const std::vector<std::string>& aliases) {
  forget_old();
  std::vector<std::string> ids;
  std::string print;
  for (const std::string& alias_id : aliases) {
    const Entry* entry = find(message, print, alias_id);
    ids.push_back(entry != nullptr ? entry->delivery_id : std::string(message.id));
  }
  return ids;
}

void Unsettled::note_failed(const Try& message, const std::vector<std::string>& aliases,
                            const std::vector<std::string>& ids) {
  std::string print = print_of(message);
  for (std::size_t i = 0; i < aliases.size() && entries_.size() < kMost; ++i) {
    if (find(message, print, aliases[i]) != nullptr) continue;
    entries_.push_back(
        {print, aliases[i], message.content.size(), ids[i], unix_seconds(clock_.wall())});
    changed_ = true;
  }
  keep();
}

void Unsettled::note_stored(const Try& message, const std::vector<std::string>& aliases) {
  std::string print;
  for (const std::string& alias_id : aliases) {
    Entry* entry = find(message, print, alias_id);
    if (entry == nullptr) continue;
    entries_.erase(entries_.begin() + (entry - entries_.data()));
    changed_ = true;
  }
  keep();
}

void Unsettled::keep() {
  if (changed_ && writing_.size() == 0) writing_.spawn("unsettled", write());
}

Task<void> Unsettled::write() {
  while (changed_) {
    changed_ = false;
    std::string key(kKey), value = encode();
    auto writing = state_.set(std::move(key), std::move(value),
                              std::chrono::duration_cast<std::chrono::seconds>(kLife));
    const auto written = co_await writing;
    if (written.ok()) continue;
    changed_ = true;  // with the next message
    log_.warning("mx.unsettled.failed", {{"what", written.failure().private_text}});
    co_return;
  }
}

std::string Unsettled::encode() const {
  format::RecordWriter out;
  out.number(kVersion);
  for (const Entry& entry : entries_) {
    out.text(entry.print);
    out.text(entry.alias_id);
    out.number(entry.size);
    out.text(entry.delivery_id);
    out.signed_number(entry.since);
  }
  return out.take();
}

// Those of an earlier process are older than those there are.
void Unsettled::decode(std::string_view octets) {
  format::RecordReader in(octets);
  if (in.number() != kVersion) return;
  std::vector<Entry> kept;
  while (in.left() > 0 && !in.bad() && kept.size() < kMost) {
    Entry entry;
    entry.print = in.text(kPrintSize);
    entry.alias_id = in.text(kIdSize);
    entry.size = in.number();
    entry.delivery_id = in.text(kIdSize);
    entry.since = in.signed_number();
    if (!in.bad()) kept.push_back(std::move(entry));
  }
  entries_.insert(entries_.begin(), std::make_move_iterator(kept.begin()),
                  std::make_move_iterator(kept.end()));
}

}  // namespace fwd::service
