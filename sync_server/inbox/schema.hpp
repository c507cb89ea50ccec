#pragma once
// inbox.db: numbered migrations, frozen once released. Ids, places, hashes and sealed bytes; nothing here can be opened
// by the process that writes it.

#include <cstdint>
#include <string>
#include <vector>

namespace lantaarn::server::inbox {

inline constexpr std::int32_t kInboxApplicationId = 0x4c4e4931;  // "LNI1"
/// Batches are large blobs: large pages mean fewer of them, and fewer frames to sum up in the WAL.
inline constexpr int kInboxPageBytes = 16 * 1024;
/// A checkpoint writes everything a second time; it is worth one only after this much (128 MiB).
inline constexpr int kCheckpointPages = 8 * 1024;
inline constexpr int kInboxCacheKib = 4 * 1024;

[[nodiscard]] const std::vector<std::string>& inbox_migrations();

}  // namespace lantaarn::server::inbox
