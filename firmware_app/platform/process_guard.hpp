#pragma once
// What this process denies others: no core dumps, no reading of its memory, no files that others may read.
// Secrets themselves are locked page by page (common/crypto/secret.hpp), not the whole process.

#include "common/base/result.hpp"

namespace lantaarn::firmware {

/// RLIMIT_CORE 0, PR_SET_DUMPABLE 0, umask 077. Before anything secret is read.
/// kBug when the kernel refuses, which it does not.
[[nodiscard]] Status guard_process();

}  // namespace lantaarn::firmware
