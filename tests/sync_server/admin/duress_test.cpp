#include "sync_server/admin/duress.hpp"

#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/statements.hpp"
#include "sync_server/merge/directory.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;

namespace {

struct Scene {
  Office office;
  DeliveringHandheld handheld{office};

  void merge() {
    handheld.deliver();
    (void)office.told("merge", {});
  }
  boost::json::array shown() { return office.told("device list", {}).as_array().at(0).at("duress").as_array(); }
  std::set<int> stated() {
    Context context = office.open().context();
    StatementMaker maker(context.registry, context.keys);
    const auto devices = context.registry.devices();
    const auto received = context.inbox.received();
    REQUIRE(received.ok());
    const auto directory = context.merger.directory();
    REQUIRE(directory.ok());
    const auto down = maker.for_session(devices->front(), *received, (*directory)->own_codes(), context.clock.now().wall_ms);
    REQUIRE(down.ok());
    std::set<int> kinds;
    for (const auto& one : down->statements) {
      sync::pb::Statement statement;
      REQUIRE(statement.ParseFromString(one.statement()));
      kinds.insert(statement.kind());
    }
    return kinds;
  }
  void say_unlock() {
    Context context = office.open().context();
    model::Event given = context.new_event();
    given.mutable_directive_given()->set_device_id(model::id_field(handheld.device));
    given.mutable_directive_given()->set_directive("unlock");
    given.mutable_directive_given()->set_reason("zij is bij mij");
    REQUIRE(context.record({given}).ok());
  }
};

bool states_lease(const std::set<int>& kinds) {
  CHECK(kinds.contains(sync::pb::LEASE) == kinds.contains(sync::pb::CARDS));
  CHECK(kinds.contains(sync::pb::STANDING));
  return kinds.contains(sync::pb::LEASE);
}

}  // namespace

TEST_CASE("unlocks are admitted, are no contacts, and nobody is alarmed by an ordinary one", "[admin][duress]") {
  Scene scene;
  scene.handheld.unlock(false);
  (void)scene.handheld.log_contact("");
  scene.merge();
  CHECK(scene.shown().empty());
  CHECK(scene.office.told("quarantine", {}).as_array().empty());
  const auto overview = scene.office.told("overview", {});
  CHECK(overview.at("contacts").at("total") == 1);
  CHECK(overview.at("unknown_facts") == 0);
  CHECK(states_lease(scene.stated()));
}

TEST_CASE("the coordinator sees who was made to unlock which handheld, and when", "[admin][duress]") {
  Scene scene;
  scene.handheld.unlock(true);
  scene.merge();
  const auto shown = scene.shown();
  REQUIRE(shown.size() == 1);
  CHECK(text(shown[0], "name") == "Anna");
  CHECK(shown[0].at("held").as_bool());
  const auto overview = scene.office.told("overview", {}).as_object();
  CHECK(overview.at("handhelds").as_array().at(0).at("duress").as_array().size() == 1);
  const std::string screen = overview_screen(overview);
  CHECK(screen.find("h1") != std::string::npos);
  CHECK(screen.find("Anna") != std::string::npos);
  CHECK(scene.office.told("rebuild", {{"verify", {"1"}}}).at("agrees").as_bool());
}

TEST_CASE("after duress a forced sync brings neither lease nor cards, until a person unlocks the handheld", "[admin][duress]") {
  Scene scene;
  CHECK(states_lease(scene.stated()));
  scene.handheld.unlock(true);
  scene.merge();
  CHECK_FALSE(states_lease(scene.stated()));
  scene.office.clock.reading.wall_ms += 60'000;
  scene.say_unlock();
  CHECK(states_lease(scene.stated()));
  CHECK_FALSE(scene.shown()[0].at("held").as_bool());
  // Another time holds again.
  scene.office.clock.reading.wall_ms += 60'000;
  scene.handheld.unlock(true);
  scene.merge();
  CHECK_FALSE(states_lease(scene.stated()));
  CHECK(scene.shown().size() == 2);
}
