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
  model::Event record(const std::string& kind, const std::map<std::string, std::string>& fields) {
    model::Event event = support::draw_event(draw, anna.id, kEvening);
    event.mutable_record_added()->set_kind(kind);
    event.mutable_record_added()->set_client_id(model::id_field(hers));
    for (const auto& [name, value] : fields) {
      auto* field = event.mutable_record_added()->add_fields();
      field->set_field(name);
      field->set_value(value);
    }
    return event;
  }
  /// One of each kind that is in force, and what no longer is; today is 24 November 2025.
  void write_dossier(support::GeneratedLog& log) {
    save(log, with_contact(hers, "Roxy", "primary_contact", anna.id));
    for (const char* until : {"2025-11-24", "2025-11-23"}) {
      save(log, record("attention_note", {{"date", "2025-10-01"}, {"text", until}, {"until", until}}));
    }
    for (const char* date : {"2025-11-02", "2025-11-20", "2025-11-01"}) save(log, record("consent", {{"date", date}, {"state", "refused"}}));
    save(log, record("time_out_stay", {{"from", "2025-11-20"}}));
    save(log, record("time_out_stay", {{"from", "2025-11-20"}, {"through", "2025-11-24"}}));
    save(log, record("time_out_stay", {{"from", "2025-11-10"}, {"through", "2025-11-23"}}));
    for (const char* ends : {"2025-11-24", "2025-11-23"}) {
      save(log, record("escalation", {{"date", "2025-11-01"}, {"to", "mo"}, {"question", "wie?"}, {"ends", ends}}));
    }
    for (const char* accepted : {"no", "yes"}) {
      save(log, record("handover", {{"date", "2025-11-01"}, {"from", "a"}, {"to", "b"}, {"accepted", accepted}}));
    }
    save(log, record("appointment", {{"date", "2025-09-01"}, {"to", "court"}}));
    save(log, record("appointment", {{"date", "2025-11-10"}, {"to", "court"}, {"attended", "yes"}}));
    save(log, record("appointment", {{"date", "2025-11-09"}, {"to", "court"}, {"attended", "no"}}));
    save(log, record("referral", {{"announced", "2025-11-01"}, {"partner", "ribw"}, {"state", "waiting"}}));
    save(log, record("referral", {{"announced", "2025-11-01"}, {"partner", "ribw"}, {"state", "declined"}, {"ended", "2025-11-20"}}));
    for (const char* state : {"active", "stopped"}) {
      const EventId goal = save(log, record("goal", {{"date", "2025-11-01"}, {"area", "housing"}, {"text", "kamer"}, {"state", state}}));
      save(log, record("goal_step", {{"date", "2025-11-01"}, {"goal", goal.hex()}, {"text", state}}));
    }
    for (const char* date : {"2025-05-01", "2025-11-01"}) {
      save(log, record("zrm_assessment", {{"date", date}, {"instrument", "zrm_2017"}, {"trained", "yes"}, {"housing", "2"}}));
    }
    save(log, record("budget_spending", {{"date", "2025-11-20"}, {"what", "food"}, {"cents", "500"}}));
    deliver(log);
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

// Anna's role from here on.
void take_role(Caseload& town, const std::string& role) {
  auto change = town.registry->begin();
  LANTAARN_OK(change);
  LANTAARN_OK((*change)->put_user({town.anna.id, "Anna", role}));
  LANTAARN_OK((*change)->commit());
}

std::string value_in(const model::pb::CardRecord& record, const std::string& name) {
  for (const auto& field : record.fields()) {
    if (field.field() == name) return field.value();
  }
  return {};
}

std::vector<std::string> kinds_on(const model::pb::Card& card) {
  std::vector<std::string> kinds;
  for (const auto& record : card.records()) kinds.push_back(record.kind());
  return kinds;
}

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

TEST_CASE("a card carries what is in force about her, and nothing that has passed", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  town.write_dossier(log);
  const auto cards = town.cards(town.anna.id);
  REQUIRE(cards.size() == 1);
  CHECK(kinds_on(cards[0]) == std::vector<std::string>{"attention_note", "consent", "time_out_stay", "time_out_stay", "escalation", "handover",
                                                       "appointment", "appointment", "referral", "goal", "goal_step", "zrm_assessment"});
  CHECK(value_in(cards[0].records(0), "until") == support::kToday);
  CHECK(value_in(cards[0].records(1), "date") == "2025-11-20");
  CHECK(value_in(cards[0].records(4), "ends") == support::kToday);
  CHECK(value_in(cards[0].records(5), "accepted") == "no");
  CHECK(value_in(cards[0].records(6), "date") == "2025-11-10");
  CHECK(value_in(cards[0].records(7), "date") == "2025-09-01");
  CHECK(value_in(cards[0].records(8), "state") == "waiting");
  CHECK(value_in(cards[0].records(10), "text") == "active");
  CHECK(value_in(cards[0].records(11), "date") == "2025-11-01");
}

TEST_CASE("an expert by experience carries attention notes and consent, and no other dossier notes", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  town.write_dossier(log);
  for (const char* role : {"expert_by_experience", "project_lead", "a_role_of_a_newer_server"}) {
    take_role(town, role);
    const auto cards = town.cards(town.anna.id);
    REQUIRE(cards.size() == 1);
    CHECK(kinds_on(cards[0]) == std::vector<std::string>{"attention_note", "consent"});
  }
  take_role(town, "coordinator");
  CHECK(town.cards(town.anna.id)[0].records_size() == 12);
}

TEST_CASE("records on a card carry the heads that a change must name, and retracted ones are on none", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  town.save(log, town.with_contact(town.hers, "Roxy", "primary_contact", town.anna.id));
  const EventId kept = town.save(log, town.record("referral", {{"announced", "2025-11-01"}, {"partner", "ribw"}, {"state", "announced"}}));
  std::set<std::string> changes;
  for (const char* state : {"waiting", "announced"}) {
    model::Event event = support::draw_event(town.draw, town.bram.id, kEvening);
    auto* changed = event.mutable_record_changed();
    changed->set_record(model::id_field(kept));
    changed->set_kind("referral");
    changed->set_reason("nagebeld");
    auto* change = changed->add_changes();
    change->set_field("state");
    change->set_value(state);
    change->add_heads(model::id_field(kept));
    changes.insert(model::id_field(town.save(log, town.bram, event)));
  }
  const EventId mistake = town.save(log, town.record("goal", {{"date", "2025-11-01"}, {"area", "housing"}, {"text", "kamer"}, {"state", "active"}}));
  model::Event retracted = support::draw_event(town.draw, town.anna.id, kEvening);
  retracted.mutable_record_retracted()->set_record(model::id_field(mistake));
  retracted.mutable_record_retracted()->set_reason("verkeerde vrouw");
  town.save(log, retracted);
  town.deliver(log);
  const auto cards = town.cards(town.anna.id);
  REQUIRE(cards[0].records_size() == 1);
  CHECK(cards[0].records(0).record() == model::id_field(kept));
  for (const auto& field : cards[0].records(0).fields()) {
    const std::set<std::string> heads(field.heads().begin(), field.heads().end());
    CHECK(heads == (field.field() == "state" ? changes : std::set<std::string>{model::id_field(kept)}));
  }
}

TEST_CASE("a card of linked clients carries the records of both, and of the most the latest", "[registry][cards]") {
  Caseload town;
  auto log = town.new_log();
  town.save(log, town.with_contact(town.hers, "Roxy", "primary_contact", town.anna.id));
  town.save(log, town.with_contact(town.other, "Roxane", "primary_contact", town.anna.id));
  auto of_other = town.record("attention_note", {{"date", "2025-11-01"}, {"text", "hers too"}, {"until", "2025-12-01"}});
  of_other.mutable_record_added()->set_client_id(model::id_field(town.other));
  town.save(log, of_other);
  for (std::size_t i = 0; i < server::kCardRecordsMax + 20; ++i) {
    town.save(log, town.record("appointment", {{"date", i < 20 ? "2025-01-01" : "2025-12-01"}, {"to", "court"}}));
  }
  town.deliver(log);
  model::Event linked = support::draw_event(town.draw, town.anna.id, kEvening);
  linked.mutable_clients_linked()->set_first(model::id_field(town.hers));
  linked.mutable_clients_linked()->set_second(model::id_field(town.other));
  linked.mutable_clients_linked()->set_reason("dezelfde");
  town.state(model::encode_event(linked));
  const auto cards = town.cards(town.anna.id);
  REQUIRE(cards.size() == 1);
  REQUIRE(static_cast<std::size_t>(cards[0].records_size()) == server::kCardRecordsMax);
  CHECK(value_in(cards[0].records(0), "text") == "hers too");
  for (int i = 1; i < cards[0].records_size(); ++i) CHECK(value_in(cards[0].records(i), "date") == "2025-12-01");
}
