#include "sync_server/review/money.hpp"

#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/budget.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/review/body.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using admin::Answer;
using admin::Output;

// With who may see records this one does.
admin::Context with_records(const RouteCall& call) {
  admin::Context context = call.context;
  context.opens = opens_by(call, "records");
  return context;
}

// Nobody's name goes to who counts money.
Status put_woman(RouteCall& call, admin::Context& context, const Record& record, json::object& document) {
  document["client_id"] = nullptr;
  document["name"] = nullptr;
  if (!record.client) return {};
  LANTAARN_ASSIGN(const auto client, admin::visible_client(context, *record.client));
  if (!client) return {};
  document["client_id"] = client->id.hex();
  document["name"] = client->aliases.empty() ? json::value(nullptr) : json::value(client->aliases.front());
  call.opened.push_back(client->id);
  return {};
}

RecordFilter of_year(const char* kind, int year) {
  RecordFilter filter;
  filter.kind = kind;
  filter.from_date = std::to_string(year) + "-01-01";
  filter.through_date = std::to_string(year) + "-12-31";
  return filter;
}

Result<int> year_asked(const RouteCall& call) {
  const int this_year = date_in_amsterdam(call.context.clock.now().wall_ms).year;
  LANTAARN_ASSIGN(const std::size_t year, number_asked(call, "year", static_cast<std::size_t>(this_year), 9999));
  if (year < 1970) return refused("request_malformed", {"year"});
  return static_cast<int>(year);
}

}  // namespace

Answer show_time_out(RouteCall& call) {
  LANTAARN_ASSIGN(const int year, year_asked(call));
  LANTAARN_ASSIGN(const auto tariffs, admin::time_out_tariffs(call.context.registry));
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(call.context.registry));
  admin::Context context = with_records(call);
  std::int64_t days = 0, cents = 0;
  json::array stays;
  const auto add_stay = [&](const Record& record) -> Status {
    const json::object whole = admin::record_document(record, names, context.today(), tariffs);
    const auto& derived = whole.at("derived").as_object();
    auto values = admin::values_of(record);
    json::object stay{{"record_id", record.id.hex()},       {"from", values["from"]},     {"through", admin::text_or_null(values["through"])},
                      {"days", derived.at("days")}, {"cents", derived.at("cents")}, {"warning", derived.at("warning")}};
    days += derived.at("days").to_number<std::int64_t>();
    cents += derived.at("cents").to_number<std::int64_t>();
    LANTAARN_TRY(put_woman(call, context, record, stay));
    stays.push_back(std::move(stay));
    return {};
  };
  LANTAARN_TRY(context.registry.records(of_year("time_out_stay", year), add_stay));
  const auto used = stays.size();
  return Output{json::object{{"year", year},
                             {"cap", model::kStaysAYear},
                             {"used", used},
                             {"above_cap", used > static_cast<std::size_t>(model::kStaysAYear)},
                             {"days", days},
                             {"cents", cents},
                             {"stays", std::move(stays)}},
                {}};
}

Answer show_flex_budget(RouteCall& call) {
  LANTAARN_ASSIGN(const int year, year_asked(call));
  LANTAARN_ASSIGN(auto years, admin::budget_years(call.context.registry));
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(call.context.registry));
  admin::Context context = with_records(call);
  json::array grants, spendings;
  const auto put = [&](const char* kind, json::array& into) {
    return context.registry.records(of_year(kind, year), [&](const Record& record) -> Status {
      json::object document = admin::record_document(record, names, context.today(), {});
      LANTAARN_TRY(put_woman(call, context, record, document));
      // What it was for may say who she is.
      if (record.client && document.at("client_id").is_null()) {
        document["values"].as_object().erase("text");
        document["fields"] = json::array();
      }
      into.push_back(std::move(document));
      return {};
    });
  };
  LANTAARN_TRY(put("budget_grant", grants));
  LANTAARN_TRY(put("budget_spending", spendings));
  const model::BudgetYear budget = years[year];
  return Output{json::object{{"year", year},
                             {"granted_cents", budget.granted_cents},
                             {"spent_cents", budget.spent_cents},
                             {"balance_cents", budget.balance_cents()},
                             {"overdrawn", budget.balance_cents() < 0},
                             {"grants", std::move(grants)},
                             {"spendings", std::move(spendings)}},
                {}};
}

}  // namespace lantaarn::server::review
