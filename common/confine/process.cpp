#include "common/confine/process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "common/confine/reached.hpp"

// There only in a build that clang instruments for coverage.
extern "C" __attribute__((weak)) int __llvm_profile_write_file();

namespace lantaarn::confine {

bool is_instrumented() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  return true;
#endif
#endif
  return __llvm_profile_write_file != nullptr;
}

Status close_to_others() {
  const rlimit none{0, 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0) return bug("confine: core files cannot be switched off");
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return bug("confine: dumpable cannot be switched off");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return bug("confine: new privileges cannot be switched off");
  ::umask(077);
  return {};
}

}  // namespace lantaarn::confine
