#include "sync_server/admin/directives.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/duress.hpp"
#include "sync_server/merge/admission.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using Positions = google::protobuf::RepeatedPtrField<model::pb::LogPosition>;

void fill_positions(const std::vector<EntryPlace>& ends, Positions& positions) {
  for (const EntryPlace& end : ends) {
    auto& last = *positions.Add();
    last.set_log_id(model::id_field(end.log));
    last.set_seq(end.seq);
    last.set_hash(to_string(end.hash));
  }
}

// "device revoke-user" asks revoke_user.
std::string directive_in(const std::string& command) {
  std::string directive = command.substr(command.find(' ') + 1);
  std::replace(directive.begin(), directive.end(), '-', '_');
  return directive;
}

Result<std::optional<UserView>> user_asked(Context& context, const Arguments& arguments, const std::string& directive, const DeviceView& device) {
  if (directive != "revoke_user") return std::optional<UserView>();
  LANTAARN_ASSIGN(const UserView user, find_user(context.registry, arguments.one("user")));
  if (device.binding_of(user.id) == nullptr) return refused("user_not_on_device", {user.name, device.name});
  return std::optional(user);
}

// A handheld that somebody was made to unlock is let go again like one that was locked.
Status check_locked(Registry& registry, const DeviceView& device) {
  if (device.locked()) return {};
  LANTAARN_ASSIGN(const auto unlocks, duress_unlocks(registry, device.id));
  const bool held = std::any_of(unlocks.begin(), unlocks.end(), [](const DuressUnlock& unlock) { return unlock.held; });
  return held ? Status{} : refused("device_not_locked", {device.name});
}

// A handheld that cannot connect would never hear of it, and a second one of the same says nothing new.
Status check_askable(Registry& registry, const DeviceView& device, const std::string& directive) {
  if (device.revoked) return refused("device_revoked");
  if (!device.channel_key) return refused("device_not_enrolled", {device.name});
  if (directive == "unlock") return check_locked(registry, device);
  const bool stands = std::any_of(device.directives.begin(), device.directives.end(), [&](const DirectiveView& one) {
    return one.directive == directive && directive != "revoke_user" && (one.is_outstanding() || (directive == "lock" && !one.lifted));
  });
  return stands ? refused("directive_given_already", {device.name}) : Status{};
}

// What is no number is 0, which no term may be: the model says so, with the limits.
std::uint32_t number_or(const Arguments& arguments, const char* name, std::uint32_t otherwise) {
  if (!arguments.has(name)) return otherwise;
  const std::string text = arguments.one(name);
  std::uint32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? number : 0;
}

Result<bool> yes_or_no(const Arguments& arguments, const char* name, bool otherwise) {
  if (!arguments.has(name)) return otherwise;
  const std::string text = arguments.one(name);
  if (text != "yes" && text != "no") return refused("yes_no_invalid", {name});
  return text == "yes";
}

}  // namespace

Result<std::vector<EntryPlace>> accepted_by_now(Context& context, const DeviceId& device) {
  LANTAARN_TRY(context.merger.merge(context.inbox));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  return last_accepted(context.registry, *directory, device);
}

model::Event device_revoked(const Context& context, const DeviceId& device, const std::vector<EntryPlace>& accepted) {
  model::Event event = context.new_event();
  event.mutable_device_revoked()->set_device_id(model::id_field(device));
  fill_positions(accepted, *event.mutable_device_revoked()->mutable_last_accepted());
  return event;
}

model::Event directive_given(const Context& context, const DeviceId& device, std::string_view directive) {
  model::Event event = context.new_event();
  auto& given = *event.mutable_directive_given();
  given.set_device_id(model::id_field(device));
  given.set_directive(std::string(directive));
  given.set_reason(context.reason);
  return event;
}

Status retire_tickets(Registry& registry, Change& change, const DeviceId& device, const std::optional<UserId>& user) {
  LANTAARN_ASSIGN(auto tickets, registry.tickets());
  for (auto& ticket : tickets) {
    if (ticket.device != device || ticket.spent) continue;
    if (user && std::find(ticket.users.begin(), ticket.users.end(), *user) == ticket.users.end()) continue;
    ticket.spent = true;
    LANTAARN_TRY(change.put_ticket(ticket));
  }
  return {};
}

Answer give_directive(Context& context, const Arguments& arguments) {
  const std::string directive = directive_in(arguments.command);
  LANTAARN_ASSIGN(const DeviceView device, find_device(context.registry, arguments.one("name")));
  LANTAARN_TRY(check_askable(context.registry, device, directive));
  LANTAARN_ASSIGN(const auto user, user_asked(context, arguments, directive, device));
  model::Event event = directive_given(context, device.id, directive);
  Merger::Also also;
  if (user) {
    auto& given = *event.mutable_directive_given();
    given.set_user_id(model::id_field(user->id));
    LANTAARN_ASSIGN(const auto accepted, accepted_by_now(context, device.id));
    fill_positions(accepted, *given.mutable_last_accepted());
    also = [&](Change& change) { return retire_tickets(context.registry, change, device.id, user->id); };
  }
  LANTAARN_ASSIGN(const auto ids, context.record({event}, also));
  json::object document{{"directive_id", ids.front().hex()}, {"device_id", device.id.hex()},
                        {"name", device.name},               {"directive", directive},
                        {"user_id", nullptr},                {"given_at", instant(event.recorded().wall_ms())}};
  if (user) document["user_id"] = user->id.hex();
  return Output{std::move(document), {}};
}

Answer set_terms(Context& context, const Arguments& arguments) {
  if (arguments.has("name") == arguments.has("all")) return refused("usage", {"DEVICE | --all"});
  std::optional<DeviceView> device;
  DeviceTerms terms;
  if (arguments.has("name")) {
    LANTAARN_ASSIGN(device, find_device(context.registry, arguments.one("name")));
    terms = device->terms;
  } else {
    LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
    terms = directory->terms_of_all();
  }
  terms.lease_days = number_or(arguments, "lease-days", terms.lease_days);
  terms.lease_boots = number_or(arguments, "boots", terms.lease_boots);
  terms.wrong_pins_max = number_or(arguments, "wrong-pins", terms.wrong_pins_max);
  LANTAARN_ASSIGN(terms.strict, yes_or_no(arguments, "strict", terms.strict));
  LANTAARN_ASSIGN(terms.duress_pin, yes_or_no(arguments, "duress-pin", terms.duress_pin));
  model::Event event = context.new_event();
  auto& set = *event.mutable_device_terms_set();
  if (device) set.set_device_id(model::id_field(device->id));
  set.set_lease_days(terms.lease_days);
  set.set_lease_boots(terms.lease_boots);
  set.set_strict(terms.strict);
  set.set_duress_pin(terms.duress_pin);
  set.set_wrong_pins_max(terms.wrong_pins_max);
  set.set_reason(context.reason);
  LANTAARN_TRY(context.record({event}));
  json::object document = terms_document(terms);
  document["device_id"] = device ? json::value(device->id.hex()) : json::value(nullptr);
  document["name"] = device ? json::value(device->name) : json::value(nullptr);
  return Output{std::move(document), {}};
}

}  // namespace lantaarn::server::admin
