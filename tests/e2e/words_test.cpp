#include <catch2/catch.hpp>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::program_path;
using lantaarn::support::run;

TEST_CASE("both programs speak Dutch and English, and Dutch when nobody says", "[e2e]") {
  Town town;
  const Words words = {"--data", town.folder().file("nothing"), "status"};
  const auto said_with = [&](const char* lantaarn_lang, const char* locale) {
    return run(program_path("lantaarn"), words, {.input = "", .env = {{"LANTAARN_LANG", lantaarn_lang}, {"LC_ALL", locale}}, .folder = ""}).err;
  };
  CHECK(said_with("nl", "en_GB.UTF-8").find("aangemeld") != std::string::npos);
  CHECK(said_with("en", "C").find("enrolled") != std::string::npos);
  CHECK(said_with("", "C") == said_with("nl", "C"));
  CHECK(said_with("", "en_GB.UTF-8") == said_with("en", "C"));

  const auto overview_in = [&](const char* language) {
    return run(program_path("lantaarn-server"), {"--data", town.server_data(), "overview"}, {.input = "", .env = {{"LANTAARN_LANG", language}}, .folder = ""}).out;
  };
  CHECK(overview_in("nl").find("in beeld") != std::string::npos);
  CHECK(overview_in("en").find("in view") != std::string::npos);
}
