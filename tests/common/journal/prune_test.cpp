// Entries go once they are secured, and only then; what is left can still be checked, sent and opened.

#include <filesystem>
#include <fstream>

#include "tests/common/journal/fixture.hpp"
#include "tests/support/crash_points.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

namespace {

struct PruningDevice : Fixture {
  support::FaultVfs vfs;
  database::OpenOptions options;
  std::optional<Journal> journal;

  PruningDevice() {
    options.vfs = vfs.name();
    reopen();
  }
  void reopen() {
    journal.reset();
    journal.emplace(std::move(Journal::open("journal.db", device, options)).value());
  }
  /// Three rounds of two saves each: seq 1-2, 3-4, 5-6; boxes at 1, 3 and 5.
  void three_rounds() {
    for (int number = 0; number < 3; ++number) {
      if (number > 0) next_round();
      REQUIRE(save(*journal, {"een " + std::to_string(number)}).ok());
      REQUIRE(save(*journal, {"twee " + std::to_string(number)}).ok());
    }
  }
  [[nodiscard]] LogState log() { return journal->logs()->front(); }
  [[nodiscard]] LogId id() { return log().genesis.log; }
  [[nodiscard]] Position at(std::uint64_t seq) { return {seq, journal->hash_at(id(), seq).value()}; }
  void secure(std::uint64_t seq) { REQUIRE(journal->record_secured(id(), at(seq), as_bytes("the statement")).ok()); }
  [[nodiscard]] std::uint64_t prune(std::uint64_t through = UINT64_MAX) { return journal->prune(id(), through).value(); }
  [[nodiscard]] std::vector<std::uint64_t> left() {
    std::vector<std::uint64_t> seqs;
    const Status walked = journal->scan(id(), log().pruned.seq + 1, [&](const EntryView& entry, ByteView) -> Status {
      seqs.push_back(entry.header.seq);
      return {};
    });
    if (!walked.ok() && walked.error().code != "entry_unknown") FAIL(walked.error().to_log_line());
    return seqs;
  }
};

using Seqs = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE_METHOD(PruningDevice, "nothing goes on a receipt: an entry is deleted only once it is secured", "[journal][prune]") {
  three_rounds();
  REQUIRE(journal->record_received(id(), at(6), as_bytes("receipt")).ok());
  REQUIRE(journal->record_merged(id(), 6).ok());
  CHECK(prune() == 0);
  CHECK(left() == Seqs{1, 2, 3, 4, 5, 6});
  secure(2);
  CHECK(prune() == 2);
  CHECK(left() == Seqs{3, 4, 5, 6});
}

TEST_CASE_METHOD(PruningDevice, "what stays names its own seal key: pruning never cuts into a round", "[journal][prune]") {
  three_rounds();
  secure(5);
  CHECK(prune() == 4);
  CHECK(left() == Seqs{5, 6});
  CHECK(log().pruned == at(4));
  CHECK(prune(5) == 0);
  secure(6);
  CHECK(prune(5) == 0);
  CHECK(prune() == 2);
  CHECK(left().empty());
}

TEST_CASE_METHOD(PruningDevice, "after all of it went, the next save tells its seal key again", "[journal][prune]") {
  three_rounds();
  secure(6);
  CHECK(prune() == 6);
  if (GENERATE(true, false)) reopen();
  CHECK(journal->damage().empty());
  REQUIRE(save(*journal, {"daarna"}).ok());
  CHECK(left() == Seqs{7});
  REQUIRE(journal->scan(id(), 7, [](const EntryView& entry, ByteView) -> Status {
    CHECK_FALSE(entry.box.empty());
    return {};
  }).ok());
}

TEST_CASE_METHOD(PruningDevice, "a pruned journal is whole: it reopens, is read, sent and goes on", "[journal][prune]") {
  three_rounds();
  secure(4);
  const Position anchor = at(4);
  CHECK(prune() == 4);
  REQUIRE(journal->forget_deleted().ok());
  reopen();
  CHECK(journal->damage().empty());
  CHECK(log().pruned == anchor);
  CHECK(log().secured == anchor);
  CHECK(to_string(journal->secured_statement(id()).value()) == "the statement");
  CHECK(journal->hash_at(id(), 4).value() == anchor.hash);
  CHECK(journal->hash_at(id(), 3).error().code == "entry_unknown");
  CHECK(journal->hash_at(id(), 0).value() == genesis_hash(log().genesis));
  CHECK(journal->scan(id(), 4, [](const EntryView&, ByteView) { return Status{}; }).error().code == "entry_pruned");
  const Bytes batch = journal->read_batch(id(), 5).value();
  const auto summary = verify_batch(batch, device, id(), keys());
  REQUIRE(summary.ok());
  CHECK(summary->first_seq == 5);
  CHECK(summary->first_previous == anchor.hash);
  REQUIRE(save(*journal, {"daarna"}).ok());
  CHECK(left() == Seqs{5, 6, 7});
}

TEST_CASE_METHOD(PruningDevice, "nothing of what went stands in the files", "[journal][prune]") {
  three_rounds();
  std::vector<Bytes> gone;
  REQUIRE(journal->scan(id(), 1, [&](const EntryView& entry, ByteView) -> Status {
    if (entry.header.seq <= 4) gone.push_back(to_bytes(entry.cipher));
    return {};
  }).ok());
  secure(4);
  CHECK(prune() == 4);
  REQUIRE(journal->forget_deleted().ok());
  journal.reset();
  for (const auto& [name, content] : vfs.disk().snapshot()) {
    for (const Bytes& cipher : gone) {
      CHECK(std::search(content.begin(), content.end(), cipher.begin() + 32, cipher.begin() + 64) == content.end());
    }
  }
}

TEST_CASE_METHOD(PruningDevice, "a statement about a place this journal does not hold, or an older one, changes nothing", "[journal][prune]") {
  three_rounds();
  CHECK(journal->record_secured(id(), {4, Hash{}}, as_bytes("wrong")).error().code == "entry_unknown");
  CHECK(journal->record_secured(id(), {9, at(6).hash}, as_bytes("wrong")).error().code == "entry_unknown");
  secure(4);
  REQUIRE(journal->record_secured(id(), at(2), as_bytes("older")).ok());
  CHECK(log().secured == at(4));
  CHECK(to_string(journal->secured_statement(id()).value()) == "the statement");
}

TEST_CASE_METHOD(PruningDevice, "a journal whose chain does not lead to the secured place keeps everything", "[journal][prune]") {
  three_rounds();
  secure(6);
  journal.reset();
  {
    auto database = database::Database::open("journal.db", options).value();
    REQUIRE(database.execute("UPDATE entry SET bytes = zeroblob(length(bytes)) WHERE place % 1099511627776 = 2").ok());
  }
  reopen();
  CHECK(journal->prune(id(), UINT64_MAX).error().kind == ErrorKind::kCorrupt);
  CHECK(log().pruned.seq == 0);
}

TEST_CASE_METHOD(PruningDevice, "no power cut while pruning loses an entry that is not secured, or the way on", "[journal][prune][crash]") {
  journal.reset();
  const auto open_and_prune = [&]() -> Status {
    LANTAARN_ASSIGN(Journal opened, Journal::open("journal.db", device, options));
    for (int number = 0; number < 3; ++number) {
      next_round();
      for (int i = 0; i < 2; ++i) LANTAARN_TRY(save(opened, {"tekst"}));
    }
    const LogId log_id = opened.logs()->front().genesis.log;
    LANTAARN_ASSIGN(const Hash hash, opened.hash_at(log_id, 4));
    LANTAARN_TRY(opened.record_secured(log_id, {4, hash}, as_bytes("the statement")));
    LANTAARN_TRY(opened.prune(log_id, UINT64_MAX));
    return opened.forget_deleted();
  };
  const auto scenario = [&] { static_cast<void>(open_and_prune()); };
  const auto check = [&](const support::CrashPoint&) {
    reopen();
    CHECK(journal->damage().empty());
    const LogState now = log();
    if (now.head.seq < 6) return journal.reset();
    CHECK((now.pruned.seq == 0 || now.pruned.seq == 4));
    if (now.pruned.seq == 4) CHECK(to_string(journal->secured_statement(id()).value()) == "the statement");
    const Seqs here = left();
    CHECK(here.back() == 6);
    CHECK(here.size() == 6 - now.pruned.seq);
    CHECK(verify_batch(journal->read_batch(id(), now.pruned.seq + 1).value(), device, id(), keys()).ok());
    if (now.secured.seq == 4) static_cast<void>(prune());
    REQUIRE(save(*journal, {"daarna"}).ok());
    CHECK(left().back() == 7);
    journal.reset();
  };
  const auto count = support::for_each_crash_point(vfs, scenario, check);
  WARN("prune: " << count.operations << " operations, " << count.crashes << " power cuts");
  CHECK(count.crashes > 50);
}

TEST_CASE_METHOD(PruningDevice, "a journal of an older program is pruned like any other", "[journal][prune]") {
  three_rounds();
  const Hash fourth = at(4).hash;
  journal.reset();
  {
    auto database = database::Database::open("journal.db", options).value();
    for (const char* column : {"secured_hash", "secured", "pruned_seq", "pruned_hash", "pruned_signature"}) {
      REQUIRE(database.execute(std::string("ALTER TABLE log DROP COLUMN ") + column).ok());
    }
    REQUIRE(database.execute("PRAGMA user_version = 1").ok());
  }
  {
    const auto old = Journal::open_read_only("journal.db", vfs.name());
    REQUIRE(old.ok());
    CHECK(old->device() == device);
  }
  reopen();
  CHECK(at(4).hash == fourth);
  secure(4);
  CHECK(prune() == 4);
}

TEST_CASE_METHOD(PruningDevice, "a journal opened for a rescue is read whole and nothing in it changes", "[journal][rescue]") {
  three_rounds();
  const LogId log_id = id();
  secure(2);
  CHECK(prune() == 2);
  journal.reset();
  auto copy = Journal::open_read_only("journal.db", vfs.name());
  REQUIRE(copy.ok());
  CHECK(copy->device() == device);
  CHECK(copy->logs()->front().head.seq == 6);
  CHECK(verify_batch(copy->read_batch(log_id, 3).value(), device, log_id, keys())->last.seq == 6);
  CHECK_FALSE(save(*copy, {"nee"}).ok());
  CHECK_FALSE(copy->prune(log_id, UINT64_MAX).ok());
  CHECK_FALSE(copy->start_new_log().ok());
  CHECK(copy->logs()->size() == 1);
}

TEST_CASE_METHOD(PruningDevice, "a log of which everything went and whose id rotted takes nothing more", "[journal][prune]") {
  three_rounds();
  secure(6);
  CHECK(prune() == 6);
  const LogId before = id();
  journal.reset();
  {
    auto database = database::Database::open("journal.db", options).value();
    REQUIRE(database.execute("UPDATE log SET log_id = substr(log_id, 1, 15) || iif(substr(log_id, 16) = x'00', x'01', x'00')").ok());
  }
  reopen();
  REQUIRE(journal->damage().size() == 1);
  const auto saved = save(*journal, {"daarna"});
  REQUIRE(saved.ok());
  CHECK(saved->front().seq == 1);
  CHECK(saved->front().log != before);
}

TEST_CASE_METHOD(PruningDevice, "a part of what is secured can go, and the rest later, however much it is", "[journal][prune]") {
  three_rounds();
  for (int i = 0; i < 6; ++i) REQUIRE(save(*journal, std::vector<std::string>(100, "kort")).ok());
  secure(606);
  CHECK(prune(3) == 2);
  CHECK(left().size() == 604);
  CHECK(prune() == 604);
  CHECK(left().empty());
}

TEST_CASE_METHOD(PruningDevice, "a frozen log that is pruned whole leaves the open one's seal key alone", "[journal][prune]") {
  three_rounds();
  const LogId first = id();
  REQUIRE(journal->start_new_log().ok());
  REQUIRE(save(*journal, {"in de nieuwe"}).ok());
  REQUIRE(journal->start_new_log().ok());
  REQUIRE(save(*journal, {"in de nieuwste"}).ok());
  secure(6);
  CHECK(prune() == 6);
  REQUIRE(save(*journal, {"nog een"}).ok());
  int boxes = 0;
  REQUIRE(journal->scan(journal->logs()->back().genesis.log, 1, [&](const EntryView& entry, ByteView) -> Status {
    boxes += entry.box.empty() ? 0 : 1;
    return {};
  }).ok());
  CHECK(boxes == 1);
  reopen();
  CHECK(journal->damage().empty());
  CHECK(journal->logs()->size() == 3);
  CHECK(journal->logs()->front().genesis.log == first);
}

TEST_CASE_METHOD(PruningDevice, "a secured place whose hash rotted, or an anchor that is not the head, lets nothing go", "[journal][prune]") {
  three_rounds();
  secure(6);
  const bool is_anchor = GENERATE(false, true);
  if (is_anchor) CHECK(prune(4) == 4);
  journal.reset();
  {
    auto database = database::Database::open("journal.db", options).value();
    REQUIRE(database.execute(is_anchor ? "DELETE FROM entry" : "UPDATE log SET secured_hash = zeroblob(32)").ok());
  }
  reopen();
  if (is_anchor) {
    REQUIRE(journal->damage().size() == 1);
    CHECK(journal->damage()[0].good_through == 4);
  } else {
    CHECK(journal->prune(id(), UINT64_MAX).error().code == "chain_broken");
    CHECK(left().size() == 6);
  }
}
