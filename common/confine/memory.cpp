#include "common/confine/memory.hpp"

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lantaarn::confine {
namespace {

/// A few slabs of keys, a PIN, an opened vault slot.
constexpr rlim_t kSecretsBytes = 1024 * 1024;

// Who may lock memory whatever the limit says.
bool is_privileged() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  return ::syscall(SYS_capget, &header, data) == 0 && (data[0].effective & (1U << CAP_IPC_LOCK)) != 0;
}

}  // namespace

Locked lock_memory() {
  rlimit allowed{};
  if (::getrlimit(RLIMIT_MEMLOCK, &allowed) != 0) return Locked::kNothing;
  if (is_privileged()) allowed.rlim_cur = RLIM_INFINITY;
  if (allowed.rlim_cur == RLIM_INFINITY && ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) return Locked::kAll;
  return allowed.rlim_cur >= kSecretsBytes ? Locked::kSecrets : Locked::kNothing;
}

}  // namespace lantaarn::confine
