// Another server's register, taken over by an empty one.
#include "tests/sync_server/merge/random_evening.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
using server::Digest;
using server::EntrySink;

namespace {

struct Receiver {
  explicit Receiver(Draw& draw) : server(draw), registry(registry_in_memory(server)) {
    auto opened = server::Merger::open(*registry, server.keys);
    LANTAARN_OK(opened);
    merger.emplace(std::move(*opened));
  }
  Status adopt(const Delivered& from, const GeneratedServer& sender) {
    const auto replay = [&](EntrySink& sink) -> Result<Digest> {
      LANTAARN_TRY(server::give_entries(*from.registry, sink));
      return server::digest(*from.registry);
    };
    return merger->adopt({sender.keys.server.id, {}}, replay, kEvening);
  }
  Digest digest() {
    const auto now = server::digest(*registry);
    LANTAARN_OK(now);
    return *now;
  }
  GeneratedServer server;
  std::unique_ptr<server::Registry> registry;
  std::optional<server::Merger> merger;
};

}  // namespace

TEST_CASE("whatever an evening brought, its register moves with the same digest", "[merge]") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    Draw draw(seed);
    const GeneratedServer sender(draw);
    const Evening evening = draw_evening(draw, sender);
    const Delivered delivered = deliver_at_random(evening, sender, draw);
    Receiver receiver(draw);
    LANTAARN_OK(receiver.adopt(delivered, sender));
    CHECK(receiver.digest().text() == delivered.digest.text());
    CHECK(receiver.digest().quarantined == delivered.digest.quarantined);
    const auto scratch = registry_in_memory(receiver.server);
    const auto rebuilt = server::rebuild_and_compare(*receiver.registry, *scratch, receiver.server.keys);
    LANTAARN_OK(rebuilt);
    CHECK(rebuilt->agrees());
  }
}

TEST_CASE("a register that is not whole, or not what the sender counted, is not taken over", "[merge]") {
  Draw draw(3);
  const GeneratedServer sender(draw);
  const Delivered delivered = deliver_in_order(draw_evening(draw, sender), sender);
  Receiver receiver(draw);
  const auto half = [&](EntrySink& sink) -> Result<Digest> {
    LANTAARN_TRY(server::give_entries(*delivered.registry, sink));
    return corrupt("migration_broken");
  };
  CHECK(receiver.merger->adopt({sender.keys.server.id, {}}, half, kEvening).error().code == "migration_broken");
  const auto other = [&](EntrySink& sink) -> Result<Digest> {
    LANTAARN_TRY(server::give_entries(*delivered.registry, sink));
    return Digest{};
  };
  CHECK(receiver.merger->adopt({sender.keys.server.id, {}}, other, kEvening).error().code == "migration_differs");
  CHECK(receiver.digest().events == 0);
  LANTAARN_OK(receiver.adopt(delivered, sender));
  CHECK(receiver.adopt(delivered, sender).error().code == "register_not_empty");
}
