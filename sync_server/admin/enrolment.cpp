#include "sync_server/admin/enrolment.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"
#include "common/sync/enrol.hpp"

namespace lantaarn::server::admin {
namespace {

using model::id_field;

// What a handheld asks, its lengths checked.
struct Asked {
  TicketId ticket;
  crypto::DhPublicKey channel_key{};
  BoundUser user;
};

Result<Asked> read_request(const ipc::EnrolAsk& ask) {
  const auto ticket = TicketId::from(ask.ticket_id());
  const auto channel_key = to_array<32>(as_bytes(ask.channel_key()));
  const auto user = UserId::from(ask.request().user_id());
  const auto box_key = to_array<32>(as_bytes(ask.request().box_key()));
  const auto verify_key = to_array<32>(as_bytes(ask.request().verify_key()));
  if (!ticket || !channel_key || !user || !box_key || !verify_key) return reject_peer("protocol_error");
  const Bytes proven = sync::enrol_proof_text(as_bytes(ask.handshake_hash()), *user, *box_key);
  if (!crypto::verify(*verify_key, sync::kEnrolContext, proven, as_bytes(ask.request().proof()))) return reject_peer("handshake_failed");
  return Asked{*ticket, *channel_key, {*user, *box_key, *verify_key}};
}

// That the ticket's holder named these keys: the gateway knows the PSK, and could have held the whole session itself.
Status check_holder(const TicketRecord& ticket, const Asked& asked, const ipc::EnrolAsk& ask) {
  const Hash proof = sync::enrol_ticket_proof(ticket.enrol_secret, as_bytes(ask.handshake_hash()), asked.channel_key, asked.user.user,
                                              asked.user.box_key, asked.user.verify_key);
  if (!crypto::equal(proof, as_bytes(ask.request().ticket_proof()))) return reject_peer("handshake_failed");
  return {};
}

Status check_ticket(const TicketRecord& ticket, const Asked& asked, std::int64_t now_ms) {
  if (ticket.spent) return refused("ticket_used");
  if (ticket.bound_channel_key && *ticket.bound_channel_key != asked.channel_key) return refused("ticket_used");
  // Who already holds it may finish, however long her handheld was away.
  if (!ticket.bound_channel_key && now_ms >= ticket.expires_at_ms) return refused("ticket_expired");
  if (std::find(ticket.users.begin(), ticket.users.end(), asked.user.user) == ticket.users.end()) return refused("ticket_wrong");
  return {};
}

Result<DeviceView> device_of(Registry& registry, const DeviceId& id) {
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  const auto found = std::find_if(devices.begin(), devices.end(), [&](const DeviceView& device) { return device.id == id; });
  if (found == devices.end()) return refused("ticket_wrong");
  return *found;
}

Status check_device(const DeviceView& device, const Asked& asked) {
  if (device.revoked) return refused("device_revoked");
  // Whoever was revoked on it does not come back to it.
  if (device.has_revoked(asked.user.user)) return refused("ticket_wrong");
  // A further user enrols on the very handheld; another one with its name is not it.
  if (device.channel_key && *device.channel_key != asked.channel_key) return refused("ticket_wrong");
  return {};
}

// What is not on record yet.
std::vector<model::Event> facts_of(const Context& context, const DeviceView& device, const Asked& asked, const crypto::Key& psk) {
  std::vector<model::Event> events;
  if (!device.channel_key) {
    events.push_back(context.new_event());
    auto& enrolled = *events.back().mutable_device_enrolled();
    enrolled.set_device_id(id_field(device.id));
    enrolled.set_channel_key(to_string(asked.channel_key));
    enrolled.set_ticket_id(id_field(asked.ticket));
    enrolled.set_psk(to_string(psk.view()));
  }
  const BoundUser* known = device.binding_of(asked.user.user);
  if (known == nullptr || !(*known == asked.user)) {
    events.push_back(context.new_event());
    auto& bound = *events.back().mutable_device_user_bound();
    bound.set_device_id(id_field(device.id));
    bound.set_user_id(id_field(asked.user.user));
    bound.set_box_key(to_string(asked.user.box_key));
    bound.set_verify_key(to_string(asked.user.verify_key));
  }
  return events;
}

Result<sync::pb::EnrolReply> reply_to(Context& context, StatementMaker& statements, const DeviceId& id, const UserId& user) {
  const std::int64_t now_ms = context.clock.now().wall_ms;
  LANTAARN_ASSIGN(const DeviceView device, device_of(context.registry, id));
  LANTAARN_ASSIGN(const auto psk, device_psk(context.registry, id));
  if (!psk) return corrupt("record_unreadable");
  sync::pb::EnrolReply reply;
  reply.set_device_psk(to_string(psk->view()));
  reply.set_epoch(context.keys.server.epoch);
  reply.set_server_time_ms(now_ms);
  LANTAARN_ASSIGN(*reply.mutable_users(), statements.users(device, now_ms));
  LANTAARN_ASSIGN(*reply.mutable_receipt_key(), statements.receipt_key(id, now_ms));
  LANTAARN_ASSIGN(*reply.mutable_lease(), statements.lease(device, user, now_ms));
  // The ticket may be of before a change.
  LANTAARN_ASSIGN(const auto links, key_links_after(context.registry, 1));
  for (const auto& link : links) *reply.add_server_keys() = link;
  return reply;
}

}  // namespace

Result<sync::pb::EnrolReply> enrol(Context& context, StatementMaker& statements, const ipc::EnrolAsk& ask) {
  LANTAARN_ASSIGN(const Asked asked, read_request(ask));
  LANTAARN_ASSIGN(auto ticket, context.registry.ticket(asked.ticket));
  if (!ticket) return refused("ticket_wrong");
  LANTAARN_TRY(check_holder(*ticket, asked, ask));
  LANTAARN_TRY(check_ticket(*ticket, asked, context.clock.now().wall_ms));
  LANTAARN_ASSIGN(const DeviceView device, device_of(context.registry, ticket->device));
  LANTAARN_TRY(check_device(device, asked));
  LANTAARN_ASSIGN(auto psk, device_psk(context.registry, device.id));
  if (!psk) psk = crypto::random_secret<crypto::Key::kBytes>();

  ticket->bound_channel_key = asked.channel_key;
  const auto with_binding = [&](Change& change) -> Status {
    LANTAARN_TRY(put_device_psk(change, device.id, *psk));
    // A new handheld has sealed nothing yet, and follows to the newest keys before it does.
    if (!device.channel_key) LANTAARN_TRY(put_known_by(change, device.id, {context.keys.generation, context.clock.now().wall_ms}));
    return change.put_ticket(*ticket);
  };
  LANTAARN_TRY(context.record(facts_of(context, device, asked, *psk), with_binding));
  return reply_to(context, statements, device.id, asked.user.user);
}

Status HeldTickets::refresh(Registry& registry) {
  LANTAARN_ASSIGN(const auto tickets, registry.tickets());
  held_.clear();
  for (const auto& ticket : tickets) {
    if (ticket.bound_channel_key && !ticket.spent) held_.emplace(ticket.device, ticket.id);
  }
  return {};
}

Result<std::vector<TicketRecord>> HeldTickets::spend(Registry& registry, const DeviceId& device) {
  std::vector<TicketRecord> spent;
  const auto [begin, end] = held_.equal_range(device);
  if (begin == end) return spent;
  LANTAARN_ASSIGN(auto change, registry.begin());
  for (auto held = begin; held != end; ++held) {
    LANTAARN_ASSIGN(auto ticket, registry.ticket(held->second));
    if (!ticket) continue;
    ticket->spent = true;
    LANTAARN_TRY(change->put_ticket(*ticket));
    spent.push_back(std::move(*ticket));
  }
  LANTAARN_TRY(change->commit());
  held_.erase(begin, end);
  return spent;
}

Status forget_old_tickets(Registry& registry, std::int64_t now_ms) {
  LANTAARN_ASSIGN(auto tickets, registry.tickets());
  std::erase_if(tickets, [&](const TicketRecord& ticket) {
    const bool is_waiting = ticket.bound_channel_key && !ticket.spent;
    return is_waiting || now_ms < ticket.expires_at_ms + kTicketMemoryMs;
  });
  if (tickets.empty()) return {};
  LANTAARN_ASSIGN(auto change, registry.begin());
  for (const auto& ticket : tickets) LANTAARN_TRY(change->remove_ticket(ticket.id));
  return change->commit();
}

}  // namespace lantaarn::server::admin
