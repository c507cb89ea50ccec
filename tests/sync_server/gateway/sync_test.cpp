// Whole sessions over loopback: a journal on one side, an inbox on the other.

#include "sync_server/inbox/reader.hpp"
#include "tests/sync_server/gateway/handheld_end.hpp"

namespace lantaarn::server::gateway {
namespace {

std::size_t entries_in(const std::string& inbox_path) {
  auto reader = inbox::InboxReader::open(inbox_path);
  REQUIRE(reader.ok());
  std::size_t entries = 0;
  std::int64_t at = 0;
  while (true) {
    const auto batches = reader->read_after(at, 100).value();
    if (batches.empty()) return entries;
    for (const auto& batch : batches) {
      entries += batch.last.seq - batch.first_seq + 1;
      CHECK(batch.inbox_id > at);
      at = batch.inbox_id;
    }
  }
}

}  // namespace

TEST_CASE("what a handheld saved is received, once, and its counts say so", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry({}, {&device});
  HandheldEnd handheld(device);
  handheld.save(1200);
  const auto report = handheld.sync(registry);
  REQUIRE(report.ok());
  CHECK(report->counts.saved == 1200);
  CHECK(report->counts.sent == 1200);
  CHECK(report->counts.received == 1200);
  CHECK(report->counts.merged == 0);
  CHECK(report->server_time_ms != 0);
  CHECK(entries_in(registry.inbox_path()) == 1200);

  handheld.save(1);
  const auto again = handheld.sync(registry);
  REQUIRE(again.ok());
  CHECK(again->entries_sent == 1);
  CHECK(entries_in(registry.inbox_path()) == 1201);
}

TEST_CASE("a gateway that was restarted goes on where its inbox stands", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry({}, {&device});
  HandheldEnd handheld(device);
  handheld.save(10);
  REQUIRE(handheld.sync(registry).ok());
  registry.restart();
  handheld.save(10);
  const auto report = handheld.sync(registry);
  REQUIRE(report.ok());
  CHECK(report->entries_sent == 10);
  CHECK(report->counts.received == 20);
}

TEST_CASE("what the registry signed comes down and is acknowledged to it", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry({}, {&device});
  HandheldEnd handheld(device);
  handheld.save(3);
  sync::pb::Standing standing;
  standing.add_logs()->set_log_id(to_string(handheld.journal.logs().value().front().genesis.log.view()));
  standing.mutable_logs(0)->set_merged_seq(3);
  registry.set_down(device.id, {registry.state(device.id, sync::pb::CARDS, std::string(300'000, 'c')),
                                registry.state(device.id, sync::pb::STANDING, standing.SerializeAsString())});
  const auto report = handheld.sync(registry);
  REQUIRE(report.ok());
  CHECK(report->statements == 3);
  CHECK(report->counts.merged == 3);
  CHECK(handheld.sink.accepted.at(1).body().size() == 300'000);
  CHECK(registry.acknowledged() == 2);
}

TEST_CASE("a handheld put back to an old copy is forked: both branches are kept, the new log is received", "[gateway]") {
  const TestDevice device;
  RegistryEnd registry({}, {&device});
  HandheldEnd handheld(device);
  handheld.save(5, 600, 1);
  REQUIRE(handheld.sync(registry).ok());
  HandheldEnd copy(device);
  copy.journal = [&] {  // the old copy
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(handheld.folder.file("journal.db") + suffix, copy.folder.file("old.db") + suffix);
    }
    return journal::Journal::open(copy.folder.file("old.db"), device.id).value();
  }();
  handheld.save(2, 600, 1);
  REQUIRE(handheld.sync(registry).ok());
  const LogId log = handheld.journal.logs().value().front().genesis.log;

  copy.save(3, 500, 1);
  const auto report = copy.sync(registry);
  REQUIRE(report.ok());
  CHECK(report->diverged == std::vector{log});
  auto reader = inbox::InboxReader::open(registry.inbox_path()).value();
  const auto branches = reader.branches(device.id, log).value();
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].seq == 6);
  CHECK(branches[0].kept_hash == handheld.journal.hash_at(log, 6).value());
  CHECK(branches[0].other_hash == copy.journal.hash_at(log, 6).value());

  copy.save(1);
  const auto next = copy.sync(registry);
  REQUIRE(next.ok());
  CHECK(next->entries_sent == 1);
  CHECK(reader.logs().value().at(1).received.seq == 1);
}

TEST_CASE("many handhelds at once are all received", "[gateway]") {
  constexpr std::size_t kHandhelds = 12;
  std::vector<TestDevice> devices(kHandhelds);
  std::vector<const TestDevice*> known;
  for (const TestDevice& device : devices) known.push_back(&device);
  GatewayLimits limits;
  limits.pushing_max = 2;
  limits.waiting_bytes_max = sync::kBatchBytesMax;  // one batch at a time
  RegistryEnd registry(limits, known);
  std::vector<std::unique_ptr<HandheldEnd>> handhelds;
  for (const TestDevice& device : devices) {
    handhelds.push_back(std::make_unique<HandheldEnd>(device));
    handhelds.back()->save(400);
  }
  std::vector<std::string> codes(kHandhelds, "never ran");
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kHandhelds; ++i) {
    threads.emplace_back([&, i, settings = handhelds[i]->settings(registry)] {
      const auto report = firmware::sync_once(settings, handhelds[i]->outbox, handhelds[i]->sink);
      codes[i] = report.ok() ? "" : report.error().code;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(codes == std::vector<std::string>(kHandhelds, ""));
  CHECK(entries_in(registry.inbox_path()) == kHandhelds * 400);
}

}  // namespace lantaarn::server::gateway
