// Decisions of the review: what each changes, and that each can be taken back.
#include <set>

#include "sync_server/admin/lookup.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"
#include "tests/sync_server/review/routes_page.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::review;
namespace json = boost::json;

namespace {

std::vector<json::object> queue(RoutesPage& page, const std::string& kind, const std::string& user = "Noor") {
  std::vector<json::object> found;
  const auto document = page.get(user, "review/queue");
  for (const auto& item : document.as_object().at("items").as_array()) {
    if (text(item, "kind") == kind) found.push_back(item.as_object());
  }
  return found;
}

json::object newest(RoutesPage& page) { return page.get("Noor", "review/history").as_array().at(0).as_object(); }

void undo(RoutesPage& page) {
  const auto last = newest(page);
  REQUIRE(last.at("can_undo").as_bool());
  (void)page.send("Noor", "POST", "review/undo", json::object{{"event_id", last.at("event_id")}, {"reason", "mistaken"}});
}

std::int64_t in_view(RoutesPage& page) { return page.get("Noor", "overview").as_object().at("in_view").to_number<std::int64_t>(); }

bool rebuild_agrees(RoutesPage& page) { return page.office.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees").as_bool(); }

struct Pair {
  std::string first, second;
};
Pair two_alike(RoutesPage& page) {
  Pair pair{page.add_woman("Roxy"), page.add_woman("Roxi")};
  for (const auto& id : {pair.first, pair.second}) {
    (void)page.send("Noor", "PATCH", "clients/" + id,
                    json::object{{"family_names", "Ionescu"}, {"birth_year", 1988}, {"birth_month", 4}, {"birth_day", 9}, {"reason", "her passport"}});
  }
  return pair;
}

}  // namespace

TEST_CASE("a link makes two entries one woman, and undone they are two again and proposed again", "[review][routes]") {
  RoutesPage page;
  const auto [first, second] = two_alike(page);
  REQUIRE(queue(page, "match").size() == 1);
  (void)page.send("Noor", "POST", "review/link", json::object{{"client", first}, {"other", second}, {"reason", "same passport"}});
  CHECK(in_view(page) == 1);
  CHECK(queue(page, "match").empty());
  CHECK(text(json::value(newest(page)), "what") == "linked");
  undo(page);
  CHECK(in_view(page) == 2);
  CHECK(queue(page, "match").size() == 1);
  CHECK(rebuild_agrees(page));
}

TEST_CASE("a pair kept apart is proposed no more, and undone it is proposed again and may be linked", "[review][routes]") {
  RoutesPage page;
  const auto [first, second] = two_alike(page);
  (void)page.send("Noor", "POST", "review/apart", json::object{{"client", first}, {"other", second}, {"reason", "I know both"}});
  CHECK(queue(page, "match").empty());
  undo(page);
  CHECK(queue(page, "match").size() == 1);
  (void)page.send("Noor", "POST", "review/link", json::object{{"client", first}, {"other", second}, {"reason", "same passport"}});
  CHECK(in_view(page) == 1);
  CHECK(rebuild_agrees(page));
}

TEST_CASE("an unlink that was wrong is undone, and the women are linked as before", "[review][routes]") {
  RoutesPage page;
  const auto [first, second] = two_alike(page);
  (void)page.send("Noor", "POST", "review/link", json::object{{"client", first}, {"other", second}, {"reason", "same passport"}});
  (void)page.send("Noor", "POST", "review/unlink", json::object{{"clients", json::array{second}}, {"reason", "two after all"}});
  CHECK(in_view(page) == 2);
  undo(page);
  CHECK(in_view(page) == 1);
  SECTION("and what took it back can be taken back too") {
    undo(page);
    CHECK(in_view(page) == 2);
  }
  CHECK(rebuild_agrees(page));
}

TEST_CASE("a field in conflict is chosen once, for the heads that were seen, and undone it is in conflict again", "[review][routes]") {
  RoutesPage page;
  const std::string first = page.add_woman("Ada", {{"intensity", "intensive"}}), second = page.add_woman("Bea", {{"intensity", "light_consultative"}});
  (void)page.send("Noor", "POST", "review/link", json::object{{"client", first}, {"other", second}, {"reason", "one woman"}});
  const auto open = queue(page, "conflict");
  REQUIRE(open.size() == 1);
  json::array heads;
  for (const auto& value : open[0].at("values").as_array()) heads.push_back(value.as_object().at("event_id"));
  REQUIRE(heads.size() == 2);
  json::object choice{{"owner_kind", "client"}, {"owner", open[0].at("client_id")}, {"field", "intensity"}, {"value", "intensive"},
                      {"heads", json::array{heads[0]}}, {"reason", "as it is now"}};
  CHECK(page.refusal("Noor", "POST", "review/choose", choice) == "choice_outdated");
  choice["heads"] = heads;
  CHECK(page.refusal("Anna", "POST", "review/choose", choice) == "client_not_found");
  (void)page.send("Noor", "POST", "review/choose", choice);
  CHECK(queue(page, "conflict").empty());
  CHECK(text(page.get("Noor", "clients/" + first + "/summary"), "intensity") == "intensive");
  CHECK(page.refusal("Noor", "POST", "review/choose", choice) == "nothing_changed");
  CHECK(text(json::value(newest(page)), "what") == "chosen");
  undo(page);
  const auto again = queue(page, "conflict");
  REQUIRE(again.size() == 1);
  CHECK(again[0].at("values").as_array().size() == 2);
  CHECK(rebuild_agrees(page));
}

TEST_CASE("a contact of a handheld is settled by the coordinator's own amendment", "[review][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  admin::DeliveringHandheld handheld(page.office);
  const EventId contact = handheld.log_contact(roos);
  handheld.deliver();
  (void)page.office.told("merge");
  // Two corrections that did not see one another.
  auto context = page.office.open().context();
  std::vector<model::Event> events;
  for (const char* place : {"loods", "huiskamer"}) {
    events.push_back(context.new_event());
    auto& amended = *events.back().mutable_contact_amended();
    amended.set_contact(model::id_field(contact));
    amended.set_reason("elsewhere");
    auto& change = *amended.add_changes();
    change.set_field("place");
    change.set_value(place);
    change.add_heads(model::id_field(contact));
  }
  REQUIRE(context.record(events).ok());
  const auto open = queue(page, "conflict", "Anna");
  REQUIRE(open.size() == 1);
  json::array heads;
  for (const auto& value : open[0].at("values").as_array()) heads.push_back(value.as_object().at("event_id"));
  const json::object choice{{"owner_kind", "contact"}, {"owner", contact.hex()}, {"field", "place"}, {"value", "loods"}, {"heads", heads}, {"reason", "I was there"}};
  CHECK(page.refusal("Iris", "POST", "review/choose", choice) == "event_unknown");
  (void)page.send("Anna", "POST", "review/choose", choice);
  CHECK(queue(page, "conflict").empty());
  CHECK(context.registry.contact(contact).value()->place == "loods");
  undo(page);
  CHECK(queue(page, "conflict").size() == 1);
  CHECK(rebuild_agrees(page));
}

TEST_CASE("one conversation of two colleagues counts once, and after undoing twice", "[review][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}, {"second", "Iris"}});
  auto context = page.office.open().context();
  std::vector<model::Event> events;
  for (const char* name : {"Anna", "Iris"}) {
    context.person = admin::find_user(context.registry, name).value();
    events.push_back(context.new_event());
    auto& contact = *events.back().mutable_contact_logged();
    contact.set_client_id(model::id_field(*ClientId::parse_hex(roos)));
    contact.set_occurred_at_ms(page.office.clock.reading.wall_ms);
    contact.set_channel("in_person");
    contact.set_place("zone");
    contact.set_outcome("spoken");
    contact.set_minutes(20);
  }
  REQUIRE(context.record(events).ok());
  const auto total = [&] { return page.get("Noor", "overview").as_object().at("contacts").as_object().at("total").to_number<int>(); };
  const auto open = queue(page, "shared");
  REQUIRE(open.size() == 1);
  CHECK(total() == 2);
  (void)page.send("Noor", "POST", "review/share", json::object{{"contacts", open[0].at("contacts")}, {"reason", "together"}});
  CHECK(total() == 1);
  CHECK(queue(page, "shared").empty());
  undo(page);
  CHECK(total() == 2);
  SECTION("two conversations after all are looked at again when that is undone") {
    CHECK(queue(page, "shared").empty());
    undo(page);
    CHECK(queue(page, "shared").empty());  // it is one again: the first decision holds
    CHECK(total() == 1);
  }
  CHECK(rebuild_agrees(page));
}

TEST_CASE("contacts kept apart come back into the review when that is undone", "[review][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}, {"second", "Iris"}});
  auto context = page.office.open().context();
  std::vector<model::Event> events;
  for (const char* name : {"Anna", "Iris"}) {
    context.person = admin::find_user(context.registry, name).value();
    events.push_back(context.new_event());
    auto& contact = *events.back().mutable_contact_logged();
    contact.set_client_id(model::id_field(*ClientId::parse_hex(roos)));
    contact.set_occurred_at_ms(page.office.clock.reading.wall_ms);
    contact.set_channel("in_person");
    contact.set_place("zone");
    contact.set_outcome("spoken");
  }
  REQUIRE(context.record(events).ok());
  const auto open = queue(page, "shared");
  REQUIRE(open.size() == 1);
  const auto& contacts = open[0].at("contacts").as_array();
  (void)page.send("Noor", "POST", "review/contacts-apart", json::object{{"contact", contacts[0]}, {"other", contacts[1]}, {"reason", "one after the other"}});
  CHECK(queue(page, "shared").empty());
  undo(page);
  CHECK(queue(page, "shared").size() == 1);
  CHECK_FALSE(newest(page).at("can_undo").as_bool());
  CHECK(rebuild_agrees(page));
}

TEST_CASE("what was set apart stands in the queue with its reason, and who decides gives one", "[review][routes]") {
  RoutesPage page;
  admin::DeliveringHandheld handheld(page.office);
  handheld.log_as_stranger();
  handheld.deliver();
  (void)page.office.told("merge");
  const auto apart = queue(page, "quarantine");
  REQUIRE(apart.size() == 1);
  CHECK(apart[0].at("reason").as_string() == "author_unknown");
  CHECK_FALSE(apart[0].at("admissible").as_bool());
  CHECK(page.refusal("Noor", "POST", "review/admit", json::object{{"entries", apart[0].at("entries")}}) == "request_malformed");
  CHECK(page.refusal("Noor", "POST", "review/admit", json::object{{"entries", apart[0].at("entries")}, {"reason", "hers"}}) == "entry_not_admissible");
  CHECK(queue(page, "quarantine", "Anna").empty());
}
