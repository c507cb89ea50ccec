#pragma once
// Every limit of getting in, in one place. Times in milliseconds.

#include <cstddef>
#include <cstdint>

namespace lantaarn::server::access {

inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kLockAfterMs = 2 * kMinuteMs;           ///< the workplace is shared
inline constexpr std::int64_t kIdleEndMs = 30 * kMinuteMs;
inline constexpr std::int64_t kAbsoluteEndMs = 10 * 60 * kMinuteMs;   ///< a working day
inline constexpr std::size_t kSessionsPerUserMax = 10;
inline constexpr std::int64_t kCeremonyMs = 5 * kMinuteMs;
inline constexpr std::size_t kCeremoniesMax = 1000;
inline constexpr std::int64_t kInvitationMs = 48 * 60 * kMinuteMs;
inline constexpr std::int64_t kEmergencyMs = 3 * 60 * kMinuteMs;
inline constexpr std::size_t kPasswordCharactersMin = 12;             ///< NIST SP 800-63B: length, no composition rules
inline constexpr std::size_t kPasswordBytesMax = 256;
inline constexpr std::size_t kLabelCharactersMax = 60;
inline constexpr std::size_t kRecoveryCodes = 10;
inline constexpr std::size_t kTotpSecretBytes = 20;
/// After the third failure: 2, 4, 8 … seconds, at most this.
inline constexpr std::uint32_t kFreeFailures = 3;
inline constexpr std::int64_t kDelayMaxMs = 15 * kMinuteMs;
/// Whoever she says she is: an address may try this often in a minute.
inline constexpr std::size_t kTriesPerPeerPerMinute = 30;

}  // namespace lantaarn::server::access
