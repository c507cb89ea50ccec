#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

std::vector<std::string> aliases_seen(Office& office, const std::string& user) {
  std::vector<std::string> aliases;
  const json::value clients = office.told("clients", Office::as(user));
  for (const auto& client : clients.as_array()) {
    for (const auto& alias : client.as_object().at("aliases").as_array()) aliases.emplace_back(alias.as_string());
  }
  return aliases;
}

json::object only_client(Office& office) {
  const json::value clients = office.told("clients", Office::as("Noor"));
  REQUIRE(clients.as_array().size() == 1);
  return clients.as_array().at(0).as_object();
}

// Roos is Anna's, Zoë is Iris's with Bibi second, Lia is nobody's.
void add_three(Office& office) {
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Zoë"}}, {"primary", {"Iris"}}, {"second", {"Bibi"}}}));
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Lia"}}}));
}

}  // namespace

TEST_CASE("the coordinator sees every woman, others their own caseload, most nobody", "[clients]") {
  Office office;
  add_three(office);
  CHECK(aliases_seen(office, "Noor") == std::vector<std::string>{"Lia", "Roos", "Zoë"});
  CHECK(aliases_seen(office, "Anna") == std::vector<std::string>{"Roos"});
  CHECK(aliases_seen(office, "Iris") == std::vector<std::string>{"Zoë"});
  CHECK(aliases_seen(office, "Bibi") == std::vector<std::string>{"Zoë"});
  for (const char* user : {"Fatma", "Jan", "Ilse"}) CHECK(office.refusal("clients", Office::as(user)) == "role_not_allowed");
}

TEST_CASE("another's client is as unknown as one that does not exist", "[clients]") {
  Office office;
  add_three(office);
  for (const char* command : {"client set", "contacts"}) {
    INFO(command);
    CHECK(office.refusal(command, Office::as("Anna", {{"client", {"Zoë"}}})) == "client_not_found");
    CHECK(office.refusal(command, Office::as("Anna", {{"client", {"Nobody"}}})) == "client_not_found");
  }
  CHECK(office.refusal("contacts", Office::as("Bibi", {{"client", {"Zoë"}}})) == "role_not_allowed");
}

TEST_CASE("a case manager adds women to her own caseload only, and hands none over", "[clients]") {
  Office office;
  CHECK(office.refusal("client add", Office::as("Anna", {{"alias", {"Roos"}}})) == "role_not_allowed");
  CHECK(office.refusal("client add", Office::as("Anna", {{"alias", {"Roos"}}, {"primary", {"Iris"}}})) == "role_not_allowed");
  (void)office.told("client add", Office::as("Anna", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  (void)office.told("client set", Office::as("Anna", {{"client", {"Roos"}}, {"intensity", {"intensive"}}}));
  CHECK(office.refusal("client set", Office::as("Anna", {{"client", {"Roos"}}, {"primary", {"Iris"}}})) == "role_not_allowed");
}

TEST_CASE("how to reach her safely is a choice, not a colleague, and her case manager's to say", "[clients]") {
  Office office;
  (void)office.told("client add", Office::as("Anna", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  (void)office.told("client set", Office::as("Anna", {{"client", {"Roos"}}, {"safe-contact", {"messaging"}}}));
  CHECK(only_client(office).at("safe_contact") == "messaging");
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roos"}}, {"safe-contact", {"Bibi"}}})) == "unknown_code");
}

TEST_CASE("a second woman of one name is asked about, not merged and not doubled by mistake", "[clients]") {
  Office office;
  add_three(office);
  CHECK(office.refusal("client add", Office::as("Noor", {{"alias", {"zoe"}}})) == "alias_taken");
  (void)office.told("client add", Office::as("Noor", {{"alias", {"zoe"}}, {"new", {"1"}}}));
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Zoë"}}, {"status", {"closed"}}})) == "client_ambiguous_here");
  // Who does not see the other one learns nothing of her.
  CHECK(office.ask("client add", Office::as("Anna", {{"alias", {"Zoë"}}, {"primary", {"Anna"}}})).ok());
}

TEST_CASE("a change names what it saw, carries its date, and is refused when it says nothing new", "[clients]") {
  Office office;
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"intensity", {"intensive"}}}));
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roos"}}})) == "nothing_changed");
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roos"}}, {"intensity", {"intensive"}}})) == "nothing_changed");
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roos"}}, {"intensity", {"heavy"}}})) == "unknown_code");
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roos"}}, {"status", {"closed"}}, {"from", {"soon"}}})) ==
        "date_invalid");
  const auto changed = office.told(
      "client set", Office::as("Noor", {{"client", {"Roos"}}, {"intensity", {"light_consultative"}}, {"from", {"2026-12-01"}}}));
  const json::object client = only_client(office);
  CHECK(client.at("intensity") == "light_consultative");
  const auto& field = client.at("fields").as_array().at(0).as_object();
  REQUIRE(field.at("heads").as_array().size() == 1);
  const auto& head = field.at("heads").as_array().at(0).as_object();
  CHECK(head.at("event_id") == changed.as_object().at("event_id"));
  CHECK(head.at("effective_date") == "2026-12-01");
  CHECK(head.at("author_name") == "Noor");
}

TEST_CASE("a value can be taken back", "[clients]") {
  Office office;
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"second", {"Bibi"}}}));
  (void)office.told("client set", Office::as("Noor", {{"client", {"Roos"}}, {"second", {"-"}}}));
  CHECK(only_client(office).at("second_contact").is_null());
  CHECK(aliases_seen(office, "Bibi").empty());
}

TEST_CASE("an empty name is no name", "[clients]") {
  Office office;
  CHECK(office.refusal("client add", Office::as("Noor", {{"alias", {"  "}}})) == "alias_empty");
  CHECK(office.refusal("client add", Office::as("Noor", {{"alias", {std::string(81, 'x')}}})) == "alias_too_long");
}
