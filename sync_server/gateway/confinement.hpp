#pragma once
// What the gateway process can still reach once it faces the network: its inbox's folder, the callers, the registry's
// socket. Not registry.db, not a key file, no outgoing connection, no other program.

#include <string>

#include "common/base/result.hpp"
#include "common/confine/reached.hpp"

namespace lantaarn::server::gateway {

struct Confinement {
  confine::Reached files = confine::Reached::kNotByKernel;
  confine::Reached system_calls = confine::Reached::kNotByKernel;
};

/// Landlock: the folder of `inbox_path`, the kernel's source of chance and the boot id; nothing else. For good, and for
/// the threads made after it: call it while there is one. LANTAARN_ALSO_FILES: see firmware_app/platform.
[[nodiscard]] Result<confine::Reached> confine_gateway_files(const std::string& inbox_path);
/// seccomp, for every thread: no socket can be made any more, so the listening one must be there.
[[nodiscard]] Result<confine::Reached> confine_gateway_calls();

/// `host` as a number, looked up while that is possible; unchanged when it is one, or is not known.
[[nodiscard]] std::string numeric_host(const std::string& host);

}  // namespace lantaarn::server::gateway
