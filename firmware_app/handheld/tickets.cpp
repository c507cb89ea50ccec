#include "firmware_app/handheld/tickets.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "firmware_app/handheld/enrol.hpp"

namespace lantaarn::firmware {
namespace {

namespace fs = std::filesystem;

constexpr int kFoldersDeep = 3;  // /media/USER/STICK, and one folder on it

struct Search {
  std::vector<TicketFile> found;
  int looked_at = 0;
};

bool may_be_ticket(const fs::directory_entry& entry) {
  std::error_code failed;
  const auto bytes = entry.file_size(failed);
  return !failed && bytes > 0 && bytes <= sync::kTicketBytesMax;
}

void look_in(const fs::path& folder, int deep, Search& search) {
  std::error_code failed;
  for (fs::directory_iterator each(folder, fs::directory_options::skip_permission_denied, failed), end; !failed && each != end; each.increment(failed)) {
    if (search.looked_at >= kTicketFilesLookedAtMax) return;
    std::error_code unknown;
    const bool is_link = each->is_symlink(unknown);
    if (!is_link && each->is_directory(unknown) && deep > 0) look_in(each->path(), deep - 1, search);
    if (is_link || !each->is_regular_file(unknown)) continue;
    ++search.looked_at;
    if (!may_be_ticket(*each) || !ticket_from(each->path().string()).ok()) continue;
    search.found.push_back({each->path().string(), each->path().filename().string(), folder.filename().string()});
  }
}

}  // namespace

std::vector<std::string> ticket_places() {
  if (const char* given = std::getenv("LANTAARN_TICKETS"); given != nullptr && *given != '\0') return {given};
  return {"/media", "/run/media"};
}

std::vector<TicketFile> find_tickets(const std::vector<std::string>& places) {
  Search search;
  for (const std::string& place : places) look_in(place, kFoldersDeep, search);
  std::sort(search.found.begin(), search.found.end(), [](const TicketFile& a, const TicketFile& b) { return a.name != b.name ? a.name < b.name : a.path < b.path; });
  return std::move(search.found);
}

}  // namespace lantaarn::firmware
