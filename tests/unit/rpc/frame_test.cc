// Frames and parcels: putting together, taking apart, and refusing.
#include "rpc/frame.h"

#include <cppunit/extensions/HelperMacros.h>

#include "rpc/limits.h"
#include "rpc/parcel.h"

namespace fwd::rpc {

class FrameTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(FrameTest);
  CPPUNIT_TEST(frames_are_found_however_the_octets_come);
  CPPUNIT_TEST(a_frame_too_short_too_long_or_unknown_is_refused_for_ever);
  CPPUNIT_TEST(a_refusal_needs_no_more_than_the_first_octets);
  CPPUNIT_TEST(a_parcel_travels_in_one_frame_or_in_raw_ones);
  CPPUNIT_TEST(a_parcel_with_a_wrong_table_is_refused);
  CPPUNIT_TEST(a_parcel_takes_no_octet_too_many);
  CPPUNIT_TEST_SUITE_END();

  static std::string three_frames() {
    std::string octets;
    put_frame(octets, FrameKind::kHello, 0, {"hi"});
    put_frame(octets, FrameKind::kRaw, 0xfffefdfc, {std::string(kMostRawFrame, 'r')});
    put_frame(octets, FrameKind::kCancel, 7, {});
    return octets;
  }

  static Failure fault_of(std::string octets) {
    FrameParser parser;
    parser.feed(octets);
    const auto frame = parser.next();
    CPPUNIT_ASSERT(!frame.ok());
    parser.feed(three_frames());
    CPPUNIT_ASSERT(!parser.next().ok());
    return frame.failure();
  }

 public:
  void frames_are_found_however_the_octets_come() {
    const std::string octets = three_frames();
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}, octets.size()}) {
      FrameParser parser;
      std::size_t found = 0;
      std::size_t payloads = 0;
      std::uint32_t calls = 0;
      for (std::size_t at = 0; at < octets.size(); at += step) {
        parser.feed(std::string_view(octets).substr(at, step));
        for (;;) {
          const auto frame = parser.next();
          CPPUNIT_ASSERT(frame.ok());
          if (!frame.value()) break;
          ++found;
          payloads += frame.value()->payload.size();
          calls ^= frame.value()->call;
        }
      }
      CPPUNIT_ASSERT_EQUAL(std::size_t{3}, found);
      CPPUNIT_ASSERT_EQUAL(2 + kMostRawFrame, payloads);
      CPPUNIT_ASSERT_EQUAL(0xfffefdfcU ^ 7U, calls);
      CPPUNIT_ASSERT(parser.at_boundary());
    }
  }

  void a_frame_too_short_too_long_or_unknown_is_refused_for_ever() {
    CPPUNIT_ASSERT(fault_of(std::string("\0\0\0\4", 4)).fault == Fault::kBadInput);
    CPPUNIT_ASSERT(fault_of(std::string("\0\0\0\0", 4)).fault == Fault::kBadInput);
    CPPUNIT_ASSERT(fault_of(std::string("\0\x10\0\1", 4)).fault == Fault::kBadInput);
    CPPUNIT_ASSERT(fault_of(std::string("\377\377\377\377", 4)).fault == Fault::kBadInput);
    for (const int kind : {0, 12, 255}) {
      std::string octets;
      put_frame(octets, static_cast<FrameKind>(kind), 1, {"x"});
      CPPUNIT_ASSERT(fault_of(octets).fault == Fault::kBadInput);
    }
    std::string octets;
    put_frame(octets, FrameKind::kRaw, 1, {std::string(kMostRawFrame + 1, 'r')});
    CPPUNIT_ASSERT(fault_of(octets).fault == Fault::kBadInput);
  }

  void a_refusal_needs_no_more_than_the_first_octets() {
    FrameParser parser;
    parser.feed(std::string("\0\0\1\0\0\0\0\1\77", 9));
    CPPUNIT_ASSERT(!parser.next().ok());
  }

  void a_parcel_travels_in_one_frame_or_in_raw_ones() {
    for (const std::size_t size : {0UL, 10UL, kInlineParcel - 4, kInlineParcel, 200000UL}) {
      Parcel parcel;
      parcel.head = "head";
      parcel.pieces = {"", std::string(size, 'p'), "", "end", ""};
      ParcelReader reader;
      std::string first = parcel.encode_sizes();
      std::string octets = parcel.head;
      for (const auto& piece : parcel.pieces) octets += piece;
      if (parcel.is_short()) first += octets;
      CPPUNIT_ASSERT(reader.begin(first, 1 << 20, 1 << 20).ok());
      CPPUNIT_ASSERT_EQUAL(parcel.is_short(), reader.complete());
      for (std::size_t at = 0; !parcel.is_short() && at < octets.size(); at += 777)
        CPPUNIT_ASSERT(reader.feed(std::string_view(octets).substr(at, 777)).ok());
      CPPUNIT_ASSERT(reader.complete());
      const Parcel got = reader.take();
      CPPUNIT_ASSERT_EQUAL(parcel.head, got.head);
      CPPUNIT_ASSERT(parcel.pieces == got.pieces);
      CPPUNIT_ASSERT(!reader.active());
    }
  }

  void a_parcel_with_a_wrong_table_is_refused() {
    const auto refusal = [](std::string payload) {
      ParcelReader reader;
      const Outcome<void> begun = reader.begin(payload, 1 << 20, 1000);
      CPPUNIT_ASSERT(!begun.ok());
      CPPUNIT_ASSERT(!reader.active());
      return begun.failure().fault;
    };
    CPPUNIT_ASSERT(refusal("") == Fault::kBadInput);
    CPPUNIT_ASSERT(refusal(std::string(7, '\0')) == Fault::kBadInput);
    // One piece announced, no size for it; far too many pieces.
    CPPUNIT_ASSERT(refusal(std::string("\0\0\0\0\0\0\0\1", 8)) == Fault::kBadInput);
    CPPUNIT_ASSERT(refusal(std::string("\0\0\0\0\377\377\377\377", 8)) == Fault::kBadInput);
    // More octets than announced, and fewer.
    CPPUNIT_ASSERT(refusal(std::string("\0\0\0\1\0\0\0\0xx", 10)) == Fault::kBadInput);
    CPPUNIT_ASSERT(refusal(std::string("\0\0\0\3\0\0\0\0xx", 10)) == Fault::kBadInput);
    // A long one that brings octets along.
    CPPUNIT_ASSERT(refusal(std::string("\0\2\0\0\0\0\0\0x", 9)) == Fault::kBadInput);
    // Too large in all, or in its head.
    CPPUNIT_ASSERT(refusal(std::string("\0\0\0\0\0\0\0\1\377\0\0\0", 12)) == Fault::kOverLimit);
    CPPUNIT_ASSERT(refusal(std::string("\0\2\0\0\0\0\0\0", 8)) == Fault::kOverLimit);
  }

  void a_parcel_takes_no_octet_too_many() {
    ParcelReader reader;
    CPPUNIT_ASSERT(!reader.feed("x").ok());
    CPPUNIT_ASSERT(reader.begin(std::string("\0\1\0\1\0\0\0\0", 8), 1 << 20, 1 << 20).ok());
    CPPUNIT_ASSERT(!reader.begin(std::string("\0\0\0\0\0\0\0\0", 8), 1 << 20, 1 << 20).ok());
    CPPUNIT_ASSERT(!reader.feed("").ok());
    CPPUNIT_ASSERT(reader.feed(std::string(65536, 'x')).ok());
    CPPUNIT_ASSERT(!reader.feed("xx").ok());
    CPPUNIT_ASSERT(reader.feed("x").ok());
    CPPUNIT_ASSERT(reader.complete());
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(FrameTest);

}  // namespace fwd::rpc
