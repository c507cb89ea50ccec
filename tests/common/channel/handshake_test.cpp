#include "common/channel/handshake.hpp"

#include <functional>

#include "common/channel/limits.hpp"
#include "parties.hpp"

namespace lantaarn::channel {
namespace {

/// Plays a whole handshake, letting `meddle` alter each message on its way. The error of the first side that notices.
using Meddle = std::function<void(int number, Bytes& message)>;

std::string play(const Parties& parties, const crypto::Key& server_psk, const Meddle& meddle, ByteView payload1 = {}) {
  Initiator initiator(parties.device, parties.server.public_key(), as_bytes("prologue"));
  Responder responder(parties.server, as_bytes("prologue"));
  Bytes message = *initiator.write_message_1(payload1);
  meddle(1, message);
  Bytes read(payload1.size());
  if (auto status = responder.read_message_1(message, read); !status.ok()) return "1 " + status.error().code;
  message = *responder.write_message_2({});
  meddle(2, message);
  if (auto status = initiator.read_message_2(message, {}); !status.ok()) return "2 " + status.error().code;
  message = *initiator.write_message_3(parties.psk, {});
  meddle(3, message);
  if (auto key = responder.read_device_key(message); !key.ok()) return "3 " + key.error().code;
  if (auto status = responder.admit(message, server_psk, {}); !status.ok()) return "3 " + status.error().code;
  return initiator.finish()->handshake_hash == responder.finish()->handshake_hash ? "done" : "two hashes";
}

void leave_alone(int, Bytes&) {}

const char* const kNotices[] = {"", "1 handshake_failed", "2 server_key_wrong", "3 handshake_failed"};

}  // namespace

TEST_CASE("both sides finish with the same hash, and what one sends the other reads", "[channel]") {
  const Parties parties;
  auto [device, server] = shake_hands(parties);
  CHECK(device.handshake_hash == server.handshake_hash);
  CHECK(shake_hands(parties).device.handshake_hash != device.handshake_hash);
  for (auto [from, to] : {std::pair(&device.send, &server.receive), std::pair(&server.send, &device.receive)}) {
    Bytes bytes = to_bytes(as_bytes("hello"));
    bytes.resize(5 + 16);
    REQUIRE(from->encrypt({}, ByteView(bytes).first(5), bytes.data()));
    REQUIRE(to->decrypt({}, bytes, bytes.data()));
    CHECK(as_text(ByteView(bytes).first(5)) == "hello");
  }
}

TEST_CASE("altering any bit of any handshake message ends the handshake there", "[channel]") {
  const Parties parties;
  const std::size_t sizes[] = {0, kMessage1Bytes, kMessage2Bytes, kMessage3Bytes};
  for (int target = 1; target <= 3; ++target) {
    for (std::size_t bit = 0; bit < 8 * sizes[target]; ++bit) {
      INFO("message " << target << ", bit " << bit);
      REQUIRE(play(parties, parties.psk, [&](int number, Bytes& message) {
                if (number == target) message.at(bit / 8) ^= static_cast<std::uint8_t>(1U << bit % 8);
              }) == kNotices[target]);
    }
  }
}

TEST_CASE("a handshake message of any other length ends the handshake there", "[channel]") {
  const Parties parties;
  for (int target = 1; target <= 3; ++target) {
    for (int change : {-1, +1, +16, -1000}) {
      INFO("message " << target << ", " << change << " bytes");
      REQUIRE(play(parties, parties.psk, [&](int number, Bytes& message) {
                const auto size = static_cast<int>(message.size());
                if (number == target) message.resize(static_cast<std::size_t>(std::max(0, size + change)));
              }) == kNotices[target]);
    }
  }
}

TEST_CASE("a low-order point in the place of an ephemeral key closes, for its secret would be zero", "[channel]") {
  const Parties parties;
  for (int target = 1; target <= 2; ++target) {
    CHECK(play(parties, parties.psk, [&](int number, Bytes& message) {
            if (number == target) std::fill_n(message.begin(), 32, std::uint8_t{0});
          }) == kNotices[target]);
  }
}

TEST_CASE("another PSK, another server key or another prologue does not get in", "[channel]") {
  Parties parties;
  CHECK(play(parties, parties.psk, leave_alone) == "done");
  CHECK(play(parties, crypto::random_secret<32>(), leave_alone) == "3 handshake_failed");

  const DhKeyPair impostor = DhKeyPair::random();
  Initiator initiator(parties.device, parties.server.public_key(), as_bytes("p"));
  const Bytes message1 = *initiator.write_message_1({});
  CHECK(Responder(impostor, as_bytes("p")).read_message_1(message1, {}).error().code == "handshake_failed");
  CHECK(Responder(parties.server, as_bytes("q")).read_message_1(message1, {}).error().code == "handshake_failed");
  CHECK(Responder(parties.server, as_bytes("p")).read_message_1(message1, {}).ok());
}

TEST_CASE("someone who knows the PSK but not the device's key does not get in as that device", "[channel]") {
  const Parties parties;
  const DhKeyPair other = DhKeyPair::random();
  Initiator initiator(other, parties.server.public_key(), {});
  Responder responder(parties.server, {});
  REQUIRE(responder.read_message_1(*initiator.write_message_1({}), {}).ok());
  REQUIRE(initiator.read_message_2(*responder.write_message_2({}), {}).ok());
  const Bytes message3 = *initiator.write_message_3(parties.psk, {});
  CHECK(*responder.read_device_key(message3) == other.public_key());
}

TEST_CASE("someone whose device key is a low-order point does not get in, for its secret would be zero to anyone", "[channel]") {
  const Parties parties;
  const crypto::DhPublicKey no_key{};
  const DhKeyPair ephemeral = DhKeyPair::random();
  Responder responder(parties.server, {});
  // Our own Initiator has no such key, so the device's side is played step by step.
  SymmetricState device({});
  const auto mix = [&](const DhKeyPair& own, const crypto::DhPublicKey& other) { device.mix_key(crypto::dh(own.private_key(), other)->view()); };
  device.mix_hash(parties.server.public_key());
  device.mix_hash(ephemeral.public_key());
  device.mix_key(ephemeral.public_key());
  mix(ephemeral, parties.server.public_key());
  Bytes message1 = to_bytes(ephemeral.public_key());
  REQUIRE(device.encrypt_and_hash({}, message1).ok());
  REQUIRE(responder.read_message_1(message1, {}).ok());
  const Bytes message2 = *responder.write_message_2({});
  const auto server_ephemeral = *to_array<32>(ByteView(message2).first(32));
  device.mix_hash(server_ephemeral);
  device.mix_key(server_ephemeral);
  mix(ephemeral, server_ephemeral);
  REQUIRE(device.decrypt_and_hash(ByteView(message2).subspan(32), nullptr));

  Bytes message3;
  REQUIRE(device.encrypt_and_hash(no_key, message3).ok());
  message3.resize(kMessage3Bytes);  // the rest is not read
  CHECK(*responder.read_device_key(message3) == no_key);
  const Status admitted = responder.admit(message3, parties.psk, {});
  CHECK(admitted.error().code == "handshake_failed");
  CHECK(admitted.error().context.find("zero secret") != std::string::npos);
}

TEST_CASE("an enrolment's ticket id arrives with message 1, where only its own length is read", "[channel]") {
  const Parties parties;
  const auto ticket = crypto::random_id<TicketId>();
  Initiator initiator(parties.device, parties.server.public_key(), {});
  const Bytes message1 = *initiator.write_message_1(ticket.view());
  CHECK(message1.size() == kMessage1Bytes + kTicketIdBytes);
  TicketId read;
  CHECK_FALSE(Responder(parties.server, {}).read_message_1(message1, {}).ok());
  REQUIRE(Responder(parties.server, {}).read_message_1(message1, read.bytes).ok());
  CHECK(read == ticket);
  CHECK(play(parties, parties.psk, leave_alone, ticket.view()) == "done");
}

TEST_CASE("a step out of order is a bug, and nothing works after it", "[channel]") {
  const Parties parties;
  Initiator initiator(parties.device, parties.server.public_key(), {});
  CHECK(initiator.write_message_3(parties.psk, {}).error().kind == ErrorKind::kBug);
  CHECK(initiator.write_message_1({}).error().kind == ErrorKind::kBug);
  Responder responder(parties.server, {});
  CHECK(responder.finish().error().kind == ErrorKind::kBug);

  Responder failed(parties.server, {});
  CHECK_FALSE(failed.read_message_1(Bytes(48), {}).ok());
  CHECK(failed.write_message_2({}).error().kind == ErrorKind::kBug);
}

TEST_CASE("a step that comes out of its turn ends the handshake", "[channel]") {
  const Parties parties;
  const auto is_bug = [](const auto& result) { return !result.ok() && result.error().kind == ErrorKind::kBug; };
  {
    Responder responder(parties.server, as_bytes("prologue"));
    CHECK(is_bug(responder.write_message_2({})));
    CHECK(is_bug(responder.read_message_1(Bytes(kMessage1Bytes), {})));  // it is over
  }
  for (int step = 0; step < 5; ++step) {
    Initiator initiator(parties.device, parties.server.public_key(), as_bytes("prologue"));
    Responder responder(parties.server, as_bytes("prologue"));
    if (step == 0) CHECK(is_bug(initiator.read_message_2(Bytes(kMessage2Bytes), {})));
    if (step == 1) CHECK(is_bug(initiator.write_message_3(parties.psk, {})));
    if (step == 2) CHECK(is_bug(responder.read_device_key(Bytes(kMessage3Bytes))));
    if (step == 3) CHECK(is_bug(responder.admit(Bytes(kMessage3Bytes), parties.psk, {})));
    if (step == 4) {
      CHECK(is_bug(responder.finish()));
      CHECK(is_bug(initiator.finish()));
      CHECK(is_bug(initiator.write_message_1({})));
    }
  }
}

TEST_CASE("a server whose key is no key is not called", "[channel]") {
  const Parties parties;
  Initiator initiator(parties.device, crypto::DhPublicKey{}, as_bytes("prologue"));
  CHECK(initiator.write_message_1({}).error().code == "server_key_wrong");
}

}  // namespace lantaarn::channel
