#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::read_file;
using lantaarn::support::TempFolder;
using lantaarn::support::write_file;

namespace {

const std::string kRoot = LANTAARN_SOURCE_FOLDER;
const std::string kScenario = kRoot + "/tools/scenarios/half-year.json";

Finished play(const Words& arguments) {
  const std::string programs = lantaarn::support::program_path("");
  // A preloaded clock and a sanitizer's runtime both want to be the first library.
  return lantaarn::support::run(kRoot + "/tools/run", arguments,
                                {.input = "", .env = {{"LANTAARN_PROGRAMS", programs}, {"LANTAARN_LANG", "en"}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}}, .folder = ""},
                                110'000);
}

}  // namespace

TEST_CASE("the first month of the half year comes out as its scenario says", "[e2e]") {
  const TempFolder folder;
  const Finished done = play({kScenario, "--through", "2026-01-31", "--data", folder.file("month")});
  INFO(done.out << done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(done.out.find("2026-01") != std::string::npos);
  CHECK(done.out.find("2026-02\n") == std::string::npos);
  CHECK(done.out.find("to the same result") != std::string::npos);
  CHECK(done.out.find("Right: ") != std::string::npos);
}

TEST_CASE("half a year with a mistake in it is refused in one line that says where, before anything starts", "[e2e]") {
  const TempFolder folder;
  std::string text = read_file(kScenario);
  const std::string part = "\"tuesday\", \"thursday\"";
  REQUIRE(text.find(part) != std::string::npos);
  write_file(folder.file("scenario.json"), text.replace(text.find(part), part.size(), "\"tuesday\", \"donderdag\""));
  const Finished done = play({folder.file("scenario.json"), "--data", folder.file("data")});
  CHECK(done.exit_code == 2);
  CHECK(done.out.empty());
  CHECK(done.err.find("rounds: weekdays (number 2)") != std::string::npos);
  CHECK(std::count(done.err.begin(), done.err.end(), '\n') == 1);
  CHECK_FALSE(std::filesystem::exists(folder.file("data")));
}
