#include "common/model/cards.pb.h"
#include "sync_server/registry/cards.hpp"
#include "tests/sync_server/merge/town.hpp"

using namespace lantaarn;
using support::kEvening;
using support::Town;

namespace {

struct Caseload : Town {
  ClientId hers = draw.id<ClientId>();
  ClientId second = draw.id<ClientId>();
  ClientId other = draw.id<ClientId>();

  model::Event with_contact(const ClientId& client, const std::string& alias, const char* field, const UserId& user) {
    model::Event event = client_added(client, alias);
    auto* change = event.mutable_client_added()->add_fields();
    change->set_field(field);
    change->set_value(user.hex());
    return event;
  }
  std::vector<model::pb::Card> cards(const UserId& user) {
    std::vector<model::pb::Card> found;
    const auto parts = server::make_cards(*registry, user, support::kToday, 9);
    LANTAARN_OK(parts);
    for (std::size_t i = 0; i < parts->size(); ++i) {
      model::pb::CardBundle bundle;
      REQUIRE(bundle.ParseFromArray((*parts)[i].data(), static_cast<int>((*parts)[i].size())));
      CHECK(bundle.part() == i);
      CHECK(bundle.parts() == parts->size());
      CHECK(bundle.edition() == 9);
      CHECK(bundle.user_id() == model::id_field(user));
      for (const auto& card : bundle.cards()) found.push_back(card);
    }
    return found;
  }
};

}  // namespace

TEST_CASE("cards are of the women a user is first or second contact for, and no others", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  town.save(log, town.with_contact(town.hers, "Roxy", "primary_contact", town.anna.id));
  town.save(log, town.with_contact(town.second, "Mira", "second_contact", town.anna.id));
  town.save(log, town.with_contact(town.other, "Lena", "primary_contact", town.bram.id));
  town.deliver(log);
  std::set<std::string> aliases;
  for (const auto& card : town.cards(town.anna.id)) aliases.insert(card.aliases(0));
  CHECK(aliases == std::set<std::string>{"Roxy", "Mira"});
  CHECK(town.cards(town.draw.id<UserId>()).empty());
}

TEST_CASE("a card carries heads per field, what is to be done, and ids of her own recent contacts", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  const EventId added = town.save(log, town.with_contact(town.hers, "Roxy", "primary_contact", town.anna.id));
  auto spoken = town.contact(town.hers, "a secret note");
  spoken.mutable_contact_logged()->set_outcome("spoken");
  const EventId own = town.save(log, spoken);
  const EventId amended = town.save(log, town.amendment(own, "place", "loods", {own}));
  auto old = town.contact(town.hers);
  old.mutable_contact_logged()->set_occurred_at_ms(kEvening - 15 * 86'400'000LL);
  town.save(log, old);
  auto colleague = town.contact(town.hers);
  colleague.set_author(model::id_field(town.bram.id));
  town.save(log, town.bram, colleague);
  auto planned = support::draw_event(town.draw, town.anna.id, kEvening);
  planned.mutable_follow_up_planned()->set_client_id(model::id_field(town.hers));
  planned.mutable_follow_up_planned()->set_due_date("2025-12-01");
  planned.mutable_follow_up_planned()->set_text("bring the form");
  town.save(log, planned);
  town.deliver(log);
  const auto cards = town.cards(town.anna.id);
  REQUIRE(cards.size() == 1);
  const auto& card = cards[0];
  CHECK(card.last_spoken_date() == support::kToday);
  REQUIRE(card.fields_size() == 1);
  CHECK(card.fields(0).field() == "primary_contact");
  CHECK(card.fields(0).heads(0) == model::id_field(added));
  REQUIRE(card.follow_ups_size() == 1);
  CHECK(card.follow_ups(0).text() == "bring the form");
  REQUIRE(card.contacts_size() == 1);
  CHECK(card.contacts(0).contact() == model::id_field(own));
  for (const auto& field : card.contacts(0).fields()) {
    CHECK(field.value().empty());
    REQUIRE(field.heads_size() == 1);
    CHECK(field.heads(0) == model::id_field(field.field() == "place" ? amended : own));
  }
  CHECK(card.SerializeAsString().find("secret") == std::string::npos);
}

TEST_CASE("one person with far too much keeps nobody from their cards: the earliest due are carried", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  town.save(log, town.with_contact(town.hers, "Roxy", "primary_contact", town.anna.id));
  for (std::size_t i = 0; i < server::kCardFollowUpsMax + 20; ++i) {
    auto planned = support::draw_event(town.draw, town.anna.id, kEvening);
    planned.mutable_follow_up_planned()->set_client_id(model::id_field(town.hers));
    planned.mutable_follow_up_planned()->set_due_date(i < 20 ? "2027-01-01" : "2025-12-01");
    planned.mutable_follow_up_planned()->set_text("bring the form");
    town.save(log, planned);
  }
  for (std::size_t i = 0; i < server::kCardContactsMax + 20; ++i) town.save(log, town.contact(town.hers));
  town.deliver(log);
  const auto cards = town.cards(town.anna.id);
  REQUIRE(cards.size() == 1);
  CHECK(static_cast<std::size_t>(cards[0].follow_ups_size()) == server::kCardFollowUpsMax);
  for (const auto& follow_up : cards[0].follow_ups()) CHECK(follow_up.due_date() == "2025-12-01");
  CHECK(static_cast<std::size_t>(cards[0].contacts_size()) == server::kCardContactsMax);
}

TEST_CASE("a large caseload comes in parts that each fit", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  for (int i = 0; i < 300; ++i) {
    town.save(log, town.with_contact(town.draw.id<ClientId>(), std::string(80, 'x'), "primary_contact", town.anna.id));
    if (i % 100 == 99) town.deliver(log);
  }
  const auto parts = server::make_cards(*town.registry, town.anna.id, support::kToday, 9);
  LANTAARN_OK(parts);
  CHECK(parts->size() > 1);
  for (const Bytes& part : *parts) CHECK(part.size() <= server::kCardPartBytesMax + 64);
  CHECK(town.cards(town.anna.id).size() == 300);
}
