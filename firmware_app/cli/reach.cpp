#include "firmware_app/cli/reach.hpp"

#include <filesystem>

#include "common/confine/files.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/vault/secret_place.hpp"

namespace lantaarn::firmware::cli {
namespace {

constexpr const char* kFilesRead[] = {"ticket", "note-file"};

void add(std::vector<std::string>& paths, const std::string& path) {
  if (!path.empty() && path != "-") paths.push_back(path);
}

std::string folder_of(const std::string& file) {
  const auto folder = std::filesystem::path(file).parent_path();
  return folder.empty() ? "." : folder.string();
}

}  // namespace

Reach reach_of(const Arguments& arguments) {
  Reach reach;
  if (const auto folder = data_folder(arguments.globals); folder.ok()) {
    // Only an enrolment makes it.
    add(reach.read_write, arguments.command == "enrol" ? confine::existing_part(*folder) : *folder);
    // Made, and overwritten at the end, beside its own name.
    const std::string secret = secret_file_elsewhere(*folder, arguments.one("device-secret"));
    if (!secret.empty()) add(reach.read_write, folder_of(secret));
  }
  add(reach.read, arguments.globals.pin_file);
  add(reach.read, arguments.globals.new_pin_file);
  for (const char* name : kFilesRead) add(reach.read, arguments.one(name));
  if (arguments.command == "receive") add(reach.read, arguments.one("file"));
  // Written beside its name first, with a copy of the journal where the folder itself cannot be written to.
  if (arguments.command == "rescue") add(reach.read_write, folder_of(arguments.one("file")));
  return reach;
}

}  // namespace lantaarn::firmware::cli
