// A server that was put back to an older copy of itself, and a log of which it had kept two branches: what it once
// acknowledged of the other branch may be gone, and only this handheld still has it.

#include "tests/common/sync/line.hpp"

namespace lantaarn::sync {
namespace {

/// Ten entries on both sides, two more each that differ; the server has noted this handheld's branch through 12.
struct ForkedWorld : World {
  LogId log;
  ForkedWorld() {
    authority.known_epoch = 1;
    save(10);
    log = source.kept.front().id;
    line().run();
    inbox.logs[log].insert(inbox.logs[log].end(), {"elsewhere 11", "elsewhere 12"});
    source.save("here 11");
    source.save("here 12");
    line().run();
    REQUIRE(source.fork_noted[log] == 12);
    REQUIRE(inbox.others[log] == branch);
  }
  /// At its next epoch, with what it held of this log's other branch gone.
  void put_back() {
    authority.epoch = 2;
    inbox.others.clear();
  }
  const std::map<std::uint64_t, std::string> branch{{11, "here 11"}, {12, "here 12"}};
};

}  // namespace

TEST_CASE_METHOD(ForkedWorld, "what is noted as another branch is not sent again while the server stays who it was", "[sync][put_back]") {
  Line next = line();
  next.run();
  CHECK(next.sender().outcome().progress.entries_sent == 0);
}

TEST_CASE_METHOD(ForkedWorld, "a server that was put back gets the whole other branch again", "[sync][put_back]") {
  put_back();
  Line next = line();
  next.run();
  CHECK(next.closed == "");
  CHECK(inbox.others[log] == branch);
  CHECK(inbox.logs[log].size() == 12);
  CHECK(source.fork_noted[log] == 12);

  authority.known_epoch = 2;
  Line after = line();
  after.run();
  CHECK(after.sender().outcome().progress.entries_sent == 0);
}

// The epoch is known for good before the branch has arrived: what was noted must be forgotten by then.
TEST_CASE_METHOD(ForkedWorld, "a session with a server that was put back, cut anywhere, is made good by the next", "[sync][put_back]") {
  put_back();
  const int cut = GENERATE(range(0, 14));
  CAPTURE(cut);
  source.batch_entries = 1;
  Line first = line();
  int steps = 0;
  for (first.pull(); steps < cut && !first.sender().done(); first.pull(), ++steps) {
    if (!first.up.empty()) first.deliver_up(Line::take(first.up));
    else if (!first.storing.empty()) first.store_one();
    else first.deliver_down(Line::take(first.down));
  }
  REQUIRE(first.sender().settle().ok());
  if (first.sender().outcome().epoch != 0) authority.known_epoch = first.sender().outcome().epoch;

  Line next = line();
  next.run();
  CHECK(inbox.others[log] == branch);
  CHECK(source.fork_noted[log] == 12);
}

TEST_CASE_METHOD(ForkedWorld, "of a pruned log, a server that was put back gets the branch from where it was pruned", "[sync][put_back]") {
  source.pruned[log] = {8, source.find(log).hash_at(8)};
  put_back();
  Line next = line();
  next.run();
  CHECK(next.closed == "");
  CHECK(inbox.others[log] == branch);
}

}  // namespace lantaarn::sync
