#pragma once
// Every limit of a sync session, in one place; checked by both sides. PROTOCOL.md changes with them.

#include <cstddef>
#include <cstdint>

namespace lantaarn::sync {

inline constexpr std::uint32_t kProtocolVersion = 1;
inline constexpr std::size_t kWindowBatches = 8;            ///< pushed and not yet acknowledged
/// What a receiver bears: a window, and one sent again after a NAK while the first is still being looked at.
inline constexpr std::size_t kStoringMax = 2 * kWindowBatches;
inline constexpr std::size_t kBatchEntriesMax = 500;
inline constexpr std::size_t kBatchBytesMax = 256 * 1024;
inline constexpr std::size_t kHelloLogsMax = 256;
inline constexpr std::size_t kDownWindow = 4;               ///< statements sent down and not yet acknowledged
inline constexpr std::size_t kStatementBytesMax = 960 * 1024;
inline constexpr std::size_t kVersionTextMax = 64;
inline constexpr std::size_t kRefusalCodeMax = 40;
/// Before its Hello (or enrolment) is accepted a peer's message is small.
inline constexpr std::size_t kFirstMessageBytesMax = 64 * 1024;
inline constexpr std::size_t kPushOverheadBytes = 64;
/// How often a receiver may send a log back before the session is given up.
inline constexpr int kRewindsMax = 32;
/// Generations of server keys that a handheld may have missed: a rotation a week, for ten years.
inline constexpr int kKeyLinksMax = 520;
/// Receipts are written down after this many batches, and at the end: what a crash forgets, the next STATE's receipts
/// tell again.
inline constexpr std::size_t kReceiptsBetweenRecords = 64;

}  // namespace lantaarn::sync
