// Commands on what handhelds delivered.
#include <filesystem>

#include "tests/support/json_schema.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

class Evening {
 public:
  json::value told(const std::string& command, const Values& values = {}) { return office.told(command, values); }
  json::object handheld() { return json::object(told("overview").as_object().at("handhelds").as_array().at(0).as_object()); }
  std::size_t count(const std::string& command, const std::string& user = "Noor") {
    return json::value(told(command, Office::as(user))).as_array().size();
  }

  Office office;
  std::string roos = text(office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"intensity", {"intensive"}}, {"primary", {"Anna"}}})), "client_id");
  DeliveringHandheld handheld_1{office};
};

void check_conforms(const std::string& name, const json::value& document) {
  INFO(json::serialize(document));
  CHECK(support::conforms("lantaarn-server." + name, json::serialize(document)) == "");
}

}  // namespace

TEST_CASE("saved = received = merged once a merge has run, and not before", "[delivery]") {
  Evening evening;
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.log_contact("");
  evening.handheld_1.deliver();
  CHECK(evening.handheld().at("received") == 2);
  CHECK(evening.handheld().at("merged") == 0);
  CHECK(evening.handheld().at("equal") == false);
  CHECK(json::value(evening.told("merge")).as_object().at("entries") == 2);
  CHECK(evening.handheld().at("merged") == 2);
  CHECK(evening.handheld().at("equal") == true);
  const json::value overview = evening.told("overview");
  CHECK(overview.as_object().at("in_contact") == 1);
  CHECK(overview.as_object().at("contacts").as_object().at("total") == 2);
  CHECK(overview.as_object().at("contacts").as_object().at("unknown_persons") == 1);
}

TEST_CASE("an inbox that was lost is merged from its start, and nothing is there twice", "[delivery]") {
  Evening evening;
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.deliver();
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.deliver();
  (void)evening.told("merge");
  evening.office.close();
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(evening.office.place().inbox() + end);
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.forget_delivery();
  evening.handheld_1.deliver();
  const json::value merged = evening.told("merge");
  CHECK(merged.as_object().at("entries") == 3);
  CHECK(merged.as_object().at("added") == 1);
  CHECK(evening.count("contacts") == 3);
  CHECK(json::value(evening.told("merge")).as_object().at("entries") == 0);
}

TEST_CASE("contacts show to who looks after her, with their provenance", "[delivery]") {
  Evening evening;
  const EventId contact = evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.log_contact("");
  evening.handheld_1.deliver();
  (void)evening.told("merge");
  CHECK(evening.count("contacts", "Noor") == 2);
  CHECK(evening.count("contacts", "Anna") == 1);
  CHECK(evening.count("contacts", "Iris") == 0);
  const json::value seen = evening.told("contacts", Office::as("Anna", {{"client", {"roos"}}}));
  const auto& only = seen.as_array().at(0).as_object();
  CHECK(text(seen.as_array().at(0), "event_id") == contact.hex());
  CHECK(only.at("client_alias") == "Roos");
  CHECK(only.at("author_name") == "Anna");
  CHECK(only.at("device_name") == "h1");
  CHECK(only.at("seq") == 1);
  CHECK(only.at("note") == "een notitie");
}

TEST_CASE("what nobody on this handheld signed is set apart, and no decision admits it", "[delivery]") {
  Evening evening;
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.log_as_stranger();
  evening.handheld_1.deliver();
  (void)evening.told("merge");
  const json::value apart = evening.told("quarantine");
  check_conforms("quarantine", apart);
  REQUIRE(apart.as_array().size() == 1);
  CHECK(text(apart.as_array().at(0), "reason") == "author_unknown");
  CHECK(evening.handheld().at("set_apart") == 1);
  CHECK(evening.count("contacts") == 1);
  const std::string entry = text(apart.as_array().at(0), "entry");
  CHECK(evening.office.refusal("quarantine admit", Office::as("Noor", {{"entries", {entry}}})) == "entry_not_admissible");
}

TEST_CASE("a revocation accepts what was received by then and sets apart what comes later", "[delivery]") {
  Evening evening;
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.deliver();
  const json::value revoked = evening.told("device revoke", {{"name", {"h1"}}});
  check_conforms("device-revoke", revoked);
  REQUIRE(revoked.as_object().at("last_accepted").as_array().size() == 1);
  CHECK(revoked.as_object().at("last_accepted").as_array().at(0).as_object().at("seq") == 2);
  evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.deliver();
  (void)evening.told("merge");
  CHECK(evening.count("contacts") == 2);
  const json::value apart = evening.told("quarantine");
  REQUIRE(apart.as_array().size() == 1);
  CHECK(text(apart.as_array().at(0), "reason") == "device_revoked");

  const std::string entry = text(apart.as_array().at(0), "entry");
  const json::value admitted = evening.told("quarantine admit", Office::as("Noor", {{"entries", {entry.substr(0, 12)}}}));
  check_conforms("quarantine-admit", admitted);
  CHECK(evening.count("contacts") == 3);
  CHECK(json::value(evening.told("quarantine")).as_array().empty());
  CHECK(json::value(evening.told("rebuild")).as_object().at("agrees") == true);
}

TEST_CASE("two who changed the same field unseen become a case, which one change settles", "[delivery]") {
  Evening evening;
  Context context = evening.office.open().context();
  const auto client = context.registry.client(*ClientId::parse_hex(evening.roos));
  REQUIRE(client.ok());
  std::vector<model::Event> changes;
  for (const char* value : {"light_supplementary", "light_consultative"}) {
    changes.push_back(context.new_event());
    auto& changed = *changes.back().mutable_client_changed();
    changed.set_client_id(model::id_field((*client)->id));
    auto& change = *changed.add_changes();
    change.set_field("intensity");
    change.set_value(value);
    for (const auto& field : (*client)->fields) {
      if (field.field == "intensity") change.add_heads(model::id_field(field.heads.front().from.event));
    }
  }
  REQUIRE(context.record(changes).ok());
  const json::value cases = evening.told("review", Office::as("Noor"));
  check_conforms("review", cases);
  REQUIRE(cases.as_array().size() == 1);
  CHECK(cases.as_array().at(0).as_object().at("values").as_array().size() == 2);
  CHECK(evening.count("review", "Anna") == 1);
  CHECK(evening.count("review", "Iris") == 0);
  CHECK(evening.told("overview").as_object().at("review_cases") == 1);
  const std::string provisional(json::value(evening.told("clients", Office::as("Noor"))).as_array().at(0).as_object().at("intensity").as_string());
  (void)evening.told("client set", Office::as("Noor", {{"client", {"Roos"}}, {"intensity", {provisional}}}));
  CHECK(evening.count("review") == 0);
}

TEST_CASE("documents with something in them conform to their schemas", "[delivery]") {
  Evening evening;
  const EventId contact = evening.handheld_1.log_contact(evening.roos);
  evening.handheld_1.log_contact("");
  evening.handheld_1.deliver();
  (void)evening.told("merge");
  Context context = evening.office.open().context();
  model::Event amended = context.new_event();
  amended.mutable_contact_amended()->set_contact(model::id_field(contact));
  amended.mutable_contact_amended()->set_reason("place was wrong");
  auto& change = *amended.mutable_contact_amended()->add_changes();
  change.set_field("place");
  change.set_value("loods");
  change.add_heads(model::id_field(contact));
  model::Event planned = context.new_event();
  planned.mutable_follow_up_planned()->set_client_id(model::id_field(*ClientId::parse_hex(evening.roos)));
  planned.mutable_follow_up_planned()->set_due_date("2026-11-20");
  planned.mutable_follow_up_planned()->set_text("bellen");
  REQUIRE(context.record({amended, planned}).ok());

  const json::value contacts = evening.told("contacts", Office::as("Noor", {{"client", {"Roos"}}}));
  check_conforms("contacts", contacts);
  CHECK(text(contacts.as_array().at(0), "place") == "loods");
  CHECK(contacts.as_array().at(0).as_object().at("fields").as_array().size() == 1);
  check_conforms("clients", evening.told("clients", Office::as("Noor")));
  check_conforms("device-list", evening.told("device list"));
  const json::value overview = evening.told("overview");
  check_conforms("overview", overview);
  CHECK(overview.as_object().at("follow_ups_due").as_array().size() == 1);
  CHECK(json::serialize(overview).find("bellen") == std::string::npos);
}
