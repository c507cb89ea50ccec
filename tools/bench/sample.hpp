#pragma once
// What the storage benchmarks write: a handheld's journal with its keys, and contacts of an ordinary size.

#include "common/crypto/random.hpp"
#include "common/crypto/seal.hpp"
#include "common/journal/journal.hpp"
#include "common/model/event.hpp"

namespace lantaarn::bench {

inline constexpr std::size_t kBulkEntries = 100'000;
inline constexpr std::size_t kBulkEventBytes = 600;  ///< 768 once padded
inline constexpr std::size_t kCommitEntries = 500;

/// A contact with a note of three hundred characters, as `lantaarn log` would save it.
[[nodiscard]] Bytes sample_contact(const UserId& author, int number);
/// `count` events of kBulkEventBytes, all different.
[[nodiscard]] std::vector<Bytes> bulk_events(std::size_t count);

/// Keys of one user on one handheld, and of the server she seals to.
struct Hand {
  DeviceId device = crypto::random_id<DeviceId>();
  UserId user = crypto::random_id<UserId>();
  crypto::SignKey sign{crypto::random_secret<32>()};
  crypto::BoxKey server{crypto::random_secret<32>()};
  journal::SealKey seal{crypto::random_id<KeyId>(), crypto::random_secret<32>()};

  [[nodiscard]] journal::Author author() const { return {user, sign}; }
  [[nodiscard]] journal::Sealing sealing() const { return {seal, server.public_key()}; }
};

/// Saves `events` in commits of kCommitEntries.
[[nodiscard]] Status save_in_commits(journal::Journal& journal, const Hand& hand, const std::vector<Bytes>& events);

}  // namespace lantaarn::bench
