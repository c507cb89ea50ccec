#pragma once
// What the server states over its name: receipts, leases, cards, standings. Signed once, forwarded as bytes.

#include "common/base/id.hpp"
#include "common/base/result.hpp"
#include "common/crypto/sign.hpp"
#include "common/sync/sync.pb.h"

namespace lantaarn::sync {

inline constexpr std::string_view kAuthorityContext = "lantaarn statement v1";
inline constexpr std::string_view kReceiptContext = "lantaarn receipt v1";
inline constexpr std::string_view kEpochContext = "lantaarn epoch v1";
inline constexpr std::string_view kEnrolContext = "lantaarn enrol v1";
inline constexpr std::string_view kEnrolTicketContext = "lantaarn enrol ticket v1";

[[nodiscard]] pb::SignedStatement sign_statement(const crypto::SignKey& key, std::string_view context,
                                                 const pb::Statement& statement);
/// kRejectPeer "statement_not_authentic" when the signature, the kind's signer or the device do not fit.
[[nodiscard]] Result<pb::Statement> verify_statement(const crypto::VerifyKey& key, std::string_view context,
                                                     const pb::SignedStatement& signed_statement, const DeviceId& device);
/// The same for one that the authority makes to every handheld: it names no device and no user.
[[nodiscard]] Result<pb::Statement> verify_statement_to_all(const crypto::VerifyKey& key, const pb::SignedStatement& signed_statement);
/// The receipt key the authority certified for this device. Errors: as verify_statement.
[[nodiscard]] Result<crypto::VerifyKey> verify_receipt_key(const crypto::VerifyKey& authority,
                                                           const pb::SignedStatement& signed_statement,
                                                           const DeviceId& device);

/// "This server now stands at `epoch`": only the recovery key says so, which is on paper and not on any server.
[[nodiscard]] pb::SignedStatement sign_epoch(const crypto::SignKey& recovery, const ServerId& server, std::uint32_t epoch,
                                             std::int64_t now_ms);
/// The epoch it states. kRejectPeer "epoch_not_proven" when this key did not state it of this server.
[[nodiscard]] Result<std::uint32_t> verify_epoch(const crypto::VerifyKey& recovery, const pb::SignedStatement& signed_statement,
                                                 const ServerId& server);

/// What a handheld has accepted so far; lower is refused. (epoch, counter) per (kind, user).
struct StatementMark {
  std::uint32_t epoch = 0;
  std::uint64_t counter = 0;
  auto operator<=>(const StatementMark&) const = default;
};
[[nodiscard]] inline StatementMark mark_of(const pb::Statement& statement) {
  return {statement.epoch(), statement.counter()};
}

}  // namespace lantaarn::sync
