#include "sync_server/admin/gateway_records.hpp"

#include <algorithm>

#include "sync_server/admin/statements.hpp"
#include "sync_server/backup/epoch.hpp"

namespace lantaarn::server::admin {
namespace {

using model::id_field;

bool awaits_wipe(const DeviceView& device) {
  return std::any_of(device.directives.begin(), device.directives.end(),
                     [](const DirectiveView& one) { return one.directive == "wipe" && one.is_outstanding(); });
}

Status fill_device(Registry& registry, const DeviceView& device, ipc::Device& record) {
  record.set_device_id(id_field(device.id));
  // One that is lost is let in once more, to be wiped; what it brings waits for a decision.
  record.set_revoked(device.revoked && !awaits_wipe(device));
  LANTAARN_ASSIGN(const auto psk, device_psk(registry, device.id));
  if (device.channel_key && psk) {
    record.set_channel_key(to_string(*device.channel_key));
    record.set_psk(to_string(psk->view()));
  }
  LANTAARN_ASSIGN(const auto previous, previous_keys(registry, device.id));
  if (previous) {
    record.set_previous_channel_key(to_string(previous->channel_key));
    record.set_previous_psk(to_string(previous->psk.view()));
  }
  for (const auto& bound : bound_now(device)) {
    auto& user = *record.add_users();
    user.set_user_id(id_field(bound.user));
    user.set_verify_key(to_string(bound.verify_key));
  }
  return {};
}

void fill_ticket(const TicketRecord& ticket, ipc::Ticket& record) {
  record.set_ticket_id(id_field(ticket.id));
  record.set_device_id(id_field(ticket.device));
  record.set_psk(to_string(ticket.psk.view()));
  record.set_expires_at_ms(ticket.expires_at_ms);
  record.set_spent(ticket.spent);
  if (ticket.bound_channel_key) record.set_bound_channel_key(to_string(*ticket.bound_channel_key));
}

// Records: ipc::Configure or ipc::Update.
template <typename Records>
Status fill_records(Registry& registry, const std::optional<DeviceId>& only, Records& records) {
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  for (const auto& device : devices) {
    if (!only || device.id == *only) LANTAARN_TRY(fill_device(registry, device, *records.add_devices()));
  }
  LANTAARN_ASSIGN(const auto tickets, registry.tickets());
  for (const auto& ticket : tickets) {
    if (!only || ticket.device == *only) fill_ticket(ticket, *records.add_tickets());
  }
  return {};
}

// Records: ipc::Configure or ipc::Secrets.
template <typename Records>
void fill_secrets(const Keys& keys, Records& records) {
  records.set_channel_private_key(to_string(keys.channel.view()));
  records.set_receipt_seed(to_string(keys.receipt_seed.view()));
  for (auto former = keys.former_channel.rbegin(); former != keys.former_channel.rend(); ++former) {
    records.add_former_channel_private_keys(to_string(former->second.view()));
  }
}

void add_merged(const DeviceId& device, const LogId& log, std::uint64_t seq, ipc::MergedThrough& record) {
  record.set_device_id(id_field(device));
  record.set_log_id(id_field(log));
  record.set_seq(seq);
}

}  // namespace

Result<ipc::Frame> configuration(Context& context, const channel::Address& listen) {
  ipc::Frame frame;
  auto& configure = *frame.mutable_configure();
  configure.set_server_id(id_field(context.keys.server.id));
  configure.set_epoch(context.keys.server.epoch);
  fill_secrets(context.keys, configure);
  configure.set_authority_key(to_string(context.keys.authority.verify_key()));
  for (const auto& former : context.keys.former_authority) configure.add_former_authority_keys(to_string(former));
  LANTAARN_ASSIGN(auto epoch_raised, backup::epoch_statement(context.registry, context.keys.server.epoch));
  if (epoch_raised) *configure.mutable_epoch_raised() = std::move(*epoch_raised);
  configure.set_listen_host(listen.host);
  configure.set_listen_port(listen.port);
  configure.set_inbox_path(context.folder.inbox());
  LANTAARN_TRY(fill_records(context.registry, std::nullopt, configure));
  return frame;
}

Result<ipc::Frame> devices_update(Context& context, const std::optional<DeviceId>& only) {
  ipc::Frame frame;
  LANTAARN_TRY(fill_records(context.registry, only, *frame.mutable_update()));
  return frame;
}

ipc::Frame secrets_update(const Keys& keys) {
  ipc::Frame frame;
  auto& secrets = *frame.mutable_update()->mutable_secrets();
  fill_secrets(keys, secrets);
  secrets.add_authority_keys(to_string(keys.authority.verify_key()));
  for (const auto& former : keys.former_authority) secrets.add_authority_keys(to_string(former));
  return frame;
}

ipc::Frame tickets_update(const std::vector<TicketRecord>& tickets) {
  ipc::Frame frame;
  for (const auto& ticket : tickets) fill_ticket(ticket, *frame.mutable_update()->add_tickets());
  return frame;
}

std::optional<ipc::Frame> MergedNews::update(const std::vector<DeviceView>& devices) {
  ipc::Frame frame;
  for (const auto& device : devices) {
    for (const auto& log : device.logs) {
      auto& told = told_[{device.id, log.log}];
      if (told == log.merged) continue;
      told = log.merged;
      add_merged(device.id, log.log, log.merged, *frame.mutable_update()->add_merged());
    }
  }
  if (!frame.has_update()) return std::nullopt;
  return frame;
}

}  // namespace lantaarn::server::admin
