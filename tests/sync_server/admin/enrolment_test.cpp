#include "sync_server/admin/enrolment.hpp"

#include "common/crypto/random.hpp"
#include "common/sync/enrol.hpp"
#include "common/sync/ticket.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;

namespace {

// A handheld with a channel key, on which a user makes her keys.
struct Newcomer {
  crypto::DhPublicKey channel_key = crypto::dh_public(crypto::random_secret<32>());
  crypto::BoxKey box{crypto::random_secret<32>()};
  crypto::SignKey sign{crypto::random_secret<32>()};
  Bytes handshake_hash = Bytes(32, 7);

  [[nodiscard]] ipc::EnrolAsk ask(const sync::Ticket& ticket, const UserId& user) const {
    ipc::EnrolAsk ask;
    ask.set_ticket_id(model::id_field(ticket.id));
    ask.set_channel_key(to_string(channel_key));
    ask.set_handshake_hash(to_string(handshake_hash));
    auto& request = *ask.mutable_request();
    request.set_user_id(model::id_field(user));
    request.set_box_key(to_string(box.public_key()));
    request.set_verify_key(to_string(sign.verify_key()));
    request.set_proof(to_string(sign.sign(sync::kEnrolContext, sync::enrol_proof_text(handshake_hash, user, box.public_key()))));
    request.set_ticket_proof(to_string(
        sync::enrol_ticket_proof(ticket.enrol_secret, handshake_hash, channel_key, user, box.public_key(), sign.verify_key())));
    return ask;
  }
};

class Desk {
 public:
  Desk() : ticket(new_ticket("device add", {{"name", {"h1"}}, {"users", {"Anna", "Iris"}}, {"server", {"h:1"}}, {"ticket", {"t"}}})) {}

  sync::Ticket new_ticket(const std::string& command, const Values& values) {
    const Answer answer = office.ask(command, values);
    REQUIRE(answer.ok());
    auto read = sync::read_ticket(answer->files.at(0).content);
    REQUIRE(read.ok());
    return std::move(*read);
  }
  Result<sync::pb::EnrolReply> enrol(const ipc::EnrolAsk& ask) {
    Context context = office.open().context();
    StatementMaker statements(context.registry, context.keys);
    return admin::enrol(context, statements, ask);
  }
  std::string refusal(const ipc::EnrolAsk& ask) {
    const auto reply = enrol(ask);
    REQUIRE_FALSE(reply.ok());
    return reply.error().code;
  }
  UserId user(std::size_t index = 0) const { return ticket.users.at(index).id; }
  DeviceView device() {
    const auto devices = office.open().context().registry.devices();
    REQUIRE(devices.ok());
    return devices->at(0);
  }

  Office office;
  sync::Ticket ticket;
};

}  // namespace

TEST_CASE("who holds the ticket and proves her key is enrolled, and gets what the authority signed", "[enrolment]") {
  Desk desk;
  const Newcomer handheld;
  const auto reply = desk.enrol(handheld.ask(desk.ticket, desk.user()));
  REQUIRE(reply.ok());
  CHECK(reply->device_psk().size() == 32);
  for (const auto* statement : {&reply->users(), &reply->receipt_key(), &reply->lease()}) {
    CHECK(sync::verify_statement(desk.ticket.authority_key, sync::kAuthorityContext, *statement, desk.ticket.device).ok());
  }
  const DeviceView device = desk.device();
  CHECK(device.channel_key == handheld.channel_key);
  REQUIRE(device.binding_of(desk.user()) != nullptr);
  CHECK(device.binding_of(desk.user())->verify_key == handheld.sign.verify_key());
}

TEST_CASE("the same handheld may come again with its ticket: nothing changes, the same key comes back", "[enrolment]") {
  Desk desk;
  const Newcomer handheld;
  const auto first = desk.enrol(handheld.ask(desk.ticket, desk.user()));
  const auto again = desk.enrol(handheld.ask(desk.ticket, desk.user()));
  REQUIRE(again.ok());
  CHECK(again->device_psk() == first->device_psk());
  CHECK(desk.office.facts(model::Event::kDeviceEnrolled).size() == 1);
  CHECK(desk.office.facts(model::Event::kDeviceUserBound).size() == 1);
  desk.office.clock.advance_ms(2 * sync::kTicketLifetimeMs);
  CHECK(desk.enrol(handheld.ask(desk.ticket, desk.user())).ok());
}

TEST_CASE("a further user on the ticket is enrolled on the same handheld, with the same key", "[enrolment]") {
  Desk desk;
  Newcomer handheld;
  const auto first = desk.enrol(handheld.ask(desk.ticket, desk.user(0)));
  handheld.sign = crypto::SignKey(crypto::random_secret<32>());
  const auto second = desk.enrol(handheld.ask(desk.ticket, desk.user(1)));
  REQUIRE(second.ok());
  CHECK(second->device_psk() == first->device_psk());
  CHECK(desk.device().bound.size() == 2);
}

TEST_CASE("another handheld with the same ticket is refused and changes nothing", "[enrolment]") {
  Desk desk;
  const Newcomer handheld, thief;
  REQUIRE(desk.enrol(handheld.ask(desk.ticket, desk.user())).ok());
  CHECK(desk.refusal(thief.ask(desk.ticket, desk.user())) == "ticket_used");
  CHECK(desk.device().channel_key == handheld.channel_key);
  CHECK(desk.device().bound.size() == 1);
}

TEST_CASE("a ticket ends with its time, its first ordinary session, or its handheld", "[enrolment]") {
  Desk desk;
  const Newcomer handheld;
  SECTION("its time, by the server's clock") {
    desk.office.clock.advance_ms(sync::kTicketLifetimeMs - 1);
    const Newcomer early;
    CHECK(desk.enrol(early.ask(desk.ticket, desk.user())).ok());
    Desk late;
    late.office.clock.advance_ms(sync::kTicketLifetimeMs);
    CHECK(late.refusal(handheld.ask(late.ticket, late.user())) == "ticket_expired");
  }
  SECTION("its first ordinary session") {
    REQUIRE(desk.enrol(handheld.ask(desk.ticket, desk.user(0))).ok());
    HeldTickets held;
    REQUIRE(held.refresh(desk.office.open().context().registry).ok());
    const auto spent = held.spend(desk.office.open().context().registry, desk.ticket.device);
    REQUIRE(spent.ok());
    CHECK(spent->size() == 1);
    CHECK(held.spend(desk.office.open().context().registry, desk.ticket.device)->empty());
    CHECK(desk.refusal(handheld.ask(desk.ticket, desk.user(1))) == "ticket_used");
  }
  SECTION("its handheld") {
    (void)desk.office.told("device revoke", {{"name", {"h1"}}});
    CHECK(desk.refusal(handheld.ask(desk.ticket, desk.user())) == "ticket_used");
  }
}

TEST_CASE("a ticket is for its users only, and for keys that were proven in this very session", "[enrolment]") {
  Desk desk;
  const Newcomer handheld;
  CHECK(desk.refusal(handheld.ask(desk.ticket, crypto::random_id<UserId>())) == "ticket_wrong");
  ipc::EnrolAsk other_session = handheld.ask(desk.ticket, desk.user());
  other_session.set_handshake_hash(std::string(32, 'x'));
  CHECK(desk.refusal(other_session) == "handshake_failed");
  ipc::EnrolAsk other_box = handheld.ask(desk.ticket, desk.user());
  other_box.mutable_request()->set_box_key(std::string(32, 'x'));
  CHECK(desk.refusal(other_box) == "handshake_failed");
  ipc::EnrolAsk short_key = handheld.ask(desk.ticket, desk.user());
  short_key.mutable_request()->set_verify_key("short");
  CHECK(desk.refusal(short_key) == "protocol_error");
  ipc::EnrolAsk no_ticket = handheld.ask(desk.ticket, desk.user());
  no_ticket.set_ticket_id(std::string(16, 'x'));
  CHECK(desk.refusal(no_ticket) == "ticket_wrong");
  CHECK_FALSE(desk.device().channel_key.has_value());
  CHECK(desk.device().bound.empty());
}

TEST_CASE("a gateway that knows a ticket's PSK cannot enrol keys of its own", "[enrolment]") {
  Desk desk;
  const Newcomer handheld, gateway;
  // Everything the gateway has, and has seen of the ticket's holder.
  sync::Ticket seen = desk.new_ticket("device add", {{"name", {"h2"}}, {"users", {"Anna"}}, {"server", {"h:1"}}, {"ticket", {"t2"}}});
  ipc::EnrolAsk asked = handheld.ask(seen, desk.user());
  seen.enrol_secret = seen.psk.duplicate();
  CHECK(desk.refusal(gateway.ask(seen, desk.user())) == "handshake_failed");
  SECTION("its own proof of the ticket is missing") { asked.mutable_request()->clear_ticket_proof(); }
  SECTION("the user's keys are its own") {
    const std::string proof = asked.request().ticket_proof();
    asked = gateway.ask(seen, desk.user());
    asked.mutable_request()->set_ticket_proof(proof);
  }
  SECTION("the channel key is its own") { asked.set_channel_key(to_string(gateway.channel_key)); }
  CHECK(desk.refusal(asked) == "handshake_failed");
  CHECK(desk.office.facts(model::Event::kDeviceEnrolled).empty());
  CHECK(desk.office.facts(model::Event::kDeviceUserBound).empty());
}

TEST_CASE("a further user's ticket works on the very handheld only", "[enrolment]") {
  Desk desk;
  const Newcomer handheld, other;
  REQUIRE(desk.enrol(handheld.ask(desk.ticket, desk.user(0))).ok());
  const auto further = desk.new_ticket("device add-user", {{"name", {"h1"}}, {"user", {"Iris"}}, {"ticket", {"t2"}}});
  CHECK(desk.refusal(other.ask(further, further.users.at(0).id)) == "ticket_wrong");
  CHECK(desk.enrol(handheld.ask(further, further.users.at(0).id)).ok());
}

TEST_CASE("old tickets are forgotten, those in use are not", "[enrolment]") {
  Desk desk;
  const auto unused = desk.new_ticket("device add", {{"name", {"h2"}}, {"users", {"Anna"}}, {"server", {"h:1"}}, {"ticket", {"t"}}});
  const Newcomer handheld;
  REQUIRE(desk.enrol(handheld.ask(desk.ticket, desk.user())).ok());
  Registry& registry = desk.office.open().context().registry;
  const std::int64_t end_ms = unused.expires_at_ms + kTicketMemoryMs;
  REQUIRE(forget_old_tickets(registry, end_ms - 1).ok());
  CHECK(registry.tickets()->size() == 2);
  REQUIRE(forget_old_tickets(registry, end_ms).ok());
  const auto left = registry.tickets();
  REQUIRE(left->size() == 1);
  CHECK(left->at(0).id == desk.ticket.id);
}
