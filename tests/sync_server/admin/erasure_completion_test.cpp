// An erasure is complete when nothing is left that could be read: not on a handheld, not in the inbox, not by any key.
#include "sync_server/admin/erasure.hpp"
#include "sync_server/admin/key_rotation.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

struct ErasureOffice : Office {
  std::string roos = text(told("client add", as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}})), "client_id");
  DeliveringHandheld handheld{*this};

  void erase() {
    clock.advance_ms(kDayMs);
    const auto decision = text(told("erasure decide", as("Noor", {{"client", {"Roos"}}, {"ground", {"her_request"}}})), "decision");
    (void)told("erasure execute", as("Fatma", {{"decision", {decision}}}));
    clock.advance_ms(kDayMs);
  }
  std::string state() { return text(json::value(told("erasures")).as_array().at(0), "state"); }
  std::vector<std::string> remains() {
    std::vector<std::string> all;
    const json::value listed = told("erasures");
    for (const auto& one : listed.as_array().at(0).as_object().at("remains").as_array()) all.emplace_back(one.as_string());
    return all;
  }
  // As the program does after a command, and the server as it goes.
  void complete() {
    Context context = open().context();
    REQUIRE(complete_erasures(context).ok());
  }
  // As at the end of a session that told everything and brought everything.
  void session() {
    handheld.deliver();
    (void)told("merge");
    Context context = open().context();
    const auto change = context.registry.begin();
    REQUIRE(put_known_by(**change, handheld.device, {context.keys.generation, clock.now().wall_ms}).ok());
    REQUIRE((*change)->commit().ok());
    handheld.adopt_keys();
  }
  // As when two other copies hold everything.
  void secure() {
    Context context = open().context();
    const auto received = context.inbox.received();
    const std::int64_t merged = context.registry.cursor().value();
    auto inbox = inbox::Inbox::open(place().inbox());
    REQUIRE(inbox.ok());
    for (const auto& [log, at] : *received) REQUIRE(inbox->prune(log.first, log.second, at.seq, merged, 1000).ok());
  }
};

using Remains = std::vector<std::string>;

}  // namespace

TEST_CASE("an erasure says what remains until handheld, inbox and sealing key are past it, and then that it is complete", "[erasure][keys]") {
  ErasureOffice office;
  office.handheld.log_contact(office.roos);
  office.session();
  office.erase();
  CHECK(office.state() == "pending");
  CHECK(office.remains() == Remains{"handhelds", "inbox", "sealing_key"});
  (void)office.told("key rotate", Office::as("Fatma", {{"kind", {"sealing"}}}));
  CHECK(office.remains() == Remains{"handhelds", "inbox", "sealing_key"});
  office.clock.advance_ms(kDayMs);
  office.handheld.log_contact(office.roos);  // before it heard
  office.session();
  CHECK(office.remains() == Remains{"inbox", "sealing_key"});
  office.secure();
  CHECK(office.remains() == Remains{"sealing_key"});
  CHECK(office.facts(model::Event::kErasureCompleted).empty());
  (void)office.told("key destroy", Office::as("Fatma", {{"kind", {"sealing"}}, {"number", {"1"}}}));
  CHECK(office.remains().empty());
  office.complete();
  CHECK(office.state() == "complete");
  CHECK(office.facts(model::Event::kErasureCompleted).size() == 1);
  CHECK(office.ask("rebuild", {{"verify", {"1"}}}).ok());
  // What opened her entries is gone with the key that told it.
  Context context = office.open().context();
  std::size_t seal_keys = 0;
  REQUIRE(context.registry.all_seal_keys([&](const SealKeyRecord&) -> Status {
    ++seal_keys;
    return {};
  }).ok());
  CHECK(seal_keys == 0);
}

TEST_CASE("a sealing key of after the execution does not hold an erasure up", "[erasure][keys]") {
  ErasureOffice office;
  office.erase();
  for (int i = 0; i < 2; ++i) {
    (void)office.told("key rotate", Office::as("Fatma", {{"kind", {"sealing"}}}));
    office.clock.advance_ms(kDayMs);
  }
  office.session();
  (void)office.told("key destroy", Office::as("Fatma", {{"kind", {"sealing"}}, {"number", {"1"}}}));
  office.complete();
  CHECK(office.state() == "complete");
}

TEST_CASE("pruned batches are never merged again, and an inbox that is merged from its start goes on", "[erasure][delivery]") {
  ErasureOffice office;
  office.handheld.log_contact(office.roos);
  office.session();
  office.secure();
  office.handheld.log_contact(office.roos);
  office.session();
  CHECK(json::value(office.told("contacts", Office::as("Noor"))).as_array().size() == 2);
  CHECK(office.ask("rebuild", {{"verify", {"1"}}}).ok());
  // Nobody needs the pruned ones: the event store has what they held.
  {
    Context context = office.open().context();
    const auto change = context.registry.begin();
    REQUIRE((*change)->put_cursor(0).ok());
    REQUIRE((*change)->commit().ok());
  }
  CHECK(json::value(office.told("merge")).as_object().at("set_apart") == 0);
  CHECK(json::value(office.told("contacts", Office::as("Noor"))).as_array().size() == 2);
}
