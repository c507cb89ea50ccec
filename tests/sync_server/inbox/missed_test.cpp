// A log whose beginning this server lost and its handheld no longer holds: it goes on, and what is missing is known.

#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/inbox/fixture.hpp"

namespace lantaarn::server::inbox {
namespace {

struct Fixture {
  support::TempFolder folder;
  TestInbox inbox{folder.file("inbox.db")};
  TestLog log;
  Fixture() { log.write(20); }
  [[nodiscard]] Landing put(std::uint64_t first, std::uint64_t last) {
    const auto landed = inbox.put(log, first, last);
    REQUIRE(landed.ok());
    return landed->landing;
  }
  [[nodiscard]] Result<Landed> anchor(const TestLog& of, const journal::Position& at, const journal::Position& secured) {
    const Incoming incoming{of.genesis, {}, 1000, &of.keys, Incoming::Anchor{at, secured}};
    auto landed = inbox.inbox.store({&incoming, 1});
    REQUIRE(landed.ok());
    return landed->front();
  }
  [[nodiscard]] Landing go_on_behind(std::uint64_t seq, std::uint64_t secured) {
    return anchor(log, log.places[seq], log.places[secured])->landing;
  }
  [[nodiscard]] journal::Position received() { return inbox.inbox.received(log.genesis.device, log.genesis.log).value(); }
  [[nodiscard]] std::vector<std::pair<std::uint64_t, std::uint64_t>> missed() {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    auto reader = inbox.reader();
    for (const Missed& one : reader.missed().value()) found.emplace_back(one.from_seq, one.through.seq);
    return found;
  }
};

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

}  // namespace

TEST_CASE_METHOD(Fixture, "a log goes on behind what is gone, and what is missing is written down", "[inbox][missed]") {
  CHECK(put(1, 5) == Landing::kMain);
  CHECK(go_on_behind(12, 15) == Landing::kMain);
  CHECK(received() == log.places[12]);
  CHECK(missed() == Ranges{{6, 12}});
  CHECK(put(13, 16) == Landing::kMain);
  CHECK(put(17, 20) == Landing::kMain);
  CHECK(received() == log.places[20]);
  CHECK(inbox.put(log, 14, 18)->added == 0);
}

TEST_CASE_METHOD(Fixture, "a log of which nothing is here goes on the same way", "[inbox][missed]") {
  CHECK(go_on_behind(12, 12) == Landing::kMain);
  CHECK(missed() == Ranges{{1, 12}});
  CHECK(put(13, 20) == Landing::kMain);
  CHECK(received() == log.places[20]);
}

TEST_CASE_METHOD(Fixture, "the same anchor again, or one that is here already, changes nothing", "[inbox][missed]") {
  CHECK(put(1, 12) == Landing::kMain);
  CHECK(go_on_behind(12, 12) == Landing::kMain);
  CHECK(go_on_behind(10, 12) == Landing::kMain);
  CHECK(missed().empty());
  CHECK(go_on_behind(15, 15) == Landing::kMain);
  CHECK(go_on_behind(15, 15) == Landing::kMain);
  CHECK(missed() == Ranges{{13, 15}});
  CHECK(put(16, 20) == Landing::kMain);
  CHECK(go_on_behind(15, 15) == Landing::kMain);
  CHECK(missed() == Ranges{{13, 15}});
}

TEST_CASE_METHOD(Fixture, "what goes on behind an anchor must lead to the place the authority stated", "[inbox][missed]") {
  CHECK(put(1, 5) == Landing::kMain);
  TestLog forged = log;
  forged.entries.resize(12);
  forged.places.resize(13);
  forged.write(8);
  CHECK(go_on_behind(12, 15) == Landing::kMain);
  CHECK(inbox.put(forged, 13, 14).ok());
  CHECK(inbox.put(forged, 15, 16).error().code == "chain_broken");
  CHECK(anchor(log, {10, Hash{}}, {10, log.places[10].hash}).error().code == "chain_broken");
}

TEST_CASE_METHOD(Fixture, "entries that were missing and come after all take their place", "[inbox][missed]") {
  CHECK(put(1, 5) == Landing::kMain);
  CHECK(go_on_behind(12, 12) == Landing::kMain);
  CHECK(put(13, 16) == Landing::kMain);
  const auto some = inbox.put(log, 4, 8);
  CHECK(some->landing == Landing::kMain);
  CHECK(some->added == 3);
  CHECK(missed() == Ranges{{9, 12}});
  // Where a handheld prunes is the end of a commit, and signed.
  Bytes both = log.batch(8, 12);
  append(both, log.batch(13, 20));
  const auto rest = inbox.put(log, both);
  CHECK(rest->landing == Landing::kMain);
  CHECK(rest->added == 8);
  CHECK(missed().empty());
  CHECK(received() == log.places[20]);
  auto reader = inbox.reader();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> stored;
  for (const auto& batch : reader.read_after(0, 100).value()) stored.emplace_back(batch.first_seq, batch.last.seq);
  CHECK(stored == Ranges{{1, 5}, {13, 16}, {6, 8}, {9, 12}, {17, 20}});
  CHECK(inbox.put(log, 1, 20)->added == 0);
}

TEST_CASE_METHOD(Fixture, "what does not fit where something is missing is another branch", "[inbox][missed]") {
  CHECK(put(1, 5) == Landing::kMain);
  CHECK(go_on_behind(12, 12) == Landing::kMain);
  TestLog other = log;
  other.entries.resize(5);
  other.places.resize(6);
  other.write(7);
  CHECK(inbox.put(other, 6, 12)->landing == Landing::kFork);
  CHECK(missed() == Ranges{{6, 12}});
  CHECK(put(13, 20) == Landing::kMain);
}

TEST_CASE_METHOD(Fixture, "an anchor beside what another branch brought meanwhile goes on in a branch of its own", "[inbox][missed]") {
  TestLog other = log;
  other.entries.resize(5);
  other.places.resize(6);
  other.write(12);
  REQUIRE(inbox.put(other, 1, 17).ok());
  CHECK(go_on_behind(12, 14) == Landing::kFork);
  CHECK(inbox.put(log, 13, 20)->landing == Landing::kFork);
  CHECK(inbox.put(log, 13, 20)->added == 0);
  CHECK(go_on_behind(12, 14) == Landing::kFork);
  CHECK(inbox.put(other, 16, 17)->landing == Landing::kMain);
  auto reader = inbox.reader();
  CHECK(hashes_of(reader, log.genesis.log, 1).size() == 8);
  CHECK(reader.branches(log.genesis.device, log.genesis.log).value().front().other_hash == log.places[12].hash);
}

}  // namespace lantaarn::server::inbox
