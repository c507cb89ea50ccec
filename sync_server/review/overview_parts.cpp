#include "sync_server/review/overview_parts.hpp"

#include <boost/json.hpp>
#include <map>
#include <set>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/health.hpp"
#include "sync_server/review/body.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

constexpr std::int64_t kDayLengthMs = 24LL * 3600 * 1000;
constexpr std::size_t kOverdueShown = 200;
constexpr int kMonths = 12;

std::string month_of(const CivilDate& date) { return to_string(date).substr(0, 7); }

CivilDate first_month(const CivilDate& today) {
  const int months = today.year * 12 + static_cast<int>(today.month) - 1 - (kMonths - 1);
  CivilDate first = today;
  first.year = months / 12;
  first.month = static_cast<decltype(first.month)>(months % 12 + 1);
  first.day = 1;
  return first;
}

// Her own caseload, whatever else she may see.
Result<std::map<ClientId, std::string>> own_women(RouteCall& call) {
  std::map<ClientId, std::string> own;
  if (!call.context.person || opens_by(call, "clients") == admin::Opens::kNothing) return own;
  LANTAARN_ASSIGN(const auto clients, call.context.registry.clients_of(call.context.person->id));
  for (const Client& client : clients) {
    if (!admin::is_hers(call.context, client) || admin::is_hidden(call.context, client.id)) continue;
    own[client.id] = client.aliases.empty() ? std::string() : client.aliases.front();
  }
  return own;
}

}  // namespace

Result<json::array> contacts_by_month(RouteCall& call) {
  const CivilDate today = date_in_amsterdam(call.context.clock.now().wall_ms);
  LANTAARN_ASSIGN(const auto days, call.context.registry.contacts_by_day(to_string(first_month(today))));
  std::map<std::pair<std::string, std::string>, std::uint64_t> months;
  for (const auto& day : days) months[{month_of(from_day_number(day.day)), day.channel}] += day.contacts;
  json::array rows;
  for (const auto& [at, contacts] : months) {
    if (at.first > month_of(today)) continue;  // a clock that was wrong
    rows.push_back(json::object{{"month", at.first}, {"channel", at.second}, {"contacts", contacts}});
  }
  return rows;
}

json::array silent_handhelds(const RouteCall& call, const Overview& overview) {
  const std::int64_t now_ms = call.context.clock.now().wall_ms;
  json::array rows;
  for (const DeviceView& device : overview.handhelds) {
    const bool is_expected = device.channel_key && !device.revoked && !device.wiped();
    if (!is_expected || now_ms - device.last_seen_ms < admin::kSilentMs) continue;
    rows.push_back(json::object{{"device_id", device.id.hex()},
                                {"name", device.name},
                                {"last_seen_at", admin::instant_or_null(device.last_seen_ms)},
                                {"days", device.last_seen_ms == 0 ? json::value(nullptr) : json::value((now_ms - device.last_seen_ms) / kDayLengthMs)}});
  }
  return rows;
}

Result<json::array> gaps(RouteCall& call, const Overview& overview) {
  LANTAARN_ASSIGN(const auto received, call.context.inbox.received());
  json::array rows;
  for (const DeviceView& device : overview.handhelds) {
    for (const LogView& log : device.logs) {
      const auto found = received.find({device.id, log.log});
      const std::uint64_t here = std::max(log.received, found == received.end() ? 0 : found->second.seq);
      if (log.saved <= here) continue;
      rows.push_back(json::object{{"device", device.name}, {"device_id", device.id.hex()}, {"first", here + 1}, {"last", log.saved}});
    }
  }
  return rows;
}

Result<json::array> overdue(RouteCall& call, const Overview& overview) {
  LANTAARN_ASSIGN(const auto own, own_women(call));
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(call.context.registry));
  const bool sees_all = opens_by(call, "clients") == admin::Opens::kAllRecords;
  json::array rows;
  for (const FollowUp& due : overview.follow_ups_due) {
    if (rows.size() == kOverdueShown) break;
    if (due.client && admin::is_hidden(call.context, *due.client)) continue;
    const auto hers = due.client ? own.find(*due.client) : own.end();
    json::object row{{"follow_up_id", due.id.hex()}, {"due_date", due.due_date}, {"owner", nullptr}, {"owner_name", nullptr},
                     {"client_id", nullptr}, {"name", nullptr}, {"text", nullptr}};
    if (due.owner) {
      row["owner"] = due.owner->hex();
      row["owner_name"] = names.user(*due.owner);
    }
    if (due.client && (hers != own.end() || sees_all)) row["client_id"] = due.client->hex();
    if (hers != own.end()) {
      row["name"] = admin::text_or_null(hers->second);
      LANTAARN_ASSIGN(const auto whole, call.context.registry.follow_up(due.id));
      if (whole) row["text"] = admin::text_or_null(whole->text);
      call.opened.push_back(*due.client);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<json::object> out_of_sight(RouteCall& call, const Overview& overview) {
  json::array own;
  const admin::Opens opens = opens_by(call, "out-of-sight");
  if (opens == admin::Opens::kOwnRecords) {
    admin::Context context = call.context;
    context.opens = opens;
    LANTAARN_ASSIGN(const admin::Output listed, admin::list_out_of_sight(context, {}));
    const int today = to_day_number(date_in_amsterdam(context.clock.now().wall_ms));
    for (const auto& one : listed.document.as_array()) {
      const auto& woman = one.as_object();
      const auto last = woman.at("last_spoken_date").is_string() ? parse_date(std::string_view(woman.at("last_spoken_date").as_string())) : std::nullopt;
      own.push_back(json::object{{"client_id", woman.at("client_id")},
                                 {"name", woman.at("name")},
                                 {"days", last ? json::value(today - to_day_number(*last)) : json::value(nullptr)}});
      if (const auto id = ClientId::parse_hex(std::string(woman.at("client_id").as_string()))) call.opened.push_back(*id);
    }
  }
  return json::object{{"count", overview.out_of_sight}, {"own", std::move(own)}};
}

}  // namespace lantaarn::server::review
