#include <algorithm>

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/caseload/lease_end.hpp"

namespace lantaarn::firmware {
namespace {

bool equal_bytes(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

}  // namespace
Status end_all_desks(journal::Journal& journal) {
  LANTAARN_ASSIGN(const auto desks, journal.companions(kDeskKeyCompanion));
  if (!desks.empty()) {
    std::vector<journal::Companion> changes{closing_due()};
    for (const auto& desk : desks) {
      changes.push_back(removed_companion(kDeskKeyCompanion, desk.key));
      changes.push_back(removed_companion(kKeptFromCompanion, desk.key));
    }
    LANTAARN_TRY(journal.save_companions(changes));
  }
  return finish_closing(journal);
}

// The entry first: it is what tells the coordinator.
Status Capture::begin_work(Result<Caseload>& caseload) {
  const Status noted = note_unlock();
  if (user_.access.lease_ended) LANTAARN_TRY(drop_readable(journal_, caseload, user_.id));
  LANTAARN_TRY(drop_kept());
  return noted;
}

Status Capture::drop_kept() {
  if (user_.access.keeps_readable()) return {};
  LANTAARN_ASSIGN(const Standing now, standing());
  LANTAARN_ASSIGN(auto changes, readable_copies_of(journal_, user_.id));
  const bool in_strict_round = now.round && now.round->is_marker();
  std::erase_if(changes, [&](const journal::Companion& kept) {
    const bool of_round = kept.kind == kRoundKeyCompanion || kept.kind == kKeptFromCompanion;
    return in_strict_round && of_round && equal_bytes(kept.key, now.round->id.view());
  });
  if (changes.empty()) return {};
  changes.push_back(closing_due());
  LANTAARN_TRY(journal_.save_companions(changes));
  return finish_closing(journal_);
}

Result<std::optional<RoundId>> Capture::open_round() {
  LANTAARN_ASSIGN(const Standing now, standing());
  if (!now.round) return std::optional<RoundId>{};
  return std::optional<RoundId>{now.round->id};
}

Result<SavedEvent> Capture::start_round(const RoundDraft& draft) {
  LANTAARN_TRY(needs_lease());
  LANTAARN_ASSIGN(Standing now, standing());
  if (now.round) return refused("round_open");
  LANTAARN_ASSIGN(now.round, fresh_key(false));
  if (user_.access.strict) now.round = make_round_marker(now.round->log, now.round->from_seq);
  model::Event event = new_event(now);
  auto* fact = event.mutable_round_started();
  for (const auto& place : draft.places) fact->add_places(place);
  for (const auto& name : draft.colleagues) fact->add_colleagues(name);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  commit.companions.push_back(seal_round_key(*now.round, user_));
  commit.companions.push_back(kept_from(*now.round));
  if (now.desk) {
    commit.companions.push_back(removed_round_key(*now.desk));
    commit.companions.push_back(removed_companion(kKeptFromCompanion, now.desk->id.view()));
    commit.companions.push_back(closing_due());
  }
  LANTAARN_ASSIGN(const auto saved, save_in_round(*now.round, commit));
  // The round runs either way; what could not be cleared is tried again at every start.
  static_cast<void>(finish_closing(journal_));
  return SavedEvent{id, saved.front(), {}, {}};
}

Result<Capture::RoundEnd> Capture::end_round() {
  LANTAARN_TRY(needs_lease());
  LANTAARN_ASSIGN(const Standing now, standing());
  if (!now.round) return refused("round_not_open");
  LANTAARN_ASSIGN(const auto unfinished, drafts());
  if (!unfinished.empty()) return refused("drafts_open", {std::to_string(unfinished.size())});
  model::Event event = new_event(now);
  event.mutable_round_ended();
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  commit.companions = {removed_round_key(*now.round), removed_companion(kKeptFromCompanion, now.round->id.view()), closing_due()};
  if (now.desk) {
    commit.companions.push_back(removed_round_key(*now.desk));
    commit.companions.push_back(removed_companion(kKeptFromCompanion, now.desk->id.view()));
  }
  LANTAARN_ASSIGN(const auto saved, save_in_round(*now.round, commit));
  return RoundEnd{SavedEvent{id, saved.front(), {}, {}}, finish_closing(journal_).ok()};
}

Result<SavedEvent> Capture::count(std::int32_t delta) {
  LANTAARN_TRY(needs_lease());
  LANTAARN_ASSIGN(const Standing now, standing());
  if (!now.round) return refused("round_not_open");
  model::Event event = new_event(now);
  event.mutable_head_counted()->set_delta(delta);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  LANTAARN_ASSIGN(const auto saved, save_in_round(*now.round, commit));
  return SavedEvent{id, saved.front(), {}, {}};
}

}  // namespace lantaarn::firmware
