// The server's own keys, made and destroyed.
#include "sync_server/admin/key_rotation.hpp"

#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/crash_points.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

Values as_admin(Values values = {}) { return Office::as("Fatma", std::move(values)); }

struct KeyOffice : Office {
  void rotate(const std::string& kind) {
    clock.advance_ms(kDayMs);
    (void)told("key rotate", as_admin({{"kind", {kind}}}));
  }
  std::string destroy(const std::string& kind, int number) {
    const Answer answer = ask("key destroy", as_admin({{"kind", {kind}}, {"number", {std::to_string(number)}}}));
    return answer.ok() ? "destroyed" : answer.error().code;
  }
  // "in_force", "former", "destroyed" of a kind, oldest first.
  std::vector<std::string> states(const std::string& kind) {
    std::vector<std::string> all;
    const json::value listed = told("key list");
    for (const auto& one : listed.as_array()) {
      if (text(one, "kind") == kind) all.push_back(text(one, "state"));
    }
    return all;
  }
  // It synchronised: knows the newest keys, and everything before is merged.
  void know_newest(const DeviceId& device) {
    Context context = open().context();
    const auto change = context.registry.begin();
    REQUIRE(put_known_by(**change, device, {context.keys.generation, clock.now().wall_ms}).ok());
    REQUIRE((*change)->commit().ok());
  }
};

// Where a handheld that knows `known` of this server is led.
Result<std::optional<sync::NewServerKeys>> followed(Registry& registry, const Keys& keys, const sync::KnownServerKeys& known) {
  LANTAARN_ASSIGN(const auto links, key_links_after(registry, known.generation));
  sync::KeyLinks given;
  for (const auto& link : links) *given.Add() = link;
  return follow_key_links(known, given, keys.server.epoch);
}

sync::KnownServerKeys known_now(const Keys& keys) {
  return {keys.server.id, keys.generation, keys.authority.verify_key(), keys.sealing_number, {}};
}

}  // namespace

TEST_CASE("each kind of key is followed by the next, and who knew the first set walks to the newest", "[keys][rotation]") {
  KeyOffice office;
  const sync::KnownServerKeys drawer = known_now(office.open().context().keys);
  for (const char* kind : {"sealing", "authority", "receipt", "channel", "authority", "sealing", "receipt", "channel"}) office.rotate(kind);
  CHECK(office.states("sealing") == std::vector<std::string>{"former", "former", "in_force"});
  CHECK(office.states("channel") == std::vector<std::string>{"former", "former", "in_force"});
  CHECK(office.states("authority") == std::vector<std::string>{"destroyed", "destroyed", "in_force"});
  CHECK(office.states("receipt") == std::vector<std::string>{"destroyed", "destroyed", "in_force"});
  const auto led = [&] {
    Context context = office.open().context();
    const auto newest = followed(context.registry, context.keys, drawer);
    REQUIRE(newest.ok());
    REQUIRE(newest->has_value());
    CHECK((*newest)->keys == public_keys(context.keys));
    CHECK((*newest)->keys.generation == 7);
  };
  led();
  office.close();  // and it is all durable
  led();
  const json::value log = office.told("key log");
  REQUIRE(log.as_array().size() == 8 + 4);
  CHECK(text(log.as_array().front(), "by") == "Fatma");
  CHECK(support::conforms("lantaarn-server.key-log", json::serialize(log)) == "");
  CHECK(support::conforms("lantaarn-server.key-list", json::serialize(office.told("key list"))) == "");
  CHECK(text(log.as_array().front(), "reason") == "weekly review");
}

TEST_CASE("what was sealed to an older key is merged beside what is sealed to the newest, and a rebuild agrees", "[keys][rotation]") {
  KeyOffice office;
  DeliveringHandheld handheld(office);
  handheld.log_contact("");
  office.rotate("sealing");
  handheld.log_contact("");
  handheld.adopt_keys();
  handheld.log_contact("");
  office.rotate("authority");
  handheld.deliver();
  CHECK(json::value(office.told("merge")).as_object().at("set_apart") == 0);
  CHECK(json::value(office.told("contacts", Office::as("Noor"))).as_array().size() == 3);
  (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}}));
  office.close();
  CHECK(office.ask("rebuild", {{"verify", {"1"}}}).ok());
}

TEST_CASE("the server's own log is signed and sealed with the newest keys from the entry after the change on", "[keys][rotation]") {
  KeyOffice office;
  const auto first = office.open().context().keys.authority.verify_key();
  office.rotate("authority");
  office.rotate("sealing");
  (void)office.told("user add", {{"name", {"Sanne"}}, {"role", {"case_manager"}}});
  Context context = office.open().context();
  const DeviceId server{context.keys.server.id.bytes};
  std::uint64_t made_at = 0;
  const auto made = context.registry.entries_of_kind(model::Event::kServerKeyMade);
  REQUIRE(made.ok());
  for (const StoredEntry& entry : *made) made_at = made_at == 0 ? entry.place.seq : std::min(made_at, entry.place.seq);
  std::uint32_t last_box = 0;
  REQUIRE(context.registry.own_entries(1, [&](const OwnEntry& own) -> Status {
    const auto entry = journal::parse_entry(own.entry);
    const auto& key = own.at.seq <= made_at ? first : context.keys.authority.verify_key();
    CHECK(journal::verify_head(key, server, entry->header.log, own.at.seq, own.at.hash, own.signature));
    if (!entry->box.empty()) last_box = entry->header.sealing_key;
    return {};
  }).ok());
  CHECK(last_box == 2);
}

TEST_CASE("a sealing key is kept while a handheld may hold what only it opens, and destroyed for good after that", "[keys][rotation]") {
  KeyOffice office;
  DeliveringHandheld handheld(office);
  CHECK(office.destroy("sealing", 1) == "key_in_force");
  office.rotate("sealing");
  CHECK(office.destroy("sealing", 3) == "key_not_found");
  CHECK(office.destroy("sealing", 2) == "key_in_force");
  CHECK(office.destroy("sealing", 1) == "key_needed_by_handheld");
  handheld.log_contact("");
  handheld.deliver();
  (void)office.told("merge");
  office.know_newest(handheld.device);
  office.clock.advance_ms(kDayMs);  // its ticket has ended
  REQUIRE(office.destroy("sealing", 1) == "destroyed");
  CHECK(office.destroy("sealing", 1) == "destroyed");  // once is enough; again does no harm
  CHECK(office.states("sealing") == std::vector<std::string>{"destroyed", "in_force"});
  office.close();
  CHECK(office.open().context().keys.former_sealing.empty());
  CHECK(json::value(office.told("contacts", Office::as("Noor"))).as_array().size() == 1);
  CHECK(office.ask("rebuild", {{"verify", {"1"}}}).ok());
  CHECK(office.facts(model::Event::kServerKeyDestroyed).size() == 1);
}

TEST_CASE("an entry sealed to a key that is destroyed is held, and nobody else's waits for it", "[keys][rotation]") {
  KeyOffice office;
  DeliveringHandheld handheld(office);
  handheld.log_contact("");
  office.rotate("sealing");
  office.know_newest(handheld.device);  // it said so, and had forgotten one
  office.clock.advance_ms(kDayMs);
  REQUIRE(office.destroy("sealing", 1) == "destroyed");
  handheld.adopt_keys();
  handheld.log_contact("");
  handheld.deliver();
  CHECK(json::value(office.told("merge")).as_object().at("set_apart") == 1);
  CHECK(text(json::value(office.told("quarantine")).as_array().at(0), "reason") == "seal_key_unknown");
  CHECK(json::value(office.told("contacts", Office::as("Noor"))).as_array().size() == 1);
}

TEST_CASE("a revoked handheld keeps no key alive, and a ticket does for its day", "[keys][rotation]") {
  KeyOffice office;
  DeliveringHandheld handheld(office);
  office.clock.advance_ms(-kDayMs);  // the change is made within the ticket's day
  office.rotate("channel");
  CHECK(office.destroy("channel", 1) == "key_needed_by_handheld");
  office.know_newest(handheld.device);
  CHECK(office.destroy("channel", 1) == "key_needed_by_ticket");
  office.clock.advance_ms(kDayMs + 1);
  CHECK(office.destroy("channel", 1) == "destroyed");
  office.rotate("channel");
  CHECK(office.destroy("channel", 2) == "key_needed_by_handheld");
  (void)office.told("device revoke", {{"name", {"h1"}}});
  CHECK(office.destroy("channel", 2) == "destroyed");
}

TEST_CASE("no more channel keys are kept at once than the gateway answers to", "[keys][rotation]") {
  KeyOffice office;
  for (std::size_t i = 1; i < kChannelKeysMax; ++i) office.rotate("channel");
  CHECK(office.refusal("key rotate", as_admin({{"kind", {"channel"}}})) == "key_too_many");
  CHECK(office.destroy("channel", 1) == "destroyed");
  office.rotate("channel");
}

TEST_CASE("only an administrator changes keys, by name and with a reason", "[keys][rotation]") {
  KeyOffice office;
  const Values what = {{"kind", {"sealing"}}};
  CHECK(office.refusal("key rotate", what) == "as_needed");
  CHECK(office.refusal("key rotate", Office::as("Noor", what)) == "role_not_allowed");
  CHECK(office.refusal("key rotate", {{"kind", {"sealing"}}, {"as", {"Fatma"}}}) == "reason_needed");
  CHECK(office.refusal("key rotate", as_admin({{"kind", {"recovery"}}})) == "key_kind_unknown");
  CHECK(office.refusal("key destroy", as_admin({{"kind", {"sealing"}}, {"number", {"een"}}})) == "key_not_found");
  CHECK(office.states("sealing") == std::vector<std::string>{"in_force"});
}

TEST_CASE("keys of a server of before there were numbers are its first ones", "[keys][rotation]") {
  KeyOffice office;
  std::optional<crypto::Key> sealing;
  {
    Context context = office.open().context();
    sealing = context.keys.sealing.private_key().duplicate();
    const auto change = context.registry.begin();
    for (const KeyKind kind : kKeyKinds) {
      const auto stored = stored_keys(context.registry, kind);
      REQUIRE((*change)->put_secret(name_of(kind), {}, stored->front().secret->view()).ok());
      ByteArray<4> first{1};
      REQUIRE((*change)->remove_secret(name_of(kind), first).ok());
    }
    REQUIRE((*change)->commit().ok());
  }
  office.close();
  CHECK(crypto::equal(office.open().context().keys.sealing.private_key().view(), sealing->view()));
  office.rotate("sealing");
  CHECK(office.destroy("sealing", 1) == "destroyed");
  office.close();
  CHECK(office.open().context().keys.former_sealing.empty());
  CHECK(office.states("sealing") == std::vector<std::string>{"destroyed", "in_force"});
}

TEST_CASE("whom and what a key waits for", "[keys][rules]") {
  const KeyToDestroy key{1, 4, 1000};
  CHECK(check_holders(key, {}).ok());
  CHECK(check_holders(key, {{"h1", 4, 0}, {"h2", 9, 0}}).ok());
  const Status needed = check_holders(key, {{"h1", 4, 0}, {"h2", 3, 0}, {"h3", 1, 0}});
  REQUIRE_FALSE(needed.ok());
  CHECK(needed.error().args == std::vector<std::string>{"h2, h3"});

  CHECK(check_backups(key, {}, {}).ok());
  CHECK(check_backups(key, {}, {1001}).ok());
  CHECK(check_backups(key, {}, {1000}).error().code == "key_needed_by_backup");
  CHECK(check_backups(key, {{"h1", 4, 2000}}, {2001, 3000}).ok());
  CHECK(check_backups(key, {{"h1", 4, 2000}}, {3000, 2000}).error().code == "key_needed_by_backup");
}

namespace {

// A registry on a disk that loses power, with its keys and its merge.
struct Machine {
  static Result<std::unique_ptr<Machine>> open(const char* vfs, const Clock& clock) {
    auto machine = std::make_unique<Machine>();
    database::OpenOptions options;
    options.vfs = vfs;
    LANTAARN_ASSIGN(machine->registry, open_sqlite_registry("/registry.db", crypto::Key(std::span<const std::uint8_t, 32>(kDataKey)), options));
    LANTAARN_ASSIGN(const auto server, machine->registry->server());
    if (!server) LANTAARN_TRY(make_keys(*machine->registry));
    LANTAARN_ASSIGN(Keys loaded, load_keys(*machine->registry));
    machine->keys.emplace(std::move(loaded));
    Keys& keys = *machine->keys;
    machine->merge_keys.emplace(ServerKeys{keys.server, keys.sealing, keys.sealing_number, keys.authority, &keys.former_sealing});
    LANTAARN_ASSIGN(machine->merger, Merger::open(*machine->registry, *machine->merge_keys));
    machine->context.emplace(Context{*machine->registry, *machine->merger, machine->inbox, keys, machine->folder, clock});
    machine->context->reason = "nakijken";
    machine->context->use_keys = [self = machine.get()](Keys next) {
      *self->keys = std::move(next);
      self->merge_keys->sealing_number = self->keys->sealing_number;
      self->merger->keys_changed();
    };
    return machine;
  }
  static constexpr ByteArray<32> kDataKey{7};
  std::unique_ptr<Registry> registry;
  std::optional<Keys> keys;
  std::optional<ServerKeys> merge_keys;
  InboxFeed inbox{"/nowhere"};
  Folder folder{"/nowhere"};
  std::optional<Merger> merger;
  std::optional<Context> context;
};

}  // namespace

TEST_CASE("at every crash point of a rotation and a destruction there is one whole set of keys that everybody is led to", "[keys][rotation][crash]") {
  support::FaultVfs vfs;
  StandingClock clock;
  std::optional<sync::KnownServerKeys> drawer;
  {
    auto machine = Machine::open(vfs.name(), clock);
    REQUIRE(machine.ok());
    drawer = known_now(*(*machine)->keys);
  }
  int made = 0;
  bool destroyed = false;
  const auto scenario = [&] {
    made = 0;
    destroyed = false;
    auto machine = Machine::open(vfs.name(), clock);
    if (!machine.ok()) return;
    for (const KeyKind kind : {KeyKind::kAuthority, KeyKind::kSealing, KeyKind::kChannel, KeyKind::kReceipt}) {
      if (!rotate_key(*(*machine)->context, kind).ok()) return;
      ++made;
    }
    destroyed = destroy_key(*(*machine)->context, KeyKind::kSealing, 1).ok();
  };
  const auto count = support::for_each_crash_point(vfs, scenario, [&](const support::CrashPoint&) {
    auto machine = Machine::open(vfs.name(), clock);
    REQUIRE(machine.ok());
    Machine& now = **machine;
    const auto newest = followed(*now.registry, *now.keys, *drawer);
    REQUIRE(newest.ok());
    if (newest->has_value()) CHECK((*newest)->keys == public_keys(*now.keys));
    if (!newest->has_value()) CHECK(now.keys->generation == 1);
    const auto facts = now.registry->entries_of_kind(model::Event::kServerKeyMade);
    std::size_t stored = 0;
    for (const KeyKind kind : kKeyKinds) stored += stored_keys(*now.registry, kind)->size() - 1;
    CHECK(facts->size() == stored);
    CHECK(stored >= static_cast<std::size_t>(made));
    CHECK_FALSE((stored > 0 && stored_keys(*now.registry, KeyKind::kAuthority)->front().secret));
    if (destroyed) CHECK(now.keys->former_sealing.empty());
    CHECK(rotate_key(*now.context, KeyKind::kSealing).ok());  // and it goes on
  });
  WARN("rotation: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 20);
}
