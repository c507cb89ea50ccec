#pragma once
// What every process of the server does before it touches a key, and what the registry process can still reach after.

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/confine/reached.hpp"

namespace lantaarn::server::admin {

/// No core dumps, no reading of this process's memory by others of the same user, no new privileges, files made for the
/// owner only (umask 077), no death by a closed pipe or socket. kBug when the kernel refuses, which it does not.
[[nodiscard]] Status tidy_process();

struct RegistryConfinement {
  confine::Reached files = confine::Reached::kNotByKernel;
  confine::Reached system_calls = confine::Reached::kNotByKernel;
};

/// Landlock and seccomp for the process that holds the registry's keys. People name files to import from and to export
/// to while it runs, so it is not held to a list of folders (the service's unit is); what it loses: starting any program,
/// writing to the system's own folders, devices, other processes' entries in /proc, network sockets of any kind, and
/// memory that is both written and executed. `writable` are paths that stay so wherever they are.
/// For the calling thread and those made later: after the gateway was started.
/// kBug when the kernel has them and refuses.
[[nodiscard]] Result<RegistryConfinement> confine_registry(const std::vector<std::string>& writable);

}  // namespace lantaarn::server::admin
