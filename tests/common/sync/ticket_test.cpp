#include <boost/json.hpp>

#include "common/crypto/random.hpp"
#include "common/sync/enrol.hpp"
#include "common/sync/message.hpp"
#include "common/sync/ticket.hpp"
#include "tests/common/sync/fixture.hpp"

namespace lantaarn::sync {
namespace {

Ticket ticket() {
  Ticket made;
  made.id = crypto::random_id<TicketId>();
  made.server = crypto::random_id<ServerId>();
  made.server_address = "registry.example:4711";
  made.channel_key.fill(1);
  made.authority_key.fill(2);
  made.sealing_key.fill(3);
  made.epoch = 4;
  made.psk = crypto::random_secret<32>();
  made.enrol_secret = crypto::random_secret<32>();
  made.device = crypto::random_id<DeviceId>();
  made.device_name = "veld-1";
  made.users = {{crypto::random_id<UserId>(), "Noor \"N\" Jansen"}, {crypto::random_id<UserId>(), "Łucja"}};
  made.expires_at_ms = 1'795'000'000'000;
  return made;
}

}  // namespace

TEST_CASE("a ticket is read as it was written", "[sync]") {
  const Ticket written = ticket();
  const auto read = read_ticket(write_ticket(written));
  REQUIRE(read.ok());
  CHECK(read->id == written.id);
  CHECK(read->server_address == written.server_address);
  CHECK(read->sealing_key == written.sealing_key);
  CHECK(crypto::equal(read->psk.view(), written.psk.view()));
  CHECK(crypto::equal(read->enrol_secret.view(), written.enrol_secret.view()));
  CHECK(read->users.at(0).name == written.users[0].name);
  CHECK(read->users.at(1).id == written.users[1].id);
  CHECK(read->expires_at_ms == written.expires_at_ms);
}

TEST_CASE("a ticket with any byte changed or cut off is unreadable", "[sync]") {
  const std::string text = write_ticket(ticket());
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    CAPTURE(at);
    std::string changed = text;
    changed[at] = changed[at] == '5' ? '6' : '5';
    const auto read = read_ticket(changed);
    CHECK((!read.ok() && read.error().code == "ticket_unreadable"));
    CHECK_FALSE(read_ticket(text.substr(0, at)).ok());
  }
  CHECK_FALSE(read_ticket(std::string(kTicketBytesMax + 1, ' ')).ok());
}

TEST_CASE("a ticket of another version, or without a field, is unreadable even with a right checksum", "[sync]") {
  namespace json = boost::json;
  const std::string text = write_ticket(ticket());
  const json::value whole = json::parse(text);
  const auto altered = [&](const std::function<void(json::object&)>& alter) {
    json::object object = whole.get_object();
    object.stable_erase("checksum");
    alter(object);
    object["checksum"] = to_hex(crypto::blake2b_256({as_bytes("lantaarn ticket v1"), as_bytes(json::serialize(object))}));
    return read_ticket(json::serialize(object)).ok();
  };
  CHECK(altered([](json::object&) {}));
  CHECK_FALSE(altered([](json::object& object) { object["version"] = 2; }));
  CHECK_FALSE(altered([](json::object& object) { object["epoch"] = -1; }));
  CHECK_FALSE(altered([](json::object& object) { object["users"] = "all"; }));
  for (const auto& field : whole.get_object()) {
    if (field.key() == "checksum") continue;
    CAPTURE(std::string(field.key()));
    CHECK_FALSE(altered([&](json::object& object) { object.stable_erase(field.key()); }));
    // Another kind of value, or one of another length.
    for (const json::value& other : {json::value(true), json::value("xyz"), json::value("00"), json::value(-1), json::value(json::array{1})}) {
      CAPTURE(json::serialize(other));
      const bool may_be_so = field.value().kind() == other.kind();  // a name is any text
      CHECK((may_be_so || !altered([&](json::object& object) { object[field.key()] = other; })));
      if (may_be_so) static_cast<void>(altered([&](json::object& object) { object[field.key()] = other; }));
    }
  }
}

TEST_CASE("what is no ticket at all is unreadable", "[sync]") {
  for (const char* text : {"", "[]", "7", "{}", "{\"checksum\":7}", "{\"checksum\":\"00\"}"}) {
    INFO(text);
    CHECK_FALSE(read_ticket(text).ok());
  }
}

TEST_CASE("an enrolment proves its keys, in this session only", "[sync]") {
  const crypto::SignKey sign_key{crypto::random_secret<32>()};
  const EnrolUser user{crypto::random_id<UserId>(), {}, &sign_key};
  ByteArray<32> session{};
  const crypto::Key enrol_secret = crypto::random_secret<32>();
  const Bytes request = make_enrol_request(user, {enrol_secret, {}}, session, {});
  EnrolReceiver receiver(session);
  const auto read = receiver.receive(request);
  REQUIRE(read.ok());
  CHECK(read->user_id() == to_string(user.id.view()));
  CHECK_FALSE(receiver.receive(request).ok());  // once

  ByteArray<32> other_session{};
  other_session[0] = 1;
  CHECK_FALSE(EnrolReceiver(other_session).receive(request).ok());
  pb::Message altered = parsed(request);
  (*altered.mutable_enrol_request()->mutable_box_key())[0] ^= 1;
  CHECK_FALSE(EnrolReceiver(session).receive(to_message(altered)).ok());
}

namespace {
KnownServerKeys known_of(const Authority& authority) { return {{}, 1, authority.authority.verify_key(), 1, {}}; }
}  // namespace

TEST_CASE("an enrolment's answer is believed when the ticket's authority signed it for this device", "[sync]") {
  Authority authority;
  authority.epoch = 3;
  pb::EnrolReply reply;
  reply.set_device_psk(std::string(32, 'p'));
  reply.set_epoch(3);
  *reply.mutable_users() = authority.state(authority.statement(pb::USERS, ""));
  *reply.mutable_receipt_key() = authority.receipt_key();
  *reply.mutable_lease() = authority.state(authority.statement(pb::LEASE, ""));
  const auto check = [&] { return check_enrol_reply(enrol_reply_message(reply), known_of(authority), authority.device); };
  REQUIRE(check().ok());
  CHECK(check()->epoch == 3);
  SECTION("another authority") { *reply.mutable_lease() = Authority().state(authority.statement(pb::LEASE, "")); }
  SECTION("another kind") { *reply.mutable_lease() = reply.users(); }
  SECTION("no PSK") { reply.clear_device_psk(); }
  SECTION("an epoch that the authority did not state") { reply.set_epoch(4); }
  SECTION("a statement of another epoch") {
    authority.epoch = GENERATE(2, 4);
    *reply.mutable_receipt_key() = authority.receipt_key();
  }
  CHECK_FALSE(check().ok());
  CHECK(check_enrol_reply(refusal_message("ticket_used"), known_of(authority), authority.device).error().code ==
        "ticket_used");
}

}  // namespace lantaarn::sync
