#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::CrashPoint;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

bool same(const ChannelKeys& a, const ChannelKeys& b) {
  return crypto::equal(a.private_key.view(), b.private_key.view()) && crypto::equal(a.psk.view(), b.psk.view());
}

}  // namespace

TEST_CASE("new keys stand beside the old ones until they are adopted, and are the same when asked again", "[custody]") {
  World world;
  auto vault = world.open_vault();
  const auto before = vault->channel_keys();
  CHECK_FALSE((*vault->next_channel_keys()).has_value());
  CHECK(vault->adopt_next_keys().ok());
  CHECK(same(*vault->channel_keys(), *before));

  const auto psk = crypto::random_secret<32>();
  const auto first = vault->keep_next_keys(psk);
  const auto again = vault->keep_next_keys(crypto::random_secret<32>());
  CHECK(*first == *again);
  CHECK(same(*vault->channel_keys(), *before));
  const auto last = vault->keep_next_keys(psk);
  REQUIRE(last.ok());
  CHECK(crypto::equal((*vault->next_channel_keys())->psk.view(), psk.view()));

  REQUIRE(vault->adopt_next_keys().ok());
  const auto after = vault->channel_keys();
  CHECK(crypto::dh_public(after->private_key) == *first);
  CHECK(crypto::equal(after->psk.view(), psk.view()));
  CHECK_FALSE((*vault->next_channel_keys()).has_value());
}

TEST_CASE("at every crash point of a renewal one pair is whole, and what was acknowledged is there", "[custody][crash]") {
  World world;
  std::optional<ChannelKeys> before;
  {
    auto vault = world.open_vault();
    before = std::move(*vault->channel_keys());
  }
  const auto psk = crypto::random_secret<32>();
  std::optional<crypto::DhPublicKey> acknowledged;
  bool adopted = false;
  const auto scenario = [&] {
    acknowledged.reset();
    adopted = false;
    auto vault = world.open_vault();
    if (!vault.ok()) return;
    const auto next = vault->keep_next_keys(psk);
    if (!next.ok()) return;
    acknowledged = *next;
    adopted = vault->adopt_next_keys().ok();
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    auto vault = world.open_vault();
    REQUIRE(vault.ok());
    const auto keys = vault->channel_keys();
    REQUIRE(keys.ok());
    const auto next = vault->next_channel_keys();
    REQUIRE(next.ok());
    const bool is_old = same(*keys, *before);
    if (!is_old) CHECK(crypto::equal(keys->psk.view(), psk.view()));
    if (adopted) CHECK_FALSE(is_old);
    if (!acknowledged) return;
    const auto& newest = *next ? **next : *keys;
    CHECK(crypto::dh_public(newest.private_key) == *acknowledged);
    CHECK(crypto::equal(newest.psk.view(), psk.view()));
  });
  WARN("a renewal: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 5);
}
