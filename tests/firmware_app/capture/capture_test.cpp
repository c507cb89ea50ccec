#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

/// All events of the journal, opened as the registry would.
std::vector<model::Event> opened_by_server(support::TestHandheld& world, journal::Journal& journal) {
  std::vector<model::Event> events;
  std::map<KeyId, crypto::Key> keys;
  const auto logs = journal.logs();
  for (const auto& log : *logs) {
    const auto read = journal.scan(log.genesis.log, 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      if (!entry.box.empty()) {
        LANTAARN_ASSIGN(auto key, journal::open_seal_key_box(world.server_key, entry.box, world.device, entry.header.log, entry.header.seal_key));
        keys.insert_or_assign(entry.header.seal_key, std::move(key));
      }
      Bytes bytes;
      LANTAARN_TRY(journal::open_entry(entry, keys.at(entry.header.seal_key), bytes));
      LANTAARN_ASSIGN(auto event, model::decode_event(bytes));
      events.push_back(std::move(event));
      return {};
    });
    REQUIRE(read.ok());
  }
  return events;
}

}  // namespace

TEST_CASE("a contact with a new woman and a follow-up is one commit, and the server can open all of it", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  ContactDraft draft = a_contact("note");
  draft.who = NewClient{"Roos"};
  draft.follow_up = FollowUpDraft{"2026-12-01", "bellen"};
  draft.occurred_at_ms = 1'795'370'000'000;
  const auto saved = handheld.capture().log_contact(draft);
  REQUIRE(saved.ok());
  CHECK(saved->place.seq == 2);
  const auto events = opened_by_server(world, handheld.journal);
  REQUIRE(events.size() == 3);
  CHECK(events[0].client_added().alias() == "Roos");
  CHECK(events[0].client_added().client_id() == to_string(saved->client->view()));
  CHECK(events[1].contact_logged().client_id() == events[0].client_added().client_id());
  CHECK(events[1].contact_logged().occurred_at_ms() == 1'795'370'000'000);
  CHECK(events[1].contact_logged().description().empty());
  CHECK(events[2].follow_up_planned().contact() == to_string(saved->event.view()));
  CHECK(events[2].follow_up_planned().owner() == to_string(world.noor.view()));
  for (const auto& event : events) CHECK(event.author() == to_string(world.noor.view()));

  const auto cards = load_cards(handheld.caseload, handheld.journal, handheld.user);
  REQUIRE(cards->size() == 1);
  CHECK(cards->front().provisional);
  CHECK(cards->front().name() == "Roos");
  CHECK(cards->front().field("primary_contact") == world.noor.hex());
}

TEST_CASE("a woman added by one user is no card of another", "[capture]") {
  World world;
  {
    auto open = world.open();
    REQUIRE((*open)->capture().add_client({"Roos"}).ok());
  }
  auto open = world.open("Maaike", "87654321");
  REQUIRE(open.ok());
  CHECK((*open)->cards.empty());
}

TEST_CASE("follow-ups come from what is readable and from the cards, without those done", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  ContactDraft draft = a_contact();
  draft.follow_up = FollowUpDraft{"2026-12-05", "later"};
  const auto first = handheld.capture().log_contact(draft);
  draft.follow_up = FollowUpDraft{"2026-12-01", "sooner"};
  const auto second = handheld.capture().log_contact(draft);
  CaseCard card;
  card.card.set_client_id(std::string(16, 'c'));
  for (const auto& [id, text] : {std::pair{to_string(second->follow_up->view()), "sooner"}, {std::string(16, 'f'), "from the card"}}) {
    auto* planned = card.card.add_follow_ups();
    planned->set_follow_up(id);
    planned->set_due_date("2026-12-03");
    planned->set_text(text);
  }
  handheld.cards = {card};
  const auto texts = [&] {
    std::vector<std::string> list;
    const auto open_ones = handheld.capture().follow_ups();
    for (const auto& each : *open_ones) list.push_back(each.text);
    return list;
  };
  CHECK(texts() == std::vector<std::string>{"sooner", "from the card", "later"});
  REQUIRE(handheld.capture().finish_follow_up(*first->follow_up).ok());
  REQUIRE(handheld.capture().finish_follow_up(*EventId::from(std::string(16, 'f'))).ok());
  CHECK(texts() == std::vector<std::string>{"sooner"});
  CHECK(handheld.capture().finish_follow_up(*first->follow_up).error().code == "event_unknown");
  // Done stays done when tonight's entries can no longer be read.
  REQUIRE(end_all_desks(handheld.journal).ok());
  CHECK(texts() == std::vector<std::string>{"sooner"});
}

TEST_CASE("a doubtful clock is said, and refuses nothing", "[capture]") {
  World world;
  world.clock.reading.wall_ms = 1000;
  world.clock.reading.status = ClockStatus::kDoubtful;
  auto open = world.open();
  REQUIRE((*open)->capture().log_contact(a_contact()).ok());
  CHECK((*open)->capture().readable()->contacts[0].clock == ClockStatus::kDoubtful);
}
