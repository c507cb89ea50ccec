#include <algorithm>

#include "common/base/civil_time.hpp"
#include "firmware_app/capture/capture.hpp"
#include "firmware_app/capture/heads.hpp"

namespace lantaarn::firmware {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

}  // namespace

Result<std::vector<RecentContact>> Capture::recent_contacts() {
  LANTAARN_TRY(needs_lease());
  std::vector<RecentContact> found;
  std::set<EventId> known;
  const std::int64_t now = clock_.now().wall_ms;
  LANTAARN_ASSIGN(const auto stored, journal_.companions(kHeadsCompanion));
  for (const auto& companion : stored) {
    const auto id = EventId::from(companion.key);
    const auto heads = id ? open_heads(user_.box, companion.value) : std::nullopt;
    if (!heads || !heads->kind().empty() || !known.insert(*id).second) continue;
    // A clock that was set says nothing about how long ago it was: what lies ahead of it is listed too.
    if (heads->saved_ms() == 0 || now - heads->saved_ms() > kRecentDays * kDayMs) continue;
    found.push_back({*id, heads->client_id(), heads->saved_ms(), heads->fields_size() > 0, heads->retracted()});
  }
  // Of another handheld, or of an older program: the server's card names it, without its time.
  for (const CaseCard& card : cards_) {
    for (const auto& contact : card.card.contacts()) {
      const auto id = EventId::from(contact.contact());
      if (!id) continue;
      const bool is_there = std::any_of(found.begin(), found.end(), [&](const RecentContact& each) { return each.contact == *id; });
      if (!is_there) found.push_back({*id, card.card.client_id(), 0, false, false});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const RecentContact& a, const RecentContact& b) { return a.saved_ms > b.saved_ms; });
  return found;
}

}  // namespace lantaarn::firmware
