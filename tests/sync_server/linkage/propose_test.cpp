#include "sync_server/linkage/propose.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/sync_server/linkage/generated_people.hpp"
#include "tests/sync_server/linkage/women.hpp"

using namespace lantaarn::server::linkage;
using namespace lantaarn::support;

namespace {

// The last two of the register; 0 when they are not proposed at all.
double probability_of_last_two(std::vector<LinkRecord> records, const ProposeOptions& options = {}) {
  const auto last = static_cast<std::uint32_t>(records.size() - 1);
  for (const Proposal& proposal : propose(numbered(std::move(records)), {}, options)) {
    if (proposal.a == last - 1 && proposal.b == last) return proposal.probability;
  }
  return 0;
}

double in_small_register(const LinkRecord& a, const LinkRecord& b, const ProposeOptions& options = {}) {
  auto records = small_register();
  records.push_back(a);
  records.push_back(b);
  return probability_of_last_two(std::move(records), options);
}

using ById = std::map<std::pair<std::string, std::string>, double>;

ById by_id(const std::vector<LinkRecord>& records) {
  ById proposals;
  ProposeOptions options;
  options.explained = false;
  for (const Proposal& proposal : propose(records, {}, options)) {
    const std::string &a = records[proposal.a].id, &b = records[proposal.b].id;
    proposals[{std::min(a, b), std::max(a, b)}] = proposal.probability;
  }
  return proposals;
}

}  // namespace

TEST_CASE("in a register of aliases a respelt name comes up for review", "[linkage]") {
  for (const auto& [one, other] : {std::pair{"Roxy", "Roxi"}, {"Roxana", "Roxy"}, {"Christina", "Kristina"}, {"Мария", "Maria"}}) {
    INFO(one << " and " << other);
    const double probability = in_small_register(called({one}), called({other}));
    CHECK(probability >= kReviewFrom);
    CHECK(probability < kProposeFrom);
  }
}

TEST_CASE("two women called Maria are never a near certainty", "[linkage]") {
  const double alone = in_small_register(called({"Maria"}), called({"Maria"}));
  CHECK(alone >= kReviewFrom);
  CHECK(alone < 0.5);
  CHECK(in_small_register(called({"Maria"}), called({"Ilinca"})) == 0);
  auto many = small_register();
  for (int i = 0; i < 6; ++i) many.push_back(called({"Maria"}));
  CHECK(probability_of_last_two(many) < alone);
}

TEST_CASE("a small register without duplicates proposes nobody", "[linkage]") {
  for (const Proposal& proposal : propose(numbered(small_register()), {})) CHECK(proposal.probability < kProposeFrom);
  CHECK(propose({}, {}).empty());
  CHECK(propose(numbered({called({"Roxy"})}), {}).empty());
  CHECK(propose(numbered({LinkRecord{}, LinkRecord{}}), {}).empty());
}

TEST_CASE("what else agrees makes a pair probable and what differs makes it less so", "[linkage]") {
  const auto maria = [](int year, int month = 0, int day = 0) {
    auto record = called({"Maria"});
    if (year != 0) record.birth_year = year;
    if (month != 0) record.birth_month = month, record.birth_day = day;
    return record;
  };
  const double nothing = in_small_register(maria(0), maria(0));
  const double missing = in_small_register(maria(1990), maria(0));
  const double same = in_small_register(maria(1990), maria(1990));
  const double whole = in_small_register(maria(1990, 4, 11), maria(1990, 4, 11));
  const double other = in_small_register(maria(1990), maria(1962));
  CHECK(missing == Approx(nothing).margin(0.02));
  CHECK(same > nothing);
  CHECK(whole > kProposeFrom);
  CHECK(other < kReviewFrom);
}

TEST_CASE("a rare name in common weighs more than a common one", "[linkage]") {
  auto records = generate_people({.seed = 5, .records = 1500, .duplicates = 0, .duplicates_max = 0, .changes_max = 1}).records;
  for (int i = 0; i < 60; ++i) records.push_back(woman("Ivana", "Jansen", 1950 + i, 1 + i % 12, 1 + i % 28));
  const auto with = [&](const std::string& family) {
    auto all = records;
    all.push_back(woman("Kalinka", family, 1990));
    all.push_back(woman("Kalinka", family, 1990));
    return probability_of_last_two(all, {.from = 0, .explained = false});
  };
  CHECK(with("Quispel") > with("Jansen"));
}

TEST_CASE("the order of the records changes nothing", "[linkage]") {
  auto records = generate_people({.seed = 11, .records = 3000, .duplicates = 0.3, .duplicates_max = 3, .changes_max = 2}).records;
  const ById before = by_id(records);
  CHECK(before.size() > 500);
  std::mt19937 engine(3);
  for (int i = 0; i < 3; ++i) {
    std::shuffle(records.begin(), records.end(), engine);
    CHECK(by_id(records) == before);
  }
}

TEST_CASE("a pair that was kept apart is never proposed again", "[linkage]") {
  auto records = small_register();
  for (int i = 0; i < 3; ++i) records.push_back(woman("Gergana", "Petrova", 1990, 4, 11));
  const auto first = static_cast<std::uint32_t>(records.size() - 3);
  CHECK(propose(numbered(records), {}).size() >= 3);
  // Not by way of the third either.
  const auto proposals = propose(numbered(records), {{first, first + 2}});
  CHECK(std::none_of(proposals.begin(), proposals.end(), [&](const Proposal& p) { return p.a == first && p.b == first + 2; }));
  CHECK(std::any_of(proposals.begin(), proposals.end(), [&](const Proposal& p) { return p.a == first && p.b == first + 1; }));
}

TEST_CASE("conversations at the same time speak against a pair", "[linkage]") {
  const auto roxy = woman("Roxana", "Popescu", 1990), roxi = woman("Roxi", "Popescu", 1990);
  const auto overlapping = [](unsigned count) {
    ProposeOptions options;
    options.overlapping_conversations = [count](std::uint32_t, std::uint32_t) { return count; };
    return options;
  };
  const double none = in_small_register(roxy, roxi, overlapping(0));
  const double one = in_small_register(roxy, roxi, overlapping(1));
  CHECK(none == in_small_register(roxy, roxi));
  CHECK(one < none);
  CHECK(in_small_register(roxy, roxi, overlapping(8)) == 0);
}

TEST_CASE("overlaps are asked for the pairs that would be proposed and no others", "[linkage]") {
  auto records = small_register();
  records.push_back(called({"Roxy"}));
  records.push_back(called({"Roxi"}));
  std::set<RecordPair> asked;
  ProposeOptions options;
  options.overlapping_conversations = [&](std::uint32_t a, std::uint32_t b) {
    asked.insert({a, b});
    return 0U;
  };
  const auto proposals = propose(numbered(records), {}, options);
  CHECK(asked.size() == proposals.size());
  CHECK(asked.contains({25, 26}));
}

TEST_CASE("two records with an error each are found through the better third", "[linkage]") {
  auto records = small_register();
  records.push_back(woman("Desislava", "Georgieva", 1984, 3, 7));
  records.push_back(woman("Desislva", "Georgieva", 1948, 3, 7));
  records.push_back(woman("Desislava", "Goergeeva", 1984, 7, 3));
  const auto proposals = propose(numbered(records), {});
  const auto found = std::find_if(proposals.begin(), proposals.end(), [](const Proposal& p) { return p.a == 26 && p.b == 27; });
  REQUIRE(found != proposals.end());
  CHECK(found->probability > kProposeFrom);
}

TEST_CASE("women of one family are not taken for one woman", "[linkage]") {
  CHECK(in_small_register(woman("Mirela", "Popescu", 1990, 4, 11), woman("Georgeta", "Popescu", 1962, 9, 30)) < kReviewFrom);
  CHECK(in_small_register(woman("Mirela", "Popescu"), woman("Georgeta", "Popescu")) < kProposeFrom);
}
