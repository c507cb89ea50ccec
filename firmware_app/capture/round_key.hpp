#pragma once
// The readable copy of a round: its seal key, boxed to the user's own key, and where its entries begin. It is what is
// deleted when the round ends. The desk is the same for what is logged outside a round. In strict mode a round leaves a
// marker without a key: which round it is, and nothing that opens.

#include "common/journal/journal.hpp"
#include "firmware_app/caseload/companions.hpp"

namespace lantaarn::firmware {

struct RoundKey {
  bool desk = false;
  RoundId id;              ///< of a desk: never in an event
  journal::SealKey seal;
  LogId log;               ///< its entries lie from here on, in this log and those that follow it
  std::uint64_t from_seq = 1;
  [[nodiscard]] bool is_marker() const { return seal.id.is_zero(); }
};

[[nodiscard]] RoundKey make_round_key(bool desk, const LogId& log, std::uint64_t from_seq);
[[nodiscard]] RoundKey make_round_marker(const LogId& log, std::uint64_t from_seq);
[[nodiscard]] journal::Companion seal_round_key(const RoundKey& round, const UnlockedUser& owner);
[[nodiscard]] journal::Companion removed_round_key(const RoundKey& round);
/// From where a round still reads, for who has no PIN: what lies behind must not be pruned.
struct KeptFrom {
  LogId log;
  std::uint64_t from_seq = 1;
};
[[nodiscard]] journal::Companion kept_from(const RoundKey& round);
[[nodiscard]] std::optional<KeptFrom> read_kept_from(ByteView value);
/// Those `key` opens: at most one round and one desk.
[[nodiscard]] Result<std::vector<RoundKey>> open_round_keys(journal::Journal& journal, const crypto::BoxKey& key);
/// Whether one may be missing that should be here: one of hers does not open, or a place from which something is read has no
/// key beside it.
[[nodiscard]] Result<bool> may_miss_a_key(journal::Journal& journal, const UnlockedUser& user);

}  // namespace lantaarn::firmware
