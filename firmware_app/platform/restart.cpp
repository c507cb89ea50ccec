#include "firmware_app/platform/restart.hpp"

#include <link.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "firmware_app/platform/process_guard.hpp"

namespace lantaarn::firmware {
namespace {

constexpr const char* kSelf = "/proc/self/exe";

// The first object there is, is the program itself.
int take_loader(dl_phdr_info* object, std::size_t, void* into) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& header = object->dlpi_phdr[i];
    if (header.p_type != PT_INTERP) continue;
    *static_cast<std::string*>(into) = reinterpret_cast<const char*>(object->dlpi_addr + header.p_vaddr);
  }
  return 1;
}

}  // namespace

std::vector<std::string> own_program_files() {
  std::string loader;
  ::dl_iterate_phdr(take_loader, &loader);
  return {kSelf, loader};
}

Status become(const std::string& program, const std::vector<std::string>& arguments) {
  std::error_code failed;
  std::string path = (std::filesystem::read_symlink(kSelf, failed).parent_path() / program).string();
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers{path.data()};
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(path.c_str(), pointers.data());
  return refused("program_missing", {program});
}

Status restart(const std::vector<std::string>& arguments) {
  std::string name = "lantaarn";
  std::vector<std::string> words = arguments;
  std::vector<char*> pointers{name.data()};
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execv(kSelf, pointers.data());
  return bug(std::string("platform: restart: ") + std::strerror(errno));
}

}  // namespace lantaarn::firmware
