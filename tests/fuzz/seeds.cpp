#include "tests/fuzz/seeds.hpp"

#include <boost/json.hpp>

#include "common/channel/handshake.hpp"
#include "common/channel/preamble.hpp"
#include "common/journal/batch.hpp"
#include "common/model/card_box.hpp"
#include "common/model/event.hpp"
#include "common/sync/message.hpp"
#include "common/sync/statement.hpp"
#include "common/sync/stick_file.hpp"
#include "common/sync/ticket.hpp"
#include "sync_server/admin/control.hpp"
#include "sync_server/backup/sealed_file.hpp"
#include "sync_server/backup/sheet.hpp"
#include "sync_server/backup/shipped_file.hpp"
#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/ipc.pb.h"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {

void handshake(ByteView);
void frame(ByteView);
void session(ByteView);
void entry(ByteView);
void event(ByteView);
void ticket(ByteView);
void typed(ByteView);
void stick(ByteView);
void backup(ByteView);
void table(ByteView);
void migration(ByteView);
void local(ByteView);

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {{"handshake", handshake}, {"frame", frame},         {"session", session}, {"entry", entry},
                                          {"event", event},         {"ticket", ticket},       {"typed", typed},     {"stick", stick},       {"backup", backup},     {"table", table},
                                          {"migration", migration}, {"local", local}};
  return all;
}

namespace {

using Seeds = std::map<std::string, std::map<std::string, Bytes>>;

Bytes mode(std::uint8_t how, ByteView rest) {
  Bytes made{how};
  append(made, rest);
  return made;
}
void piece(Bytes& to, ByteView bytes) {
  append_le(to, static_cast<std::uint16_t>(bytes.size()));
  append(to, bytes);
}

void of_channel(Seeds& seeds) {
  using namespace channel;
  const DhKeyPair device(fixed_key(4));
  const DhKeyPair server(fixed_key(2));
  const auto preamble = make_preamble(Purpose::kSync);
  Initiator initiator(device, server.public_key(), make_prologue(fixed_id<ServerId>(1), preamble), DhKeyPair(fixed_key(9)));
  Bytes hello = to_bytes(preamble);
  append(hello, *initiator.write_message_1({}));
  hello.resize(hello.size() + kMessage3Bytes);
  seeds["handshake"]["sync"] = mode(0, hello);
  seeds["handshake"]["enrolment"] = mode(0, make_preamble(Purpose::kEnrolment));
  seeds["handshake"]["message2"] = mode(1, Bytes(kMessage2Bytes));
  seeds["handshake"]["address"] = mode(2, as_bytes("server.example:7420"));

  Bytes plain{0};
  Bytes one;
  append_le(one, std::uint32_t{5});
  append(one, as_bytes("hello"));
  piece(plain, one);
  plain.push_back(0);
  Bytes end;
  append_le(end, 0xFFFF'FFFFU);
  piece(plain, end);
  seeds["frame"]["message_end"] = mode(0x80, plain);
  seeds["frame"]["raw"] = mode(1, Bytes(1026));
}

void of_session(Seeds& seeds) {
  using namespace sync;
  pb::Message hello;
  hello.mutable_hello()->set_protocol(1);
  auto& log = *hello.mutable_hello()->add_logs();
  log.set_log_id(to_string(fixed_id<LogId>(2).view()));
  log.set_head_seq(9);
  log.set_head_hash(std::string(32, '\x09'));
  seeds["session"]["message"] = mode(0, to_message(hello));

  Bytes server;
  piece(server, to_message(hello));
  piece(server, push_message(fixed_id<LogId>(2), Bytes(50)));
  server.push_back(0);
  server.push_back(9);
  pb::Message done;
  done.mutable_push_done();
  piece(server, to_message(done));
  seeds["session"]["server"] = mode(1, server);

  pb::Message state;
  state.mutable_state()->set_epoch(1);
  state.mutable_state()->add_logs()->set_log_id(log.log_id());
  pb::Statement key;
  key.set_kind(pb::RECEIPT_KEY);
  key.set_device_id(to_string(fixed_id<DeviceId>(1).view()));
  key.set_epoch(1);
  key.set_counter(7);
  pb::ReceiptKey body;
  body.set_verify_key(to_string(crypto::SignKey(fixed_key(3)).verify_key()));
  key.set_body(body.SerializeAsString());
  state.mutable_state()->mutable_receipt_key()->set_statement(key.SerializeAsString());
  Bytes handheld;
  piece(handheld, to_message(state));
  pb::Receipt receipt;
  receipt.set_log_id(log.log_id());
  receipt.set_seq(9);
  receipt.set_hash(log.head_hash());
  key.set_kind(pb::RECEIPT);
  key.set_body(receipt.SerializeAsString());
  pb::Message ack;
  ack.mutable_ack()->mutable_receipt()->set_statement(key.SerializeAsString());
  ack.mutable_ack()->mutable_receipt()->set_signature("r");
  piece(handheld, to_message(ack));
  key.set_kind(pb::LEASE);
  key.set_body(pb::Lease().SerializeAsString());
  pb::Message down;
  down.mutable_down()->mutable_statement()->set_statement(key.SerializeAsString());
  piece(handheld, to_message(down));
  pb::Message down_done;
  down_done.mutable_down_done();
  piece(handheld, to_message(down_done));
  seeds["session"]["handheld"] = mode(2, handheld);
}

Bytes contact() {
  model::Event event;
  event.set_nonce(std::string(16, '\x01'));
  event.set_author(std::string(16, '\x02'));
  auto& logged = *event.mutable_contact_logged();
  logged.set_client_id(std::string(16, '\x03'));
  logged.set_occurred_at_ms(1'795'000'000'000);
  logged.set_channel("in_person");
  logged.set_place("zone");
  logged.set_outcome("spoken");
  logged.add_topics("housing");
  logged.set_minutes(10);
  return model::encode_event(event);
}

void of_journal(Seeds& seeds) {
  using namespace journal;
  const DeviceId device = fixed_id<DeviceId>(1);
  const LogId log = fixed_id<LogId>(2);
  const SealKey key{fixed_id<KeyId>(4), fixed_key(1)};
  const crypto::SignKey author{fixed_key(3)};
  EntryHeader header;
  header.seq = 1;
  header.device = device;
  header.log = log;
  header.author = fixed_id<UserId>(2);
  header.seal_key = key.id;
  header.previous = genesis_hash({device, log, {}, 0, {}});
  header.sealing_key = 1;
  const Bytes box = make_seal_key_box(key, device, log, crypto::BoxKey(fixed_key(2)).public_key());
  const Bytes sealed = seal_entry(header, box, key, contact());
  const Hash hash = entry_hash(sealed);
  Bytes batch;
  append_to_batch(batch, sealed, sign_head(author, device, log, 1, hash));
  seeds["entry"]["one"] = mode(0, sealed);
  seeds["entry"]["batch"] = mode(1, batch);
  seeds["entry"]["event"] = mode(2, contact());
}

void of_model(Seeds& seeds) {
  seeds["event"]["contact"] = mode(0, contact());
  model::Event event = *model::decode_event(contact());
  auto& added = *event.mutable_record_added();
  added.set_kind("appointment");
  added.set_client_id(std::string(16, '\x03'));
  for (const auto& [field, value] : {std::pair{"date", "2026-11-22"}, {"to", "sti_test"}, {"attended", "yes"}}) {
    auto& change = *added.add_fields();
    change.set_field(field);
    change.set_value(value);
  }
  seeds["event"]["record"] = mode(0, model::encode_event(event));
  model::pb::CardBundle bundle;
  seeds["event"]["cards"] = mode(1, as_bytes(bundle.SerializeAsString()));

  Bytes words{0};
  piece(words, as_bytes("date=2026-11-22"));
  piece(words, as_bytes("euro=12,50"));
  seeds["typed"]["record"] = mode(0, words);
  Bytes field;
  piece(field, as_bytes("topics"));
  append(field, as_bytes("housing,money"));
  seeds["typed"]["field"] = mode(1, field);
  seeds["typed"]["date"] = mode(2, as_bytes("2026-11-22"));
}

void of_ticket(Seeds& seeds) {
  sync::Ticket ticket;
  ticket.server_address = "server.example:7420";
  ticket.device_name = "Handheld 1";
  ticket.psk = fixed_key(1);
  ticket.enrol_secret = fixed_key(2);
  ticket.users = {{fixed_id<UserId>(2), "Noor"}};
  ticket.expires_at_ms = 1'795'000'000'000;
  seeds["ticket"]["whole"] = to_bytes(as_bytes(sync::write_ticket(ticket)));
}

void of_server(Seeds& seeds) {
  seeds["table"]["csv"] = mode(0, as_bytes("alias;datum\r\n\"Roos \"\"R\"\"\";2026-11-22\r\n"));
  seeds["table"]["mapping"] = mode(1, as_bytes(R"({"kind": "client", "key": "id", "columns": {"naam": "alias"}})"));
  seeds["migration"]["raw"] = mode(0, as_bytes("LANTMIGR"));
  Bytes parts{1};
  piece(parts, {});
  seeds["migration"]["sealed"] = mode(1, parts);
  server::ipc::Frame configure;
  configure.mutable_configure()->set_listen_port(7420);
  Bytes frames;
  piece(frames, *server::ipc::encode_frame(configure));
  seeds["local"]["frame"] = mode(0, frames);
  seeds["local"]["request"] = mode(1, as_bytes(R"({"command": "clients", "values": {"as": ["Joke"]}})"));
  seeds["local"]["answer"] = mode(2, as_bytes(R"({"error": {"kind": 1, "code": "user_unknown", "args": []}})"));
}

void of_files(Seeds& seeds) {
  Bytes file;
  auto writer = sync::StickWriter::begin(sync::StickKind::kRescue, fixed_id<DeviceId>(1), [&](ByteView bytes) -> Status {
    append(file, bytes);
    return {};
  });
  static_cast<void>(writer->batch(Bytes(60)));
  static_cast<void>(writer->damage(3));
  static_cast<void>(writer->end());
  seeds["stick"]["rescue"] = mode(0, file);
  Bytes messages{1};
  piece(messages, Bytes(20));
  seeds["stick"]["answer"] = mode(3, messages);

  using namespace server::backup;
  const crypto::BoxKey key{fixed_key(6)};
  seeds["backup"]["sealed"] = mode(2, seal_file(key.public_key(), "LANTFUZZ", Bytes(40)));
  seeds["backup"]["signed"] = mode(3, Bytes(100));
  RecoverySecret secret;
  Bytes typed;
  for (const std::string& line : sheet_lines(make_sheets(secret).front())) append(typed, as_bytes(line + "\n"));
  seeds["backup"]["sheet"] = mode(4, typed);
  Bytes records;
  piece(records, Bytes(10));
  piece(records, Bytes(200));
  seeds["backup"]["shipped"] = mode(5, records);
  seeds["backup"]["own_log"] = mode(0, Bytes(64));
  seeds["backup"]["inbox"] = mode(1, Bytes(64));
}

}  // namespace

Seeds make_seeds() {
  Seeds seeds;
  of_channel(seeds);
  of_session(seeds);
  of_journal(seeds);
  of_model(seeds);
  of_ticket(seeds);
  of_server(seeds);
  of_files(seeds);
  return seeds;
}

}  // namespace lantaarn::fuzz
