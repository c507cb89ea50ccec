#pragma once
// What a process denies others, in one call: before anything secret is read.

#include "common/base/result.hpp"

namespace lantaarn::confine {

/// RLIMIT_CORE 0 (no core files), PR_SET_DUMPABLE 0 (others of the same user cannot read its memory or trace it),
/// PR_SET_NO_NEW_PRIVS (nothing it starts gains rights), umask 077. kBug when the kernel refuses, which it does not.
[[nodiscard]] Status close_to_others();

}  // namespace lantaarn::confine
