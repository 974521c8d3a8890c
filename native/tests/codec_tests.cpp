// CRC, frames, bodies, and the hashes behind a proof.
#include "check.hpp"
#include "../mev_engine_stream.hpp"

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

std::uint32_t bitwise_crc(const std::uint8_t* p, std::size_t n) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (std::size_t i = 0; i < n; ++i) {
    crc ^= p[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
  }
  return ~crc;
}

std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

std::vector<std::uint8_t> transaction_frame(std::size_t swaps, std::size_t wire, std::uint64_t sequence = 7) {
  mev::TransactionRecord record;
  record.slot = 42;
  std::vector<mev::SwapEntry> entries(swaps);
  for (std::size_t i = 0; i < swaps; ++i) entries[i].amount_in = i + 1;
  std::vector<std::uint8_t> frame(mev::FrameSize::of<mev::TransactionRecord>().group<mev::SwapEntry>(swaps).data(wire).data(3).total());
  mev::FrameWriter writer(frame.data(), frame.size());
  writer.block(record).group(mev::Span<const mev::SwapEntry>(entries)).data(random_bytes(wire, 5)).data("abc");
  CHECK_EQ(writer.complete(sequence, 99), frame.size());
  return frame;
}

void restamp(std::vector<std::uint8_t>& frame) { mev::detail::store(frame.data() + 4, mev::detail::frame_crc(frame.data(), frame.size())); }

std::string hex(const mev::Bytes32& bytes) {
  std::string text;
  char two[3];
  for (const auto byte : bytes.bytes) {
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(byte));
    text += two;
  }
  return text;
}

std::string repeated(std::uint8_t byte, std::size_t count) { return std::string(count, static_cast<char>(byte)); }

}  // namespace

TEST(crc_known_values_of_rfc_3720) {
  CHECK_EQ(mev::crc32c("123456789"), 0xE3069283u);
  CHECK_EQ(mev::crc32c(repeated(0, 32)), 0x8A9136AAu);
  CHECK_EQ(mev::crc32c(repeated(0xFF, 32)), 0x62A8AB43u);
  CHECK_EQ(mev::crc32c(""), 0u);
}

TEST(crc_every_implementation_every_length_and_start) {
  const auto bytes = random_bytes(1400, 1);
  for (std::size_t start = 0; start < 9; ++start) {
    for (std::size_t n = 0; n + start <= bytes.size(); n += n < 64 || (n > 495 && n < 515) ? 1 : 13) {
      const std::uint8_t* p = bytes.data() + start;
      const std::uint32_t expected = bitwise_crc(p, n);
      CHECK_EQ(~mev::detail::crc_append_table(0xFFFFFFFFu, p, n), expected);
      CHECK_EQ(mev::crc32c({p, n}), expected);
#if defined(MEV_CRC_X86)
      if (__builtin_cpu_supports("sse4.2")) CHECK_EQ(~mev::detail::crc_append_sse42(0xFFFFFFFFu, p, n), expected);
      if (__builtin_cpu_supports("pclmul")) CHECK_EQ(~mev::detail::crc_append_pclmul(0xFFFFFFFFu, p, n), expected);
#endif
    }
  }
}

TEST(sha256_vectors_of_fips_180) {
  CHECK_EQ(hex(mev::Sha256().finish()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK_EQ(hex(mev::Sha256().add("abc").finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQ(hex(mev::Sha256().add("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").finish()),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  mev::Sha256 million;
  for (int i = 0; i < 1000; ++i) million.add(repeated('a', 1000));
  CHECK_EQ(hex(million.finish()), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(hmac_vectors_of_rfc_4231) {
  CHECK_EQ(hex(mev::hmac_sha256(repeated(0x0b, 20), {"Hi There"})), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK_EQ(hex(mev::hmac_sha256("Jefe", {"what do ya want ", "for nothing?"})), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK_EQ(hex(mev::hmac_sha256(repeated(0xaa, 20), {repeated(0xdd, 50)})), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK_EQ(hex(mev::hmac_sha256(repeated(0xaa, 131), {"Test Using Larger Than Block-Size Key - Hash Key First"})),
           "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK_EQ(hex(mev::hmac_sha256(repeated(0xaa, 131), {"This is a test using a larger than block-size key and a larger than block-size data. The key "
                                                     "needs to be hashed before being used by the HMAC algorithm."})),
           "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(session_proof_vector_of_the_wire_format) {
  const auto unhex = [](const std::string& text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
  };
  const auto hello = unhex(
      "500000008fa1c5fee8030000000000000000db6c73fcc51820004000534d0100efcdab89674523012900000000000000e903000000000000e803000006000000"
      "08000000656e67696e652d3700000000");
  const auto challenge = unhex("4000000070fb33490000000000000000000000000000000020004100534d0100404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f");
  std::vector<std::uint8_t> key;
  mev::Bytes32 nonce;
  for (std::uint8_t i = 0; i < 32; i++) {
    key.push_back(i);
    nonce.bytes[i] = static_cast<std::uint8_t>(0x80 + i);
  }
  CHECK_EQ(hex(mev::session_proof(mev::ProofSide::Host, key, hello, challenge, nonce)), "722b56848cfb6844361b363582df2e69fdafee97c806e45832f4bda6b8ecf9bb");
  CHECK_EQ(hex(mev::session_proof(mev::ProofSide::Engine, key, hello, challenge, nonce)), "072ea00e6f2085124d1ab5ae15148eea3405e54a53b96659b3c33d4cfd8c9f3b");
}

TEST(hmac_compare_finds_any_difference) {
  mev::Bytes32 a, b;
  CHECK(mev::equal_in_constant_time(a, b));
  for (auto& byte : b.bytes) {
    byte = 1;
    CHECK(!mev::equal_in_constant_time(a, b));
    byte = 0;
  }
}

TEST(writer_pads_with_zeros_and_says_what_did_not_fit) {
  std::vector<std::uint8_t> buffer(512, 0xEE);
  mev::OutcomeRecord record;
  mev::FrameWriter writer(buffer.data(), buffer.size());
  CHECK_EQ(writer.block(record).data("12345").complete(1, 2), 168u);
  for (std::size_t i = 161; i < 168; ++i) CHECK_EQ(static_cast<int>(buffer[i]), 0);
  CHECK_EQ(static_cast<int>(buffer[168]), 0xEE);

  for (std::size_t capacity = 0; capacity < 168; ++capacity) {
    // Exactly as large as it says, so that a sanitizer sees every byte too far.
    const std::unique_ptr<std::uint8_t[]> small(new std::uint8_t[capacity]);
    mev::FrameWriter tight(small.get(), capacity);
    CHECK_EQ(tight.block(record).data("12345").complete(1, 2), 0u);
  }
  std::vector<mev::SwapEntry> many(65536);
  std::vector<std::uint8_t> large(65536 * sizeof(mev::SwapEntry) + 1024);
  CHECK_EQ(mev::FrameWriter(large.data(), large.size()).block(mev::TransactionRecord{}).group(mev::Span<const mev::SwapEntry>(many)).complete(1, 1), 0u);
}

TEST(writer_in_place_makes_the_same_bytes) {
  const auto expected = transaction_frame(2, 4);
  std::vector<std::uint64_t> aligned(expected.size() / 8);
  mev::FrameWriter writer(aligned.data(), expected.size());
  auto* record = writer.block_space<mev::TransactionRecord>();
  auto* swaps = writer.group_space<mev::SwapEntry>(2);
  auto* wire = writer.data_space(4);
  CHECK(record != nullptr && swaps != nullptr && wire != nullptr);
  record->slot = 42;
  swaps[0].amount_in = 1;
  swaps[1].amount_in = 2;
  const auto bytes = random_bytes(4, 5);
  std::memcpy(wire, bytes.data(), bytes.size());
  writer.data("abc");
  CHECK_EQ(writer.complete(7, 99), expected.size());
  CHECK(std::memcmp(aligned.data(), expected.data(), expected.size()) == 0);
}

TEST(reader_every_split_of_every_frame) {
  std::vector<std::uint8_t> stream;
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto frame = transaction_frame(i, i * 5, i + 1);
    lengths.push_back(frame.size());
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    // Copies of the exact size: a read outside the buffer is a sanitizer's finding.
    const std::vector<std::uint8_t> head(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(split));
    mev::FrameReader reader;
    mev::ByteView rest(head), frame;
    std::size_t whole = 0, bytes = 0;
    while (reader.try_read(rest, frame) == mev::FrameStatus::Done) bytes += lengths[whole++];
    CHECK_EQ(reader.position(), bytes);
    CHECK_EQ(rest.size(), split - bytes);
    CHECK(whole == lengths.size() || split < bytes + lengths[whole]);
    CHECK(reader.error() == mev::FrameError::None);
    // From there with all that follows, as from a socket's buffer.
    const std::vector<std::uint8_t> tail(stream.begin() + static_cast<std::ptrdiff_t>(bytes), stream.end());
    mev::ByteView more(tail);
    while (reader.try_read(more, frame) == mev::FrameStatus::Done) ++whole;
    CHECK_EQ(whole, lengths.size());
  }
}

TEST(reader_every_flipped_bit_is_found) {
  const auto good = transaction_frame(1, 9);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1u << (bit % 8)));
    mev::FrameReader reader;
    mev::ByteView rest(bad), frame;
    // A greater length only shows with the bytes that it promises.
    const auto status = reader.try_read(rest, frame);
    CHECK(status != mev::FrameStatus::Done);
    CHECK(status == mev::FrameStatus::Malformed || mev::detail::load<std::uint32_t>(bad.data()) > good.size());
  }
}

TEST(reader_malformed_lengths_and_headers_are_named) {
  const auto check = [](std::vector<std::uint8_t> bytes, std::size_t limit, mev::FrameError expected) {
    mev::FrameReader reader(limit);
    mev::ByteView rest(bytes), frame;
    CHECK(reader.try_read(rest, frame) == mev::FrameStatus::Malformed);
    CHECK(reader.error() == expected);
    CHECK_EQ(rest.size(), bytes.size());
    CHECK(std::string(mev::to_text(expected)) != "unknown");
  };
  check({31, 0, 0, 0}, 1024, mev::FrameError::LengthTooSmall);
  check({0, 0, 0, 0}, 1024, mev::FrameError::LengthTooSmall);
  check({0xFF, 0xFF, 0xFF, 0xFF}, 1024, mev::FrameError::LengthTooLarge);
  check({33, 0, 0, 0}, 1024, mev::FrameError::LengthUnaligned);
  const auto good = transaction_frame(0, 0);
  check(good, good.size() - 8, mev::FrameError::LengthTooLarge);
  auto schema = good;
  schema[28] = 0;
  restamp(schema);
  check(schema, 4096, mev::FrameError::UnknownSchema);
  auto block = good;
  mev::detail::store(block.data() + 24, static_cast<std::uint16_t>(good.size() - 31));
  restamp(block);
  check(block, 4096, mev::FrameError::BlockTooLong);
  auto crc = good;
  crc[40] = static_cast<std::uint8_t>(crc[40] + 1);
  check(crc, 4096, mev::FrameError::ChecksumMismatch);
  CHECK(mev::FrameReader::check(mev::ByteView(good).first(24)) == mev::FrameError::LengthTooSmall);
  CHECK(mev::FrameReader::check(mev::ByteView(good).first(64)) == mev::FrameError::LengthUnaligned);
}

TEST(body_shorter_and_longer_blocks_and_entries_are_read_by_what_is_known) {
  struct Newer {
    mev::TransactionRecord known;
    std::uint64_t added = 77;
  } newer;
  newer.known.slot = 5;
  newer.known.reserved2 = 6;
  struct NewerSwap {
    mev::SwapEntry known;
    std::uint64_t added = 78;
  } swaps[2];
  swaps[1].known.amount_out = 9;
  alignas(8) std::uint8_t buffer[2048];
  mev::FrameWriter writer(buffer, sizeof buffer);
  writer.header(mev::TransactionRecord::TemplateId, &newer, sizeof newer).group(mev::Span<const NewerSwap>(swaps)).data("wire").data("meta").data("added");
  std::size_t length = writer.complete(1, 1);
  {
    mev::BodyReader body({buffer, length});
    mev::TransactionRecord record;
    mev::GroupView<mev::SwapEntry> read;
    mev::ByteView wire, meta;
    CHECK(body.block(record) && body.group(read) && body.data(wire) && body.data(meta));
    CHECK_EQ(record.slot, 5u);
    CHECK_EQ(read.size(), 2u);
    CHECK_EQ(read[1].amount_out, 9u);
    CHECK_EQ(meta.text(), "meta");
  }
  // An older writer: a block of 104 bytes, entries of 168, and no variable data.
  struct OldSwap {
    std::uint8_t bytes[168];
  } old[2] = {};
  old[1].bytes[160] = 3;  // amount_in
  writer = mev::FrameWriter(buffer, sizeof buffer);
  writer.header(mev::TransactionRecord::TemplateId, &newer, 104).group(mev::Span<const OldSwap>(old));
  length = writer.complete(1, 1);
  mev::BodyReader body({buffer, length});
  mev::TransactionRecord record;
  mev::GroupView<mev::SwapEntry> read;
  mev::ByteView wire;
  CHECK(body.block(record) && body.group(read) && body.data(wire));
  CHECK_EQ(record.slot, 5u);
  CHECK_EQ(record.reserved2, 0u);
  CHECK_EQ(read[1].amount_in, 3u);
  CHECK_EQ(read[1].amount_out, 0u);
  CHECK(wire.empty());
  mev::OutcomeRecord other;
  CHECK(!mev::BodyReader({buffer, length}).block(other));
}

TEST(body_parts_that_lead_outside_are_refused) {
  const auto good = transaction_frame(1, 9);
  const std::size_t dimension = 32 + 176, wire = dimension + 8 + 224;
  const auto reads = [](const std::vector<std::uint8_t>& bytes) {
    CHECK(mev::FrameReader::check(bytes) == mev::FrameError::None);
    mev::BodyReader body(bytes);
    mev::TransactionRecord record;
    mev::GroupView<mev::SwapEntry> swaps;
    mev::ByteView a, b;
    return body.block(record) && body.group(swaps) && body.data(a) && body.data(b);
  };
  CHECK(reads(good));
  const auto changed = [&](std::size_t at, std::uint16_t value) {
    auto bytes = good;
    mev::detail::store(bytes.data() + at, value);
    restamp(bytes);
    return reads(bytes);
  };
  CHECK(!changed(dimension + 2, 2));       // more entries than there are
  CHECK(!changed(dimension, 0xFFFF));      // longer entries
  CHECK(!changed(dimension, 0));           // empty entries
  CHECK(!changed(dimension + 4, 1));       // nested groups
  CHECK(!changed(dimension + 6, 1));       // variable data in entries
  CHECK(!changed(wire, 0x7FFF));           // data longer than the frame
  CHECK(!changed(wire + 2, 0xFFFF));
}

TEST(reader_random_mutations_never_lead_outside) {
  std::mt19937 random(11);
  std::uint64_t total = 0;
  for (int round = 0; round < 20000; ++round) {
    auto bytes = transaction_frame(random() % 3, random() % 40);
    for (std::uint32_t k = random() % 4; k > 0; --k) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    // Half of them get a checksum that fits, so that the mutations reach the body.
    if (bytes.size() >= 32 && random() % 2 == 0) {
      mev::detail::store(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
      restamp(bytes);
    }
    mev::FrameReader reader(8192);
    mev::ByteView rest(bytes), frame;
    if (reader.try_read(rest, frame) != mev::FrameStatus::Done) continue;
    mev::BodyReader body(frame);
    mev::TransactionRecord record;
    mev::GroupView<mev::SwapEntry> swaps;
    mev::ByteView a;
    if (!body.block(record) || !body.group(swaps)) continue;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < swaps.size(); ++i) sum += swaps[i].amount_in;
    while (body.data(a) && !a.empty()) sum += a.data()[a.size() - 1];
    total += sum;
  }
  CHECK(total != 0);
}
