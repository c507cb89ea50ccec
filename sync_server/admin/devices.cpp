#include <algorithm>
#include <boost/json.hpp>

#include "common/channel/address.hpp"
#include "common/crypto/random.hpp"
#include "common/model/fields.hpp"
#include "common/model/limits.hpp"
#include "common/sync/ticket.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/directives.hpp"
#include "sync_server/admin/duress.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/backup/epoch.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

struct NewTicket {
  DeviceId device;
  std::string device_name;
  std::string server_address;
  std::vector<UserView> users;
};

// Who may log (roles.hpp), or looks after those who do.
bool may_carry_handheld(const UserView& user) {
  return user.role == "case_manager" || user.role == "expert_by_experience" || user.role == "coordinator";
}

Result<std::vector<UserView>> find_carriers(Registry& registry, const std::vector<std::string>& typed) {
  std::vector<UserView> users;
  for (const auto& name : typed) {
    LANTAARN_ASSIGN(const UserView user, find_user(registry, name));
    if (!may_carry_handheld(user)) return refused("user_cannot_log", {user.name});
    const bool twice = std::any_of(users.begin(), users.end(), [&](const UserView& other) { return other.id == user.id; });
    if (!twice) users.push_back(user);
  }
  return users;
}

sync::Ticket make_ticket(const Context& context, const NewTicket& wanted) {
  sync::Ticket ticket;
  ticket.id = crypto::random_id<TicketId>();
  ticket.server = context.keys.server.id;
  ticket.server_address = wanted.server_address;
  ticket.channel_key = crypto::dh_public(context.keys.channel);
  ticket.authority_key = context.keys.authority.verify_key();
  ticket.sealing_key = context.keys.sealing.public_key();
  ticket.sealing_key_number = context.keys.sealing_number;
  ticket.keys_generation = context.keys.generation;
  ticket.epoch = context.keys.server.epoch;
  ticket.psk = crypto::random_secret<crypto::Key::kBytes>();
  ticket.enrol_secret = crypto::random_secret<crypto::Key::kBytes>();
  ticket.device = wanted.device;
  ticket.device_name = wanted.device_name;
  for (const auto& user : wanted.users) ticket.users.push_back({user.id, user.name});
  ticket.expires_at_ms = context.clock.now().wall_ms + sync::kTicketLifetimeMs;
  return ticket;
}

TicketRecord record_of(const sync::Ticket& ticket) {
  std::vector<UserId> users;
  for (const auto& user : ticket.users) users.push_back(user.id);
  return {ticket.id, ticket.device, std::move(users), ticket.expires_at_ms, std::nullopt, false, ticket.psk.duplicate(),
          ticket.enrol_secret.duplicate()};
}

// What a handheld will believe a restored server by.
Status add_recovery_key(Context& context, sync::Ticket& ticket) {
  LANTAARN_ASSIGN(const auto recovery, backup::stored_recovery_public(context.registry));
  if (recovery) ticket.recovery_key = recovery->verify;
  return {};
}

Output ticket_output(const sync::Ticket& ticket, const std::string& path) {
  json::array users;
  for (const auto& user : ticket.users) users.push_back(json::object{{"user_id", user.id.hex()}, {"name", user.name}});
  json::object document{{"device_id", ticket.device.hex()},    {"name", ticket.device_name},
                        {"users", std::move(users)},           {"server", ticket.server_address},
                        {"ticket", path},                      {"ticket_id", ticket.id.hex()},
                        {"expires_at", instant(ticket.expires_at_ms)}};
  return {std::move(document), {{path, sync::write_ticket(ticket)}}};
}

// Events and ticket in one transaction; the file is the caller's to write.
Answer issue_ticket(Context& context, const NewTicket& wanted, const std::vector<model::Event>& events, const std::string& path) {
  sync::Ticket ticket = make_ticket(context, wanted);
  LANTAARN_TRY(add_recovery_key(context, ticket));
  const auto with_ticket = [&](Change& change) -> Status {
    LANTAARN_TRY(put_told_address(change, wanted.device, wanted.server_address));
    return change.put_ticket(record_of(ticket));
  };
  LANTAARN_TRY(context.record(events, with_ticket));
  return ticket_output(ticket, path);
}

model::Event device_added(const Context& context, const DeviceId& device, const std::string& name, const std::vector<UserId>& users) {
  model::Event event = context.new_event();
  auto& added = *event.mutable_device_added();
  added.set_device_id(model::id_field(device));
  added.set_name(name);
  for (const auto& user : users) added.add_users(model::id_field(user));
  return event;
}

Status check_new_name(const std::vector<DeviceView>& devices, const std::string& name) {
  if (model::fold_name(name).empty()) return refused("name_empty");
  const auto has_name = [&](const DeviceView& other) { return model::fold_name(other.name) == model::fold_name(name); };
  if (std::any_of(devices.begin(), devices.end(), has_name)) return refused("name_taken");
  return {};
}

}  // namespace

Answer add_device(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  LANTAARN_TRY(check_new_name(devices, arguments.one("name")));
  LANTAARN_ASSIGN(const auto address, channel::parse_address(arguments.one("server")));
  LANTAARN_ASSIGN(auto users, find_carriers(context.registry, arguments.all("users")));
  const NewTicket wanted{crypto::random_id<DeviceId>(), arguments.one("name"), address.to_text(), std::move(users)};
  std::vector<UserId> ids;
  for (const auto& user : wanted.users) ids.push_back(user.id);
  return issue_ticket(context, wanted, {device_added(context, wanted.device, wanted.device_name, ids)}, arguments.one("ticket"));
}

Answer add_device_user(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const DeviceView device, find_device(context.registry, arguments.one("name")));
  if (device.revoked) return refused("device_revoked");
  LANTAARN_ASSIGN(auto users, find_carriers(context.registry, {arguments.one("user")}));
  if (device.has_revoked(users.front().id)) return refused("user_revoked_here", {users.front().name});
  LANTAARN_ASSIGN(std::string address, told_address(context.registry, device.id));
  if (arguments.has("server")) {
    LANTAARN_ASSIGN(const auto given, channel::parse_address(arguments.one("server")));
    address = given.to_text();
  }
  std::vector<model::Event> events;
  std::vector<UserId> ids = device.users;
  if (std::find(ids.begin(), ids.end(), users.front().id) == ids.end()) {
    ids.push_back(users.front().id);
    events.push_back(device_added(context, device.id, device.name, ids));
  }
  return issue_ticket(context, {device.id, device.name, address, std::move(users)}, events, arguments.one("ticket"));
}

Answer list_devices(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(auto devices, context.registry.devices());
  sort_by_name(devices);
  LANTAARN_ASSIGN(const auto received, context.inbox.received());
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  LANTAARN_ASSIGN(const auto losses, open_losses(context.registry));
  json::array documents;
  for (const auto& device : devices) {
    LANTAARN_ASSIGN(const auto unlocks, duress_unlocks(context.registry, device.id));
    documents.push_back(device_document(device, received, names, losses));
    documents.back().as_object()["duress"] = duress_documents(unlocks, names);
  }
  return Output{std::move(documents), {}};
}

Answer revoke_device(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const DeviceView device, find_device(context.registry, arguments.one("name")));
  if (device.revoked) return refused("device_already_revoked", {device.name});
  LANTAARN_ASSIGN(const auto accepted, accepted_by_now(context, device.id));

  const model::Event event = device_revoked(context, device.id, accepted);
  json::array last_accepted;
  for (const auto& last : event.device_revoked().last_accepted()) {
    last_accepted.push_back(json::object{
        {"log_id", to_hex(as_bytes(last.log_id()))}, {"seq", last.seq()}, {"hash", to_hex(as_bytes(last.hash()))}});
  }
  LANTAARN_TRY(context.record({event}, [&](Change& change) { return retire_tickets(context.registry, change, device.id, {}); }));
  return Output{json::object{{"device_id", device.id.hex()},
                             {"name", device.name},
                             {"revoked_at", instant(event.recorded().wall_ms())},
                             {"last_accepted", std::move(last_accepted)}},
                {}};
}

}  // namespace lantaarn::server::admin
