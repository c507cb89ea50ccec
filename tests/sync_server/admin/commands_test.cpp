#include "sync_server/admin/commands.hpp"

#include "common/model/limits.hpp"
#include "common/sync/ticket.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
using model::Event;

namespace {

Values device(const std::string& name, std::vector<std::string> users) {
  return {{"name", {name}}, {"users", std::move(users)}, {"server", {"lantaarn.example:7000"}}, {"ticket", {"t.json"}}};
}

}  // namespace

TEST_CASE("the first user states herself, later ones are the server's or the administrator's word", "[commands]") {
  Office office(Office::People::kNobody);
  (void)office.told("user add", {{"name", {"Fatma"}}, {"role", {"administrator"}}});
  (void)office.told("user add", {{"name", {"Noor"}}, {"role", {"coordinator"}}});
  (void)office.told("user add", {{"name", {"Eva"}}, {"role", {"coordinator"}}, {"as", {"Fatma"}}});
  const auto added = office.facts(Event::kUserAdded);
  REQUIRE(added.size() == 3);
  std::map<std::string, std::string> authors, ids;
  for (const auto& event : added) {
    authors[event.user_added().name()] = event.author();
    ids[event.user_added().name()] = event.user_added().user_id();
  }
  CHECK(authors["Fatma"] == ids["Fatma"]);
  CHECK(authors["Noor"] == model::id_field(office.open().context().keys.server.id));
  CHECK(authors["Eva"] == ids["Fatma"]);
}

TEST_CASE("a user's name is taken once, in any spelling, a role is one of the list", "[commands]") {
  Office office;
  CHECK(office.refusal("user add", {{"name", {" NOOR"}}, {"role", {"coordinator"}}}) == "name_taken");
  CHECK(office.refusal("user add", {{"name", {"Eva"}}, {"role", {"boss"}}}) == "unknown_code");
  CHECK(office.refusal("user add", {{"name", {""}}, {"role", {"coordinator"}}}) == "name_empty");
  CHECK(office.told("user list").as_array().size() == 7);
}

TEST_CASE("an unknown person is refused with those who are there", "[commands]") {
  Office office;
  const Answer answer = office.ask("clients", Office::as("Nora"));
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == "user_not_found");
  CHECK(answer.error().args.at(1).find("Noor") != std::string::npos);
  CHECK(office.refusal("clients", {{"as", {"Noor"}}}) == "reason_needed");
  CHECK(office.refusal("clients", {{"reason", {"curious"}}}) == "as_needed");
  const std::string long_reason(model::kReasonCharactersMax + 1, 'x');
  CHECK(office.refusal("clients", {{"as", {"Noor"}}, {"reason", {long_reason}}}) == "text_too_long");
  CHECK(office.ask("clients", {{"as", {"Noor"}}, {"reason", {long_reason.substr(1)}}}).ok());
}

TEST_CASE("who names herself is held to her role, also where nobody had to", "[commands]") {
  Office office;
  CHECK(office.refusal("user add", {{"name", {"Eva"}}, {"role", {"coordinator"}}, {"as", {"Anna"}}}) == "role_not_allowed");
  CHECK(office.refusal("device list", {{"as", {"Jan"}}}) == "role_not_allowed");
  CHECK(office.ask("overview", {{"as", {"Jan"}}}).ok());
}

TEST_CASE("every opening of a record is written down before it is answered, a refused one is not", "[commands]") {
  Office office;
  const auto client = text(office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}})), "client_id");
  (void)office.told("clients", Office::as("Noor"));
  (void)office.told("contacts", Office::as("Noor", {{"client", {"roos"}}}));
  (void)office.told("review", Office::as("Noor"));
  (void)office.refusal("clients", Office::as("Fatma"));
  (void)office.refusal("contacts", Office::as("Noor", {{"client", {"nobody"}}}));
  (void)office.told("overview", {{"as", {"Noor"}}});

  std::map<std::string, std::string> opened;  // what: client
  for (const auto& event : office.facts(Event::kDossierOpened)) {
    CHECK(event.dossier_opened().reason() == "weekly review");
    opened[event.dossier_opened().what()] = to_hex(as_bytes(event.dossier_opened().client_id()));
  }
  CHECK(opened == std::map<std::string, std::string>{{"client_add", client}, {"clients", ""}, {"contacts", client}, {"review", ""}});
}

TEST_CASE("a ticket carries what a handheld needs, and the server remembers it", "[commands]") {
  Office office;
  const Answer answer = office.ask("device add", device("h1", {"Anna", "noor", "Anna"}));
  REQUIRE(answer.ok());
  REQUIRE(answer->files.size() == 1);
  CHECK(answer->files[0].path == "t.json");
  const auto ticket = sync::read_ticket(answer->files[0].content);
  REQUIRE(ticket.ok());
  const Context context = office.open().context();
  CHECK(ticket->server == context.keys.server.id);
  CHECK(ticket->server_address == "lantaarn.example:7000");
  CHECK(ticket->channel_key == crypto::dh_public(context.keys.channel));
  CHECK(ticket->users.size() == 2);
  CHECK(ticket->expires_at_ms == office.clock.reading.wall_ms + sync::kTicketLifetimeMs);
  const auto kept = context.registry.ticket(ticket->id);
  REQUIRE(kept.ok());
  REQUIRE(kept->has_value());
  CHECK(crypto::equal((*kept)->psk.view(), ticket->psk.view()));
  CHECK(boost::json::serialize(answer->document).find(to_hex(ticket->psk.view())) == std::string::npos);
}

TEST_CASE("a handheld is for people who log, has a name of its own and an address that is one", "[commands]") {
  Office office;
  CHECK(office.refusal("device add", device("h1", {"Fatma"})) == "user_cannot_log");
  CHECK(office.refusal("device add", device("h1", {"Anna", "Nobody"})) == "user_not_found");
  CHECK(office.refusal("device add", device("  ", {"Anna"})) == "name_empty");
  Values nowhere = device("h1", {"Anna"});
  nowhere["server"] = {"lantaarn.example"};
  CHECK(office.refusal("device add", nowhere) == "address_invalid");
  (void)office.told("device add", device("h1", {"Anna"}));
  CHECK(office.refusal("device add", device("H1", {"Iris"})) == "name_taken");
  CHECK(office.told("device list").as_array().size() == 1);
}

TEST_CASE("a further user gets a ticket for the same handheld and the same address", "[commands]") {
  Office office;
  const auto first = office.told("device add", device("h1", {"Anna"}));
  const Answer answer = office.ask("device add-user", {{"name", {"h1"}}, {"user", {"Iris"}}, {"ticket", {"t2.json"}}});
  REQUIRE(answer.ok());
  const auto ticket = sync::read_ticket(answer->files.at(0).content);
  REQUIRE(ticket.ok());
  CHECK(ticket->device.hex() == text(first, "device_id"));
  CHECK(ticket->server_address == "lantaarn.example:7000");
  CHECK(ticket->users.size() == 1);
  CHECK(office.told("device list").as_array().at(0).as_object().at("users").as_array().size() == 2);
  CHECK(office.refusal("device add-user", {{"name", {"h2"}}, {"user", {"Iris"}}, {"ticket", {"t"}}}) == "device_not_found");
}

TEST_CASE("a revoked handheld stays revoked, and its tickets are spent", "[commands]") {
  Office office;
  const auto added = office.told("device add", device("h1", {"Anna"}));
  (void)office.told("device revoke", {{"name", {"h1"}}});
  CHECK(office.refusal("device revoke", {{"name", {"h1"}}}) == "device_already_revoked");
  CHECK(office.refusal("device add-user", {{"name", {"h1"}}, {"user", {"Iris"}}, {"ticket", {"t"}}}) == "device_revoked");
  const auto ticket = office.open().context().registry.ticket(*TicketId::parse_hex(text(added, "ticket_id")));
  REQUIRE(ticket.ok());
  CHECK((*ticket)->spent);
  CHECK(text(office.told("device list").as_array().at(0), "state") == "revoked");
}

TEST_CASE("figures and lists without a person show no woman's name", "[commands]") {
  Office office;
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Kanarievogel"}}, {"intensity", {"intensive"}}, {"primary", {"Anna"}}}));
  (void)office.told("device add", device("h1", {"Anna"}));
  for (const char* command : {"overview", "device list", "digest", "merge", "quarantine", "user list", "rebuild"}) {
    INFO(command);
    CHECK(boost::json::serialize(office.told(command)).find("Kanarie") == std::string::npos);
  }
  std::string found_in;
  CHECK_FALSE(support::folder_contains(office.folder.path(), "Kanarievogel", found_in));
}

TEST_CASE("what is not set apart cannot be admitted", "[commands]") {
  Office office;
  CHECK(office.refusal("quarantine admit", Office::as("Noor", {{"entries", {"00112233"}}})) == "entry_not_set_apart");
  CHECK(office.refusal("quarantine admit", Office::as("Fatma", {{"entries", {"00112233"}}})) == "role_not_allowed");
  CHECK(office.refusal("quarantine admit", {{"entries", {"00112233"}}, {"reason", {"r"}}}) == "as_needed");
}

TEST_CASE("everything decided survives the end of the program, and folds to the same again", "[commands]") {
  Office office;
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  (void)office.told("device add", device("h1", {"Anna"}));
  const auto before = office.told("digest");
  office.close();
  CHECK(office.told("digest") == before);
  CHECK(office.told("rebuild").as_object().at("agrees") == true);
  CHECK_FALSE(std::filesystem::exists(office.place().registry() + "/rebuild.db"));
}

TEST_CASE("overview dates are dates", "[commands]") {
  Office office;
  CHECK(office.refusal("overview", {{"from", {"yesterday"}}}) == "date_invalid");
  CHECK(text(office.told("overview", {{"from", {"2026-07-01"}}}), "from") == "2026-07-01");
}
