#include <catch2/catch.hpp>

#include "tests/sim/simulation.hpp"

using namespace lantaarn::sim;

TEST_CASE("two hundred evenings of bad luck break no promise", "[sim]") {
  Counts all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Outcome outcome = run_seed(seed);
    INFO("seed " << seed << ": lantaarn-sim --first-seed " << seed << " --seeds 1");
    REQUIRE(outcome.violation == "");
    all.add(outcome.counts);
  }
  // A simulation in which nothing went wrong has shown nothing.
  all.each([](std::string_view name, std::uint64_t count) {
    INFO(name);
    CHECK(count > 10);
  });
}

TEST_CASE("the same seed is the same evening", "[sim]") {
  const Outcome one = run_seed(7);
  const Outcome two = run_seed(7);
  CHECK(one.counts.events == two.counts.events);
  CHECK(one.counts.sessions == two.counts.sessions);
  CHECK(one.counts.power_cuts == two.counts.power_cuts);
}
