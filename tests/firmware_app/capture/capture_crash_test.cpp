#include <catch2/catch.hpp>

#include <set>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;
using support::CrashPoint;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
  /// Event ids of every entry in the journal, opened as the server would; fails on a broken chain.
  std::vector<EventId> all_events() {
    std::vector<EventId> ids;
    auto journal = open_journal();
    REQUIRE(journal.ok());
    CHECK(journal->damage().empty());
    std::map<KeyId, crypto::Key> keys;
    const auto logs = journal->logs();
    for (const auto& log : *logs) {
      const auto read = journal->scan(log.genesis.log, 1, [&](const journal::EntryView& entry, ByteView) -> Status {
        if (!entry.box.empty()) {
          LANTAARN_ASSIGN(auto key, journal::open_seal_key_box(server_key, entry.box, device, entry.header.log, entry.header.seal_key));
          keys.insert_or_assign(entry.header.seal_key, std::move(key));
        }
        Bytes bytes;
        LANTAARN_TRY(journal::open_entry(entry, keys.at(entry.header.seal_key), bytes));
        ids.push_back(model::event_id_of(bytes));
        return {};
      });
      REQUIRE(read.ok());
    }
    return ids;
  }
};

}  // namespace

TEST_CASE("at every crash point of an evening no saved event is lost and none is there twice", "[capture][crash]") {
  World world;
  std::vector<EventId> acknowledged;
  bool round_ended = false;
  const auto evening = [&]() -> Status {
    LANTAARN_ASSIGN(auto open, world.open());
    const auto note = [&](Result<SavedEvent> saved) -> Status {
      if (!saved.ok()) return saved.error();
      acknowledged.push_back(saved->event);
      return {};
    };
    LANTAARN_TRY(note(open->capture().log_contact(a_contact("desk"))));
    LANTAARN_TRY(note(open->capture().start_round({{"zone"}, {}})));
    ContactDraft draft = a_contact();
    draft.who = NewClient{"Roos"};
    draft.follow_up = FollowUpDraft{"2026-12-01", "bellen"};
    LANTAARN_TRY(note(open->capture().log_contact(draft)));
    ContactChanges changes;
    changes.place = "loods";
    LANTAARN_TRY(note(open->capture().amend(acknowledged.back(), "why", changes)));
    LANTAARN_ASSIGN(const auto ended, open->capture().end_round());
    acknowledged.push_back(ended.saved.event);
    round_ended = true;
    return {};
  };
  const auto scenario = [&] {
    acknowledged.clear();
    round_ended = false;
    static_cast<void>(evening());
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    const auto stored = world.all_events();
    const std::set<EventId> distinct(stored.begin(), stored.end());
    CHECK(distinct.size() == stored.size());
    for (const EventId& id : acknowledged) CHECK(distinct.contains(id));

    auto open = world.open();
    REQUIRE(open.ok());
    REQUIRE(finish_closing((*open)->journal).ok());
    if (round_ended) CHECK((*open)->capture().readable()->contacts.empty());
    CHECK((*open)->capture().log_contact(a_contact("after")).ok());
  });
  WARN("an evening: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 20);
}
