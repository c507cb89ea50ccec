#pragma once
// A ticket's session: one question to the registry, which alone decides and alone writes.

#include "sync_server/gateway/session.hpp"
#include "sync_server/gateway/talk.hpp"

namespace lantaarn::server::gateway {

/// After the handshake: the peer holds the ticket's PSK and `peer.device_key`. Says everything there is to say and
/// leaves. The first device key binds the ticket; another one is refused, and the registry is alarmed.
[[nodiscard]] boost::asio::awaitable<void> serve_enrolment(Shared& shared, std::shared_ptr<Talk> talk, channel::Peer peer);

}  // namespace lantaarn::server::gateway
