#pragma once
// Walking a log's chain: every entry names the one before it.

#include "common/journal/format.hpp"

namespace lantaarn::journal {

/// A place in a log. seq 0 with the genesis hash is the place before the first entry.
struct Position {
  std::uint64_t seq = 0;
  Hash hash{};
  bool operator==(const Position&) const = default;
};

/// Follows one log entry by entry. Entries must come in order; the verifier stays at the last good place.
class ChainVerifier {
 public:
  ChainVerifier(const DeviceId& device, const LogId& log, Position from) : device_(device), log_(log), at_(from) {}

  /// Advances over `entry`. kCorrupt "chain_broken" (another device, log, place or predecessor): nothing advances.
  [[nodiscard]] Status advance(const EntryView& entry);
  [[nodiscard]] const Position& at() const { return at_; }

 private:
  DeviceId device_;
  LogId log_;
  Position at_;
};

}  // namespace lantaarn::journal
