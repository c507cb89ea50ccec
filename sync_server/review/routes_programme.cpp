// The programme: rounds, money, hours, who looks after whom.
#include <algorithm>
#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/programme.hpp"
#include "sync_server/review/body.hpp"
#include "sync_server/review/caseload_page.hpp"
#include "sync_server/review/money.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using access::Action;
using admin::Answer;
using admin::Output;

constexpr int kRoundsDaysBack = 90;

json::object round_document(const Round& round, const admin::Names& names) {
  return {{"round_id", round.id.hex()},
          {"started_at", admin::instant_or_null(round.started_ms.value_or(0))},
          {"ended_at", admin::instant_or_null(round.ended_ms.value_or(0))},
          {"owner", round.owner ? json::value(round.owner->hex()) : json::value(nullptr)},
          {"owner_name", round.owner ? json::value(names.user(*round.owner)) : json::value(nullptr)},
          {"colleagues", json::array(round.colleagues.begin(), round.colleagues.end())},
          {"places", json::array(round.places.begin(), round.places.end())},
          {"head_count", round.head_count}};
}

// The newest first; of three months when no period was asked for. Nobody who was met is in it.
Answer list_rounds(RouteCall& call) {
  LANTAARN_ASSIGN(std::string from, date_asked(call, "from"));
  LANTAARN_ASSIGN(const std::string through, date_asked(call, "through"));
  if (from.empty() && through.empty()) from = to_string(add_days(date_in_amsterdam(call.context.clock.now().wall_ms), -kRoundsDaysBack));
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(call.context.registry));
  std::vector<Round> rounds;
  LANTAARN_TRY(call.context.registry.rounds([&](const Round& round) -> Status {
    const std::string day = to_string(date_in_amsterdam(round.started_ms.value_or(0)));
    if ((from.empty() || day >= from) && (through.empty() || day <= through)) rounds.push_back(round);
    return {};
  }));
  std::stable_sort(rounds.begin(), rounds.end(), [](const Round& a, const Round& b) { return a.started_ms.value_or(0) > b.started_ms.value_or(0); });
  json::array documents;
  for (const Round& round : rounds) documents.push_back(round_document(round, names));
  return Output{std::move(documents), {}};
}

// Activity by role: what the overview adds up, of the period asked for.
Answer show_hours(RouteCall& call) {
  LANTAARN_ASSIGN(const std::string from, date_asked(call, "from"));
  LANTAARN_ASSIGN(const std::string through, date_asked(call, "through"));
  LANTAARN_ASSIGN(json::object programme, admin::programme_document(call.context.registry, call.context.today(), from, through));
  return Output{std::move(programme["hours"]), {}};
}

constexpr Route kRoutes[] = {
    {Method::kGet, "rounds", "page programme", Action::kRead, "rounds", list_rounds, nullptr},
    {Method::kGet, "programme/time-out", "page programme", Action::kRead, "time-out", show_time_out, nullptr},
    {Method::kGet, "programme/flex-budget", "page programme", Action::kRead, "budget", show_flex_budget, nullptr},
    {Method::kGet, "hours", "page programme", Action::kRead, "hours", show_hours, nullptr},
    {Method::kGet, "caseload", "page caseload", Action::kRead, "caseload", show_caseload, nullptr},
};

}  // namespace

std::span<const Route> programme_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
