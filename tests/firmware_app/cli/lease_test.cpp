// Leases, strict mode, the second PIN and wrong ones, as somebody at the command line meets them.
#include <catch2/catch.hpp>

#include "tests/firmware_app/cli/program.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
using firmware::Lease;

namespace {

/// The folder's vault, as a test that stands in for the server changes it.
template <typename Do>
void with_vault(const Program& program, Do&& change) {
  firmware::FileDeviceSecret secret(program.data() + "/device.secret");
  auto vault = firmware::Vault::open(program.data() + "/vault.db", secret, firmware::program_vault_options());
  REQUIRE(vault.ok());
  change(*vault);
}

void lock(const Program& program) {
  with_vault(program, [](firmware::Vault& vault) { REQUIRE(vault.lock().ok()); });
}

void new_lease(const Program& program, const std::string& user, Lease lease = {}) {
  lease.valid_until_ms = SystemClock().now().wall_ms + 86'400'000;
  with_vault(program, [&](firmware::Vault& vault) { REQUIRE(vault.set_lease(vault.find_user(user)->id, lease).ok()); });
}

Words with_new_pin(const Program& program, Words words, const std::string& pin) {
  words.insert(words.end(), {"--new-pin-file", program.file("new-pin", pin + "\n")});
  return words;
}

/// As somebody with this PIN.
Finished run_with(const Program& program, Words words, const std::string& pin) {
  words.insert(words.end(), {"--user", "Noor", "--pin-file", program.file("pin", pin + "\n"), "--json"});
  return program.run(words);
}

std::string code_of(const Finished& done) {
  return done.exit_code == 0 ? "" : std::string(boost::json::parse(done.err).at("code").as_string());
}

}  // namespace

TEST_CASE("once the lease is over, contacts are written down, and the rest says to synchronise first", "[cli][lease]") {
  const Program program;
  static_cast<void>(program.ask("log", log_words({"--client", "Roos", "--new"})));
  static_cast<void>(program.ask("log", log_words({"--client", "Ilona", "--new"}), "Maaike"));
  lock(program);
  new_lease(program, "Maaike");
  static_cast<void>(program.ask("log", log_words({"--unknown", "--describe", "rode jas"})));
  const auto typed = program.ask("log", log_words({"--client", "Roos"}));
  CHECK(typed.at("client_id").is_string());
  const std::string event(typed.at("event_id").as_string());
  static_cast<void>(program.ask("amend", {"amend", event, "--reason", "het was in de loods", "--place", "loods"}));
  static_cast<void>(program.ask("client-add", {"client", "add", "Zsófia"}));
  static_cast<void>(program.ask("user-list", {"user", "list"}));
  CHECK(program.ask("contacts", {"contacts"}).as_array().empty());
  for (const Words& words : {Words{"clients"}, Words{"follow-ups"}, Words{"records"}, Words{"round", "start", "--place", "zone"},
                             Words{"round", "end"}, Words{"round", "count", "+1"}, Words{"client", "name", "Roos", "Roosje"},
                             Words{"client", "set", "Roos", "--status", "in_view"}, log_words({"--client-id", "abcdef12"}),
                             Words{"record", "add", "attention_note", "--client", "Roos", "text=x"}, Words{"record", "retract", "abcdef12", "--reason", "x"},
                             with_new_pin(program, {"pin", "duress", "set"}, "55555555"), Words{"pin", "duress", "remove"}}) {
    INFO(words[0] << " " << (words.size() > 1 ? words[1] : ""));
    CHECK(program.refusal(words) == "1 lease_ended");
  }
  CHECK(program.ask("clients", {"clients"}, "Maaike").as_array().size() == 1);
  const auto status = program.ask("status", {"status"});
  CHECK(status.at("lease").at("ended") == 1);
  const Finished said = program.run({"status"});
  CHECK(said.out.find("Eerst synchroniseren") != std::string::npos);
  new_lease(program, "Noor");
  static_cast<void>(program.ask("clients", {"clients"}));
}

TEST_CASE("in strict mode an evening goes on and nothing of it is read back", "[cli][strict]") {
  const Program program({"Noor"}, {0, 0, 0, true});
  static_cast<void>(program.ask("round-start", {"round", "start", "--place", "zone"}));
  const auto saved = program.ask("log", log_words({"--client", "Roos", "--new"}));
  CHECK(program.ask("round-count", {"round", "count", "+2"}).at("count").is_null());
  CHECK(program.ask("contacts", {"contacts"}).as_array().empty());
  CHECK(program.ask("clients", {"clients"}).as_array().empty());
  static_cast<void>(program.ask("retract", {"retract", std::string(saved.at("event_id").as_string()), "--reason", "dubbel"}));
  static_cast<void>(program.ask("round-end", {"round", "end"}));
  CHECK(program.ask("status", {"status"}).at("lease").at("strict") == true);
}

TEST_CASE("a second PIN shows what a lease shows that is over, to whoever enters it and to her afterwards", "[cli][duress]") {
  const Program program({"Noor"}, {0, 0, 0, false, true});
  static_cast<void>(program.ask("log", log_words({"--client", "Roos", "--new"})));
  CHECK(program.ask("clients", {"clients"}).as_array().size() == 1);
  static_cast<void>(program.ask("pin-duress-set", with_new_pin(program, {"pin", "duress", "set"}, "55555555")));
  CHECK(program.ask("clients", {"clients"}).as_array().size() == 1);
  CHECK(code_of(run_with(program, {"clients"}, "55555555")) == "lease_ended");
  CHECK(code_of(run_with(program, {"clients"}, "12345678")) == "lease_ended");
  CHECK(code_of(run_with(program, log_words({"--client", "Roos"}), "55555555")).empty());
  CHECK(program.ask("status", {"status"}).at("lease").at("valid_until").is_null());
  new_lease(program, "Noor", {0, 0, 0, false, true});
  CHECK(program.ask("clients", {"clients"}).as_array().empty());  // what was readable is gone
  static_cast<void>(program.ask("pin-duress-remove", {"pin", "duress", "remove"}));
  CHECK(code_of(run_with(program, {"clients"}, "55555555")) == "wrong_pin");
}

TEST_CASE("a PIN is changed with the old one, and a second one needs permission", "[cli][pin]") {
  const Program program({"Noor"});
  CHECK(program.refusal(with_new_pin(program, {"pin", "duress", "set"}, "55555555")) == "1 duress_not_permitted");
  CHECK(program.refusal(with_new_pin(program, {"pin", "change"}, "123")) == "1 pin_too_short");
  static_cast<void>(program.ask("pin-change", with_new_pin(program, {"pin", "change"}, "24681357")));
  CHECK(code_of(run_with(program, {"contacts"}, "12345678")) == "wrong_pin");
  CHECK(code_of(run_with(program, {"contacts"}, "24681357")).empty());
}

TEST_CASE("after too many wrong PINs the keys are gone, what was saved is not, and the program says what helps", "[cli][wrong]") {
  const Program program({"Noor"}, {0, 0, 0, false, false, 2});
  static_cast<void>(program.ask("log", log_words({"--unknown"})));
  const auto before = program.ask("status", {"status"}).at("not_received");
  CHECK(code_of(run_with(program, {"contacts"}, "00000000")) == "wrong_pin");
  CHECK(code_of(run_with(program, {"contacts"}, "00000000")) == "pin_destroyed");
  CHECK(code_of(run_with(program, {"contacts"}, "12345678")) == "pin_destroyed");
  const auto after = program.ask("status", {"status"});
  CHECK(after.at("not_received") == before);
  CHECK(after.at("open_rounds") == 0);
}
