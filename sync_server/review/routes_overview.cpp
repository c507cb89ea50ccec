// The first page, and what goes on while it stands open.
#include <boost/json.hpp>

#include "sync_server/admin/figures.hpp"
#include "sync_server/review/body.hpp"
#include "sync_server/review/overview_parts.hpp"
#include "sync_server/review/queue.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using access::Action;
using admin::Answer;
using admin::Output;

Answer show_overview(RouteCall& call) {
  LANTAARN_ASSIGN(const std::string from, date_asked(call, "from"));
  LANTAARN_ASSIGN(const std::string through, date_asked(call, "through"));
  LANTAARN_ASSIGN(Overview overview, call.context.registry.overview(call.context.today(), from, through));
  LANTAARN_ASSIGN(json::object document, admin::overview_document(call.context, overview, from, through));
  LANTAARN_ASSIGN(const QueueCounts queue, count_queue(call.context, overview));
  document["queue"] = json::object{{"matches", queue.matches},       {"conflicts", queue.conflicts}, {"shared", queue.shared},
                                   {"quarantine", queue.quarantine}, {"forks", queue.forks},         {"losses", queue.losses}};
  LANTAARN_ASSIGN(document["by_month"], contacts_by_month(call));
  document["silent_handhelds"] = silent_handhelds(call, overview);
  LANTAARN_ASSIGN(document["gaps"], gaps(call, overview));
  LANTAARN_ASSIGN(document["overdue"], overdue(call, overview));
  LANTAARN_ASSIGN(document["out_of_sight"], out_of_sight(call, overview));
  return Output{std::move(document), {}};
}

// What comes in from here on is the web process's to pass on.
Answer open_events(RouteCall& call) {
  if (call.reply != nullptr) call.reply->is_stream = true;
  return Output{nullptr, {}};
}

constexpr Route kRoutes[] = {
    {Method::kGet, "overview", "overview", Action::kRead, "overview", show_overview, nullptr},
    {Method::kGet, "events", "", Action::kRead, "", open_events, nullptr},
};

}  // namespace

std::span<const Route> overview_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
