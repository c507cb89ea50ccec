#include <catch2/catch.hpp>

#include "firmware_app/capture/heads.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

std::string raw(const EventId& id) { return to_string(id.view()); }

ContactChanges place(const char* code) {
  ContactChanges changes;
  changes.place = code;
  return changes;
}

/// The heads the last saved amendment names for `field`, as its own user could read them.
std::vector<std::string> heads_named(support::OpenHandheld& handheld, const std::string& field) {
  const auto keys = open_round_keys(handheld.journal, handheld.user.box);
  const auto logs = handheld.journal.logs();
  std::vector<std::string> heads;
  const auto& log = logs->back();
  const auto read = handheld.journal.scan(log.genesis.log, log.head.seq, [&](const journal::EntryView& entry, ByteView) -> Status {
    Bytes bytes;
    for (const auto& key : *keys) {
      if (key.seal.id == entry.header.seal_key) LANTAARN_TRY(journal::open_entry(entry, key.seal.key, bytes));
    }
    LANTAARN_ASSIGN(const auto event, model::decode_event(bytes));
    for (const auto& change : event.contact_amended().changes()) {
      if (change.field() == field) heads.assign(change.heads().begin(), change.heads().end());
    }
    return {};
  });
  REQUIRE(read.ok());
  return heads;
}

}  // namespace

TEST_CASE("a correction the same night is seen at once and names the contact as what it replaces", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const auto saved = handheld.capture().log_contact(a_contact());
  ContactChanges changes = place("loods");
  changes.minutes = "";
  changes.topics = std::vector<std::string>{};
  const auto amended = handheld.capture().amend(saved->event, "it was in the loods", changes);
  REQUIRE(amended.ok());
  CHECK(heads_named(handheld, "place") == std::vector<std::string>{raw(saved->event)});
  const auto read = handheld.capture().readable();
  REQUIRE(read->contacts.size() == 1);
  CHECK(read->contacts[0].amended);
  CHECK(read->contacts[0].fields.at("place") == "loods");
  CHECK(read->contacts[0].fields.at("minutes").empty());
  CHECK(read->contacts[0].fields.at("topics").empty());
  CHECK(read->contacts[0].fields.at("channel") == "in_person");
}

TEST_CASE("a second correction replaces the first, field by field", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const auto saved = handheld.capture().log_contact(a_contact());
  const auto first = handheld.capture().amend(saved->event, "one", place("loods"));
  ContactChanges both = place("home");
  both.outcome = "seen";
  REQUIRE(handheld.capture().amend(saved->event, "two", both).ok());
  CHECK(heads_named(handheld, "place") == std::vector<std::string>{raw(first->event)});
  CHECK(heads_named(handheld, "outcome") == std::vector<std::string>{raw(saved->event)});
}

TEST_CASE("a correction the next day, when nothing can be read any more, still names the right heads", "[capture]") {
  World world;
  EventId contact;
  EventId first;
  {
    auto open = world.open();
    auto& handheld = **open;
    REQUIRE(handheld.capture().start_round({{"zone"}, {}}).ok());
    contact = handheld.capture().log_contact(a_contact())->event;
    first = handheld.capture().amend(contact, "that night", place("loods"))->event;
    REQUIRE(handheld.capture().end_round().ok());
  }
  world.clock.pass(13 * 3'600'000);
  auto open = world.open();
  auto& handheld = **open;
  CHECK(handheld.capture().readable()->contacts.empty());
  ContactChanges changes = place("home");
  changes.note = "longer";
  REQUIRE(handheld.capture().amend(contact, "next day", changes).ok());
  CHECK(heads_named(handheld, "place") == std::vector<std::string>{raw(first)});
  CHECK(heads_named(handheld, "note") == std::vector<std::string>{raw(contact)});
}

TEST_CASE("heads from her card and from here are named together, without what was replaced here", "[capture]") {
  EventId contact;
  contact.bytes.fill(1);
  EventId mine;
  mine.bytes.fill(2);
  const std::string elsewhere(16, '\x03');
  model::pb::CardContact card;
  auto* field = card.add_fields();
  field->set_field("place");
  pb::ContactHeads own;
  // The card is older than the own change: it still lists the contact itself.
  note_change(own, "place", {raw(contact)}, mine);
  field->add_heads(raw(contact));
  CHECK(heads_seen(own, &card.fields(), "place", contact) == std::vector<std::string>{raw(mine)});
  // The card knows of another's change beside the own one: both are seen.
  field->clear_heads();
  field->add_heads(raw(mine));
  field->add_heads(elsewhere);
  CHECK(heads_seen(own, &card.fields(), "place", contact) == std::vector<std::string>{raw(mine), elsewhere});
  CHECK(heads_seen(own, &card.fields(), "note", contact) == std::vector<std::string>{raw(contact)});
}

TEST_CASE("a contact of another handheld can be corrected when her card names it", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  EventId contact;
  contact.bytes.fill(9);
  CHECK(handheld.capture().amend(contact, "x", place("home")).error().code == "event_unknown");
  CaseCard card;
  card.card.set_client_id(std::string(16, 'c'));
  auto* known = card.card.add_contacts();
  known->set_contact(raw(contact));
  auto* field = known->add_fields();
  field->set_field("place");
  field->add_heads(std::string(16, 'h'));
  handheld.cards = {card};
  CHECK(*handheld.capture().find_contact("090909") == contact);
  REQUIRE(handheld.capture().amend(contact, "x", place("home")).ok());
  CHECK(heads_named(handheld, "place") == std::vector<std::string>{raw(contact), std::string(16, 'h')});
}

TEST_CASE("a retracted contact is shown as such, and is retracted once", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const auto saved = handheld.capture().log_contact(a_contact());
  REQUIRE(handheld.capture().retract(saved->event, "mistake").ok());
  CHECK(handheld.capture().readable()->contacts[0].retracted);
  CHECK(handheld.capture().retract(saved->event, "mistake").error().code == "nothing_changed");
}

TEST_CASE("a contact is named by its id or a beginning that fits one of her own", "[capture]") {
  World world;
  EventId contact;
  {
    auto open = world.open();
    auto& handheld = **open;
    contact = handheld.capture().log_contact(a_contact())->event;
    CHECK(*handheld.capture().find_contact(contact.hex()) == contact);
    CHECK(*handheld.capture().find_contact(contact.hex().substr(0, 6)) == contact);
    CHECK(handheld.capture().find_contact(contact.hex().substr(0, 5)).error().code == "id_invalid");
    CHECK(handheld.capture().find_contact("not hex!").error().code == "id_invalid");
    CHECK(handheld.capture().find_contact(contact.hex() + "00").error().code == "id_invalid");
  }
  auto maaike = world.open("Maaike", "87654321");
  CHECK((*maaike)->capture().find_contact(contact.hex()).error().code == "event_unknown");
  CHECK((*maaike)->capture().amend(contact, "x", place("home")).error().code == "event_unknown");
  CHECK((*maaike)->capture().retract(contact, "x").error().code == "event_unknown");
}
