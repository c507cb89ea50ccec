#pragma once
// What has been promised, kept outside everything that can fail. Entries are known by their hash.

#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "common/base/id.hpp"
#include "common/base/result.hpp"

namespace lantaarn::sim {

/// A promise was broken: the run fails.
struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};
inline void require(bool holds, const std::string& promise) {
  if (!holds) throw Violation(promise);
}

/// What cannot fail here, did.
template <typename T>
T must(Result<T> result, const char* promise) {
  if (!result.ok()) throw Violation(std::string(promise) + ": " + result.error().to_log_line());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

struct Ledger {
  std::set<EventId> attempted;           ///< whatever was ever handed to a save: nothing else may turn up
  std::set<EventId> contacts;            ///< those of them that are a contact
  std::map<Hash, EventId> events;        ///< of every entry that was saved
  std::set<Hash> acknowledged;           ///< a handheld was told that these are received
};

/// What a run has been through.
struct Counts {
  std::uint64_t events = 0;
  std::uint64_t sessions = 0;
  std::uint64_t cuts = 0;                ///< of sessions
  std::uint64_t power_cuts = 0;
  std::uint64_t restores = 0;            ///< of a handheld from an old copy
  std::uint64_t forks = 0;
};

}  // namespace lantaarn::sim
