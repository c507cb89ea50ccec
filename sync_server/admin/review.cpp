#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/registry/store.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kHashPrefixMin = 8;

Result<std::vector<Quarantined>> set_apart(Registry& registry) {
  std::vector<Quarantined> entries;
  LANTAARN_TRY(registry.quarantine([&](const Quarantined& entry) -> Status {
    entries.push_back(entry);
    return {};
  }));
  return entries;
}

Result<Quarantined> find_entry(const std::vector<Quarantined>& entries, const std::string& typed) {
  const Quarantined* found = nullptr;
  for (const auto& entry : entries) {
    if (typed.size() < kHashPrefixMin || !to_hex(entry.entry.hash).starts_with(typed)) continue;
    if (found != nullptr && found->entry.hash != entry.entry.hash) return refused("entry_not_set_apart", {typed});
    found = &entry;
  }
  if (found == nullptr) return refused("entry_not_set_apart", {typed});
  // No decision makes a signature hold or an event valid: the merge would not follow it.
  const auto is = [&](Admission admission) { return found->reason == reason_of(admission); };
  if (!is(Admission::kFork) && !is(Admission::kDeviceRevoked) && !is(Admission::kUserRevoked)) {
    return refused("entry_not_admissible", {typed});
  }
  return *found;
}

model::Event entries_admitted(const Context& context, const DeviceId& device, const std::vector<Hash>& hashes) {
  model::Event event = context.new_event();
  auto& admitted = *event.mutable_entries_admitted();
  admitted.set_device_id(model::id_field(device));
  admitted.set_reason(context.reason);
  for (const auto& hash : hashes) admitted.add_entry_hashes(to_string(hash));
  return event;
}

}  // namespace

Answer list_review(Context& context, const Arguments&) {
  std::vector<Client> clients;
  if (context.opens == Opens::kOwnRecords) {
    LANTAARN_ASSIGN(clients, visible_clients(context));
  }
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  const auto is_shown = [&](const ReviewCase& review) {
    return review.client ? may_see(context, clients, *review.client) : context.opens == Opens::kAllRecords;
  };
  json::array documents;
  if (context.opens == Opens::kAllRecords) {
    LANTAARN_ASSIGN(const auto losses, open_losses(context.registry));
    for (const Loss& loss : losses) documents.push_back(loss_document(loss, names));
  }
  LANTAARN_TRY(context.registry.review_cases([&](const ReviewCase& review) -> Status {
    if (is_shown(review)) documents.push_back(review_document(review, names));
    return {};
  }));
  return Output{std::move(documents), {}};
}

Answer list_quarantine(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const auto entries, set_apart(context.registry));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  json::array documents;
  for (const auto& entry : entries) documents.push_back(quarantined_document(entry, names));
  return Output{std::move(documents), {}};
}

Answer admit_entries(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto entries, set_apart(context.registry));
  std::map<DeviceId, std::vector<Hash>> by_device;
  json::array documents;
  for (const auto& typed : arguments.all("entries")) {
    LANTAARN_ASSIGN(const Quarantined entry, find_entry(entries, typed));
    by_device[entry.entry.device].push_back(entry.entry.hash);
    documents.push_back(json::object{{"entry", to_hex(entry.entry.hash)}, {"device", entry.entry.device.hex()},
                                     {"log_id", entry.entry.log.hex()}, {"seq", entry.entry.seq}});
  }
  std::vector<model::Event> events;
  for (const auto& [device, hashes] : by_device) events.push_back(entries_admitted(context, device, hashes));
  LANTAARN_TRY(context.record(events));
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
