#include <fstream>
#include <set>

#include "tests/common/journal/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

namespace {

template <typename IdType>
IdType id_of(std::uint8_t byte) {
  IdType id;
  id.bytes.fill(byte);
  return id;
}

crypto::Key key_of(std::uint8_t byte) {
  const ByteArray<32> raw = [&] { ByteArray<32> r; r.fill(byte); return r; }();
  return crypto::Key(raw);
}

std::string golden(const std::string& key) {
  std::ifstream file(std::string(LANTAARN_VECTORS) + "/journal/entry_v1.txt");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
  }
  return "no line " + key;
}

EntryHeader header_of(std::uint64_t seq, const Hash& previous) {
  return {7, seq, id_of<DeviceId>(1), id_of<LogId>(2), id_of<UserId>(3), id_of<KeyId>(4), previous, 1};
}

}  // namespace

TEST_CASE("the golden entry reads as it always did, with its box and its signature", "[journal]") {
  const Bytes bytes = from_hex(golden("entry")).value_or(Bytes{});
  const auto entry = parse_entry(bytes);
  REQUIRE(entry.ok());
  const Genesis genesis{id_of<DeviceId>(1), id_of<LogId>(2), id_of<LogId>(9), 5, Hash{0xaa}};
  CHECK(entry->header.epoch == 7);
  CHECK(entry->header.seq == 1);
  CHECK(entry->header.author == id_of<UserId>(3));
  CHECK(entry->header.sealing_key == 1);
  CHECK(to_hex(genesis_hash(genesis)) == golden("genesis"));
  CHECK(entry->header.previous == genesis_hash(genesis));
  CHECK(to_hex(entry_hash(bytes)) == golden("hash"));

  const crypto::BoxKey server(key_of(0x55));
  const auto seal_key = open_seal_key_box(server, entry->box, id_of<DeviceId>(1), id_of<LogId>(2), id_of<KeyId>(4));
  REQUIRE(seal_key.ok());
  Bytes event;
  REQUIRE(open_entry(*entry, *seal_key, event).ok());
  CHECK(to_string(event) == "lantaarn golden event");

  const crypto::SignKey author(key_of(0x77));
  const Bytes signature = *from_hex(golden("signature"));
  CHECK(verify_head(author.verify_key(), id_of<DeviceId>(1), id_of<LogId>(2), 1, entry_hash(bytes), signature));
  CHECK(to_bytes(sign_head(author, id_of<DeviceId>(1), id_of<LogId>(2), 1, entry_hash(bytes))) == signature);
}

TEST_CASE("a seal-key box opens only for the device, log and key it names", "[journal]") {
  const crypto::BoxKey server(key_of(0x55));
  const SealKey key{id_of<KeyId>(4), key_of(6)};
  const Bytes box = make_seal_key_box(key, id_of<DeviceId>(1), id_of<LogId>(2), server.public_key());
  CHECK(open_seal_key_box(server, box, id_of<DeviceId>(1), id_of<LogId>(2), id_of<KeyId>(4)).ok());
  CHECK_FALSE(open_seal_key_box(server, box, id_of<DeviceId>(8), id_of<LogId>(2), id_of<KeyId>(4)).ok());
  CHECK_FALSE(open_seal_key_box(server, box, id_of<DeviceId>(1), id_of<LogId>(8), id_of<KeyId>(4)).ok());
  CHECK_FALSE(open_seal_key_box(server, box, id_of<DeviceId>(1), id_of<LogId>(2), id_of<KeyId>(8)).ok());
  CHECK_FALSE(open_seal_key_box(crypto::BoxKey(key_of(0x56)), box, id_of<DeviceId>(1), id_of<LogId>(2), id_of<KeyId>(4)).ok());
}

TEST_CASE("every flipped bit of an entry is seen", "[journal]") {
  const SealKey key{id_of<KeyId>(4), key_of(6)};
  const crypto::BoxKey server(key_of(0x55));
  const Bytes box = make_seal_key_box(key, id_of<DeviceId>(1), id_of<LogId>(2), server.public_key());
  Bytes entry = seal_entry(header_of(1, Hash{}), box, key, as_bytes("dertig minuten gesproken"));
  const Hash hash = entry_hash(entry);
  for (std::size_t bit = 0; bit < entry.size() * 8; ++bit) {
    entry[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    Bytes event;
    const auto parsed = parse_entry(entry);
    const bool opened = parsed.ok() && open_entry(*parsed, key.key, event).ok();
    if (opened || entry_hash(entry) == hash) FAIL("bit " << bit << " went unseen");
    entry[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST_CASE("the size of an entry tells only the size class of its event", "[journal]") {
  const SealKey key{id_of<KeyId>(4), key_of(6)};
  const auto size_for = [&](std::size_t event_bytes) {
    return seal_entry(header_of(1, Hash{}), {}, key, Bytes(event_bytes, 'x')).size();
  };
  CHECK(size_for(1) == size_for(252));
  CHECK(size_for(253) == size_for(252) + 256);
  CHECK(size_for(600) == kHeaderBytes + kNonceBytes + 768 + 16);
  CHECK(size_for(kEventBytesMax) <= kEntryBytesMax);
}

TEST_CASE("an entry of any other length than its header says is unreadable", "[journal]") {
  const SealKey key{id_of<KeyId>(4), key_of(6)};
  Bytes entry = seal_entry(header_of(1, Hash{}), {}, key, as_bytes("kort"));
  for (std::size_t size = 0; size < entry.size(); ++size) {
    CHECK_FALSE(parse_entry(ByteView(entry).first(size)).ok());
  }
  entry.push_back(0);
  CHECK_FALSE(parse_entry(entry).ok());
}

TEST_CASE("two entries never share a nonce", "[journal]") {
  const SealKey key{id_of<KeyId>(4), key_of(6)};
  std::set<std::string> nonces;
  for (int i = 0; i < 2000; ++i) {
    const Bytes entry = seal_entry(header_of(1, Hash{}), {}, key, as_bytes("x"));
    nonces.insert(to_string(parse_entry(entry)->nonce));
  }
  CHECK(nonces.size() == 2000);
}

TEST_CASE("an entry too large, or of a length that no padding makes, is unreadable", "[journal]") {
  CHECK(parse_entry(Bytes(kEntryBytesMax + 1)).error().code == "entry_unreadable");
  const SealKey key{id_of<KeyId>(4), key_of(6)};
  const Bytes entry = seal_entry(header_of(1, Hash{}), {}, key, as_bytes("kort"));
  const std::size_t cipher = entry.size() - kHeaderBytes - kNonceBytes;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{16}, cipher - 1, cipher + 1}) {
    Bytes other = entry;
    other.resize(kHeaderBytes + kNonceBytes + bytes);
    store_le(other.data() + 120, static_cast<std::uint32_t>(bytes));
    INFO(bytes);
    CHECK(parse_entry(other).error().code == "entry_unreadable");
  }
}
