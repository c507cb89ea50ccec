#include "sync_server/backup/secret_sharing.hpp"

extern "C" {  // the header leaves that to us
#include <libgfshare.h>
}

#include <memory>

#include "common/crypto/random.hpp"

namespace lantaarn::server::backup {
namespace {

using Gfshare = std::unique_ptr<gfshare_ctx, void (*)(gfshare_ctx*)>;

// The library brings no source of randomness of its own; it also overwrites its buffers with this one at the end.
void from_the_kernel(unsigned char* out, unsigned int size) { crypto::fill_random({out, size}); }

Gfshare must(gfshare_ctx* context) {
  if (context == nullptr) throw std::bad_alloc();
  return {context, &gfshare_ctx_free};
}

}  // namespace

std::array<Share, kShares> split(const SharedSecret& secret) {
  gfshare_fill_rand = from_the_kernel;
  unsigned char numbers[kShares] = {1, 2, 3};
  const Gfshare context = must(gfshare_ctx_init_enc(numbers, kShares, kSharesNeeded, kSharedBytes));
  SharedSecret whole = secret.duplicate();  // the library asks for what it may write to
  gfshare_ctx_enc_setsecret(context.get(), whole.data());
  std::array<Share, kShares> shares;
  for (std::size_t i = 0; i < kShares; ++i) {
    shares[i].number = numbers[i];
    gfshare_ctx_enc_getshare(context.get(), static_cast<unsigned char>(i), shares[i].bytes.data());
  }
  return shares;
}

SharedSecret join(const Share& one, const Share& other) {
  gfshare_fill_rand = from_the_kernel;
  unsigned char numbers[kSharesNeeded] = {static_cast<unsigned char>(one.number), static_cast<unsigned char>(other.number)};
  const Gfshare context = must(gfshare_ctx_init_dec(numbers, kSharesNeeded, kSharedBytes));
  SharedSecret first = one.bytes.duplicate(), second = other.bytes.duplicate(), whole;
  gfshare_ctx_dec_giveshare(context.get(), 0, first.data());
  gfshare_ctx_dec_giveshare(context.get(), 1, second.data());
  gfshare_ctx_dec_extract(context.get(), whole.data());
  return whole;
}

}  // namespace lantaarn::server::backup
