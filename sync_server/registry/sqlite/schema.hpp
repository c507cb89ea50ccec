#pragma once
// registry.db: numbered migrations, frozen once released. FORMAT.md is the document.

#include <string>
#include <vector>

#include "sync_server/registry/store.hpp"

namespace lantaarn::server {

inline constexpr std::int32_t kRegistryApplicationId = 0x4c4e5231;  // "LNR1"

[[nodiscard]] const std::vector<std::string>& registry_migrations();

/// ticket.box: PSK ‖ enrolment secret.
inline constexpr std::size_t kTicketSecretBytes = 64;

/// Entries of one chain (a log, or a branch of it) lie together: place = chain_ref * 2^40 + seq.
inline constexpr int kSeqBits = 40;
inline constexpr std::int64_t kSeqMask = (std::int64_t{1} << kSeqBits) - 1;
static_assert(kSeqMask == kSeqMax);

}  // namespace lantaarn::server
