// Records, clusters, shared conversations and erasure in the fold.
#include "sync_server/merge/directory.hpp"
#include "tests/sync_server/merge/town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using support::kEvening;
using support::Town;

namespace {

model::Event goal(Town& town, const ClientId& client, const std::string& text) {
  model::Event event = support::draw_event(town.draw, town.anna.id, kEvening);
  auto* added = event.mutable_record_added();
  added->set_kind("goal");
  added->set_client_id(model::id_field(client));
  const std::pair<const char*, std::string> fields[] = {{"date", "2025-11-24"}, {"area", "housing"}, {"state", "active"}, {"text", text}};
  for (const auto& [name, value] : fields) {
    auto* field = added->add_fields();
    field->set_field(name);
    field->set_value(value);
  }
  return event;
}

model::Event change(Town& town, const EventId& record, const std::string& state, const std::vector<EventId>& seen, std::int64_t wall_ms = kEvening) {
  model::Event event = support::draw_event(town.draw, town.anna.id, wall_ms);
  auto* changed = event.mutable_record_changed();
  changed->set_record(model::id_field(record));
  changed->set_kind("goal");
  changed->set_reason("news");
  auto* one = changed->add_changes();
  one->set_field("state");
  one->set_value(state);
  for (const EventId& head : seen) one->add_heads(model::id_field(head));
  return event;
}

std::vector<Record> records(Town& town, const RecordFilter& filter = {}) {
  std::vector<Record> found;
  LANTAARN_OK(town.registry->records(filter, [&](const Record& record) -> Status {
    found.push_back(record);
    return {};
  }));
  return found;
}

std::string state_of(Town& town, const EventId& record) {
  const auto found = town.registry->record(record);
  LANTAARN_OK(found);
  return *found ? value_of((*found)->fields, "state") : "none";
}

EventId state(Town& town, const model::Event& event) {
  const Bytes bytes = model::encode_event(event);
  town.state(bytes);
  return model::event_id_of(bytes);
}

model::Event link(Town& town, const ClientId& a, const ClientId& b) {
  model::Event event = support::draw_event(town.draw, town.anna.id, kEvening);
  event.mutable_clients_linked()->set_first(model::id_field(a));
  event.mutable_clients_linked()->set_second(model::id_field(b));
  event.mutable_clients_linked()->set_reason("the same");
  return event;
}

model::Event erase(Town& town, const ClientId& client) {
  model::Event event = support::draw_event(town.draw, town.anna.id, kEvening);
  auto* erased = event.mutable_client_erased();
  erased->set_decision(model::id_field(town.draw.id<EventId>()));
  erased->add_clients(model::id_field(client));
  return event;
}

std::uint64_t counted(Town& town) {
  const auto overview = town.registry->overview(support::kToday);
  LANTAARN_OK(overview);
  std::uint64_t total = 0;
  for (const auto& row : overview->contacts) total += row.contacts;
  return total;
}

}  // namespace

TEST_CASE("a record is read as it was added, and as it was changed by whoever saw it", "[merge][records]") {
  Town town;
  auto log = town.new_log();
  const auto client = town.draw.id<ClientId>();
  town.save(log, town.client_added(client, "Roos"));
  const EventId record = town.save(log, goal(town, client, "een kamer"));
  town.deliver(log);
  CHECK(state_of(town, record) == "active");
  CHECK(records(town).size() == 1);
  town.save(log, change(town, record, "reached", {record}));
  town.deliver(log);
  CHECK(state_of(town, record) == "reached");
  CHECK(town.cases().empty());
  RecordFilter goals;
  goals.kind = "goal";
  std::string clear;
  LANTAARN_OK(town.registry->clear_records(goals, [&](const Registry::ClearRecord& one) -> Status {
    clear = one.clear.code + " " + one.clear.subcode;
    return {};
  }));
  CHECK(clear == "housing reached");
  town.require_rebuild_agrees();
}

TEST_CASE("two who change one record unseen make a case, naming both heads closes it", "[merge][records]") {
  Town town;
  auto log = town.new_log();
  const auto client = town.draw.id<ClientId>();
  const EventId record = town.save(log, goal(town, client, "een kamer"));
  const EventId one = town.save(log, change(town, record, "reached", {record}, kEvening + 1000));
  const EventId other = town.save(log, change(town, record, "stopped", {record}));
  town.deliver(log);
  CHECK(state_of(town, record) == "reached");
  REQUIRE(town.cases().size() == 1);
  CHECK(town.cases().front().owner_kind == OwnerKind::kRecord);
  town.save(log, change(town, record, "stopped", {one, other}));
  town.deliver(log);
  CHECK(town.cases().empty());
  CHECK(state_of(town, record) == "stopped");
  town.require_rebuild_agrees();
}

TEST_CASE("a change that comes before its record waits, and one of another kind counts for nothing", "[merge][records]") {
  Town town;
  auto late = town.new_log(), early = town.new_log();
  const auto client = town.draw.id<ClientId>();
  const auto added = goal(town, client, "een kamer");
  const EventId record = town.save(late, added);
  town.save(early, change(town, record, "reached", {record}));
  auto other_kind = change(town, record, "waiting", {record}, kEvening + 9000);
  other_kind.mutable_record_changed()->set_kind("referral");
  town.save(early, other_kind);
  town.deliver(early);
  CHECK(records(town).empty());
  town.deliver(late);
  CHECK(state_of(town, record) == "reached");
  town.require_rebuild_agrees();
}

TEST_CASE("a record of a kind that only a newer program knows is kept, counted and not shown", "[merge][records]") {
  Town town;
  auto log = town.new_log();
  auto event = goal(town, town.draw.id<ClientId>(), "x");
  event.mutable_record_added()->set_kind("of_a_newer_program");
  town.save(log, event);
  town.deliver(log);
  CHECK(records(town).empty());
  CHECK(town.reasons().empty());
  CHECK(town.registry->overview(support::kToday)->unknown_facts == 1);
  town.require_rebuild_agrees();
}

TEST_CASE("linked clients are read as one, a pair kept apart joins nobody, and unlinking restores what was", "[merge][links]") {
  Town town;
  auto log = town.new_log();
  std::vector<ClientId> women;
  for (const char* alias : {"Roos", "Roosje", "Rosa"}) {
    women.push_back(town.draw.id<ClientId>());
    town.save(log, town.client_added(women.back(), alias));
  }
  town.deliver(log);
  const auto before = town.digest().value;
  const auto head = std::min(women[0], women[1]);
  const EventId edge = state(town, link(town, women[0], women[1]));
  CHECK(town.registry->client(women[0]).value()->cluster == head);
  CHECK(town.registry->client(women[1]).value()->cluster == head);
  CHECK(town.registry->client(head).value()->aliases.size() == 2);
  CHECK(town.registry->overview(support::kToday)->in_view == 2);
  state(town, link(town, women[1], women[2]));
  CHECK(town.registry->overview(support::kToday)->in_view == 1);
  town.require_rebuild_agrees();

  auto apart = support::draw_event(town.draw, town.anna.id, kEvening);
  apart.mutable_clients_unlinked()->set_reason("different");
  apart.mutable_clients_unlinked()->add_apart()->set_first(model::id_field(women[0]));
  apart.mutable_clients_unlinked()->mutable_apart(0)->set_second(model::id_field(women[2]));
  state(town, apart);
  CHECK(town.registry->overview(support::kToday)->in_view == 3);
  CHECK(town.merger.directory().value()->clusters().contradictions().size() == 1);
  town.require_rebuild_agrees();

  auto cut = support::draw_event(town.draw, town.anna.id, kEvening);
  cut.mutable_clients_unlinked()->set_reason("different");
  for (const EventId& one : town.merger.directory().value()->clusters().decisions_among(women)) cut.mutable_clients_unlinked()->add_edges(model::id_field(one));
  state(town, cut);
  CHECK(town.merger.directory().value()->clusters().contradictions().empty());
  CHECK(town.digest().value == before);
  CHECK(edge != EventId{});
  town.require_rebuild_agrees();
}

TEST_CASE("one conversation logged twice counts once, and the other counts when that one is taken back", "[merge][links]") {
  Town town;
  auto log = town.new_log();
  const auto client = town.draw.id<ClientId>();
  const EventId a = town.save(log, town.contact(client)), b = town.save(log, town.contact(client));
  town.deliver(log);
  CHECK(counted(town) == 2);
  auto shared = support::draw_event(town.draw, town.anna.id, kEvening);
  shared.mutable_contacts_shared()->set_reason("one talk");
  for (const EventId& one : {a, b}) shared.mutable_contacts_shared()->add_contacts(model::id_field(one));
  const EventId decision = state(town, shared);
  CHECK(counted(town) == 1);
  CHECK(town.contacts() == 2);
  CHECK(town.contact_of(std::min(a, b))->counted);
  town.save(log, town.retraction(std::min(a, b)));
  town.deliver(log);
  CHECK(counted(town) == 1);
  CHECK(town.contact_of(std::max(a, b))->counted);
  auto undone = support::draw_event(town.draw, town.anna.id, kEvening);
  undone.mutable_contacts_kept_apart()->set_reason("two talks");
  undone.mutable_contacts_kept_apart()->set_first(model::id_field(a));
  undone.mutable_contacts_kept_apart()->set_second(model::id_field(b));
  undone.mutable_contacts_kept_apart()->add_cancels(model::id_field(decision));
  state(town, undone);
  CHECK(town.contact_of(std::min(a, b))->counted);
  town.require_rebuild_agrees();
}

TEST_CASE("an erased woman's events are dropped before and after, with what hangs on them", "[merge][erasure]") {
  Town town;
  auto log = town.new_log();
  const auto her = town.draw.id<ClientId>(), other = town.draw.id<ClientId>();
  town.save(log, town.client_added(her, "Roos"));
  town.save(log, town.client_added(other, "Ilona"));
  const EventId contact = town.save(log, town.contact(her, "kanariekooi"));
  const EventId kept = town.save(log, town.contact(other));
  town.save(log, town.amendment(contact, "place", "office", {contact}));
  town.save(log, goal(town, her, "een kamer"));
  town.deliver(log);
  CHECK(town.contacts() == 2);
  state(town, erase(town, her));
  CHECK(town.contacts() == 1);
  CHECK(town.contact_of(kept));
  CHECK(records(town).empty());
  CHECK_FALSE(town.registry->client(her).value()->added);
  CHECK(town.registry->client(her).value()->aliases.empty());
  // A colleague's handheld was in a drawer.
  town.save(log, town.contact(her, "later"));
  town.save(log, town.amendment(contact, "note", "later", {contact}));
  town.save(log, goal(town, her, "later"));
  town.deliver(log);
  CHECK(town.contacts() == 1);
  CHECK(records(town).empty());
  CHECK(town.reasons().empty());
  CHECK(town.registry->entries_about(her).value().empty());
  town.require_rebuild_agrees();
}

TEST_CASE("a correction that comes before the erased woman's contact goes when that comes", "[merge][erasure]") {
  Town town;
  auto log = town.new_log(), early = town.new_log();
  const auto her = town.draw.id<ClientId>();
  const EventId contact = town.save(log, town.contact(her));
  town.save(early, town.amendment(contact, "note", "about her", {contact}));
  town.deliver(early);
  state(town, erase(town, her));
  town.deliver(log);
  CHECK(town.contacts() == 0);
  CHECK(town.registry->entries_of(contact.bytes).value().empty());
  town.require_rebuild_agrees();
}

TEST_CASE("the counts an erasure carries stay, and what ended by its term is gone alone", "[merge][erasure]") {
  Town town;
  auto log = town.new_log();
  const EventId unknown = town.save(log, town.contact({})), other = town.save(log, town.contact({}));
  town.deliver(log);
  auto erased = erase(town, town.draw.id<ClientId>());
  auto* count = erased.mutable_client_erased()->add_counts();
  count->set_period("2025-H2");
  count->set_channel("phone");
  count->set_contacts(7);
  state(town, erased);
  CHECK(town.registry->overview(support::kToday)->kept_contacts == 7);
  auto ended = support::draw_event(town.draw, town.anna.id, kEvening);
  ended.mutable_records_ended()->set_retention("unknown_person");
  ended.mutable_records_ended()->add_events(model::id_field(unknown));
  state(town, ended);
  CHECK_FALSE(town.contact_of(unknown));
  CHECK(town.contact_of(other));
  CHECK(counted(town) == 1);
  town.require_rebuild_agrees();
}
