// What was written down, who may come in, who is related to whom, and opening a dossier.
#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "common/model/limits.hpp"
#include "common/model/fields.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/review/desk.hpp"
#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {
namespace {

namespace json = boost::json;
using access::Action;
using admin::Answer;
using admin::Output;

constexpr std::size_t kEntriesMax = 500;
constexpr std::int64_t kDayMs = 24LL * 60 * access::kMinuteMs;

std::string_view word_of(access::Outcome outcome) {
  return outcome == access::Outcome::kSuccess ? "success" : outcome == access::Outcome::kRefused ? "refused" : "failed";
}

json::object entry_document(const access::LoggedRecord& logged, const admin::Names& names) {
  const access::AccessRecord& record = logged.record;
  json::array clients;
  for (const ClientId& client : record.clients) clients.emplace_back(client.hex());
  return {{"seq", logged.seq},
          {"at", admin::instant(record.at_ms)},
          {"user_id", record.user ? json::value(record.user->hex()) : json::value(nullptr)},
          {"user", record.user ? json::value(names.user(*record.user)) : json::value(nullptr)},
          {"role", admin::text_or_null(record.role)},
          {"action", std::string(1, static_cast<char>(record.action))},
          {"object", record.object},
          {"route", record.event},
          {"client_ids", std::move(clients)},
          {"outcome", word_of(record.outcome)},
          {"code", admin::text_or_null(record.code)},
          {"own", record.treatment_relation},
          {"emergency", record.emergency},
          {"consent", record.consent},
          {"reason", admin::text_or_null(record.reason)},
          {"detail", admin::text_or_null(record.detail)},
          {"peer", record.peer},
          {"session", admin::text_or_null(to_hex(record.session))}};
}

// Midnight in Amsterdam.
std::int64_t start_of(const CivilDate& date) {
  const std::int64_t utc = static_cast<std::int64_t>(to_day_number(date)) * kDayMs;
  return utc - amsterdam_offset_minutes(utc) * access::kMinuteMs;
}

Result<std::int64_t> day_in(const Request& request, std::string_view name, int add) {
  const std::string text = request.one(name);
  if (text.empty()) return 0;
  const auto date = parse_date(text);
  if (!date) return refused("date_invalid", {text});
  return start_of(add_days(*date, add));
}

Result<std::uint64_t> number_in(const Request& request, std::string_view name, std::uint64_t otherwise) {
  const std::string text = request.one(name);
  if (text.empty()) return otherwise;
  if (text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) return refused("number_invalid", {text});
  return std::stoull(text);
}

Result<access::LogFilter> filter_in(const Request& request) {
  access::LogFilter filter;
  LANTAARN_ASSIGN(filter.from_ms, day_in(request, "from", 0));
  LANTAARN_ASSIGN(filter.until_ms, day_in(request, "through", 1));
  LANTAARN_ASSIGN(filter.before_seq, number_in(request, "before", 0));
  LANTAARN_ASSIGN(const auto limit, number_in(request, "limit", 100));
  filter.limit = std::clamp<std::size_t>(limit, 1, kEntriesMax);
  if (const std::string text = request.one("user"); !text.empty()) {
    filter.user = UserId::parse_hex(text);
    if (!filter.user) return refused("user_not_found", {"", ""});
  }
  if (const std::string text = request.one("client"); !text.empty()) {
    filter.client = ClientId::parse_hex(text);
    if (!filter.client) return refused("client_not_found");
  }
  if (const std::string text = request.one("action"); text.size() == 1) filter.action = static_cast<Action>(text.front());
  filter.emergency_only = request.one("emergency") == "1";
  return filter;
}

Answer page_of(RouteCall& call, const access::LogFilter& filter) {
  LANTAARN_ASSIGN(const auto names, admin::Names::load(call.context.registry));
  LANTAARN_ASSIGN(const auto entries, call.desk.log.read(filter));
  json::array documents;
  for (const auto& entry : entries) documents.push_back(entry_document(entry, names));
  const bool more = entries.size() == filter.limit;
  return Output{json::object{{"entries", std::move(documents)}, {"next", more ? json::value(entries.back().seq) : json::value(nullptr)}}};
}

Answer read_log(RouteCall& call) {
  LANTAARN_ASSIGN(const auto filter, filter_in(call.request));
  return page_of(call, filter);
}

// Hers: who looked, in which role, why. Also for the copy she gets (GDPR 15).
Answer accesses_of(RouteCall& call) {
  LANTAARN_ASSIGN(auto filter, filter_in(call.request));
  filter.client = call.client;
  return page_of(call, filter);
}

Answer verify_log(RouteCall& call) {
  const auto verified = call.desk.verify_log(call.context.registry);
  if (!verified.ok() && verified.error().kind != ErrorKind::kCorrupt) return verified.error();
  json::object document{{"ok", verified.ok()}, {"entries", verified.ok() ? *verified : call.desk.log.head().seq}};
  if (!verified.ok()) document["code"] = verified.error().code;
  if (!verified.ok() && !verified.error().args.empty()) document["entry"] = verified.error().args.front();
  return Output{std::move(document)};
}

// Paper leaves the building: that it was made is written down (NEN 7513), before the browser's own dialogue.
Answer note_print(RouteCall&) { return Output{json::object()}; }

Result<UserView> user_meant(RouteCall& call, const std::string& id) {
  LANTAARN_ASSIGN(const auto users, call.context.registry.users());
  for (const UserView& user : users) {
    if (user.id.hex() == id) return user;
  }
  return refused("user_not_found", {"", ""});
}

Answer invite(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, user_meant(call, call.param("user")));
  LANTAARN_ASSIGN(const std::string token, call.desk.invitations.invite(user.id, call.context.person->id, call.now.wall_ms));
  call.detail = user.id.hex();
  return Output{json::object{{"token", token}, {"link", call.desk.link_of(token)}, {"expires_at", admin::instant(call.now.wall_ms + access::kInvitationMs)}}};
}

// Who leaves: nothing she has opens anything any more, at once.
Answer close_account(RouteCall& call) {
  LANTAARN_ASSIGN(const UserView user, user_meant(call, call.param("user")));
  if (user.id == call.context.person->id) return refused("not_yourself");
  using access::ItemKind;
  for (const ItemKind kind : {ItemKind::kPasskey, ItemKind::kPassword, ItemKind::kRecoveryCode, ItemKind::kInvitation, ItemKind::kOpening}) {
    LANTAARN_TRY(call.desk.accounts.remove_all(kind, user.id.view()));
  }
  call.desk.sessions.end_all(user.id);
  call.detail = user.id.hex();
  return Output{json::object()};
}

Status check_reason(const std::string& reason) {
  const auto characters = model::characters_in(reason);
  if (!characters) return refused("text_invalid");
  if (*characters > model::kReasonCharactersMax) return refused("text_too_long", {std::to_string(model::kReasonCharactersMax)});
  return {};
}

Answer open_dossier(RouteCall& call) {
  const std::string reason = call.request.text("reason");
  LANTAARN_TRY(check_reason(reason));
  const bool emergency = call.request.flag("emergency");
  const auto sees = call.context.opens == admin::Opens::kAllRecords ? access::Sees::kEverybody : access::Sees::kOwnCaseload;
  const std::int64_t day_end = start_of(add_days(date_in_amsterdam(call.now.wall_ms), 1));
  LANTAARN_ASSIGN(const std::int64_t until, call.desk.gate.open(call.context.person->id, *call.client, sees, reason, emergency, call.now.wall_ms, day_end));
  if (emergency) call.detail = "emergency";
  return Output{json::object{{"until", admin::instant(until)}}};
}

Answer list_relations(RouteCall& call) {
  LANTAARN_ASSIGN(const auto names, admin::Names::load(call.context.registry));
  LANTAARN_ASSIGN(const auto declared, call.desk.gate.declared());
  json::array documents;
  for (const auto& each : declared) {
    documents.push_back(json::object{{"id", to_hex(each.id)}, {"user_id", each.user.hex()}, {"user", names.user(each.user)},
                                     {"client_id", each.client.hex()}, {"at", admin::instant(each.at_ms)}});
  }
  return Output{std::move(documents)};
}

Answer declare_relation(RouteCall& call) {
  const std::string reason = call.request.text("reason");
  if (reason.empty()) return refused("reason_needed");
  LANTAARN_TRY(check_reason(reason));
  LANTAARN_ASSIGN(const UserView user, user_meant(call, call.request.text("user")));
  const auto client = ClientId::parse_hex(call.request.text("client"));
  if (!client) return refused("client_not_found");
  LANTAARN_ASSIGN(const auto known, call.context.registry.client(*client));
  if (!known) return refused("client_not_found");
  LANTAARN_ASSIGN(const Bytes id, call.desk.gate.declare(user.id, *client, call.context.person->id, reason, call.now.wall_ms));
  call.opened.push_back(*client);
  return Output{json::object{{"id", to_hex(id)}}};
}

Answer withdraw_relation(RouteCall& call) {
  const auto id = from_hex(call.param("relation"));
  if (!id) return refused("relation_not_found");
  LANTAARN_TRY(call.desk.gate.withdraw(*id));
  return Output{json::object()};
}

constexpr Route kRoutes[] = {
    {Method::kGet, "access-log", "access log", Action::kRead, "access log", read_log},
    {Method::kGet, "access-log/verify", "access-log verify", Action::kExecute, "access log", verify_log},
    {Method::kGet, "clients/{client}/accesses", "client accesses", Action::kRead, "access log", accesses_of},
    {Method::kPost, "clients/{client}/print", "client show", Action::kExecute, "print", note_print},
    {Method::kPost, "clients/{client}/opening", "client open", Action::kExecute, "opening", open_dossier},
    {Method::kPost, "users/{user}/invitation", "user invite", Action::kCreate, "invitation", invite},
    {Method::kDelete, "users/{user}/access", "user close", Action::kDelete, "credential", close_account},
    {Method::kGet, "relations", "relations", Action::kRead, "relation", list_relations},
    {Method::kPost, "relations", "relation declare", Action::kCreate, "relation", declare_relation},
    {Method::kDelete, "relations/{relation}", "relation declare", Action::kDelete, "relation", withdraw_relation},
};

}  // namespace

std::span<const Route> access_log_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
