// The program as a shell sees it: flags, exit codes, standard output and error, files.
#include <sys/stat.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "common/database/file_lock.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/sync_server/admin/program.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
namespace json = boost::json;

namespace {

using Words = std::vector<std::string>;

void check_conforms(const ServerProgram& server, const std::string& name, Words words) {
  words.emplace_back("--json");
  INFO(name);
  CHECK(conforms("lantaarn-server." + name, server.told(words)) == "");
}

}  // namespace

TEST_CASE("what every command prints with --json conforms to its schema", "[program]") {
  const ServerProgram server;
  const Words noor = {"--as", "Noor", "--reason", "r"};
  const auto as_noor = [&](Words words) {
    words.insert(words.end(), noor.begin(), noor.end());
    return words;
  };
  check_conforms(server, "init", {"init"});
  check_conforms(server, "user-add", {"user", "add", "Noor", "--role", "coordinator"});
  check_conforms(server, "user-list", {"user", "list"});
  check_conforms(server, "client-add", as_noor({"client", "add", "Roos", "--intensity", "intensive", "--primary", "Noor"}));
  check_conforms(server, "client-set", as_noor({"client", "set", "Roos", "--status", "closed"}));
  check_conforms(server, "device-add", {"device", "add", "h1", "--users", "Noor", "--server", "h:1", "--ticket", "t1"});
  check_conforms(server, "device-add-user", {"device", "add-user", "h1", "Noor", "--ticket", "t2"});
  check_conforms(server, "device-list", {"device", "list"});
  check_conforms(server, "device-revoke", {"device", "revoke", "h1"});
  check_conforms(server, "overview", {"overview"});
  check_conforms(server, "merge", {"merge"});
  check_conforms(server, "digest", {"digest"});
  check_conforms(server, "rebuild", {"rebuild", "--verify"});
  check_conforms(server, "quarantine", {"quarantine"});
  check_conforms(server, "clients", as_noor({"clients"}));
  check_conforms(server, "contacts", as_noor({"contacts"}));
  check_conforms(server, "review", as_noor({"review"}));
  write_file(server.folder.file("people.csv"), "given_name,surname,person_id\nGergana,Petrova,a\nGergana,Petrova,a\n");
  check_conforms(server, "link-eval", {"link-eval", server.folder.file("people.csv")});
}

TEST_CASE("link-eval needs no registry and makes none", "[program]") {
  const TempFolder folder;
  write_file(folder.file("people.csv"), "given_name,surname\nGergana,Petrova\nGergana\n");
  const Finished done = run(program_path("lantaarn-server"), {"link-eval", "people.csv"}, {.input = {}, .env = {{"LANTAARN_LANG", "en"}}, .folder = folder.path()});
  CHECK(done.exit_code == 1);
  CHECK(done.out.empty());
  CHECK(done.err == "Line 3 has another number of fields (1) than the header (2).\n");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("exit codes: 0 done, 1 refused with one line, 2 wrong usage", "[program]") {
  const ServerProgram server;
  const Finished not_there = server.run({"overview"});
  CHECK(not_there.exit_code == 1);
  CHECK(not_there.out.empty());
  CHECK(not_there.err == "There is no registry here yet. Make one with init first.\n");
  CHECK(server.refusal({"overview"}) == "not_initialised");
  CHECK(server.run({"overvieuw"}).exit_code == 2);
  CHECK(server.run({}).exit_code == 2);
  CHECK(conforms("lantaarn-server.error", server.run({"--json", "overvieuw"}).err) == "");
  CHECK(server.run({"--help"}).exit_code == 0);
  CHECK(server.run({"--version"}).out.rfind("lantaarn-server ", 0) == 0);
  CHECK_FALSE(std::filesystem::exists(server.data()));
}

TEST_CASE("a ticket is the owner's alone and overwrites nothing, a refusal leaves no file", "[program]") {
  const ServerProgram server;
  server.prepare();
  const std::string ticket = server.folder.file("h1.ticket");
  struct stat info {};
  REQUIRE(::stat(ticket.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600);
  const std::string before = read_file(ticket);
  CHECK(server.refusal({"device", "add", "h2", "--users", "Anna", "--server", "h:1", "--ticket", "h1.ticket"}) == "file_exists");
  CHECK(read_file(ticket) == before);
  CHECK(json::parse(server.told({"device", "list", "--json"})).as_array().size() == 1);
  CHECK(server.refusal({"device", "add", "h2", "--users", "Nobody", "--server", "h:1", "--ticket", "h2.ticket"}) == "user_not_found");
  CHECK_FALSE(std::filesystem::exists(server.folder.file("h2.ticket")));
}

TEST_CASE("two commands take turns", "[program]") {
  const ServerProgram server;
  (void)server.told({"init"});
  Process first(program_path("lantaarn-server"), {"--data", server.data(), "user", "add", "Anna", "--role", "case_manager"});
  Process second(program_path("lantaarn-server"), {"--data", server.data(), "user", "add", "Iris", "--role", "case_manager"});
  CHECK(first.wait().exit_code == 0);
  CHECK(second.wait().exit_code == 0);
  CHECK(json::parse(server.told({"user", "list", "--json"})).as_array().size() == 2);
}

TEST_CASE("a folder that another process keeps is said to be in use", "[program]") {
  const ServerProgram server;
  (void)server.told({"init"});
  const auto lock = database::FileLock::acquire(server.data() + "/lock", 0);
  REQUIRE(lock.ok());
  CHECK(server.refusal({"overview"}) == "in_use");
}

TEST_CASE("the reader's language is Dutch unless she asks otherwise", "[program]") {
  const ServerProgram server;
  const auto said = [&](const char* language) {
    return run(program_path("lantaarn-server"), {"--data", server.data(), "overview"}, {.input = {}, .env = {{"LANTAARN_LANG", language}}, .folder = {}}).err;
  };
  CHECK(said("nl").find("Hier is nog geen registratie") == 0);
  CHECK(said("en").find("There is no registry here") == 0);
}
