// A whole register moves: to one server, by two persons, whole or not at all.
#include "sync_server/admin/migration_file.hpp"

#include "tests/sync_server/admin/delivering_handheld.hpp"
#include "tests/sync_server/admin/office.hpp"
#include "tests/support/json_schema.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
using model::Event;
namespace json = boost::json;

namespace {

// A sender with something of everything that an office can say, and an empty receiver.
struct Move {
  Office sender;
  Office receiver{Office::People::kNobody};
  support::TempFolder folder;
  [[nodiscard]] std::string key_file() const { return folder.file("key"); }
  [[nodiscard]] std::string moved() const { return folder.file("moved"); }

  Move() {
    const auto key = receiver.told("migration key", {{"file", {key_file()}}});
    CHECK(support::conforms("lantaarn-server.migration-key", json::serialize(key)) == "");
  }
  void fill() {
    for (const char* alias : {"Roos", "Rosa", "Lena", "Zehra"}) (void)by("Noor", "client add", {{"alias", {alias}}, {"primary", {"Anna"}}, {"intensity", {"intensive"}}});
    (void)by("Noor", "client set", {{"client", {"Roos"}}, {"second", {"Bibi"}}});
    (void)by("Noor", "client link", {{"client", {"Roos"}}, {"other", {"Rosa"}}});
    const auto record = by("Noor", "record add", {{"kind", {"referral"}}, {"fields", {"partner=f_act"}}, {"client", {"Roos"}}});
    (void)by("Noor", "record change", {{"record", {text(record, "record_id")}}, {"fields", {"state=waiting"}}});
    (void)by("Jan", "record add", {{"kind", {"visit_count"}}, {"fields", {"visits=21"}}});
    (void)by("Noor", "retention set", {{"retention", {"care"}}, {"days", {"4000"}}});
    const auto decision = by("Noor", "erasure decide", {{"client", {"Lena"}}, {"ground", {"her_request"}}});
    (void)by("Fatma", "erasure execute", {{"decision", {text(decision, "decision")}}});
    DeliveringHandheld handheld(sender);
    const auto women = by("Noor", "clients", {});
    for (int i = 0; i < 3; ++i) (void)handheld.log_contact(text(women.as_array().front(), "client_id"));
    handheld.log_as_stranger();
    handheld.deliver();
    (void)sender.told("merge");
  }
  json::value by(const std::string& who, const std::string& command, Values values) { return sender.told(command, Office::as(who, std::move(values))); }
  [[nodiscard]] Values leaving() const { return Office::as("Noor", {{"to", {key_file()}}, {"file", {moved()}}, {"second", {"Fatma"}}}); }
  json::value leave() {
    const auto told = sender.told("export migration", leaving());
    CHECK(support::conforms("lantaarn-server.export-migration", json::serialize(told)) == "");
    return told;
  }
  std::string refused(const std::string& file) { return receiver.refusal("import migration", {{"file", {file}}}); }
  bool receiver_is_empty() {
    auto& registry = receiver.open().context().registry;
    return *registry.event_count() == 0 && registry.users()->empty() && !registry.own_head()->has_value();
  }
};

std::string digest_of(Office& office) { return text(office.told("digest"), "digest"); }

}  // namespace

TEST_CASE("the receiver holds what the sender held: the same digest", "[migration]") {
  Move move;
  move.fill();
  const auto left = move.leave();
  const auto came = move.receiver.told("import migration", {{"file", {move.moved()}}});
  CHECK(support::conforms("lantaarn-server.import-migration", json::serialize(came)) == "");
  CHECK(text(came, "digest") == text(left, "digest"));
  CHECK(digest_of(move.receiver) == digest_of(move.sender));
  CHECK(text(came, "from_server_id") == move.sender.open().context().keys.server.id.hex());
  const auto women = move.receiver.told("clients", Office::as("Noor"));
  CHECK(women.as_array().size() == 2);
  CHECK(move.receiver.told("contacts", Office::as("Noor")).as_array().size() == 3);
  CHECK(left.as_object().at("set_apart").to_number<int>() == 1);
  CHECK(move.receiver.told("user list").as_array().size() == 7);
}

TEST_CASE("after it took a register over, a server goes on as its own", "[migration]") {
  Move move;
  move.fill();
  (void)move.leave();
  (void)move.receiver.told("import migration", {{"file", {move.moved()}}});
  // Later facts win over what the sender said, whatever place they have in which log.
  (void)move.receiver.told("retention set", Office::as("Noor", {{"retention", {"care"}}, {"days", {"50"}}}));
  move.receiver.close();
  const auto terms = move.receiver.told("retention", Office::as("Noor", {{"due", {"1"}}}));
  for (const auto& term : terms.as_array()) {
    if (text(term, "retention") == "care") CHECK(term.as_object().at("days").to_number<int>() == 50);
  }
  (void)move.receiver.told("client set", Office::as("Noor", {{"client", {"Zehra"}}, {"intensity", {"light_consultative"}}}));
  const auto decision = move.receiver.told("erasure decide", Office::as("Noor", {{"client", {"Roos"}}, {"ground", {"her_request"}}}));
  (void)move.receiver.told("erasure execute", Office::as("Fatma", {{"decision", {text(decision, "decision")}}}));
  CHECK(move.receiver.told("clients", Office::as("Noor")).as_array().size() == 1);
  CHECK(move.receiver.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees").as_bool());
}

TEST_CASE("a register can move on, with all that came before", "[migration]") {
  Move move;
  move.fill();
  (void)move.leave();
  (void)move.receiver.told("import migration", {{"file", {move.moved()}}});
  (void)move.receiver.told("client add", Office::as("Noor", {{"alias", {"Aylin"}}}));
  Office third(Office::People::kNobody);
  (void)third.told("migration key", {{"file", {move.folder.file("third-key")}}});
  auto leaving = move.leaving();
  leaving["to"] = {move.folder.file("third-key")};
  leaving["file"] = {move.folder.file("again")};
  (void)move.receiver.told("export migration", leaving);
  (void)third.told("import migration", {{"file", {move.folder.file("again")}}});
  CHECK(digest_of(third) == digest_of(move.receiver));
  CHECK(third.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees").as_bool());
}

TEST_CASE("women who came in from a file are known again where the register went", "[migration]") {
  Move move;
  support::write_file(move.folder.file("in.csv"), "nr,naam\n1,Aylin\n");
  support::write_file(move.folder.file("in.json"), R"({"kind": "client", "key": "nr", "columns": {"naam": "alias"}})");
  const Values import = Office::as("Noor", {{"file", {move.folder.file("in.csv")}}, {"mapping", {move.folder.file("in.json")}}, {"apply", {"1"}}});
  (void)move.sender.told("import", import);
  (void)move.leave();
  (void)move.receiver.told("import migration", {{"file", {move.moved()}}});
  const auto again = move.receiver.told("import", import).as_object();
  CHECK(again.at("added").to_number<int>() == 0);
  CHECK(again.at("known").to_number<int>() == 1);
}

TEST_CASE("who sent a register where, for what and with whom stays written down", "[migration]") {
  Move move;
  const auto left = move.leave();
  const auto stated = move.sender.facts(Event::kRegisterExported);
  REQUIRE(stated.size() == 1);
  const auto& exported = stated.front().register_exported();
  CHECK(exported.purpose() == "weekly review");
  CHECK(to_hex(as_bytes(exported.receiver_key_fingerprint())) == text(left, "receiver_key_fingerprint"));
  std::map<std::string, std::string> names;
  for (const auto& user : *move.sender.open().context().registry.users()) names[model::id_field(user.id)] = user.name;
  CHECK(names[stated.front().author()] == "Noor");
  CHECK(names[exported.second()] == "Fatma");
  const auto imported = [&] {
    (void)move.receiver.told("import migration", {{"file", {move.moved()}}});
    return move.receiver.facts(Event::kRegisterImported);
  }();
  REQUIRE(imported.size() == 1);
  CHECK(imported.front().register_imported().from_server_id() == model::id_field(move.sender.open().context().keys.server.id));
}

TEST_CASE("a register leaves by a coordinator and an administrator only", "[migration]") {
  Move move;
  for (const char* second : {"Noor", "Anna", "Jan", "Ilse"}) {
    auto leaving = move.leaving();
    leaving["second"] = {second};
    CHECK(move.sender.refusal("export migration", leaving) == "second_not_administrator");
  }
  for (const char* first : {"Fatma", "Anna", "Jan", "Ilse"}) {
    auto leaving = move.leaving();
    leaving["as"] = {first};
    CHECK(move.sender.refusal("export migration", leaving) == "role_not_allowed");
  }
  auto without = move.leaving();
  without["reason"] = {""};
  CHECK(move.sender.refusal("export migration", without) == "reason_needed");
  CHECK_FALSE(std::filesystem::exists(move.moved()));
  CHECK(move.sender.facts(Event::kRegisterExported).empty());
}

TEST_CASE("a file for another server, altered or cut off is refused, and the receiver stays empty", "[migration]") {
  Move move;
  move.fill();
  (void)move.leave();
  const std::string whole = support::read_file(move.moved());
  const std::string other = move.folder.file("other");
  const auto refused_as = [&](const std::string& content) {
    support::write_file(other, content);
    const std::string code = move.refused(other);
    CHECK(move.receiver_is_empty());
    return code;
  };
  for (std::size_t at : {std::size_t{9}, std::size_t{20}, kMigrationHeadBytes - 3, kMigrationHeadBytes + 30, whole.size() / 2, whole.size() - 2}) {
    INFO(at);
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    const std::string code = refused_as(flipped);
    CHECK((code == "migration_broken" || code == "migration_not_for_here" || code == "migration_newer"));
  }
  for (const std::size_t size : {kMigrationHeadBytes + 1, whole.size() / 2, whole.size() - 1}) CHECK(refused_as(whole.substr(0, size)) == "migration_broken");
  CHECK(refused_as(whole.substr(0, 50)) == "migration_broken");
  CHECK(refused_as(whole + "x") == "migration_broken");
  CHECK(refused_as("") == "migration_not_one");
  CHECK(refused_as("Nummer,Naam\n") == "migration_not_one");
  Office elsewhere(Office::People::kNobody);
  CHECK(elsewhere.refusal("import migration", {{"file", {move.moved()}}}) == "migration_no_key");
  (void)elsewhere.told("migration key", {{"file", {move.folder.file("key2")}}});
  CHECK(elsewhere.refusal("import migration", {{"file", {move.moved()}}}) == "migration_not_for_here");
  (void)move.receiver.told("import migration", {{"file", {move.moved()}}});
}

TEST_CASE("only an empty register takes another one over, and a file opens once", "[migration]") {
  Move move;
  (void)move.leave();
  (void)move.receiver.told("import migration", {{"file", {move.moved()}}});
  CHECK(move.refused(move.moved()) == "migration_not_for_here");
  Office used;
  (void)used.told("migration key", {{"file", {move.folder.file("key3")}}});
  auto leaving = move.leaving();
  leaving["to"] = {move.folder.file("key3")};
  leaving["file"] = {move.folder.file("moved3")};
  (void)move.sender.told("export migration", leaving);
  const std::string before = digest_of(used);
  CHECK(used.refusal("import migration", {{"file", {move.folder.file("moved3")}}}) == "register_not_empty");
  CHECK(digest_of(used) == before);
}

TEST_CASE("the file names nobody, and is written over nothing", "[migration]") {
  Move move;
  move.fill();
  (void)move.leave();
  const std::string content = support::read_file(move.moved());
  for (const char* name : {"Roos", "Zehra", "Noor", "f_act"}) CHECK(content.find(name) == std::string::npos);
  CHECK(move.sender.refusal("export migration", move.leaving()) == "file_exists");
  CHECK(support::read_file(move.moved()) == content);
  support::write_file(move.folder.file("nokey"), "ssh-ed25519 AAAA\n");
  auto leaving = move.leaving();
  leaving["to"] = {move.folder.file("nokey")};
  leaving["file"] = {move.folder.file("moved4")};
  CHECK(move.sender.refusal("export migration", leaving) == "migration_key_unreadable");
  leaving["to"] = {move.folder.file("absent")};
  CHECK(move.sender.refusal("export migration", leaving) == "file_unreadable");
  CHECK(move.sender.facts(Event::kRegisterExported).size() == 1);
}
