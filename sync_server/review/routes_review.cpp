// The review: what waits for a decision, deciding, and taking a decision back. Each decision is a fact of the server's own log.
#include <boost/json.hpp>

#include "sync_server/admin/commands.hpp"
#include "sync_server/review/body.hpp"
#include "sync_server/review/queue.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using access::Action;
using admin::Answer;
using admin::Arguments;
using admin::Output;

constexpr std::size_t kHistoryMax = 500;

// Each woman who is named in it was opened.
void note_opened(RouteCall& call, const json::object& item) {
  const auto note = [&](const json::value& id) {
    if (const auto client = id.is_string() ? ClientId::parse_hex(std::string(id.as_string())) : std::nullopt) call.opened.push_back(*client);
  };
  if (const auto* client = item.if_contains("client_id")) note(*client);
  if (const auto* clients = item.if_contains("clients")) {
    for (const auto& one : clients->as_array()) note(one);
  }
}

Answer show_queue(RouteCall& call) {
  const bool with_server = opens_by(call, "matches") == admin::Opens::kAllRecords;
  LANTAARN_ASSIGN(json::array items, queue_items(call.context, with_server));
  for (const auto& item : items) note_opened(call, item.as_object());
  return Output{json::object{{"items", std::move(items)}}, {}};
}

Answer show_history(RouteCall& call) {
  LANTAARN_ASSIGN(const std::size_t limit, number_asked(call, "limit", 50, kHistoryMax));
  return admin::list_decisions(call.context, Arguments{"", {{"limit", {std::to_string(limit)}}}, {}});
}

constexpr Member kPair[] = {{"client", "client", true}, {"other", "other", true}};
constexpr Member kClients[] = {{"clients", "clients", true}};
constexpr Member kContacts[] = {{"contacts", "contacts", true}};
constexpr Member kContactPair[] = {{"contact", "contact", true}, {"other", "other", true}};
constexpr Member kEntries[] = {{"entries", "entries", true}};
constexpr Member kChoice[] = {{"owner_kind", "owner_kind", true}, {"owner", "owner", true}, {"field", "field", true}, {"heads", "heads", true}};
constexpr Member kUndone[] = {{"event_id", "event_id", true}};

Result<Arguments> link(RouteCall& call) { return decision_of(call, "client link", kPair); }
Result<Arguments> keep_apart(RouteCall& call) { return decision_of(call, "client apart", kPair); }
Result<Arguments> unlink(RouteCall& call) { return decision_of(call, "client unlink", kClients); }
Result<Arguments> share(RouteCall& call) { return decision_of(call, "contact share", kContacts); }
Result<Arguments> keep_contacts_apart(RouteCall& call) { return decision_of(call, "contact apart", kContactPair); }
Result<Arguments> admit(RouteCall& call) { return decision_of(call, "quarantine admit", kEntries); }
Result<Arguments> undo(RouteCall& call) { return decision_of(call, "review undo", kUndone); }

// The value may be empty: not stated.
Result<Arguments> choose(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "review choose", kChoice));
  const auto* value = call.request.body.as_object().if_contains("value");
  if (value == nullptr || !value->is_string()) return refused("request_malformed", {"value"});
  arguments.values["value"] = {std::string(value->as_string())};
  return arguments;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "review/queue", "review", Action::kRead, "review", show_queue, nullptr},
    {Method::kGet, "review/history", "page history", Action::kRead, "review", show_history, nullptr},
    {Method::kPost, "review/link", "client link", Action::kUpdate, "decision", nullptr, link},
    {Method::kPost, "review/apart", "client apart", Action::kUpdate, "decision", nullptr, keep_apart},
    {Method::kPost, "review/unlink", "client unlink", Action::kUpdate, "decision", nullptr, unlink},
    {Method::kPost, "review/choose", "review choose", Action::kUpdate, "decision", nullptr, choose},
    {Method::kPost, "review/share", "contact share", Action::kUpdate, "decision", nullptr, share},
    {Method::kPost, "review/contacts-apart", "contact apart", Action::kUpdate, "decision", nullptr, keep_contacts_apart},
    {Method::kPost, "review/admit", "quarantine admit", Action::kUpdate, "decision", nullptr, admit},
    {Method::kPost, "review/undo", "review undo", Action::kUpdate, "decision", nullptr, undo},
};

}  // namespace

std::span<const Route> review_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
