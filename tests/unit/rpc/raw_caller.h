#ifndef FWD_TESTS_UNIT_RPC_RAW_CALLER_H
#define FWD_TESTS_UNIT_RPC_RAW_CALLER_H

// One end of a connection as bare frames: a caller, or a door, that says what
// the test wants.

#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "door_pair.h"
#include "rpc/frame.h"
#include "rpc/parcel.h"

namespace fwd::test {

struct RawFrame {
  rpc::FrameKind kind;
  std::uint32_t call;
  std::string payload;
};

class RawCaller {
 public:
  explicit RawCaller(std::unique_ptr<Stream> stream)
      : stream_(std::move(stream)), reading_(read(*this)) {
    reading_.start(std::noop_coroutine());
    run_ready();
  }

  void send(const std::string& octets) { (void)finish(write(*stream_, octets)); }
  void send(rpc::FrameKind kind, std::uint32_t call, const std::string& payload) {
    std::string octets;
    rpc::put_frame(octets, kind, call, {payload});
    send(octets);
  }
  void greet() { send(rpc::FrameKind::kHello, 0, std::string("\x08\x01", 2)); }
  void request(std::uint32_t call, std::uint16_t verb, std::uint32_t object, std::uint8_t credit,
               const rpc::Parcel& parcel = {}) {
    rpc::RequestHeader header;
    header.verb = verb;
    header.object = object;
    header.credit = credit;
    std::string payload = header.encode() + parcel.encode_sizes();
    if (parcel.is_short()) {
      payload += parcel.head;
      for (const std::string& piece : parcel.pieces) payload += piece;
    }
    send(rpc::FrameKind::kRequest, call, payload);
  }
  // How a request about no object with that head and those pieces was answered.
  Fault fault_of(rpc::Verb verb, std::string head, std::vector<std::string> pieces = {}) {
    rpc::Parcel asked;
    asked.head = std::move(head);
    asked.pieces = std::move(pieces);
    request(++last_call_, static_cast<std::uint16_t>(verb), 0, 0, asked);
    const std::string& said = frames.back().payload;
    CPPUNIT_ASSERT_MESSAGE("it was not refused", frames.back().kind == rpc::FrameKind::kFailure);
    CPPUNIT_ASSERT(said.size() >= 2 && said[0] == '\x08');  // the first field: the fault
    return static_cast<Fault>(said[1]);
  }
  void hang_up() {
    stream_->close();
    run_ready();
  }

  std::vector<RawFrame> frames;  // that came
  bool ended = false;            // the other side closed

 private:
  static Task<Outcome<void>> write(Stream& stream, std::string octets) {
    auto writing = stream.write(octets);
    Outcome<void> done = co_await writing;
    co_return done;
  }
  static Task<void> read(RawCaller& caller) {
    rpc::FrameParser parser;
    char octets[4096];
    for (;;) {
      auto reading = caller.stream_->read_some(octets);
      const Outcome<std::size_t> n = co_await reading;
      if (!n.ok() || n.value() == 0) break;
      parser.feed({octets, n.value()});
      for (;;) {
        const auto frame = parser.next();
        if (!frame.value()) break;
        caller.frames.push_back(
            {frame.value()->kind, frame.value()->call, std::string(frame.value()->payload)});
      }
    }
    caller.ended = true;
  }
  std::uint32_t last_call_ = 0;  // of fault_of()
  std::unique_ptr<Stream> stream_;
  Task<void> reading_;
};

}  // namespace fwd::test

#endif
