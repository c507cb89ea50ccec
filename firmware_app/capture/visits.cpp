#include "firmware_app/capture/visits.hpp"

#include <algorithm>
#include <charconv>

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/capture/visit_tally.pb.h"

namespace lantaarn::firmware {
namespace {

constexpr const char* kVisitCount = "visit_count";

Bytes tally_key(const UnlockedUser& user) { return key_of_own(user.id, ClientId{}.view()); }

int number_of(const model::FieldValues& values, const char* field) {
  const auto found = values.find(field);
  int number = 0;
  if (found != values.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number;
}

}  // namespace

Result<std::optional<VisitTally>> kept_tally(journal::Journal& journal, const UnlockedUser& user) {
  LANTAARN_ASSIGN(const auto stored, journal.companion(kTallyCompanion, tally_key(user)));
  const auto plain = stored ? open_companion(user.box, *stored) : std::nullopt;
  pb::VisitTally kept;
  if (!plain || !kept.ParseFromArray(plain->view().data(), static_cast<int>(plain->view().size()))) return std::optional<VisitTally>{};
  return std::optional<VisitTally>{{kept.day(), EventId::from(kept.record()).value_or(EventId{}), static_cast<int>(kept.visits())}};
}

journal::Companion seal_tally(const UnlockedUser& user, const VisitTally& tally) {
  pb::VisitTally kept;
  kept.set_day(tally.day);
  kept.set_record(to_string(tally.record.view()));
  kept.set_visits(static_cast<std::uint32_t>(tally.visits));
  return seal_companion(kTallyCompanion, tally_key(user), user, as_bytes(kept.SerializeAsString()));
}

journal::Companion removed_tally(const UnlockedUser& user) { return removed_companion(kTallyCompanion, tally_key(user)); }

Result<std::optional<VisitTally>> Capture::visits_of(const std::string& day) {
  if (!user_.access.keeps_readable()) return std::optional<VisitTally>{};
  LANTAARN_ASSIGN(auto kept, kept_tally(journal_, user_));
  if (kept && kept->day == day) return kept;
  return std::optional<VisitTally>{};
}

Result<SavedEvent> Capture::count_visits(const std::string& day, int delta, const std::string& reason) {
  LANTAARN_ASSIGN(const auto tally, visits_of(day));
  const std::string visits = std::to_string(std::max(0, (tally ? tally->visits : 0) + delta));
  if (tally) return change_record(tally->record, reason, {{"visits", visits}});
  return add_record({kVisitCount, {}, {{"date", day}, {"visits", visits}}});
}

Status Capture::note_visits(Commit& commit, const std::string& kind, const EventId& record, const model::FieldValues& values) {
  if (kind != kVisitCount) return {};
  LANTAARN_ASSIGN(const auto kept, kept_tally(journal_, user_));
  const bool is_this = kept && kept->record == record;
  const auto day = values.find("date");
  if (!is_this && day == values.end()) return {};
  VisitTally next = is_this ? *kept : VisitTally{day->second, record, 0};
  if (day != values.end()) next.day = day->second;
  if (values.contains("visits")) next.visits = number_of(values, "visits");
  // An earlier day's record that is added later takes nothing away from the tally that grows.
  if (!is_this && kept && kept->day > next.day) return {};
  commit.companions.push_back(seal_tally(user_, next));
  return {};
}

}  // namespace lantaarn::firmware
