#include "common/model/record_kinds.hpp"
#include "tests/firmware_app/capture/last_event.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using model::FieldValues;
using support::heads_in;
using support::last_event;

namespace {

using Heads = std::vector<std::string>;

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

std::string raw(const EventId& id) { return to_string(id.view()); }

// The least that each kind needs; the clock says 22 November 2026.
const std::map<std::string_view, FieldValues>& examples() {
  static const std::string kGoal(32, 'a');
  static const std::map<std::string_view, FieldValues> kExamples = {
      {"appointment", {{"to", "sti_test"}}},
      {"goal", {{"area", "housing"}, {"text", "een kamer"}}},
      {"goal_step", {{"goal", kGoal}, {"text", "inschrijven"}}},
      {"zrm_assessment", {{"instrument", "zrm_2017"}, {"trained", "yes"}, {"housing", "2"}}},
      {"referral", {{"partner", "f_act"}}},
      {"time_out_stay", {}},
      {"consent", {{"state", "not_now"}}},
      {"attention_note", {{"text", "schrikt van bellen"}}},
      {"escalation", {{"to", "coordinator"}, {"question", "wie regelt dit?"}, {"ends", "2026-12-22"}}},
      {"handover", {{"from", "Noor"}, {"to", "Maaike"}}},
      {"budget_spending", {{"what", "clothing"}, {"cents", "1250"}}},
      {"budget_grant", {{"cents", "100000"}}},
      {"tariff", {{"what", "time_out_day"}, {"cents", "13927"}}},
      {"bottleneck", {{"what", "no_time_out_place"}}},
      {"visit_count", {{"visits", "12"}}},
      {"hours", {{"through", "2026-11-30"}, {"activity", "core_team"}, {"role", "leader"}}},
      {"risk", {{"text", "te weinig mensen"}}},
      {"planning_step", {{"what", "step"}, {"text", "plan herzien"}}},
  };
  return kExamples;
}

ClientId her() { return ClientId::from(std::string(16, 'c')).value(); }

RecordDraft draft_of(std::string_view kind) {
  const bool about_her = model::find_record_kind(kind)->about == model::About::kClient;
  return {std::string(kind), about_her ? std::optional(her()) : std::nullopt, examples().at(kind)};
}

EventId added(support::OpenHandheld& handheld, std::string_view kind) {
  const auto saved = handheld.capture().add_record(draft_of(kind));
  REQUIRE(saved.ok());
  return saved->event;
}

template <typename T>
std::string code(const Result<T>& result) {
  return result.ok() ? "" : result.error().code;
}

/// A card as the server makes it of this record.
CaseCard card_with(const EventId& record, const std::string& kind, const FieldValues& fields, const Heads& heads) {
  CaseCard card;
  card.card.set_client_id(model::id_field(her()));
  auto* on_card = card.card.add_records();
  on_card->set_record(raw(record));
  on_card->set_kind(kind);
  for (const auto& [name, value] : fields) {
    auto* field = on_card->add_fields();
    field->set_field(name);
    field->set_value(value);
    for (const auto& head : heads) field->add_heads(head);
  }
  return card;
}

const FieldValues kReferral = {{"announced", "2026-11-01"}, {"partner", "f_act"}, {"state", "announced"}};

}  // namespace

TEST_CASE("every kind is added with what it needs, and what goes without saying is filled in", "[capture][records]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  for (const auto& kind : model::record_kinds()) {
    INFO(kind.kind);
    REQUIRE(examples().contains(kind.kind));
    const auto saved = handheld.capture().add_record(draft_of(kind.kind));
    REQUIRE(saved.ok());
    const auto event = last_event(handheld);
    CHECK(event.record_added().kind() == kind.kind);
    CHECK(event.record_added().client_id().empty() == (kind.about != model::About::kClient));
    for (const auto& field : event.record_added().fields()) {
      CHECK_FALSE(field.value().empty());
      if (field.field() == kind.day) CHECK(field.value() == "2026-11-22");
    }
  }
  const auto list = handheld.capture().records();
  REQUIRE(list.ok());
  REQUIRE(list->records.size() == model::record_kinds().size());
  CHECK(list->records.front().kind == "appointment");
  CHECK(list->records.front().value("to") == "sti_test");
}

TEST_CASE("what is wrong with a record is said and nothing of it is saved", "[capture][records]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const auto refusal = [&](RecordDraft draft) { return code(handheld.capture().add_record(draft)); };
  const auto with = [](std::string_view kind, const std::string& field, const std::string& value) {
    RecordDraft draft = draft_of(kind);
    draft.fields[field] = value;
    return draft;
  };
  RecordDraft nobody = draft_of("appointment");
  nobody.client.reset();
  CHECK(refusal(nobody) == "client_needed");
  RecordDraft somebody = draft_of("tariff");
  somebody.client = her();
  CHECK(refusal(somebody) == "client_not_named_here");
  CHECK(refusal({"diary", her(), {}}) == "unknown_kind");
  CHECK(refusal(with("appointment", "to", "pub")) == "unknown_code");
  CHECK(refusal(with("appointment", "colour", "red")) == "field_invalid");
  CHECK(refusal(with("appointment", "date", "")) == "field_needed");
  CHECK(refusal(with("goal", "text", "")) == "field_needed");
  CHECK(refusal(with("goal", "text", "red\x1b[31m")) == "text_control");
  CHECK(refusal(with("goal", "text", "two\nlines")) == "text_control");
  CHECK(refusal(with("referral", "state", "started")) == "field_needed");
  CHECK(refusal(with("time_out_stay", "through", "2026-11-01")) == "dates_reversed");
  CHECK(refusal(with("attention_note", "text", std::string(81, 'x'))) == "text_too_long");
  CHECK(refusal(with("zrm_assessment", "adl", "3")) == "instrument_lacks");
  CHECK(refusal(with("escalation", "told", "no")) == "woman_not_told");
  CHECK(handheld.journal.logs()->back().head.seq == 0);
  CHECK(handheld.journal.companions(kHeadsCompanion)->empty());
}

TEST_CASE("a change of a record names the heads it saw, also when nothing can be read any more", "[capture][records]") {
  World world;
  EventId record, first;
  {
    auto open = world.open();
    auto& handheld = **open;
    REQUIRE(handheld.capture().start_round({{"zone"}, {}}).ok());
    record = added(handheld, "appointment");
    const auto changed = handheld.capture().change_record(record, "zij ging", {{"attended", "yes"}});
    REQUIRE(changed.ok());
    first = changed->event;
    const auto event = last_event(handheld).record_changed();
    CHECK(event.record() == raw(record));
    CHECK(event.kind() == "appointment");
    CHECK(heads_in(event.changes(), "attended") == Heads{raw(record)});
    const auto view = handheld.capture().records()->records.at(0);
    CHECK(view.value("attended") == "yes");
    CHECK(view.amended);
    CHECK_FALSE(view.stale);
    REQUIRE(handheld.capture().end_round().ok());
    CHECK(handheld.capture().records()->records.empty());
  }
  world.clock.pass(13 * 3'600'000);
  auto open = world.open();
  auto& handheld = **open;
  CHECK(handheld.capture().find_record(record.hex().substr(0, 6))->kind == "appointment");
  CHECK(code(handheld.capture().change_record(record, "toch niet", {{"attended", "perhaps"}})) == "yes_no_invalid");
  REQUIRE(handheld.capture().change_record(record, "toch niet", {{"attended", "no"}, {"to", "intake"}}).ok());
  const auto event = last_event(handheld).record_changed();
  CHECK(heads_in(event.changes(), "attended") == Heads{raw(first)});
  CHECK(heads_in(event.changes(), "to") == Heads{raw(record)});
}

TEST_CASE("two handhelds that change one record do not name one another, and who sees both settles both", "[capture][records]") {
  World first, second;
  auto first_open = first.open();
  auto second_open = second.open();
  auto& one = **first_open;
  auto& other = **second_open;
  const EventId record = added(one, "referral");
  other.cards = {card_with(record, "referral", kReferral, {raw(record)})};
  const auto mine = one.capture().change_record(record, "wachtlijst", {{"state", "waiting"}});
  const auto hers = other.capture().change_record(record, "afgewezen", {{"state", "declined"}, {"ended", "2026-11-20"}});
  REQUIRE(mine.ok());
  REQUIRE(hers.ok());
  CHECK(heads_in(last_event(one).record_changed().changes(), "state") == Heads{raw(record)});
  CHECK(heads_in(last_event(other).record_changed().changes(), "state") == Heads{raw(record)});
  // The next card shows both.
  one.cards = {card_with(record, "referral", kReferral, {raw(mine->event), raw(hers->event)})};
  CHECK(one.capture().records()->records.at(0).contested.contains("state"));
  REQUIRE(one.capture().change_record(record, "nagebeld", {{"state", "waiting"}}).ok());
  const auto named = heads_in(last_event(one).record_changed().changes(), "state");
  CHECK(std::set<std::string>(named.begin(), named.end()) == std::set<std::string>{raw(mine->event), raw(hers->event)});
}

TEST_CASE("a change is checked against the other values when they are known", "[capture][records]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const EventId record(EventId::from(std::string(16, 'r')).value());
  handheld.cards = {card_with(record, "referral", kReferral, {raw(record)})};
  CHECK(code(handheld.capture().change_record(record, "why", {{"state", "started"}})) == "field_needed");
  CHECK(code(handheld.capture().change_record(record, "why", {{"ended", "2026-10-01"}})) == "dates_reversed");
  CHECK(code(handheld.capture().change_record(record, "why", {{"partner", ""}})) == "field_needed");
  CHECK(code(handheld.capture().change_record(record, "w\ay", {{"partner", "ribw"}})) == "text_control");
  CHECK(code(handheld.capture().change_record(record, "", {{"partner", "ribw"}})) == "reason_needed");
  CHECK(code(handheld.capture().change_record(record, "why", {})) == "nothing_changed");
  CHECK(handheld.journal.logs()->back().head.seq == 0);
  REQUIRE(handheld.capture().change_record(record, "why", {{"state", "started"}, {"started", "2026-11-20"}}).ok());
  // Known from what is readable, though the card is of before.
  REQUIRE(handheld.capture().change_record(record, "why", {{"state", "completed"}, {"ended", "2026-11-21"}}).ok());
  CHECK(handheld.capture().records()->records.at(0).value("started") == "2026-11-20");
  // When it can no longer be read the card is known to be of before: the rules between fields wait for the server.
  REQUIRE(end_all_desks(handheld.journal).ok());
  CHECK(handheld.capture().records()->records.at(0).stale);
  CHECK(handheld.capture().change_record(record, "why", {{"state", "completed"}}).ok());
}

TEST_CASE("a card that knows more than an own change is believed", "[capture][records]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const EventId record = added(handheld, "referral");
  REQUIRE(handheld.capture().change_record(record, "why", {{"state", "waiting"}}).ok());
  FieldValues later = kReferral;
  later["state"] = "declined";
  handheld.cards = {card_with(record, "referral", later, {std::string(16, 'n')})};
  const auto list = handheld.capture().records();
  REQUIRE(list->records.size() == 1);
  CHECK(list->records[0].value("state") == "declined");
  CHECK_FALSE(list->records[0].stale);
}

TEST_CASE("a retracted record is shown as such, is retracted once, and is not changed any more", "[capture][records]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const EventId record = added(handheld, "consent");
  CHECK(code(handheld.capture().retract_record(record, "")) == "reason_needed");
  REQUIRE(handheld.capture().retract_record(record, "verkeerde vrouw").ok());
  CHECK(last_event(handheld).record_retracted().record() == raw(record));
  CHECK(handheld.capture().records()->records.at(0).retracted);
  CHECK(code(handheld.capture().retract_record(record, "nog eens")) == "record_retracted");
  CHECK(code(handheld.capture().change_record(record, "nog eens", {{"state", "refused"}})) == "record_retracted");
  // Its card lists it until the server has merged this.
  REQUIRE(end_all_desks(handheld.journal).ok());
  handheld.cards = {card_with(record, "consent", {{"date", "2026-11-22"}, {"state", "not_now"}}, {raw(record)})};
  CHECK(handheld.capture().records()->records.at(0).retracted);
}

TEST_CASE("records and contacts are not taken for one another, and open for nobody else", "[capture][records]") {
  World world;
  EventId record, contact;
  {
    auto open = world.open();
    auto& handheld = **open;
    record = added(handheld, "goal");
    contact = handheld.capture().log_contact(support::a_contact())->event;
    CHECK(code(handheld.capture().find_record(contact.hex())) == "record_not_found");
    CHECK(code(handheld.capture().find_contact(record.hex())) == "event_unknown");
    CHECK(code(handheld.capture().retract(record, "x")) == "event_unknown");
    CHECK(code(handheld.capture().retract_record(contact, "x")) == "record_not_found");
    CHECK(code(handheld.capture().find_record("abc")) == "id_invalid");
  }
  auto open = world.open("Maaike", "87654321");
  auto& maaike = **open;
  CHECK(maaike.capture().records()->records.empty());
  CHECK(code(maaike.capture().find_record(record.hex())) == "record_not_found");
  CHECK(code(maaike.capture().change_record(record, "x", {{"text", "y"}})) == "record_not_found");
}

TEST_CASE("two users of one handheld change a colleague's record, and each names her own change next", "[capture][records]") {
  World world;
  const EventId record(EventId::from(std::string(16, 'r')).value());
  const CaseCard card = card_with(record, "referral", kReferral, {raw(record)});
  std::map<std::string, EventId> changes;
  for (int turn = 0; turn < 2; ++turn) {
    for (const auto& [name, pin] : {std::pair{"Noor", "12345678"}, {"Maaike", "87654321"}}) {
      auto open = world.open(name, pin);
      auto& handheld = **open;
      handheld.cards = {card};
      const auto changed = handheld.capture().change_record(record, "why", {{"text", "nagebeld"}});
      REQUIRE(changed.ok());
      const auto named = heads_in(last_event(handheld).record_changed().changes(), "text");
      CHECK(named == Heads{turn == 0 ? raw(record) : raw(changes[name])});
      changes[name] = changed->event;
      // The key under which it is kept is nobody's id.
      CHECK(handheld.capture().find_record(record.hex())->id == record);
    }
  }
}
