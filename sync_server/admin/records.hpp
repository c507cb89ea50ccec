#pragma once
// Records on the server's command line: what was typed becomes a fact, and what is stored becomes a document with what
// follows from it (waiting days, cost, warnings).

#include "common/model/record_kinds.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/lookup.hpp"

namespace lantaarn::server::admin {

/// Which rule of roles.hpp a command falls under: what is about the programme names no woman.
[[nodiscard]] Result<std::string> rule_of(Context& context, const Arguments& arguments);

/// A record by its id or a beginning of it (kIdPrefixMin digits); of a woman only when she may be seen.
/// kRefused "id_invalid", "record_not_found", "record_ambiguous" {ids}.
[[nodiscard]] Result<Record> find_record(Context& context, const std::string& typed);

/// The fields as values, the provisional one where two compete.
[[nodiscard]] model::FieldValues values_of(const Record& record);
/// Tariffs of a day of time-out, by date.
[[nodiscard]] Result<std::vector<model::Tariff>> time_out_tariffs(Registry& registry);
/// With "derived": what the rules make of it today.
[[nodiscard]] boost::json::object record_document(const Record& record, const Names& names, std::string_view today,
                                                  const std::vector<model::Tariff>& tariffs);

}  // namespace lantaarn::server::admin
