// The power of the target goes in every write, sync, truncate and delete of a backup, and of a keyring that is rewritten.
#include "tests/support/crash_points.hpp"
#include "tests/sync_server/backup/copied_town.hpp"
#include "tests/sync_server/backup/fault_target.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::backup;
using namespace lantaarn::support;

namespace {

// A server that has a backup, something received since and shipped, and something that is not at the target yet.
struct Scene {
  Scene() : target(vfs.disk()), anna(draw_user(town.draw)), device(town.draw.id<DeviceId>()), log(town.draw, device, town.server.sealing.public_key()) {
    LANTAARN_OK(make_target(target, town.head, town.server.authority));
    town.live.state(user_added(town.draw, town.server.keys, anna.id, "Anna"));
    town.live.state(device_added(town.draw, town.server.keys, device, "handheld", {anna.id}));
    town.live.state(user_bound(town.draw, town.server.keys, device, anna));
    save(3);
    town.live.merge();
    LANTAARN_OK(create());
    save(2);
    LANTAARN_OK(pass());
    secured = log.head();
  }
  void save(std::size_t count) {
    const std::size_t first = log.size() + 1;
    for (std::size_t i = 0; i < count; ++i) log.save(anna, model::encode_event(draw_contact(town.draw, anna.id, {}, kEvening)));
    town.live.receive(log, first, log.size());
  }
  template <typename Do>
  auto with_stores(const Do& what) {
    const auto snapshot = open_sqlite_snapshot(town.live.registry_path(), town.server.data_key.duplicate());
    LANTAARN_OK(snapshot);
    auto reader = inbox::InboxReader::open(town.live.inbox_path());
    LANTAARN_OK(reader);
    Shipping shipping(std::make_unique<FaultTarget>(vfs.disk()), town.head.target);
    return what(shipping, **snapshot, *reader);
  }
  Result<Shipping::Backup> create() {
    return with_stores([&](Shipping& shipping, Registry& registry, inbox::InboxReader& reader) {
      return shipping.create(registry, &reader, town.server.authority, kEvening + ++town.backups);
    });
  }
  Result<Shipped> pass() {
    return with_stores([&](Shipping& shipping, Registry& registry, inbox::InboxReader& reader) {
      return shipping.pass(registry, &reader, town.server.authority);
    });
  }
  // Put back in memory; the digest, and how far the log is there.
  struct Back {
    Digest digest;
    journal::Position received;
  };
  Back put_back() {
    auto plan = plan_restore(target, town.recovery, {});
    LANTAARN_OK(plan);
    const auto registry = registry_in_memory(town.server);
    LANTAARN_OK(put_back_keys(*registry, *plan));
    ServerKeys keys = town.server.keys;
    keys.server.epoch = plan->epoch;
    const auto restored = put_back_registry(*registry, keys, {&town.server.sealing}, target, *plan, town.recovery, kEvening + 1000);
    LANTAARN_OK(restored);
    TempFolder folder;
    LANTAARN_OK(put_back_inbox(folder.file("inbox.db"), *registry, *plan, *restored));
    auto inbox = inbox::Inbox::open(folder.file("inbox.db"));
    LANTAARN_OK(inbox);
    auto merger = Merger::open(*registry, keys);
    LANTAARN_OK(merger);
    ReadInbox source(folder.file("inbox.db"));
    LANTAARN_OK(merger->merge(source));
    return {*digest(*registry), *inbox->received(device, log.log())};
  }

  FaultVfs vfs;
  CopiedTown town;
  FaultTarget target;
  GeneratedUser anna;
  DeviceId device;
  GeneratedLog log;
  journal::Position secured;
};

}  // namespace

TEST_CASE("wherever a backup is cut off, what is listed can be put back, and what was secured is there", "[backup][crash]") {
  Scene scene;
  scene.town.live.merge();
  scene.save(4);
  scene.town.live.state(user_added(scene.town.draw, scene.town.server.keys, scene.town.draw.id<UserId>(), "Bram"));
  std::set<std::uint64_t> backups;
  std::set<std::string> digests;
  const auto count = for_each_crash_point(scene.vfs, [&] { static_cast<void>(scene.create()); }, [&](const CrashPoint&) {
    const auto checked = check_target(scene.target, scene.town.authority());
    LANTAARN_OK(checked);
    CHECK(checked->damaged.empty());
    backups.insert(checked->backups);
    CHECK(scene.put_back().received.seq >= scene.secured.seq);
    LANTAARN_OK(scene.create());
    const auto back = scene.put_back();
    CHECK(back.received == scene.log.head());
    digests.insert(back.digest.text());
  });
  scene.town.live.merge();
  CHECK(digests == std::set<std::string>{scene.town.live.digest().text()});
  CHECK(backups == std::set<std::uint64_t>{1, 2});
  WARN(count.operations << " operations of a backup at its target, " << count.crashes << " power cuts, nothing lost");
}

TEST_CASE("wherever the keyring is cut off, it is the old one or the new one", "[backup][crash]") {
  Scene scene;
  scene.town.live.merge();
  const auto client = scene.town.draw.id<ClientId>();
  model::Event event = draw_event(scene.town.draw, UserId{scene.town.server.keys.server.id.bytes}, kEvening);
  event.mutable_client_added()->set_client_id(model::id_field(client));
  event.mutable_client_added()->set_alias("Roos");
  scene.town.live.state(model::encode_event(event));
  LANTAARN_OK(scene.create());
  model::Event erased = draw_event(scene.town.draw, UserId{scene.town.server.keys.server.id.bytes}, kEvening);
  erased.mutable_client_erased()->set_decision(model::id_field(scene.town.draw.id<EventId>()));
  erased.mutable_client_erased()->add_clients(model::id_field(client));
  scene.town.live.state(model::encode_event(erased));
  std::set<bool> there;
  const auto count = for_each_crash_point(scene.vfs, [&] { static_cast<void>(scene.pass()); }, [&](const CrashPoint&) {
    const auto keyring = Keyring::open(scene.target, scene.town.head, scene.town.recovery.box);
    LANTAARN_OK(keyring);
    there.insert(keyring->key_of(client.bytes) != nullptr);
    (void)scene.put_back();
    const auto shipped = scene.pass();
    LANTAARN_OK(shipped);
    CHECK(shipped->wants_backup);
    CHECK(Keyring::open(scene.target, scene.town.head, scene.town.recovery.box)->key_of(client.bytes) == nullptr);
    CHECK(scene.put_back().digest.text() == scene.town.live.digest().text());
  });
  CHECK(there == std::set<bool>{false, true});
  WARN(count.operations << " operations, " << count.crashes << " power cuts");
}

namespace {

// What a restore leaves on the new machine's disk, as fill() of sync_server/admin makes it.
struct NewMachine {
  NewMachine(Scene& from, FaultVfs& disk) : scene(from), vfs(disk) {}
  Status fill() {
    LANTAARN_ASSIGN(const auto plan, plan_restore(scene.target, scene.town.recovery, {}));
    ServerKeys keys = scene.town.server.keys;
    keys.server.epoch = plan.epoch;
    database::OpenOptions options;
    options.vfs = vfs.name();
    LANTAARN_ASSIGN(const auto registry, open_sqlite_registry("/new/registry.db", scene.town.server.data_key.duplicate(), options));
    LANTAARN_TRY(put_back_keys(*registry, plan));
    LANTAARN_ASSIGN(const auto restored, put_back_registry(*registry, keys, {&scene.town.server.sealing}, scene.target, plan, scene.town.recovery, kEvening + 1000));
    LANTAARN_ASSIGN(const auto batches, put_back_inbox("/new/inbox.db", *registry, plan, restored, vfs.name()));
    static_cast<void>(batches);
    return {};
  }
  // What lies there is opened and merged, as a server does when it starts.
  Scene::Back served() {
    Machine machine("/new", scene.town.server, scene.town.server.keys, vfs.name());
    machine.open_registry();
    machine.keys.server.epoch = (*machine.registry->server())->epoch;
    machine.open_merger();
    machine.open_inbox();
    machine.merge();
    return {machine.digest(), *machine.inbox->received(scene.device, scene.log.log())};
  }
  // An unfinished folder is removed by the next restore.
  void clear() {
    for (const std::string& path : vfs.disk().files()) static_cast<void>(vfs.disk().remove(path, true));
  }
  Scene& scene;
  FaultVfs& vfs;
};

}  // namespace

TEST_CASE("wherever a restore is cut off, it can be begun anew, and the target is as it was", "[backup][crash]") {
  Scene scene;
  FaultVfs disk;
  NewMachine machine(scene, disk);
  const auto target_before = scene.vfs.disk().snapshot();
  const auto expected = scene.put_back();
  const auto stands = [&] {
    const auto back = machine.served();
    CHECK(back.received == expected.received);
    CHECK(back.digest.events == expected.digest.events);
  };
  constexpr std::uint64_t kAnew = 50;  // what was begun is removed: beginning anew is the same from everywhere
  bool said_done = false;
  std::uint64_t done = 0, looked = 0;
  const auto count = for_each_crash_point(disk, [&] { said_done = machine.fill().ok(); }, [&](const CrashPoint&) {
    // Only the stores' closing follows what is said to be done: nothing of it waits for a sync.
    if (said_done) stands();
    done += said_done ? 1 : 0;
    if (looked++ % kAnew != 0) return;
    machine.clear();
    LANTAARN_OK(machine.fill());
    disk.disk().power_cut(Outcome::kUnsyncedDropped);
    stands();
  });
  CHECK(done < count.crashes / 2);
  CHECK(scene.vfs.disk().snapshot() == target_before);
  WARN(count.operations << " operations of a restore, " << count.crashes << " power cuts");
}
