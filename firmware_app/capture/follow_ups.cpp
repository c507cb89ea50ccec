#include <algorithm>
#include <set>

#include "firmware_app/capture/capture.hpp"

namespace lantaarn::firmware {

Result<SavedEvent> Capture::finish_follow_up(const EventId& follow_up) {
  LANTAARN_TRY(needs_lease());
  LANTAARN_ASSIGN(const auto open, follow_ups());
  const bool known = std::any_of(open.begin(), open.end(), [&](const FollowUpView& each) { return each.follow_up == follow_up; });
  if (!known) return refused("event_unknown");
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  event.mutable_follow_up_done()->set_follow_up(model::id_field(follow_up));
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  // Her card goes on listing it until the server has merged this.
  commit.companions.push_back(seal_companion(kDoneCompanion, follow_up.view(), user_, {}));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{id, saved.front(), {}, {}};
}

Result<std::vector<FollowUpView>> Capture::follow_ups() {
  LANTAARN_ASSIGN(const auto read, readable());
  return follow_ups(read);
}

Result<std::vector<FollowUpView>> Capture::follow_ups(const ReadableEntries& read) {
  std::set<EventId> settled(read.done.begin(), read.done.end());
  LANTAARN_ASSIGN(const auto done, journal_.companions(kDoneCompanion));
  for (const auto& companion : done) {
    if (const auto id = EventId::from(companion.key); id && open_companion(user_.box, companion.value)) settled.insert(*id);
  }
  std::vector<FollowUpView> open;
  const auto take = [&](const FollowUpView& each) {
    if (settled.insert(each.follow_up).second) open.push_back(each);
  };
  for (const FollowUpView& each : read.follow_ups) take(each);
  for (const CaseCard& card : cards_) {
    for (const auto& each : card.card.follow_ups()) {
      if (const auto id = EventId::from(each.follow_up())) take({*id, card.card.client_id(), each.due_date(), each.text(), each.kind()});
    }
  }
  std::stable_sort(open.begin(), open.end(), [](const auto& a, const auto& b) { return a.due_date < b.due_date; });
  return open;
}

}  // namespace lantaarn::firmware
