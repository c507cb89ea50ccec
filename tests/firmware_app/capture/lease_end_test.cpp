// What a lease that is over leaves, what strict mode leaves, and that nobody can tell the second PIN from either.
#include <algorithm>
#include <catch2/catch.hpp>

#include "firmware_app/caseload/lease_end.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;
using support::pin_of;

namespace {

constexpr std::int64_t kWeekMs = 7 * 86'400'000LL;
constexpr const char* kSecond = "55555555";

/// A handheld as the program opens it: leases looked at, a user unlocked, her work begun.
struct AtWork {
  Vault vault;
  ServerFacts server;
  journal::Journal journal;
  Result<Caseload> caseload;
  UnlockedUser user;
  std::vector<CaseCard> cards;
  const Clock& clock;
  [[nodiscard]] Capture capture() { return {journal, user, server, clock, cards}; }
};

struct World : support::TestHandheld {
  explicit World(const Lease& terms = {}) {
    enrol_both();
    Lease lease = terms;
    lease.valid_until_ms = clock.reading.wall_ms + kWeekMs;
    auto vault = open_vault();
    for (const UserId& user : {noor, maaike}) REQUIRE(vault->set_lease(user, lease).ok());
  }
  Result<std::unique_ptr<AtWork>> begin(std::string_view pin = "12345678", const char* name = "Noor") {
    LANTAARN_ASSIGN(auto vault, open_vault());
    LANTAARN_ASSIGN(auto facts, vault.server());
    LANTAARN_ASSIGN(auto journal, open_journal());
    LANTAARN_ASSIGN(auto opened, Caseload::open("caseload.db", options()));
    Result<Caseload> caseload(std::move(opened));
    static_cast<void>(finish_closing(journal));
    LANTAARN_TRY(end_due_leases(vault, journal, caseload, clock.now()));
    LANTAARN_ASSIGN(const auto known, vault.find_user(name));
    LANTAARN_ASSIGN(auto user, vault.unlock(known, pin_of(pin), clock.now()));
    auto work = std::unique_ptr<AtWork>(new AtWork{std::move(vault), std::move(facts), std::move(journal), std::move(caseload), std::move(user), {}, clock});
    LANTAARN_TRY(work->capture().begin_work(work->caseload));
    if (work->user.access.lease_ended) return work;
    LANTAARN_ASSIGN(work->cards, load_cards(*work->caseload, work->journal, work->user));
    return work;
  }
  /// A card from the server, and everything of an evening that is kept readable; the round stays open.
  void evening(std::string_view pin = "12345678", const char* name = "Noor") {
    auto work = begin(pin, name);
    REQUIRE(work.ok());
    auto& at = **work;
    support::give_cards(*at.caseload, at.user, {"Roos"});
    at.cards = *load_cards(*at.caseload, at.journal, at.user);
    REQUIRE(at.cards.size() == 1);
    REQUIRE(at.capture().start_round({{"zone"}, {}}).ok());
    REQUIRE(at.capture().log_contact(a_contact("note")).ok());
    ContactDraft draft = a_contact();
    draft.who = NewClient{"Ilona"};
    draft.follow_up = FollowUpDraft{"2026-12-01", "bellen"};
    const auto saved = at.capture().log_contact(draft);
    REQUIRE(saved.ok());
    if (at.user.access.keeps_readable()) REQUIRE(at.capture().finish_follow_up(*saved->follow_up).ok());
    REQUIRE(at.capture().name_client(*ClientId::from(std::string(16, 'c')), "Roosje").ok());
  }
  std::size_t companions(const UserId& user) {
    auto journal = open_journal();
    REQUIRE(journal.ok());
    return readable_copies_of(*journal, user)->size();
  }
  std::size_t cards_of(const UserId& user) {
    auto database = database::Database::open("caseload.db", options());
    auto count = database->prepare("SELECT count(*) FROM bundle WHERE user_id = $1");
    count->bind(1, user.view());
    REQUIRE(*count->step());
    return static_cast<std::size_t>(count->column_int(0));
  }
  std::uint64_t entries() { return open_journal()->logs()->back().head.seq; }
  /// Every file's size and every table's rows, and how many bytes they hold: what somebody sees who looks at the folder.
  std::map<std::string, std::string> looks() {
    std::map<std::string, std::string> seen;
    for (const char* file : {"vault.db", "journal.db", "caseload.db"}) {
      auto database = database::Database::open(file, options());
      REQUIRE(database.ok());
      REQUIRE(database->checkpoint_truncate().ok());
      auto tables = database->prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
      std::vector<std::string> names;
      while (*tables->step()) names.push_back(tables->column_text(0));
      for (const auto& table : names) seen[std::string(file) + " " + table] = rows_of(*database, table);
    }
    for (const auto& file : vfs.disk().files()) seen[file] = std::to_string(vfs.disk().content(file).size());
    return seen;
  }

 private:
  /// Rows, and for each column the sizes of what stands in it.
  static std::string rows_of(database::Database& database, const std::string& table) {
    auto columns = database.prepare("SELECT name FROM pragma_table_info('" + table + "')");
    std::string sizes;
    std::vector<std::string> names;
    while (*columns->step()) names.push_back(columns->column_text(0));
    for (const auto& name : names) {
      auto sum = database.prepare("SELECT count(*), coalesce(group_concat(l), '') FROM (SELECT length(" + name + ") l FROM " + table + " ORDER BY 1)");
      REQUIRE(*sum->step());
      sizes += name + "=" + std::to_string(sum->column_int(0)) + ":" + sum->column_text(1) + " ";
    }
    return sizes;
  }
};

template <typename T>
std::string code(const Result<T>& result) {
  return result.ok() ? "" : result.error().code;
}

}  // namespace

TEST_CASE("when her lease is over, cards and readable copies go without her PIN, and nobody else's", "[capture][lease]") {
  World world;
  world.evening();
  world.evening("87654321", "Maaike");
  const auto before = world.entries();
  CHECK(world.companions(world.noor) > 4);
  const auto maaikes = world.companions(world.maaike);
  Lease longer;
  longer.valid_until_ms = world.clock.reading.wall_ms + 2 * kWeekMs;
  longer.running_ms = 2 * kWeekMs;
  REQUIRE(world.open_vault()->set_lease(world.maaike, longer).ok());
  const Bytes copy = [&] {
    auto journal = world.open_journal();
    for (const auto& round : *journal->companions(kRoundKeyCompanion)) {
      if (owner_of_companion(round.value) == world.noor) return round.value;
    }
    return Bytes{};
  }();
  REQUIRE(world.vfs.disk().contains(ByteView(copy).subspan(20, 48)));
  world.clock.pass(kWeekMs);
  {
    auto vault = world.open_vault();
    auto journal = world.open_journal();
    Result<Caseload> caseload(std::move(*Caseload::open("caseload.db", world.options())));
    REQUIRE(end_due_leases(*vault, *journal, caseload, world.clock.now()).ok());
  }
  CHECK(world.companions(world.noor) == 0);
  CHECK(world.cards_of(world.noor) == 0);
  CHECK_FALSE(world.vfs.disk().contains(ByteView(copy).subspan(20, 48)));
  CHECK(world.companions(world.maaike) == maaikes);
  CHECK(world.cards_of(world.maaike) == 1);
  CHECK(world.entries() == before);  // what is sealed waits for the server
}

TEST_CASE("after its end contacts are still written down, closed at once, and everything else says why not", "[capture][lease]") {
  World world;
  world.evening();
  world.clock.pass(kWeekMs);
  auto work = world.begin();
  REQUIRE(work.ok());
  auto& at = **work;
  CHECK(at.user.access.lease_ended);
  const auto before = at.journal.logs()->back().head.seq;
  REQUIRE(at.capture().log_contact(a_contact("with nobody known")).ok());
  ContactDraft typed = a_contact();
  typed.who = NewClient{"Roos"};
  const auto saved = at.capture().log_contact(typed);
  REQUIRE(saved.ok());
  CHECK(saved->client.has_value());
  CHECK(at.journal.logs()->back().head.seq == before + 3);
  CHECK(readable_copies_of(at.journal, world.noor)->empty());
  CHECK(at.capture().readable()->contacts.empty());
  // A slip is put right by its whole id.
  CHECK(at.capture().retract(*at.capture().find_contact(saved->event.hex()), "dubbel").ok());
  CHECK(code(at.capture().find_contact(saved->event.hex().substr(0, 12))) == "event_unknown");
  CHECK(code(at.capture().start_round({{"zone"}, {}})) == "lease_ended");
  CHECK(code(at.capture().end_round()) == "lease_ended");
  CHECK(code(at.capture().count(2)) == "lease_ended");
  CHECK(code(at.capture().name_client(*saved->client, "Rosa")) == "lease_ended");
  CHECK(code(at.capture().change_client(*saved->client, {{"status", "in_view"}})) == "lease_ended");
  CHECK(code(at.capture().find_record("abcdef")) == "lease_ended");
  CHECK(code(at.capture().finish_follow_up(saved->event)) == "lease_ended");
}

TEST_CASE("a new lease restores normal use", "[capture][lease]") {
  World world;
  world.evening();
  world.clock.pass(kWeekMs);
  REQUIRE((*world.begin())->user.access.lease_ended);
  {
    auto vault = world.open_vault();
    Lease lease;
    lease.valid_until_ms = world.clock.reading.wall_ms + kWeekMs;
    REQUIRE(vault->set_lease(world.noor, lease).ok());
  }
  world.evening();
  CHECK(world.cards_of(world.noor) == 1);
}

TEST_CASE("at every crash point of a lease's end: once it is over nobody reads on, and no entry is lost", "[capture][lease][crash]") {
  World world;
  world.evening();
  const auto before = world.entries();
  world.clock.pass(kWeekMs);
  bool ended = false;
  const auto scenario = [&] { ended = world.begin().ok(); };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const support::CrashPoint&) {
    CHECK(world.entries() >= before);
    if (ended) CHECK(world.companions(world.noor) == 0);
    auto work = world.begin();
    REQUIRE(work.ok());
    CHECK((*work)->user.access.lease_ended);
    CHECK((*work)->journal.damage().empty());
    CHECK((*work)->capture().log_contact(a_contact()).ok());
    CHECK(readable_copies_of((*work)->journal, world.noor)->empty());
    CHECK_FALSE(*closing_is_due((*work)->journal));
    work->reset();
    CHECK(world.cards_of(world.noor) == 0);
  });
  WARN("a lease's end: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("at every crash point of duress: once the PIN was taken, cards and copies go at the latest with the next start", "[capture][duress][crash]") {
  World world({0, 0, 0, false, true});
  {
    auto work = world.begin();
    REQUIRE((*work)->vault.set_duress_pin((*work)->user, pin_of(kSecond)).ok());
  }
  world.evening();
  bool done = false;
  const auto scenario = [&] { done = world.begin(kSecond).ok(); };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const support::CrashPoint&) {
    if (done) CHECK(world.companions(world.noor) == 0);
    auto work = world.begin(kSecond);
    REQUIRE(work.ok());
    CHECK((*work)->user.access.duress);
    CHECK(readable_copies_of((*work)->journal, world.noor)->empty());
    work->reset();
    CHECK(world.cards_of(world.noor) == 0);
    CHECK((*world.begin())->user.access.lease_ended);
  });
  WARN("duress: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("the folder after duress looks like that of a handheld whose lease ended", "[capture][duress]") {
  const bool strict = GENERATE(false, true);
  std::map<std::string, std::string> looks[2];
  for (const bool duress : {false, true}) {
    World world({0, 0, 0, strict, true});
    {
      auto work = world.begin();
      REQUIRE((*work)->vault.set_duress_pin((*work)->user, pin_of(kSecond)).ok());
    }
    world.evening();
    world.evening("87654321", "Maaike");
    Lease longer{world.clock.reading.wall_ms + 2 * kWeekMs, 0, 2 * kWeekMs, strict, true};
    REQUIRE(world.open_vault()->set_lease(world.maaike, longer).ok());
    if (!duress) world.clock.pass(kWeekMs);
    REQUIRE((*world.begin(duress ? kSecond : "12345678"))->user.access.lease_ended);
    auto work = world.begin();  // from here on her own PIN opens the same
    REQUIRE((*work)->user.access.lease_ended);
    REQUIRE((*work)->capture().log_contact(a_contact()).ok());
    work->reset();
    looks[duress ? 1 : 0] = world.looks();
  }
  for (const auto& [what, seen] : looks[0]) {
    INFO(what);
    CHECK(looks[1][what] == seen);
  }
  CHECK(looks[0].size() == looks[1].size());
}

TEST_CASE("every unlock leaves one entry of one size, whatever it says", "[capture][duress]") {
  World world({0, 0, 0, false, true});
  std::set<std::size_t> sizes;
  const auto last_entry = [&](const Result<std::unique_ptr<AtWork>>& work) {
    REQUIRE(work.ok());
    auto& journal = (*work)->journal;
    const auto log = journal.logs()->back();
    std::uint64_t seq = log.head.seq;
    REQUIRE(journal.scan(log.genesis.log, seq, [&](const journal::EntryView& entry, ByteView) -> Status {
      sizes.insert(entry.bytes.size());
      CHECK(entry.header.author == world.noor);
      return {};
    }).ok());
    return seq;
  };
  std::uint64_t seq = 0;
  {
    const auto work = world.begin();
    seq = last_entry(work);
    REQUIRE((*work)->vault.set_duress_pin((*work)->user, pin_of(kSecond)).ok());
  }
  CHECK(last_entry(world.begin()) == ++seq);
  CHECK(last_entry(world.begin(kSecond)) == ++seq);
  CHECK(last_entry(world.begin()) == ++seq);
  CHECK(sizes.size() == 1);
  CHECK(code(world.begin("00000000")) == "wrong_pin");
  CHECK(last_entry(world.begin()) == ++seq);
}

TEST_CASE("in strict mode nothing readable is ever written, and a seal key serves one unlock", "[capture][strict]") {
  World world({0, 0, 0, true});
  world.evening();
  // The round is known by a marker that opens nothing, and by the place it began at.
  CHECK(world.companions(world.noor) == 2);
  std::set<KeyId> keys;
  for (int i = 0; i < 3; ++i) {
    auto work = world.begin();
    REQUIRE(work.ok());
    CHECK((*work)->cards.size() == 1);
    CHECK((*work)->capture().open_round()->has_value());
    REQUIRE((*work)->capture().log_contact(a_contact("strict")).ok());
    CHECK((*work)->capture().readable()->contacts.empty());
    const auto log = (*work)->journal.logs()->back();
    REQUIRE((*work)->journal.scan(log.genesis.log, log.head.seq - 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      keys.insert(entry.header.seal_key);
      return {};
    }).ok());
  }
  CHECK(keys.size() == 3);
  auto work = world.begin();
  REQUIRE((*work)->capture().end_round().ok());
  CHECK_FALSE((*work)->capture().open_round()->has_value());
  work->reset();
  CHECK(world.companions(world.noor) == 0);
}

TEST_CASE("what was readable when a handheld becomes strict goes at the next unlock", "[capture][strict]") {
  World world;
  world.evening();
  CHECK(world.companions(world.noor) > 4);
  REQUIRE(world.open_vault()->set_lease(world.noor, {world.clock.reading.wall_ms + kWeekMs, 0, 0, true}).ok());
  auto work = world.begin();
  REQUIRE(work.ok());
  CHECK((*work)->cards.size() == 1);
  CHECK(readable_copies_of((*work)->journal, world.noor)->empty());
}
