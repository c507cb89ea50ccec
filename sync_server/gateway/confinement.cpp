#include "sync_server/gateway/confinement.hpp"

#include <netdb.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "common/confine/files.hpp"
#include "common/confine/system_calls.hpp"

namespace lantaarn::server::gateway {

Result<confine::Reached> confine_gateway_files(const std::string& inbox_path) {
  confine::FileRules rules;
  rules.read = {"/dev/urandom", "/proc/sys/kernel/random"};
  rules.read_write = {std::filesystem::absolute(inbox_path).parent_path().string()};
  rules.may_call = false;
  rules.is_alone = true;
  const char* also = std::getenv("LANTAARN_ALSO_FILES");
  std::istringstream texts(also != nullptr ? also : "");
  for (std::string path; std::getline(texts, path, ':');) rules.read_write.push_back(path);
  return confine::confine_files(rules);
}

Result<confine::Reached> confine_gateway_calls() {
  return confine::confine_system_calls(confine::kCallsForFiles | confine::kCallsToAnswer);
}

std::string numeric_host(const std::string& host) {
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, nullptr, &found) != 0) return host;
  char number[NI_MAXHOST] = {};
  const int named = ::getnameinfo(found->ai_addr, found->ai_addrlen, number, sizeof number, nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return named == 0 ? number : host;
}

}  // namespace lantaarn::server::gateway
