#ifndef FWD_RPC_WIRE_H
#define FWD_RPC_WIRE_H

// Values of model as protobuf messages and back.  For the sources of this
// folder only: it brings the generated headers along.
//
// Everything that is read back is checked: numbers that stand for a word must
// be one, sets must be in order, pieces must be there.  kBadInput otherwise.

#include <google/protobuf/message_lite.h>
#include <wire/common.pb.h>
#include <wire/mailbox.pb.h>
#include <wire/message.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "format/packed_message.h"
#include "model/mailbox.h"
#include "rpc/parcel.h"

namespace fwd::rpc {

inline Failure bad_wire(const char* what) { return Failure{Fault::kBadInput, "", what}; }

// --- parcels ---------------------------------------------------------------

Parcel pack(const google::protobuf::MessageLite& message);
// Of a message with a password in it.
Parcel pack_secret(const google::protobuf::MessageLite& message);
Outcome<void> unpack(const Parcel& parcel, google::protobuf::MessageLite& message);
// Hands an answer's failure on.
Outcome<void> unpack(const Outcome<Parcel>& answer, google::protobuf::MessageLite& message);
// What is only done or not: a failure, or an empty parcel; and what came of that.
Outcome<Parcel> nothing(const Outcome<void>& done);
Outcome<void> nothing(const Outcome<Parcel>& answer);

// Walks over the pieces of a parcel in the order they were announced.
class Pieces {
 public:
  explicit Pieces(std::vector<std::string>& pieces) : pieces_(pieces) {}
  Outcome<std::string> take();
  bool all_taken() const { return at_ == pieces_.size(); }

 private:
  std::vector<std::string>& pieces_;
  std::size_t at_ = 0;
};

// --- failures --------------------------------------------------------------

void to_wire(const Failure& failure, wire::Failed& out);
Failure from_wire(wire::Failed& in);

// --- small values ----------------------------------------------------------

void to_wire(const model::UidSet& set, wire::UidSet& out);
Outcome<model::UidSet> from_wire(const wire::UidSet& in);
void to_wire(const std::vector<model::Uid>& uids, wire::Uids& out);
Outcome<std::vector<model::Uid>> from_wire(const wire::Uids& in);
std::optional<model::SpecialUse> special_use_of(std::uint32_t number);

// Flags stand in messages as `system`, `keywords`, or under other names.
template <typename Repeated>
void add_texts(const std::vector<std::string>& texts, Repeated& out) {
  for (const std::string& text : texts) *out.Add() = text;
}
template <typename Repeated>
std::vector<std::string> take_texts(Repeated& in) {
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(in.size()));
  for (std::string& text : in) texts.push_back(std::move(text));
  return texts;
}
void to_wire(const model::Flags& flags, wire::Flags& out);
model::Flags from_wire(wire::Flags& in);

// --- messages and folders --------------------------------------------------

void to_wire(const model::Folder& folder, wire::Folder& out);
Outcome<model::Folder> from_wire(wire::Folder& in);

// Texts move into the message or, when long, behind it.
void to_wire(format::PackedMessage message, wire::Packed& out, std::vector<std::string>& pieces);
Outcome<format::PackedMessage> from_wire(wire::Packed& in, Pieces& pieces);
void to_wire(model::MessageRow row, wire::Row& out, std::vector<std::string>& pieces);
Outcome<model::MessageRow> from_wire(wire::Row& in, Pieces& pieces);
void to_wire(format::PackedChunk chunk, wire::Chunk& out, std::vector<std::string>& pieces);
Outcome<format::PackedChunk> from_wire(const wire::Chunk& in, Pieces& pieces);

// --- answers of a mailbox --------------------------------------------------

void to_wire(const model::OpenFolder& opened, wire::OpenedFolder& out);
Outcome<model::OpenFolder> from_wire(wire::OpenedFolder& in);
void to_wire(const model::Changes& changes, wire::Changes& out);
Outcome<model::Changes> from_wire(wire::Changes& in);
void to_wire(const model::StoreResult& result, wire::Stored& out);
Outcome<model::StoreResult> from_wire(wire::Stored& in);
void to_wire(const model::CopyResult& result, wire::Copied& out);
Outcome<model::CopyResult> from_wire(wire::Copied& in);
void to_wire(const model::Notice& notice, wire::Notice& out);
Outcome<model::Notice> from_wire(wire::Notice& in);

}  // namespace fwd::rpc

#endif
