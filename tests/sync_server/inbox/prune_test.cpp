// What two other copies hold keeps no ciphertext here, and everything else goes on as before.
#include "tests/support/crash_points.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/inbox/fixture.hpp"

namespace lantaarn::server::inbox {
namespace {

struct Fixture {
  support::TempFolder folder;
  TestInbox inbox{folder.file("inbox.db")};
  TestLog log;
  [[nodiscard]] std::size_t prune(std::uint64_t through, std::int64_t merged = 1000, std::size_t batches_max = 1000) {
    const auto pruned = inbox.inbox.prune(log.genesis.device, log.genesis.log, through, merged, batches_max);
    REQUIRE(pruned.ok());
    return *pruned;
  }
  [[nodiscard]] Landing put(const TestLog& from, std::uint64_t first, std::uint64_t last) {
    const auto landed = inbox.put(from, first, last);
    REQUIRE(landed.ok());
    return landed->landing;
  }
  // Whether the ciphertext of this entry stands anywhere in the folder.
  [[nodiscard]] bool lies_here(std::uint64_t seq) const {
    std::string found_in;
    return support::folder_contains(folder.path(), to_string(ByteView(log.entries[seq - 1]).subspan(journal::kHeaderBytes, 40)), found_in);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "of a pruned batch no ciphertext is left in the files, its headers and hashes are", "[inbox][prune]") {
  log.write(9);
  for (std::uint64_t first : {1U, 4U, 7U}) CHECK(put(log, first, first + 2) == Landing::kMain);
  CHECK(lies_here(2));
  CHECK(prune(6) == 2);
  CHECK(prune(6) == 0);
  REQUIRE(inbox.inbox.forget_removed().ok());
  for (std::uint64_t seq = 1; seq <= 6; ++seq) CHECK_FALSE(lies_here(seq));
  for (std::uint64_t seq = 7; seq <= 9; ++seq) CHECK(lies_here(seq));
  auto reader = inbox.reader();
  CHECK(reader.read_after(0, 100).value().size() == 1);
  CHECK(reader.last_inbox_id().value() == 3);
  CHECK(inbox.inbox.received(log.genesis.device, log.genesis.log).value() == log.places[9]);
  CHECK(reader.first_whole().value() == std::map<std::pair<DeviceId, LogId>, std::uint64_t>{{{log.genesis.device, log.genesis.log}, 7}});
  CHECK(prune(9) == 1);
  CHECK(reader.first_whole().value().empty());
}

TEST_CASE_METHOD(Fixture, "a batch that reaches beyond what is secured, or is not merged yet, stays whole", "[inbox][prune]") {
  log.write(6);
  CHECK(put(log, 1, 3) == Landing::kMain);
  CHECK(put(log, 4, 6) == Landing::kMain);
  CHECK(prune(5, 1) == 1);
  CHECK(prune(6, 1) == 0);
  CHECK(prune(5, 2) == 0);
  CHECK(prune(6, 2) == 1);
}

TEST_CASE_METHOD(Fixture, "no more batches are pruned at once than asked for", "[inbox][prune]") {
  log.write(5);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) CHECK(put(log, seq, seq) == Landing::kMain);
  CHECK(prune(5, 1000, 2) == 2);
  CHECK(prune(5, 1000, 2) == 2);
  CHECK(prune(5, 1000, 2) == 1);
}

TEST_CASE_METHOD(Fixture, "after pruning what comes again is known, what goes on is stored, and a fork is seen", "[inbox][prune]") {
  log.write(6);
  TestLog other = log;
  other.entries.resize(4);
  other.places.resize(5);
  other.write(3);
  CHECK(put(log, 1, 3) == Landing::kMain);
  CHECK(put(log, 4, 6) == Landing::kMain);
  CHECK(prune(6) == 2);
  CHECK(put(log, 2, 5) == Landing::kMain);
  CHECK(put(log, 1, 6) == Landing::kMain);
  CHECK(inbox.inbox.last_inbox_id() == 2);
  CHECK(put(other, 5, 7) == Landing::kFork);
  log.write(2);
  CHECK(put(log, 5, 8) == Landing::kMain);
  auto reader = inbox.reader();
  const auto branches = reader.branches(log.genesis.device, log.genesis.log).value();
  REQUIRE(branches.size() == 1);
  CHECK(branches[0].seq == 5);
  CHECK(branches[0].kept_hash == log.places[5].hash);
  CHECK(branches[0].other_hash == other.places[5].hash);
}

TEST_CASE("no power cut during pruning loses what is not pruned, or leaves half a batch", "[inbox][prune][crash]") {
  support::FaultVfs vfs;
  TestLog log;
  log.write(6);
  {
    auto inbox = Inbox::open("inbox.db", vfs.name());
    REQUIRE(inbox.ok());
    for (std::uint64_t first : {1U, 3U, 5U}) {
      const Bytes batch = log.batch(first, first + 1);
      const Incoming incoming{log.genesis, batch, 1, &log.keys};
      REQUIRE(inbox->store({&incoming, 1}).ok());
    }
  }
  bool pruned = false;
  const auto scenario = [&] {
    pruned = false;
    auto inbox = Inbox::open("inbox.db", vfs.name());
    if (!inbox.ok()) return;
    const auto done = inbox->prune(log.genesis.device, log.genesis.log, 4, 100, 100);
    pruned = done.ok() && inbox->forget_removed().ok();
  };
  const auto count = support::for_each_crash_point(vfs, scenario, [&](const support::CrashPoint&) {
    auto inbox = Inbox::open("inbox.db", vfs.name());
    REQUIRE(inbox.ok());
    auto reader = InboxReader::open("inbox.db", vfs.name()).value();
    const std::size_t whole = reader.read_after(0, 100).value().size();
    CHECK((whole == 3 || whole == 1));
    if (pruned) CHECK(whole == 1);
    CHECK(inbox->received(log.genesis.device, log.genesis.log).value() == log.places[6]);
    const Bytes again = log.batch(1, 6);
    const Incoming incoming{log.genesis, again, 2, &log.keys};
    CHECK(inbox->store({&incoming, 1})->front()->landing == Landing::kMain);
  });
  WARN("pruning: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 3);
}

}  // namespace lantaarn::server::inbox
