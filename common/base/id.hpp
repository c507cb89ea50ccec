#pragma once
// Ids: 16 random bytes each (event ids: a hash), one type per kind so that they cannot be swapped.

#include <algorithm>
#include <compare>
#include <functional>

#include "common/base/bytes.hpp"

namespace lantaarn {

inline constexpr std::size_t kIdBytes = 16;

template <typename Tag>
struct Id {
  ByteArray<kIdBytes> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
  [[nodiscard]] bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
  }
  /// Nothing unless exactly 16 bytes.
  [[nodiscard]] static std::optional<Id> from(ByteView raw) {
    auto array = to_array<kIdBytes>(raw);
    if (!array) return std::nullopt;
    return Id{*array};
  }
  [[nodiscard]] static std::optional<Id> from(const std::string& raw) { return from(lantaarn::as_bytes(raw)); }
  [[nodiscard]] static std::optional<Id> parse_hex(std::string_view text) {
    auto raw = from_hex(text);
    if (!raw) return std::nullopt;
    return from(ByteView(*raw));
  }
  auto operator<=>(const Id&) const = default;
};

using DeviceId = Id<struct DeviceTag>;
using LogId = Id<struct LogTag>;
using UserId = Id<struct UserTag>;
using ClientId = Id<struct ClientTag>;
using EventId = Id<struct EventTag>;
using RoundId = Id<struct RoundTag>;
using KeyId = Id<struct KeyTag>;
using ServerId = Id<struct ServerTag>;
using TicketId = Id<struct TicketTag>;

/// BLAKE2b-256 of an entry, or of a chain's genesis.
using Hash = ByteArray<32>;

}  // namespace lantaarn

template <typename Tag>
struct std::hash<lantaarn::Id<Tag>> {
  std::size_t operator()(const lantaarn::Id<Tag>& id) const noexcept {
    return static_cast<std::size_t>(lantaarn::load_le<std::uint64_t>(id.bytes.data()));
  }
};
