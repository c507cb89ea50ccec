#include "common/crypto/random.hpp"

#include <sodium.h>

namespace lantaarn::crypto {
namespace {

// A buffer in front of getrandom: one system call for many nonces. Refilled, and wiped as it is used.
struct Reserve {
  std::uint8_t bytes[1024];
  std::size_t left = 0;
};
bool simulated = false;

struct SimulatedSource {
  std::uint8_t key[crypto_stream_chacha20_KEYBYTES] = {};
  std::uint64_t counter = 0;
};
SimulatedSource simulated_source;

void simulated_bytes(void* out, std::size_t size) {
  std::uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
  store_le(nonce, ++simulated_source.counter);
  crypto_stream_chacha20(static_cast<std::uint8_t*>(out), size, nonce, simulated_source.key);
}
std::uint32_t simulated_u32() {
  std::uint32_t value;
  simulated_bytes(&value, sizeof value);
  return value;
}
const char* simulated_name() { return "lantaarn-simulation"; }

randombytes_implementation simulated_implementation = {simulated_name, simulated_u32, nullptr, nullptr, simulated_bytes, nullptr};

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
  thread_local Reserve reserve;
  if (simulated || out.size() > 64) {
    randombytes_buf(out.data(), out.size());
    return;
  }
  if (reserve.left < out.size()) {
    randombytes_buf(reserve.bytes, sizeof reserve.bytes);
    reserve.left = sizeof reserve.bytes;
  }
  std::uint8_t* from = reserve.bytes + (sizeof reserve.bytes - reserve.left);
  std::memcpy(out.data(), from, out.size());
  sodium_memzero(from, out.size());
  reserve.left -= out.size();
}

std::uint64_t random_u64() {
  std::uint8_t raw[8];
  fill_random(raw);
  return load_le<std::uint64_t>(raw);
}

void seed_whole_process_for_simulation(std::uint64_t seed) {
  store_le(simulated_source.key, seed);
  simulated_source.counter = 0;
  if (!simulated) randombytes_set_implementation(&simulated_implementation);
  simulated = true;
}

}  // namespace lantaarn::crypto
