#include "firmware_app/cli/command_line.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn::firmware::cli;

namespace {

std::variant<Arguments, Said> read(std::vector<const char*> words, bool* json = nullptr) {
  words.insert(words.begin(), "lantaarn");
  bool ignored = false;
  return read_command_line(static_cast<int>(words.size()), words.data(), json != nullptr ? *json : ignored);
}

Arguments taken(std::vector<const char*> words) {
  auto result = read(std::move(words));
  if (const auto* said = std::get_if<Said>(&result)) FAIL(said->text);
  return std::get<Arguments>(result);
}

int exit_code(std::vector<const char*> words) {
  const auto result = read(std::move(words));
  return std::holds_alternative<Said>(result) ? std::get<Said>(result).exit_code : -1;
}

}  // namespace

TEST_CASE("global flags stand before or after the command", "[cli]") {
  for (const auto& words : {std::vector<const char*>{"--data", "d", "--user", "Noor", "--json", "round", "start", "--place", "zone"},
                            {"round", "start", "--place", "zone", "--data", "d", "--user", "Noor", "--json"},
                            {"--user", "Noor", "round", "--data", "d", "start", "--json", "--place", "zone"}}) {
    const Arguments arguments = taken(words);
    CHECK(arguments.command == "round start");
    CHECK(arguments.globals.data == "d");
    CHECK(arguments.globals.user == "Noor");
    CHECK(arguments.globals.json);
    CHECK(arguments.one("place") == "zone");
  }
}

TEST_CASE("a count may be +3 or -3", "[cli]") {
  CHECK(taken({"round", "count", "+3"}).one("number") == "+3");
  CHECK(taken({"round", "count", "-3"}).one("number") == "-3");
  CHECK(taken({"--data", "d", "round", "count", "-3", "--json"}).one("number") == "-3");
}

TEST_CASE("flags that may be repeated keep all their values, an empty value is a value", "[cli]") {
  const Arguments arguments = taken({"amend", "abc123", "--reason", "r", "--topic", "money", "--topic", "housing", "--minutes", ""});
  CHECK(arguments.all("topic") == std::vector<std::string>{"money", "housing"});
  CHECK(arguments.has("minutes"));
  CHECK(arguments.one("minutes").empty());
  CHECK_FALSE(arguments.has("place"));
  CHECK(taken({"client", "add", ""}).has("alias"));
}

TEST_CASE("fields of a record stand among its flags", "[cli]") {
  const Arguments arguments = taken({"record", "add", "goal", "area=housing", "--client", "Roos", "text=twee woorden", "--json"});
  CHECK(arguments.command == "record add");
  CHECK(arguments.one("kind") == "goal");
  CHECK(arguments.all("fields") == std::vector<std::string>{"area=housing", "text=twee woorden"});
  CHECK(arguments.one("client") == "Roos");
  const Arguments named = taken({"client", "name", "Roos", "Roosje"});
  CHECK(named.one("client") == "Roos");
  CHECK(named.one("alias") == "Roosje");
  CHECK(exit_code({"client", "name", "Roos"}) == 2);
  CHECK(exit_code({"client", "add", "Roos", "Roosje"}) == 2);
  CHECK(taken({"records", "goal"}).one("kind") == "goal");
  CHECK(taken({"records"}).command == "records");
  CHECK(exit_code({"record", "change", "abcdef", "text=x"}) == 2);
}

TEST_CASE("help and version end well, what is wrong ends with 2", "[cli]") {
  CHECK(exit_code({"--help"}) == 0);
  CHECK(exit_code({"log", "--help"}) == 0);
  CHECK(exit_code({"--version"}) == 0);
  CHECK(exit_code({}) == 2);
  CHECK(exit_code({"dance"}) == 2);
  CHECK(exit_code({"round"}) == 2);
  CHECK(exit_code({"log", "--client", "Roos"}) == 2);
  CHECK(exit_code({"status", "--loud"}) == 2);
  CHECK(exit_code({"retract", "abc123"}) == 2);
  CHECK(exit_code({"status", "--pin", "12345678"}) == 2);
}

TEST_CASE("the json flag is seen also when the rest is wrong", "[cli]") {
  bool json = false;
  static_cast<void>(read({"dance", "--json"}, &json));
  CHECK(json);
}
