// A record as JSON, with what the programme's rules make of it.
#include <boost/json.hpp>

#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/records.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::optional<CivilDate> date_in(const model::FieldValues& values, const char* field) {
  const auto found = values.find(field);
  return found == values.end() ? std::nullopt : parse_date(found->second);
}

const char* warning_of(model::StayState state) {
  switch (state) {
    case model::StayState::kFine: return nullptr;
    case model::StayState::kEndsSoon: return "ends_soon";
    case model::StayState::kTooLong: return "too_long";
  }
  return nullptr;
}

json::object stay_document(const model::FieldValues& values, const CivilDate& today, const std::vector<model::Tariff>& tariffs) {
  const CivilDate from = date_in(values, "from").value_or(today);
  const CivilDate through = date_in(values, "through").value_or(today);
  const int days = model::stay_days(from, through);
  const char* warning = warning_of(model::stay_state(days));
  return {{"days", days}, {"cents", model::stay_cents(from, through, tariffs)},
          {"warning", warning == nullptr ? json::value(nullptr) : json::value(warning)}};
}

json::object waiting_document(const std::optional<CivilDate>& from, std::optional<CivilDate> until, const std::optional<CivilDate>& ended,
                              const CivilDate& today) {
  if (!until) until = ended;
  return {{"waiting_days", model::waiting_days(from.value_or(today), until, today)}, {"waiting", !until}};
}

json::object derived_document(const Record& record, const CivilDate& today, const std::vector<model::Tariff>& tariffs) {
  const auto values = values_of(record);
  if (record.kind == "time_out_stay") return stay_document(values, today, tariffs);
  if (record.kind == "referral") {
    return waiting_document(date_in(values, "announced"), date_in(values, "started"), date_in(values, "ended"), today);
  }
  if (record.kind == "bottleneck") return waiting_document(date_in(values, "since"), date_in(values, "until"), std::nullopt, today);
  if (record.kind == "attention_note" || record.kind == "escalation") {
    const auto until = date_in(values, record.kind == "escalation" ? "ends" : "until");
    return {{"ended", until && *until < today}};
  }
  return {};
}

}  // namespace

model::FieldValues values_of(const Record& record) {
  model::FieldValues values;
  for (const FieldView& field : record.fields) values[field.field] = field.value();
  return values;
}

Result<std::vector<model::Tariff>> time_out_tariffs(Registry& registry) {
  RecordFilter filter;
  filter.kind = "tariff";
  std::vector<model::Tariff> tariffs;
  LANTAARN_TRY(registry.clear_records(filter, [&](const Registry::ClearRecord& record) -> Status {
    if (record.clear.code == "time_out_day") tariffs.push_back({record.clear.day.value_or(0), record.clear.amount.value_or(0)});
    return {};
  }));
  return tariffs;
}

json::object record_document(const Record& record, const Names& names, std::string_view today, const std::vector<model::Tariff>& tariffs) {
  json::object values;
  for (const auto& [field, value] : values_of(record)) values[field] = value;
  return {{"record_id", record.id.hex()},
          {"kind", record.kind},
          {"client_id", record.client ? json::value(record.client->hex()) : json::value(nullptr)},
          {"values", std::move(values)},
          {"derived", derived_document(record, parse_date(today).value_or(CivilDate{}), tariffs)},
          {"fields", field_documents(record.fields, names)},
          {"amended", record.amended},
          {"retracted", record.retracted},
          {"retraction_reason", text_or_null(record.retraction_reason)},
          {"author", record.author.hex()},
          {"author_name", names.user(record.author)},
          {"device", record.entry.device.hex()},
          {"device_name", names.device(record.entry.device)},
          {"recorded_at", instant(record.recorded_ms)},
          {"received_at", instant(record.received_ms)}};
}

}  // namespace lantaarn::server::admin
