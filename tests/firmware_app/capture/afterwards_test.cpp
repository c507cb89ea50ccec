// What is done about something after it was saved, when it may no longer be readable; and what is not finished.
#include <catch2/catch.hpp>

#include "firmware_app/caseload/lease_end.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

KeptDraft draft(std::uint8_t number, const std::optional<EventId>& contact, model::FieldValues fields) {
  KeptDraft made{{}, contact, std::move(fields), 1};
  made.id.bytes.fill(number);
  return made;
}

template <typename T>
std::string code(const Result<T>& result) {
  return result.ok() ? "" : result.error().code;
}

constexpr const char* kDay = "2026-11-22";

}  // namespace

TEST_CASE("visits counted after a sync add to the same record, and the day's total is shown", "[capture][afterwards]") {
  World world;
  {
    auto open = world.open();
    auto& handheld = **open;
    REQUIRE(handheld.capture().count_visits(kDay, 4, "verder geteld").ok());
    REQUIRE(end_all_desks(handheld.journal).ok());
    CHECK(handheld.capture().readable()->records.empty());
    REQUIRE(handheld.capture().count_visits(kDay, 3, "verder geteld").ok());
    CHECK((*handheld.capture().visits_of(kDay))->visits == 7);
  }
  auto open = world.open();
  auto& handheld = **open;
  CHECK((*handheld.capture().visits_of(kDay))->visits == 7);
  REQUIRE(handheld.capture().count_visits(kDay, -2, "verder geteld").ok());
  CHECK((*handheld.capture().visits_of(kDay))->visits == 5);
  const auto read = handheld.capture().readable();
  CHECK(read->records.empty());
  REQUIRE(read->record_corrections.size() == 1);
  CHECK(read->record_corrections.begin()->second.fields.at("visits") == "5");
  // Another day begins at nothing, a colleague's tally is hers, and a tally that was taken back is gone.
  CHECK_FALSE(handheld.capture().visits_of("2026-11-23")->has_value());
  const EventId record = (*handheld.capture().visits_of(kDay))->record;
  REQUIRE(handheld.capture().retract_record(record, "dubbel").ok());
  CHECK_FALSE(handheld.capture().visits_of(kDay)->has_value());
}

TEST_CASE("where nothing readable is kept no tally is either, and a colleague sees none of hers", "[capture][afterwards]") {
  World world;
  {
    auto open = world.open();
    auto& handheld = **open;
    handheld.user.access.strict = true;
    REQUIRE(handheld.capture().count_visits(kDay, 4, "verder geteld").ok());
    CHECK_FALSE(handheld.capture().visits_of(kDay)->has_value());
    handheld.user.access.strict = false;
    CHECK_FALSE(handheld.capture().visits_of(kDay)->has_value());
    REQUIRE(handheld.capture().count_visits(kDay, 2, "verder geteld").ok());
  }
  auto maaike = world.open("Maaike", "87654321");
  CHECK_FALSE((*maaike)->capture().visits_of(kDay)->has_value());
}

TEST_CASE("a tally typed as a record counts too, and one of an earlier day takes nothing away", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  REQUIRE(handheld.capture().add_record({"visit_count", {}, {{"date", kDay}, {"visits", "6"}}}).ok());
  REQUIRE(handheld.capture().add_record({"visit_count", {}, {{"date", "2026-11-20"}, {"visits", "9"}}}).ok());
  CHECK((*handheld.capture().visits_of(kDay))->visits == 6);
}

TEST_CASE("when the lease ends the tally goes with what she could read", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  REQUIRE(handheld.capture().count_visits(kDay, 4, "verder geteld").ok());
  Result<Caseload> caseload(std::move(handheld.caseload));
  REQUIRE(drop_readable(handheld.journal, caseload, handheld.user.id).ok());
  CHECK_FALSE(handheld.capture().visits_of(kDay)->has_value());
}

TEST_CASE("a contact that is taken back takes its half-finished completion along, and no other", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Capture capture = handheld.capture();
  const auto first = capture.log_contact(a_contact(), {{}, true});
  const auto second = capture.log_contact(a_contact(), {{}, true});
  REQUIRE(capture.drafts()->size() == 2);
  REQUIRE(capture.retract(first->event, "vergissing").ok());
  REQUIRE(capture.drafts()->size() == 1);
  CHECK(capture.drafts()->front().contact == second->event);
  CHECK_FALSE(*closing_is_due(handheld.journal));
}

TEST_CASE("completing with nothing new drops the draft and writes nothing, else both in one commit", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Capture capture = handheld.capture();
  const auto saved = capture.log_contact(a_contact(), {{}, true});
  const DraftId kept = capture.drafts()->front().id;
  const auto head = handheld.journal.logs()->back().head.seq;
  CHECK(code(capture.amend(saved->event, "aangevuld", {})) == "nothing_changed");
  REQUIRE(capture.amend(saved->event, "aangevuld", {}, {kept, false}).ok());
  CHECK(handheld.journal.logs()->back().head.seq == head);
  CHECK(capture.drafts()->empty());
  REQUIRE(capture.keep_draft(draft(3, saved->event, {{"note", "half"}})).ok());
  ContactChanges changes;
  changes.minutes = "10";
  REQUIRE(capture.amend(saved->event, "aangevuld", changes, {draft(3, {}, {}).id, false}).ok());
  CHECK(capture.drafts()->empty());
  CHECK(capture.readable()->contacts.front().fields.at("minutes") == "10");
}

TEST_CASE("leaving drafts as they are keeps what was typed, and a record takes its own along", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Capture capture = handheld.capture();
  REQUIRE(capture.log_contact(a_contact(), {{}, true}).ok());
  REQUIRE(capture.keep_draft(draft(7, {}, {{"form", "bottleneck"}})).ok());
  REQUIRE(capture.leave_drafts().ok());
  REQUIRE(capture.drafts()->size() == 1);
  REQUIRE(capture.add_record({"bottleneck", {}, {{"since", kDay}, {"what", "other"}, {"text", "geen plek"}}}, {draft(7, {}, {}).id, false}).ok());
  CHECK(capture.drafts()->empty());
}

TEST_CASE("undoing takes back the contact and what was planned with it", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Capture capture = handheld.capture();
  ContactDraft planned = a_contact();
  planned.follow_up = FollowUpDraft{"2026-11-25", "bellen"};
  const auto saved = capture.log_contact(planned);
  REQUIRE(capture.follow_ups()->size() == 1);
  REQUIRE(capture.undo(*saved, "meteen ongedaan gemaakt").ok());
  CHECK(capture.readable()->contacts.front().retracted);
  CHECK(capture.follow_ups()->empty());
}

TEST_CASE("own contacts of two weeks are listed when they can no longer be read, newest first, and no colleague's", "[capture][afterwards]") {
  World world;
  EventId first, second;
  {
    auto open = world.open();
    auto& handheld = **open;
    REQUIRE(handheld.capture().start_round({{"zone"}, {}}).ok());
    ContactDraft known = a_contact();
    known.who = NewClient{"Roos"};
    const auto saved = handheld.capture().log_contact(known);
    first = saved->event;
    world.clock.pass(60'000);
    second = handheld.capture().log_contact(a_contact())->event;
    REQUIRE(handheld.capture().end_round().ok());
    CHECK(handheld.capture().readable()->contacts.empty());
    const auto recent = handheld.capture().recent_contacts();
    REQUIRE(recent->size() == 2);
    CHECK(recent->front().contact == second);
    CHECK(recent->front().client_id.empty());
    CHECK(recent->back().contact == first);
    CHECK(ClientId::from(recent->back().client_id) == saved->client);
    CHECK(recent->back().saved_ms == recent->front().saved_ms - 60'000);
    ContactChanges longer;
    longer.minutes = "25";
    REQUIRE(handheld.capture().amend(first, "het duurde langer", longer).ok());
    CHECK(handheld.capture().recent_contacts()->back().amended);
  }
  {
    auto maaike = world.open("Maaike", "87654321");
    CHECK((*maaike)->capture().recent_contacts()->empty());
  }
  world.clock.pass((kRecentDays + 1) * 86'400'000LL);
  auto later = world.open();
  REQUIRE(later.ok());
  if ((*later)->user.access.lease_ended) {
    CHECK(code((*later)->capture().recent_contacts()) == "lease_ended");
  } else {
    CHECK((*later)->capture().recent_contacts()->empty());
  }
}

TEST_CASE("a contact of another handheld is listed as the card names it, without a time", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  EventId elsewhere;
  elsewhere.bytes.fill(9);
  CaseCard card;
  card.card.set_client_id(std::string(16, 'c'));
  card.card.add_contacts()->set_contact(to_string(elsewhere.view()));
  handheld.cards = {card};
  const auto recent = handheld.capture().recent_contacts();
  REQUIRE(recent->size() == 1);
  CHECK(recent->front().contact == elsewhere);
  CHECK(recent->front().saved_ms == 0);
}

TEST_CASE("a clock that stands in 1970 gives no record its day, and a day that is given stands", "[capture][afterwards]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  world.clock.reading.wall_ms = 3'600'000;
  const model::FieldValues fields{{"what", "other"}, {"text", "geen plek"}};
  CHECK(code(handheld.capture().add_record({"bottleneck", {}, fields})) == "day_unknown");
  model::FieldValues with_day = fields;
  with_day["since"] = kDay;
  CHECK(handheld.capture().add_record({"bottleneck", {}, with_day}).ok());
  world.clock.reading.wall_ms = 1'795'375'800'000;
  CHECK(handheld.capture().add_record({"bottleneck", {}, fields}).ok());
}
