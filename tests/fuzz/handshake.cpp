// What stands on the wire before anyone is known: preamble, message 1, message 3 at the server; message 2 at the handheld.
#include "common/channel/address.hpp"
#include "common/channel/answering.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

using namespace channel;

void fill(std::span<std::uint8_t> room, ByteView bytes) {
  std::fill(room.begin(), room.end(), 0);
  std::copy_n(bytes.begin(), std::min(room.size(), bytes.size()), room.begin());
}

void answer(Pieces pieces) {
  const DhKeyPair own(fixed_key(2));
  const ServerIdentity server{fixed_id<ServerId>(1), &own};
  Peer peer;
  Answering answering(server, peer);
  fill(answering.room_for_preamble(), pieces.take(kPreambleBytes));
  if (!answering.take_preamble().ok()) return;
  fill(answering.room_for_message1(), pieces.take(answering.room_for_message1().size()));
  if (!answering.take_message1().ok()) return;
  fill(answering.room_for_message3(), pieces.take(answering.room_for_message3().size()));
  if (!answering.take_message3().ok()) return;
  const crypto::Key psk = fixed_key(3);
  // The other side of this conversation never saw message 2: its ephemeral key is new each time.
  promise(!answering.admit(&psk).ok());
}

void dial(ByteView message2) {
  const DhKeyPair own(fixed_key(4));
  Initiator initiator(own, DhKeyPair(fixed_key(2)).public_key(), {});
  promise(initiator.write_message_1({}).ok());
  promise(!initiator.read_message_2(message2, {}).ok());
  promise(!initiator.write_message_3(fixed_key(3), {}).ok());
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(handshake) {
  Pieces pieces(input);
  switch (pieces.byte() % 3) {
    case 0: return answer(pieces);
    case 1: return dial(pieces.rest());
    default: static_cast<void>(channel::parse_address(as_text(pieces.rest())));
  }
}
