// What may be found in a handheld's folder, state by state, by who has all of its files, its device secret, and even a PIN.
#include <catch2/catch.hpp>

#include "firmware_app/caseload/lease_end.hpp"
#include "firmware_app/custody/directives.hpp"
#include "firmware_app/custody/wipe.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr const char* kPin = "12345678";
constexpr const char* kSecondPin = "55555555";
// Whatever was typed or told, and the PINs: in no file, in no state.
constexpr const char* kCanaries[] = {"Canary-Woman", "Canary-Card", "canary-note", "canary-follow-up", "Canary-Colleague", kPin, kSecondPin};

/// What is found. "With her PIN" is the program's own reading, and every key that PIN opens.
struct Found {
  bool server = false;           ///< which server, which device
  bool users = false;            ///< who is enrolled
  bool sealed_entries = false;   ///< what only the registry opens
  bool cards_with_pin = false;
  bool tonight_with_pin = false;
  bool signs_with_pin = false;   ///< could write in her name
  bool operator==(const Found&) const = default;
};

std::ostream& operator<<(std::ostream& to, const Found& found) {
  return to << "server " << found.server << " users " << found.users << " sealed " << found.sealed_entries << " cards " << found.cards_with_pin
            << " tonight " << found.tonight_with_pin << " signs " << found.signs_with_pin;
}

/// A handheld in the middle of an evening: a card from the server, a round, a contact with a woman who is new.
struct World : support::TestHandheld {
  World() {
    enrol_both();
    Lease lease;
    lease.valid_until_ms = clock.reading.wall_ms + 7 * kDayMs;
    lease.duress_pin = true;
    auto vault = open_vault();
    for (const UserId& user : {noor, maaike}) REQUIRE(vault->set_lease(user, lease).ok());
    const auto user = vault->unlock(*vault->find_user("Noor"), pin_of(kPin), clock.now());
    REQUIRE(user.ok());
    REQUIRE(vault->set_duress_pin(*user, pin_of(kSecondPin)).ok());
  }
  void evening() {
    auto open = this->open();
    REQUIRE(open.ok());
    auto& at = **open;
    support::give_cards(at.caseload, at.user, {"Canary-Card"});
    REQUIRE(at.capture().start_round({{"zone"}, {"Canary-Colleague"}}).ok());
    ContactDraft draft = support::a_contact("canary-note");
    draft.who = NewClient{"Canary-Woman"};
    draft.follow_up = FollowUpDraft{"2026-12-01", "canary-follow-up"};
    REQUIRE(at.capture().log_contact(draft).ok());
  }
  void close_round() { REQUIRE((*open())->capture().end_round()->closed); }
  /// As a program starts: leases first.
  void start() {
    auto vault = open_vault();
    auto journal = open_journal();
    Result<Caseload> caseload = Caseload::open("caseload.db", options());
    REQUIRE(end_due_leases(*vault, *journal, caseload, clock.now()).ok());
  }
  void unlock_with(const char* pin) {
    auto vault = open_vault();
    const auto user = vault->unlock(*vault->find_user("Noor"), pin_of(pin), clock.now());
    REQUIRE(user.ok());
    const auto facts = vault->server();
    auto journal = open_journal();
    Result<Caseload> caseload = Caseload::open("caseload.db", options());
    std::vector<CaseCard> none;
    Capture capture{*journal, *user, *facts, clock, none};
    REQUIRE(capture.begin_work(caseload).ok());
  }
  void ask(sync::pb::Directive::Kind kind) {
    auto vault = open_vault();
    auto journal = open_journal();
    Result<Caseload> caseload = Caseload::open("caseload.db", options());
    for (const auto& state : *journal->logs()) REQUIRE(journal->record_received(state.genesis.log, state.head, as_bytes("receipt")).ok());
    if (kind == sync::pb::Directive::LOCK) {
      REQUIRE(vault->lock().ok());
      for (const VaultUser& user : *vault->users()) REQUIRE(drop_readable(*journal, caseload, user.id).ok());
      return;
    }
    const WipeOf of{*vault, *journal, caseload};
    Outbox outbox(*journal);
    REQUIRE(*begin_wipe(of, outbox));
    REQUIRE(vault->set_wipe_stage(Vault::WipeStage::kReported).ok());
    REQUIRE(*finish_wipe(of, secret, clock.reading.wall_ms));
  }
  void try_wrong_pins() {
    for (int attempt = 0; attempt < 10; ++attempt) {
      auto vault = open_vault();
      CHECK_FALSE(vault->unlock(*vault->find_user("Noor"), pin_of("00000000"), clock.now()).ok());
      clock.pass(2 * 3'600'000);
    }
  }

  [[nodiscard]] Found find() {
    Found found;
    for (const char* canary : kCanaries) {
      INFO(canary);
      CHECK_FALSE(vfs.disk().contains(as_bytes(canary)));
    }
    auto vault = open_vault();
    if (!vault.ok()) return found;
    found.server = vault->server().ok();
    const auto users = vault->users();
    found.users = users.ok() && !users->empty();
    if (!found.server) return found;
    auto journal = open_journal();
    for (const auto& log : *journal->logs()) found.sealed_entries = found.sealed_entries || log.head.seq > 0;
    auto caseload = Caseload::open("caseload.db", options());
    const auto known = vault->find_user("Noor");
    if (!known.ok()) return found;
    const auto user = vault->unlock(*known, pin_of(kPin), clock.now());
    if (!user.ok()) return found;
    found.signs_with_pin = true;
    const auto cards = load_cards(*caseload, *journal, *user);
    found.cards_with_pin = cards.ok() && !cards->empty();
    const std::vector<CaseCard> none;
    const auto facts = vault->server();
    const auto read = Capture{*journal, *user, *facts, clock, none}.readable();
    found.tonight_with_pin = read.ok() && !read->contacts.empty();
    return found;
  }
};

struct State {
  const char* name;
  void (*reach)(World&);
  Found may_be_found;
};

}  // namespace

TEST_CASE("in every state there is in a handheld's folder what may be there, and nothing else", "[custody][seizure]") {
  //                            server users sealed cards tonight signs
  const State states[] = {
      {"enrolled, never used", [](World&) {}, {true, true, false, false, false, true}},
      {"round open", [](World& w) { w.evening(); }, {true, true, true, true, true, true}},
      {"round closed", [](World& w) { w.evening(), w.close_round(); }, {true, true, true, true, false, true}},
      {"lease ended", [](World& w) { w.evening(), w.clock.pass(8 * kDayMs), w.start(); }, {true, true, true, false, false, true}},
      {"second PIN used", [](World& w) { w.evening(), w.unlock_with(kSecondPin); }, {true, true, true, false, false, true}},
      {"locked by the coordinator", [](World& w) { w.evening(), w.ask(sync::pb::Directive::LOCK); }, {true, true, true, false, false, true}},
      {"ten wrong PINs", [](World& w) { w.evening(), w.try_wrong_pins(); }, {true, true, true, false, false, false}},
      {"wiped", [](World& w) { w.evening(), w.ask(sync::pb::Directive::WIPE); }, {}},
  };
  for (const State& state : states) {
    INFO(state.name);
    World world;
    state.reach(world);
    CHECK(world.find() == state.may_be_found);
  }
}
