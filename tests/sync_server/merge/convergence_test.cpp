#include <cstdlib>

#include "tests/support/random.hpp"
#include "tests/sync_server/merge/random_evening.hpp"

using namespace lantaarn;

namespace {

// LANTAARN_SEED runs one evening again.
constexpr std::uint64_t kEvenings = 1000;

// Where two registries part, before their digests only say that they do.
void require_equal_counts(const server::Digest& a, const server::Digest& b) {
  CHECK(a.events == b.events);
  CHECK(a.clients == b.clients);
  CHECK(a.contacts == b.contacts);
  CHECK(a.follow_ups == b.follow_ups);
  CHECK(a.records == b.records);
  CHECK(a.rounds == b.rounds);
  CHECK(a.review_cases == b.review_cases);
  CHECK(a.quarantined == b.quarantined);
}

void require_convergence(std::uint64_t seed) {
  INFO("LANTAARN_SEED=" << seed);
  support::Draw draw(seed);
  const support::GeneratedServer server(draw);
  const support::Evening evening = support::draw_evening(draw, server);
  const auto in_order = support::deliver_in_order(evening, server);
  const auto at_random = support::deliver_at_random(evening, server, draw);
  require_equal_counts(at_random.digest, in_order.digest);
  REQUIRE(at_random.digest.text() == in_order.digest.text());
  REQUIRE(at_random.digest == in_order.digest);
  const auto scratch = support::registry_in_memory(server);
  const auto rebuilt = server::rebuild_and_compare(*at_random.registry, *scratch, server.keys);
  LANTAARN_OK(rebuilt);
  REQUIRE(rebuilt->rebuilt == in_order.digest);
}

}  // namespace

TEST_CASE("a thousand evenings, delivered in any order and in any batches, give one digest each", "[merge][random]") {
  if (std::getenv("LANTAARN_SEED") != nullptr) {
    require_convergence(support::test_seed());
    return;
  }
  const std::uint64_t first = support::test_seed() % 1'000'000'000;
  for (std::uint64_t seed = first; seed < first + kEvenings; ++seed) require_convergence(seed);
}

TEST_CASE("another evening gives another digest", "[merge][random]") {
  support::Draw draw(1);
  const support::GeneratedServer server(draw);
  const auto one = support::deliver_in_order(support::draw_evening(draw, server), server);
  const auto two = support::deliver_in_order(support::draw_evening(draw, server), server);
  CHECK(one.digest.value != two.digest.value);
}

TEST_CASE("random evenings hold what the test is about", "[merge][random]") {
  std::set<std::string> reasons;
  std::size_t cases = 0, retracted = 0, amended = 0, unknown = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    support::Draw draw(seed);
    const support::GeneratedServer server(draw);
    const auto delivered = support::deliver_in_order(support::draw_evening(draw, server), server);
    LANTAARN_OK(delivered.registry->quarantine([&](const server::Quarantined& one) -> Status {
      reasons.insert(one.reason);
      return {};
    }));
    LANTAARN_OK(delivered.registry->contacts({}, [&](const server::Contact& contact) -> Status {
      retracted += contact.retracted ? 1 : 0;
      amended += contact.amended ? 1 : 0;
      return {};
    }));
    cases += delivered.digest.review_cases;
    unknown += delivered.registry->overview(support::kToday)->unknown_facts;
  }
  CHECK(reasons == std::set<std::string>{"author_unknown", "author_mismatch", "event_invalid", "event_unreadable", "fork",
                                         "device_revoked", "server_fact_from_handheld", "entry_not_authentic"});
  CHECK(cases > 0);
  CHECK(retracted > 0);
  CHECK(amended > 0);
  CHECK(unknown > 0);
}
