// The second copy, for people.
#include "sync_server/admin/backup_screen.hpp"

#include "sync_server/admin/screen_words.hpp"
#include "sync_server/admin/text_table.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kShortId = 8;

std::string number_in(const json::object& it, const char* name) { return std::to_string(count_in(it, name)); }
std::string short_backup(const json::object& it) { return text_in(it, "backup").substr(0, kShortId); }

std::string status_line(const json::object& it) {
  const json::value* target = it.if_contains("target");
  if (target == nullptr || !target->is_object()) return label("said:backup_no_target");
  const auto time = [&](const char* name) {
    const std::string at = local_time(text_in(it, name));
    return at.empty() ? std::string("-") : at;
  };
  return label("said:backup_status", {text_in(target->get_object(), "path"), time("last_backup_at"), time("last_drill_at"), time("oldest_unsecured_at")});
}

std::string list_of(const json::object& it) {
  TextTable table(0);
  table.add_column(label("list:made"), Align::kLeft);
  table.add_column(label("list:backup"), Align::kLeft);
  table.add_column(label("list:events"), Align::kRight);
  for (const json::value& one : list_in(it, "backups")) {
    const auto& row = one.get_object();
    table.add_row({local_time(text_in(row, "made_at")), short_backup(row), number_in(row, "events")});
  }
  return table.text();
}

std::string restored_text(const json::object& it) {
  std::string text = label("said:restored", {text_in(it, "folder"), number_in(it, "events"), text_in(it, "digest")}) + "\n";
  std::string lost;
  for (const json::value& one : list_in(it, "lost")) lost += (lost.empty() ? "" : ", ") + label("restore_lost:" + std::string(one.get_string()));
  return lost.empty() ? text : text + label("said:restored_lost", {lost}) + "\n";
}

}  // namespace

std::string backup_screen(const std::string& command, const json::object& it) {
  if (command == "backup list") return list_of(it);
  if (command == "restore") return restored_text(it);
  std::string line;
  if (command == "backup init") line = label("said:backup_target", {text_in(it, "target")});
  if (command == "backup status") line = status_line(it);
  if (command == "backup create") {
    line = label("said:backup_made", {short_backup(it), text_in(it, "target"), number_in(it, "events"), number_in(it, "new_chunks"), number_in(it, "chunks")});
  }
  if (command == "backup prune") line = label("said:backup_pruned", {number_in(it, "backups"), number_in(it, "chunks")});
  if (command == "backup verify") line = label("said:backup_whole", {number_in(it, "backups"), number_in(it, "chunks"), number_in(it, "own_log_seq")});
  if (command == "backup drill") line = label("said:backup_drilled", {short_backup(it), text_in(it, "digest")});
  return line + "\n";
}

}  // namespace lantaarn::server::admin
