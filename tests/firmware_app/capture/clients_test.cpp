#include "tests/firmware_app/capture/last_event.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::heads_in;
using support::last_event;

namespace {

using Heads = std::vector<std::string>;

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

std::string raw(const EventId& id) { return to_string(id.view()); }

template <typename T>
std::string code(const Result<T>& result) {
  return result.ok() ? "" : result.error().code;
}

void reload(support::OpenHandheld& handheld) { handheld.cards = *load_cards(handheld.caseload, handheld.journal, handheld.user); }

}  // namespace

TEST_CASE("a change about a woman names the heads of her card and is on it at once, also the next day", "[capture][clients]") {
  World world;
  ClientId her;
  EventId first;
  {
    auto open = world.open();
    auto& handheld = **open;
    const auto saved = handheld.capture().add_client({"Roos"});
    her = *saved->client;
    reload(handheld);
    const auto changed = handheld.capture().change_client(her, {{"safe_contact", "in_person_only"}, {"status", "closed"}});
    REQUIRE(changed.ok());
    first = changed->event;
    const auto changes = last_event(handheld).client_changed().changes();
    CHECK(heads_in(changes, "safe_contact").empty());
    CHECK(heads_in(changes, "status") == Heads{raw(saved->event)});
    REQUIRE(end_all_desks(handheld.journal).ok());
  }
  auto open = world.open();
  auto& handheld = **open;
  REQUIRE(handheld.cards.size() == 1);
  CHECK(handheld.cards[0].field("safe_contact") == "in_person_only");
  CHECK(handheld.cards[0].field("status") == "closed");
  REQUIRE(handheld.capture().change_client(her, {{"safe_contact", ""}}).ok());
  CHECK(heads_in(last_event(handheld).client_changed().changes(), "safe_contact") == Heads{raw(first)});
  reload(handheld);
  CHECK(handheld.cards[0].field("safe_contact").empty());
}

TEST_CASE("two values that a card shows are both named, so that one change settles both", "[capture][clients]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  CaseCard card;
  card.card.set_client_id(std::string(16, 'c'));
  auto* field = card.card.add_fields();
  field->set_field("intensity");
  field->set_value("intensive");
  field->add_heads(std::string(16, 'x'));
  field->add_heads(std::string(16, 'y'));
  handheld.cards = {card};
  REQUIRE(handheld.capture().change_client(card.id(), {{"intensity", "light_consultative"}}).ok());
  CHECK(heads_in(last_event(handheld).client_changed().changes(), "intensity") == Heads{std::string(16, 'x'), std::string(16, 'y')});
}

TEST_CASE("a card that carries the change, or a later one, is believed, and nothing stays behind", "[capture][clients]") {
  model::pb::Card card;
  auto* field = card.add_fields();
  field->set_field("safe_contact");
  field->set_value("calling");
  field->add_heads("before");
  pb::OwnChanges own;
  own.add_aliases("Roosje");
  note_own_change(card, "safe_contact", "in_person_only", "mine", own);

  model::pb::Card older = card;
  CHECK(apply_own_changes(own, older));
  CHECK(older.fields(0).value() == "in_person_only");
  CHECK(older.fields(0).heads(0) == "mine");
  CHECK(older.aliases(0) == "Roosje");

  card.add_aliases("Roosje");
  for (const char* head : {"mine", "a colleague's"}) {
    model::pb::Card later = card;
    later.mutable_fields(0)->set_heads(0, head);
    CHECK_FALSE(apply_own_changes(own, later));
    CHECK(later.fields(0).value() == "calling");
    CHECK(later.aliases_size() == 1);
  }
}

TEST_CASE("one more name is hers at once, and is kept with the changes", "[capture][clients]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const ClientId her = *handheld.capture().add_client({"Roos"})->client;
  reload(handheld);
  REQUIRE(handheld.capture().name_client(her, "Roosje").ok());
  CHECK(last_event(handheld).client_named().alias() == "Roosje");
  CHECK(code(handheld.capture().name_client(her, "Roosje")) == "nothing_changed");
  REQUIRE(handheld.capture().change_client(her, {{"intensity", "intensive"}}).ok());
  reload(handheld);
  CHECK(handheld.cards[0].card.aliases(1) == "Roosje");
  CHECK(handheld.cards[0].field("intensity") == "intensive");
}

TEST_CASE("what cannot be said about a woman is refused, and nothing of it is saved", "[capture][clients]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const ClientId her = *handheld.capture().add_client({"Roos"})->client;
  CHECK(code(handheld.capture().change_client(her, {{"intensity", "intensive"}})) == "client_unknown");
  CHECK(code(handheld.capture().name_client(her, "Roosje")) == "client_unknown");
  reload(handheld);
  CHECK(code(handheld.capture().change_client(her, {})) == "nothing_changed");
  CHECK(code(handheld.capture().change_client(her, {{"status", ""}})) == "unknown_code");
  CHECK(code(handheld.capture().change_client(her, {{"safe_contact", "a\x1b[2J"}})) == "text_control");
  CHECK(code(handheld.capture().change_client(her, {{"shoe_size", "38"}})) == "field_invalid");
  CHECK(code(handheld.capture().name_client(her, " ")) == "alias_empty");
  CHECK(code(handheld.capture().name_client(her, "a\x1b[2J")) == "text_control");
  CHECK(handheld.journal.logs()->back().head.seq == 1);
  CHECK(handheld.journal.companions(kOwnChangesCompanion)->empty());
}

TEST_CASE("what one user changed about a woman is not on another's card, and goes with the woman", "[capture][clients]") {
  World world;
  ClientId her;
  {
    auto open = world.open();
    auto& handheld = **open;
    her = *handheld.capture().add_client({"Roos"})->client;
    reload(handheld);
    REQUIRE(handheld.capture().change_client(her, {{"safe_contact", "calling"}}).ok());
  }
  {
    auto open = world.open("Maaike", "87654321");
    CHECK((*open)->cards.empty());
    CHECK((*open)->journal.companions(kOwnChangesCompanion)->size() == 1);
  }
  auto open = world.open();
  auto& handheld = **open;
  REQUIRE(handheld.journal.save_companions({removed_companion(kProvisionalCompanion, her.view())}).ok());
  reload(handheld);
  CHECK(handheld.cards.empty());
  CHECK(handheld.journal.companions(kOwnChangesCompanion)->empty());
}
