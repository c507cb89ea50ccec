#pragma once
// Every size and time of the channel, in one place. Bytes on the wire: PROTOCOL.md changes with them.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace lantaarn::channel {

// Before the handshake.
inline constexpr std::size_t kPreambleBytes = 8;
inline constexpr std::uint8_t kVersion = 1;

// Handshake messages as they stand on the wire; an enrolment's message 1 carries the ticket id.
inline constexpr std::size_t kMessage1Bytes = 48;
inline constexpr std::size_t kMessage2Bytes = 48;
inline constexpr std::size_t kMessage3Bytes = 64;
inline constexpr std::size_t kTicketIdBytes = 16;
static_assert(kMessage1Bytes == 32 + 16, "e, tag of the empty payload");
static_assert(kMessage2Bytes == 32 + 16, "e, tag of the empty payload");
static_assert(kMessage3Bytes == 32 + 16 + 16, "s with its tag, tag of the empty payload");

// Frames: 16-bit big-endian length, then a ciphertext of one of these lengths (its tag included).
inline constexpr std::size_t kFrameHeaderBytes = 2;
inline constexpr std::size_t kFrameTagBytes = 16;
inline constexpr std::size_t kFrameLengthBytes = 4;
inline constexpr std::array<std::size_t, 4> kFrameCipherBytes = {1024, 4096, 16384, 65535};
inline constexpr std::size_t kFrameOverheadBytes = kFrameTagBytes + kFrameLengthBytes;
inline constexpr std::size_t kFrameWireBytesMin = kFrameHeaderBytes + kFrameCipherBytes.front();
inline constexpr std::size_t kFrameWireBytesMax = kFrameHeaderBytes + kFrameCipherBytes.back();
inline constexpr std::uint32_t kEndMark = 0xFFFF'FFFF;
static_assert(kFrameCipherBytes.back() == 0xFFFF, "the 16-bit length's greatest value");

inline constexpr std::size_t kMessageBytesMax = 1U << 20;
static_assert(kMessageBytesMax < kEndMark);

// A session ends at either; there is no rekeying. The bytes are wire bytes, counted in each direction.
inline constexpr std::uint64_t kSessionBytesMax = 1ULL << 30;
inline constexpr std::chrono::milliseconds kSessionTimeMax = std::chrono::hours(1);

/// Static keys a server answers to at once: its newest, and older ones that handhelds may still know it by. One
/// X25519 each is what a stranger's message 1 can cost.
inline constexpr std::size_t kServerKeysMax = 4;

inline constexpr std::chrono::milliseconds kHandshakeTimeMax = std::chrono::seconds(10);
/// How long a refused peer's unread bytes are swallowed, so that the refusal is not lost in a reset.
inline constexpr std::chrono::milliseconds kRefusalLinger = std::chrono::seconds(2);
/// Buffers above this are given back once a session goes quiet.
inline constexpr std::size_t kQuietBufferBytes = 4 * 1024 + kFrameHeaderBytes;

}  // namespace lantaarn::channel
