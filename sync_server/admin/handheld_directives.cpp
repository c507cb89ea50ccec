// Handhelds: what a handheld did of what it was told, and which of its keys are in force.
#include <algorithm>

#include "sync_server/admin/directives.hpp"
#include "sync_server/admin/handhelds.hpp"

namespace lantaarn::server::admin {

using model::id_field;

// The handheld has it durably. The gateway waits for this answer before it ends the session: what was done is known here
// before the handheld lets go of what it would need to say so again.
Status Handhelds::on_acknowledged(std::uint64_t request_id, const ipc::StatementsAcknowledged& acknowledged) {
  const auto device = DeviceId::from(acknowledged.device_id());
  if (!device) return reject_peer("ipc_broken");
  for (const auto& ack : acknowledged.acks()) {
    if (ack.kind() != sync::pb::DIRECTIVE) continue;
    const auto& stated = stated_[*device];
    const auto known = std::find_if(stated.begin(), stated.end(), [&](const auto& one) { return one.counter == ack.counter(); });
    if (known == stated.end()) continue;
    LANTAARN_ASSIGN(const auto devices, context_.registry.devices());
    const auto view = std::find_if(devices.begin(), devices.end(), [&](const DeviceView& one) { return one.id == *device; });
    if (view != devices.end()) LANTAARN_TRY(carried_out(*view, *known, ack.channel_key()));
  }
  LANTAARN_TRY(note_followed(*device, acknowledged));
  if (request_id == 0) return {};
  ipc::Frame noted;
  noted.set_request_id(request_id);
  noted.mutable_noted();
  return send_(noted);
}

Status Handhelds::carried_out(const DeviceView& device, const StatementMaker::Stated& stated, const std::string& channel_key) {
  const auto is_it = [&](const DirectiveView& one) { return one.id == stated.directive.id && one.carried_out_ms != 0; };
  if (std::any_of(device.directives.begin(), device.directives.end(), is_it)) return {};
  std::vector<model::Event> events{context_.new_event()};
  events.back().mutable_directive_carried_out()->set_device_id(id_field(device.id));
  events.back().mutable_directive_carried_out()->set_directive(id_field(stated.directive.id));
  Merger::Also also;
  std::optional<PreviousKeys> previous;
  if (stated.directive.directive == "wipe") {
    // Its device key is about to go: whoever comes with it later is a copy.
    LANTAARN_ASSIGN(const auto accepted, accepted_by_now(context_, device.id));
    events.push_back(device_revoked(context_, device.id, accepted));
    also = [this, &device](Change& change) { return retire_tickets(context_.registry, change, device.id, {}); };
  }
  if (stated.psk) {
    const auto renewed = to_array<32>(as_bytes(channel_key));
    LANTAARN_ASSIGN(previous, previous_keys(context_.registry, device.id));
    // The key it runs on is no new one; one that was renewed before and never used may come again, with this PSK.
    if (!renewed || (device.channel_key == renewed && !previous)) {
      log_("device " + device.id.hex() + " names no new key");
      return {};
    }
    LANTAARN_ASSIGN(const auto psk, device_psk(context_.registry, device.id));
    // Keys that were renewed and never used are no keys it could come back with.
    if (!previous && device.channel_key && psk) previous = PreviousKeys{*device.channel_key, psk->duplicate()};
    events.push_back(context_.new_event());
    auto& enrolled = *events.back().mutable_device_enrolled();
    enrolled.set_device_id(id_field(device.id));
    enrolled.set_channel_key(to_string(*renewed));
    enrolled.set_psk(to_string(stated.psk->view()));
    also = [&](Change& change) { return put_previous_keys(change, device.id, previous); };
  }
  LANTAARN_TRY(context_.record(events, also));
  log_("device " + device.id.hex() + " carried out " + stated.directive.directive);
  return events.size() > 1 ? devices_changed() : Status{};
}

// It came with the new ones: the old ones are not needed any more.
Status Handhelds::keys_in_use(const DeviceId& device, const std::string& channel_key) {
  LANTAARN_ASSIGN(const auto previous, previous_keys(context_.registry, device));
  if (!previous || channel_key.empty() || channel_key == to_string(previous->channel_key)) return {};
  LANTAARN_ASSIGN(const auto change, context_.registry.begin());
  LANTAARN_TRY(put_previous_keys(*change, device, std::nullopt));
  LANTAARN_TRY(change->commit());
  LANTAARN_ASSIGN(ipc::Frame update, devices_update(context_, device));
  return send_secrets(std::move(update));
}

}  // namespace lantaarn::server::admin
