#pragma once
// How far a confinement got. It never stops a program: what the kernel cannot do is said, and the work goes on.

#include <string_view>

namespace lantaarn::confine {

enum class Reached {
  kConfined,
  kNotByKernel,      ///< built without it, or switched off
  kNotInstrumented,  ///< a build for testing (sanitizers, coverage) needs what would be closed
};

/// "confined", "kernel_lacks_it", "test_build": as they stand in JSON answers.
[[nodiscard]] constexpr std::string_view name_of(Reached reached) {
  switch (reached) {
    case Reached::kConfined: return "confined";
    case Reached::kNotByKernel: return "kernel_lacks_it";
    case Reached::kNotInstrumented: break;
  }
  return "test_build";
}

/// Whether this build carries a sanitizer's or a coverage's runtime, which opens files, traces and maps as it likes.
[[nodiscard]] bool is_instrumented();

}  // namespace lantaarn::confine
