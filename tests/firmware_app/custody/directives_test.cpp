#include "firmware_app/custody/directives.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "common/model/card_box.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;
using support::pin_of;
namespace said = lantaarn::sync::pb;

namespace {

// A handheld in a session: what comes down goes through the keeper, as in a sync.
struct World : support::TestHandheld {
  World() {
    enrol_both();
    for (const auto& [name, pin] : {std::pair{"Noor", "12345678"}, {"Maaike", "87654321"}}) {
      auto open = this->open(name, pin);
      REQUIRE(open.ok());
      REQUIRE((*open)->capture().log_contact(a_contact(name)).ok());
      model::pb::CardBundle bundle;
      bundle.set_user_id(model::id_field((*open)->user.id));
      bundle.set_edition(1);
      bundle.set_parts(1);
      const Bytes sealed = model::seal_cards((*open)->user.box.public_key(), as_bytes(bundle.SerializeAsString()));
      REQUIRE((*open)->caseload.store((*open)->user.id, {1, 4}, sealed).ok());
      cards[(*open)->user.id] = Bytes(sealed.begin(), sealed.begin() + 48);
    }
  }
  struct Session {
    explicit Session(World& world)
        : vault(std::move(*world.open_vault())), journal(std::move(*world.open_journal())), caseload(Caseload::open("caseload.db", world.options())),
          outbox(journal), directives({vault, journal, caseload}, outbox), keeper(vault, caseload, &directives) {}
    Vault vault;
    journal::Journal journal;
    Result<Caseload> caseload;
    Outbox outbox;
    Directives directives;
    StatementKeeper keeper;
  };
  said::Statement statement(said::StatementKind kind, const std::string& body, const UserId& user = {}) {
    said::Statement made;
    made.set_kind(kind);
    made.set_device_id(to_string(device.view()));
    if (!user.is_zero()) made.set_user_id(to_string(user.view()));
    made.set_epoch(1);
    made.set_counter(++counter);
    made.set_body(body);
    return made;
  }
  said::Statement directive(said::Directive::Kind kind, const UserId& user = {}) {
    said::Directive body;
    body.set_kind(kind);
    body.set_directive_id(std::string(16, 'd'));
    if (!user.is_zero()) body.set_user_id(to_string(user.view()));
    if (kind == said::Directive::RENEW_KEYS) body.set_psk(std::string(32, 'p'));
    return statement(said::DIRECTIVE, body.SerializeAsString());
  }
  bool has_cards_of(const UserId& user) { return vfs.disk().contains(cards.at(user)); }
  std::size_t readable_by(const std::string& name, const char* pin) {
    auto open = this->open(name, pin);
    REQUIRE(open.ok());
    return (*open)->capture().readable()->contacts.size();
  }
  std::map<UserId, Bytes> cards;  // the beginning of each one's, sealed
  std::uint64_t counter = 10;
};

}  // namespace

TEST_CASE("a lock ends everybody's lease, and the next lease is hers again", "[custody]") {
  World world;
  {
    World::Session session(world);
    REQUIRE(session.keeper.accept(world.directive(said::Directive::LOCK)).ok());
    CHECK(*session.vault.lease_ended(world.noor));
    CHECK(*session.vault.lease_ended(world.maaike));
    CHECK_FALSE(world.has_cards_of(world.noor));
    CHECK_FALSE(world.has_cards_of(world.maaike));
  }
  CHECK(world.readable_by("Noor", "12345678") == 0);
  World::Session session(world);
  said::Lease lease;
  lease.set_valid_until_ms(world.clock.reading.wall_ms + 86'400'000);
  REQUIRE(session.keeper.accept(world.statement(said::LEASE, lease.SerializeAsString(), world.noor)).ok());
  CHECK_FALSE(*session.vault.lease_ended(world.noor));
  CHECK(*session.vault.lease_ended(world.maaike));
}

TEST_CASE("of a user who is revoked her slots, cards and readable copies go, the journal and her colleague stay", "[custody]") {
  World world;
  {
    World::Session session(world);
    const auto statement = world.directive(said::Directive::REVOKE_USER, world.noor);
    REQUIRE(session.keeper.accept(statement).ok());
    CHECK(session.vault.find_user("Noor").error().code == "user_unknown");
    CHECK_FALSE((*session.vault.lease(world.noor)).has_value());
    CHECK(session.journal.logs()->front().head.seq >= 2);
    // Asked once more, by a server that did not hear: nothing changes.
    said::Directive again;
    REQUIRE(again.ParseFromString(statement.body()));
    REQUIRE(session.directives.carry_out(again).ok());
  }
  CHECK_FALSE(world.has_cards_of(world.noor));
  CHECK(world.has_cards_of(world.maaike));
  CHECK(world.readable_by("Maaike", "87654321") == 1);
}

TEST_CASE("a renewal is acknowledged with the public half of what was kept", "[custody]") {
  World world;
  World::Session session(world);
  CHECK((*session.keeper.renewed_channel_key()).empty());
  REQUIRE(session.keeper.accept(world.directive(said::Directive::RENEW_KEYS)).ok());
  const auto key = session.keeper.renewed_channel_key();
  const auto next = session.vault.next_channel_keys();
  CHECK(to_array<32>(*key) == crypto::dh_public((*next)->private_key));
  CHECK(to_string((*next)->psk.view()) == std::string(32, 'p'));
}

TEST_CASE("a session on renewed keys adopts them, and a further renewal in it makes another pair", "[custody]") {
  World world;
  std::optional<crypto::DhPublicKey> first;
  {
    World::Session session(world);
    REQUIRE(session.keeper.accept(world.directive(said::Directive::RENEW_KEYS)).ok());
    first = crypto::dh_public((*session.vault.next_channel_keys())->private_key);
    REQUIRE(session.keeper.complete().ok());
    CHECK(crypto::dh_public(session.vault.channel_keys()->private_key) != *first);  // this one ran on the old ones
  }
  World::Session session(world);
  Directives on_next({session.vault, session.journal, session.caseload}, session.outbox, true);
  StatementKeeper keeper(session.vault, session.caseload, &on_next);
  REQUIRE(keeper.accept(world.directive(said::Directive::RENEW_KEYS)).ok());
  CHECK(crypto::dh_public(session.vault.channel_keys()->private_key) == *first);
  const auto second = crypto::dh_public((*session.vault.next_channel_keys())->private_key);
  CHECK(second != *first);
  REQUIRE(keeper.complete().ok());
  CHECK(crypto::dh_public(session.vault.channel_keys()->private_key) == *first);
}

TEST_CASE("a wipe waits for receipts unacknowledged, and is reported when the session ends", "[custody]") {
  World world;
  World::Session session(world);
  CHECK(session.keeper.accept(world.directive(said::Directive::WIPE)).error().code == "statement_waits");
  CHECK(session.vault.users()->empty());
  REQUIRE(session.keeper.complete().ok());
  CHECK(*session.vault.wipe_stage() == Vault::WipeStage::kMarked);

  for (const auto& log : *session.journal.logs()) REQUIRE(session.journal.record_received(log.genesis.log, log.head, as_bytes("r")).ok());
  REQUIRE(session.keeper.accept(world.directive(said::Directive::WIPE)).ok());
  CHECK(*session.vault.wipe_stage() == Vault::WipeStage::kMarked);
  REQUIRE(session.keeper.complete().ok());
  CHECK(*session.vault.wipe_stage() == Vault::WipeStage::kReported);
}

TEST_CASE("a directive older than this session is never newer than what was accepted, though none was ever delivered", "[custody]") {
  World world;
  const auto old_wipe = world.directive(said::Directive::WIPE);
  World::Session session(world);
  const auto key = world.statement(said::RECEIPT_KEY, "");
  REQUIRE(session.keeper.accept(key).ok());
  CHECK(sync::mark_of(old_wipe) < *session.keeper.mark(said::DIRECTIVE, {}));
  CHECK(sync::mark_of(world.directive(said::Directive::WIPE)) > *session.keeper.mark(said::DIRECTIVE, {}));
}

TEST_CASE("what cannot be read or is not known is not carried out", "[custody]") {
  World world;
  World::Session session(world);
  CHECK(session.keeper.accept(world.statement(said::DIRECTIVE, "\xff")).error().code == "protocol_error");
  CHECK(session.keeper.accept(world.directive(said::Directive::UNKNOWN)).error().code == "statement_unknown");
  CHECK(session.keeper.accept(world.directive(said::Directive::REVOKE_USER)).error().code == "protocol_error");
  said::Directive renew;
  renew.set_kind(said::Directive::RENEW_KEYS);
  renew.set_psk("short");
  CHECK(session.keeper.accept(world.statement(said::DIRECTIVE, renew.SerializeAsString())).error().code == "protocol_error");
  CHECK(session.vault.users()->size() == 2);
}

TEST_CASE("the customer's codes are kept as they were stated", "[custody]") {
  World world;
  World::Session session(world);
  said::CodeLists lists;
  lists.add_codes()->set_code("x_buddy");
  REQUIRE(session.keeper.accept(world.statement(said::CODE_LISTS, lists.SerializeAsString())).ok());
  CHECK(to_string(*session.vault.code_lists()) == lists.SerializeAsString());
  CHECK(session.keeper.accept(world.statement(said::CODE_LISTS, "\xff")).error().code == "protocol_error");
}
