// Packing of texts, chunks, part tables and whole messages.
#include <cppunit/extensions/HelperMacros.h>

#include <random>

#include "format/outline.h"
#include "odd_messages.h"

namespace fwd::format {
namespace {

class PackingTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(PackingTest);
  CPPUNIT_TEST(texts_come_back);
  CPPUNIT_TEST(what_does_not_shrink_is_kept_as_it_is);
  CPPUNIT_TEST(unpacking_is_bounded);
  CPPUNIT_TEST(chunks_come_back_one_by_one);
  CPPUNIT_TEST(a_damaged_record_is_refused_or_harmless);
  CPPUNIT_TEST(a_record_cut_short_is_refused);
  CPPUNIT_TEST(a_part_table_cut_short_is_refused);
  CPPUNIT_TEST_SUITE_END();

 public:
  void texts_come_back() {
    for (const std::string& text :
         {std::string(), std::string("a"), std::string(100000, 'x'), plain_message(5000)})
      CPPUNIT_ASSERT_EQUAL(text, unpack_text(pack_text(text), text.size()).value());
    CPPUNIT_ASSERT(pack_text("").empty());
    CPPUNIT_ASSERT(pack_text(std::string(100000, 'x')).size() < 100);
  }

  void what_does_not_shrink_is_kept_as_it_is() {
    std::mt19937 random(7);
    std::string noise;
    while (noise.size() < 5000) noise += static_cast<char>(random());
    const std::string packed = pack_text(noise);
    CPPUNIT_ASSERT_EQUAL(noise.size() + 1, packed.size());
    CPPUNIT_ASSERT_EQUAL(noise, unpack_text(packed, 5000).value());
    // A text that is itself a packed one is no trap.
    CPPUNIT_ASSERT_EQUAL(packed, unpack_text(pack_text(packed), 6000).value());
  }

  void unpacking_is_bounded() {
    const std::string bomb = pack_text(std::string(1000000, 'x'));
    CPPUNIT_ASSERT(unpack_text(bomb, 999999).failure().fault == Fault::kCorrupt);
    CPPUNIT_ASSERT(!unpack_text(pack_text("abc"), 2).ok());
    CPPUNIT_ASSERT(!unpack_text("\x02x", 10).ok() && !unpack_text("\x01x", 10).ok());
    CPPUNIT_ASSERT(!unpack_text(bomb + "x", 2000000).ok());
    CPPUNIT_ASSERT(!unpack_text(bomb.substr(0, bomb.size() - 1), 2000000).ok());
  }

  void chunks_come_back_one_by_one() {
    const std::string content = with_attachment(200000);
    const std::vector<PackedChunk> chunks = pack_chunks(content);
    CPPUNIT_ASSERT_EQUAL(content.size() / kChunkSize + 1, chunks.size());
    CPPUNIT_ASSERT_EQUAL(content.substr(kChunkSize, kChunkSize), unpack_chunk(chunks[1]).value());
    CPPUNIT_ASSERT(pack_chunks("").empty());
    PackedChunk wrong = chunks[1];
    --wrong.raw_size;
    CPPUNIT_ASSERT(!unpack_chunk(wrong).ok());
    wrong.raw_size = kChunkSize + 1;
    CPPUNIT_ASSERT(!unpack_chunk(wrong).ok());
  }

  void a_damaged_record_is_refused_or_harmless() {
    const std::string encoded = encode_packed(pack_message(plain_message(3000)));
    std::mt19937 random(8);
    for (int round = 0; round < 3000; ++round) {
      std::string damaged = encoded;
      damaged[random() % damaged.size()] = static_cast<char>(random());
      const Outcome<PackedMessage> decoded = decode_packed(damaged);
      if (!decoded.ok()) continue;
      for (const PackedChunk& chunk : decoded.value().chunks)
        CPPUNIT_ASSERT(unpack_chunk(chunk).ok() || true);
      decode_parts(decoded.value().outline.parts).ok();
    }
    CPPUNIT_ASSERT(!decode_packed(encoded + "x").ok());
    CPPUNIT_ASSERT(!decode_packed("").ok() && !decode_packed("\x02").ok());
    // A count that promises more than there can be takes no memory.
    CPPUNIT_ASSERT(!decode_packed("\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").ok());
  }

  void a_record_cut_short_is_refused() {
    const std::string encoded = encode_packed(pack_message(plain_message(600)));
    for (std::size_t size = 0; size < encoded.size(); ++size)
      CPPUNIT_ASSERT(!decode_packed(std::string_view(encoded).substr(0, size)).ok());
  }

  void a_part_table_cut_short_is_refused() {
    const std::string table = pack_message(with_attachment(1000)).outline.parts;
    for (std::size_t size = 0; size < table.size(); ++size)
      CPPUNIT_ASSERT(!decode_parts(std::string_view(table).substr(0, size)).ok());
    CPPUNIT_ASSERT(decode_parts(table).ok());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PackingTest);

}  // namespace
}  // namespace fwd::format
