#include "firmware_app/custody/wipe.hpp"

#include <catch2/catch.hpp>

#include "common/model/card_box.hpp"
#include "tests/firmware_app/test_handheld.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;
using support::CrashPoint;

namespace {

// A handheld with two users, cards, a readable round, and an evening in its journal.
struct World : support::TestHandheld {
  explicit World(bool received) {
    enrol_both();
    {
      auto open = this->open();
      REQUIRE(open.ok());
      cards = sealed_cards((*open)->user);
      REQUIRE((*open)->caseload.store(noor, {1, 4}, cards).ok());
      REQUIRE((*open)->capture().start_round({{"zone"}, {"Fatma"}}).ok());
      for (int i = 0; i < 3; ++i) REQUIRE((*open)->capture().log_contact(a_contact("note")).ok());
    }
    if (received) receive_all();
    device_secret = secret.secret->duplicate();
    auto journal = open_journal();
    const auto state = journal->logs()->front();
    log = state.genesis.log;
    REQUIRE(journal->scan(log, 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      ++entries;
      first_entry.insert(first_entry.end(), entry.bytes.end() - 64, entry.bytes.end() - 32);
      return {};
    }).ok());
    first_entry.resize(32);
  }
  void receive_all() {
    auto journal = open_journal();
    for (const auto& state : *journal->logs()) REQUIRE(journal->record_received(state.genesis.log, state.head, as_bytes("receipt")).ok());
  }
  /// As far as it goes in one run of the program; `told`: a session ends well, in which the server hears of it.
  bool wipe(bool told = true) {
    auto vault = open_vault();
    if (!vault.ok()) return false;
    if (!vault->enrolled()) {
      const auto when = vault->wiped_at();
      return when.ok() && when->has_value();
    }
    auto journal = open_journal();
    if (!journal.ok()) return false;
    Result<Caseload> caseload = Caseload::open("caseload.db", options());
    const WipeOf of{*vault, *journal, caseload};
    Outbox outbox(*journal);
    const auto emptied = begin_wipe(of, outbox);
    if (!emptied.ok() || !*emptied || !told) return false;
    if (!vault->set_wipe_stage(Vault::WipeStage::kReported).ok()) return false;
    const auto finished = finish_wipe(of, secret, clock.reading.wall_ms);
    return finished.ok() && *finished;
  }
  bool lies_here(ByteView needle) { return vfs.disk().contains(needle); }
  bool has_user() {
    auto vault = open_vault();
    return vault.ok() && vault->users().ok() && !vault->users()->empty();
  }
  std::size_t entries_here() {
    auto journal = open_journal();
    if (!journal.ok()) return 0;
    std::size_t count = 0;
    for (const auto& state : *journal->logs()) {
      const auto read = journal->scan(state.genesis.log, 1, [&](const journal::EntryView&, ByteView) -> Status {
        ++count;
        return {};
      });
      CHECK(read.ok());
    }
    return count;
  }
  static Bytes sealed_cards(const UnlockedUser& user) {
    model::pb::CardBundle bundle;
    bundle.set_user_id(model::id_field(user.id));
    bundle.set_edition(1);
    bundle.set_parts(1);
    bundle.add_cards()->add_aliases("Roos");
    return model::seal_cards(user.box.public_key(), as_bytes(bundle.SerializeAsString()));
  }
  /// So much of them as no page boundary cuts.
  [[nodiscard]] ByteView sealed() const { return ByteView(cards).first(48); }
  Bytes cards;
  crypto::Key device_secret;
  LogId log;
  std::size_t entries = 0;
  Bytes first_entry;
};

}  // namespace

TEST_CASE("at every crash point of a wipe the order holds, and the next start goes on until nothing is left", "[custody][crash]") {
  World world(true);
  REQUIRE(world.lies_here(world.device.view()));
  REQUIRE(world.lies_here(world.first_entry));
  bool finished = false;
  const auto scenario = [&] {
    world.secret.secret = world.device_secret.duplicate();
    finished = world.wipe();
  };
  int cut_before_the_end = 0;
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    const bool secret_is_there = world.secret.secret.has_value();
    const bool cards = world.lies_here(world.sealed());
    const bool entries = world.lies_here(world.first_entry);
    // What goes later is there as long as what goes earlier is.
    if (world.has_user()) CHECK(secret_is_there);
    if (world.has_user()) CHECK(world.entries_here() == world.entries);
    if (cards && !entries) FAIL("the journal went before the cards");
    if (!finished) ++cut_before_the_end;

    REQUIRE(world.wipe());
    CHECK_FALSE(world.has_user());
    CHECK_FALSE(world.lies_here(world.sealed()));
    CHECK_FALSE(world.lies_here(world.first_entry));
    CHECK_FALSE(world.lies_here(world.device.view()));
    CHECK_FALSE(world.lies_here(world.log.view()));
    CHECK_FALSE(world.lies_here(world.noor.view()));
    // The secret that is there now is another one, and so is the device key.
    if (world.secret.secret) CHECK_FALSE(crypto::equal(world.secret.secret->view(), world.device_secret.view()));
  });
  WARN("a wipe: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 30);
  CHECK(cut_before_the_end > 60);
}

TEST_CASE("at every crash point what is not received stays, though nobody's key opens anything any more", "[custody][crash]") {
  World world(false);
  const auto scenario = [&] {
    world.secret.secret = world.device_secret.duplicate();
    CHECK_FALSE(world.wipe());
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    CHECK(world.entries_here() == world.entries);
    CHECK_FALSE(world.wipe());
    CHECK(world.entries_here() == world.entries);
    CHECK_FALSE(world.has_user());
    CHECK_FALSE(world.lies_here(world.sealed()));
    // It can still connect, and then it goes on.
    { CHECK(world.open_vault()->channel_keys().ok()); }
    world.receive_all();
    CHECK(world.wipe());
    CHECK(world.entries_here() == 0);
  });
  WARN("a wipe that waits: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("a wipe that nobody has heard of keeps the keys by which it can be told", "[custody]") {
  World world(true);
  CHECK_FALSE(world.wipe(false));
  {
    auto vault = world.open_vault();
    CHECK(vault->channel_keys().ok());
    CHECK(*vault->wipe_stage() == Vault::WipeStage::kMarked);
    CHECK(vault->forget_device(world.secret, 1).error().kind == ErrorKind::kBug);
    CHECK(vault->channel_keys().ok());
    CHECK_FALSE((*vault->wiped_at()).has_value());
  }
  auto journal = world.open_journal();
  auto vault = world.open_vault();
  Result<Caseload> caseload = Caseload::open("caseload.db", world.options());
  const WipeOf of{*vault, *journal, caseload};
  CHECK(*resume_wipe(of) == true);
  CHECK(*finish_wipe(of, world.secret, 1) == false);
}

TEST_CASE("a handheld that is not wiped has nothing to resume", "[custody]") {
  World world(true);
  auto vault = world.open_vault();
  auto journal = world.open_journal();
  Result<Caseload> caseload = Caseload::open("caseload.db", world.options());
  CHECK_FALSE((*resume_wipe({*vault, *journal, caseload})).has_value());
  CHECK(vault->users()->size() == 2);
}

TEST_CASE("a wiped handheld says when, and is enrolled anew as another one", "[custody]") {
  World world(true);
  REQUIRE(world.wipe());
  {
    auto vault = world.open_vault();
    CHECK(*vault->wiped_at() == world.clock.reading.wall_ms);
    CHECK(vault->server().error().code == "not_enrolled");
  }
  world.device = DeviceId{{9}};
  world.enrol_both();
  auto open = world.open();
  REQUIRE(open.ok());
  CHECK_FALSE((*(*open)->vault.wiped_at()).has_value());
  CHECK((*open)->server.device == world.device);
  CHECK((*open)->capture().log_contact(a_contact("anew")).ok());
  CHECK((*open)->journal.logs()->front().genesis.device == world.device);
}

TEST_CASE("a device secret in a file is overwritten and gone, and the next one is another", "[custody]") {
  const support::TempFolder folder;
  FileDeviceSecret secret(folder.file("device.secret"));
  CHECK(secret.destroy().ok());
  const auto first = secret.read_or_make();
  REQUIRE(first.ok());
  REQUIRE(secret.destroy().ok());
  CHECK(secret.read().error().code == "device_secret_missing");
  const auto second = secret.read_or_make();
  CHECK_FALSE(crypto::equal(first->view(), second->view()));
}
