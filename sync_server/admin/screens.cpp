#include "sync_server/admin/screens.hpp"

#include <functional>
#include <map>

#include "sync_server/admin/backup_screen.hpp"
#include "sync_server/admin/record_words.hpp"
#include "sync_server/admin/screen_words.hpp"
#include "sync_server/admin/text_table.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

struct Column {
  const char* label;
  std::function<std::string(const json::object&)> cell;
  Align align = Align::kLeft;
};

std::function<std::string(const json::object&)> text(const char* name) {
  return [name](const json::object& row) { return text_in(row, name); };
}
std::function<std::string(const json::object&)> time_of(const char* name) {
  return [name](const json::object& row) { return local_time(text_in(row, name)); };
}
std::function<std::string(const json::object&)> number(const char* name) {
  return [name](const json::object& row) { return std::to_string(count_in(row, name)); };
}
std::function<std::string(const json::object&)> code(const char* kind, const char* name) {
  return [kind, name](const json::object& row) { return code_word(kind, text_in(row, name)); };
}
// Enough of an id to tell it from the others; commands take it as it is.
std::function<std::string(const json::object&)> short_id(const char* name) {
  return [name](const json::object& row) { return text_in(row, name).substr(0, 12); };
}

std::string joined(const json::array& items, const std::function<std::string(const json::value&)>& text_of) {
  std::string all;
  for (const auto& item : items) all += (all.empty() ? "" : ", ") + text_of(item);
  return all;
}

std::string text_of_value(const json::value& value) { return std::string(value.as_string()); }

std::string aliases_of(const json::object& row) {
  return joined(list_in(row, "aliases"), [](const json::value& alias) { return std::string(alias.as_string()); });
}
std::string device_users(const json::object& row) {
  return joined(list_in(row, "users"), [](const json::value& user) { return text_in(user.as_object(), "name"); });
}
std::string device_asked(const json::object& row) {
  std::string asked;
  for (const auto& one : list_in(row, "directives")) {
    if (text_in(one.as_object(), "state") == "given") asked += (asked.empty() ? "" : ", ") + code_word("directive", text_in(one.as_object(), "directive"));
  }
  return asked;
}
std::string device_state(const json::object& row) { return label("device_state:" + text_in(row, "state")); }
std::string reason_of(const json::object& row) { return words::text("error:" + text_in(row, "reason")); }

std::string key_kind_word(const json::object& row) { return label("key_kind:" + text_in(row, "kind")); }

std::string values_of(const json::object& row) {
  if (const json::value* missed = row.if_contains("missed"); missed != nullptr && missed->is_object()) {
    const auto& it = missed->get_object();
    return label("said:entries_missed", {std::to_string(count_in(it, "entries")), text_in(it, "device_name")});
  }
  return joined(list_in(row, "values"), [](const json::value& head) {
    const auto& value = head.as_object();
    return text_in(value, "value") + " (" + text_in(value, "author_name") + ")";
  });
}

std::string contact_remark(const json::object& row) {
  std::string remark;
  if (is_set_in(row, "retracted")) remark = label("list:retracted");
  else if (is_set_in(row, "amended")) remark = label("list:amended");
  if (is_set_in(row, "clock_repaired")) remark += (remark.empty() ? "" : ", ") + label("list:clock_repaired");
  return remark;
}

const std::vector<Column>& columns_of(const std::string& command) {
  static const std::map<std::string, std::vector<Column>> kColumns = {
      {"user list", {{"list:name", text("name")}, {"role", code("role", "role")}, {"list:id", short_id("user_id")}}},
      {"device list",
       {{"list:name", text("name")},
        {"list:state", device_state},
        {"list:users", device_users},
        {"overview:saved", number("saved"), Align::kRight},
        {"overview:received", number("received"), Align::kRight},
        {"overview:merged", number("merged"), Align::kRight},
        {"overview:last_seen", time_of("last_seen_at")},
        {"list:asked", device_asked}}},
      {"codes list",
       {{"list:kind", text("list")},
        {"list:code", text("code")},
        {"list:name", text(words::language() == words::Language::kDutch ? "nl" : "en")},
        {"list:remark", [](const json::object& row) { return is_set_in(row, "withdrawn") ? label("list:withdrawn") : std::string(); }}}},
      {"clients",
       {{"list:alias", aliases_of},
        {"list:status", code("status", "status")},
        {"list:intensity", code("intensity", "intensity")},
        {"list:primary", text("primary_contact_name")},
        {"list:last_spoken", [](const json::object& row) { return local_date(text_in(row, "last_spoken_date")); }},
        {"list:id", short_id("client_id")}}},
      {"contacts",
       {{"list:when", time_of("shown_at")},
        {"list:client", text("client_alias")},
        {"channel", code("channel", "channel")},
        {"place", code("place", "place")},
        {"outcome", code("outcome", "outcome")},
        {"list:author", text("author_name")},
        {"list:remark", contact_remark}}},
      {"review",
       {{"list:field", text("field")}, {"list:client", short_id("client_id")}, {"list:values", values_of}, {"list:id", short_id("case_id")}}},
      {"quarantine",
       {{"list:entry", short_id("entry")},
        {"list:device", text("device_name")},
        {"list:seq", number("seq"), Align::kRight},
        {"list:reason", reason_of}}},
      {"records",
       {{"list:kind", [](const json::object& row) { return kind_word(text_in(row, "kind")); }},
        {"list:when", record_day},
        {"list:what", record_summary},
        {"list:remark", record_remark},
        {"list:id", short_id("record_id")}}},
      {"contacts shared",
       {{"list:client", short_id("client_id")},
        {"list:author", [](const json::object& row) { return joined(list_in(row, "authors"), text_of_value); }},
        {"list:id", [](const json::object& row) { return joined(list_in(row, "contacts"), text_of_value); }}}},
      {"matches",
       {{"list:alias", [](const json::object& row) { return joined(list_in(row, "names"), text_of_value); }},
        {"list:why", text(words::language() == words::Language::kDutch ? "nl" : "en")},
        {"list:sure", [](const json::object& row) { return std::to_string(static_cast<int>(row.at("probability").to_number<double>() * 100)) + " %"; }, Align::kRight},
        {"list:id", [](const json::object& row) { return joined(list_in(row, "clients"), [](const json::value& id) { return text_of_value(id).substr(0, 12); }); }}}},
      {"recovery show",
       {{"list:number", number("number"), Align::kRight},
        {"list:fingerprint", [](const json::object& row) { return text_in(row, "fingerprint").substr(0, 16); }},
        {"list:when", time_of("made_at")},
        {"list:author", text("by_name")},
        {"list:in_force", [](const json::object& row) { return is_set_in(row, "in_force") ? label("yes") : std::string(); }},
        {"list:reason", text("reason")}}},
      {"out-of-sight",
       {{"list:alias", text("name")},
        {"list:intensity", code("intensity", "intensity")},
        {"list:last_spoken", [](const json::object& row) { return local_date(text_in(row, "last_spoken_date")); }},
        {"list:id", short_id("client_id")}}},
      {"erasures",
       {{"list:id", short_id("decision")},
        {"erasure_ground", code("erasure_ground", "ground")},
        {"list:state", [](const json::object& row) { return label("erasure_state:" + text_in(row, "state")); }},
        {"list:remains", [](const json::object& row) {
           return joined(list_in(row, "remains"), [](const json::value& what) { return label("erasure_remains:" + text_of_value(what)); });
         }}}},
      {"key list",
       {{"list:kind", key_kind_word},
        {"list:number", number("number"), Align::kRight},
        {"list:state", [](const json::object& row) { return label("key_state:" + text_in(row, "state")); }},
        {"list:when", time_of("made_at")},
        {"list:waiting_for", [](const json::object& row) { return joined(list_in(row, "waiting_for"), text_of_value); }}}},
      {"key log",
       {{"list:when", time_of("at")},
        {"list:what", [](const json::object& row) { return label("key_event:" + text_in(row, "event")); }},
        {"list:kind", key_kind_word},
        {"list:number", number("number"), Align::kRight},
        {"list:author", text("by")},
        {"list:why", text("reason")}}},
      {"retention",
       {{"list:kind", [](const json::object& row) { return label("retention:" + text_in(row, "retention")); }},
        {"list:days", number("days"), Align::kRight},
        {"list:records", number("records"), Align::kRight},
        {"list:dossiers", number("dossiers"), Align::kRight}}},
      {"import", {{"list:line", number("line"), Align::kRight}, {"list:column", text("column")}, {"list:reason", text("code")}}},
      {"quarantine admit", {{"list:entry", short_id("entry")}, {"list:seq", number("seq"), Align::kRight}}},
  };
  static const std::vector<Column> kNone;
  const auto found = kColumns.find(command);
  return found == kColumns.end() ? kNone : found->second;
}

std::string list_screen(const std::string& command, const json::array& rows) {
  if (rows.empty()) return label("list:empty") + "\n";
  TextTable table(0);
  const auto& columns = columns_of(command);
  for (const auto& column : columns) table.add_column(label(column.label), column.align);
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const auto& column : columns) cells.push_back(column.cell(row.as_object()));
    table.add_row(std::move(cells));
  }
  return table.text();
}

std::string ticket_line(const json::object& it) {
  return label("said:ticket", {text_in(it, "name"), text_in(it, "ticket"), local_time(text_in(it, "expires_at"))});
}

std::string recovery_line(const json::object& it) {
  std::string files;
  for (const auto& path : list_in(it, "sheets")) files += "  " + text_of_value(path) + "\n";
  return label("said:recovery_created", {text_in(it, "fingerprint").substr(0, 16)}) + "\n" + files + label("said:recovery_sheets");
}

std::string message_of(const json::object& it) {
  return label("said:escalation", {code_word("escalation_level", text_in(it, "to")), text_in(it, "case"), text_in(it, "question"),
                                   local_date(text_in(it, "date")), local_date(text_in(it, "ends"))});
}

std::string rescue_line(const json::object& it) {
  std::int64_t entries = 0, added = 0, apart = 0;
  std::string refusals;
  for (const auto& each : list_in(it, "logs")) {
    const auto& log = each.as_object();
    entries += count_in(log, "entries");
    added += count_in(log, "new");
    apart += count_in(log, "set_apart");
    if (!text_in(log, "refused").empty()) refusals += "\n" + text_in(log, "log_id").substr(0, 8) + ": " + words::text("error:" + text_in(log, "refused"), {"…"});
  }
  std::string said = label("said:rescued", {text_in(it, "name"), std::to_string(entries), std::to_string(added), std::to_string(apart)});
  if (is_set_in(it, "torn")) said += "\n" + words::text("error:stick_torn");
  return said + refusals;
}

std::string line(const std::string& command, const json::object& it) {
  if (command == "init") return label("said:init", {text_in(it, "server_id"), text_in(it, "key_file")});
  if (command == "user invite") {
    return label("said:user_invited", {text_in(it.at("user").as_object(), "name"), local_time(text_in(it, "expires_at")), text_in(it, "link")});
  }
  if (command == "access-log verify") return label("said:access_log_whole", {std::to_string(count_in(it, "entries"))});
  if (command == "user add") return label("said:user_added", {text_in(it, "name"), code_word("role", text_in(it, "role"))});
  if (command == "device add" || command == "device add-user") return ticket_line(it);
  if (command == "device revoke") return label("said:device_revoked", {text_in(it, "name")});
  if (command == "device terms") {
    const std::string name = text_in(it, "name");
    return label("said:terms_set", {name.empty() ? label("every_device") : name, std::to_string(count_in(it, "lease_days"))});
  }
  if (command == "device unlock") return label("said:device_unlocked", {text_in(it, "name")});
  if (it.contains("directive_id")) {
    return label("said:directive_given", {text_in(it, "name"), code_word("directive", text_in(it, "directive"))});
  }
  if (command == "codes add" || command == "codes withdraw") return label("said:code_changed", {text_in(it, "code"), text_in(it, "nl")});
  if (command == "client add") return label("said:client_added", {text_in(it, "client_id")});
  if (command == "client set") return label("said:client_set", {text_in(it, "client_id")});
  if (command == "merge") return label("said:merged", {std::to_string(count_in(it, "entries")), std::to_string(count_in(it, "set_apart"))});
  if (command == "rescue") return rescue_line(it);
  if (command == "key rotate" || command == "key destroy") {
    const char* said = command == "key rotate" ? "said:key_made" : "said:key_destroyed";
    return label(said, {key_kind_word(it), std::to_string(count_in(it, "number"))});
  }
  if (command == "digest") return text_in(it, "digest");
  if (command == "rebuild") return label("said:rebuild_agrees", {std::to_string(count_in(it, "events")), text_in(it, "rebuilt")});
  if (command == "client name" || command == "client apart") return label("said:client_set", {text_in(it, "client_id")});
  if (command == "client link" || command == "client unlink") {
    const char* joined_or_split = command == "client link" ? "said:cluster" : "said:cluster_split";
    const char* what = is_set_in(it, "joined") ? joined_or_split : "said:cluster_contradicts";
    return label(what, {text_in(it, "client_id"), std::to_string(list_in(it, "clients").size())});
  }
  if (command == "contact share" || command == "contact apart") return label("said:noted");
  if (command.starts_with("record ")) return label("said:record", {kind_word(text_in(it, "kind")), text_in(it, "record_id")});
  if (command == "erasure decide") return label("said:erasure_decided", {text_in(it, "decision")});
  if (command == "erasure execute") return label("said:erasure_executed");
  if (command == "retention set") return label("said:retention_set", {text_in(it, "retention"), std::to_string(count_in(it, "days"))});
  if (command == "escalation message") return message_of(it);
  if (command == "device lost") return label("said:device_lost", {text_in(it, "name"), local_time(text_in(it, "notify_before"))});
  if (command == "recovery create") return recovery_line(it);
  if (command == "migration key") return label("said:migration_key", {text_in(it, "file"), text_in(it, "fingerprint")});
  if (command == "export migration") return label("said:migration_exported", {text_in(it, "file"), text_in(it, "receiver_key_fingerprint"), text_in(it, "digest")});
  if (command == "import migration") return label("said:migration_imported", {text_in(it, "from_server_id"), text_in(it, "digest")});
  if (command == "export csv") return label("said:exported_csv", {std::to_string(count_in(it, "rows")), text_in(it, "file"), text_in(it, "dictionary")});
  return json::serialize(it);
}

// What would come in, or did; then what is wrong, by line.
std::string import_screen(const json::object& it) {
  const auto number_in = [&](const char* name) { return std::to_string(count_in(it, name)); };
  const std::string said = label(is_set_in(it, "applied") ? "said:imported" : "said:import_would", {number_in("added"), number_in("known"), number_in("refused")}) + "\n";
  if (list_in(it, "errors").empty()) return said;
  return said + list_screen("import", list_in(it, "errors"));
}

std::string why(const json::object& finding) {
  Error error;
  error.code = text_in(finding, "code");
  for (const auto& arg : list_in(finding, "args")) error.args.emplace_back(arg.as_string());
  return error.code.empty() ? "" : words::sentence(error);
}

std::string health_screen(const json::object& health) {
  TextTable table(0);
  for (int columns = 0; columns < 3; ++columns) table.add_column("", Align::kLeft);
  for (const auto& row : list_in(health, "findings")) {
    const auto& finding = row.as_object();
    table.add_row({label("health:" + text_in(finding, "what")), label("health_state:" + text_in(finding, "state")), why(finding)});
  }
  return table.text();
}

}  // namespace

std::string nagios_line(const json::object& health) {
  std::string line;
  for (const auto& row : list_in(health, "findings")) {
    if (text_in(row.as_object(), "state") != "fine") line += (line.empty() ? "" : ", ") + text_in(row.as_object(), "what");
  }
  const std::string state = text_in(health, "state");
  const char* const said = state == "fine" ? "OK" : state == "warning" ? "WARNING" : "CRITICAL";
  return std::string("LANTAARN ") + said + (line.empty() ? "" : " - " + line) + "\n";
}

std::string screen(const std::string& command, const json::value& document) {
  if (document.is_array()) return list_screen(command, document.get_array());
  if (!document.is_object()) return json::serialize(document) + "\n";
  if (command == "device breach-sheet") return breach_screen(document.get_object());
  if (command == "client show") return dossier_screen(document.get_object());
  if (command == "import") return import_screen(document.get_object());
  if (command == "check") return health_screen(document.get_object());
  if (command == "overview") return overview_screen(document.get_object());
  if (command.starts_with("backup ") || command == "restore") return backup_screen(command, document.get_object());
  const std::string shipped = text_in(document.get_object(), "shipped") == "not_yet" ? label("said:not_shipped") + "\n" : "";
  return line(command, document.get_object()) + "\n" + shipped;
}

}  // namespace lantaarn::server::admin
