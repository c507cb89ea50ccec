// The programme's own figures, under the overview.
#include "common/model/rules.hpp"
#include "sync_server/admin/screen_words.hpp"
#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/text_table.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::int64_t number_in(const json::object& of, const char* name) {
  const auto* value = of.if_contains(name);
  return value == nullptr || !value->is_number() ? 0 : value->to_number<std::int64_t>();
}

const json::object& object_in(const json::object& of, const char* name) {
  static const json::object kNone;
  const auto* value = of.if_contains(name);
  return value == nullptr || !value->is_object() ? kNone : value->get_object();
}

std::string euros(std::int64_t cents) { return model::euros_text(cents, label("decimal_point")[0]); }

std::string line(const char* key, const std::vector<std::string>& args) { return "  " + label(std::string("programme:") + key, args) + "\n"; }

std::string stays(const json::object& programme) {
  const json::object& of = object_in(programme, "time_out");
  if (number_in(of, "stays") == 0) return {};
  std::string text = line("time_out", {std::to_string(number_in(of, "stays")), std::to_string(number_in(of, "cap")), std::to_string(number_in(of, "days")), euros(number_in(of, "cents"))});
  if (is_set_in(of, "above_cap")) text += line("above_cap", {std::to_string(number_in(of, "cap"))});
  if (number_in(of, "ends_soon") > 0) text += line("ends_soon", {std::to_string(number_in(of, "ends_soon"))});
  if (number_in(of, "too_long") > 0) text += line("too_long", {std::to_string(number_in(of, "too_long"))});
  return text;
}

std::string budget(const json::object& programme) {
  const json::object& of = object_in(programme, "flex_budget");
  if (number_in(of, "granted_cents") == 0 && number_in(of, "spent_cents") == 0) return {};
  return line(is_set_in(of, "overdrawn") ? "overdrawn" : "flex_budget",
              {std::to_string(number_in(of, "year")), euros(number_in(of, "granted_cents")), euros(number_in(of, "spent_cents")), euros(number_in(of, "balance_cents"))});
}

// "16.50 + 1 unknown".
std::string hours_cell(const json::object& of) {
  std::string text = model::hours_text(number_in(of, "minutes"), label("decimal_point")[0]);
  if (number_in(of, "unknown") > 0) text += " " + label("programme:and_unknown", {std::to_string(number_in(of, "unknown"))});
  return text;
}

std::string hours(const json::object& programme) {
  const json::object& of = object_in(programme, "hours");
  if (list_in(of, "rows").empty()) return {};
  TextTable table(2);
  table.add_column(label("programme:hours"), Align::kLeft);
  table.add_column(label("hours_role"), Align::kLeft);
  table.add_column("", Align::kRight);
  for (const auto& item : list_in(of, "rows")) {
    const json::object& row = item.as_object();
    table.add_row({code_word("activity", text_in(row, "activity")), code_word("hours_role", text_in(row, "role")), hours_cell(row)});
  }
  table.add_rule();
  for (const auto& role : object_in(of, "by_role")) {
    table.add_row({label("overview:together"), code_word("hours_role", std::string(role.key())), hours_cell(role.value().as_object())});
  }
  return "\n" + table.text();
}

std::string waiting(const json::object& programme) {
  std::string text;
  for (const char* what : {"referrals", "bottlenecks"}) {
    const json::object& of = object_in(object_in(programme, what), "waiting");
    if (number_in(of, "waiting") > 0) text += line(what, {std::to_string(number_in(of, "waiting")), std::to_string(number_in(of, "longest_days"))});
  }
  for (const char* what : {"escalations_open", "handovers_open"}) {
    if (number_in(programme, what) > 0) text += line(what, {std::to_string(number_in(programme, what))});
  }
  return text;
}

}  // namespace

std::string programme_screen(const json::object& programme) {
  std::string text = stays(programme) + budget(programme);
  const json::object& visits = object_in(programme, "visits");
  if (number_in(visits, "evenings") > 0) text += line("visits", {std::to_string(number_in(visits, "visits")), std::to_string(number_in(visits, "evenings"))});
  return text + waiting(programme) + hours(programme);
}

}  // namespace lantaarn::server::admin
