// Bringing in an existing register, or what an earlier system kept: looked at first, recorded when told so.
#include <boost/json.hpp>
#include <span>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/import_rows.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kEventsPerTransaction = 500;
constexpr std::size_t kProblemsShownMax = 500;

Status record_all(Context& context, const std::vector<Bytes>& events) {
  for (std::size_t first = 0; first < events.size(); first += kEventsPerTransaction) {
    const auto from = events.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<Bytes> part(from, from + static_cast<std::ptrdiff_t>(std::min(kEventsPerTransaction, events.size() - first)));
    LANTAARN_TRY(context.merger.record(part, context.clock.now().wall_ms));
  }
  return {};
}

json::array problem_documents(const std::vector<RowProblem>& problems) {
  json::array documents;
  for (const RowProblem& problem : std::span(problems).first(std::min(problems.size(), kProblemsShownMax))) {
    documents.push_back(json::object{{"line", problem.line}, {"column", text_or_null(problem.column)}, {"code", problem.code}});
  }
  return documents;
}

}  // namespace

Answer import_file(Context& context, const Arguments& arguments) {
  if (!arguments.has("file") || !arguments.has("mapping")) return refused("usage", {"import FILE.csv --mapping FILE.json [--apply]"});
  const bool applies = arguments.has("apply");
  LANTAARN_ASSIGN(const ImportMapping mapping, read_mapping(arguments.one("mapping")));
  LANTAARN_ASSIGN(const ImportPlan plan, plan_import(context, mapping, arguments.one("file")));
  if (applies && !plan.problems.empty() && !arguments.has("skip-errors")) {
    return refused("import_has_errors", {std::to_string(plan.problems.size()), std::to_string(plan.problems.front().line)});
  }
  if (applies) LANTAARN_TRY(record_all(context, plan.events));
  return Output{json::object{{"kind", mapping.kind},
                             {"applied", applies},
                             {"rows", plan.rows},
                             {"added", plan.events.size()},
                             {"known", plan.known},
                             {"refused", plan.problems.size()},
                             {"errors", problem_documents(plan.problems)}}};
}

}  // namespace lantaarn::server::admin
