#include "tools/programme/office.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace lantaarn::programme {

Status Office::set_clock(std::int64_t wall_ms) {
  if (clock_file_.empty()) return {};
  const std::int64_t ahead_ms = wall_ms - SystemClock().now().wall_ms;
  char offset[48];
  std::snprintf(offset, sizeof offset, "%+.3f\n", static_cast<double>(ahead_ms) / 1000);
  // The server reads it at any moment: it is replaced whole.
  const std::string next = clock_file_ + ".next";
  std::ofstream file(next, std::ios::trunc);
  file << offset;
  file.close();
  std::error_code failed;
  if (file) std::filesystem::rename(next, clock_file_, failed);
  return file && !failed ? Status() : Status(storage_error("disk_error", {clock_file_}));
}

server::admin::Answer Office::answer(const std::string& command, const Values& values) {
  const server::admin::Arguments arguments{command, values};
  auto answer = server::admin::ask_running_server(socket_, arguments);
  if (!answer) return retry("connection_lost");
  if (!answer->ok()) return in_context(answer->error(), command);
  return std::move(*answer);
}

Result<boost::json::value> Office::ask(const std::string& command, const Values& values) {
  LANTAARN_ASSIGN(auto output, answer(command, values));
  return std::move(output.document);
}

Result<std::string> Office::ask_for_ticket(const std::string& command, const Values& values) {
  LANTAARN_ASSIGN(auto output, answer(command, values));
  if (output.files.empty()) return bug("the server gave no ticket");
  return std::move(output.files.front().content);
}

}  // namespace lantaarn::programme
