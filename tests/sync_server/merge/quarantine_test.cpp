// What is set apart, why, and what brings it in.
#include "sync_server/merge/admission.hpp"
#include "tests/sync_server/merge/town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using support::kEvening;
using support::Town;

TEST_CASE("an author who is not on the handheld's list waits until she is bound to it", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  const auto carla = support::draw_user(town.draw);
  auto event = town.contact({});
  event.set_author(model::id_field(carla.id));
  const EventId id = town.save(log, carla, event);
  town.save(log, town.contact({}));
  town.deliver(log);
  CHECK(town.reasons() == std::vector<std::string>{"author_unknown"});
  CHECK_FALSE(town.contact_of(id));
  CHECK(town.contacts() == 1);
  town.require_rebuild_agrees();
  town.state(support::user_bound(town.draw, town.server.keys, town.device, carla));
  CHECK(town.reasons().empty());
  CHECK(town.contact_of(id));
  town.require_rebuild_agrees();
}

TEST_CASE("a thief without the PIN signs with a key that is not hers: it stays apart", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  const support::GeneratedUser thief{town.anna.id, support::draw_user(town.draw).key};
  const EventId id = town.save(log, thief, town.contact({}));
  town.deliver(log);
  CHECK(town.reasons() == std::vector<std::string>{"author_not_proven"});
  CHECK_FALSE(town.contact_of(id));
  Bytes hash = to_bytes(log.head().hash);
  auto admit = support::draw_event(town.draw, town.anna.id, kEvening);
  admit.mutable_entries_admitted()->set_device_id(model::id_field(town.device));
  admit.mutable_entries_admitted()->add_entry_hashes(to_string(hash));
  town.state(model::encode_event(admit));
  CHECK(town.reasons() == std::vector<std::string>{"author_not_proven"});  // no decision makes a signature right
}

TEST_CASE("a poisoned event is set apart with its reason and holds up nobody else", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  auto invalid = town.contact({});
  invalid.mutable_contact_logged()->set_channel("pigeon");
  auto mismatched = town.contact({});
  mismatched.set_author(model::id_field(town.bram.id));
  auto server_fact = support::draw_event(town.draw, town.anna.id, kEvening);
  server_fact.mutable_user_added()->set_user_id(model::id_field(town.anna.id));
  server_fact.mutable_user_added()->set_name("Anna");
  server_fact.mutable_user_added()->set_role("administrator");
  town.save(log, town.contact({}));
  town.save(log, invalid);
  town.save(log, mismatched);
  town.save(log, server_fact);
  log.save(town.anna, as_bytes("\xff\xff not an event"));
  town.save(log, town.contact({}));
  town.deliver(log);
  CHECK(town.reasons() == std::vector<std::string>{"event_invalid", "author_mismatch", "server_fact_from_handheld", "event_unreadable"});
  CHECK(town.contacts() == 2);
  const auto users = town.registry->users();
  LANTAARN_OK(users);
  for (const UserView& user : *users) CHECK(user.role == "case_manager");
  const auto apart = town.apart();
  CHECK(apart[0].entry.seq == 2);
  CHECK(apart[0].entry.hash == log.hash_at(2));
  CHECK(apart[0].entry.log == log.log());
  town.require_rebuild_agrees();
}

TEST_CASE("entries whose seal key never came are held, and open when it comes", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  const EventId first = town.save(log, town.contact({}));
  const EventId second = town.save(log, town.contact({}));
  town.inbox.put(log, log.batch_of(2, 2));
  town.merge();
  CHECK(town.reasons() == std::vector<std::string>{"seal_key_unknown"});
  town.require_rebuild_agrees();
  town.inbox.put(log, log.batch_of(1, 1));
  town.merge();
  CHECK(town.reasons().empty());
  CHECK(town.contact_of(first));
  CHECK(town.contact_of(second));
}

TEST_CASE("a seal key is remembered across merges and restarts", "[merge]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  town.deliver(log);
  auto again = Merger::open(*town.registry, town.server.keys);
  LANTAARN_OK(again);
  town.merger = std::move(*again);
  const EventId id = town.save(log, town.contact({}));
  town.deliver(log);
  CHECK(town.contact_of(id));
}

TEST_CASE("an entry sealed with another key than it names is not authentic", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  log.spoil_seal_key(town.draw);
  town.save(log, town.contact({}));
  town.deliver(log);
  CHECK(town.reasons() == std::vector<std::string>{"entry_not_authentic"});
  CHECK(town.contacts() == 1);
}

TEST_CASE("a batch that is damaged as a whole is set apart, and the next goes in", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  Bytes damaged = log.take_batch();
  damaged[40] ^= 1;
  town.inbox.put(log, damaged);
  town.inbox.put(log, to_bytes(as_bytes("garbage")));
  InboxBatch posing;
  posing.device = DeviceId{town.server.keys.server.id.bytes};
  posing.bytes = log.batch_of(1, 1);
  town.inbox.put(posing);
  town.save(log, town.contact({}));
  town.inbox.put(log, log.batch_of(1, 2));
  town.merge();
  std::multiset<std::string> reasons;
  for (const auto& reason : town.reasons()) reasons.insert(reason);
  CHECK(reasons == std::multiset<std::string>{"batch_broken", "batch_broken", "server_fact_from_handheld"});
  CHECK(town.contacts() == 2);
  town.require_rebuild_agrees();
}

TEST_CASE("who is first but proves nothing has nobody else's entries set apart", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  auto stolen = log;
  const EventId genuine = town.save(log, town.contact({}));
  const EventId later = town.save(log, town.contact({}));
  const auto stranger = support::draw_user(town.draw);
  for (int i = 0; i < 2; ++i) {
    auto event = town.contact({});
    event.set_author(model::id_field(stranger.id));
    town.save(stolen, stranger, event);
  }
  SECTION("the stranger's branch comes first") {
    town.deliver(stolen);
    town.deliver(log);
  }
  SECTION("the stranger's branch comes last") {
    town.deliver(log);
    town.deliver(stolen);
  }
  CHECK(town.contact_of(genuine));
  CHECK(town.contact_of(later));
  CHECK(town.reasons() == std::vector<std::string>{"author_unknown", "author_unknown"});
  town.require_rebuild_agrees();
  // Bound after all, her branch is still the other one.
  town.state(support::user_bound(town.draw, town.server.keys, town.device, stranger));
  CHECK(town.contact_of(genuine));
  CHECK(town.contacts() == 3);
  CHECK(town.reasons() == std::vector<std::string>{"fork", "fork"});
  town.require_rebuild_agrees();
}

TEST_CASE("a fork: the first branch is kept, the other shown, and let in by a decision", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  auto copy = log;
  const EventId kept = town.save(log, town.contact({}));
  const auto shared = town.contact({});  // saved again on the restored copy: the same event
  town.save(log, shared);
  const EventId lost = town.save(copy, town.contact({}));
  const EventId twice = town.save(copy, shared);
  town.deliver(log);
  const auto report = town.deliver(copy);
  CHECK(report.added == 2);
  CHECK(town.reasons() == std::vector<std::string>{"fork", "fork"});
  CHECK(town.contact_of(kept));
  CHECK_FALSE(town.contact_of(lost));
  CHECK(town.contact_of(twice)->entry.hash == log.hash_at(3));
  CHECK(town.contacts() == 3);
  town.require_rebuild_agrees();

  SECTION("what follows on the branch is set apart as well") {
    town.save(copy, town.contact({}));
    town.deliver(copy);
    CHECK(town.reasons().size() == 3);
  }
  SECTION("named entries are admitted, and equal events merge once") {
    auto admit = support::draw_event(town.draw, town.anna.id, kEvening);
    admit.mutable_entries_admitted()->set_device_id(model::id_field(town.device));
    admit.mutable_entries_admitted()->set_reason("restored from a copy");
    admit.mutable_entries_admitted()->add_entry_hashes(to_string(copy.hash_at(2)));
    admit.mutable_entries_admitted()->add_entry_hashes(to_string(copy.hash_at(3)));
    town.state(model::encode_event(admit));
    CHECK(town.reasons().empty());
    CHECK(town.contact_of(lost));
    CHECK(town.contacts() == 4);
    town.require_rebuild_agrees();
  }
}

TEST_CASE("what a revoked handheld wrote beyond the accepted place waits for a decision", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  const EventId before = town.save(log, town.contact({}));
  const EventId beyond = town.save(log, town.contact({}));
  auto revoke = support::draw_event(town.draw, town.anna.id, kEvening);
  revoke.mutable_device_revoked()->set_device_id(model::id_field(town.device));
  auto* at = revoke.mutable_device_revoked()->add_last_accepted();
  at->set_log_id(model::id_field(log.log()));
  at->set_seq(1);
  at->set_hash(to_string(log.hash_at(1)));
  const bool revoked_first = GENERATE(true, false);
  if (revoked_first) town.state(model::encode_event(revoke));
  town.deliver(log);
  if (!revoked_first) town.state(model::encode_event(revoke));
  CHECK(town.reasons() == std::vector<std::string>{"device_revoked"});
  CHECK(town.contact_of(before));
  CHECK_FALSE(town.contact_of(beyond));
  auto fresh = town.new_log();
  town.save(fresh, town.contact({}));
  town.deliver(fresh);
  CHECK(town.reasons().size() == 2);  // a log the revocation does not know
  auto admit = support::draw_event(town.draw, town.anna.id, kEvening);
  admit.mutable_entries_admitted()->set_device_id(model::id_field(town.device));
  admit.mutable_entries_admitted()->add_entry_hashes(to_string(log.hash_at(2)));
  town.state(model::encode_event(admit));
  CHECK(town.contact_of(beyond));
  CHECK(town.reasons() == std::vector<std::string>{"device_revoked"});
  town.require_rebuild_agrees();
}

namespace {

std::vector<std::pair<std::uint64_t, Hash>> ends_of(Town& town) {
  const auto directory = town.merger.directory();
  REQUIRE(directory.ok());
  const auto ends = last_accepted(*town.registry, **directory, town.device);
  REQUIRE(ends.ok());
  std::vector<std::pair<std::uint64_t, Hash>> places;
  for (const auto& end : *ends) places.emplace_back(end.seq, end.hash);
  return places;
}

}  // namespace

TEST_CASE("what a revocation accepts ends on the branch that is kept, however long another one is", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  CHECK(ends_of(town).empty());
  town.deliver(log);
  auto copy = log;
  town.save(log, town.contact({}));
  town.save(log, town.contact({}));
  town.deliver(log);
  for (int i = 0; i < 5; ++i) town.save(copy, town.contact({}));
  town.deliver(copy);
  REQUIRE(town.reasons() == std::vector<std::string>(5, "fork"));
  CHECK(ends_of(town) == std::vector<std::pair<std::uint64_t, Hash>>{{3, log.hash_at(3)}});

  // Let in by a decision, the other branch is still another branch.
  auto admit = support::draw_event(town.draw, town.anna.id, kEvening);
  admit.mutable_entries_admitted()->set_device_id(model::id_field(town.device));
  for (std::uint64_t seq = 2; seq <= 6; ++seq) admit.mutable_entries_admitted()->add_entry_hashes(to_string(copy.hash_at(seq)));
  town.state(model::encode_event(admit));
  REQUIRE(town.reasons().empty());
  CHECK(ends_of(town) == std::vector<std::pair<std::uint64_t, Hash>>{{3, log.hash_at(3)}});
}

TEST_CASE("a thief who was first does not choose what a revocation accepts", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  const EventId before = town.save(log, town.contact({}));
  town.deliver(log);
  auto thiefs = log;
  const support::GeneratedUser thief{town.anna.id, support::draw_user(town.draw).key};
  for (int i = 0; i < 3; ++i) town.save(thiefs, thief, town.contact({}));
  town.deliver(thiefs);  // the inbox holds his branch as the first
  const EventId hers = town.save(log, town.contact({}));
  town.deliver(log);
  REQUIRE(town.contact_of(hers));
  const auto ends = ends_of(town);
  REQUIRE(ends == std::vector<std::pair<std::uint64_t, Hash>>{{2, log.hash_at(2)}});

  auto revoke = support::draw_event(town.draw, town.anna.id, kEvening);
  revoke.mutable_device_revoked()->set_device_id(model::id_field(town.device));
  auto* at = revoke.mutable_device_revoked()->add_last_accepted();
  at->set_log_id(model::id_field(log.log()));
  at->set_seq(ends[0].first);
  at->set_hash(to_string(ends[0].second));
  town.state(model::encode_event(revoke));
  CHECK(town.contact_of(before));
  CHECK(town.contact_of(hers));
  const EventId later = town.save(log, town.contact({}));
  town.deliver(log);
  CHECK_FALSE(town.contact_of(later));
  town.require_rebuild_agrees();
}

TEST_CASE("another entry at the place a revocation accepted is not the one it accepted", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  auto revoke = support::draw_event(town.draw, town.anna.id, kEvening);
  revoke.mutable_device_revoked()->set_device_id(model::id_field(town.device));
  auto* at = revoke.mutable_device_revoked()->add_last_accepted();
  at->set_log_id(model::id_field(log.log()));
  at->set_seq(1);
  at->set_hash(to_string(town.draw.bytes<32>()));
  town.state(model::encode_event(revoke));
  town.deliver(log);
  CHECK(town.reasons() == std::vector<std::string>{"device_revoked"});
}

TEST_CASE("what comes late and cannot be opened still ties a branch set apart to what follows", "[merge][quarantine]") {
  Town town;
  auto log = town.new_log();
  town.save(log, town.contact({}));
  auto copy = log;
  town.save(log, town.contact({}));
  town.save(copy, town.contact({}));
  copy.spoil_seal_key(town.draw);
  town.save(copy, town.contact({}));
  copy.new_seal_key(town.draw);
  const EventId beyond = town.save(copy, town.contact({}));
  town.deliver(log);
  for (const std::size_t seq : {2U, 4U, 3U}) {
    town.inbox.put(copy, copy.batch_of(seq, seq), kEvening);
    town.merge();
  }
  CHECK(town.reasons() == std::vector<std::string>{"entry_not_authentic", "fork", "fork"});
  CHECK_FALSE(town.contact_of(beyond));
  town.require_rebuild_agrees();
}
