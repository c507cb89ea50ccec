#include "firmware_app/platform/process_guard.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace lantaarn::firmware {

Status guard_process() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return bug("platform: core dumps cannot be switched off");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return bug("platform: dumpable cannot be switched off");
  umask(077);
  return {};
}

}  // namespace lantaarn::firmware
