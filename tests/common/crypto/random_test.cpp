#include "common/crypto/random.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace lantaarn;
using namespace lantaarn::crypto;

TEST_CASE("random ids do not repeat, from the small reserve nor beside it", "[crypto]") {
  std::set<EventId> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(random_id<EventId>());
  CHECK(ids.size() == 10'000);
  ByteArray<256> one;
  ByteArray<256> other;
  fill_random(one);
  fill_random(other);
  CHECK(one != other);
}

// Last in its file and alone in its process: from here on nothing is random any more.
TEST_CASE("a simulated process repeats itself from its seed", "[crypto]") {
  const auto draw = [](std::uint64_t seed) {
    seed_whole_process_for_simulation(seed);
    std::vector<std::uint64_t> drawn{random_u64(), random_u64()};
    ByteArray<100> much;
    fill_random(much);
    drawn.push_back(load_le<std::uint64_t>(much.data()));
    return drawn;
  };
  const auto first = draw(42);
  CHECK(draw(42) == first);
  CHECK(draw(43) != first);
  CHECK(first[0] != first[1]);
}
