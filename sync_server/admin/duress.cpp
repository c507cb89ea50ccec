#include "sync_server/admin/duress.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/model/event.hpp"
#include "sync_server/admin/documents.hpp"

namespace lantaarn::server::admin {
namespace {

// When a person last said that the handheld may have leases again; 0: never.
Result<std::int64_t> last_unlock_directive(Registry& registry, const DeviceId& device) {
  LANTAARN_ASSIGN(const auto given, registry.entries_of_kind(model::Event::kDirectiveGiven));
  std::int64_t last = 0;
  for (const StoredEntry& entry : given) {
    const auto event = model::decode_event(entry.bytes);
    if (!event.ok()) continue;
    const auto& directive = event->directive_given();
    if (directive.directive() == "unlock" && directive.device_id() == model::id_field(device)) last = std::max(last, entry.recorded_ms);
  }
  return last;
}

}  // namespace

Result<std::vector<DuressUnlock>> duress_unlocks(Registry& registry, const DeviceId& device) {
  LANTAARN_ASSIGN(const auto entries, registry.entries_of(device.bytes));
  std::vector<DuressUnlock> unlocks;
  for (const StoredEntry& entry : entries) {
    if (entry.kind != model::Event::kDeviceUnlocked || entry.place.device != device || entry.admission != Admission::kAdmitted || !entry.first) continue;
    unlocks.push_back({entry.author, entry.recorded_ms, entry.clock_ok, entry.received_ms, true});
  }
  if (unlocks.empty()) return unlocks;
  LANTAARN_ASSIGN(const std::int64_t released, last_unlock_directive(registry, device));
  for (DuressUnlock& unlock : unlocks) unlock.held = unlock.received_ms > released;
  std::stable_sort(unlocks.begin(), unlocks.end(), [](const auto& a, const auto& b) { return a.received_ms < b.received_ms; });
  return unlocks;
}

bool is_held(const std::vector<DuressUnlock>& unlocks, const UserId& user) {
  return std::any_of(unlocks.begin(), unlocks.end(), [&](const DuressUnlock& unlock) { return unlock.held && unlock.user == user; });
}

boost::json::array duress_documents(const std::vector<DuressUnlock>& unlocks, const Names& names) {
  boost::json::array documents;
  for (const DuressUnlock& unlock : unlocks) {
    documents.push_back(boost::json::object{{"user_id", unlock.user.hex()},
                                            {"name", names.user(unlock.user)},
                                            {"recorded_at", instant(unlock.recorded_ms)},
                                            {"clock_ok", unlock.clock_ok},
                                            {"received_at", instant(unlock.received_ms)},
                                            {"held", unlock.held}});
  }
  return documents;
}

}  // namespace lantaarn::server::admin
