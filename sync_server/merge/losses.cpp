#include "sync_server/merge/losses.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "common/model/event.hpp"

namespace lantaarn::server {
namespace {

using model::Event;

// Places of a log between two others at which an entry stands, on whatever branch.
Result<std::set<std::uint64_t>> present(Registry& registry, const DeviceId& device, const LogId& log, std::uint64_t from_seq,
                                        std::uint64_t through_seq) {
  LANTAARN_ASSIGN(const auto entries, registry.entries_of_log(device, log, from_seq));
  std::set<std::uint64_t> found;
  for (const StoredEntry& entry : entries) {
    if (entry.place.seq <= through_seq) found.insert(entry.place.seq);
  }
  return found;
}

Result<std::vector<Loss>> noted_losses(Registry& registry) {
  LANTAARN_ASSIGN(const auto facts, registry.entries_of_kind(Event::kEntriesMissed));
  std::vector<Loss> losses;
  for (const StoredEntry& fact : facts) {
    if (fact.admission != Admission::kAdmitted) continue;
    LANTAARN_ASSIGN(const Event event, model::decode_event(fact.bytes));
    const auto& missed = event.entries_missed();
    losses.push_back({fact.event, DeviceId::from(missed.device_id()).value_or(DeviceId{}), LogId::from(missed.log_id()).value_or(LogId{}),
                      missed.from_seq(), missed.through_seq(), 0, fact.recorded_ms});
  }
  return losses;
}

}  // namespace

Result<std::vector<Loss>> open_losses(Registry& registry) {
  LANTAARN_ASSIGN(auto losses, noted_losses(registry));
  for (Loss& loss : losses) {
    LANTAARN_ASSIGN(const auto here, present(registry, loss.device, loss.log, loss.from_seq, loss.through_seq));
    loss.missing = loss.through_seq - loss.from_seq + 1 - here.size();
  }
  std::erase_if(losses, [](const Loss& loss) { return loss.missing == 0; });
  std::sort(losses.begin(), losses.end(), [](const Loss& a, const Loss& b) {
    return std::tie(a.device, a.log, a.from_seq, a.id) < std::tie(b.device, b.log, b.from_seq, b.id);
  });
  return losses;
}

Result<std::optional<MissedEntries>> still_missing(Registry& registry, const MissedEntries& missed) {
  LANTAARN_ASSIGN(const auto here, present(registry, missed.device, missed.log, missed.from_seq, missed.through.seq));
  MissedEntries rest = missed;
  while (here.contains(rest.from_seq)) ++rest.from_seq;
  if (rest.from_seq > missed.through.seq) return std::optional<MissedEntries>{};
  return std::optional(rest);
}

Result<bool> is_noted(Registry& registry, const MissedEntries& missed) {
  LANTAARN_ASSIGN(const auto losses, noted_losses(registry));
  return std::any_of(losses.begin(), losses.end(), [&](const Loss& loss) {
    return loss.device == missed.device && loss.log == missed.log && loss.from_seq <= missed.from_seq &&
           loss.through_seq >= missed.through.seq;
  });
}

}  // namespace lantaarn::server
