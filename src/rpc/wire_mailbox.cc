// A mailbox's answers and notices as protobuf messages and back.
#include "rpc/wire.h"

namespace fwd::rpc {
namespace {

template <typename Repeated>
void messages_to_wire(const std::vector<model::Changes::Message>& in, Repeated& out) {
  out.Reserve(static_cast<int>(in.size()));
  for (const model::Changes::Message& message : in) {
    wire::ChangedMessage& one = *out.Add();
    one.set_uid(message.uid);
    one.set_modseq(message.modseq);
    one.set_system_flags(message.flags.system);
    add_texts(message.flags.keywords, *one.mutable_keywords());
  }
}

template <typename Repeated>
std::vector<model::Changes::Message> messages_from_wire(Repeated& in) {
  std::vector<model::Changes::Message> out;
  out.reserve(static_cast<std::size_t>(in.size()));
  for (wire::ChangedMessage& one : in) {
    model::Changes::Message message;
    message.uid = one.uid();
    message.modseq = one.modseq();
    message.flags.system = static_cast<std::uint8_t>(one.system_flags());
    message.flags.keywords = take_texts(*one.mutable_keywords());
    out.push_back(std::move(message));
  }
  return out;
}

}  // namespace

void to_wire(const model::OpenFolder& opened, wire::OpenedFolder& out) {
  to_wire(opened.folder, *out.mutable_folder());
  to_wire(opened.uids, *out.mutable_uids());
  add_texts(opened.keywords, *out.mutable_keywords());
  out.set_first_unseen(opened.first_unseen);
  to_wire(opened.recent, *out.mutable_recent());
}

Outcome<model::OpenFolder> from_wire(wire::OpenedFolder& in) {
  Outcome<model::Folder> folder = from_wire(*in.mutable_folder());
  if (!folder.ok()) return folder.failure();
  auto uids = from_wire(in.uids());
  if (!uids.ok()) return uids.failure();
  Outcome<model::UidSet> recent = from_wire(in.recent());
  if (!recent.ok()) return recent.failure();
  model::OpenFolder opened;
  opened.folder = std::move(folder).value();
  opened.uids = std::move(uids).value();
  opened.keywords = take_texts(*in.mutable_keywords());
  opened.first_unseen = in.first_unseen();
  opened.recent = std::move(recent).value();
  return opened;
}

void to_wire(const model::Changes& changes, wire::Changes& out) {
  messages_to_wire(changes.messages, *out.mutable_messages());
  to_wire(changes.expunged, *out.mutable_expunged());
  out.set_expunged_complete(changes.expunged_complete);
  to_wire(changes.uids, *out.mutable_uids());
  out.set_highest_modseq(changes.highest_modseq);
  out.set_uid_next(changes.uid_next);
  to_wire(changes.recent, *out.mutable_recent());
}

Outcome<model::Changes> from_wire(wire::Changes& in) {
  Outcome<model::UidSet> expunged = from_wire(in.expunged());
  if (!expunged.ok()) return expunged.failure();
  auto uids = from_wire(in.uids());
  if (!uids.ok()) return uids.failure();
  Outcome<model::UidSet> recent = from_wire(in.recent());
  if (!recent.ok()) return recent.failure();
  model::Changes changes;
  changes.messages = messages_from_wire(*in.mutable_messages());
  changes.expunged = std::move(expunged).value();
  changes.expunged_complete = in.expunged_complete();
  changes.uids = std::move(uids).value();
  changes.highest_modseq = in.highest_modseq();
  changes.uid_next = in.uid_next();
  changes.recent = std::move(recent).value();
  return changes;
}

void to_wire(const model::StoreResult& result, wire::Stored& out) {
  messages_to_wire(result.changed, *out.mutable_changed());
  to_wire(result.failed, *out.mutable_failed());
}

Outcome<model::StoreResult> from_wire(wire::Stored& in) {
  Outcome<model::UidSet> failed = from_wire(in.failed());
  if (!failed.ok()) return failed.failure();
  return model::StoreResult{messages_from_wire(*in.mutable_changed()), std::move(failed).value()};
}

void to_wire(const model::CopyResult& result, wire::Copied& out) {
  out.set_uid_validity(result.uid_validity);
  for (const auto& [source, target] : result.uids) {
    out.add_sources(source);
    out.add_targets(target);
  }
  out.set_highest_modseq(result.highest_modseq);
}

Outcome<model::CopyResult> from_wire(wire::Copied& in) {
  if (in.sources_size() != in.targets_size()) return bad_wire("a copy without its source");
  model::CopyResult result;
  result.uid_validity = in.uid_validity();
  for (int i = 0; i < in.sources_size(); ++i)
    result.uids.emplace_back(in.sources(i), in.targets(i));
  result.highest_modseq = in.highest_modseq();
  return result;
}

void to_wire(const model::Notice& notice, wire::Notice& out) {
  out.set_kind(static_cast<std::uint32_t>(notice.kind));
  out.set_folder(notice.folder);
  out.set_text(notice.text);
}

Outcome<model::Notice> from_wire(wire::Notice& in) {
  if (in.kind() < static_cast<std::uint32_t>(model::NoticeKind::kFolderChanged) ||
      in.kind() > static_cast<std::uint32_t>(model::NoticeKind::kLoggedOut))
    return bad_wire("a notice of no known kind");
  return model::Notice{static_cast<model::NoticeKind>(in.kind()), in.folder(),
                       std::move(*in.mutable_text())};
}

}  // namespace fwd::rpc
