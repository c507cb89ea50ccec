#include "tests/sync_server/merge/town.hpp"

#include <set>

using namespace lantaarn;
using namespace lantaarn::server;
using support::kEvening;
using support::Town;

TEST_CASE("a contact that was delivered can be read, with who wrote it where", "[merge]") {
  Town town;
  auto log = town.new_log();
  const auto client = town.draw.id<ClientId>();
  town.save(log, town.client_added(client, "Roxy"));
  const EventId id = town.save(log, town.contact(client, "asked for a sleeping bag"));
  const auto report = town.deliver(log);
  CHECK(report.entries == 2);
  CHECK(report.set_apart == 0);
  const auto contact = town.contact_of(id);
  REQUIRE(contact);
  CHECK(contact->client == client);
  CHECK(contact->note == "asked for a sleeping bag");
  CHECK(contact->author == town.anna.id);
  CHECK(contact->entry.device == town.device);
  CHECK(contact->entry.log == log.log());
  CHECK(contact->entry.seq == 2);
  for (const FieldView& field : contact->fields) {
    REQUIRE(field.heads.size() == 1);
    CHECK(field.heads[0].from.event == id);
    CHECK(field.heads[0].from.author == town.anna.id);
  }
  town.require_rebuild_agrees();
}

TEST_CASE("a batch that comes twice changes nothing", "[merge]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  const Bytes batch = log.take_batch();
  town.inbox.put(log, batch);
  town.merge();
  const Digest once = town.digest();
  town.inbox.put(log, batch);
  CHECK(town.merge().added == 0);
  CHECK(town.digest() == once);
}

TEST_CASE("a limit stops the merge at a transaction, and the next goes on from there", "[merge]") {
  Town town;
  auto log = town.new_log();
  for (int i = 0; i < 5; ++i) {
    town.save(log, town.contact({}));
    town.inbox.put(log, log.take_batch());
  }
  const auto first = town.merger.merge(town.inbox, 2);
  LANTAARN_OK(first);
  CHECK(first->entries == 2);
  CHECK(first->more);
  CHECK(first->cursor == 2);
  CHECK(town.contacts() == 2);
  CHECK(town.merge().entries == 3);
  CHECK(town.contacts() == 5);
}

TEST_CASE("two people who change the same thing make a case, naming both heads closes it", "[merge]") {
  Town town;
  auto log = town.new_log();
  auto other = town.new_log();
  const EventId id = town.save(log, town.contact({}));
  const EventId a = town.save(log, town.amendment(id, "place", "loods", {id}, kEvening + 1));
  const EventId b = town.save(other, town.amendment(id, "place", "huiskamer", {id}, kEvening + 2));
  town.deliver(log);
  CHECK(town.cases().empty());
  town.deliver(other);
  const auto cases = town.cases();
  REQUIRE(cases.size() == 1);
  CHECK(cases[0].owner == id.bytes);
  CHECK(cases[0].field.field == "place");
  REQUIRE(cases[0].field.heads.size() == 2);
  CHECK(cases[0].field.heads[0].from.event == b);
  CHECK(cases[0].field.heads[1].value == "loods");
  CHECK(town.contact_of(id)->place == "huiskamer");
  town.require_rebuild_agrees();
  town.save(log, town.amendment(id, "place", "zone", {a, b}, kEvening));
  town.deliver(log);
  CHECK(town.cases().empty());
  CHECK(town.contact_of(id)->place == "zone");
}

TEST_CASE("a case closes itself when a late parent explains it", "[merge]") {
  Town town;
  auto log = town.new_log();
  auto other = town.new_log();
  auto third = town.new_log();
  const EventId id = town.save(log, town.contact({}));
  const EventId a = town.save(other, town.amendment(id, "place", "loods", {id}));
  town.save(third, town.amendment(id, "place", "zone", {a}));
  town.deliver(log);
  town.deliver(third);
  CHECK(town.cases().size() == 1);
  town.deliver(other);
  CHECK(town.cases().empty());
  CHECK(town.contact_of(id)->place == "zone");
}

TEST_CASE("a correction that comes before its contact takes effect when the contact comes", "[merge]") {
  Town town;
  auto log = town.new_log();
  auto other = town.new_log();
  const EventId id = town.save(log, town.contact({}, "first"));
  town.save(other, town.amendment(id, "note", "second", {id}));
  town.deliver(other);
  CHECK_FALSE(town.contact_of(id));
  CHECK(town.apart().empty());
  town.deliver(log);
  REQUIRE(town.contact_of(id));
  CHECK(town.contact_of(id)->note == "second");
  CHECK(town.contact_of(id)->amended);
  town.require_rebuild_agrees();
}

TEST_CASE("a contact that is taken back stays, and is not counted", "[merge]") {
  Town town;
  auto log = town.new_log();
  const EventId id = town.save(log, town.contact({}));
  town.save(log, town.contact({}));
  town.save(log, town.retraction(id));
  town.deliver(log);
  CHECK(town.contacts() == 2);
  CHECK(town.contact_of(id)->retracted);
  CHECK(town.contact_of(id)->retraction_reason == "somebody else");
  const auto overview = town.registry->overview(support::kToday);
  LANTAARN_OK(overview);
  std::uint64_t counted = 0;
  for (const auto& row : overview->contacts) counted += row.contacts;
  CHECK(counted == 1);
}

TEST_CASE("contacts only add up: two about one woman at one moment are two", "[merge]") {
  Town town;
  auto log = town.new_log();
  auto other = town.new_log();
  const auto client = town.draw.id<ClientId>();
  town.save(log, town.contact(client));
  auto second = town.contact(client);
  second.set_author(model::id_field(town.bram.id));
  town.save(other, town.bram, second);
  town.deliver(log);
  town.deliver(other);
  CHECK(town.contacts() == 2);
  CHECK(town.cases().empty());
}

TEST_CASE("a correction can give a contact another woman", "[merge]") {
  Town town;
  auto log = town.new_log();
  const auto wrong = town.draw.id<ClientId>();
  const auto right = town.draw.id<ClientId>();
  const EventId id = town.save(log, town.contact(wrong));
  town.deliver(log);
  town.save(log, town.amendment(id, "client", right.hex(), {id}));
  town.deliver(log);
  std::vector<EventId> found;
  LANTAARN_OK(town.registry->contacts({right}, [&](const Contact& contact) -> Status {
    found.push_back(contact.id);
    return {};
  }));
  CHECK(found == std::vector{id});
  LANTAARN_OK(town.registry->contacts({wrong}, [&](const Contact&) -> Status { return bug("she has none left"); }));
}

TEST_CASE("a fact of a newer handheld is kept, counted, and merged after the upgrade", "[merge]") {
  MergeOptions older;
  older.newest_fact = model::Event::kContactLogged - 1;
  // Facts of the server's own log are known to the program that states them.
  Town town(7, older);
  auto log = town.new_log();
  const EventId id = town.save(log, town.contact({}, "from a newer handheld"));
  town.save(log, town.amendment(id, "note", "and corrected", {id}));
  const auto client = town.draw.id<ClientId>();
  town.save(log, town.client_added(client, "Roxy"));
  town.deliver(log);
  CHECK(town.contacts() == 0);
  CHECK(town.registry->overview(support::kToday)->unknown_facts == 2);
  CHECK(town.apart().empty());
  MergeOptions newer;
  newer.fold_version = kFoldVersion + 1;
  auto upgraded = Merger::open(*town.registry, town.server.keys, newer);
  LANTAARN_OK(upgraded);
  REQUIRE(town.contact_of(id));
  CHECK(town.contact_of(id)->note == "and corrected");
  CHECK(town.registry->overview(support::kToday)->unknown_facts == 0);
  CHECK(town.digest().fold_version == kFoldVersion + 1);
  CHECK((*town.registry->client(client))->aliases == std::vector<std::string>{"Roxy"});
  town.require_rebuild_agrees();
}

TEST_CASE("a clock of 1970 is repaired for display, and the digest does not see it", "[merge]") {
  Town town;
  auto log = town.new_log();
  const auto boot = town.draw.bytes<16>();
  auto event = town.contact({});
  event.mutable_recorded()->set_wall_ms(10'000);
  event.mutable_recorded()->set_monotonic_ms(10'000);
  event.mutable_recorded()->set_boot_id(to_string(boot));
  event.mutable_recorded()->set_clock_status(static_cast<std::uint32_t>(ClockStatus::kDoubtful));
  event.mutable_contact_logged()->set_occurred_at_ms(10'000);
  auto seen = support::draw_event(town.draw, town.anna.id, kEvening);
  auto* observed = seen.mutable_clock_observed();
  observed->set_device_id(model::id_field(town.device));
  observed->set_boot_id(to_string(boot));
  observed->set_device_wall_ms(70'000);
  observed->set_device_monotonic_ms(70'000);
  observed->set_server_wall_ms(kEvening);
  const EventId id = town.save(log, event);
  const bool seen_first = GENERATE(true, false);
  if (seen_first) town.state(model::encode_event(seen));
  town.deliver(log);
  const Digest before = town.digest();
  if (!seen_first) {
    CHECK_FALSE(town.contact_of(id)->repaired_at_ms);
    town.state(model::encode_event(seen));
    CHECK(town.digest().value == before.value);
  }
  CHECK(town.contact_of(id)->repaired_at_ms == kEvening - 60'000);
  CHECK(town.contact_of(id)->occurred_at_ms == 10'000);
}

TEST_CASE("absurd times are merged as they are", "[merge]") {
  Town town;
  auto log = town.new_log();
  for (const std::int64_t absurd : {INT64_MIN, INT64_MAX, std::int64_t{-1}}) {
    auto event = town.contact({});
    event.mutable_recorded()->set_wall_ms(absurd);
    event.mutable_recorded()->set_clock_status(2);
    event.mutable_contact_logged()->set_occurred_at_ms(absurd);
    const EventId id = town.save(log, event);
    town.save(log, town.amendment(id, "note", "corrected", {id}, absurd));
  }
  town.deliver(log);
  CHECK(town.contacts() == 3);
  CHECK(town.apart().empty());
  town.require_rebuild_agrees();
}

TEST_CASE("rounds add up their head counts, a follow-up is done once somebody says so", "[merge]") {
  Town town;
  auto log = town.new_log();
  const auto round = town.draw.id<RoundId>();
  const auto in_round = [&] {
    auto event = support::draw_event(town.draw, town.anna.id, kEvening);
    event.set_round_id(model::id_field(round));
    return event;
  };
  auto started = in_round();
  started.mutable_round_started()->add_places("zone");
  started.mutable_round_started()->add_colleagues("Truus");
  town.save(log, started);
  for (const int delta : {3, 4, -1}) {
    auto counted = in_round();
    counted.mutable_head_counted()->set_delta(delta);
    town.save(log, counted);
  }
  auto planned = support::draw_event(town.draw, town.anna.id, kEvening);
  planned.mutable_follow_up_planned()->set_due_date(support::kToday);
  planned.mutable_follow_up_planned()->set_text("bring the form");
  const EventId follow_up = town.save(log, planned);
  town.deliver(log);
  auto overview = town.registry->overview(support::kToday);
  LANTAARN_OK(overview);
  REQUIRE(overview->follow_ups_due.size() == 1);
  CHECK(overview->follow_ups_due[0].id == follow_up);
  LANTAARN_OK(town.registry->rounds([&](const Round& one) -> Status {
    CHECK(one.id == round);
    CHECK(one.head_count == 6);
    CHECK(one.owner == town.anna.id);
    CHECK(one.colleagues == std::vector<std::string>{"Truus"});
    CHECK_FALSE(one.ended_ms);
    return {};
  }));
  auto done = support::draw_event(town.draw, town.anna.id, kEvening);
  done.mutable_follow_up_done()->set_follow_up(model::id_field(follow_up));
  auto ended = in_round();
  ended.mutable_round_ended();
  town.save(log, done);
  town.save(log, ended);
  town.deliver(log);
  overview = town.registry->overview(support::kToday);
  CHECK(overview->follow_ups_due.empty());
  town.require_rebuild_agrees();
}

TEST_CASE("the server's own facts are entries of its own log, sealed and signed", "[merge]") {
  Town town;
  std::vector<OwnEntry> own;
  LANTAARN_OK(town.registry->own_entries(1, [&](const OwnEntry& entry) -> Status {
    own.push_back(entry);
    return {};
  }));
  REQUIRE(own.size() == 5);
  const DeviceId server{town.server.keys.server.id.bytes};
  const auto first = journal::parse_entry(own[0].entry);
  LANTAARN_OK(first);
  journal::ChainVerifier chain(server, first->header.log, {0, first->header.previous});
  for (const OwnEntry& entry : own) {
    const auto view = journal::parse_entry(entry.entry);
    LANTAARN_OK(view);
    LANTAARN_OK(chain.advance(*view));
    CHECK(journal::verify_head(town.server.authority.verify_key(), server, view->header.log, entry.at.seq, entry.at.hash, entry.signature));
  }
  const auto key = journal::open_seal_key_box(town.server.sealing, first->box, server, first->header.log, first->header.seal_key);
  LANTAARN_OK(key);
  Bytes event;
  LANTAARN_OK(journal::open_entry(*first, *key, event));
  CHECK(model::decode_event(event)->user_added().name() == "Anna");
}

TEST_CASE("a fact that is not valid is refused and nothing of it stays", "[merge]") {
  Town town;
  const Digest before = town.digest();
  auto event = support::draw_event(town.draw, town.anna.id, kEvening);
  event.mutable_user_added()->set_user_id(model::id_field(town.anna.id));
  event.mutable_user_added()->set_name("Anna");
  event.mutable_user_added()->set_role("king");
  const auto refused = town.merger.record({model::encode_event(event)}, kEvening);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "unknown_code");
  CHECK(town.digest() == before);
}

TEST_CASE("what is to happen together with a fact happens with it or not at all", "[merge]") {
  Town town;
  const auto user = support::draw_user(town.draw);
  const Bytes fact = support::user_added(town.draw, town.server.keys, user.id, "Carla");
  const auto failed = town.merger.record({fact}, kEvening, [](Change&) -> Status { return refused("nothing_changed"); });
  REQUIRE_FALSE(failed.ok());
  CHECK(town.registry->users()->size() == 2);
  LANTAARN_OK(town.merger.record({fact}, kEvening, [](Change& change) { return change.put_secret("test", {}, as_bytes("kept")); }));
  CHECK(town.registry->users()->size() == 3);
  CHECK(to_string((*town.registry->secret("test"))->view()) == "kept");
  town.require_rebuild_agrees();
}

TEST_CASE("what was merged is told per log, up to the first gap", "[merge]") {
  Town town;
  auto log = town.new_log();
  for (int i = 0; i < 6; ++i) town.save(log, town.contact({}));
  const auto merged = [&] { return town.registry->devices()->front().logs.front().merged; };
  town.inbox.put(log, log.batch_of(1, 2));
  town.merge();
  CHECK(merged() == 2);
  town.inbox.put(log, log.batch_of(5, 6));
  town.merge();
  CHECK(merged() == 2);
  town.inbox.put(log, log.batch_of(3, 4));
  town.merge();
  CHECK(merged() == 6);
}
