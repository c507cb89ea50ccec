#include <catch2/catch.hpp>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::read_file;
using lantaarn::support::TempFolder;
using lantaarn::support::write_file;

namespace {

const std::string kRoot = LANTAARN_SOURCE_FOLDER;
const std::string kScenario = kRoot + "/tools/scenarios/avondronde.json";

Finished play(const Words& arguments) {
  const std::string programs = lantaarn::support::program_path("");
  // A preloaded clock and a sanitizer's runtime both want to be the first library.
  return lantaarn::support::run(kRoot + "/tools/run", arguments,
                                {.input = "", .env = {{"LANTAARN_PROGRAMS", programs}, {"LANTAARN_LANG", "en"}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}}, .folder = ""},
                                280'000);
}

std::string without(std::string text, const std::string& part, const std::string& instead) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

}  // namespace

TEST_CASE("the evening comes out as its scenario says, and leaves no process", "[e2e]") {
  const TempFolder folder;
  const Finished done = play({"--data", folder.file("evening"), "--keep"});
  INFO(done.out << done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(done.out.find("Right: ") != std::string::npos);
  CHECK(done.out.find("connection cut after") != std::string::npos);
  CHECK(done.out.find("switched off in the middle of a save") != std::string::npos);

  // --keep left a server: it answers, and --stop ends it.
  const Words overview = {"--data", folder.file("evening/server"), "--json", "overview"};
  const auto shown = answer_of(lantaarn::support::run(lantaarn::support::program_path("lantaarn-server"), overview));
  CHECK(number_of(shown, "in_view") == 27);
  CHECK(number_of(shown, "in_contact") == 18);
  CHECK(play({"--data", folder.file("evening")}).exit_code == 1);
  CHECK(play({"--data", folder.file("evening"), "--stop"}).exit_code == 0);
  CHECK(lantaarn::support::run(lantaarn::support::program_path("lantaarn-server"), {"--data", folder.file("evening/server"), "merge"}).exit_code == 0);
}

TEST_CASE("a scenario with a mistake is refused in one line that says where, before anything starts", "[e2e]") {
  const TempFolder folder;
  const std::string good = read_file(kScenario);
  const auto said = [&](const std::string& text) {
    write_file(folder.file("scenario.json"), text);
    const Finished done = play({folder.file("scenario.json"), "--data", folder.file("evening")});
    CHECK(done.exit_code == 2);
    CHECK(done.out.empty());
    CHECK(std::count(done.err.begin(), done.err.end(), '\n') == 1);
    return done.err;
  };
  CHECK(said(good.substr(0, good.size() / 2)).find("line") != std::string::npos);
  CHECK(said(without(good, "\"do\": \"round_end\"", "\"do\": \"dance\"")).find("scene 2, step") != std::string::npos);
  CHECK(said(without(good, "\"contact\": \"katinka\"", "\"contact\": \"katja\"")).find("katja") != std::string::npos);
  CHECK(said(without(good, "\"at\": \"20:44\"", "\"at\": \"25:44\"")).find("'at' is a time") != std::string::npos);
  CHECK(said(without(good, "\"user\": \"Noor\", \"at\": \"20:31\"", "\"user\": \"Maaike\", \"at\": \"20:31\"")).find("not a user of this handheld") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.file("evening")));
}

TEST_CASE("a folder that is not an evening's is not emptied", "[e2e]") {
  const TempFolder folder;
  write_file(folder.file("letter"), "mine");
  CHECK(play({"--data", folder.path().string()}).exit_code == 1);
  CHECK(read_file(folder.file("letter")) == "mine");
}
