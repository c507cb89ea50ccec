#include "sync_server/linkage/blocking.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/sync_server/linkage/generated_people.hpp"
#include "tests/sync_server/linkage/women.hpp"

using namespace lantaarn::server::linkage;
using namespace lantaarn::support;

namespace {

std::size_t pairs_of(std::size_t records) {
  const auto people = generate_people({.seed = 2, .records = records, .duplicates = 0.2, .duplicates_max = 3, .changes_max = 2});
  return candidate_pairs(make_ready(people.records)).size();
}

}  // namespace

TEST_CASE("in a small register every pair is looked at", "[linkage]") {
  CHECK(pairs_of(kEveryPairRecordsMax) == kEveryPairRecordsMax * (kEveryPairRecordsMax - 1) / 2);
  CHECK(candidate_pairs(make_ready({})).empty());
}

TEST_CASE("pairs grow with the records and not with their square", "[linkage]") {
  const auto small = pairs_of(5'000), large = pairs_of(40'000);
  CAPTURE(small, large);
  CHECK(small / 5'000 < 40);
  CHECK(large / 40'000 < 120);
}

TEST_CASE("a register in which everybody has one name stays affordable", "[linkage]") {
  std::vector<LinkRecord> records;
  for (int i = 0; i < 20'000; ++i) records.push_back(woman("Maria", "Popescu"));
  CHECK(candidate_pairs(make_ready(numbered(records))).size() < 20'000 * 100);
}

TEST_CASE("candidates stand in order and once each", "[linkage]") {
  const auto people = generate_people({.seed = 3, .records = 5'000, .duplicates = 0.2, .duplicates_max = 3, .changes_max = 2});
  const auto pairs = candidate_pairs(make_ready(people.records));
  CHECK(std::is_sorted(pairs.begin(), pairs.end()));
  CHECK(std::adjacent_find(pairs.begin(), pairs.end()) == pairs.end());
  CHECK(std::all_of(pairs.begin(), pairs.end(), [](Pair pair) { return first_of(pair) < second_of(pair); }));
}
