// Our own vectors, from an implementation that shares no line with ours. If one of these fails, the wire has changed:
// PROTOCOL.md and the version in the preamble change with it, or the change is a mistake.

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "common/channel/preamble.hpp"
#include "common/crypto/hash.hpp"
#include "parties.hpp"

namespace lantaarn::channel {
namespace {

boost::json::object golden() {
  std::ifstream file(LANTAARN_VECTORS "/channel/golden.json");
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str()).as_object();
}

std::string text_of(const boost::json::object& from, const char* name) { return std::string(from.at(name).as_string()); }
Bytes bytes_of(const boost::json::object& from, const char* name) { return from_hex(text_of(from, name)).value(); }
crypto::Key key_of(const boost::json::object& from, const char* name) { return *crypto::Key::from(bytes_of(from, name)); }

/// Plays one of the recorded handshakes and checks every byte of it.
Session play(const boost::json::object& all, const boost::json::object& one) {
  const bool enrols = text_of(one, "purpose") == "enrolment";
  const auto preamble = make_preamble(enrols ? Purpose::kEnrolment : Purpose::kSync);
  CHECK(to_hex(preamble) == text_of(one, "preamble"));
  const Bytes prologue = make_prologue(*ServerId::from(ByteView(bytes_of(all, "server_id"))), preamble);
  CHECK(to_hex(prologue) == text_of(one, "prologue"));

  const DhKeyPair device(key_of(all, "device_static")), server(key_of(all, "server_static"));
  const crypto::Key psk = key_of(all, "psk");
  const Bytes ticket = enrols ? bytes_of(all, "ticket_id") : Bytes();
  Initiator initiator(device, server.public_key(), prologue, DhKeyPair(key_of(all, "device_ephemeral")));
  Responder responder(server, prologue, DhKeyPair(key_of(all, "server_ephemeral")));

  const Bytes message1 = *initiator.write_message_1(ticket);
  CHECK(to_hex(message1) == text_of(one, "message_1"));
  Bytes ticket_read(ticket.size());
  REQUIRE(responder.read_message_1(message1, ticket_read).ok());
  CHECK(ticket_read == ticket);
  const Bytes message2 = *responder.write_message_2({});
  CHECK(to_hex(message2) == text_of(one, "message_2"));
  REQUIRE(initiator.read_message_2(message2, {}).ok());
  const Bytes message3 = *initiator.write_message_3(psk, {});
  CHECK(to_hex(message3) == text_of(one, "message_3"));
  REQUIRE(responder.read_device_key(message3).ok());
  REQUIRE(responder.admit(message3, psk, {}).ok());
  Session session{*initiator.finish(), *responder.finish()};
  CHECK(to_hex(session.device.handshake_hash) == text_of(one, "handshake_hash"));
  CHECK(session.server.handshake_hash == session.device.handshake_hash);
  return session;
}

}  // namespace

TEST_CASE("the recorded handshakes come out byte for byte", "[channel][golden]") {
  const auto all = golden();
  REQUIRE(all.at("handshakes").as_array().size() == 2);
  for (const auto& one : all.at("handshakes").as_array()) play(all, one.as_object());
}

TEST_CASE("the recorded frames and the END frame come out byte for byte", "[channel][golden]") {
  const auto all = golden();
  Session session = play(all, all.at("handshakes").as_array().at(0).as_object());
  FrameWriter writer(std::move(session.device.send));
  Bytes wire;
  for (const auto& value : all.at("frames_of_the_sync_client").as_array()) {
    const auto& frame = value.as_object();
    Bytes message(static_cast<std::size_t>(frame.at("message_bytes").as_int64()));
    for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>(i * 7 + message.size());
    wire.clear();
    REQUIRE(writer.append_message(message, wire).ok());
    INFO("a message of " << message.size() << " bytes");
    CHECK(wire.size() == static_cast<std::size_t>(frame.at("wire_bytes").as_int64()));
    CHECK(to_hex(crypto::sha256({wire})) == text_of(frame, "sha256"));
  }
  wire.clear();
  REQUIRE(writer.append_end(wire).ok());
  CHECK(wire.size() == kFrameWireBytesMin);
  CHECK(to_hex(crypto::sha256({wire})) == text_of(all, "end_frame_sha256"));
}

}  // namespace lantaarn::channel
