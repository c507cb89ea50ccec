#pragma once
// A ticket: the one-time, short-lived file with which a handheld (or a further user of one) is enrolled. Made by the
// server, carried on a USB stick, used once. JSON, so that a person can see what it is; TICKET.md is the document.

#include <string>
#include <vector>

#include "common/base/id.hpp"
#include "common/base/result.hpp"
#include "common/crypto/dh.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"

namespace lantaarn::sync {

inline constexpr int kTicketVersion = 1;
inline constexpr std::int64_t kTicketLifetimeMs = 24LL * 3600 * 1000;
inline constexpr std::size_t kTicketBytesMax = 64 * 1024;

struct TicketUser {
  UserId id;
  std::string name;
};

struct Ticket {
  TicketId id;
  ServerId server;
  std::string server_address;              ///< HOST:PORT
  crypto::DhPublicKey channel_key{};       ///< the server's Noise static
  crypto::VerifyKey authority_key{};
  crypto::BoxPublicKey sealing_key{};
  std::uint32_t sealing_key_number = 1;
  std::uint32_t keys_generation = 1;       ///< of the three keys (server_keys.hpp)
  std::uint32_t epoch = 1;
  std::optional<crypto::VerifyKey> recovery_key;  ///< nothing: the server has none yet
  crypto::Key psk;                         ///< one-time, for the enrolment's handshake
  crypto::Key enrol_secret;                ///< one-time, proves to the registry process what the gateway must not decide
  DeviceId device;
  std::string device_name;
  std::vector<TicketUser> users;           ///< who may be enrolled with it
  std::int64_t expires_at_ms = 0;          ///< by the server's clock, which decides
};

[[nodiscard]] std::string write_ticket(const Ticket& ticket);
/// kRefused "ticket_unreadable" for anything that is not a whole ticket of this version (a checksum covers it).
[[nodiscard]] Result<Ticket> read_ticket(std::string_view text);

}  // namespace lantaarn::sync
