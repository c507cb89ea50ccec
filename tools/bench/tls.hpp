#pragma once
// The peer for the channel: OpenSSL's TLS 1.3 over the same loop, with P-256 certificates on both sides (issued by one
// authority, both verified), no resumption and no tickets.

#include "common/base/result.hpp"

namespace lantaarn::bench {

/// False when this program was built without OpenSSL.
[[nodiscard]] bool tls_is_installed();
/// "OpenSSL 3.0.15, TLS 1.3, P-256", or "OpenSSL TLS 1.3: not installed".
[[nodiscard]] std::string tls_name();

/// One after the other: connect, both sides verified, close.
[[nodiscard]] Result<double> tls_handshakes_per_second(int count);
/// `messages` of `message_bytes` through one TLS_CHACHA20_POLY1305_SHA256 connection, in MB (10^6) per second.
[[nodiscard]] Result<double> tls_megabytes_per_second(std::size_t messages, std::size_t message_bytes);

}  // namespace lantaarn::bench
