#pragma once
// What has been promised, kept outside everything that can fail. Entries are known by their hash.

#include <map>
#include <optional>
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

/// Stands in every alias, note and text that is written in a run, and must stand on no disk.
inline constexpr std::string_view kPlanted = "kanariekooi";

/// An event that was handed to a save.
struct Written {
  bool contact = false;
  std::optional<ClientId> client;        ///< whom it names
  std::optional<EventId> hangs_on;       ///< the contact it corrects
};

struct Ledger {
  std::map<EventId, Written> attempted;  ///< whatever was ever handed to a save: nothing else may turn up
  std::map<Hash, EventId> events;        ///< of every entry that was saved
  std::set<Hash> acknowledged;           ///< a handheld was told that these are received
  std::set<Hash> let_go;                 ///< a handheld no longer holds these, because they were secured
  std::set<EventId> stated;              ///< the coordinator was told that these facts stand
  std::set<EventId> arrived;             ///< what the inbox holds
  std::set<ClientId> erased;

  /// She was erased: nothing of this event may be left. Of a correction only once its contact has come: nobody can know
  /// before whom it is about.
  [[nodiscard]] bool is_erased(const EventId& event) const {
    const auto found = attempted.find(event);
    if (found == attempted.end()) return false;
    if (found->second.client && erased.contains(*found->second.client)) return true;
    return found->second.hangs_on && arrived.contains(*found->second.hangs_on) && is_erased(*found->second.hangs_on);
  }
};

/// What a run has been through.
struct Counts {
  std::uint64_t events = 0;
  std::uint64_t sessions = 0;
  std::uint64_t cuts = 0;                ///< of sessions
  std::uint64_t meddled = 0;             ///< frames that were lost, doubled, swapped or spoilt on the way
  std::uint64_t power_cuts = 0;
  std::uint64_t disk_faults = 0;         ///< full, or an input/output error
  std::uint64_t memory_faults = 0;       ///< a save without memory
  std::uint64_t restores = 0;            ///< of a handheld from an old copy
  std::uint64_t clones = 0;
  std::uint64_t forks = 0;
  std::uint64_t rotten = 0;              ///< handhelds with flipped bits
  std::uint64_t rot_reported = 0;        ///< of these: noticed (the others lost nothing)
  std::uint64_t facts = 0;               ///< stated by the coordinator
  std::uint64_t erasures = 0;
  std::uint64_t revocations = 0;
  std::uint64_t server_deaths = 0;
  std::uint64_t pruned = 0;              ///< entries that a handheld let go

  /// Every count by name, in one place: for adding up and for printing.
  template <typename Visit>
  void each(Visit&& visit) {
    visit("events", events), visit("sessions", sessions), visit("cuts", cuts), visit("meddled", meddled);
    visit("power_cuts", power_cuts), visit("disk_faults", disk_faults), visit("memory_faults", memory_faults);
    visit("restores", restores), visit("clones", clones), visit("forks", forks), visit("rotten", rotten);
    visit("rot_reported", rot_reported), visit("facts", facts), visit("erasures", erasures);
    visit("revocations", revocations), visit("server_deaths", server_deaths);
    visit("pruned", pruned);
  }
  void add(Counts more) {
    std::map<std::string_view, std::uint64_t> found;
    more.each([&](std::string_view name, std::uint64_t value) { found[name] = value; });
    each([&](std::string_view name, std::uint64_t& value) { value += found[name]; });
  }
};

}  // namespace lantaarn::sim
