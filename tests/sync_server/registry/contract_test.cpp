#include "tests/sync_server/registry/contract.hpp"

#include "common/crypto/random.hpp"

using namespace lantaarn;
using namespace lantaarn::server;

namespace {

struct Store {
  explicit Store(const support::BackendMaker& maker) : backend(maker.make()), data_key(crypto::random_secret<32>()) { reopen(); }
  void reopen() {
    registry.reset();
    auto opened = backend->open(data_key);
    LANTAARN_OK(opened);
    registry = std::move(*opened);
  }
  void write(const std::function<Status(Change&)>& work) {
    auto change = registry->begin();
    LANTAARN_OK(change);
    LANTAARN_OK(work(**change));
    LANTAARN_OK((*change)->commit());
  }
  std::unique_ptr<support::RegistryBackend> backend;
  crypto::Key data_key;
  std::unique_ptr<Registry> registry;
};

EntryRecord record(std::uint64_t seq, const std::string& text, const KeyOwner& owner = {}) {
  static support::Draw draw(5);
  EntryRecord entry;
  entry.place = {DeviceId{{1}}, LogId{{2}}, seq, draw.bytes<32>(), draw.bytes<32>()};
  entry.author = UserId{{3}};
  entry.event = draw.id<EventId>();
  entry.kind = 30;
  entry.verified = true;
  entry.clock_ok = true;
  entry.owner = owner;
  entry.bytes = to_bytes(as_bytes(text));
  return entry;
}

}  // namespace

#define LANTAARN_EACH_BACKEND(store)                                       \
  const auto& maker = GENERATE(from_range(support::backends()));           \
  INFO("backend " << maker.name);                                          \
  Store store(maker)

TEST_CASE("a registry keeps the server's identity and secrets", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  CHECK_FALSE((*store.registry->server()).has_value());
  const auto id = crypto::random_id<ServerId>();
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.put_server({id, 3}));
    LANTAARN_TRY(change.put_secret("authority", {}, as_bytes("seed")));
    LANTAARN_TRY(change.put_secret("psk", as_bytes("one"), as_bytes("first")));
    return change.put_secret("psk", as_bytes("two"), as_bytes("second"));
  });
  store.reopen();
  const auto server = store.registry->server();
  LANTAARN_OK(server);
  CHECK((*server)->id == id);
  CHECK((*server)->epoch == 3);
  CHECK(to_string((*store.registry->secret("authority"))->view()) == "seed");
  CHECK(to_string((*store.registry->secret("psk", as_bytes("two")))->view()) == "second");
  CHECK_FALSE((*store.registry->secret("psk", as_bytes("three"))).has_value());
}

TEST_CASE("another data key is refused before anything is read", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  store.registry.reset();
  const auto opened = store.backend->open(crypto::random_secret<32>());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == "data_key_wrong");
}

TEST_CASE("a change that is not committed leaves nothing", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  const ClientId client{{7}};
  {
    auto change = store.registry->begin();
    LANTAARN_OK(change);
    LANTAARN_OK((*change)->put_secret("authority", {}, as_bytes("seed")));
    LANTAARN_OK((*change)->put_client({client, client, true, {}, {"Roxy"}, {}}));
    LANTAARN_OK((*change)->add_entry(record(1, "lost", KeyOwner(client.bytes))));
    CHECK((*store.registry->client(client)).has_value());
  }
  CHECK_FALSE((*store.registry->secret("authority")).has_value());
  CHECK_FALSE((*store.registry->client(client)).has_value());
  CHECK(*store.registry->event_count() == 0);
  // The key that was made for her went with it: what is sealed now opens after a restart.
  const EntryRecord kept = record(1, "kept", KeyOwner(client.bytes));
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.add_entry(kept));
    return {};
  });
  store.reopen();
  const auto entries = store.registry->entries_of(kept.event.bytes);
  LANTAARN_OK(entries);
  REQUIRE(entries->size() == 1);
  CHECK(to_string(entries->front().bytes) == "kept");
  CHECK(entries->front().owner == KeyOwner(client.bytes));
}

TEST_CASE("one change at a time", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  const auto first = store.registry->begin();
  LANTAARN_OK(first);
  CHECK_FALSE(store.registry->begin().ok());
}

TEST_CASE("tickets are remembered with their key, and change as they are used", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  TicketRecord ticket;
  ticket.id = crypto::random_id<TicketId>();
  ticket.device = DeviceId{{1}};
  ticket.users = {UserId{{2}}, UserId{{3}}};
  ticket.expires_at_ms = 99;
  ticket.psk = crypto::random_secret<32>();
  ticket.enrol_secret = crypto::random_secret<32>();
  store.write([&](Change& change) { return change.put_ticket(ticket); });
  store.reopen();
  auto found = store.registry->ticket(ticket.id);
  LANTAARN_OK(found);
  REQUIRE(*found);
  CHECK((*found)->users == ticket.users);
  CHECK_FALSE((*found)->bound_channel_key);
  CHECK(crypto::equal((*found)->psk.view(), ticket.psk.view()));
  CHECK(crypto::equal((*found)->enrol_secret.view(), ticket.enrol_secret.view()));
  ticket.bound_channel_key = crypto::DhPublicKey{5};
  ticket.spent = true;
  store.write([&](Change& change) { return change.put_ticket(ticket); });
  found = store.registry->ticket(ticket.id);
  CHECK((*found)->spent);
  CHECK((*found)->bound_channel_key == ticket.bound_channel_key);
  store.write([&](Change& change) { return change.remove_ticket(ticket.id); });
  CHECK(store.registry->tickets()->empty());
}

TEST_CASE("no statement counter is given twice, over restarts", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  std::uint64_t first = 0, second = 0;
  const auto reserve = [&](std::uint64_t& into) {
    store.write([&](Change& change) -> Status {
      LANTAARN_ASSIGN(into, change.reserve_counters(100));
      return {};
    });
  };
  reserve(first);
  store.reopen();
  reserve(second);
  CHECK(first >= 1);
  CHECK(second >= first + 100);
}

TEST_CASE("an entry is stored once, another at its place stands beside it", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  const EntryRecord one = record(4, "one");
  const EntryRecord other = record(4, "other");
  EntryRecord again = record(5, "one");
  again.event = one.event;
  store.write([&](Change& change) -> Status {
    LANTAARN_ASSIGN(const Added first, change.add_entry(one));
    CHECK_FALSE(first.known);
    LANTAARN_ASSIGN(const Added known, change.add_entry(one));
    CHECK(known.known);
    CHECK(known.was_verified);
    CHECK(known.ref == first.ref);
    CHECK_FALSE(known.beside);
    LANTAARN_ASSIGN(const Added beside, change.add_entry(other));
    CHECK_FALSE(beside.known);
    REQUIRE(beside.beside);
    CHECK(beside.beside->hash == one.place.hash);
    CHECK(beside.beside->previous == one.place.previous);
    LANTAARN_ASSIGN(const Added repeated, change.add_entry(again));
    CHECK(repeated.repeated);
    return {};
  });
  CHECK(*store.registry->event_count() == 2);
  CHECK(store.registry->entries_of(one.event.bytes)->size() == 2);
  CHECK(store.registry->entries_of_log(one.place.device, one.place.log, 1)->size() == 3);
  CHECK(store.registry->entries_of_log(one.place.device, one.place.log, 5)->size() == 1);
  CHECK(store.registry->entries_of_log(DeviceId{{9}}, one.place.log, 1)->empty());
}

TEST_CASE("the largest seq passes, one more is refused", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.add_entry(record(kSeqMax, "last")));
    CHECK_FALSE(change.add_entry(record(kSeqMax + 1, "beyond")).ok());
    CHECK_FALSE(change.add_entry(record(0, "nowhere")).ok());
    return {};
  });
}

TEST_CASE("an aggregate's entries are those linked to it, and its own", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  const EntryRecord parent = record(1, "parent");
  EntryRecord child = record(2, "child");
  child.links = {parent.event.bytes};
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.add_entry(child));
    return {};
  });
  CHECK(*store.registry->has_links(parent.event.bytes));
  CHECK_FALSE(*store.registry->has_links(child.event.bytes));
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.add_entry(parent));
    return {};
  });
  CHECK(store.registry->entries_of(parent.event.bytes)->size() == 2);
}

TEST_CASE("what handhelds say of their logs does not move backwards", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  const DeviceView device{DeviceId{{1}}, "handheld 1", {}, {}, {}, false, {}, 0};
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.put_device(device));
    LANTAARN_TRY(change.note_log(device.id, LogId{{2}}, 10, 8));
    LANTAARN_TRY(change.note_log(device.id, LogId{{2}}, 9, 7));
    return change.note_seen(device.id, 77);
  });
  store.write([&](Change& change) { return change.put_device(device); });  // a new fold leaves it alone
  const auto devices = store.registry->devices();
  LANTAARN_OK(devices);
  REQUIRE(devices->size() == 1);
  CHECK(devices->front().last_seen_ms == 77);
  REQUIRE(devices->front().logs.size() == 1);
  CHECK(devices->front().logs[0].saved == 10);
  CHECK(devices->front().logs[0].received == 8);
  CHECK(devices->front().logs[0].merged == 0);
}

TEST_CASE("seal keys are kept per log, a second key under one id is kept beside the first", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  const KeyId id{{4}};
  const auto first = crypto::random_secret<32>();
  const auto second = crypto::random_secret<32>();
  store.write([&](Change& change) -> Status {
    LANTAARN_TRY(change.put_seal_key(LogId{{1}}, id, first));
    LANTAARN_TRY(change.put_seal_key(LogId{{1}}, id, first));
    return change.put_seal_key(LogId{{1}}, id, second);
  });
  store.reopen();
  CHECK(store.registry->seal_keys(LogId{{1}}, id)->size() == 2);
  CHECK(store.registry->seal_keys(LogId{{2}}, id)->empty());
}

TEST_CASE("the overview: 27 in view, contact with 18 = 6 intensive + 8 supplementary + 4 consultative", "[registry]") {
  LANTAARN_EACH_BACKEND(store);
  support::Draw draw(3);
  const support::GeneratedServer server(draw);
  auto merger = Merger::open(*store.registry, server.keys);
  LANTAARN_OK(merger);
  const auto user = support::draw_user(draw);
  const auto device = draw.id<DeviceId>();
  LANTAARN_OK(merger->record({support::device_added(draw, server.keys, device, "h", {}), support::user_bound(draw, server.keys, device, user)}, 1));
  support::GeneratedLog log(draw, device, server.sealing.public_key());
  const auto add = [&](const std::string& intensity, const std::string& status, int days_ago) {
    const auto client = draw.id<ClientId>();
    auto event = support::draw_event(draw, user.id, support::kEvening);
    event.mutable_client_added()->set_client_id(model::id_field(client));
    event.mutable_client_added()->set_alias("a");
    for (const auto& [field, value] : {std::pair("intensity", intensity), std::pair("status", status)}) {
      auto* change = event.mutable_client_added()->add_fields();
      change->set_field(field);
      change->set_value(value);
    }
    log.save(user, model::encode_event(event));
    auto contact = support::draw_contact(draw, user.id, client, support::kEvening);
    contact.mutable_contact_logged()->set_outcome("spoken");
    contact.mutable_contact_logged()->set_occurred_at_ms(support::kEvening - days_ago * 86'400'000LL);
    log.save(user, model::encode_event(contact));
  };
  for (int i = 0; i < 6; ++i) add("intensive", "in_view", 0);
  for (int i = 0; i < 8; ++i) add("light_supplementary", "in_view", 42);
  for (int i = 0; i < 4; ++i) add("light_consultative", "in_view", 3);
  for (int i = 0; i < 5; ++i) add("light_consultative", "in_view", 43);  // one day too long ago
  for (int i = 0; i < 4; ++i) add("", "in_view", 0);                     // no intensity in force
  for (int i = 0; i < 2; ++i) add("intensive", "closed", 0);
  support::GeneratedInbox inbox;
  inbox.put(log, log.take_batch());
  LANTAARN_OK(merger->merge(inbox));
  const auto overview = store.registry->overview(support::kToday);
  LANTAARN_OK(overview);
  CHECK(overview->in_view == 27);
  CHECK(overview->in_contact == 18);
  std::map<std::string, std::uint64_t> in_contact;
  for (const auto& women : overview->women) in_contact[women.intensity] += women.in_contact;
  CHECK(in_contact["intensive"] == 6);
  CHECK(in_contact["light_supplementary"] == 8);
  CHECK(in_contact["light_consultative"] == 4);
  std::uint64_t contacts = 0;
  const auto of_today = store.registry->overview(support::kToday, support::kToday, support::kToday);
  LANTAARN_OK(of_today);
  for (const auto& row : of_today->contacts) contacts += row.contacts;
  CHECK(contacts == 12);  // 6 + 4 + 2 of today
}
