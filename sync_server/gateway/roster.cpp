#include "sync_server/gateway/roster.hpp"

#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::gateway {
namespace {

Error broken(const char* what) { return in_context(reject_peer("ipc_broken"), what); }

// An empty key means: none yet.
bool read_optional_key(const std::string& raw, std::optional<crypto::DhPublicKey>& key) {
  key = to_array<32>(as_bytes(raw));
  return key.has_value() || raw.empty();
}

Result<RosterDevice> read_device(const ipc::Device& record) {
  const auto id = DeviceId::from(record.device_id());
  auto psk = crypto::Key::from(as_bytes(record.psk()));
  if (!psk && record.psk().empty()) psk = crypto::Key();
  std::optional<crypto::DhPublicKey> key;
  if (!id || !psk || !read_optional_key(record.channel_key(), key)) return broken("device");
  if (key && record.psk().empty()) return broken("device without PSK");
  RosterDevice device{*id, key, std::move(*psk), record.revoked(), {}};
  auto previous_psk = crypto::Key::from(as_bytes(record.previous_psk()));
  if (!read_optional_key(record.previous_channel_key(), device.previous_channel_key)) return broken("previous key");
  if (device.previous_channel_key.has_value() != previous_psk.has_value()) return broken("previous PSK");
  if (previous_psk) device.previous_psk = std::move(*previous_psk);
  for (const ipc::DeviceUserKey& user : record.users()) {
    const auto user_id = UserId::from(user.user_id());
    const auto verify_key = to_array<32>(as_bytes(user.verify_key()));
    if (!user_id || !verify_key) return broken("device user");
    device.users.emplace(*user_id, *verify_key);
  }
  return device;
}

Result<RosterTicket> read_ticket(const ipc::Ticket& record) {
  const auto id = TicketId::from(record.ticket_id());
  const auto device = DeviceId::from(record.device_id());
  auto psk = crypto::Key::from(as_bytes(record.psk()));
  std::optional<crypto::DhPublicKey> bound_to;
  if (!id || !device || !psk || !read_optional_key(record.bound_channel_key(), bound_to)) return broken("ticket");
  return RosterTicket{*id, std::move(*psk), *device, record.expires_at_ms(), bound_to, record.spent()};
}

}  // namespace

journal::AuthorKeys RosterDevice::author_keys() const {
  return [this](const UserId& user) -> std::optional<crypto::VerifyKey> {
    const auto found = users.find(user);
    if (found == users.end()) return std::nullopt;
    return found->second;
  };
}

template <typename Records>
Status Roster::apply_records(const Records& records) {
  for (const ipc::Device& record : records.devices()) {
    LANTAARN_ASSIGN(RosterDevice device, read_device(record));
    const auto old = devices_.find(device.id);
    if (old != devices_.end()) {
      for (const auto& key : {old->second->channel_key, old->second->previous_channel_key}) {
        if (key) by_key_.erase(*key);
      }
    }
    for (const auto& key : {device.channel_key, device.previous_channel_key}) {
      if (key) by_key_[*key] = device.id;
    }
    devices_[device.id] = std::make_shared<const RosterDevice>(std::move(device));
  }
  for (const ipc::Ticket& record : records.tickets()) {
    LANTAARN_ASSIGN(RosterTicket ticket, read_ticket(record));
    tickets_.insert_or_assign(ticket.id, std::move(ticket));
  }
  for (const ipc::MergedThrough& record : records.merged()) {
    const auto device = DeviceId::from(record.device_id());
    const auto log = LogId::from(record.log_id());
    if (!device || !log) return broken("merged");
    merged_[{*device, *log}] = record.seq();
  }
  return {};
}

Status Roster::apply(const ipc::Configure& configure) { return apply_records(configure); }
Status Roster::apply(const ipc::Update& update) { return apply_records(update); }

std::shared_ptr<const RosterDevice> Roster::device(const DeviceId& id) const {
  const auto found = devices_.find(id);
  return found == devices_.end() ? nullptr : found->second;
}

std::shared_ptr<const RosterDevice> Roster::device_by_key(const crypto::DhPublicKey& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : device(found->second);
}

RosterTicket* Roster::ticket(const TicketId& id) {
  const auto found = tickets_.find(id);
  return found == tickets_.end() ? nullptr : &found->second;
}

std::uint64_t Roster::merged_seq(const DeviceId& device, const LogId& log) const {
  const auto found = merged_.find({device, log});
  return found == merged_.end() ? 0 : found->second;
}

}  // namespace lantaarn::server::gateway
