#include "sync_server/admin/handhelds.hpp"

#include "common/crypto/random.hpp"
#include "sync_server/admin/lookup.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace pb = sync::pb;
namespace json = boost::json;

namespace {

// Anna's handheld "h1", and the registry's side of its sessions.
class Desk {
 public:
  Desk() { start(); }
  /// Another process on the same folder.
  void start() {
    handhelds.reset();
    auto opened = Handhelds::open(
        context, [this](const ipc::Frame& frame) -> Status {
          sent.push_back(frame);
          return {};
        },
        [](const std::string&) {});
    REQUIRE(opened.ok());
    handhelds.emplace(std::move(*opened));
  }
  json::value ask(const std::string& command, Values values = {}) {
    if (!values.contains("name")) values["name"] = {"h1"};
    return office.told("device " + command, Office::as("Noor", std::move(values)));
  }
  std::string refused_for(const std::string& command, Values values = {}) {
    if (!values.contains("name")) values["name"] = {"h1"};
    return office.refusal("device " + command, Office::as("Noor", std::move(values)));
  }
  /// What this handheld would get at the end of a session now.
  std::vector<pb::Statement> session() {
    ipc::Frame frame;
    frame.set_request_id(12);
    frame.mutable_down_request()->set_device_id(model::id_field(handheld.device));
    REQUIRE(handhelds->take(frame).ok());
    sent.clear();
    REQUIRE(handhelds->answer_waiting(INT64_MAX, 0).ok());
    REQUIRE(sent.back().has_down_reply());
    std::vector<pb::Statement> statements;
    for (const auto& one : sent.back().down_reply().statements()) {
      auto statement = sync::verify_statement(context.keys.authority.verify_key(), sync::kAuthorityContext, one, handheld.device);
      REQUIRE(statement.ok());
      statements.push_back(*statement);
    }
    return statements;
  }
  void acknowledge(const pb::Statement& statement, const std::string& channel_key = "") {
    ipc::Frame frame;
    frame.set_request_id(13);
    frame.mutable_statements_acknowledged()->set_device_id(model::id_field(handheld.device));
    auto& ack = *frame.mutable_statements_acknowledged()->add_acks();
    ack.set_counter(statement.counter());
    ack.set_kind(statement.kind());
    ack.set_channel_key(channel_key);
    sent.clear();
    REQUIRE(handhelds->take(frame).ok());
    CHECK(sent.back().has_noted());
  }
  void come_with(const std::string& channel_key) {
    ipc::Frame frame;
    frame.set_request_id(11);
    frame.mutable_session_opened()->set_device_id(model::id_field(handheld.device));
    frame.mutable_session_opened()->set_channel_key(channel_key);
    REQUIRE(handhelds->take(frame).ok());
  }
  json::object listed() { return office.told("device list").as_array().at(0).as_object(); }
  std::string state_of(std::size_t directive) { return std::string(listed().at("directives").at(directive).at("state").as_string()); }
  DeviceView view() { return find_device(context.registry, "h1").value(); }
  ipc::Device told_to_gateway() {
    const auto update = devices_update(context);
    REQUIRE(update.ok());
    return update->update().devices(0);
  }

  Office office;
  DeliveringHandheld handheld{office};
  Context context = office.open().context();
  std::vector<ipc::Frame> sent;
  std::optional<Handhelds> handhelds;
};

std::size_t count_of(const std::vector<pb::Statement>& statements, pb::StatementKind kind) {
  return static_cast<std::size_t>(std::count_if(statements.begin(), statements.end(), [&](const auto& one) { return one.kind() == kind; }));
}

pb::Directive directive_in(const pb::Statement& statement) {
  REQUIRE(statement.kind() == pb::DIRECTIVE);
  pb::Directive directive;
  REQUIRE(directive.ParseFromString(statement.body()));
  return directive;
}

}  // namespace

TEST_CASE("a directive comes in every session, each time newer, until the handheld says that it did it", "[directives]") {
  Desk desk;
  const auto given = desk.ask("lock");
  const auto first = desk.session().front();
  CHECK(directive_in(first).kind() == pb::Directive::LOCK);
  CHECK(to_hex(as_bytes(directive_in(first).directive_id())) == text(given, "directive_id"));
  const auto second = desk.session().front();
  CHECK(second.counter() > first.counter());
  CHECK(desk.state_of(0) == "given");

  desk.acknowledge(first);  // of a session that is over
  CHECK(desk.state_of(0) == "given");
  desk.acknowledge(second);
  CHECK(desk.state_of(0) == "carried_out");
  CHECK_FALSE(desk.listed().at("directives").at(0).at("carried_out_at").is_null());
  CHECK(count_of(desk.session(), pb::DIRECTIVE) == 0);
  desk.acknowledge(second);
  CHECK(desk.office.facts(model::Event::kDirectiveCarriedOut).size() == 1);
}

TEST_CASE("a server that was started again asks again, and what it asks is newer than before", "[directives]") {
  Desk desk;
  (void)desk.ask("renew-keys");
  const auto before = desk.session().front();
  desk.start();
  desk.acknowledge(before, std::string(32, 'n'));  // nobody remembers it: it is asked again
  CHECK(desk.state_of(0) == "given");
  CHECK(desk.session().front().counter() > before.counter());
}

TEST_CASE("a locked handheld gets no lease and no cards until it is unlocked", "[directives]") {
  Desk desk;
  CHECK(count_of(desk.session(), pb::LEASE) == 1);
  (void)desk.ask("lock");
  CHECK(desk.refused_for("lock") == "directive_given_already");
  desk.acknowledge(desk.session().front());
  for (int sessions = 0; sessions < 2; ++sessions) {
    const auto locked = desk.session();
    CHECK(count_of(locked, pb::LEASE) == 0);
    CHECK(count_of(locked, pb::CARDS) == 0);
    CHECK(count_of(locked, pb::STANDING) == 1);
  }
  (void)desk.ask("unlock");
  CHECK(count_of(desk.session(), pb::LEASE) == 1);
  CHECK(desk.state_of(0) == "lifted");
  CHECK(desk.refused_for("unlock") == "device_not_locked");
  // And again: an unlock lifts what came before it only.
  (void)desk.ask("lock");
  CHECK(count_of(desk.session(), pb::LEASE) == 0);
}

TEST_CASE("a lock that was taken off before the handheld heard of it is not asked any more", "[directives]") {
  Desk desk;
  (void)desk.ask("lock");
  (void)desk.ask("unlock");
  const auto statements = desk.session();
  CHECK(count_of(statements, pb::DIRECTIVE) == 0);
  CHECK(count_of(statements, pb::LEASE) == 1);
}

TEST_CASE("a handheld that is to be wiped gets nothing more, and once it is wiped its key lets nobody in", "[directives]") {
  Desk desk;
  (void)desk.ask("wipe");
  const auto statements = desk.session();
  REQUIRE(statements.size() == 2);
  CHECK(statements[0].kind() == pb::STANDING);
  CHECK(directive_in(statements[1]).kind() == pb::Directive::WIPE);
  CHECK_FALSE(desk.view().revoked);
  desk.acknowledge(statements[1]);
  CHECK(desk.view().revoked);
  CHECK(desk.listed().at("state") == "wiped");
  CHECK(desk.told_to_gateway().revoked());
  CHECK(count_of(desk.session(), pb::DIRECTIVE) == 0);
  CHECK(desk.refused_for("wipe") == "device_revoked");
}

TEST_CASE("of a user who is revoked on a handheld what is received counts, and what comes later waits", "[directives]") {
  Desk desk;
  const EventId before = desk.handheld.log_contact("");
  desk.handheld.deliver();
  (void)desk.ask("revoke-user", {{"user", {"Anna"}}});
  const EventId after = desk.handheld.log_contact("");
  desk.handheld.deliver();
  (void)desk.office.told("merge");
  CHECK((*desk.context.registry.contact(before)).has_value());
  CHECK_FALSE((*desk.context.registry.contact(after)).has_value());
  const auto apart = desk.office.told("quarantine");
  REQUIRE(apart.as_array().size() == 1);
  CHECK(text(apart.as_array()[0], "reason") == "user_revoked");

  // She is on no list of that handheld any more, and does not come back to it.
  CHECK(desk.told_to_gateway().users().empty());
  CHECK(count_of(desk.session(), pb::LEASE) == 0);
  CHECK(desk.office.refusal("device add-user", {{"name", {"h1"}}, {"user", {"Anna"}}, {"ticket", {"t"}}}) == "user_revoked_here");
  CHECK(desk.refused_for("revoke-user", {{"user", {"Anna"}}}) == "user_not_on_device");

  // A coordinator may let it in.
  (void)desk.office.told("quarantine admit", Office::as("Noor", {{"entries", {text(apart.as_array()[0], "entry")}}}));
  CHECK((*desk.context.registry.contact(after)).has_value());
  const auto rebuilt = desk.office.told("rebuild", {{"verify", {"1"}}});
  CHECK(rebuilt.as_object().at("agrees") == true);
}

TEST_CASE("the decision counts, not when things are merged: what was received before it is not set apart", "[directives]") {
  Desk desk;
  const EventId before = desk.handheld.log_contact("");
  desk.handheld.deliver();
  (void)desk.ask("revoke-user", {{"user", {"Anna"}}});
  (void)desk.office.told("merge");
  CHECK((*desk.context.registry.contact(before)).has_value());
}

TEST_CASE("renewed keys: both pairs are accepted until the handheld comes with the new one", "[directives]") {
  Desk desk;
  const std::string old_key(32, 'c');
  const std::string new_key(32, 'n');
  const auto old_psk = crypto::random_secret<32>();
  auto change = desk.context.registry.begin();
  REQUIRE(put_device_psk(**change, desk.handheld.device, old_psk).ok());
  REQUIRE((*change)->commit().ok());
  change->reset();

  (void)desk.ask("renew-keys");
  const auto statement = desk.session().front();
  const auto directive = directive_in(statement);
  REQUIRE(directive.psk().size() == 32);
  desk.acknowledge(statement, "short");
  CHECK(desk.state_of(0) == "given");
  desk.acknowledge(statement, new_key);
  CHECK(desk.state_of(0) == "carried_out");
  for (const auto& came_with : {old_key, std::string()}) {
    desk.come_with(came_with);
    const auto told = desk.told_to_gateway();
    CHECK(told.channel_key() == new_key);
    CHECK(told.psk() == directive.psk());
    CHECK(told.previous_channel_key() == old_key);
    CHECK(told.previous_psk() == to_string(old_psk.view()));
  }
  // Asked again before it came with them: the same key, and another PSK.
  (void)desk.ask("renew-keys");
  const auto again = desk.session().front();
  desk.acknowledge(again, new_key);
  CHECK(desk.told_to_gateway().psk() == directive_in(again).psk());
  CHECK(desk.told_to_gateway().previous_psk() == to_string(old_psk.view()));

  desk.come_with(new_key);
  CHECK(desk.told_to_gateway().previous_channel_key().empty());
  CHECK(desk.told_to_gateway().channel_key() == new_key);
  // The key it runs on is no new one.
  (void)desk.ask("renew-keys");
  desk.acknowledge(desk.session().front(), new_key);
  CHECK(desk.state_of(2) == "given");
}

TEST_CASE("who has the server's log can let in again whoever was enrolled or renewed after the backup", "[directives]") {
  Desk desk;
  (void)desk.ask("renew-keys");
  const auto statement = desk.session().front();
  desk.acknowledge(statement, std::string(32, 'n'));
  const auto facts = desk.office.facts(model::Event::kDeviceEnrolled);
  CHECK(facts.back().device_enrolled().psk() == directive_in(statement).psk());
}

TEST_CASE("terms reach the lease: of one handheld, of all others, as they were first", "[directives]") {
  Desk desk;
  const auto lease = [&] {
    pb::Lease body;
    for (const auto& statement : desk.session()) {
      if (statement.kind() == pb::LEASE) REQUIRE(body.ParseFromString(statement.body()));
    }
    return body;
  };
  const std::int64_t now = desk.office.clock.reading.wall_ms;
  CHECK(lease().valid_until_ms() == now + 7 * kDayMs);
  CHECK(lease().wrong_pins_max() == 10);
  CHECK_FALSE(lease().strict());

  (void)desk.office.told("device terms", Office::as("Noor", {{"all", {"1"}}, {"lease-days", {"3"}}, {"strict", {"yes"}}}));
  CHECK(lease().valid_until_ms() == now + 3 * kDayMs);
  CHECK(lease().running_ms() == 3 * kDayMs);
  CHECK(lease().strict());
  CHECK(lease().boots() == 40);

  (void)desk.ask("terms", {{"duress-pin", {"yes"}}, {"wrong-pins", {"5"}}, {"boots", {"4"}}});
  CHECK(lease().strict());
  CHECK(lease().duress_pin());
  CHECK(lease().boots() == 4);
  CHECK(lease().wrong_pins_max() == 5);
  // What has terms of its own is not touched by those of all.
  (void)desk.office.told("device terms", Office::as("Noor", {{"all", {"1"}}, {"lease-days", {"9"}}}));
  CHECK(lease().valid_until_ms() == now + 3 * kDayMs);

  for (const auto& [flag, value] : {std::pair{"lease-days", "0"}, {"lease-days", "91"}, {"boots", "x"}, {"wrong-pins", "2"}, {"wrong-pins", "101"}}) {
    CHECK(desk.refused_for("terms", {{flag, {value}}}) == "terms_invalid");
  }
  CHECK(desk.refused_for("terms", {{"strict", {"perhaps"}}}) == "yes_no_invalid");
  CHECK(desk.office.refusal("device terms", Office::as("Noor", {{"name", {"h1"}}, {"all", {"1"}}})) == "usage");
}

TEST_CASE("a restart of the server knows what was asked and how", "[directives]") {
  Desk desk;
  (void)desk.ask("lock");
  (void)desk.ask("terms", {{"lease-days", {"2"}}});
  const auto before = desk.listed();
  const auto digest = desk.office.told("digest");
  desk.handhelds.reset();
  desk.office.close();
  CHECK(desk.office.told("device list").as_array().at(0).as_object() == before);
  CHECK(desk.office.told("digest") == digest);
  CHECK(desk.office.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees") == true);
}

TEST_CASE("only a named coordinator or administrator, with a reason, asks something of a handheld", "[directives]") {
  Desk desk;
  CHECK(desk.office.refusal("device wipe", {{"name", {"h1"}}}) == "as_needed");
  CHECK(desk.office.refusal("device wipe", {{"name", {"h1"}}, {"as", {"Noor"}}}) == "reason_needed");
  CHECK(desk.office.refusal("device wipe", Office::as("Anna", {{"name", {"h1"}}})) == "role_not_allowed");
  CHECK(desk.office.refusal("codes add", Office::as("Jan", {{"list", {"topic"}}})) == "role_not_allowed");
  (void)desk.office.told("device wipe", Office::as("Fatma", {{"name", {"h1"}}}));
  CHECK(desk.office.facts(model::Event::kDirectiveGiven).back().directive_given().reason() == "weekly review");
}

TEST_CASE("a customer's own code goes to every handheld, is accepted in a record, and stays valid when withdrawn", "[codes]") {
  Desk desk;
  const auto code = [&](Values values) { return Office::as("Noor", std::move(values)); };
  const Values buddy = {{"list", {"partner"}}, {"code", {"x_buddy"}}, {"nl", {"Buddyproject"}}, {"en", {"Buddy project"}}};
  (void)desk.office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  const auto refer = [&] { return Office::as("Noor", {{"kind", {"referral"}}, {"client", {"Roos"}}, {"fields", {"partner=x_buddy", "state=waiting"}}}); };
  CHECK(desk.office.refusal("record add", refer()) == "unknown_code");
  (void)desk.office.told("codes add", code(buddy));
  const auto record = text(desk.office.told("record add", refer()), "record_id");

  pb::CodeLists lists;
  for (const auto& statement : desk.session()) {
    if (statement.kind() == pb::CODE_LISTS) REQUIRE(lists.ParseFromString(statement.body()));
  }
  REQUIRE(lists.codes_size() == 1);
  CHECK(lists.codes(0).label_nl() == "Buddyproject");
  CHECK_FALSE(lists.codes(0).withdrawn());

  (void)desk.office.told("codes withdraw", code({{"list", {"partner"}}, {"code", {"x_buddy"}}}));
  CHECK(desk.office.refusal("record add", refer()) == "code_withdrawn");
  (void)desk.office.told("record change", Office::as("Noor", {{"record", {record}}, {"fields", {"state=started", "started=2026-11-24"}}}));
  CHECK(desk.office.told("codes list").as_array().at(0).as_object().at("withdrawn") == true);
  (void)desk.office.told("codes add", code(buddy));
  CHECK(desk.office.told("codes list").as_array().at(0).as_object().at("withdrawn") == false);

  for (const char* closed : {"place", "status", "outcome", "escalation_level", "role", "area", "nothing"}) {
    Values other = buddy;
    other["list"] = {closed};
    CHECK(desk.office.refusal("codes add", code(other)) == "list_closed");
  }
  for (const char* wrong : {"buddy", "x_", "x_a", "x_Buddy", "x_met spatie", "x_abcdefghijklmnopqrstuvwxyzabcde"}) {
    Values other = buddy;
    other["code"] = {wrong};
    CHECK(desk.office.refusal("codes add", code(other)) == "code_invalid");
  }
  CHECK(desk.office.refusal("codes withdraw", code({{"list", {"topic"}}, {"code", {"x_buddy"}}})) == "code_not_found");
}
