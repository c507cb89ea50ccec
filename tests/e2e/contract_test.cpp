// Every command once, on one town: what it prints is what tests/contract promises, and no schema stands there unused.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "common/base/clock.hpp"
#include "firmware_app/vault/vault.hpp"
#include "tests/e2e/sheets.hpp"
#include "tests/support/json_schema.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::conforms;

namespace {

class Contract {
 public:
  Contract(Town& town, Handheld& handheld) : town_(town), handheld_(handheld) {}

  json::value handheld(const std::string& command, const Words& arguments = {}, const std::string& user = "Noor") {
    return keep("lantaarn", command, handheld_.run(words_of(command, arguments), user));
  }
  json::value server(const std::string& command, Words arguments = {}) {
    return keep("lantaarn-server", command, town_.server(words_of(command, arguments)));
  }
  json::value coordinator(const std::string& command, Words arguments = {}) {
    arguments.insert(arguments.end(), {"--as", "Joke", "--reason", "nakijken"});
    return server(command, arguments);
  }
  void refusals() {
    CHECK(conforms("lantaarn.error", handheld_.run({"round", "end"}, "Noor").err) == "");
    CHECK(conforms("lantaarn-server.error", town_.server({"clients"}).err) == "");
    seen_.insert({"lantaarn.error", "lantaarn-server.error"});
  }
  json::value keep(const std::string& program, std::string command, const Finished& done) {
    std::replace(command.begin(), command.end(), ' ', '-');
    INFO(program << " " << command << " " << done.err);
    CHECK(conforms(program + "." + command, done.out) == "");
    seen_.insert(program + "." + command);
    return answer_of(done);
  }
  [[nodiscard]] const std::set<std::string>& seen() const { return seen_; }

 private:
  static Words words_of(const std::string& command, const Words& arguments) {
    Words words;
    std::istringstream parts(command);
    for (std::string word; parts >> word;) words.push_back(word);
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }
  Town& town_;
  Handheld& handheld_;
  std::set<std::string> seen_;
};

std::set<std::string> schemas() {
  const std::string suffix = ".schema.json";
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(LANTAARN_CONTRACT_FOLDER)) {
    const std::string name = file.path().filename().string();
    if (name.ends_with(suffix)) names.insert(name.substr(0, name.size() - suffix.size()));
  }
  return names;
}

// A lease that lets Noor have a second PIN, put where the next sync's would come to stand.
void permit_second_pin(const Handheld& handheld) {
  namespace fw = lantaarn::firmware;
  fw::FileDeviceSecret secret(handheld.data() + "/device.secret");
  auto vault = fw::Vault::open(handheld.data() + "/vault.db", secret, fw::program_vault_options());
  REQUIRE(vault.ok());
  fw::Lease lease;
  lease.valid_until_ms = lantaarn::SystemClock().now().wall_ms + 86'400'000;
  lease.duress_pin = true;
  REQUIRE(vault->set_lease(vault->find_user("Noor")->id, lease).ok());
}

void pins(Contract& contract, Handheld& handheld, const std::string& second) {
  lantaarn::support::write_file(second, "55555555\n");
  permit_second_pin(handheld);
  (void)contract.handheld("pin duress set", {"--new-pin-file", second});
  (void)contract.handheld("pin duress remove");
  (void)contract.handheld("pin change", {"--new-pin-file", handheld.pin_file("Noor")});
}

// What the coordinator records and decides; the administrator executes.
void records_and_decisions(Contract& contract) {
  (void)contract.server("user add", {"Fatma", "--role", "administrator"});
  const auto record = text_of(contract.coordinator("record add", {"escalation", "to=mo", "question=is er een bed", "ends=2099-01-01", "told=yes", "--client", "Roos"}), "record_id");
  (void)contract.coordinator("record change", {record, "answer=volgende week"});
  (void)contract.coordinator("escalation message", {record});
  (void)contract.coordinator("record add", {"zrm_assessment", "instrument=zrm_2013", "trained=yes", "housing=2", "--client", "Roos"});
  (void)contract.coordinator("records");
  (void)contract.coordinator("client name", {"Roos", "Roosmarijn"});
  (void)contract.coordinator("client show", {"Roos"});
  (void)contract.coordinator("record retract", {record});
  (void)contract.coordinator("client add", {"Rosa"});
  (void)contract.coordinator("client link", {"Roos", "Rosa"});
  (void)contract.coordinator("client unlink", {"Rosa"});
  const auto other = text_of(contract.coordinator("client add", {"Lena"}), "client_id");
  (void)contract.coordinator("client apart", {"Roos", other});
  (void)contract.coordinator("matches");
  (void)contract.coordinator("contacts shared");
  const auto contacts = contract.coordinator("contacts").as_array();
  const Words both = {text_of(contacts.at(0), "event_id"), text_of(contacts.at(1), "event_id")};
  (void)contract.coordinator("contact share", both);
  (void)contract.coordinator("contact apart", both);
  (void)contract.server("out-of-sight", {"--as", "Noor", "--reason", "ronde"});
  const auto decision = text_of(contract.coordinator("erasure decide", {"Lena", "--ground", "her_request"}), "decision");
  (void)contract.server("erasure execute", {decision, "--as", "Fatma", "--reason", "besluit"});
  (void)contract.server("erasures");
  (void)contract.coordinator("retention", {"--due"});
  (void)contract.coordinator("retention set", {"attention", "7"});
}

// What is asked of handhelds, and what they may say.
void custody(Contract& contract) {
  for (const char* asked : {"device lock", "device unlock", "device renew-keys", "device wipe"}) (void)contract.coordinator(asked, {"h1"});
  (void)contract.coordinator("device revoke-user", {"h1", "--user", "Sanne"});
  (void)contract.coordinator("device terms", {"h1", "--lease-days", "5"});
  (void)contract.coordinator("codes add", {"topic", "x_debt_coach", "--nl", "schuldmaatje", "--en", "debt coach"});
  (void)contract.coordinator("codes withdraw", {"topic", "x_debt_coach"});
  (void)contract.server("codes list");
}

// The server's own keys; of the handheld that synchronised nothing waits for the old one.
void keys_of_the_server(Contract& contract, Handheld& handheld, Town& town) {
  const Words who = {"--as", "Fatma", "--reason", "halfjaarlijks"};
  const auto asked = [&](Words words) {
    words.insert(words.end(), who.begin(), who.end());
    return words;
  };
  (void)contract.server("key rotate", asked({"sealing"}));
  (void)contract.keep("lantaarn", "sync", handheld.try_sync(town.address()));
  (void)contract.server("key destroy", asked({"sealing", "1"}));
  (void)contract.server("key list");
  (void)contract.server("key log");
}

// What comes in from elsewhere, and what leaves.
void comings_and_goings(Contract& contract, Town& town, Town& fresh) {
  const auto file = [&](const char* name) { return town.folder().file(name); };
  lantaarn::support::write_file(file("women.csv"), "Nummer,Naam\n1,Zehra\n2,\n");
  lantaarn::support::write_file(file("women.json"), R"({"kind": "client", "key": "Nummer", "columns": {"Naam": "alias"}})");
  (void)contract.coordinator("import", {file("women.csv"), "--mapping", file("women.json")});
  (void)contract.coordinator("import", {file("women.csv"), "--mapping", file("women.json"), "--apply", "--skip-errors"});
  (void)contract.coordinator("export csv", {"hours", "--file", file("hours.csv")});
  (void)contract.keep("lantaarn-server", "migration key", fresh.server({"migration", "key", "--file", file("key")}));
  const auto left = contract.coordinator("export migration", {"--to", file("key"), "--file", file("moved"), "--second", "Wim"});
  const auto came = contract.keep("lantaarn-server", "import migration", fresh.server({"import", "migration", file("moved")}));
  CHECK(text_of(came, "digest") == text_of(left, "digest"));
}

// What keeps the server's keys and its handhelds in hand.
void keys_in_hand(Contract& contract, Town& town) {
  (void)contract.server("recovery create", {"--sheets", town.folder().file("sheets"), "--as", "Wim"});
  (void)contract.server("recovery show");
}

void second_copy(Contract& contract, Town& town) {
  const std::string target = town.folder().file("target");
  std::filesystem::create_directories(target);
  (void)contract.server("backup init", {target});
  (void)contract.server("backup create");
  (void)contract.server("backup status");
  (void)contract.server("backup list");
  (void)contract.server("backup verify");
  const Words sheets = typed_from(town.folder().file("sheets"));
  (void)contract.server("backup drill", sheets);
  (void)contract.server("backup prune", {"--keep", "3"});
  (void)contract.keep("lantaarn-server", "restore", town.server({"restore", target, "--to", town.folder().file("again"), sheets[0], sheets[1]}));
}

}  // namespace

TEST_CASE("every command prints what its schema promises", "[e2e]") {
  Town town;
  Handheld handheld(town, "h1");
  Contract contract(town, handheld);
  Town fresh;
  fresh.stop();
  std::filesystem::remove_all(fresh.server_data());
  (void)contract.keep("lantaarn-server", "init", fresh.server({"init"}));

  (void)contract.server("user add", {"Sanne", "--role", "case_manager"});
  (void)contract.server("user list");
  (void)contract.server("user invite", {"Sanne"});
  (void)contract.server("access-log verify");
  (void)contract.coordinator("client add", {"Roos", "--intensity", "intensive", "--primary", "Noor"});
  (void)contract.coordinator("client set", {"Roos", "--second", "Sanne"});
  const auto file = [&](const char* name) { return town.folder().file(name); };
  (void)contract.server("device add", {"h1", "--users", "Noor", "--server", town.address(), "--ticket", file("t1")});
  lantaarn::support::write_file(handheld.pin_file("Noor"), "24681357\n");
  (void)contract.keep("lantaarn", "enrol", handheld.run({"enrol", "--ticket", file("t1"), "--user", "Noor", "--new-pin-file", handheld.pin_file("Noor")}));
  (void)contract.server("device add-user", {"h1", "Sanne", "--server", town.address(), "--ticket", file("t2")});
  (void)contract.keep("lantaarn", "user-add", handheld.run({"user", "add", "Sanne", "--ticket", file("t2"), "--new-pin-file", handheld.pin_file("Noor")}));

  (void)contract.handheld("user list");
  (void)contract.keep("lantaarn", "sync", handheld.try_sync(town.address()));
  (void)contract.handheld("codes");
  (void)contract.handheld("round start", {"--place", "zone", "--with", "Fatma"});
  (void)contract.handheld("round count", {"-3"});
  (void)contract.handheld("client add", {"Ilona"});
  const auto event = text_of(contract.handheld("log", {"--client", "Roos", "--channel", "phone", "--place", "office", "--outcome", "spoken",
                                                       "--topic", "money", "--area", "finances", "--follow-up", "2020-01-31:bellen"}), "event_id");
  const auto mistake = text_of(contract.handheld("log", {"--unknown", "--describe", "sprak Spaans", "--channel", "in_person", "--place", "zone", "--outcome", "seen"}), "event_id");
  (void)contract.handheld("amend", {event, "--reason", "het was langer", "--minutes", "20"});
  (void)contract.handheld("retract", {mistake, "--reason", "dubbel"});
  (void)contract.handheld("client name", {"Roos", "Roosje"});
  (void)contract.handheld("client set", {"Roos", "--safe-contact", "in_person_only"});
  const auto record = text_of(contract.handheld("record add", {"appointment", "--client", "Roos", "to=sti_test", "attended=no"}), "record_id");
  (void)contract.handheld("record change", {record, "--reason", "zij ging wel", "attended=yes"});
  (void)contract.handheld("record retract", {record, "--reason", "dubbel"});
  (void)contract.handheld("record kinds");
  (void)contract.handheld("record add", {"attention_note", "--client", "Roos", "text=schrikt van bellen"});
  CHECK(contract.handheld("records").as_array().size() == 2);
  (void)contract.handheld("contacts");
  (void)contract.handheld("clients");
  (void)contract.handheld("follow-ups");
  (void)contract.handheld("round end");
  pins(contract, handheld, file("second"));
  contract.refusals();
  (void)contract.keep("lantaarn", "sync", handheld.try_sync(town.address()));
  (void)contract.keep("lantaarn", "status", handheld.run({"status"}));

  (void)contract.server("merge");
  (void)contract.server("overview");
  // What is in force about her, and how to reach her, comes back on her card.
  (void)contract.keep("lantaarn", "sync", handheld.try_sync(town.address()));
  const auto carried = contract.handheld("records").as_array();
  REQUIRE(carried.size() == 1);
  CHECK(carried[0].at("on_card") == true);
  CHECK(carried[0].at("kind") == "attention_note");
  const auto roos = contract.handheld("clients", {"roosje"}).as_array().at(0);
  CHECK(roos.at("safe_contact") == "in_person_only");
  CHECK(roos.at("attention_notes").as_array().size() == 1);
  (void)contract.coordinator("clients");
  CHECK(contract.coordinator("contacts").as_array().size() == 2);
  (void)contract.coordinator("review");
  records_and_decisions(contract);
  const std::string up = file("up"), down = file("down");
  (void)contract.keep("lantaarn", "rescue", handheld.run({"rescue", up}));
  (void)contract.server("rescue", {up, "--receipts", down});
  (void)contract.keep("lantaarn", "receive", handheld.run({"receive", down}));
  keys_of_the_server(contract, handheld, town);
  (void)contract.server("digest");
  (void)contract.server("rebuild", {"--verify"});
  keys_in_hand(contract, town);
  comings_and_goings(contract, town, fresh);
  custody(contract);
  (void)contract.server("device list");
  (void)contract.server("device revoke", {"h1"});
  (void)contract.coordinator("device lost", {"h1", "--since", "2026-01-02 20:30"});
  (void)contract.coordinator("device breach-sheet", {"h1", "--pdf", town.folder().file("breach.pdf")});
  (void)contract.server("quarantine");
  lantaarn::support::write_file(file("people.csv"), "given_name,surname,person_id\nGergana,Petrova,a\nGergana,Petrova,a\n");
  (void)contract.keep("lantaarn-server", "link-eval", town.server({"link-eval", file("people.csv")}));

  // A warning, for want of a backup: an exit code of its own.
  const auto checked = town.server({"check"});
  CHECK(checked.exit_code == 3);
  CHECK(conforms("lantaarn-server.check", checked.out) == "");
  second_copy(contract, town);

  // What it takes to have something set apart, and to admit it, is the fork's test.
  std::set<std::string> seen = contract.seen();
  seen.insert({"lantaarn-server.quarantine-admit", "lantaarn-server.check"});
  CHECK(seen == schemas());
}
