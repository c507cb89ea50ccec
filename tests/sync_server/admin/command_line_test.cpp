#include "sync_server/admin/command_line.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn::server::admin;

namespace {

std::variant<CommandLine, Said> read(std::vector<const char*> texts, bool* json = nullptr) {
  texts.insert(texts.begin(), "lantaarn-server");
  bool asked_json = false;
  auto line = read_command_line(static_cast<int>(texts.size()), texts.data(), asked_json);
  if (json != nullptr) *json = asked_json;
  return line;
}

CommandLine good(const std::vector<const char*>& texts) {
  auto line = read(texts);
  if (const auto* said = std::get_if<Said>(&line)) FAIL(said->text);
  return std::get<CommandLine>(line);
}

int exit_code(const std::vector<const char*>& texts) {
  const auto line = read(texts);
  const auto* said = std::get_if<Said>(&line);
  return said == nullptr ? -1 : said->exit_code;
}

}  // namespace

TEST_CASE("global flags stand before or after the command", "[command_line]") {
  for (const auto& texts : {std::vector<const char*>{"--data", "d", "--json", "--as", "Noor", "--reason", "r", "contacts", "--client", "c"},
                            std::vector<const char*>{"contacts", "--client", "c", "--as", "Noor", "--json", "--reason", "r", "--data", "d"}}) {
    const CommandLine line = good(texts);
    CHECK(line.globals.data == "d");
    CHECK(line.globals.json);
    CHECK(line.arguments.command == "contacts");
    CHECK(line.arguments.one("as") == "Noor");
    CHECK(line.arguments.one("reason") == "r");
    CHECK(line.arguments.one("client") == "c");
  }
}

TEST_CASE("the commands of the contract are understood", "[command_line]") {
  const CommandLine add = good({"--data", "d", "device", "add", "h1", "--users", "Anna, Iris", "--server", "h:1", "--ticket", "t"});
  CHECK(add.arguments.command == "device add");
  CHECK(add.arguments.one("name") == "h1");
  CHECK(add.arguments.all("users") == std::vector<std::string>{"Anna", "Iris"});
  CHECK(good({"--data", "d", "device", "add-user", "h1", "Anna", "--ticket", "t"}).arguments.one("user") == "Anna");
  CHECK(good({"--data", "d", "quarantine"}).arguments.command == "quarantine");
  const CommandLine admit = good({"--data", "d", "quarantine", "admit", "aa", "bb", "--reason", "r"});
  CHECK(admit.arguments.command == "quarantine admit");
  CHECK(admit.arguments.all("entries") == std::vector<std::string>{"aa", "bb"});
  CHECK(good({"--data", "d", "rebuild", "--verify"}).arguments.has("verify"));
  CHECK_FALSE(good({"--data", "d", "overview"}).arguments.has("as"));
}

TEST_CASE("the matcher is measured without a folder and without a person", "[command_line]") {
  const CommandLine line = good({"link-eval", "people.csv", "--threshold", "0.8"});
  CHECK(line.arguments.command == "link-eval");
  CHECK(line.arguments.one("file") == "people.csv");
  CHECK(line.arguments.one("threshold") == "0.8");
  CHECK(line.globals.data.empty());
  CHECK(exit_code({"link-eval"}) == 2);
}

TEST_CASE("a name that is also a command is a name", "[command_line]") {
  const CommandLine line = good({"--data", "d", "user", "add", "merge", "--role", "coordinator"});
  CHECK(line.arguments.command == "user add");
  CHECK(line.arguments.one("name") == "merge");
}

TEST_CASE("wrong usage is exit code 2, help and version are 0", "[command_line]") {
  CHECK(exit_code({}) == 2);
  CHECK(exit_code({"--data", "d"}) == 2);
  CHECK(exit_code({"overview"}) == 2);
  CHECK(exit_code({"--data", "d", "user", "add", "Noor"}) == 2);
  CHECK(exit_code({"--data", "d", "device"}) == 2);
  CHECK(exit_code({"--data", "d", "overview", "extra"}) == 2);
  CHECK(exit_code({"--data", "d", "rebuild"}) == 2);
  CHECK(exit_code({"--data", "d", "gateway", "--fd", "3"}) == 2);
  CHECK(exit_code({"--help"}) == 0);
  CHECK(exit_code({"device", "add", "--help"}) == 0);
  CHECK(exit_code({"--version"}) == 0);
}

TEST_CASE("a wrong command line still says whether JSON was asked for", "[command_line]") {
  bool json = false;
  (void)read({"--json", "nonsense"}, &json);
  CHECK(json);
  (void)read({"nonsense"}, &json);
  CHECK_FALSE(json);
}

TEST_CASE("a table and a whole register come in by commands of their own", "[command_line]") {
  const auto table = good({"--data", "d", "import", "in.csv", "--mapping", "in.json", "--apply", "--skip-errors", "--as", "Noor"});
  CHECK(table.arguments.command == "import");
  CHECK(table.arguments.one("file") == "in.csv");
  CHECK(table.arguments.has("skip-errors"));
  const auto register_file = good({"--data", "d", "import", "migration", "moved"});
  CHECK(register_file.arguments.command == "import migration");
  CHECK(register_file.arguments.one("file") == "moved");
  CHECK(exit_code({"--data", "d", "export"}) == 2);
  CHECK(exit_code({"--data", "d", "export", "migration", "--to", "key", "--file", "out"}) == 2);
}
