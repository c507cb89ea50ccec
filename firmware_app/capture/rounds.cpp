#include "firmware_app/capture/capture.hpp"

namespace lantaarn::firmware {
namespace {

const Bytes kClosingKey = {0};
journal::Companion closing_due() { return {kClosingCompanion, kClosingKey, {1}}; }

}  // namespace

Result<bool> closing_is_due(journal::Journal& journal) {
  LANTAARN_ASSIGN(const auto mark, journal.companion(kClosingCompanion, kClosingKey));
  return mark.has_value();
}

Status finish_closing(journal::Journal& journal) {
  LANTAARN_ASSIGN(const bool due, closing_is_due(journal));
  if (!due) return {};
  LANTAARN_TRY(journal.forget_deleted());
  return journal.save_companions({removed_companion(kClosingCompanion, kClosingKey)});
}

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

Result<std::optional<RoundId>> Capture::open_round() {
  LANTAARN_ASSIGN(const Standing now, standing());
  if (!now.round) return std::optional<RoundId>{};
  return std::optional<RoundId>{now.round->id};
}

Result<SavedEvent> Capture::start_round(const RoundDraft& draft) {
  LANTAARN_ASSIGN(Standing now, standing());
  if (now.round) return refused("round_open");
  LANTAARN_ASSIGN(now.round, fresh_key(false));
  model::Event event = new_event(now);
  auto* fact = event.mutable_round_started();
  for (const auto& place : draft.places) fact->add_places(place);
  for (const auto& name : draft.colleagues) fact->add_colleagues(name);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  commit.companions.push_back(seal_round_key(*now.round, user_.box.public_key()));
  commit.companions.push_back(kept_from(*now.round));
  if (now.desk) {
    commit.companions.push_back(removed_round_key(*now.desk));
    commit.companions.push_back(removed_companion(kKeptFromCompanion, now.desk->id.view()));
    commit.companions.push_back(closing_due());
  }
  LANTAARN_ASSIGN(const auto saved, save_all_under(*now.round, commit));
  // The round runs either way; what could not be cleared is tried again at every start.
  static_cast<void>(finish_closing(journal_));
  return SavedEvent{id, saved.front(), {}, {}};
}

Result<Capture::RoundEnd> Capture::end_round() {
  LANTAARN_ASSIGN(const Standing now, standing());
  if (!now.round) return refused("round_not_open");
  model::Event event = new_event(now);
  event.mutable_round_ended();
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  commit.companions = {removed_round_key(*now.round), removed_companion(kKeptFromCompanion, now.round->id.view()), closing_due()};
  if (now.desk) {
    commit.companions.push_back(removed_round_key(*now.desk));
    commit.companions.push_back(removed_companion(kKeptFromCompanion, now.desk->id.view()));
  }
  LANTAARN_ASSIGN(const auto saved, save_all_under(*now.round, commit));
  return RoundEnd{SavedEvent{id, saved.front(), {}, {}}, finish_closing(journal_).ok()};
}

Result<SavedEvent> Capture::count(std::int32_t delta) {
  LANTAARN_ASSIGN(const Standing now, standing());
  if (!now.round) return refused("round_not_open");
  model::Event event = new_event(now);
  event.mutable_head_counted()->set_delta(delta);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  LANTAARN_ASSIGN(const auto saved, save_all_under(*now.round, commit));
  return SavedEvent{id, saved.front(), {}, {}};
}

}  // namespace lantaarn::firmware
