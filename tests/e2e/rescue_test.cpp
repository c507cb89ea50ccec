// By hand, when the network or the PIN is not to be had: what was saved reaches the server all the same, and the handheld
// hears of it.
#include <catch2/catch.hpp>
#include <filesystem>

#include "common/database/database.hpp"
#include "common/sync/message.hpp"
#include "common/sync/stick_file.hpp"
#include "sync_server/admin/open_server.hpp"
#include "sync_server/admin/statements.hpp"
#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using namespace lantaarn;
using lantaarn::support::program_path;
namespace fs = std::filesystem;

namespace {

struct RescueTown : Town {
  Handheld& handheld;
  RescueTown() : handheld((add_woman("Roos"), add_handheld("h1", {"Noor"}))) {}

  void log(int contacts) {
    for (int i = 0; i < contacts; ++i) handheld.log("Noor", "Roos");
  }
  [[nodiscard]] std::string stick(const std::string& name) const { return folder().file("stick-" + name); }
  /// What `lantaarn rescue` says of any folder; no PIN, no user.
  [[nodiscard]] static Finished rescue(const std::string& data, const std::string& file) {
    return support::run(program_path("lantaarn"), {"--data", data, "--json", "rescue", file});
  }
  [[nodiscard]] json::object log_taken(const std::string& file, const Words& more = {}) {
    Words words{"rescue", file};
    words.insert(words.end(), more.begin(), more.end());
    const auto answer = ask(words);
    CHECK(text_of(answer, "name") == "h1");
    REQUIRE(answer.at("logs").as_array().size() == 1);
    return answer.at("logs").as_array().front().as_object();
  }
  [[nodiscard]] json::object journal() { return handheld.ask({"status"}).at("journals").as_array().front().as_object(); }
  [[nodiscard]] std::uint64_t saved() { return number_in(journal(), "saved"); }
  [[nodiscard]] std::uint64_t not_received() { return saved() - number_in(journal(), "received"); }
  static std::uint64_t number_in(const json::object& object, const char* name) { return object.at(name).to_number<std::uint64_t>(); }
};

std::uint64_t count(const json::object& object, const char* name) { return object.at(name).to_number<std::uint64_t>(); }

void run_sql(const std::string& path, const std::string& sql) {
  auto database = database::Database::open(path, {});
  REQUIRE(database.ok());
  REQUIRE(database->execute(sql).ok());
  REQUIRE(database->checkpoint_truncate().ok());
}

}  // namespace

TEST_CASE_METHOD(RescueTown, "a forgotten PIN, a broken vault and a lost device secret lose nothing", "[e2e][rescue]") {
  log(3);
  const std::uint64_t entries = saved();
  SECTION("slots destroyed") { run_sql(handheld.data() + "/vault.db", "UPDATE user SET slot_a = zeroblob(136), slot_b = zeroblob(136)"); }
  SECTION("a vault of rubbish, and no device secret") {
    support::write_file(handheld.data() + "/vault.db", std::string(8192, 'x'));
    fs::remove(handheld.data() + "/device.secret");
  }
  SECTION("a folder that was copied, without its caseload") {
    const std::string copy = folder().file("copy");
    fs::copy(handheld.data(), copy, fs::copy_options::recursive);
    fs::remove(copy + "/caseload.db");
    fs::remove_all(handheld.data());
    fs::rename(copy, handheld.data());
  }
  const auto made = answer_of(rescue(handheld.data(), stick("up")));
  CHECK(number_of(made, "entries") == static_cast<std::int64_t>(entries));
  CHECK(number_of(made, "unreadable") == 0);
  const auto log_in = log_taken(stick("up"));
  CHECK(count(log_in, "new") == entries);
  CHECK(count(log_in, "set_apart") == 0);
  CHECK(log_in.at("refused").is_null());
  CHECK(contacts().size() == 3);
  CHECK(ask({"rebuild", "--verify"}).at("agrees").as_bool());

  const auto again = log_taken(stick("up"));
  CHECK(count(again, "new") == 0);
  CHECK(count(again, "known") == entries);
  CHECK(contacts().size() == 3);
}

TEST_CASE_METHOD(RescueTown, "by USB both ways: the handheld says received and merged, with or without a running server", "[e2e][rescue]") {
  log(2);
  const std::uint64_t unsent = not_received();
  (void)answer_of(rescue(handheld.data(), stick("up")));
  const bool running = GENERATE(true, false);
  if (!running) stop();
  const auto log_in = log_taken(stick("up"), {"--receipts", stick("down"), "--as", "Wim"});
  CHECK(count(log_in, "new") == unsent);
  CHECK(not_refused(server({"rescue", stick("up"), "--receipts", stick("down")}), "file_exists") == "");

  CHECK(count(journal(), "received") < count(journal(), "saved"));
  const auto taken = handheld.ask({"receive", stick("down")});
  CHECK(number_of(taken, "received_total") == number_of(taken, "saved_total"));
  CHECK(number_of(taken, "merged_total") == number_of(taken, "saved_total"));
  CHECK_FALSE(taken.at("torn").as_bool());
  CHECK(number_of(handheld.ask({"status"}), "not_received") == 0);
  (void)handheld.ask({"receive", stick("down")});

  if (!running) serve();
  CHECK(contacts().size() == 2);
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(contacts().size() == 3);
  // The network came back: what went by hand before is older than what it brought.
  CHECK(not_refused(handheld.run({"receive", stick("down")}), "statement_old") == "");
}

TEST_CASE_METHOD(RescueTown, "a torn rescue file gives everything whole before the tear, and says so", "[e2e][rescue]") {
  log(2);
  handheld.sync();
  log(2);
  const std::uint64_t unsent = not_received();
  (void)answer_of(rescue(handheld.data(), stick("up")));
  const std::string whole = support::read_file(stick("up"));
  support::write_file(stick("torn"), whole.substr(0, whole.size() - 30));
  const auto answer = ask({"rescue", stick("torn")});
  CHECK(answer.at("torn").as_bool());
  CHECK(count(answer.at("logs").as_array().front().as_object(), "new") == unsent);
  CHECK(contacts().size() == 4);
  support::write_file(stick("stump"), whole.substr(0, 60));
  CHECK(ask({"rescue", stick("stump")}).at("torn").as_bool());
}

TEST_CASE_METHOD(RescueTown, "a damaged journal gives its good part", "[e2e][rescue]") {
  log(2);
  const std::uint64_t good = saved();
  log(2);
  run_sql(handheld.data() + "/journal.db",
          "UPDATE entry SET bytes = zeroblob(length(bytes)) WHERE place % 1099511627776 = " + std::to_string(good + 1));
  const Finished made = rescue(handheld.data(), stick("up"));
  CHECK(made.exit_code == 0);
  CHECK(made.err.find("rescue_incomplete") != std::string::npos);
  CHECK(number_of(answer_of(made), "entries") == static_cast<std::int64_t>(good));
  const auto log_in = log_taken(stick("up"));
  CHECK(log_in.at("damaged").as_bool());
  CHECK(count(log_in, "new") == good);
  CHECK(contacts().size() == 2);
}

TEST_CASE_METHOD(RescueTown, "files that do not belong here are refused in one clear line, and change nothing", "[e2e][rescue]") {
  log(1);
  (void)answer_of(rescue(handheld.data(), stick("up")));
  support::write_file(stick("letter"), "Beste Noor, de lijst zit bij deze brief.");
  for (const auto& [file, code] : {std::pair{stick("letter"), "stick_not_one"}, {stick("nothing"), "file_unreadable"}}) {
    CHECK(not_refused(server({"rescue", file}), code) == "");
    CHECK(not_refused(handheld.run({"receive", file}), code) == "");
  }
  CHECK(not_refused(handheld.run({"receive", stick("up")}), "stick_not_one") == "");
  CHECK(not_refused(rescue(folder().file("empty"), stick("none")), "nothing_to_rescue") == "");
  CHECK_FALSE(fs::exists(stick("none")));
  CHECK(not_refused(rescue(handheld.data(), stick("up")), "file_exists") == "");

  Town other;
  CHECK(not_refused(other.server({"rescue", stick("up")}), "rescue_foreign") == "");
  (void)ask({"rescue", stick("up"), "--receipts", stick("down")});
  Handheld& second = add_handheld("h2", {"Maaike"});
  CHECK(not_refused(second.run({"receive", stick("down")}), "answer_other_device") == "");
  CHECK(contacts().size() == 1);
}

TEST_CASE_METHOD(RescueTown, "a revoked handheld's rescue is kept, and what lies beyond waits to be admitted", "[e2e][rescue]") {
  log(1);
  handheld.sync();
  log(2);
  const std::uint64_t unsent = not_received();
  (void)ask({"device", "revoke", "h1"});
  (void)answer_of(rescue(handheld.data(), stick("up")));
  const auto log_in = log_taken(stick("up"));
  CHECK(count(log_in, "new") == unsent);
  CHECK(count(log_in, "set_apart") == unsent);
  CHECK(contacts().size() == 1);
}

namespace {

using server::admin::Folder;
using server::admin::OpenServer;

// What the server will say once two copies hold this handheld's log: signed by its authority, brought by hand.
void write_secured(const std::string& server_data, const json::object& journal, const std::string& file) {
  const SystemClock clock;
  const auto server = OpenServer::open(Folder{server_data}, "", clock);
  REQUIRE(server.ok());
  server::admin::Context context = (*server)->context();
  const DeviceId device = context.registry.devices()->front().id;
  server::admin::StatementMaker maker(context.registry, context.keys);
  sync::pb::Message state;
  *state.mutable_state()->mutable_receipt_key() = maker.receipt_key(device, clock.now().wall_ms).value();
  state.mutable_state()->set_epoch(context.keys.server.epoch);
  state.mutable_state()->set_server_time_ms(clock.now().wall_ms);

  sync::pb::Secured secured;
  sync::pb::SecuredLog& log = *secured.add_logs();
  log.set_log_id(to_string(LogId::parse_hex(text_of(journal, "log_id"))->view()));
  log.set_seq(count(journal, "saved"));
  log.set_hash(to_string(*from_hex(text_of(journal, "head"))));
  sync::pb::Statement statement;
  statement.set_kind(sync::pb::SECURED);
  statement.set_device_id(to_string(device.view()));
  statement.set_epoch(context.keys.server.epoch);
  statement.set_counter(1);
  statement.set_body(secured.SerializeAsString());
  sync::pb::Message down;
  *down.mutable_down()->mutable_statement() = sync::sign_statement(context.keys.authority, sync::kAuthorityContext, statement);

  std::string bytes;
  auto writer = sync::StickWriter::begin(sync::StickKind::kAnswer, device, [&](ByteView more) -> Status {
    bytes += as_text(more);
    return {};
  });
  REQUIRE(writer->message(sync::to_message(state)).ok());
  REQUIRE(writer->message(sync::to_message(down)).ok());
  REQUIRE(writer->end().ok());
  support::write_file(file, bytes);
}

void raise_epoch(const std::string& server_data) {
  const SystemClock clock;
  const auto server = OpenServer::open(Folder{server_data}, "", clock);
  REQUIRE(server.ok());
  server::admin::Context context = (*server)->context();
  auto change = context.registry.begin().value();
  REQUIRE(change->put_server({context.keys.server.id, context.keys.server.epoch + 1}).ok());
  REQUIRE(change->commit().ok());
}

}  // namespace

TEST_CASE_METHOD(RescueTown, "a pruned handheld goes on, a server put back with loss says what is missing, and goes on too", "[e2e][rescue]") {
  log(2);
  handheld.sync();
  const std::uint64_t early = saved();
  stop();
  const std::string older = folder().file("older");
  fs::copy(server_data(), older, fs::copy_options::recursive);
  serve();
  log(3);
  handheld.sync();
  const std::uint64_t pruned = saved();
  stop();
  write_secured(server_data(), journal(), stick("secured"));
  const auto taken = handheld.ask({"receive", stick("secured")});
  CHECK(number_of(taken, "secured_total") == static_cast<std::int64_t>(pruned));
  CHECK(number_of(taken, "pruned") == static_cast<std::int64_t>(pruned));
  CHECK(count(journal(), "pruned") == pruned);
  CHECK(count(journal(), "secured") == pruned);

  serve();
  log(1);
  handheld.sync();
  CHECK(contacts().size() == 6);
  (void)answer_of(rescue(handheld.data(), stick("up")));
  CHECK(count(log_taken(stick("up")), "new") == 0);

  stop();
  fs::remove_all(server_data());
  fs::rename(older, server_data());
  raise_epoch(server_data());
  serve();
  CHECK(contacts().size() == 2);
  if (GENERATE(true, false)) {
    log(1);
    handheld.sync();
    CHECK(contacts().size() == 4);
  } else {
    const auto log_in = log_taken(stick("up"));
    CHECK(count(log_in, "new") == saved() - pruned);
    CHECK(contacts().size() == 3);
  }
  const auto cases = ask_as_coordinator({"review"}).as_array();
  REQUIRE(cases.size() == 1);
  CHECK(number_of(cases.front().at("missed"), "entries") == static_cast<std::int64_t>(pruned - early));
  CHECK(text_of(cases.front().at("missed"), "device_name") == "h1");
  const auto device = ask({"device", "list"}).as_array().front();
  CHECK(number_of(device.at("logs").as_array().front(), "missed") == static_cast<std::int64_t>(pruned - early));
  CHECK(number_of(device, "merged") == number_of(device, "received"));
  CHECK(ask({"rebuild", "--verify"}).at("agrees").as_bool());
  handheld.sync();
  CHECK(ask_as_coordinator({"review"}).as_array().size() == 1);
}
