// What Router does before and after every answer: session, CSRF, role, whose dossier, reason, relations, access log.
#include "sync_server/review/router.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/hash.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/admin/roles.hpp"
#include "tests/sync_server/admin/office.hpp"

namespace lantaarn::server::review {
namespace {

namespace json = boost::json;
using admin::Office;
using admin::text;

constexpr std::string_view kRoles[] = {"case_manager", "expert_by_experience", "coordinator", "administrator", "data_protection_officer", "project_lead"};

Result<crypto::Key> quick(ByteView password, ByteView salt, const crypto::KdfParameters&) {
  return crypto::Key(std::span<const std::uint8_t, 32>(crypto::blake2b_256({password, salt})));
}

struct Counter {
  Office office;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Router> router;
  struct Person {
    std::string token, csrf;
    UserId id;
  };
  std::map<std::string, Person> people;

  Counter() {
    admin::Context context = office.open().context();
    auto opened = Desk::open(context.registry, office.folder.path().string(), {"localhost", "https://localhost"}, quick);
    REQUIRE(opened.ok());
    desk = std::move(*opened);
    router = std::make_unique<Router>(*desk, Router::Seams{[this] { return office.open().context(); },
                                                           [this](AskId id, const admin::Arguments& asked) {
                                                             admin::Context answering = office.open().context();
                                                             router->answer(id, admin::run_command(answering, asked));
                                                           },
                                                           [this] { return now(); }});
  }
  access::Instant now() const { return {office.clock.reading.wall_ms, office.clock.reading.monotonic_ms}; }
  Person& person(const std::string& name) {
    auto& known = people[name];
    if (!known.token.empty()) return known;
    admin::Context context = office.open().context();
    const auto users = context.registry.users();
    for (const UserView& user : *users) {
      if (user.name != name) continue;
      const auto started = desk->sessions.start(user.id, {now().wall_ms, now().monotonic_ms}, "127.0.0.1", "test");
      known = {started.token, started.session->csrf, user.id};
    }
    REQUIRE_FALSE(known.token.empty());
    return known;
  }
  Reply pass(const Request& request) {
    router->take(7, request);
    auto ready = router->flush();
    REQUIRE(ready.size() == 1);
    return std::move(ready.front().reply);
  }
  Request request(const std::string& name, Method method, const std::string& path, json::value body = nullptr) {
    Request asked;
    asked.method = method;
    asked.path = path;
    asked.body = std::move(body);
    if (name.empty()) return asked;
    asked.session = person(name).token;
    asked.csrf = person(name).csrf;
    return asked;
  }
  Reply ask(const std::string& name, Method method, const std::string& path, json::value body = nullptr) {
    return pass(request(name, method, path, std::move(body)));
  }
  std::string code(const Reply& reply) { return reply.document.is_object() && reply.document.as_object().contains("code") ? text(reply.document, "code") : ""; }
  access::LoggedRecord last_logged() {
    const auto read = desk->log.read({});
    REQUIRE((read.ok() && !read->empty()));
    return read->front();
  }
  std::string woman(const std::string& alias, const std::string& primary) {
    const auto reply = ask("Noor", Method::kPost, "clients", json::object{{"alias", alias}, {"primary", primary}});
    REQUIRE(reply.status == 200);
    return text(reply.document, "client_id");
  }
};

}  // namespace

TEST_CASE("without a session nothing is answered but the way in", "[review][router]") {
  Counter counter;
  for (const Route* route : all_routes()) {
    INFO(name_of(route->method) << " " << route->path);
    const Reply reply = counter.ask("", route->method, std::string(route->path));
    if (route->rule == kAnybody) continue;
    CHECK(reply.status == 401);
    CHECK(counter.code(reply) == "not_signed_in");
  }
}

TEST_CASE("every change has to name the session's secret", "[review][router]") {
  Counter counter;
  for (const Route* route : all_routes()) {
    if (route->method == Method::kGet || route->rule == kAnybody) continue;
    Request asked = counter.request("Noor", route->method, std::string(route->path));
    asked.csrf = counter.person("Anna").csrf;
    INFO(name_of(route->method) << " " << route->path);
    CHECK(counter.code(counter.pass(asked)) == "csrf");
  }
}

TEST_CASE("a role that is not in a route's row is refused there, and it is written down", "[review][router]") {
  Counter counter;
  const std::map<std::string_view, std::string> who = {{"case_manager", "Anna"},   {"expert_by_experience", "Bibi"}, {"coordinator", "Noor"},
                                                       {"administrator", "Fatma"}, {"data_protection_officer", "Ilse"}, {"project_lead", "Jan"}};
  for (const std::string_view role : kRoles) {
    const auto allowed = allowed_to(role);
    for (const Route* route : all_routes()) {
      if (route->rule == kAnybody || route->rule.empty()) continue;
      const std::string name = std::string(name_of(route->method)) + " " + std::string(route->path);
      const bool is_allowed = admin::authorise(route->rule, role).ok();
      CHECK(is_allowed == (std::find(allowed.begin(), allowed.end(), name) != allowed.end()));
      if (is_allowed) continue;
      INFO(role << " " << name);
      const Reply reply = counter.ask(who.at(role), route->method, std::string(route->path));
      CHECK(reply.status == 403);
      CHECK(counter.code(reply) == "role_not_allowed");
      CHECK(counter.last_logged().record.code == "role_not_allowed");
    }
  }
}

TEST_CASE("a coordinator opens a dossier with a reason, once a day, and each look is written down", "[review][router]") {
  Counter counter;
  const std::string woman = counter.woman("Zilver", "Anna");
  const std::string path = "clients/" + woman;
  const Reply closed = counter.ask("Noor", Method::kGet, path);
  CHECK(closed.status == 403);
  CHECK(counter.code(closed) == "reason_needed");
  CHECK(counter.last_logged().record.outcome == access::Outcome::kRefused);

  REQUIRE(counter.ask("Noor", Method::kPost, path + "/opening", json::object{{"reason", "overdracht voorbereiden"}}).status == 200);
  REQUIRE(counter.ask("Noor", Method::kGet, path).status == 200);
  const auto logged = counter.last_logged().record;
  CHECK(logged.reason == "overdracht voorbereiden");
  CHECK(logged.clients.front().hex() == woman);
  CHECK_FALSE(logged.treatment_relation);
  CHECK(logged.role == "coordinator");

  // Her own case manager needs no reason; another does not learn that she exists.
  REQUIRE(counter.ask("Anna", Method::kGet, path).status == 200);
  CHECK(counter.last_logged().record.treatment_relation);
  CHECK(counter.ask("Iris", Method::kGet, path).status == 404);

  counter.office.clock.advance_ms(24LL * 3'600'000);
  counter.people.clear();
  CHECK(counter.code(counter.ask("Noor", Method::kGet, path)) == "reason_needed");
}

TEST_CASE("emergency access opens for three hours, and the FG is told", "[review][router]") {
  Counter counter;
  const std::string path = "clients/" + counter.woman("Zilver", "Anna");
  REQUIRE(counter.ask("Iris", Method::kPost, path + "/opening", json::object{{"reason", "acuut gevaar"}, {"emergency", true}}).status == 200);
  REQUIRE(counter.ask("Iris", Method::kGet, path).status == 200);
  CHECK(counter.last_logged().record.emergency);
  const Reply session = counter.ask("Ilse", Method::kGet, "session");
  CHECK(session.document.at("emergencies").to_number<int>() == 1);
  counter.office.clock.advance_ms(access::kEmergencyMs);
  counter.people.clear();
  CHECK(counter.ask("Iris", Method::kGet, path).status == 404);
}

TEST_CASE("a declared relation closes a dossier to the coordinator too, in lists as well", "[review][router]") {
  Counter counter;
  const std::string woman = counter.woman("Zilver", "Anna");
  const std::string path = "clients/" + woman;
  REQUIRE(counter.ask("Noor", Method::kPost, path + "/opening", json::object{{"reason", "x"}}).status == 200);
  const auto declare = json::object{{"user", counter.person("Noor").id.hex()}, {"client", woman}, {"reason", "familie"}};
  REQUIRE(counter.ask("Noor", Method::kPost, "relations", declare).status == 200);
  CHECK(counter.code(counter.ask("Noor", Method::kGet, path)) == "relation_blocked");
  const Reply list = counter.ask("Noor", Method::kGet, "clients");
  REQUIRE(list.status == 200);
  CHECK(json::serialize(list.document).find("Zilver") == std::string::npos);
  CHECK(json::serialize(counter.ask("Anna", Method::kGet, "clients").document).find("Zilver") != std::string::npos);
}

TEST_CASE("a locked session shows nothing until its user comes back", "[review][router]") {
  Counter counter;
  counter.woman("Zilver", "Anna");
  counter.office.clock.advance_ms(access::kLockAfterMs);
  CHECK(counter.code(counter.ask("Noor", Method::kGet, "clients")) == "session_locked");
  const Reply session = counter.ask("Noor", Method::kGet, "session");
  REQUIRE(session.status == 200);
  CHECK(session.document.at("locked").as_bool());
  // What the page asks by itself is no sign of anybody being there.
  counter.people.clear();
  for (int minute = 0; minute < 3; ++minute) {
    Request asked = counter.request("Noor", Method::kGet, "session");
    asked.background = true;
    counter.pass(asked);
    counter.office.clock.advance_ms(access::kMinuteMs);
  }
  CHECK(counter.code(counter.ask("Noor", Method::kGet, "clients")) == "session_locked");
}

TEST_CASE("when the access log cannot be written nothing is shown", "[review][router]") {
  Counter counter;
  counter.woman("Zilver", "Anna");
  // Somebody else holds the file.
  auto other = database::Database::open(counter.office.folder.path().string() + "/access_log.db", {});
  REQUIRE(other.ok());
  auto holding = database::Transaction::begin(*other);
  REQUIRE(holding.ok());
  const Reply reply = counter.ask("Anna", Method::kGet, "clients");
  CHECK(reply.status == 503);
  CHECK(json::serialize(reply.document).find("Zilver") == std::string::npos);
}

TEST_CASE("a single sign-on in front is believed about who, and about no one else", "[review][router]") {
  Counter counter;
  Request asked = counter.request("", Method::kGet, "session");
  asked.remote_user = "noor";
  const Reply in = counter.pass(asked);
  REQUIRE(in.status == 200);
  REQUIRE_FALSE(in.set_session.empty());
  asked.path = "overview";
  asked.session = in.set_session;
  CHECK(counter.pass(asked).status == 200);
  asked.remote_user = "anna";
  CHECK(counter.pass(asked).status == 401);
  asked.session.clear();
  asked.path = "session";
  asked.remote_user = "nobody";
  CHECK(counter.pass(asked).status == 401);
}

TEST_CASE("whose access was closed is out at once", "[review][router]") {
  Counter counter;
  REQUIRE(counter.ask("Iris", Method::kGet, "clients").status == 200);
  const std::string id = counter.person("Iris").id.hex();
  REQUIRE(counter.ask("Fatma", Method::kDelete, "users/" + id + "/access", json::object{{"reason", "uit dienst"}}).status == 200);
  CHECK(counter.ask("Iris", Method::kGet, "clients").status == 401);
  const std::string own = counter.person("Fatma").id.hex();
  CHECK(counter.code(counter.ask("Fatma", Method::kDelete, "users/" + own + "/access", json::object{{"reason", "x"}})) == "not_yourself");
}

}  // namespace lantaarn::server::review
