// The pure rules, as tables.
#include <catch2/catch.hpp>

#include "sync_server/merge/admission.hpp"
#include "sync_server/merge/clock_repair.hpp"
#include "sync_server/merge/clusters.hpp"
#include "sync_server/merge/heads.hpp"

using namespace lantaarn;
using namespace lantaarn::server;

namespace {

EventId event(std::uint8_t number) { return EventId{{number}}; }

FieldSaying saying(std::uint8_t number, const char* value, const std::vector<EventId>& seen, std::int64_t wall = 1000, bool clock_ok = true,
                   bool admitted = true) {
  return {"place", {{event(number), {}, {}, wall, clock_ok}, value, ""}, seen, admitted};
}

std::vector<std::string> values(const std::vector<FieldSaying>& sayings) {
  std::vector<std::string> found;
  for (const FieldView& view : fold_fields(sayings)) {
    for (const FieldHead& head : view.heads) found.push_back(head.value);
  }
  return found;
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("a change supersedes the heads it names", "[merge]") {
  CHECK(values({saying(1, "a", {}), saying(2, "b", {event(1)})}) == Values{"b"});
  CHECK(values({saying(2, "b", {event(1)}), saying(1, "a", {})}) == Values{"b"});
}

TEST_CASE("two changes that did not see one another are both heads", "[merge]") {
  CHECK(values({saying(1, "a", {}), saying(2, "b", {event(1)}, 2000), saying(3, "c", {event(1)}, 3000)}) == Values{"c", "b"});
}

TEST_CASE("one change can settle two heads", "[merge]") {
  CHECK(values({saying(1, "a", {}), saying(2, "b", {event(1)}), saying(3, "c", {event(1)}), saying(4, "d", {event(2), event(3)})}) ==
        Values{"d"});
}

TEST_CASE("superseding goes through changes that are set apart", "[merge]") {
  CHECK(values({saying(1, "a", {}), saying(2, "b", {event(1)}, 1, true, false), saying(3, "c", {event(2)})}) == Values{"c"});
}

TEST_CASE("a change that is set apart supersedes nothing by itself", "[merge]") {
  CHECK(values({saying(1, "a", {}), saying(2, "b", {event(1)}, 1, true, false)}) == Values{"a"});
}

TEST_CASE("a missing link leaves both ends standing until it comes", "[merge]") {
  CHECK(values({saying(1, "a", {}, 1), saying(3, "c", {event(2)}, 3)}) == Values{"c", "a"});
}

TEST_CASE("the provisional value: right clock, then later time, then greater id", "[merge]") {
  CHECK(values({saying(1, "a", {}, 9000, false), saying(2, "b", {}, 1000, true)}) == Values{"b", "a"});
  CHECK(values({saying(1, "a", {}, 9000), saying(2, "b", {}, 1000)}) == Values{"a", "b"});
  CHECK(values({saying(1, "a", {}), saying(2, "b", {})}) == Values{"b", "a"});
}

TEST_CASE("two heads that say the same need nobody to choose", "[merge]") {
  CHECK_FALSE(fold_fields({saying(1, "a", {}), saying(2, "a", {})}).front().contested());
  CHECK(fold_fields({saying(1, "a", {}), saying(2, "b", {})}).front().contested());
}

TEST_CASE("who is let in: the bytes decide before the directory does", "[merge]") {
  const Directory nobody;
  EntryRecord entry;
  struct Row {
    bool verified;
    Admission verdict;
    bool own;
    bool apart;
    Admission expected;
  };
  const Row rows[] = {
      {false, Admission::kAdmitted, false, false, Admission::kAuthorUnknown},
      {false, Admission::kEventInvalid, false, true, Admission::kAuthorUnknown},
      {true, Admission::kEventInvalid, false, true, Admission::kEventInvalid},
      {true, Admission::kServerFact, false, false, Admission::kServerFact},
      {true, Admission::kAdmitted, false, true, Admission::kFork},
      {true, Admission::kAdmitted, false, false, Admission::kAdmitted},
      {true, Admission::kAdmitted, true, false, Admission::kAdmitted},
      {true, Admission::kEventInvalid, true, false, Admission::kEventInvalid},
  };
  for (const Row& row : rows) {
    entry.verified = row.verified;
    entry.verdict = row.verdict;
    CHECK(judge(entry, nobody, row.own, row.apart) == row.expected);
  }
}

TEST_CASE("a branch is apart from its first entry on, in whatever order it is listed", "[merge]") {
  const auto entry = [](std::uint8_t previous, std::uint8_t hash) {
    StoredEntry stored;
    stored.place.previous = Hash{previous};
    stored.place.hash = Hash{hash};
    return stored;
  };
  // 1-2-3 kept, 2-13-14 beside it; 24 follows an entry nobody has.
  const std::vector<StoredEntry> log = {entry(13, 14), entry(2, 13), entry(0, 1), entry(23, 24), entry(2, 3), entry(1, 2)};
  CHECK(branches_apart(log, {{3, Hash{3}, Hash{13}}}) == std::set<Hash>{Hash{13}, Hash{14}});
  CHECK(branches_apart(log, {}).empty());
}

TEST_CASE("a clock of 1970 is repaired by what the server saw of the same boot", "[merge]") {
  const std::int64_t noon = 1'764'000'000'000;
  // Recorded at 5,000 ms after boot; the server saw the handheld at 65,000 ms after boot.
  const std::vector<ClockSample> seen = {{noon + 60'000, 65'000, event(1)}};
  CHECK(repaired_time(4'000, 5'000, 5'000, seen) == noon - 1'000);
  CHECK(repaired_time(4'000, 5'000, 5'000, {}) == std::nullopt);
}

TEST_CASE("a clock within the tolerance is left alone, one beyond is not", "[merge]") {
  const std::int64_t noon = 1'764'000'000'000;
  CHECK(repaired_time(noon, noon, 0, {{noon + kClockToleranceMs, 0, event(1)}}) == std::nullopt);
  CHECK(repaired_time(noon, noon, 0, {{noon + kClockToleranceMs + 1, 0, event(1)}}) == noon + kClockToleranceMs + 1);
}

TEST_CASE("a time that was typed in is not repaired", "[merge]") {
  const std::int64_t noon = 1'764'000'000'000;
  CHECK(repaired_time(noon, 0, 0, {{noon, 0, event(1)}}) == std::nullopt);
}

TEST_CASE("absurd clocks overflow nothing", "[merge]") {
  // Differences are taken of clamped values, so that no repaired time comes near either end; one that wrapped would.
  constexpr std::int64_t kFarthest = INT64_MAX / 8 * 7;
  int repaired = 0;
  const auto check = [&](std::int64_t occurred, std::int64_t recorded, std::int64_t monotonic, const ClockSample& seen) {
    const auto time = repaired_time(occurred, recorded, monotonic, {seen});
    if (!time) return;
    ++repaired;
    CHECK(*time <= kFarthest);
    CHECK(*time >= -kFarthest);
  };
  for (const std::int64_t absurd : {INT64_MIN, INT64_MAX, std::int64_t{0}}) {
    for (const std::int64_t other : {INT64_MIN, INT64_MAX, std::int64_t{0}}) {
      check(absurd, absurd, other, {other, absurd, event(1)});
      check(absurd, absurd, absurd, {other, other, event(1)});
      check(absurd, other, absurd, {other, other, event(1)});
    }
  }
  CHECK(repaired > 0);
}

TEST_CASE("the nearest look at the clock counts", "[merge]") {
  const std::int64_t noon = 1'764'000'000'000;
  const std::vector<ClockSample> seen = {{noon, 0, event(1)}, {noon + 7'200'000, 3'600'000, event(2)}};
  CHECK(repaired_time(5'000, 5'000, 3'500'000, seen) == noon + 7'200'000 - 100'000);
  CHECK(repaired_time(5'000, 5'000, 100'000, seen) == noon + 100'000);
}

TEST_CASE("what a decision said holds for as long as no decision that holds cancels it, in any order", "[merge][clusters]") {
  const ClientId a{{1}}, b{{2}}, c{{3}};
  const auto told = [&](const std::vector<int>& order) {
    Clusters clusters;
    for (const int fact : order) {
      if (fact == 1) clusters.link(event(1), a, b);
      if (fact == 2) clusters.cancel(event(2), event(1));
      if (fact == 2) clusters.keep_apart(event(2), a, b);
      if (fact == 3) clusters.cancel(event(3), event(2));  // the unlink was wrong
      if (fact == 4) clusters.cancel(event(4), event(3));  // and was not
    }
    return std::pair(clusters.members_of(a).size(), clusters.are_apart(a, b));
  };
  CHECK(told({1}) == std::pair<std::size_t, bool>(2, false));
  CHECK(told({1, 2}) == std::pair<std::size_t, bool>(1, true));
  CHECK(told({3, 1, 2}) == std::pair<std::size_t, bool>(2, false));
  CHECK(told({4, 3, 2, 1}) == std::pair<std::size_t, bool>(1, true));
  Clusters taken_back;
  taken_back.keep_apart(event(5), a, c);
  taken_back.keep_apart(event(6), a, c);
  taken_back.cancel(event(6), event(5));
  CHECK_FALSE(taken_back.are_apart(a, c));
  CHECK(taken_back.pairs_of(event(6)).size() == 1);
}
