// What a coordinator asks of a handheld, done at its next sync by the real programs.
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/base/bytes.hpp"
#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
namespace fs = std::filesystem;
using lantaarn::support::program_path;

namespace {

json::object device(Town& town, const std::string& name = "h1") {
  const auto listed = town.ask({"device", "list"});
  for (const auto& one : listed.as_array()) {
    if (text_of(one, "name") == name) return one.as_object();
  }
  throw std::runtime_error("no device " + name);
}

std::string state_of(Town& town, std::size_t directive = 0) {
  return text_of(device(town).at("directives").as_array().at(directive), "state");
}

std::string code_of(const Finished& done) { return done.exit_code == 0 ? "" : text_of(json::parse(done.err), "code"); }

// Files only: what a running server leaves beside them is no part of where it stands.
void copy_files(const std::string& from, const std::string& to) {
  for (const auto& item : fs::recursive_directory_iterator(from)) {
    const fs::path target = fs::path(to) / fs::relative(item.path(), from);
    fs::create_directories(item.is_directory() ? target : target.parent_path());
    if (item.is_regular_file()) fs::copy_file(item.path(), target);
  }
}

// A sync that ends, as a power cut would end it, in its n-th call that makes something durable or takes it away.
Finished sync_killed_at(Town& town, Handheld& handheld, int call) {
  const std::string calls = "fsync,fdatasync,unlink,ftruncate";
  Words words = {"-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-e", "inject=" + calls + ":signal=SIGKILL:when=" + std::to_string(call),
                 program_path("lantaarn")};
  for (const auto& word : handheld.command({"sync", "--server", town.address()})) words.push_back(word);
  return lantaarn::support::run("strace", words, {.input = "", .env = {{"ASAN_OPTIONS", "detect_leaks=0"}}, .folder = ""});
}

}  // namespace

TEST_CASE("a locked handheld shows nothing until it is unlocked, and what is written meanwhile arrives", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  (void)town.ask_as_coordinator({"device", "lock", "h1"});
  CHECK(state_of(town) == "given");
  handheld.sync();
  CHECK(state_of(town) == "carried_out");
  CHECK(code_of(handheld.run({"clients"}, "Noor")) == "lease_ended");
  CHECK(handheld.ask({"contacts"}, "Noor").as_array().empty());
  (void)handheld.ask({"log", "--unknown", "--channel", "in_person", "--place", "zone", "--outcome", "spoken"}, "Noor");
  handheld.sync();
  CHECK(code_of(handheld.run({"clients"}, "Noor")) == "lease_ended");
  CHECK(town.contacts().size() == 2);

  (void)town.ask_as_coordinator({"device", "unlock", "h1"});
  handheld.sync();
  CHECK(handheld.ask({"clients"}, "Noor").as_array().size() == 1);
}

TEST_CASE("a handheld that is wiped sends what it has first, then nothing is left, and it can be enrolled anew", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  handheld.log("Noor", "Roos");
  const auto raw = lantaarn::from_hex(text_of(device(town), "device_id"));
  REQUIRE(raw.has_value());
  const std::string id(raw->begin(), raw->end());
  std::string where;
  CHECK(lantaarn::support::folder_contains(handheld.data(), id, where));

  (void)town.ask_as_coordinator({"device", "wipe", "h1"});
  const auto said = answer_of(handheld.try_sync());
  CHECK(said.at("wiped") == true);
  CHECK(town.contacts().size() == 2);
  CHECK(text_of(device(town), "state") == "wiped");
  CHECK(state_of(town) == "carried_out");
  CHECK_FALSE(lantaarn::support::folder_contains(handheld.data(), id, where));
  for (const Words& command : {Words{"status"}, Words{"sync"}}) CHECK(not_refused(handheld.run(command), "device_wiped") == "");
  CHECK(not_refused(handheld.run({"clients"}, "Noor"), "device_wiped") == "");

  // The same thing in the hand, another one for the server.
  const std::string ticket = town.ticket_for("h1 anew", {"Noor"});
  (void)handheld.ask({"enrol", "--user", "Noor", "--ticket", ticket, "--new-pin-file", handheld.pin_file("Noor")});
  handheld.sync();
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(town.contacts().size() == 3);
}

TEST_CASE("a wipe that is killed again and again goes on where it was, and loses nothing unsent", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  for (int i = 0; i < 3; ++i) handheld.log("Noor", "Roos");
  (void)town.ask_as_coordinator({"device", "wipe", "h1"});
  int killed = 0;
  int call = 1;
  Finished done;
  for (; call < 200; ++call) {
    done = sync_killed_at(town, handheld, call);
    if (done.signal == 0 && done.exit_code != 137) break;
    ++killed;
  }
  CHECK(killed > 10);
  // The one that was not killed ended the wipe, or found it ended.
  CHECK((done.exit_code == 0 || code_of(done) == "device_wiped"));
  CHECK(not_refused(handheld.run({"status"}), "device_wiped") == "");
  CHECK(town.contacts().size() == 3);
  CHECK(town.set_apart().empty());
  CHECK(text_of(device(town), "state") == "wiped");
  WARN("killed " << killed << " times");
}

TEST_CASE("a user who is revoked is gone from the handheld, her colleague works on, and later entries wait for a decision", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor", "Maaike"});
  handheld.log("Noor", "Roos");
  handheld.sync();
  handheld.log("Noor", "Roos");
  (void)town.ask_as_coordinator({"device", "revoke-user", "h1", "--user", "Noor"});
  handheld.sync();
  CHECK(code_of(handheld.run({"contacts"}, "Noor")) == "user_unknown");
  CHECK(handheld.ask({"user", "list"}, "Maaike").as_array().size() == 1);
  CHECK(town.contacts().size() == 1);
  const auto apart = town.set_apart();
  std::size_t hers = 0;
  for (const auto& entry : apart) hers += text_of(entry, "reason") == "user_revoked";
  CHECK(hers >= 1);
}

TEST_CASE("a handheld that makes itself new keys goes on with them, and a copy with the old ones is refused", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const std::string copy = town.folder().file("copy");
  fs::copy(handheld.data(), copy, fs::copy_options::recursive);
  (void)town.ask_as_coordinator({"device", "renew-keys", "h1"});
  handheld.sync();
  CHECK(state_of(town) == "carried_out");
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(town.contacts().size() == 1);
  town.stop();
  town.serve();
  handheld.sync();

  const auto old_keys = lantaarn::support::run(program_path("lantaarn"), {"--data", copy, "--json", "sync", "--server", town.address()});
  CHECK(not_refused(old_keys, "device_refused") == "");
}

TEST_CASE("a server that stands where it stood earlier orders a wipe: it is refused, and nothing is touched", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const std::string now = town.server_data();
  const std::string old = town.folder().file("old");
  const std::string aside = town.folder().file("aside");
  town.stop();
  copy_files(now, old);
  for (int i = 0; i < 2; ++i) {
    town.serve();
    handheld.sync();
    town.stop();
  }
  fs::rename(now, aside);
  fs::rename(old, now);
  town.serve();
  (void)town.ask_as_coordinator({"device", "wipe", "h1"});
  CHECK(not_refused(handheld.try_sync(), "statement_old") == "");
  CHECK(handheld.run({"status"}).exit_code == 0);
  town.stop();
  fs::remove_all(now);
  fs::rename(aside, now);
  town.serve();
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(town.contacts().size() == 1);
}

TEST_CASE("a code of the customer's own reaches the handheld, is accepted there, and stays in what was written", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const Words with_code = log_words("Roos", {"--topic", "x_debt_coach"});
  CHECK(code_of(handheld.run(with_code, "Noor")) == "unknown_code");
  (void)town.ask_as_coordinator({"codes", "add", "topic", "x_debt_coach", "--nl", "schuldmaatje", "--en", "debt coach"});
  handheld.sync();
  const auto codes = handheld.ask({"codes", "topic"}, "Noor").as_array();
  CHECK(text_of(codes.back(), "nl") == "schuldmaatje");
  (void)handheld.ask(with_code, "Noor");
  (void)town.ask_as_coordinator({"codes", "withdraw", "topic", "x_debt_coach"});
  handheld.sync();
  CHECK(code_of(handheld.run(with_code, "Noor")) == "code_withdrawn");
  const auto contacts = town.contacts();
  REQUIRE(contacts.size() == 1);
  CHECK(contacts[0].at("topics").as_array().at(0) == "x_debt_coach");
}
