// The recovery key on the server: that there is one, who made it, and what a restore said with it.
#include <sys/stat.h>

#include "common/crypto/random.hpp"
#include "common/sync/ticket.hpp"
#include "sync_server/admin/recovery.hpp"
#include "sync_server/admin/recovery_sheets.hpp"
#include "sync_server/backup/epoch.hpp"
#include "sync_server/backup/sheet.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/process.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

struct Making {
  Office office;
  std::string last_request;

  Answer create(const std::string& folder, Values values = {}) {
    values["sheets"] = {folder};
    if (!values.contains("as")) values["as"] = {"Fatma"};
    return create_recovery_sheets({"recovery create", std::move(values)}, [&](const Arguments& asked) {
      for (const auto& [name, texts] : asked.values) last_request += name + "=" + texts.front() + " ";
      return office.ask(asked.command, asked.values);
    });
  }
  [[nodiscard]] std::string folder(const char* name = "sheets") const { return office.folder.file(name); }
};

// What a scanner reads of a sheet's file.
backup::Sheet scanned(const support::TempFolder& folder, const std::string& pdf) {
  REQUIRE(support::run("/usr/bin/pdftoppm", {"-png", "-r", "150", "-singlefile", pdf, folder.file("page")}).exit_code == 0);
  auto sheet = backup::read_sheet(as_bytes(support::run("/usr/bin/zbarimg", {"--quiet", "--raw", folder.file("page.png")}).out), pdf);
  REQUIRE(sheet.ok());
  return std::move(*sheet);
}

Status raise(Office& office, std::uint32_t epoch, const backup::RecoveryKey& key) {
  Context context = office.open().context();
  model::Event event = context.new_event();
  event.mutable_epoch_raised()->set_epoch(epoch);
  event.mutable_epoch_raised()->set_statement(backup::sign_epoch(key, context.keys.server.id, epoch, 0).SerializeAsString());
  const auto recorded = context.record({event});
  return recorded.ok() ? Status() : recorded.error();
}

}  // namespace

TEST_CASE("the server knows the public half of the key that the printed sheets hold, and nothing of the private one", "[recovery]") {
  Making making;
  const Answer made = making.create(making.folder());
  REQUIRE(made.ok());
  CHECK(support::conforms("lantaarn-server.recovery-create", json::serialize(made->document)) == "");
  std::vector<backup::Sheet> sheets;
  for (const auto& path : made->document.as_object().at("sheets").as_array()) {
    struct stat state {};
    REQUIRE(::stat(path.as_string().c_str(), &state) == 0);
    CHECK((state.st_mode & 0777) == 0600);
    sheets.push_back(scanned(making.office.folder, std::string(path.as_string())));
  }
  REQUIRE(sheets.size() == 3);
  const auto key = backup::join_sheets(sheets[0], sheets[2]);
  REQUIRE(key.ok());
  const auto in_force = backup::recovery_key_in_force(making.office.open().context().registry);
  REQUIRE((in_force.ok() && in_force->has_value()));
  CHECK((*in_force)->key == key->public_half());
  CHECK(text(made->document, "fingerprint") == to_hex(backup::recovery_fingerprint(key->public_half())));

  const auto shown = making.office.told("recovery show");
  CHECK(support::conforms("lantaarn-server.recovery-show", json::serialize(shown)) == "");
  CHECK(text(shown.as_array().at(0), "by_name") == "Fatma");
  // What the server was told, and what lies in its folder.
  making.office.close();
  const std::string database = support::read_file(making.office.place().registry_database());
  for (const std::string& line : backup::sheet_lines(sheets[0])) CHECK(making.last_request.find(line.substr(3, 4)) == std::string::npos);
  for (const backup::Sheet& sheet : sheets) {
    CHECK(database.find(to_string(sheet.share.bytes.view().subspan(0, 16))) == std::string::npos);
    CHECK(making.last_request.find(to_hex(sheet.share.bytes.view().subspan(0, 8))) == std::string::npos);
  }
  CHECK(making.last_request.find(to_hex(key->box.private_key().view())) == std::string::npos);
}

TEST_CASE("a second recovery key needs --replace and a reason, the old one stays known", "[recovery]") {
  Making making;
  REQUIRE(making.create(making.folder()).ok());
  CHECK(making.create(making.folder("more")).error().code == "recovery_exists");
  CHECK(making.create(making.folder("more"), {{"replace", {"1"}}}).error().code == "reason_needed");
  CHECK_FALSE(std::filesystem::exists(making.folder("more")));
  const Answer second = making.create(making.folder("more"), {{"replace", {"1"}}, {"reason", {"blad 2 is kwijt"}}});
  REQUIRE(second.ok());
  CHECK(second->document.as_object().at("number") == 2);
  const auto keys = backup::recovery_keys(making.office.open().context().registry);
  REQUIRE((keys.ok() && keys->size() == 2));
  CHECK_FALSE((*keys)[0].key == (*keys)[1].key);
  CHECK((*keys)[1].reason == "blad 2 is kwijt");
  const auto shown = making.office.told("recovery show");
  CHECK_FALSE(shown.as_array().at(0).as_object().at("in_force").as_bool());
  CHECK(shown.as_array().at(1).as_object().at("in_force").as_bool());
}

TEST_CASE("nothing is printed for who may not, over an existing file, or into a place that is none", "[recovery]") {
  Making making;
  for (const char* who : {"Noor", "Anna", "Ilse", "Jan"}) CHECK(making.create(making.folder(), {{"as", {who}}}).error().code == "role_not_allowed");
  CHECK_FALSE(std::filesystem::exists(making.folder()));
  std::filesystem::create_directory(making.folder());
  support::write_file(making.folder() + "/recovery-2.pdf", "mine");
  CHECK(making.create(making.folder()).error().code == "file_exists");
  CHECK(support::read_file(making.folder() + "/recovery-2.pdf") == "mine");
  CHECK_FALSE(std::filesystem::exists(making.folder() + "/recovery-1.pdf"));
  CHECK(making.create(making.folder("no/such/place")).error().code == "file_not_written");
  CHECK(making.office.facts(model::Event::kServerKeyMade).empty());
}

TEST_CASE("an answer that got lost on the way leaves the sheets: the server may know their key", "[recovery]") {
  Making making;
  const Answer made = create_recovery_sheets({"recovery create", {{"sheets", {making.folder()}}, {"as", {"Fatma"}}}}, [&](const Arguments& asked) -> Answer {
    Answer answer = making.office.ask(asked.command, asked.values);
    REQUIRE(answer.ok());
    if (asked.has(kPublicKeyValue)) return retry("connection_lost");
    return answer;
  });
  CHECK(made.error().code == "connection_lost");
  CHECK(std::filesystem::exists(making.folder() + "/recovery-3.pdf"));
}

TEST_CASE("a ticket carries the recovery key by which its handheld will believe a restored server", "[recovery]") {
  Making making;
  const Values wanted{{"name", {"h1"}}, {"users", {"Anna"}}, {"server", {"h:1"}}, {"ticket", {"t"}}};
  const Answer before = making.office.ask("device add", wanted);
  CHECK_FALSE(sync::read_ticket(before->files.front().content)->recovery_key.has_value());
  REQUIRE(making.create(making.folder()).ok());
  Values other = wanted;
  other["name"] = {"h2"};
  const Answer after = making.office.ask("device add", other);
  const auto ticket = sync::read_ticket(after->files.front().content);
  const auto in_force = backup::recovery_key_in_force(making.office.open().context().registry);
  CHECK(ticket->recovery_key == (*in_force)->key.verify);
}

TEST_CASE("the statement that began an epoch is given for that epoch only", "[recovery][epoch]") {
  Office office;
  const auto key = backup::recovery_key_of(crypto::random_secret<64>());
  auto& registry = office.open().context().registry;
  CHECK_FALSE(backup::epoch_statement(registry, 1)->has_value());
  REQUIRE(raise(office, 2, key).ok());
  CHECK_FALSE(backup::epoch_statement(registry, 1)->has_value());
  const auto statement = backup::epoch_statement(registry, 2);
  REQUIRE((statement.ok() && statement->has_value()));
  CHECK(sync::verify_epoch(key.sign.verify_key(), **statement, office.open().context().keys.server.id).value() == 2);
  REQUIRE(raise(office, 3, key).ok());
  CHECK_FALSE(backup::epoch_statement(registry, 2)->has_value());
  CHECK(backup::epoch_statement(registry, 3)->has_value());
}
