#include "firmware_app/vault/slots.hpp"

#include "common/crypto/random.hpp"

namespace lantaarn::firmware {
namespace {

constexpr std::string_view kContext = "lantaarn slot v1";
// version ‖ use ‖ user ‖ box key ‖ signing seed ‖ zeros
constexpr std::uint8_t kOwnUse = 0;
constexpr std::uint8_t kDuressUse = 1;
constexpr std::size_t kUserAt = 2;
constexpr std::size_t kBoxAt = kUserAt + kIdBytes;
constexpr std::size_t kSignAt = kBoxAt + 32;

Bytes additional_for(ByteView salt) {
  std::string additional(kContext);
  additional += as_text(salt);
  return to_bytes(as_bytes(additional));
}

std::optional<UserSeeds> read_seeds(const crypto::SecretBytes& plain) {
  const ByteView bytes = plain.view();
  if (bytes.size() != kSlotPlainBytes || bytes[0] != kSlotVersion || bytes[1] > kDuressUse) return std::nullopt;
  UserSeeds seeds;
  seeds.duress = bytes[1] == kDuressUse;
  std::memcpy(seeds.user.bytes.data(), bytes.data() + kUserAt, kIdBytes);
  std::memcpy(seeds.box.data(), bytes.data() + kBoxAt, 32);
  std::memcpy(seeds.sign.data(), bytes.data() + kSignAt, 32);
  return seeds;
}

}  // namespace

UserSeeds make_seeds(const UserId& user) { return {user, crypto::random_secret<32>(), crypto::random_secret<32>()}; }

UserSeeds duress_seeds(const UserSeeds& own) { return {own.user, crypto::random_secret<32>(), own.sign.duplicate(), true}; }

Bytes seal_slot(const crypto::Key& pin_key, ByteView salt, const UserSeeds& seeds) {
  crypto::SecretBytes plain(kSlotPlainBytes);
  plain.data()[0] = kSlotVersion;
  plain.data()[1] = seeds.duress ? kDuressUse : kOwnUse;
  std::memcpy(plain.data() + kUserAt, seeds.user.bytes.data(), kIdBytes);
  std::memcpy(plain.data() + kBoxAt, seeds.box.data(), 32);
  std::memcpy(plain.data() + kSignAt, seeds.sign.data(), 32);
  return crypto::seal_record(pin_key, additional_for(salt), plain.view());
}

Slots make_slots(const crypto::Key& pin_key, ByteView salt, const UserSeeds& seeds) {
  const std::size_t real = crypto::random_u64() & 1;
  Slots slots;
  slots[real] = seal_slot(pin_key, salt, seeds);
  slots[1 - real] = random_slot();
  return slots;
}

Bytes random_slot() {
  Bytes slot(kSlotBytes);
  crypto::fill_random(slot);
  return slot;
}

bool opens_slot(const crypto::Key& pin_key, ByteView salt, ByteView slot) {
  return crypto::open_secret_record(pin_key, additional_for(salt), slot).has_value();
}

std::optional<OpenedSlot> open_slots(const crypto::Key& pin_key, ByteView salt, const Slots& slots) {
  const Bytes additional = additional_for(salt);
  std::optional<OpenedSlot> opened;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto plain = crypto::open_secret_record(pin_key, additional, slots[i]);
    if (!plain) continue;
    if (auto seeds = read_seeds(*plain)) opened = OpenedSlot{std::move(*seeds), i};
  }
  return opened;
}

}  // namespace lantaarn::firmware
