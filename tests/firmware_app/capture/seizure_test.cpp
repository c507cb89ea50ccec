#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;
using support::CrashPoint;

namespace {

const std::vector<std::string> kCanaries = {"Canary-Alias", "canary-note", "Canary-Colleague", "canary-follow-up", "canary-reason",
                                            "canary-description", "canary-record", "Canary-Other-Name", "12345678"};

struct World : support::TestHandheld {
  World() { enrol_both(); }
  void check_no_canary() {
    for (const std::string& canary : kCanaries) {
      INFO(canary);
      CHECK_FALSE(vfs.disk().contains(as_bytes(canary)));
    }
  }
  /// What someone with the whole folder and Noor's PIN can open of it.
  std::size_t readable_with_pin() {
    auto opened = open();
    REQUIRE(opened.ok());
    const auto read = (*opened)->capture().readable();
    REQUIRE(read.ok());
    return read->contacts.size() + read->records.size();
  }
};

Status an_evening(support::OpenHandheld& handheld) {
  LANTAARN_TRY(handheld.capture().start_round({{"zone"}, {"Canary-Colleague"}}));
  ContactDraft draft = a_contact("canary-note");
  draft.who = NewClient{"Canary-Alias"};
  draft.follow_up = FollowUpDraft{"2026-12-01", "canary-follow-up"};
  LANTAARN_ASSIGN(const auto saved, handheld.capture().log_contact(draft));
  draft = a_contact();
  draft.who = UnknownPerson{"canary-description"};
  LANTAARN_TRY(handheld.capture().log_contact(draft));
  ContactChanges changes;
  changes.note = "canary-note again";
  LANTAARN_TRY(handheld.capture().amend(saved.event, "canary-reason", changes));
  LANTAARN_ASSIGN(const auto record, handheld.capture().add_record({"attention_note", saved.client, {{"text", "canary-record"}}}));
  LANTAARN_TRY(handheld.capture().change_record(record.event, "canary-reason", {{"text", "canary-record again"}}));
  LANTAARN_ASSIGN(handheld.cards, load_cards(handheld.caseload, handheld.journal, handheld.user));
  LANTAARN_TRY(handheld.capture().name_client(*saved.client, "Canary-Other-Name"));
  LANTAARN_ASSIGN(const auto ended, handheld.capture().end_round());
  return ended.closed ? Status{} : retry("checkpoint_blocked");
}

}  // namespace

TEST_CASE("nothing that was typed is in the folder's files, at any crash point", "[capture][seizure][crash]") {
  World world;
  bool ended = false;
  const auto scenario = [&] {
    ended = false;
    auto open = world.open();
    if (open.ok()) ended = an_evening(**open).ok();
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    world.check_no_canary();
    if (ended) CHECK(world.readable_with_pin() == 0);
  });
  WARN("an evening: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("after the round ended the readable copy's bytes are in no file, however full the table was", "[capture][seizure]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  REQUIRE(handheld.capture().start_round({{"zone"}, {}}).ok());
  const Bytes copy = handheld.journal.companions(kRoundKeyCompanion)->front().value;
  // Pages of the table split and move around it while the evening goes on.
  for (int i = 0; i < 60; ++i) {
    REQUIRE(handheld.capture().log_contact(a_contact()).ok());
    if (i % 20 == 7) REQUIRE(handheld.journal.forget_deleted().ok());
  }
  REQUIRE(world.vfs.disk().contains(ByteView(copy).first(48)));
  REQUIRE(handheld.capture().end_round()->closed);
  for (std::size_t at = 0; at + 48 <= copy.size(); at += 48) {
    INFO("bytes " << at);
    CHECK_FALSE(world.vfs.disk().contains(ByteView(copy).subspan(at, 48)));
  }
}
