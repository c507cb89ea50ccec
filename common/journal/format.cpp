#include "common/journal/format.hpp"

#include "common/crypto/aead.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"

namespace lantaarn::journal {
namespace {

constexpr std::uint8_t kFlagBox = 1;

// Offsets in the header.
constexpr std::size_t kAtVersion = 0;
constexpr std::size_t kAtFlags = 1;
constexpr std::size_t kAtEpoch = 4;
constexpr std::size_t kAtSeq = 8;
constexpr std::size_t kAtDevice = 16;
constexpr std::size_t kAtLog = 32;
constexpr std::size_t kAtAuthor = 48;
constexpr std::size_t kAtSealKey = 64;
constexpr std::size_t kAtPrevious = 80;
constexpr std::size_t kAtSealingKey = 112;
constexpr std::size_t kAtBoxBytes = 116;
constexpr std::size_t kAtCipherBytes = 120;
static_assert(kAtPrevious + sizeof(Hash) == kAtSealingKey);
static_assert(kAtCipherBytes + 8 == kHeaderBytes);

void write_header(std::uint8_t* out, const EntryHeader& header, std::size_t box_bytes, std::size_t cipher_bytes) {
  std::memset(out, 0, kHeaderBytes);
  out[kAtVersion] = kEntryVersion;
  out[kAtFlags] = box_bytes == 0 ? 0 : kFlagBox;
  store_le(out + kAtEpoch, header.epoch);
  store_le(out + kAtSeq, header.seq);
  std::memcpy(out + kAtDevice, header.device.bytes.data(), kIdBytes);
  std::memcpy(out + kAtLog, header.log.bytes.data(), kIdBytes);
  std::memcpy(out + kAtAuthor, header.author.bytes.data(), kIdBytes);
  std::memcpy(out + kAtSealKey, header.seal_key.bytes.data(), kIdBytes);
  std::memcpy(out + kAtPrevious, header.previous.data(), header.previous.size());
  store_le(out + kAtSealingKey, header.sealing_key);
  store_le(out + kAtBoxBytes, static_cast<std::uint16_t>(box_bytes));
  store_le(out + kAtCipherBytes, static_cast<std::uint32_t>(cipher_bytes));
}

EntryHeader read_header(const std::uint8_t* in) {
  EntryHeader header;
  header.epoch = load_le<std::uint32_t>(in + kAtEpoch);
  header.seq = load_le<std::uint64_t>(in + kAtSeq);
  std::memcpy(header.device.bytes.data(), in + kAtDevice, kIdBytes);
  std::memcpy(header.log.bytes.data(), in + kAtLog, kIdBytes);
  std::memcpy(header.author.bytes.data(), in + kAtAuthor, kIdBytes);
  std::memcpy(header.seal_key.bytes.data(), in + kAtSealKey, kIdBytes);
  std::memcpy(header.previous.data(), in + kAtPrevious, header.previous.size());
  header.sealing_key = load_le<std::uint32_t>(in + kAtSealingKey);
  return header;
}

std::size_t padded(std::size_t event_bytes) { return (event_bytes + 4 + kPadBytes - 1) / kPadBytes * kPadBytes; }

ByteArray<72> head_message(const DeviceId& device, const LogId& log, std::uint64_t seq, const Hash& hash) {
  ByteArray<72> message;
  std::memcpy(message.data(), device.bytes.data(), kIdBytes);
  std::memcpy(message.data() + 16, log.bytes.data(), kIdBytes);
  store_le(message.data() + 32, seq);
  std::memcpy(message.data() + 40, hash.data(), hash.size());
  return message;
}

constexpr std::string_view kHeadContext = "lantaarn journal head v1";

}  // namespace

Hash genesis_hash(const Genesis& genesis) {
  std::uint8_t seq[8];
  store_le(seq, genesis.after_seq);
  return crypto::blake2b_256({as_bytes("lantaarn journal genesis v1"), genesis.device.view(), genesis.log.view(),
                              genesis.after_log.view(), seq, genesis.after_hash});
}

Bytes make_seal_key_box(const SealKey& key, const DeviceId& device, const LogId& log,
                        const crypto::BoxPublicKey& server_sealing_key) {
  crypto::Secret<80> plain;
  std::memcpy(plain.data(), key.key.data(), 32);
  std::memcpy(plain.data() + 32, device.bytes.data(), kIdBytes);
  std::memcpy(plain.data() + 48, log.bytes.data(), kIdBytes);
  std::memcpy(plain.data() + 64, key.id.bytes.data(), kIdBytes);
  return crypto::seal_to(server_sealing_key, plain.view());
}

Result<crypto::Key> open_seal_key_box(const crypto::BoxKey& server_sealing_key, ByteView box, const DeviceId& device,
                                      const LogId& log, const KeyId& id) {
  auto plain = server_sealing_key.open(box);
  if (!plain || plain->size() != 80) return corrupt("seal_key_box");
  const ByteView view = plain->view();
  const bool named = crypto::equal(view.subspan(32, 16), device.view()) && crypto::equal(view.subspan(48, 16), log.view()) &&
                     crypto::equal(view.subspan(64, 16), id.view());
  if (!named) return corrupt("seal_key_box");
  return std::move(*crypto::Key::from(view.first(32)));
}

// Every byte is written once: the event is put where its ciphertext will stand, zeros after it are its padding.
Bytes seal_entry(const EntryHeader& header, ByteView seal_key_box, const SealKey& key, ByteView event) {
  const std::size_t cipher_bytes = padded(event.size()) + crypto::kTagBytes;
  const std::size_t additional_bytes = kHeaderBytes + seal_key_box.size();
  Bytes entry(additional_bytes + kNonceBytes + cipher_bytes);
  write_header(entry.data(), header, seal_key_box.size(), cipher_bytes);
  if (!seal_key_box.empty()) std::memcpy(entry.data() + kHeaderBytes, seal_key_box.data(), seal_key_box.size());
  const auto nonce = std::span(entry).subspan(additional_bytes, kNonceBytes);
  crypto::fill_random(nonce);
  const auto text = std::span(entry).subspan(additional_bytes + kNonceBytes);
  store_le(text.data(), static_cast<std::uint32_t>(event.size()));
  if (!event.empty()) std::memcpy(text.data() + 4, event.data(), event.size());
  crypto::xchacha_encrypt_in_place(key.key, nonce, ByteView(entry).first(additional_bytes), text);
  return entry;
}

Result<EntryView> parse_entry(ByteView bytes) {
  if (bytes.size() < kHeaderBytes || bytes.size() > kEntryBytesMax) return corrupt("entry_unreadable");
  const std::size_t box_bytes = load_le<std::uint16_t>(bytes.data() + kAtBoxBytes);
  const std::size_t cipher_bytes = load_le<std::uint32_t>(bytes.data() + kAtCipherBytes);
  const std::uint8_t flags = bytes[kAtFlags];
  const bool lengths_fit = (box_bytes == 0 || box_bytes == kSealKeyBoxBytes) && (flags == (box_bytes == 0 ? 0 : kFlagBox)) &&
                           bytes.size() == kHeaderBytes + box_bytes + kNonceBytes + cipher_bytes &&
                           cipher_bytes >= kPadBytes + crypto::kTagBytes &&
                           (cipher_bytes - crypto::kTagBytes) % kPadBytes == 0;
  if (bytes[kAtVersion] != kEntryVersion || !lengths_fit) return corrupt("entry_unreadable");
  EntryView entry;
  entry.header = read_header(bytes.data());
  entry.bytes = bytes;
  entry.additional = bytes.first(kHeaderBytes + box_bytes);
  entry.box = bytes.subspan(kHeaderBytes, box_bytes);
  entry.nonce = bytes.subspan(kHeaderBytes + box_bytes, kNonceBytes);
  entry.cipher = bytes.last(cipher_bytes);
  if (entry.header.seq == 0) return corrupt("entry_unreadable");
  return entry;
}

Hash entry_hash(ByteView entry_bytes) { return crypto::blake2b_256({entry_bytes}); }

Status open_entry(const EntryView& entry, const crypto::Key& key, Bytes& event) {
  if (!crypto::xchacha_decrypt(key, entry.nonce, entry.additional, entry.cipher, event)) return corrupt("entry_not_authentic");
  const std::size_t event_bytes = load_le<std::uint32_t>(event.data());
  if (event_bytes + 4 > event.size()) return corrupt("entry_not_authentic");
  std::memmove(event.data(), event.data() + 4, event_bytes);
  event.resize(event_bytes);
  return {};
}

crypto::Signature sign_head(const crypto::SignKey& author, const DeviceId& device, const LogId& log, std::uint64_t seq,
                            const Hash& hash) {
  return author.sign(kHeadContext, head_message(device, log, seq, hash));
}

bool verify_head(const crypto::VerifyKey& author, const DeviceId& device, const LogId& log, std::uint64_t seq, const Hash& hash,
                 ByteView signature) {
  return crypto::verify(author, kHeadContext, head_message(device, log, seq, hash), signature);
}

}  // namespace lantaarn::journal
