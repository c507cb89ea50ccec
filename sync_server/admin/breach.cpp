// A lost handheld: what is written down at once, and what is told about it.
#include "sync_server/admin/breach.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/directives.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/statements.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

constexpr std::int64_t kDayLengthMs = 24LL * 3600 * 1000;
constexpr std::int64_t kMinuteMs = 60 * 1000;

std::optional<int> minutes_of_day(std::string_view text) {
  int hour = 0, minute = 0;
  const bool shaped = text.size() == 5 && text[2] == ':';
  if (!shaped || std::from_chars(text.data(), text.data() + 2, hour).ptr != text.data() + 2 ||
      std::from_chars(text.data() + 3, text.data() + 5, minute).ptr != text.data() + 5) {
    return std::nullopt;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  return 60 * hour + minute;
}

struct Report {
  std::int64_t at_ms = 0;
  std::int64_t missed_since_ms = 0;
  UserId by;
  std::string reason;
};

// What this server itself wrote down about a device, oldest first.
template <typename Take>
Status each_fact(Context& context, int kind, const Take& take) {
  LANTAARN_ASSIGN(const auto entries, context.registry.entries_of_kind(kind));
  for (const StoredEntry& entry : entries) {
    if (entry.admission != Admission::kAdmitted) continue;
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    take(event);
  }
  return {};
}

// The first report: from then on the loss was known.
Result<std::optional<Report>> report_of(Context& context, const DeviceId& device) {
  std::optional<Report> first;
  LANTAARN_TRY(each_fact(context, model::Event::kDeviceReportedLost, [&](const model::Event& event) {
    const auto& fact = event.device_reported_lost();
    if (fact.device_id() != model::id_field(device)) return;
    const Report report{event.recorded().wall_ms(), fact.missed_since_ms(), UserId::from(event.author()).value_or(UserId{}), fact.reason()};
    if (!first || report.at_ms < first->at_ms) first = report;
  }));
  return first;
}

Result<std::int64_t> revoked_at(Context& context, const DeviceId& device) {
  std::int64_t at_ms = 0;
  LANTAARN_TRY(each_fact(context, model::Event::kDeviceRevoked, [&](const model::Event& event) {
    if (event.device_revoked().device_id() == model::id_field(device) && at_ms == 0) at_ms = event.recorded().wall_ms();
  }));
  return at_ms;
}

json::value report_document(const std::optional<Report>& report, const Names& names) {
  if (!report) return nullptr;
  return json::object{{"at", instant(report->at_ms)},
                      {"missed_since", instant(report->missed_since_ms)},
                      {"by_name", names.user(report->by)},
                      {"reason", report->reason},
                      {"notify_before", instant(report->at_ms + kNotifyWithinMs)}};
}

struct Concerned {
  json::array users;
  std::vector<Client> women;  ///< each once
};

// Whose cards it carried. What was on them is what stands here now: nobody keeps what a handheld was once given.
Result<Concerned> concerned_by(Context& context, const DeviceView& device) {
  LANTAARN_ASSIGN(const auto users, context.registry.users());
  Concerned concerned;
  for (const BoundUser& bound : bound_now(device)) {
    LANTAARN_ASSIGN(const auto women, context.registry.clients_of(bound.user));
    const auto known = std::find_if(users.begin(), users.end(), [&](const UserView& user) { return user.id == bound.user; });
    concerned.users.push_back(json::object{{"user_id", bound.user.hex()},
                                           {"name", known == users.end() ? bound.user.hex() : known->name},
                                           {"role", known == users.end() ? "" : known->role},
                                           {"women", women.size()}});
    for (const Client& woman : women) {
      const bool there = std::any_of(concerned.women.begin(), concerned.women.end(), [&](const Client& other) { return other.id == woman.id; });
      if (!there) concerned.women.push_back(woman);
    }
  }
  return concerned;
}

// By name only for who may open her record; the officer and the administrator count.
json::value names_of(Context& context, const std::vector<Client>& women) {
  if (context.opens != Opens::kAllRecords) return nullptr;
  json::array names;
  for (const Client& woman : women) {
    if (is_hidden(context, woman.id)) continue;  // counted, not named
    names.push_back(json::object{{"client_id", woman.id.hex()}, {"name", woman.aliases.empty() ? "" : woman.aliases.front()}});
  }
  return names;
}

// A lease is given at the end of a session: the last one was given when the handheld was last here.
json::object held_document(const DeviceView& device, const Standing& standing) {
  const std::int64_t lease_ms = static_cast<std::int64_t>(device.terms.lease_days) * kDayLengthMs;
  return {{"saved", standing.saved},
          {"received", standing.received},
          {"not_received", standing.saved - std::min(standing.saved, standing.received)},
          {"last_seen_at", instant_or_null(device.last_seen_ms)},
          {"lease_ends_at", instant_or_null(device.last_seen_ms == 0 ? 0 : device.last_seen_ms + lease_ms)}};
}

json::object sealing_document(const DeviceView& device) {
  return {{"strict", device.terms.strict},
          {"wrong_pins_max", device.terms.wrong_pins_max},
          {"lease_days", device.terms.lease_days},
          {"lease_boots", device.terms.lease_boots},
          {"device_secret", nullptr}};  // a handheld does not say what holds it
}

json::array measures(const DeviceView& device, std::int64_t revoked_ms) {
  json::array taken;
  for (const DirectiveView& directive : device.directives) {
    taken.push_back(json::object{{"what", directive.directive}, {"at", instant(directive.given_ms)}, {"carried_out_at", instant_or_null(directive.carried_out_ms)}});
  }
  if (revoked_ms != 0) taken.push_back(json::object{{"what", "revoked"}, {"at", instant(revoked_ms)}, {"carried_out_at", instant(revoked_ms)}});
  return taken;
}

bool is_asked(const DeviceView& device, std::string_view directive) {
  return std::any_of(device.directives.begin(), device.directives.end(),
                     [&](const DirectiveView& one) { return one.directive == directive && one.is_outstanding(); });
}

}  // namespace

Result<std::int64_t> read_instant(const std::string& typed) {
  if (const auto exact = parse_rfc3339(typed)) return *exact;
  const auto date = parse_date(typed.substr(0, 10));
  const bool with_time = typed.size() == 16 && (typed[10] == ' ' || typed[10] == 'T');
  const auto minutes = with_time ? minutes_of_day(std::string_view(typed).substr(11)) : std::optional(0);
  if (!date || !minutes || (typed.size() != 10 && !with_time)) return refused("instant_invalid");
  const std::int64_t local = to_day_number(*date) * kDayLengthMs + *minutes * kMinuteMs;
  // The offset of about then, and once more of the instant it gives: right outside the hour in which the clock is changed.
  const std::int64_t about = local - amsterdam_offset_minutes(local) * kMinuteMs;
  return local - amsterdam_offset_minutes(about) * kMinuteMs;
}

Answer report_lost(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const DeviceView device, find_device(context.registry, arguments.one("name")));
  LANTAARN_ASSIGN(const auto before, report_of(context, device.id));
  if (before) return refused("device_already_lost", {device.name});
  LANTAARN_ASSIGN(const std::int64_t since_ms, read_instant(arguments.one("since")));
  const std::int64_t now_ms = context.clock.now().wall_ms;
  if (since_ms > now_ms) return refused("instant_in_future");

  std::vector<model::Event> events{context.new_event()};
  auto& lost = *events.back().mutable_device_reported_lost();
  lost.set_device_id(model::id_field(device.id));
  lost.set_missed_since_ms(since_ms);
  lost.set_reason(context.reason);
  const bool wipes = device.channel_key && !device.wiped() && !is_asked(device, "wipe");
  if (wipes) events.push_back(directive_given(context, device.id, "wipe"));
  LANTAARN_ASSIGN(const auto accepted, accepted_by_now(context, device.id));
  if (!device.revoked) events.push_back(device_revoked(context, device.id, accepted));
  LANTAARN_TRY(context.record(events, [&](Change& change) { return retire_tickets(context.registry, change, device.id, {}); }));
  return Output{json::object{{"device_id", device.id.hex()},
                             {"name", device.name},
                             {"missed_since", instant(since_ms)},
                             {"reported_at", instant(now_ms)},
                             {"notify_before", instant(now_ms + kNotifyWithinMs)},
                             {"revoked", true},
                             {"wipe_asked", wipes || is_asked(device, "wipe")}}};
}

Answer breach_sheet(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const DeviceView device, find_device(context.registry, arguments.one("name")));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  LANTAARN_ASSIGN(const auto received, context.inbox.received());
  LANTAARN_ASSIGN(const auto report, report_of(context, device.id));
  LANTAARN_ASSIGN(const std::int64_t revoked_ms, revoked_at(context, device.id));
  LANTAARN_ASSIGN(const Concerned concerned, concerned_by(context, device));
  return Output{json::object{{"device_id", device.id.hex()},
                             {"name", device.name},
                             {"made_at", instant(context.clock.now().wall_ms)},
                             {"reported", report_document(report, names)},
                             {"users", concerned.users},
                             {"women", concerned.women.size()},
                             {"women_names", names_of(context, concerned.women)},
                             {"held", held_document(device, standing_of(device, received))},
                             {"sealing", sealing_document(device)},
                             {"measures", measures(device, revoked_ms)}}};
}

}  // namespace lantaarn::server::admin
