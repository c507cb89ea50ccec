// Databases that are locked, damaged or too new: one clear line, nothing made over them, the rest kept.
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/database/database.hpp"
#include "common/database/file_lock.hpp"
#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::database::Database;
using lantaarn::database::FileLock;
using lantaarn::support::read_file;
using lantaarn::support::write_file;

namespace {

Database open_writer(const std::string& path) {
  auto database = Database::open(path, {});
  if (!database) throw std::runtime_error(database.error().to_log_line());
  return std::move(*database);
}

}  // namespace

TEST_CASE("a store that another process is using is not touched", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  {
    const auto held = FileLock::acquire(handheld.data() + "/lock", 0);
    REQUIRE(held);
    CHECK(not_refused(handheld.run(log_words("Roos"), "Noor"), "in_use") == "");
  }
  {
    Database other = open_writer(handheld.data() + "/journal.db");
    REQUIRE(other.execute("BEGIN IMMEDIATE"));
    CHECK(not_refused(handheld.run(log_words("Roos"), "Noor"), "database_locked") == "");
  }
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == 1);
  CHECK(not_refused(town.server({"serve", "--sync", "127.0.0.1:0"}), "server_running") == "");
}

TEST_CASE("a database of a newer program is left alone", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  town.stop();
  for (const std::string& path : {handheld.data() + "/journal.db", handheld.data() + "/vault.db", town.server_data() + "/registry/registry.db"}) {
    INFO(path);
    const std::string before = read_file(path);
    {
      Database database = open_writer(path);
      REQUIRE(database.execute("PRAGMA user_version = 99"));
    }
    const bool at_server = path.find("registry") != std::string::npos;
    CHECK(not_refused(at_server ? town.server({"overview"}) : handheld.run(log_words("Roos"), "Noor"), "newer_store") == "");
    write_file(path, before);
  }
  town.serve();
  handheld.sync();
  CHECK(town.contacts().size() == 1);
}

TEST_CASE("a database that was cut off or is no database is reported and not made anew", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  town.stop();
  for (const std::string& path : {handheld.data() + "/journal.db", handheld.data() + "/vault.db", town.server_data() + "/registry/registry.db"}) {
    const bool at_server = path.find("registry") != std::string::npos;
    const std::string before = read_file(path);
    for (const std::string& damaged : {before.substr(0, before.size() / 2), std::string(4096, 'x') + before.substr(4096)}) {
      INFO(path << ", " << damaged.size() << " of " << before.size() << " bytes");
      write_file(path, damaged);
      CHECK(not_refused(at_server ? town.server({"overview"}) : handheld.run(log_words("Roos"), "Noor"), "database_damaged") == "");
      CHECK(read_file(path).size() == damaged.size());
    }
    write_file(path, before);
  }
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == 1);
  town.serve();
  handheld.sync();
  CHECK(town.contacts().size() == 1);
}

TEST_CASE("a flipped bit in a saved contact is reported, those before it stay, new ones are saved and arrive", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  for (int i = 0; i < 3; ++i) handheld.log("Noor", "Roos");
  {
    Database database = open_writer(handheld.data() + "/journal.db");
    // Each contact lies behind the entry of its unlock: this is the third contact, the last entry there is.
    REQUIRE(database.execute("UPDATE entry SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || iif(substr(bytes, -1) = x'00', x'01', x'00') AS BLOB) WHERE place = "
                             "(SELECT place FROM entry ORDER BY place LIMIT 1 OFFSET 5)"));
  }
  const auto status = handheld.ask({"status"});
  CHECK(status.at("damage").as_array().size() == 1);
  const std::string after = handheld.log("Noor", "Roos");
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().size() == 3);
  (void)handheld.try_sync();
  const auto contacts = town.contacts();
  CHECK(contacts.size() == 3);
  CHECK(std::any_of(contacts.begin(), contacts.end(), [&](const auto& contact) { return text_of(contact, "event_id") == after; }));
}

TEST_CASE("a damaged list of women is said to be in one line, and a sync writes it anew and loses nothing else", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  town.add_woman("Ilona");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  (void)handheld.ask({"client", "add", "Iris"}, "Noor");
  const std::string path = handheld.data() + "/caseload.db";
  const std::string before = read_file(path);
  for (const std::string& damaged : {before.substr(0, before.size() / 2), std::string(4096, 'x') + before.substr(4096)}) {
    write_file(path, damaged);
    CHECK(not_refused(handheld.run({"clients"}, "Noor"), "cards_unreadable") == "");
    CHECK(read_file(path) == damaged);
    town.stop();
    (void)handheld.try_sync();  // nobody is there: nothing is made over it
    CHECK(not_refused(handheld.run({"clients"}, "Noor"), "cards_unreadable") == "");
    town.serve();
    handheld.sync();
    CHECK(handheld.ask({"clients"}, "Noor").as_array().size() == 3);
  }
  CHECK(town.contacts().size() == 1);
}
