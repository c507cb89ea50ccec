// The golden bytes: whoever changes them changes PROTOCOL.md or TICKET.md, and every handheld in a drawer.

#include <fstream>

#include "common/sync/enrol.hpp"
#include "common/sync/ticket.hpp"
#include "tests/common/sync/fixture.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::sync {
namespace {

std::string golden(const std::string& key) {
  std::ifstream file(std::string(LANTAARN_VECTORS) + "/sync/session_v1.txt");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
  }
  return "no line " + key;
}

template <typename Array>
Array filled(std::uint8_t byte) {
  Array array;
  array.fill(byte);
  return array;
}
crypto::SignKey key_of(std::uint8_t byte) { return crypto::SignKey(crypto::SignSeed(filled<ByteArray<32>>(byte))); }

const DeviceId kDevice{filled<ByteArray<16>>(1)};
const LogId kLog{filled<ByteArray<16>>(2)};

pb::SignedStatement receipt() {
  pb::Receipt body;
  body.set_log_id(to_string(kLog.view()));
  body.set_seq(7);
  body.set_hash(to_string(filled<Hash>(5)));
  pb::Statement statement;
  statement.set_kind(pb::RECEIPT);
  statement.set_device_id(to_string(kDevice.view()));
  statement.set_epoch(1);
  statement.set_counter(3);
  statement.set_issued_at_ms(1'795'000'000'000);
  statement.set_body(body.SerializeAsString());
  return sign_statement(key_of(4), kReceiptContext, statement);
}

Ticket ticket() {
  Ticket made;
  made.id.bytes.fill(6);
  made.server.bytes.fill(7);
  made.server_address = "registry.example:4711";
  made.channel_key.fill(8);
  made.authority_key.fill(9);
  made.sealing_key.fill(10);
  made.psk = crypto::Key(filled<ByteArray<32>>(11));
  made.enrol_secret = crypto::Key(filled<ByteArray<32>>(13));
  made.device = kDevice;
  made.device_name = "veld-1";
  made.users = {{UserId{filled<ByteArray<16>>(12)}, "Noor"}};
  made.expires_at_ms = 1'795'000'000'000;
  return made;
}

}  // namespace

static_assert(kProtocolVersion == 1 && kTicketVersion == 1);
static_assert(kKeyLinksMax == 520);
static_assert(kWindowBatches == 8 && kBatchEntriesMax == 500 && kBatchBytesMax == 262'144);
static_assert(pb::Message::kHelloFieldNumber == 1 && pb::Message::kStateFieldNumber == 2 && pb::Message::kPushFieldNumber == 3 &&
              pb::Message::kAckFieldNumber == 4 && pb::Message::kNakFieldNumber == 5 && pb::Message::kForkNotedFieldNumber == 6 &&
              pb::Message::kPushDoneFieldNumber == 7 && pb::Message::kDownFieldNumber == 8 &&
              pb::Message::kDownDoneFieldNumber == 9 && pb::Message::kDownAckFieldNumber == 10 &&
              pb::Message::kByeFieldNumber == 11 && pb::Message::kRefusalFieldNumber == 12 &&
              pb::Message::kEnrolRequestFieldNumber == 20 && pb::Message::kEnrolReplyFieldNumber == 21);

TEST_CASE("the golden messages are what this program writes", "[sync][vectors]") {
  TextSource source;
  source.kept.front().id = kLog;
  source.save("een");
  MarkSink sink;
  ClockReading clock;
  clock.wall_ms = 1'795'000'000'000;
  clock.monotonic_ms = 60'000;
  clock.boot_id.fill(3);
  Sender sender({kDevice, key_of(9).verify_key(), 0, "0.1.0", clock}, source, sink, {});
  CHECK(to_hex(*sender.next().value()) == golden("hello"));
  CHECK(to_hex(push_message(kLog, as_bytes("batch"))) == golden("push"));
  CHECK(to_hex(refusal_message("device_revoked")) == golden("refusal"));
  pb::Message ack;
  *ack.mutable_ack()->mutable_receipt() = receipt();
  CHECK(to_hex(to_message(ack)) == golden("ack"));
}

TEST_CASE("the golden receipt verifies", "[sync][vectors]") {
  const auto bytes = from_hex(golden("ack"));
  REQUIRE(bytes.has_value());
  const pb::Message message = parsed(*bytes);
  const auto statement = verify_statement(key_of(4).verify_key(), kReceiptContext, message.ack().receipt(), kDevice);
  REQUIRE(statement.ok());
  CHECK(statement->counter() == 3);
}

TEST_CASE("the golden link to other server keys is what this program writes and follows", "[sync][vectors][keys]") {
  const ServerId server{filled<ByteArray<16>>(7)};
  const ServerKeySet keys{2, key_of(14).verify_key(), filled<Hash>(15), filled<Hash>(16), 2};
  pb::Statement statement;
  statement.set_kind(pb::SERVER_KEYS);
  statement.set_epoch(1);
  statement.set_counter(4);
  statement.set_issued_at_ms(1'795'000'000'000);
  statement.set_body(key_set_body(server, keys));
  CHECK(to_hex(as_bytes(sign_statement(key_of(9), kAuthorityContext, statement).SerializeAsString())) == golden("server_keys"));
  KeyLinks links;
  const auto bytes = from_hex(golden("server_keys"));
  REQUIRE(bytes.has_value());
  REQUIRE(links.Add()->ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
  const auto newest = follow_key_links({server, 1, key_of(9).verify_key(), 1, {}}, links, 1);
  REQUIRE(newest.ok());
  CHECK((*newest)->keys == keys);
}

TEST_CASE("a push written by hand is what protobuf writes and reads", "[sync][vectors]") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{127}, std::size_t{128}, kBatchBytesMax}) {
    const Bytes batch(size, 'b');
    pb::Message message;
    message.mutable_push()->set_log_id(to_string(kLog.view()));
    message.mutable_push()->set_batch(to_string(batch));
    const pb::Message read = parsed(push_message(kLog, batch));
    CHECK(read.SerializeAsString() == message.SerializeAsString());
  }
}

TEST_CASE("the golden proof of a ticket is what this program makes", "[sync][vectors]") {
  const Hash proof = enrol_ticket_proof(crypto::Key(filled<ByteArray<32>>(13)), filled<Hash>(1), filled<Hash>(2),
                                        UserId{filled<ByteArray<16>>(12)}, filled<Hash>(3), filled<Hash>(4));
  CHECK(to_hex(proof) == golden("ticket_proof"));
}

TEST_CASE("the golden ticket is what this program writes and reads", "[sync][vectors]") {
  const std::string text = support::read_file(std::string(LANTAARN_VECTORS) + "/sync/ticket_v1.json");
  CHECK(write_ticket(ticket()) == text);
  REQUIRE(read_ticket(text).ok());
  CHECK(read_ticket(text)->users.at(0).name == "Noor");
  CHECK_FALSE(read_ticket(text)->recovery_key.has_value());  // of before there was one
}

TEST_CASE("the golden ticket with a recovery key is what this program writes and reads", "[sync][vectors]") {
  const std::string text = support::read_file(std::string(LANTAARN_VECTORS) + "/sync/ticket_v1_recovery.json");
  Ticket made = ticket();
  made.recovery_key = filled<crypto::VerifyKey>(14);
  CHECK(write_ticket(made) == text);
  REQUIRE(read_ticket(text).ok());
  CHECK(read_ticket(text)->recovery_key == made.recovery_key);
}

TEST_CASE("the golden epoch is what this program states and believes", "[sync][vectors]") {
  const ServerId server{filled<ByteArray<16>>(7)};
  CHECK(to_hex(as_bytes(sign_epoch(key_of(15), server, 2, 1000).SerializeAsString())) == golden("epoch"));
  pb::SignedStatement stated;
  REQUIRE(stated.ParseFromString(to_string(from_hex(golden("epoch")).value())));
  CHECK(verify_epoch(key_of(15).verify_key(), stated, server).value() == 2);
}

}  // namespace lantaarn::sync
