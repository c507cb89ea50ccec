#include "tests/support/crash_points.hpp"
#include "tests/sync_server/inbox/fixture.hpp"

namespace lantaarn::server::inbox {

TEST_CASE("no power cut loses what was acknowledged, or keeps half a commit", "[inbox][crash]") {
  support::FaultVfs vfs;
  TestLog one;
  TestLog two;
  one.write(4);
  TestLog branch = one;
  one.write(4);
  branch.write(2);
  two.write(3);
  std::uint64_t one_through = 0;
  std::uint64_t two_through = 0;
  std::uint64_t branch_through = 0;
  const auto scenario = [&] {
    one_through = two_through = branch_through = 0;
    auto inbox = Inbox::open("inbox.db", vfs.name());
    if (!inbox.ok()) return;
    const auto put = [&](std::vector<Incoming> batches) {
      const auto landed = inbox->store(batches);
      return landed.ok() && std::all_of(landed->begin(), landed->end(), [](const auto& each) { return each.ok(); });
    };
    const Bytes first = one.batch(1, 3);
    const Bytes second = one.batch(2, 8);
    const Bytes other = two.batch(1, 3);
    const Bytes fork = branch.batch(5, 6);
    if (!put({{one.genesis, first, 1, &one.keys}})) return;
    one_through = 3;
    if (!put({{one.genesis, second, 2, &one.keys}, {two.genesis, other, 2, &two.keys}})) return;
    one_through = 8;
    two_through = 3;
    if (!put({{branch.genesis, fork, 3, &branch.keys}})) return;
    branch_through = 6;
  };
  const auto check = [&](const support::CrashPoint&) {
    auto inbox = Inbox::open("inbox.db", vfs.name());
    REQUIRE(inbox.ok());
    const std::uint64_t first = inbox->received(one.genesis.device, one.genesis.log).value().seq;
    const std::uint64_t second = inbox->received(two.genesis.device, two.genesis.log).value().seq;
    CHECK(first >= one_through);
    CHECK(second >= two_through);
    CHECK((first == 8) == (second == 3));  // one commit
    auto reader = InboxReader::open("inbox.db", vfs.name()).value();
    auto expected = hashes_of(one);
    expected.resize(first);
    CHECK(hashes_of(reader, one.genesis.log) == expected);
    const auto forked = hashes_of(reader, one.genesis.log, 1);
    CHECK(forked.size() >= (branch_through == 0 ? 0U : 2U));
    if (!forked.empty()) CHECK(forked == hashes_of(branch, 5));
  };
  const auto count = support::for_each_crash_point(vfs, scenario, check);
  WARN(count.crashes << " crashes of an inbox in " << count.operations << " operations");
  CHECK(count.operations > 20);
}

TEST_CASE("a full disk acknowledges nothing, and the inbox goes on when there is room again", "[inbox]") {
  support::FaultVfs vfs;
  TestInbox inbox("inbox.db", vfs.name());
  TestLog log;
  log.write(6);
  REQUIRE(inbox.put(log, 1, 3).ok());
  vfs.disk().reset_count();
  vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
  CHECK(inbox.put(log, 4, 6).error().code == "disk_full");
  CHECK(inbox.inbox.last_inbox_id() == 1);
  vfs.disk().heal();
  CHECK(inbox.inbox.received(log.genesis.device, log.genesis.log).value() == log.places[3]);
  const auto landed = inbox.put(log, 4, 6);
  REQUIRE(landed.ok());
  CHECK(landed->through == log.places[6]);
}

}  // namespace lantaarn::server::inbox
