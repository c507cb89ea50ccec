// A server that died comes back from its second copy.
#include "tests/sync_server/backup/copied_town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::backup;
using namespace lantaarn::support;

namespace {

// An evening is delivered bit by bit, with a backup somewhere in the middle; shipping never stops.
void live_through(CopiedTown& town, const Evening& evening) {
  std::vector<std::size_t> sent(evening.logs.size(), 0);
  std::size_t said = 0;
  const auto one_step = [&] {
    if (said < evening.facts.size() && town.draw.one_in(2)) town.live.state(evening.facts[said++]);
    const std::size_t which = town.draw.below(evening.logs.size());
    const GeneratedLog& log = evening.logs[which];
    if (sent[which] == log.size()) return;
    const std::size_t last = sent[which] + 1 + town.draw.below(log.size() - sent[which]);
    town.live.receive(log, sent[which] + 1, last);
    sent[which] = last;
    if (town.draw.one_in(3)) town.live.merge();
  };
  for (int step = 0; step < 30; ++step) one_step();
  town.live.merge();
  (void)town.back_up();
  for (int step = 0; step < 60; ++step) {
    one_step();
    if (town.draw.one_in(4)) (void)town.ship();
  }
  while (said < evening.facts.size()) town.live.state(evening.facts[said++]);
  (void)town.ship();
  town.live.merge();  // what is merged behind the last shipping was received before it
}

ByteView some_fact(Bytes& keep, Draw& draw, const GeneratedServer& server, const char* name) {
  keep = user_added(draw, server.keys, draw.id<UserId>(), name);
  return keep;
}

Bytes erased(Draw& draw, const GeneratedServer& server, const ClientId& client) {
  model::Event event = draw_event(draw, UserId{server.keys.server.id.bytes}, kEvening);
  event.mutable_client_erased()->set_decision(model::id_field(draw.id<EventId>()));
  event.mutable_client_erased()->add_clients(model::id_field(client));
  return model::encode_event(event);
}

// A woman, said by the server itself: her name stands in its own log.
Bytes added(Draw& draw, const GeneratedServer& server, const ClientId& client, const std::string& alias) {
  model::Event event = draw_event(draw, UserId{server.keys.server.id.bytes}, kEvening);
  event.mutable_client_added()->set_client_id(model::id_field(client));
  event.mutable_client_added()->set_alias(alias);
  return model::encode_event(event);
}

}  // namespace

TEST_CASE("whatever an evening brought, a backup and what was shipped since give the digest of a server that never died", "[backup]") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    INFO("seed " << seed);
    CopiedTown town(seed);
    const Evening evening = draw_evening(town.draw, town.server);
    live_through(town, evening);
    const Digest expected = town.live.digest();
    town.live.close();
    auto back = town.put_back("again");
    LANTAARN_OK(back);
    CHECK(back->machine->digest().text() == expected.text());
    const auto scratch = registry_in_memory(*back->keys);
    const auto rebuilt = rebuild_and_compare(*back->machine->registry, *scratch, back->machine->keys);
    LANTAARN_OK(rebuilt);
    CHECK(rebuilt->agrees());
    for (const GeneratedLog& log : evening.logs) {
      const auto before = back->machine->inbox->received(log.device(), log.log());
      LANTAARN_OK(before);
      CHECK(before->seq > 0);
    }
  }
}

TEST_CASE("a woman erased after the backup stays erased, in the registry and at the target", "[backup]") {
  CopiedTown town;
  const auto gone = town.draw.id<ClientId>();
  const auto stays = town.draw.id<ClientId>();
  town.live.state(added(town.draw, town.server, gone, "Roos"));
  town.live.state(added(town.draw, town.server, stays, "Ilona"));
  (void)town.back_up();
  town.live.state(added(town.draw, town.server, town.draw.id<ClientId>(), "Zehra"));
  (void)town.ship();
  town.live.state(erased(town.draw, town.server, gone));
  const Shipped shipped = town.ship();
  CHECK(shipped.wants_backup);
  const Digest expected = town.live.digest();
  town.live.close();
  const auto back = town.put_back("again");
  LANTAARN_OK(back);
  CHECK_FALSE(back->restored.compared);
  CHECK(back->machine->digest().text() == expected.text());
  CHECK((*back->machine->registry->client(gone))->aliases.empty());
  CHECK((*back->machine->registry->client(stays))->aliases == std::vector<std::string>{"Ilona"});

  // With the recovery key and the server's own sealing key: nothing at the target opens to her name.
  const auto files = folder_files(town.target());
  const auto keyring = Keyring::open(*files, town.head, town.recovery.box);
  LANTAARN_OK(keyring);
  CHECK(keyring->key_of(gone.bytes) == nullptr);
  CHECK(keyring->key_of(stays.bytes) != nullptr);
  const auto own = read_own_log(town.head, **files->read(kOwnLogFile), nullptr);
  LANTAARN_OK(own);
  CHECK(own->entries.at(0).dropped.has_value());
  CHECK(own->entries.at(0).entry.size() == journal::kHeaderBytes + journal::kSealKeyBoxBytes);
}

TEST_CASE("a key that is gone without an erasure is a loss, and is said to be one", "[backup]") {
  CopiedTown town;
  const auto client = town.draw.id<ClientId>();
  town.live.state(added(town.draw, town.server, client, "Roos"));
  (void)town.back_up();
  {
    auto change = town.live.registry->begin();
    LANTAARN_OK(change);
    LANTAARN_OK((*change)->destroy_key(client.bytes));
    LANTAARN_OK((*change)->commit());
  }
  (void)town.ship();
  town.live.close();
  const auto back = town.put_back("again");
  REQUIRE_FALSE(back.ok());
  CHECK(back.error().code == "backup_key_missing");
}

TEST_CASE("without the whole own log nothing is put back, unless the loss is accepted", "[backup]") {
  CopiedTown town;
  Bytes fact;
  town.live.state(to_bytes(some_fact(fact, town.draw, town.server, "Anna")));
  (void)town.back_up();
  town.live.state(to_bytes(some_fact(fact, town.draw, town.server, "Bram")));
  (void)town.ship();
  town.live.close();
  std::filesystem::remove(town.target() + "/own.log");
  const auto refused_one = town.put_back("refused");
  REQUIRE_FALSE(refused_one.ok());
  CHECK(refused_one.error().code == "restore_needs_log");
  const auto back = town.put_back("again", {"", true});
  LANTAARN_OK(back);
  CHECK(back->machine->registry->users()->size() == 1);
  // What is stated from here on counts behind what was known.
  back->machine->state(to_bytes(some_fact(fact, town.draw, town.server, "Carla")));
  CHECK((*back->machine->registry->own_head())->second.seq == 3);
}

TEST_CASE("a restored server goes on shipping to the same target, and can be put back again", "[backup]") {
  CopiedTown town;
  Bytes fact;
  town.live.state(to_bytes(some_fact(fact, town.draw, town.server, "Anna")));
  (void)town.back_up();
  town.live.close();
  auto back = town.put_back("second");
  LANTAARN_OK(back);
  Machine& second = *back->machine;
  CHECK(second.registry->server()->value().epoch == 2);
  second.state(to_bytes(some_fact(fact, town.draw, town.server, "Bram")));
  Shipping shipping(folder_files(town.target()), town.head.target);
  {
    const auto snapshot = open_sqlite_snapshot(second.registry_path(), back->keys->data_key.duplicate());
    LANTAARN_OK(snapshot);
    auto reader = inbox::InboxReader::open(second.inbox_path());
    LANTAARN_OK(reader);
    LANTAARN_OK(shipping.create(**snapshot, &*reader, town.server.authority, kEvening + 2000));
  }
  const Digest expected = second.digest();
  second.close();
  const auto third = town.put_back("third");
  LANTAARN_OK(third);
  CHECK(third->restored.compared);
  CHECK(third->machine->registry->server()->value().epoch == 3);
  CHECK(third->machine->digest().text() == expected.text());
}

TEST_CASE("another recovery key, an older backup or another target is refused", "[backup]") {
  CopiedTown town;
  Bytes fact;
  town.live.state(to_bytes(some_fact(fact, town.draw, town.server, "Anna")));
  const auto first = town.back_up();
  town.live.state(to_bytes(some_fact(fact, town.draw, town.server, "Bram")));
  (void)town.back_up();
  const auto files = folder_files(town.target());
  const RecoveryKey other = recovery_key_of(crypto::random_secret<64>());
  CHECK(plan_restore(*files, other, {}).error().code == "recovery_key_wrong");
  const std::string older = to_hex(as_bytes(first.made.manifest.backup_id()));
  CHECK(plan_restore(*files, town.recovery, {older, false}).error().code == "restore_older");
  CHECK(plan_restore(*files, town.recovery, {"ffff", false}).error().code == "backup_not_found");
  LANTAARN_OK(plan_restore(*files, town.recovery, {older, true}));
  CHECK(make_target(*files, town.head, town.server.authority).error().code == "target_taken");
  CHECK(folder_files(town.folder.file("nowhere"))->read("target").error().code == "target_unreachable");
}
