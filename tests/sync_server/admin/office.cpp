#include "tests/sync_server/admin/office.hpp"

#include "common/crypto/random.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::pair<const char*, const char*> kPeople[] = {
    {"Fatma", "administrator"}, {"Noor", "coordinator"},  {"Anna", "case_manager"},          {"Iris", "case_manager"},
    {"Bibi", "expert_by_experience"}, {"Jan", "project_lead"}, {"Ilse", "data_protection_officer"}};

}  // namespace

Office::Office(People people) {
  const auto made = initialise(place(), "");
  REQUIRE(made.ok());
  if (people == People::kNobody) return;
  std::vector<model::Event> events;
  for (const auto& [name, role] : kPeople) {
    events.push_back(open().context().new_event());
    auto& added = *events.back().mutable_user_added();
    added.set_user_id(model::id_field(crypto::random_id<UserId>()));
    added.set_name(name);
    added.set_role(role);
  }
  REQUIRE(open().context().record(events).ok());
}

OpenServer& Office::open() {
  if (server_ == nullptr) {
    auto opened = OpenServer::open(place(), "", clock);
    if (!opened.ok()) FAIL("open: " + opened.error().to_log_line());
    server_ = std::move(*opened);
  }
  return *server_;
}

Answer Office::ask(const std::string& command, const Values& values) {
  Context context = open().context();
  return run_command(context, Arguments{command, values});
}

boost::json::value Office::told(const std::string& command, const Values& values) {
  const Answer answer = ask(command, values);
  if (!answer.ok()) FAIL(command + ": " + answer.error().to_log_line());
  return answer->document;
}

std::string Office::refusal(const std::string& command, const Values& values) {
  const Answer answer = ask(command, values);
  if (answer.ok()) FAIL(command + " was not refused");
  return answer.error().code;
}

Values Office::as(const std::string& user, Values values) {
  values["as"] = {user};
  values["reason"] = {"weekly review"};
  return values;
}

std::vector<model::Event> Office::facts(int kind) {
  const auto entries = open().context().registry.entries_of_kind(kind);
  REQUIRE(entries.ok());
  std::vector<model::Event> events;
  for (const auto& entry : *entries) {
    auto event = model::decode_event(entry.bytes);
    REQUIRE(event.ok());
    events.push_back(*event);
  }
  return events;
}

std::string text(const boost::json::value& document, const char* member) {
  return std::string(document.as_object().at(member).as_string());
}

}  // namespace lantaarn::server::admin
