// The server's disk dies on Thursday: Monday's backup and what was shipped since, on a new machine, and the handhelds.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/e2e/sheets.hpp"

using namespace lantaarn::e2e;
namespace fs = std::filesystem;

namespace {

Words with(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::string digest_of(Town& town) {
  (void)town.ask({"merge"});
  return text_of(town.ask({"digest"}), "digest");
}

std::string consent_of(Handheld& handheld, const std::string& alias) {
  const json::value list = handheld.ask({"clients"}, "Noor");
  for (const auto& card : list.as_array()) {
    if (text_of(card, "name") == alias && card.at("consent").is_object()) return text_of(card.at("consent"), "state");
  }
  return "none";
}

// The second copy is written beside the work; each look is a command, so this waits for something and not for time.
bool is_secured_soon(Town& town) {
  for (int look = 0; look < 200; ++look) {
    const auto status = town.ask({"backup", "status"});
    if (status.at("target").at("reachable") == true && status.at("oldest_unsecured_at").is_null()) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a dead server comes back from Monday's backup and what was shipped since, and loses nothing", "[e2e][backup]") {
  Town town;
  for (const char* woman : {"Roos", "Ilona", "Zehra", "Rosa"}) town.add_woman(woman);
  Handheld& first = town.add_handheld("h1", {"Noor"});
  Handheld& second = town.add_handheld("h2", {"Noor"});
  Handheld& lost = town.add_handheld("h3", {"Noor"});
  const Words sheets = typed_sheets(town);
  const std::string target = town.folder().file("target");
  CHECK(not_refused(town.server({"backup", "create"}), "backup_no_target") == "");
  CHECK(not_refused(town.server({"backup", "init", target}), "target_unreachable") == "");
  fs::create_directories(target);
  (void)town.ask({"backup", "init", target});

  // Until Monday.
  first.log("Noor", "Roos");
  first.sync();
  lost.log("Noor", "Zehra");
  lost.sync();
  const auto consent = town.ask_as_coordinator({"record", "add", "consent", "state=given", "how=signed", "scope=f_act", "--client", "Ilona"});
  CHECK(text_of(consent, "shipped") == "yes");
  (void)town.ask({"merge"});
  const auto monday = town.ask({"backup", "create"});
  CHECK(number_of(monday, "events") > 0);

  // The week: syncs, links, decisions, a revocation, a withdrawal, an erasure.
  second.log("Noor", "Ilona", {"--topic", "money"});
  second.sync();
  lost.log("Noor", "Ilona");
  lost.sync();  // received after the backup, and never sent again: only the shipped batch has it
  (void)town.ask_as_coordinator({"client", "link", "Zehra", "Rosa"});
  (void)town.ask_as_coordinator({"record", "change", text_of(consent, "record_id"), "state=withdrawn"});
  CHECK(text_of(town.ask({"device", "revoke", "h3"}), "shipped") == "yes");
  first.log("Noor", "Ilona");
  first.sync();
  const auto decided = town.ask_as_coordinator({"erasure", "decide", "Roos", "--ground", "her_request"});
  const auto erased = town.ask({"erasure", "execute", text_of(decided, "decision"), "--as", "Wim", "--reason", "besluit"});
  CHECK(text_of(erased, "shipped") == "yes");
  const auto found = town.ask({"backup", "verify"});
  CHECK(found.at("good").as_bool());
  first.log("Noor", "Zehra");  // not sent yet when the server dies
  CHECK(is_secured_soon(town));

  const std::string before = digest_of(town);
  town.kill_server();
  fs::remove_all(town.server_data());

  const auto restored = answer_of(lantaarn::support::run(lantaarn::support::program_path("lantaarn-server"),
                                                         with({"--json", "restore", target, "--to", town.server_data()}, sheets)));
  CHECK(number_of(restored, "epoch") == 2);
  CHECK(restored.at("lost").as_array().empty());
  town.serve();
  CHECK(digest_of(town) == before);
  CHECK(town.ask({"rebuild", "--verify"}).at("agrees").as_bool());

  // The handhelds go on, and what was not sent comes; the revoked one stays out.
  first.sync();
  second.sync();
  CHECK(lost.try_sync().exit_code != 0);
  CHECK(consent_of(first, "Ilona") == "withdrawn");
  CHECK(town.contacts().size() == 5);  // all but the one about Roos
  const json::value clients = town.ask_as_coordinator({"clients"});
  CHECK(json::serialize(clients).find("Ilona") != std::string::npos);
  CHECK(json::serialize(clients).find("\"Roos\"") == std::string::npos);
  CHECK(town.set_apart().empty());

  // A second copy goes on being made, at the same place; and the restore is practised.
  (void)town.ask({"backup", "create"});
  const auto drill = town.ask(with({"backup", "drill"}, sheets));
  CHECK(drill.at("good").as_bool());
  CHECK(drill.at("digest_equal") == true);
  CHECK_FALSE(town.ask({"backup", "status"}).at("last_drill_at").is_null());
  (void)town.ask({"backup", "prune", "--keep", "1"});
  CHECK(town.ask({"backup", "list"}).at("backups").as_array().size() == 1);
  for (const auto& left : fs::directory_iterator(town.server_data())) CHECK(left.path().filename().string().find("drill") == std::string::npos);
}

TEST_CASE("a target that is away holds nobody up, and nothing is called done that it does not have", "[e2e][backup]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  (void)typed_sheets(town);
  const std::string target = town.folder().file("target");
  fs::create_directories(target);
  (void)town.ask({"backup", "init", target});
  (void)town.ask({"backup", "create"});
  fs::rename(target, town.folder().file("away"));
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(town.contacts().size() == 1);
  CHECK(text_of(town.ask({"device", "revoke", "h1"}), "shipped") == "not_yet");
  CHECK(not_refused(town.server({"backup", "create"}), "target_unreachable") == "");
  const auto away = town.ask({"backup", "status"});
  CHECK_FALSE(away.at("target").at("reachable").as_bool());
  CHECK(text_of(away.at("target"), "trouble") == "target_unreachable");
  CHECK_FALSE(away.at("oldest_unsecured_at").is_null());
  fs::rename(town.folder().file("away"), target);
  (void)town.ask({"backup", "create"});
  CHECK(is_secured_soon(town));
  town.stop();
  // Alone, the command does it itself.
  const auto woman = town.ask_as_coordinator({"record", "add", "consent", "state=given", "how=signed", "scope=f_act", "--client", "Roos"});
  CHECK(text_of(woman, "shipped") == "yes");
  CHECK(town.ask({"backup", "verify"}).at("good").as_bool());
}

TEST_CASE("keys that changed on Wednesday come back with the shipped copy, and handhelds that followed them go on", "[e2e][backup][keys]") {
  Town town;
  town.add_woman("Roos");
  Handheld& daily = town.add_handheld("h1", {"Noor"});
  Handheld& drawer = town.add_handheld("h2", {"Noor"});
  const Words sheets = typed_sheets(town);
  const std::string target = town.folder().file("target");
  fs::create_directories(target);
  (void)town.ask({"backup", "init", target});
  (void)town.ask({"backup", "create"});
  const Words why = {"--as", "Wim", "--reason", "halfjaarlijks"};
  for (const char* kind : {"authority", "sealing", "channel", "receipt", "authority"}) {
    CHECK(text_of(town.ask(with({"key", "rotate", kind}, why)), "shipped") == "yes");
    daily.log("Noor", "Roos");
    daily.sync();
  }
  // Former signers count where they signed, also for a server that starts anew.
  town.stop();
  town.serve();
  (void)town.ask({"backup", "create"});
  CHECK(town.ask({"backup", "verify"}).at("good").as_bool());
  CHECK(not_refused(town.server(with({"key", "destroy", "sealing", "1"}, why)), "key_needed_by_handheld") == "");

  // A target that is away: the next key is made and told to nobody; what is there goes on.
  fs::rename(target, town.folder().file("away"));
  CHECK(not_refused(town.server(with({"key", "rotate", "sealing"}, why)), "key_waits_for_copy") == "");
  daily.log("Noor", "Roos");
  daily.sync();
  CHECK(town.ask({"key", "log"}).as_array().size() == 5 + 3 + 1);  // made, destroyed with it, and the recovery key
  fs::rename(town.folder().file("away"), target);
  (void)town.ask({"backup", "create"});
  CHECK(text_of(town.ask(with({"key", "rotate", "sealing"}, why)), "number") == "3");
  daily.log("Noor", "Roos");
  daily.sync();
  CHECK(is_secured_soon(town));

  const std::string before = digest_of(town);
  town.kill_server();
  fs::remove_all(town.server_data());
  (void)answer_of(lantaarn::support::run(lantaarn::support::program_path("lantaarn-server"),
                                         with({"--json", "restore", target, "--to", town.server_data()}, sheets)));
  town.serve();
  CHECK(digest_of(town) == before);
  daily.log("Noor", "Roos");
  daily.sync();
  drawer.log("Noor", "Roos");
  drawer.sync();
  drawer.sync();
  CHECK(town.contacts().size() == 5 + 2 + 2);
  CHECK(town.set_apart().empty());
  CHECK(town.ask({"rebuild", "--verify"}).at("agrees").as_bool());

  // With backups of before gone and every handheld past it, the first sealing key goes; an old backup would have needed it.
  CHECK(not_refused(town.server(with({"key", "destroy", "sealing", "1"}, why)), "key_needed_by_backup") == "");
  (void)town.ask({"backup", "create"});
  (void)town.ask({"backup", "prune", "--keep", "1"});
  CHECK(text_of(town.ask(with({"key", "destroy", "sealing", "1"}, why)), "shipped") == "yes");
  CHECK(town.ask({"backup", "verify"}).at("good").as_bool());
  CHECK(town.ask(with({"backup", "drill"}, sheets)).at("good").as_bool());
}

TEST_CASE("an erasure is complete once handhelds, inbox and second copy have let go, and the key that opened her is destroyed", "[e2e][backup][keys]") {
  Town town;
  town.add_woman("Roos");
  town.add_woman("Ilona");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const Words sheets = typed_sheets(town);
  const std::string target = town.folder().file("target");
  fs::create_directories(target);
  (void)town.ask({"backup", "init", target});
  handheld.log("Noor", "Roos");
  handheld.log("Noor", "Ilona");
  handheld.sync();
  const auto decided = town.ask_as_coordinator({"erasure", "decide", "Roos", "--ground", "her_request"});
  (void)town.ask({"erasure", "execute", text_of(decided, "decision"), "--as", "Wim", "--reason", "besluit"});
  const auto erasure = [&town] {
    const json::value all = town.ask({"erasures"});
    return json::value(all.as_array().at(0));
  };
  CHECK(text_of(erasure(), "state") == "pending");
  CHECK(erasure().at("remains").as_array().size() == 3);
  const Words why = {"--as", "Wim", "--reason", "wissing"};
  (void)town.ask(with({"key", "rotate", "sealing"}, why));
  handheld.sync();
  (void)town.ask({"backup", "create"});
  (void)town.ask({"backup", "prune", "--keep", "1"});
  CHECK(is_secured_soon(town));
  CHECK(text_of(town.ask(with({"key", "destroy", "sealing", "1"}, why)), "shipped") == "yes");
  // Inbox and keyring are written beside the work; each look is a command.
  bool complete = false;
  for (int look = 0; look < 200 && !complete; ++look) complete = text_of(erasure(), "state") == "complete";
  CHECK(complete);
  CHECK_FALSE(erasure().at("completed_at").is_null());
  CHECK(town.contacts().size() == 1);
  CHECK(town.ask({"rebuild", "--verify"}).at("agrees").as_bool());
  CHECK(town.ask(with({"backup", "drill"}, sheets)).at("good").as_bool());
}
