// How a server says that it is well, or not: to a person, to monitoring, and in its log.
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "common/database/database.hpp"
#include "tests/e2e/sockets.hpp"
#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
namespace support = lantaarn::support;

namespace {

std::string state_of(const Finished& checked, const std::string& what) {
  const json::value document = json::parse(checked.out);
  for (const auto& row : document.at("findings").as_array()) {
    if (text_of(row, "what") == what) return text_of(row, "state");
  }
  return "nothing";
}

// A byte in every batch, in the first entry's header, as a disk may lose it.
void spoil_batches(const std::string& path) {
  auto database = lantaarn::database::Database::open(path, {});
  REQUIRE(database.ok());
  REQUIRE(database->execute("UPDATE batch SET bytes = CAST(substr(bytes, 1, 100) || x'5a' || substr(bytes, 102) AS BLOB)").ok());
}

}  // namespace

TEST_CASE("a server that is well says so while it serves and when it does not, with exit codes for monitoring", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  handheld.sync();
  (void)town.ask({"merge"});
  for (const bool serves : {true, false}) {
    if (!serves) town.stop();
    const Finished checked = town.server({"check"});
    CHECK(checked.exit_code == 3);  // there is no backup yet
    for (const char* what : {"registry_store", "inbox_store", "own_log", "inbox_chains", "keys", "merge", "clock", "handhelds"}) {
      INFO(what << checked.out);
      CHECK(state_of(checked, what) == "fine");
    }
    CHECK(state_of(checked, "backup") == "warning");
    CHECK((state_of(checked, "confinement") != "nothing") == serves);
    const Finished nagios = town.server({"check", "--nagios"});
    CHECK(nagios.exit_code == 1);
    CHECK(nagios.out.starts_with("LANTAARN WARNING - "));
    for (const char* name : {"Roos", "Noor", "h1"}) CHECK(checked.out.find(name) == std::string::npos);
  }
  const Finished elsewhere = support::run(support::program_path("lantaarn-server"), {"--data", town.folder().file("nowhere"), "--json", "check"});
  CHECK(not_refused(elsewhere, "not_initialised") == "");
}

TEST_CASE("an inbox that was damaged, or put back from an older copy, is critical", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  handheld.sync();
  const std::string inbox = town.server_data() + "/gateway", copy = town.folder().file("copy");
  town.stop();
  std::filesystem::copy(inbox, copy, std::filesystem::copy_options::recursive);
  SECTION("damaged") {
    spoil_batches(inbox + "/inbox.db");
    const Finished checked = town.server({"check"});
    INFO(checked.out << checked.err);
    CHECK(checked.exit_code == 4);
    CHECK(state_of(checked, "inbox_chains") == "critical");
  }
  SECTION("put back") {
    town.serve();
    handheld.log("Noor", "Roos");
    handheld.sync();
    town.stop();
    std::filesystem::remove_all(inbox);
    std::filesystem::rename(copy, inbox);
    const Finished checked = town.server({"check"});
    INFO(checked.out << checked.err);
    CHECK(checked.exit_code == 4);
    CHECK(state_of(checked, "inbox_store") == "critical");
  }
}

TEST_CASE("metrics count what happened, and neither they nor the log know a name", "[e2e]") {
  Town town;
  town.stop();
  Process server(support::program_path("lantaarn-server"),
                 {"--data", town.server_data(), "serve", "--sync", "127.0.0.1:0", "--metrics", "127.0.0.1:0"});
  const auto metrics = server.wait_for_line("metrics ");
  const auto sync = server.wait_for_line("sync ");
  REQUIRE(metrics);
  REQUIRE(sync);
  town.use_address(sync->substr(5));
  town.add_woman("Roosmarijn");
  Handheld& handheld = town.add_handheld("toestel-van-noor", {"Noor"});
  const std::string note = town.folder().file("note");
  support::write_file(note, "Zij vroeg naar een warme jas.");
  handheld.log("Noor", "Roosmarijn", {"--note-file", note});
  handheld.sync();
  (void)town.server({"client", "show", "Lotus", "--as", "Joke", "--reason", "vraagstuk"});
  (void)town.ask({"device", "revoke", "toestel-van-noor"});
  (void)handheld.try_sync();

  std::string seen;
  const auto has = [&](const std::string& line) { return seen.find(line) != std::string::npos; };
  do {  // the gateway tells its counts within a second
    seen = Socket::connect_to(metrics->substr(8)).ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(seen.starts_with("HTTP/1.1 200 OK"));
  } while (!has("lantaarn_refusals_total{code=\"device_revoked\"} 1"));
  CHECK(has("lantaarn_merge_lag_batches 0"));
  CHECK(has("lantaarn_devices_revoked 1"));
  CHECK(has("lantaarn_sessions_total 2"));
  CHECK(Socket::connect_to(metrics->substr(8)).ask("GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404"));

  server.send_signal(SIGTERM);
  const Finished done = server.wait();
  CHECK(done.exit_code == 0);
  CHECK(done.err.find("gateway: session of ") != std::string::npos);
  CHECK(done.err.find("gateway: device refused: device_revoked") != std::string::npos);
  for (const std::string& said : {done.err, seen}) {
    for (const char* name : {"Roosmarijn", "Noor", "Joke", "jas", "Lotus", "toestel", "vraagstuk"}) {
      INFO(name << " in " << said);
      CHECK(said.find(name) == std::string::npos);
    }
  }
  const auto refused = town.server({"serve", "--sync", "127.0.0.1:0", "--metrics", "0.0.0.0:9100"});
  CHECK(not_refused(refused, "metrics_not_loopback") == "");
}
