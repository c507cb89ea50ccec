#pragma once
// What of this process may go to swap. Secrets' own pages are locked where they are made (common/crypto/secret.hpp).

#include <string_view>

namespace lantaarn::confine {

enum class Locked {
  kAll,      ///< mlockall: nothing of this process is ever swapped
  kSecrets,  ///< only the pages that secrets stand in; the limit allows no more
  kNothing,  ///< the limit (RLIMIT_MEMLOCK) does not even allow those
};
[[nodiscard]] constexpr std::string_view name_of(Locked locked) {
  switch (locked) {
    case Locked::kAll: return "all";
    case Locked::kSecrets: return "secrets";
    case Locked::kNothing: break;
  }
  return "nothing";
}

/// Locks all there is and will be, page by page as it is touched, where RLIMIT_MEMLOCK is unlimited or does not apply
/// (CAP_IPC_LOCK). With a finite limit it does not: an allocation in the middle of a save would then fail for the lock's
/// sake.
[[nodiscard]] Locked lock_memory();

}  // namespace lantaarn::confine
