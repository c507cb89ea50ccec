#include "common/channel/noise.hpp"

#include <limits>

#include "common/channel/limits.hpp"
#include "common/crypto/aead.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"

namespace lantaarn::channel {
namespace {

static_assert(kFrameTagBytes == crypto::kTagBytes);

constexpr std::uint64_t kCounterEnd = std::numeric_limits<std::uint64_t>::max();

ByteArray<12> nonce_of(std::uint64_t counter) {
  ByteArray<12> nonce{};
  store_le(nonce.data() + 4, counter);
  return nonce;
}

/// HKDF (section 4.3): as many outputs as are asked for, at most three.
template <std::size_t N>
std::array<crypto::Key, N> hkdf(const crypto::Key& chaining_key, ByteView input) {
  crypto::Key temporary;
  crypto::hmac_sha256(chaining_key.view(), {input}, temporary.span());
  std::array<crypto::Key, N> out;
  ByteView previous;
  std::uint8_t index = 1;
  for (crypto::Key& key : out) {
    crypto::hmac_sha256(temporary.view(), {previous, ByteView(&index, 1)}, key.span());
    previous = key.view();
    ++index;
  }
  return out;
}

}  // namespace

DhKeyPair::DhKeyPair(crypto::Key private_key)
    : private_key_(std::move(private_key)), public_key_(crypto::dh_public(private_key_)) {}

DhKeyPair DhKeyPair::random() { return DhKeyPair(crypto::random_secret<32>()); }

CipherState::CipherState(crypto::Key key, std::uint64_t counter) : key_(std::move(key)), counter_(counter) {}

bool CipherState::encrypt(ByteView additional, ByteView plain, std::uint8_t* out) {
  if (counter_ == kCounterEnd) return false;
  crypto::chacha_encrypt(key_.view(), nonce_of(counter_), additional, plain, out);
  ++counter_;
  return true;
}

bool CipherState::decrypt(ByteView additional, ByteView cipher, std::uint8_t* out) {
  if (counter_ == kCounterEnd) return false;
  if (!crypto::chacha_decrypt(key_.view(), nonce_of(counter_), additional, cipher, out)) return false;
  ++counter_;
  return true;
}

SymmetricState::SymmetricState(ByteView prologue) {
  static_assert(kProtocolName.size() > 32, "a shorter name would be padded instead of hashed");
  hash_ = crypto::sha256({as_bytes(kProtocolName)});
  std::memcpy(chaining_key_.data(), hash_.data(), hash_.size());
  mix_hash(prologue);
}

void SymmetricState::mix_hash(ByteView data) { hash_ = crypto::sha256({hash_, data}); }

void SymmetricState::mix_key(ByteView input) {
  auto keys = hkdf<2>(chaining_key_, input);
  chaining_key_ = std::move(keys[0]);
  cipher_.emplace(std::move(keys[1]));
}

void SymmetricState::mix_key_and_hash(ByteView psk) {
  auto keys = hkdf<3>(chaining_key_, psk);
  chaining_key_ = std::move(keys[0]);
  mix_hash(keys[1].view());
  cipher_.emplace(std::move(keys[2]));
}

Status SymmetricState::encrypt_and_hash(ByteView plain, Bytes& out) {
  const std::size_t at = out.size();
  out.resize(at + plain.size() + kFrameTagBytes);
  if (!cipher_ || !cipher_->encrypt(hash_, plain, out.data() + at)) return bug("channel: no handshake key");
  mix_hash(ByteView(out).subspan(at));
  return {};
}

bool SymmetricState::decrypt_and_hash(ByteView cipher, std::uint8_t* out) {
  const ByteArray<32> hash_after = crypto::sha256({hash_, cipher});
  if (!cipher_ || !cipher_->decrypt(hash_, cipher, out)) return false;
  hash_ = hash_after;
  return true;
}

std::pair<CipherState, CipherState> SymmetricState::split() const {
  auto keys = hkdf<2>(chaining_key_, {});
  return {CipherState(std::move(keys[0])), CipherState(std::move(keys[1]))};
}

}  // namespace lantaarn::channel
