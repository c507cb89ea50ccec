#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "common/database/file_lock.hpp"
#include "tests/firmware_app/cli/program.hpp"

using namespace lantaarn::support;
namespace fs = std::filesystem;

TEST_CASE("a folder without a handheld stays empty", "[cli]") {
  const TempFolder folder;
  for (const Words& words : {Words{"status"}, Words{"contacts"}, Words{"sync"}}) {
    Words all = words;
    all.insert(all.begin(), {"--data", folder.file("none"), "--json"});
    const Finished done = run(program_path("lantaarn"), all);
    CHECK(done.exit_code == 1);
    CHECK(boost::json::parse(done.err).at("code") == "not_enrolled");
    CHECK_FALSE(fs::exists(folder.file("none")));
  }
}

TEST_CASE("the folder is found through XDG_DATA_HOME, else in the home folder", "[cli]") {
  const Program program({"Noor"});
  fs::create_directories(program.folder().file("home/.local/share"));
  fs::rename(program.data(), program.folder().file("home/.local/share/lantaarn"));
  const std::string home = program.folder().file("home");
  const auto status = [](const std::string& xdg, const std::string& at_home) {
    return run(program_path("lantaarn"), {"status"}, {.input = "", .env = {{"XDG_DATA_HOME", xdg}, {"HOME", at_home}}, .folder = ""}).exit_code;
  };
  CHECK(status("", home) == 0);
  CHECK(status(home + "/.local/share", "/nowhere") == 0);
  CHECK(status("", "/nowhere") == 1);
  CHECK(status("", "") == 1);
}

TEST_CASE("only its owner can read what the program writes", "[cli]") {
  const Program program;
  static_cast<void>(program.ask("log", log_words({"--unknown"})));
  for (const char* name : {"journal.db", "caseload.db", "lock"}) {
    struct stat info {};
    REQUIRE(::stat((program.data() + "/" + name).c_str(), &info) == 0);
    INFO(name);
    CHECK((info.st_mode & 077) == 0);
  }
}

TEST_CASE("a second process on the same folder is told to try again", "[cli]") {
  const Program program;
  const auto held = lantaarn::database::FileLock::acquire(program.data() + "/lock", 0);
  REQUIRE(held.ok());
  CHECK(program.refusal({"contacts"}) == "1 in_use");
}

TEST_CASE("what was typed is in no file of the folder, before and after the round's end", "[cli][seizure]") {
  const Program program;
  static_cast<void>(program.ask("round-start", {"round", "start", "--place", "zone", "--with", "Canary-Colleague"}));
  static_cast<void>(program.ask("log", log_words({"--client", "Canary-Alias", "--new"}, {"--note-file", program.file("note", "canary-note"),
                                                 "--follow-up", "2026-12-01:canary-follow-up"})));
  static_cast<void>(program.ask("record-add", {"record", "add", "attention_note", "--client", "Canary-Alias", "text=canary-record"}));
  static_cast<void>(program.ask("client-name", {"client", "name", "Canary-Alias", "Canary-Other"}));
  for (const bool ended : {false, true}) {
    if (ended) static_cast<void>(program.ask("round-end", {"round", "end"}));
    for (const char* canary : {"Canary-Colleague", "Canary-Alias", "canary-note", "canary-follow-up", "canary-record", "Canary-Other", "12345678", "Noor"}) {
      std::string where;
      INFO(canary << " in " << where);
      CHECK_FALSE(folder_contains(program.data(), canary, where));
    }
  }
}

TEST_CASE("a chain that is broken inside is reported with what is good, and status still answers", "[cli]") {
  const Program program;
  // Each after the entry that says that she unlocked.
  for (int i = 0; i < 3; ++i) static_cast<void>(program.ask("log", log_words({"--unknown"})));
  {
    auto database = lantaarn::database::Database::open(program.data() + "/journal.db", {});
    REQUIRE(database.ok());
    REQUIRE(database->execute("UPDATE entry SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || iif(substr(bytes, -1) = x'00', x'01', x'00') AS BLOB) "
                              "WHERE place = (SELECT min(place) + 3 FROM entry)").ok());
  }
  const auto status = program.ask("status", {"status"});
  REQUIRE(status.at("damage").as_array().size() == 1);
  CHECK(status.at("damage").as_array()[0].at("head") == 6);
  const Finished contacts = program.run([&] {
    Words words = {"contacts", "--json"};
    const Words who = program.as("Noor");
    words.insert(words.end(), who.begin(), who.end());
    return words;
  }());
  CHECK(contacts.exit_code == 0);
  CHECK(boost::json::parse(contacts.out).as_array().size() == 1);
  CHECK(std::count(contacts.err.begin(), contacts.err.end(), '\n') == 1);
}
