// A session in which one bit flips on its way, for many bits or (tools/test --tamper) every one of every frame in both
// directions: the connection ends there, nothing but what was sent comes out (Wire sees to that), and the next session
// makes everything good. The handshake's bits: tests/common/channel.
#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/sim/call.hpp"
#include "tests/sim/checks.hpp"
#include "tests/support/flips.hpp"

using namespace lantaarn;
using namespace lantaarn::sim;

namespace {

constexpr int kSavesASession = 3;
constexpr std::uint64_t kFlipsAWorld = 200;  // what is kept grows, and so does what is checked

struct Evening {
  explicit Evening(std::uint64_t seed) : world(seed, counts) {
    world.clients = {crypto::random_id<ClientId>()};
    handhelds.push_back(std::make_unique<Handheld>(world, std::make_shared<Owners>(), server.secrets().sealing.public_key()));
    server.enrol(*handhelds.front());
    server.bind_late();
  }
  void save() {
    for (int i = 0; i < kSavesASession; ++i) handhelds.front()->save(true);
  }
  std::shared_ptr<Call> sync(const std::function<void(Call&)>& before) {
    const auto call = std::make_shared<Call>(*handhelds.front(), server);
    before(*call);
    for (int idle = 0; !call->over() && idle < 3;) {
      if (call->step()) {
        idle = 0;
      } else if (server.has_jobs()) {
        server.commit_some(true);
      } else {
        ++idle;
      }
    }
    call->cut();  // the other end is gone
    return call;
  }
  void everything_is_there() {
    Checks checks(world, server, handhelds);
    checks.everything_arrived();
    server.merge(true);
    checks.forks();
    checks.everything_merged();
  }

  Counts counts;
  World world;
  Server server{world};
  std::vector<std::unique_ptr<Handheld>> handhelds;
};

}  // namespace

TEST_CASE("a bit that flips anywhere in a session ends it, and the next one makes everything good", "[tamper]") {
  lantaarn::support::Random random(lantaarn::support::flips_seed());
  INFO("LANTAARN_SEED=" << random.seed());
  std::vector<std::size_t> up, down;
  {
    Evening evening(random.seed());
    evening.save();
    const auto call = evening.sync([](Call&) {});
    REQUIRE(call->succeeded());
    up = call->up().frame_bytes();
    down = call->down().frame_bytes();
  }
  REQUIRE(up.size() >= 5);
  REQUIRE(down.size() >= 4);
  std::uint64_t bits = 0;
  for (const auto& direction : {up, down}) {
    for (const std::size_t bytes : direction) bits += 8 * bytes;
  }
  support::Flips flips(bits, 1000, random);
  std::unique_ptr<Evening> evening;
  std::uint64_t ended = 0;
  for (std::uint64_t i = 0; i < flips.count(); ++i) {
    if (i % kFlipsAWorld == 0) {
      if (evening) evening->everything_is_there();
      evening = std::make_unique<Evening>(random.seed() + i);
    }
    std::uint64_t bit = flips.bit(i);
    const std::vector<std::size_t>* direction = &up;
    std::size_t frame = 0;
    while (bit >= 8 * (*direction)[frame]) {
      bit -= 8 * (*direction)[frame];
      if (++frame < direction->size()) continue;
      direction = &down;
      frame = 0;
    }
    CAPTURE(direction == &up, frame, bit);
    evening->save();
    const auto call = evening->sync([&](Call& one) { (direction == &up ? one.up() : one.down()).spoil(frame, bit); });
    const bool met = (direction == &up ? call->up() : call->down()).frame_bytes().size() > frame;
    // What a handheld no longer waits for may be spoilt without anybody seeing it.
    if (met && !call->succeeded()) ++ended;
    const auto next = evening->sync([](Call&) {});
    REQUIRE(next->succeeded());
  }
  evening->everything_is_there();
  std::printf("session: %llu of %llu bits flipped, %llu sessions ended by it\n", static_cast<unsigned long long>(flips.count()),
              static_cast<unsigned long long>(bits), static_cast<unsigned long long>(ended));
  CHECK(ended > flips.count() / 2);
}
