#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

/// Every 32 bytes in a row that whoever holds `bytes` could try as a key.
template <typename Try>
void for_each_window(ByteView bytes, Try&& attempt) {
  for (std::size_t at = 0; at + 32 <= bytes.size(); ++at) attempt(*crypto::Key::from(bytes.subspan(at, 32)));
}

}  // namespace

TEST_CASE("with the whole folder, device secret and all, but no PIN, no key signs for a user or opens her cards", "[vault][thief]") {
  support::TestHandheld world;
  world.enrol_both();
  crypto::VerifyKey verify{};
  Bytes for_noor;
  Bytes loot;
  {
    auto vault = world.open_vault();
    const auto noor = vault->unlock(*vault->find_user("Noor"), support::pin_of("12345678"), world.clock.now());
    verify = noor->sign.verify_key();
    for_noor = crypto::seal_to(noor->box.public_key(), as_bytes("card"));
    // What the vault gives without a PIN, besides what lies in the files.
    const auto channel = vault->channel_keys();
    append(loot, channel->private_key.view());
    append(loot, channel->psk.view());
  }
  append(loot, world.secret.secret->view());
  for_each_window(loot, [&](const crypto::Key& key) {
    CHECK(crypto::SignKey(key).verify_key() != verify);
    CHECK_FALSE(crypto::BoxKey(key.duplicate()).open(for_noor).has_value());
  });
  for (const auto& file : world.vfs.disk().files()) {
    std::size_t opened = 0;
    for_each_window(world.vfs.disk().content(file), [&](const crypto::Key& key) {
      // A clamped X25519 key and a seed are both 32 bytes; comparing public keys finds either.
      if (!std::any_of(key.view().begin(), key.view().end(), [](std::uint8_t byte) { return byte != 0; })) return;
      opened += crypto::SignKey(key).verify_key() == verify;
    });
    INFO(file);
    CHECK(opened == 0);
  }
}
