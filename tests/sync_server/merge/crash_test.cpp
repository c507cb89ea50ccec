// The power goes in every write, sync, truncate and delete of a merge.
#include "tests/support/crash_points.hpp"
#include "tests/sync_server/merge/town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;

namespace {

constexpr const char* kFile = "/registry.db";

struct Scene {
  explicit Scene(support::FaultVfs& vfs) : disk(vfs) {}
  support::FaultVfs& disk;
  support::Town town;              // the reference, in memory, and the source of events
  std::vector<Bytes> facts;
  support::GeneratedInbox inbox;

  Result<std::unique_ptr<Registry>> open() {
    database::OpenOptions options;
    options.vfs = disk.name();
    return open_sqlite_registry(kFile, town.server.data_key.duplicate(), options);
  }
  MergeOptions options() const {
    MergeOptions small;
    small.entries_per_transaction = 1;  // each batch is a transaction
    return small;
  }
  // Stops at the first error, as a server would.
  void run() {
    auto registry = open();
    if (!registry.ok()) return;
    auto merger = Merger::open(**registry, town.server.keys, options());
    if (merger.ok()) static_cast<void>(merger->merge(inbox));
  }
};

void fill(Scene& scene) {
  auto& town = scene.town;
  scene.facts = {support::user_added(town.draw, town.server.keys, town.anna.id, "Anna"),
                 support::device_added(town.draw, town.server.keys, town.device, "handheld", {}),
                 support::user_bound(town.draw, town.server.keys, town.device, town.anna)};
  auto log = town.new_log();
  const auto client = town.draw.id<ClientId>();
  town.save(log, town.client_added(client, "Roxy"));
  const EventId id = town.save(log, town.contact(client));
  auto copy = log;
  scene.inbox.put(log, log.take_batch());
  const EventId a = town.save(log, town.amendment(id, "place", "loods", {id}));
  town.save(log, town.amendment(id, "place", "zone", {a}));
  scene.inbox.put(log, log.take_batch());
  static_cast<void>(copy.take_batch());
  town.save(copy, town.contact({}));  // a fork
  scene.inbox.put(copy, copy.take_batch());
}

// Which stage the registry stands at; its own ForkObserved has other bytes each time, so stages are told by counts.
struct Stage {
  std::int64_t cursor;
  std::uint64_t events, contacts, quarantined;
  bool operator==(const Stage&) const = default;
};

Stage stage_of(Registry& registry) {
  const auto digest = server::digest(registry);
  LANTAARN_OK(digest);
  return {*registry.cursor(), digest->events, digest->contacts, digest->quarantined};
}

}  // namespace

TEST_CASE("whatever the power cut leaves, cursor and views belong together and nothing is doubled", "[merge][crash]") {
  support::FaultVfs vfs;
  Scene scene(vfs);
  fill(scene);
  {
    auto registry = scene.open();
    LANTAARN_OK(registry);
    auto merger = Merger::open(**registry, scene.town.server.keys, scene.options());
    LANTAARN_OK(merger);
    LANTAARN_OK(merger->record(scene.facts, 1));
  }
  const std::vector<Stage> stages = {{0, 3, 0, 0}, {1, 5, 1, 0}, {2, 7, 1, 0}, {3, 9, 1, 1}};
  std::set<std::int64_t> seen;
  const auto count = support::for_each_crash_point(vfs, [&] { scene.run(); }, [&](const support::CrashPoint&) {
    auto registry = scene.open();
    LANTAARN_OK(registry);
    const Stage stage = stage_of(**registry);
    CHECK(std::count(stages.begin(), stages.end(), stage) == 1);
    seen.insert(stage.cursor);
    auto merger = Merger::open(**registry, scene.town.server.keys, scene.options());
    LANTAARN_OK(merger);
    LANTAARN_OK(merger->merge(scene.inbox));
    CHECK(stage_of(**registry) == stages.back());
    const auto scratch = support::registry_in_memory(scene.town.server);
    const auto rebuilt = rebuild_and_compare(**registry, *scratch, scene.town.server.keys);
    LANTAARN_OK(rebuilt);
    CHECK(rebuilt->agrees());
  });
  WARN(count.operations << " disk operations of a merge, " << count.crashes << " power cuts, nothing lost or doubled");
  CHECK(count.operations > 10);
  CHECK(seen == std::set<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("a full disk stops the merge with one clear error, and it goes on once there is room", "[merge][crash]") {
  support::FaultVfs vfs;
  Scene scene(vfs);
  fill(scene);
  auto registry = scene.open();
  LANTAARN_OK(registry);
  auto merger = Merger::open(**registry, scene.town.server.keys, scene.options());
  LANTAARN_OK(merger);
  LANTAARN_OK(merger->record(scene.facts, 1));
  vfs.disk().reset_count();
  vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
  const auto failed = merger->merge(scene.inbox);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code == "disk_full");
  const auto fact = support::user_added(scene.town.draw, scene.town.server.keys, scene.town.bram.id, "Bram");
  CHECK_FALSE(merger->record({fact}, 1).ok());
  vfs.disk().heal();
  LANTAARN_OK(merger->record({fact}, 1));
  LANTAARN_OK(merger->merge(scene.inbox));
  CHECK(stage_of(**registry) == Stage{3, 10, 1, 1});
}
