// The published vector of Noise_XKpsk3_25519_ChaChaPoly_SHA256 (cacophony's collection): every byte of its handshake,
// with its payloads, both ways, then its transport messages. Exit code 0 passed, 1 failed, 4 skipped: no such file.

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "common/channel/handshake.hpp"

namespace {

using namespace lantaarn;
using namespace lantaarn::channel;

class Vector {
 public:
  explicit Vector(const boost::json::object& fields) : fields_(fields) {}
  [[nodiscard]] Bytes bytes(const char* name) const { return hex(fields_.at(name)); }
  [[nodiscard]] crypto::Key key(const char* name) const { return *crypto::Key::from(bytes(name)); }
  [[nodiscard]] crypto::Key psk() const { return *crypto::Key::from(hex(fields_.at("init_psks").as_array().at(0))); }
  [[nodiscard]] Bytes payload(std::size_t message) const { return field(message, "payload"); }
  [[nodiscard]] Bytes ciphertext(std::size_t message) const { return field(message, "ciphertext"); }
  [[nodiscard]] std::size_t messages() const { return fields_.at("messages").as_array().size(); }

 private:
  static Bytes hex(const boost::json::value& value) { return from_hex(std::string(value.as_string())).value(); }
  [[nodiscard]] Bytes field(std::size_t message, const char* name) const {
    return hex(fields_.at("messages").as_array().at(message).as_object().at(name));
  }
  boost::json::object fields_;
};

int failures = 0;

void expect(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

void expect_read(const Status& status, const Bytes& payload, const Vector& vector, std::size_t message) {
  const std::string name = "message " + std::to_string(message + 1) + " read";
  expect(status.ok() && payload == vector.payload(message), name);
}

void play_transport(const Vector& vector, SessionKeys& initiator, SessionKeys& responder) {
  for (std::size_t i = 3; i < vector.messages(); ++i) {
    const bool from_initiator = i % 2 == 0;  // they take turns; message 4, at index 3, is the responder's
    CipherState& send = from_initiator ? initiator.send : responder.send;
    CipherState& receive = from_initiator ? responder.receive : initiator.receive;
    const Bytes plain = vector.payload(i);
    Bytes cipher(plain.size() + 16), opened(plain.size());
    const std::string name = "transport message " + std::to_string(i + 1);
    expect(send.encrypt({}, plain, cipher.data()) && cipher == vector.ciphertext(i), name + " written");
    expect(receive.decrypt({}, cipher, opened.data()) && opened == plain, name + " read");
  }
}

void play(const Vector& vector) {
  const DhKeyPair device(vector.key("init_static")), server(vector.key("resp_static"));
  expect(to_bytes(server.public_key()) == vector.bytes("init_remote_static"), "the server's public key");
  Initiator initiator(device, server.public_key(), vector.bytes("init_prologue"), DhKeyPair(vector.key("init_ephemeral")));
  Responder responder(server, vector.bytes("resp_prologue"), DhKeyPair(vector.key("resp_ephemeral")));
  const crypto::Key psk = vector.psk();
  Bytes payload[3];
  for (std::size_t i = 0; i < 3; ++i) payload[i].resize(vector.payload(i).size());

  const auto message1 = initiator.write_message_1(vector.payload(0));
  expect(message1.ok() && *message1 == vector.ciphertext(0), "message 1 written");
  expect_read(responder.read_message_1(vector.ciphertext(0), payload[0]), payload[0], vector, 0);
  const auto message2 = responder.write_message_2(vector.payload(1));
  expect(message2.ok() && *message2 == vector.ciphertext(1), "message 2 written");
  expect_read(initiator.read_message_2(vector.ciphertext(1), payload[1]), payload[1], vector, 1);
  const auto message3 = initiator.write_message_3(psk, vector.payload(2));
  expect(message3.ok() && *message3 == vector.ciphertext(2), "message 3 written");
  const auto device_key = responder.read_device_key(vector.ciphertext(2));
  expect(device_key.ok() && *device_key == device.public_key(), "the device's key read");
  expect_read(responder.admit(vector.ciphertext(2), psk, payload[2]), payload[2], vector, 2);

  auto ours = initiator.finish();
  auto theirs = responder.finish();
  expect(ours.ok() && theirs.ok(), "both finish");
  if (!ours.ok() || !theirs.ok()) return;
  expect(to_bytes(ours->handshake_hash) == vector.bytes("handshake_hash"), "the handshake hash");
  expect(ours->handshake_hash == theirs->handshake_hash, "the same hash on both sides");
  play_transport(vector, *ours, *theirs);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "";
  std::ifstream file(path);
  if (!file) {
    std::cout << "SKIPPED: the published Noise vectors are not here (" << path << ")\n";
    return 4;
  }
  if (!lantaarn::crypto::initialise().ok()) return 1;
  std::stringstream text;
  text << file.rdbuf();
  int played = 0;
  const boost::json::value document = boost::json::parse(text.str());
  for (const auto& entry : document.as_object().at("vectors").as_array()) {
    if (entry.as_object().at("protocol_name").as_string() != kProtocolName) continue;
    play(Vector(entry.as_object()));
    ++played;
  }
  expect(played == 1, "one vector of our suite");
  if (failures == 0) std::cout << "the published vector of " << kProtocolName << " passed\n";
  return failures == 0 ? 0 : 1;
}
