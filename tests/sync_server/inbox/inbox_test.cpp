#include <filesystem>

#include "tests/support/random.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/inbox/fixture.hpp"

namespace lantaarn::server::inbox {
namespace {

struct Fixture {
  support::TempFolder folder;
  TestInbox inbox{folder.file("inbox.db")};
  TestLog log;
  [[nodiscard]] Landing put(const TestLog& from, std::uint64_t first, std::uint64_t last) {
    const auto landed = inbox.put(from, first, last);
    REQUIRE(landed.ok());
    return landed->landing;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "batches are read back in the order they came", "[inbox]") {
  TestLog other;
  log.write(6);
  other.write(2);
  CHECK(put(log, 1, 3) == Landing::kMain);
  CHECK(put(other, 1, 2) == Landing::kMain);
  CHECK(put(log, 4, 6) == Landing::kMain);
  CHECK(inbox.inbox.received(log.genesis.device, log.genesis.log).value() == log.places[6]);
  auto reader = inbox.reader();
  const auto first = reader.read_after(0, 2).value();
  REQUIRE(first.size() == 2);
  CHECK(first[0].log.log == log.genesis.log);
  CHECK(first[1].log.device == other.genesis.device);
  const auto rest = reader.read_after(first[1].inbox_id, 100).value();
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].first_seq == 4);
  CHECK(rest[0].bytes == log.batch(4, 6));
  CHECK(reader.last_inbox_id().value() == rest[0].inbox_id);
  CHECK(hashes_of(reader, log.genesis.log) == hashes_of(log));
}

TEST_CASE_METHOD(Fixture, "the same entries again change nothing, and what overlaps is trimmed", "[inbox]") {
  log.write(10);
  CHECK(put(log, 1, 4) == Landing::kMain);
  CHECK(put(log, 1, 4) == Landing::kMain);
  CHECK(put(log, 2, 3) == Landing::kMain);
  CHECK(put(log, 3, 8) == Landing::kMain);
  CHECK(put(log, 1, 10) == Landing::kMain);
  auto reader = inbox.reader();
  CHECK(hashes_of(reader, log.genesis.log) == hashes_of(log));
  CHECK(reader.read_after(0, 100).value().size() == 3);
}

TEST_CASE_METHOD(Fixture, "a gap is not stored and says where to go on", "[inbox]") {
  log.write(9);
  CHECK(put(log, 4, 6) == Landing::kGap);
  CHECK(inbox.inbox.last_inbox_id() == 0);
  CHECK(put(log, 1, 3) == Landing::kMain);
  const auto gap = inbox.put(log, 7, 9);
  REQUIRE(gap.ok());
  CHECK(gap->landing == Landing::kGap);
  CHECK(gap->through == log.places[3]);
}

TEST_CASE_METHOD(Fixture, "another hash at the same place starts a branch, and both are kept", "[inbox]") {
  log.write(4);
  TestLog other = log;
  TestLog third = log;
  log.write(3);
  other.write(4);
  third.write(1);
  CHECK(put(log, 1, 7) == Landing::kMain);
  CHECK(put(other, 2, 6) == Landing::kFork);  // 2..4 are known, 5 is where it parts
  CHECK(put(other, 5, 6) == Landing::kFork);  // the same again
  CHECK(put(other, 7, 8) == Landing::kFork);
  CHECK(put(third, 5, 5) == Landing::kFork);
  TestLog of_other = other;
  of_other.write(1);
  TestLog twig = other;
  twig.write(1);
  CHECK(put(of_other, 9, 9) == Landing::kFork);
  CHECK(put(twig, 8, 9) == Landing::kFork);   // a branch of a branch
  log.write(1);
  CHECK(put(log, 8, 8) == Landing::kMain);

  auto reader = inbox.reader();
  CHECK(hashes_of(reader, log.genesis.log) == hashes_of(log));
  CHECK(hashes_of(reader, log.genesis.log, 1) == hashes_of(of_other, 5));
  const auto branches = reader.branches(log.genesis.device, log.genesis.log).value();
  REQUIRE(branches.size() == 3);
  CHECK(branches[0].seq == 5);
  CHECK(branches[0].kept_hash == log.places[5].hash);
  CHECK(branches[0].other_hash == other.places[5].hash);
  CHECK(branches[1].other_hash == third.places[5].hash);
  CHECK(branches[2].parent == 1);
  CHECK(branches[2].seq == 9);
  CHECK(branches[2].kept_hash == of_other.places[9].hash);
}

TEST_CASE_METHOD(Fixture, "nobody makes branches without end, and the log itself goes on", "[inbox]") {
  log.write(2);
  REQUIRE(put(log, 1, 2) == Landing::kMain);
  TestLog deepest = log;
  const auto branch_off = [&] {
    TestLog other = deepest;
    deepest.write(1);
    if (inbox.put(deepest, deepest.places.back().seq, deepest.places.back().seq).value().landing == Landing::kGap) FAIL("gap");
    other.write(2);  // parts from what was just put
    const auto landed = inbox.put(other, other.places.back().seq - 1, other.places.back().seq);
    if (landed.ok()) deepest = other;
    return landed;
  };
  for (std::size_t branch = 0; branch < kBranchesMax; ++branch) {
    const auto landed = branch_off();
    REQUIRE(landed.ok());
    CHECK(landed->landing == Landing::kFork);
  }
  const auto refused = branch_off();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "protocol_error");
  CHECK(inbox.put(deepest, 2, deepest.places.back().seq).value().landing == Landing::kFork);  // known, followed from the start
}

TEST_CASE_METHOD(Fixture, "a branch whose beginning is unknown is asked for from the start", "[inbox]") {
  log.write(2);
  TestLog other = log;
  log.write(4);
  other.write(4);
  CHECK(put(log, 1, 6) == Landing::kMain);
  const auto gap = inbox.put(other, 5, 6);
  REQUIRE(gap.ok());
  CHECK(gap->landing == Landing::kGap);
  CHECK(gap->through.seq == 0);
  CHECK(put(other, 1, 6) == Landing::kFork);
}

TEST_CASE_METHOD(Fixture, "what does not verify is not stored, and holds up nobody else", "[inbox]") {
  log.write(4);
  TestLog good;
  good.write(2);
  const Bytes whole = log.batch(1, 4);
  const auto refused_as = [&](const Bytes& batch) {
    const auto landed = inbox.put(log, batch);
    return landed.ok() ? std::string() : landed.error().code;
  };
  Bytes flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  CHECK_FALSE(refused_as(flipped).empty());
  CHECK(refused_as(Bytes(whole.begin(), whole.end() - 1)) == "entry_unreadable");
  CHECK(refused_as({}) == "batch_empty");
  Bytes unsigned_batch;
  journal::append_to_batch(unsigned_batch, log.entries[0], {});
  CHECK(refused_as(unsigned_batch) == "signature_missing");
  TestLog thief = log;  // the device, but not her key
  thief.sign_key = std::make_shared<crypto::SignKey>(crypto::random_secret<32>());
  CHECK(refused_as(thief.batch(1, 4)) == "signature_wrong");
  TestLog moved = log;
  moved.genesis.device = crypto::random_id<DeviceId>();
  CHECK(inbox.put(moved, whole).error().code == "chain_broken");

  const Bytes good_batch = good.batch(1, 2);
  const std::vector<Incoming> together = {{log.genesis, flipped, 1, &log.keys}, {good.genesis, good_batch, 1, &good.keys}};
  const auto landed = inbox.inbox.store(together);
  REQUIRE(landed.ok());
  CHECK_FALSE(landed->at(0).ok());
  CHECK(landed->at(1).ok());
  CHECK(inbox.inbox.received(log.genesis.device, log.genesis.log).value().seq == 0);
}

TEST_CASE_METHOD(Fixture, "an author without a key here is kept and marked", "[inbox]") {
  log.write(2);
  log.keys = [](const UserId&) { return std::optional<crypto::VerifyKey>(); };
  CHECK(put(log, 1, 2) == Landing::kMain);
  CHECK(inbox.reader().read_after(0, 1).value().at(0).author_unknown);
}

TEST_CASE_METHOD(Fixture, "a known log cannot change where it came from", "[inbox]") {
  log.write(2);
  CHECK(put(log, 1, 1) == Landing::kMain);
  log.genesis.after_seq = 7;
  CHECK(inbox.put(log, 2, 2).error().code == "protocol_error");
}

TEST_CASE_METHOD(Fixture, "starts are counted, and a file of a newer program is left alone", "[inbox]") {
  CHECK(inbox.inbox.starts() == 1);
  CHECK(Inbox::open(inbox.path).value().starts() == 2);
  {
    auto database = database::Database::open(inbox.path, {}).value();
    REQUIRE(database.execute("PRAGMA user_version=99").ok());
  }
  CHECK(Inbox::open(inbox.path).error().code == "newer_store");
  CHECK(InboxReader::open(inbox.path).error().code == "newer_store");
}

TEST_CASE("whoever has read an inbox can tell that it was lost or put back, and since where", "[inbox]") {
  const support::TempFolder folder;
  const std::string path = folder.file("inbox.db"), copy = folder.file("copy.db");
  TestLog log;
  log.write(6);
  const auto fill = [&](std::uint64_t first, std::uint64_t last) {
    TestInbox inbox(path);
    for (std::uint64_t seq = first; seq <= last; ++seq) REQUIRE(inbox.put(log, seq, seq).ok());
  };
  const auto same_through = [&](const Bytes& mark, std::int64_t read_through) {
    auto reader = InboxReader::open(path);
    REQUIRE(reader.ok());
    return reader->same_through(mark, read_through).value();
  };
  fill(1, 2);
  std::filesystem::copy_file(path, copy);
  fill(3, 4);
  const Bytes mark = InboxReader::open(path).value().mark().value();
  CHECK(same_through(mark, 4) == 4);
  SECTION("a gateway that starts again changes nothing") {
    fill(5, 6);
    CHECK(same_through(mark, 4) == 4);
    CHECK(InboxReader::open(path).value().mark().value() != mark);
  }
  SECTION("put back from a copy: what it had before is not known to be the same") {
    std::filesystem::copy_file(copy, path, std::filesystem::copy_options::overwrite_existing);
    CHECK(same_through(mark, 4) == 0);
    fill(3, 6);
    CHECK(same_through(mark, 4) == 0);
  }
  SECTION("put back from a copy of the same start") {
    const Bytes early = [&] {
      std::filesystem::copy_file(copy, path, std::filesystem::copy_options::overwrite_existing);
      return InboxReader::open(path).value().mark().value();
    }();
    CHECK(same_through(early, 4) == 2);
    fill(3, 6);
    CHECK(same_through(early, 4) == 2);
  }
  SECTION("lost") {
    std::filesystem::remove(path);
    fill(1, 6);
    CHECK(same_through(mark, 4) == 0);
  }
}

TEST_CASE("any pieces in any order end as one log, each entry once", "[inbox]") {
  LANTAARN_RANDOM(random);
  for (int round = 0; round < 20; ++round) {
    support::TempFolder folder;
    TestInbox inbox(folder.file("inbox.db"));
    TestLog log;
    log.write(30);
    std::uint64_t through = 0;
    while (through < 30) {
      const std::uint64_t first = 1 + random.below(std::min<std::uint64_t>(through + 3, 30));
      const std::uint64_t last = std::min<std::uint64_t>(30, first + random.below(8));
      const auto landed = inbox.put(log, first, last);
      REQUIRE(landed.ok());
      CHECK(landed->landing == (first > through + 1 ? Landing::kGap : Landing::kMain));
      if (first <= through + 1) through = std::max(through, last);
      REQUIRE(inbox.inbox.received(log.genesis.device, log.genesis.log).value().seq == through);
    }
    auto reader = inbox.reader();
    CHECK(hashes_of(reader, log.genesis.log) == hashes_of(log));
  }
}

}  // namespace lantaarn::server::inbox
