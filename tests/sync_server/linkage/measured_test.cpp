// How well the matcher does where the truth is known. LANTAARN_LONG=1 makes a million records of the fifty thousand
// (minutes, and about 3 GB).
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "sync_server/admin/link_eval.hpp"
#include "sync_server/linkage/evaluate.hpp"
#include "tests/support/skip.hpp"
#include "tests/sync_server/linkage/generated_people.hpp"

using namespace lantaarn;
using namespace lantaarn::server::linkage;
using namespace lantaarn::support;

namespace {

struct Measured {
  Evaluation evaluation;
  double seconds = 0;
};

Measured measure(const std::vector<LinkRecord>& records, const std::vector<std::string>& truth) {
  const auto begun = std::chrono::steady_clock::now();
  ProposeOptions options;
  options.explained = false;
  const auto proposals = propose(records, {}, options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  return {evaluate(records.size(), proposals, truth, kProposeFrom), taken.count()};
}

void report(const char* what, const Measured& measured) {
  const Evaluation& it = measured.evaluation;
  std::printf("%s: %llu records, precision %.4f, recall %.4f, F1 %.4f, false merges %llu, review band %llu, %.2f s\n", what,
              static_cast<unsigned long long>(it.records), *it.precision, *it.recall, *it.f1,
              static_cast<unsigned long long>(*it.false_merges), static_cast<unsigned long long>(it.review_band), measured.seconds);
}

Measured measure_generated(const char* what, const PeopleSettings& settings) {
  std::printf("%s: seed %llu\n", what, static_cast<unsigned long long>(settings.seed));
  const auto people = generate_people(settings);
  const Measured measured = measure(people.records, people.truth);
  report(what, measured);
  return measured;
}

double peak_gigabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / (1024 * 1024);
}

}  // namespace

TEST_CASE("on RLdata500 precision is 0.98 and recall 0.96 or better", "[linkage]") {
  const std::string path = std::string(LANTAARN_SHARED_DATA) + "/linkage/RLdata500.csv";
  if (!std::filesystem::exists(path)) LANTAARN_SKIP("RLdata500.csv is not on this machine");
  const auto file = server::admin::read_link_file(path);
  REQUIRE(file.ok());
  const Measured measured = measure(file->records, file->truth);
  report("RLdata500", measured);
  CHECK(*measured.evaluation.precision >= 0.98);
  CHECK(*measured.evaluation.recall >= 0.96);
}

TEST_CASE("ten thousand records with an error each are found", "[linkage]") {
  const auto measured =
      measure_generated("one error", {.seed = 101, .records = 10'000, .duplicates = 0.1, .duplicates_max = 1, .changes_max = 1});
  CHECK(*measured.evaluation.f1 >= 0.97);
}

TEST_CASE("ten thousand records with several duplicates of a woman are found", "[linkage]") {
  const auto measured =
      measure_generated("two errors", {.seed = 102, .records = 10'000, .duplicates = 0.25, .duplicates_max = 4, .changes_max = 2});
  CHECK(*measured.evaluation.f1 >= 0.95);
  CHECK(*measured.evaluation.precision >= 0.97);
}

TEST_CASE("with up to three errors a record most are found and few are wrong", "[linkage]") {
  const auto measured =
      measure_generated("three errors", {.seed = 103, .records = 10'000, .duplicates = 0.2, .duplicates_max = 3, .changes_max = 3});
  CHECK(*measured.evaluation.f1 >= 0.9);
  CHECK(*measured.evaluation.precision >= 0.95);
}

TEST_CASE("a probability is about as often right as it says", "[linkage]") {
  const auto people = generate_people({.seed = 104, .records = 10'000, .duplicates = 0.2, .duplicates_max = 1, .changes_max = 2});
  double said = 0, right = 0;
  for (const Proposal& proposal : propose(people.records, {}, {.from = 0.05, .explained = false})) {
    said += proposal.probability;
    right += people.truth[proposal.a] == people.truth[proposal.b] ? 1 : 0;
  }
  CAPTURE(said, right);
  CHECK(right == Approx(said).epsilon(0.05));
}

TEST_CASE("a million records take less than ten minutes and four gigabytes and fewer take their share", "[linkage]") {
  const bool is_long = std::getenv("LANTAARN_LONG") != nullptr;
  PeopleSettings settings{.seed = 105, .records = 50'000, .duplicates = 0.2, .duplicates_max = 3, .changes_max = 2};
  if (is_long) settings.records = 1'000'000;
  const auto measured = measure_generated("many", settings);
  std::printf("many: peak %.2f GB\n", peak_gigabytes());
  CHECK(measured.seconds < (is_long ? 600 : 60));
  CHECK(peak_gigabytes() < 4);
}
