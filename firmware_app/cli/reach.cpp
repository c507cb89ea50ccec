#include "firmware_app/cli/reach.hpp"

#include "common/confine/files.hpp"
#include "firmware_app/cli/folder.hpp"

namespace lantaarn::firmware::cli {
namespace {

constexpr const char* kFilesRead[] = {"ticket", "note-file"};

void add(std::vector<std::string>& paths, const std::string& path) {
  if (!path.empty() && path != "-") paths.push_back(path);
}

}  // namespace

Reach reach_of(const Arguments& arguments) {
  Reach reach;
  if (const auto folder = data_folder(arguments.globals); folder.ok()) {
    // Only an enrolment makes it.
    add(reach.read_write, arguments.command == "enrol" ? confine::existing_part(*folder) : *folder);
  }
  add(reach.read, arguments.globals.pin_file);
  add(reach.read, arguments.globals.new_pin_file);
  for (const char* name : kFilesRead) add(reach.read, arguments.one(name));
  return reach;
}

}  // namespace lantaarn::firmware::cli
