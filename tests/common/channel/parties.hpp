#pragma once
// Two parties that know each other, for every channel test.

#include <catch2/catch.hpp>

#include "common/channel/frame.hpp"
#include "common/channel/handshake.hpp"
#include "common/crypto/random.hpp"

namespace lantaarn::channel {

struct Parties {
  DhKeyPair device = DhKeyPair::random();
  DhKeyPair server = DhKeyPair::random();
  crypto::Key psk = crypto::random_secret<32>();
  ServerId server_id = crypto::random_id<ServerId>();
};

/// A session's two ends, after a handshake that succeeded.
struct Session {
  SessionKeys device;
  SessionKeys server;
};

inline Session shake_hands(const Parties& parties, ByteView prologue = {}) {
  Initiator initiator(parties.device, parties.server.public_key(), prologue);
  Responder responder(parties.server, prologue);
  REQUIRE(responder.read_message_1(*initiator.write_message_1({}), {}).ok());
  REQUIRE(initiator.read_message_2(*responder.write_message_2({}), {}).ok());
  const Bytes message3 = *initiator.write_message_3(parties.psk, {});
  REQUIRE(responder.read_device_key(message3).ok());
  REQUIRE(responder.admit(message3, parties.psk, {}).ok());
  return {*initiator.finish(), *responder.finish()};
}

}  // namespace lantaarn::channel
