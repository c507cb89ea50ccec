#include "sync_server/log/journal_entry.hpp"

#include <algorithm>

namespace lantaarn::server::log {
namespace {

void add(std::string& entry, std::string_view key, std::string value) {
  std::replace(value.begin(), value.end(), '\n', ' ');
  entry.append(key).append("=").append(value).append("\n");
}

}  // namespace

std::string journal_entry(std::string_view process, Kind kind, const std::string& text, const std::vector<Field>& fields) {
  std::string entry;
  add(entry, "MESSAGE", text);
  add(entry, "MESSAGE_ID", std::string(message_id(kind)));
  add(entry, "PRIORITY", std::to_string(priority(kind)));
  add(entry, "SYSLOG_IDENTIFIER", "lantaarn-server");
  add(entry, "LANTAARN_PROCESS", std::string(process));
  for (const Field& field : fields) add(entry, "LANTAARN_" + std::string(field.name), field.value);
  return entry;
}

bool is_journal_stream(const char* journal_stream, unsigned long device, unsigned long inode) {
  return journal_stream != nullptr && std::to_string(device) + ":" + std::to_string(inode) == journal_stream;
}

}  // namespace lantaarn::server::log
