#include "tests/support/random.hpp"

#include <cstdlib>

#include "common/crypto/hash.hpp"

namespace lantaarn::support {

std::uint64_t test_seed() {
  if (const char* wished = std::getenv("LANTAARN_SEED")) return std::strtoull(wished, nullptr, 10);
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

Bytes Random::bytes(std::size_t count) {
  Bytes made(count);
  for (auto& byte : made) byte = static_cast<std::uint8_t>(engine_());
  return made;
}

crypto::PinKdf cheap_pin_kdf() {
  return [](ByteView pin_and_device_secret, ByteView salt, const crypto::KdfParameters& parameters) -> Result<crypto::Key> {
    std::uint8_t cost[16];
    store_le(cost, parameters.memory_bytes);
    store_le(cost + 8, parameters.passes);
    const crypto::Key fixed;  // all zero: cheap, not secret
    const Hash digest = crypto::blake2b_256_keyed(fixed, {pin_and_device_secret, salt, cost});
    return crypto::Key{std::span<const std::uint8_t, 32>(digest)};
  };
}

}  // namespace lantaarn::support
