#include "sync_server/admin/handhelds.hpp"

#include "common/crypto/random.hpp"
#include "common/model/card_box.hpp"
#include "sync_server/admin/lookup.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace pb = sync::pb;

namespace {

// An enrolled handheld of Anna's, and the registry's side of its sessions.
class Evening {
 public:
  Evening() {
    (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
    (void)office.told("client add", Office::as("Noor", {{"alias", {"Zoë"}}, {"primary", {"Iris"}}}));
    const auto added = office.told("device add", {{"name", {"h1"}}, {"users", {"Anna"}}, {"server", {"h:1"}}, {"ticket", {"t"}}});
    device = *DeviceId::parse_hex(text(added, "device_id"));
    bind(*TicketId::parse_hex(text(added, "ticket_id")));
    auto opened = Handhelds::open(
        context, [this](const ipc::Frame& frame) -> Status {
          if (fails) return *std::exchange(fails, std::nullopt);
          sent.push_back(frame);
          return {};
        },
        [this](const std::string& line) { log += line + "\n"; });
    REQUIRE(opened.ok());
    handhelds.emplace(std::move(*opened));
  }

  void take(const ipc::Frame& frame) {
    const Status taken = handhelds->take(frame);
    if (!taken.ok()) FAIL(taken.error().to_log_line());
  }
  ipc::Frame session(std::int64_t device_wall_ms, std::int64_t monotonic_ms, const std::string& boot = std::string(16, 'b')) const {
    ipc::Frame frame;
    frame.set_request_id(11);
    auto& opened = *frame.mutable_session_opened();
    opened.set_device_id(model::id_field(device));
    opened.set_server_wall_ms(office.clock.reading.wall_ms);
    auto& hello = *opened.mutable_hello();
    hello.mutable_clock()->set_wall_ms(device_wall_ms);
    hello.mutable_clock()->set_monotonic_ms(monotonic_ms);
    hello.mutable_clock()->set_boot_id(boot);
    auto& head = *hello.add_logs();
    head.set_log_id(std::string(16, 'l'));
    head.set_head_seq(41);
    return frame;
  }
  ipc::Frame down_request(std::int64_t inbox_id) const {
    ipc::Frame frame;
    frame.set_request_id(12);
    frame.mutable_down_request()->set_device_id(model::id_field(device));
    frame.mutable_down_request()->set_inbox_id(inbox_id);
    return frame;
  }
  std::vector<pb::Statement> down() {
    REQUIRE_FALSE(sent.empty());
    REQUIRE(sent.back().has_down_reply());
    std::vector<pb::Statement> statements;
    for (const auto& one : sent.back().down_reply().statements()) {
      auto statement = sync::verify_statement(context.keys.authority.verify_key(), sync::kAuthorityContext, one, device);
      REQUIRE(statement.ok());
      statements.push_back(*statement);
    }
    return statements;
  }

  Office office;
  Context context = office.open().context();
  DeviceId device;
  crypto::BoxKey box{crypto::random_secret<32>()};
  std::vector<ipc::Frame> sent;
  std::optional<Error> fails;  // once
  std::string log;
  std::optional<Handhelds> handhelds;

 private:
  void bind(const TicketId& ticket) {
    const auto anna = find_user(context.registry, "Anna");
    model::Event enrolled = context.new_event();
    enrolled.mutable_device_enrolled()->set_device_id(model::id_field(device));
    enrolled.mutable_device_enrolled()->set_channel_key(std::string(32, 'c'));
    enrolled.mutable_device_enrolled()->set_ticket_id(model::id_field(ticket));
    model::Event bound = context.new_event();
    bound.mutable_device_user_bound()->set_device_id(model::id_field(device));
    bound.mutable_device_user_bound()->set_user_id(model::id_field(anna->id));
    bound.mutable_device_user_bound()->set_box_key(to_string(box.public_key()));
    bound.mutable_device_user_bound()->set_verify_key(std::string(32, 'v'));
    REQUIRE(context.record({enrolled, bound}).ok());
  }
};

std::vector<pb::Statement> of_kind(const std::vector<pb::Statement>& all, pb::StatementKind kind) {
  std::vector<pb::Statement> found;
  for (const auto& statement : all) {
    if (statement.kind() == kind) found.push_back(statement);
  }
  return found;
}

}  // namespace

TEST_CASE("a session is answered with the receipt key, certified for this handheld", "[handhelds]") {
  Evening evening;
  evening.take(evening.session(evening.office.clock.reading.wall_ms, 5000));
  REQUIRE_FALSE(evening.sent.empty());
  const auto& answer = evening.sent.front();
  CHECK(answer.request_id() == 11);
  const auto key = sync::verify_receipt_key(evening.context.keys.authority.verify_key(), answer.session_answer().receipt_key(), evening.device);
  REQUIRE(key.ok());
  CHECK(*key == crypto::SignKey(evening.context.keys.receipt_seed).verify_key());
}

TEST_CASE("what a handheld says it has saved is remembered, and when it was here", "[handhelds]") {
  Evening evening;
  evening.take(evening.session(evening.office.clock.reading.wall_ms, 5000));
  const boost::json::value told = evening.office.told("device list");
  const auto& devices = told.as_array();
  CHECK(devices.at(0).as_object().at("saved") == 41);
  CHECK(devices.at(0).as_object().at("received") == 0);
  CHECK(devices.at(0).as_object().at("equal") == false);
  CHECK_FALSE(devices.at(0).as_object().at("last_seen_at").is_null());
}

TEST_CASE("a clock is written down once a boot, and again when it was moved", "[handhelds]") {
  Evening evening;
  const auto observed = [&] { return evening.office.facts(model::Event::kClockObserved).size(); };
  const std::int64_t wall = evening.office.clock.reading.wall_ms;
  evening.take(evening.session(wall, 5000));
  CHECK(observed() == 1);
  evening.take(evening.session(wall + 60'000, 65'000));
  evening.take(evening.session(wall + kClockToleranceMs, 5000));
  CHECK(observed() == 1);
  evening.take(evening.session(wall + kClockToleranceMs + 1, 5000));
  CHECK(observed() == 2);
  evening.take(evening.session(0, 5000, std::string(16, 'c')));
  CHECK(observed() == 3);
  // A server that was started again knows what it knew.
  auto again = HandheldClocks::load(evening.context.registry);
  REQUIRE(again.ok());
  const auto known = evening.session(0, 5000, std::string(16, 'c'));
  CHECK_FALSE(again->observe(evening.device, known.session_opened().hello().clock(), wall).has_value());
}

TEST_CASE("absurd claims of a handheld hurt nobody", "[handhelds]") {
  Evening evening;
  ipc::Frame absurd = evening.session(INT64_MIN, INT64_MAX, "short");
  auto& hello = *absurd.mutable_session_opened()->mutable_hello();
  hello.mutable_logs(0)->set_head_seq(UINT64_MAX);
  hello.add_logs()->set_log_id("too short");
  evening.take(absurd);
  evening.take(evening.session(INT64_MIN, INT64_MAX));
  CHECK(evening.office.facts(model::Event::kClockObserved).empty());
  CHECK(evening.office.told("device list").as_array().at(0).as_object().at("saved") == 41);
}

TEST_CASE("of logs that nothing came of a handheld can claim a few only", "[handhelds]") {
  Evening evening;
  for (int session = 0; session < 3; ++session) {
    ipc::Frame claims = evening.session(evening.office.clock.reading.wall_ms, 5000);
    auto& hello = *claims.mutable_session_opened()->mutable_hello();
    for (int i = 0; i < 50; ++i) {
      auto& head = *hello.add_logs();
      head.set_log_id(to_string(crypto::random_id<LogId>().view()));
      head.set_head_seq(1);
    }
    evening.take(claims);
  }
  CHECK(evening.context.registry.logs_of(evening.device)->size() == 64);
}

TEST_CASE("what cannot be had now is answered so, and the server goes on", "[handhelds]") {
  Evening evening;
  for (const Error& passing : {storage_error("disk_full", {"registry.db"}), retry("busy"), bug("a frame too large")}) {
    evening.sent.clear();
    evening.fails = passing;
    SECTION("a session: " + passing.context + passing.code) {
      evening.take(evening.session(evening.office.clock.reading.wall_ms, 5000));
    }
    SECTION("the end of one: " + passing.context + passing.code) {
      evening.take(evening.down_request(0));
      REQUIRE(evening.handhelds->answer_waiting(0, 0).ok());
      CHECK_FALSE(evening.handhelds->next_deadline_ms().has_value());
    }
    if (evening.fails) continue;  // another section's turn
    REQUIRE(evening.sent.size() == 1);
    CHECK(evening.sent[0].body_case() == ipc::Frame::BODY_NOT_SET);
    CHECK(evening.log.find("not answered: ") != std::string::npos);
  }
  evening.fails = retry("gateway_died");
  CHECK_FALSE(evening.handhelds->take(evening.session(0, 5000)).ok());
}

TEST_CASE("the end of a session waits for the merge, but no longer than two seconds", "[handhelds]") {
  Evening evening;
  evening.take(evening.down_request(7));
  CHECK(evening.handhelds->inbox_id() == 7);
  const std::int64_t now = evening.office.clock.reading.monotonic_ms;
  REQUIRE(evening.handhelds->answer_waiting(6, now).ok());
  CHECK(evening.sent.empty());
  CHECK(evening.handhelds->next_deadline_ms() == now + kDownPatienceMs);
  SECTION("merged") { REQUIRE(evening.handhelds->answer_waiting(7, now).ok()); }
  SECTION("waited long enough") {
    REQUIRE(evening.handhelds->answer_waiting(6, now + kDownPatienceMs - 1).ok());
    CHECK(evening.sent.empty());
    REQUIRE(evening.handhelds->answer_waiting(6, now + kDownPatienceMs).ok());
  }
  CHECK(evening.sent.size() == 1);
  CHECK(evening.sent.back().request_id() == 12);
  CHECK_FALSE(evening.handhelds->next_deadline_ms().has_value());
}

TEST_CASE("a handheld gets its users, their leases, and cards that only their owner opens", "[handhelds]") {
  Evening evening;
  evening.take(evening.down_request(0));
  REQUIRE(evening.handhelds->answer_waiting(0, 0).ok());
  const auto statements = evening.down();
  REQUIRE(of_kind(statements, pb::USERS).size() == 1);
  for (const auto& statement : statements) CHECK(statement.body().find("Anna") == std::string::npos);
  REQUIRE(of_kind(statements, pb::LEASE).size() == 1);
  pb::Lease lease;
  REQUIRE(lease.ParseFromString(of_kind(statements, pb::LEASE)[0].body()));
  CHECK(lease.valid_until_ms() == evening.office.clock.reading.wall_ms + kLeaseMs);
  const auto cards = of_kind(statements, pb::CARDS);
  REQUIRE(cards.size() == 1);
  const auto bundle = model::open_cards(evening.box, as_bytes(cards[0].body()));
  REQUIRE(bundle.ok());
  REQUIRE(bundle->cards_size() == 1);
  CHECK(bundle->cards(0).aliases(0) == "Roos");
  CHECK_FALSE(model::open_cards(crypto::BoxKey(crypto::random_secret<32>()), as_bytes(cards[0].body())).ok());
  CHECK(statements.back().kind() == pb::STANDING);
}

TEST_CASE("counters of statements only grow, also over a restart", "[handhelds]") {
  Evening evening;
  std::uint64_t last = 0;
  for (int round = 0; round < 3; ++round) {
    evening.take(evening.down_request(0));
    REQUIRE(evening.handhelds->answer_waiting(0, 0).ok());
    for (const auto& statement : evening.down()) {
      CHECK(statement.counter() > last);
      last = statement.counter();
    }
    if (round == 0) {
      StatementMaker restarted(evening.context.registry, evening.context.keys);
      const auto one = restarted.receipt_key(evening.device, 0);
      REQUIRE(one.ok());
    }
  }
  StatementMaker restarted(evening.context.registry, evening.context.keys);
  const auto one = restarted.receipt_key(evening.device, 0);
  REQUIRE(one.ok());
  pb::Statement statement;
  REQUIRE(statement.ParseFromString(one->statement()));
  CHECK(statement.counter() > last);
}

TEST_CASE("a revoked handheld gets no cards, no lease and no users", "[handhelds]") {
  Evening evening;
  (void)evening.office.told("device revoke", {{"name", {"h1"}}});
  evening.take(evening.down_request(0));
  REQUIRE(evening.handhelds->answer_waiting(0, 0).ok());
  const auto statements = evening.down();
  REQUIRE(statements.size() == 1);
  CHECK(statements[0].kind() == pb::STANDING);
}

TEST_CASE("the gateway is told nothing that opens or commands", "[handhelds]") {
  Evening evening;
  const auto frame = configuration(evening.context, {"127.0.0.1", 0});
  REQUIRE(frame.ok());
  const std::string told = frame->SerializeAsString() + secrets_update(evening.context.keys).SerializeAsString();
  CHECK(told.find(to_string(evening.context.keys.sealing.private_key().view())) == std::string::npos);
  const auto authority = stored_keys(evening.context.registry, KeyKind::kAuthority);
  REQUIRE(authority.ok());
  CHECK(told.find(to_string(authority->back().secret->view())) == std::string::npos);
  CHECK(told.find(to_string(evening.context.keys.receipt_seed.view())) != std::string::npos);
  CHECK(told.find("Anna") == std::string::npos);
  CHECK(frame->configure().devices_size() == 1);
  CHECK(frame->configure().tickets_size() == 1);
}

TEST_CASE("alarms and refusals are logged with ids, never with names", "[handhelds]") {
  Evening evening;
  ipc::Frame alarm;
  alarm.mutable_alarm()->set_code("ticket_reused");
  alarm.mutable_alarm()->set_device_id(model::id_field(evening.device));
  evening.take(alarm);
  CHECK(evening.log.find("alarm ticket_reused device " + evening.device.hex()) == 0);
  CHECK(evening.log.find("Anna") == std::string::npos);
  CHECK_FALSE(evening.handhelds->take(ipc::Frame()).ok());
}
