// Memory that runs out, at every allocation of a save.

#include <new>

#include "tests/common/journal/fixture.hpp"
#include "tests/support/fault_memory.hpp"
#include "tests/support/random.hpp"
#include "tests/support/fault_vfs.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

TEST_CASE_METHOD(Fixture, "out of memory at any allocation of a save: all of it is there and it says so, or nothing", "[journal]") {
  support::let_sqlite_run_out_of_memory();
  support::FaultVfs vfs;
  database::OpenOptions options;
  options.vfs = vfs.name();
  auto journal = Journal::open("journal.db", device, options);
  REQUIRE(journal.ok());
  const std::vector<std::string> texts{"een", "twee"};
  const std::vector<ByteView> events{as_bytes(texts[0]), as_bytes(texts[1])};
  const Companion companion{1, to_bytes(as_bytes("key")), to_bytes(as_bytes("value"))};
  std::uint64_t there = 0, failed = 0;
  for (std::uint64_t at = 1, struck = 1; struck != 0; ++at) {
    next_round();
    std::string said;
    {
      support::MemoryFault fault(at);
      try {
        const auto saved = journal->save(events, author(), sealing(), {companion});
        said = saved.ok() ? "saved" : saved.error().code;
      } catch (const std::bad_alloc&) {
        said = "memory_short";
      }
      struck = fault.struck() ? 1 : 0;
    }
    INFO("allocation " << at << ": " << said);
    if (said == "saved") there += 2;
    else REQUIRE(said == "memory_short");
    failed += said == "saved" ? 0 : 1;
    REQUIRE(journal->logs()->front().head.seq == there);
  }
  CHECK(failed > 30);
  journal = Journal::open("other.db", device, options);  // lets go of the file first
  journal = Journal::open("journal.db", device, options);
  REQUIRE(journal.ok());
  CHECK(journal->damage().empty());
  CHECK(journal->logs()->front().head.seq == there);
}

namespace {

/// Everything that is ever asked of a journal, one after the other, until something is refused.
struct Life : Fixture {
  support::FaultVfs vfs;
  support::FaultDisk::Snapshot before;
  LogId log;
  Position head;  ///< through here it was saved, and secured, before
  std::uint64_t saved = 0;
  std::string trouble;

  Life() {
    auto journal = Journal::open("journal.db", device, options());
    REQUIRE(save(*journal, {"een", "twee"}).ok());
    next_round();
    REQUIRE(save(*journal, {"drie"}, {companion("kept")}).ok());
    log = journal->logs()->front().genesis.log;
    head = {3, journal->hash_at(log, 3).value()};
    journal = Journal::open("other.db", device, options());  // lets go of the file first
    before = vfs.disk().snapshot();
  }
  [[nodiscard]] database::OpenOptions options() const {
    database::OpenOptions options;
    options.vfs = vfs.name();
    return options;
  }
  [[nodiscard]] static Companion companion(const char* key) { return {1, to_bytes(as_bytes(key)), to_bytes(as_bytes("value"))}; }

  template <typename T>
  [[nodiscard]] bool fine(const Result<T>& result) {
    if (!result.ok() && result.error().code != "memory_short") trouble = result.error().to_log_line();
    return result.ok();
  }
  void live() {
    {
      auto copy = Journal::open_read_only("journal.db", vfs.name());
      if (!fine(copy) || !fine(copy->logs()) || !fine(copy->read_batch(log, 1))) return;
    }
    auto journal = Journal::open("journal.db", device, options());
    if (!fine(journal)) return;
    journal->on_full_disk([] { return false; });
    if (!fine(save(*journal, {"vier", "vijf"}, {companion("more")}))) return;
    saved += 2;
    const std::string colleague = "zes";
    if (!fine(journal->save({as_bytes(colleague)}, {UserId{device.bytes}, sign_key}, sealing()))) return;
    ++saved;
    if (!fine(journal->save_companions({companion("third")})) || !fine(journal->companions(1)) || !fine(journal->companion(1, as_bytes("kept")))) return;
    if (!fine(journal->record_sent(log, 3)) || !fine(journal->record_received(log, head, as_bytes("receipt")))) return;
    if (!fine(journal->record_merged(log, 3)) || !fine(journal->record_secured(log, head, as_bytes("statement")))) return;
    if (!fine(journal->secured_statement(log)) || !fine(journal->hash_at(log, 4)) || !fine(journal->growth())) return;
    if (!fine(journal->scan(log, 2, [](const EntryView&, ByteView) { return Status(); })) || !fine(journal->read_batch(log, 2))) return;
    if (!fine(journal->prune(log, UINT64_MAX)) || !fine(journal->forget_deleted()) || !fine(journal->start_new_log())) return;
    if (!fine(save(*journal, {"zeven"}))) return;
    ++saved;
  }
  [[nodiscard]] std::uint64_t there() {
    auto journal = Journal::open("journal.db", device, options());
    REQUIRE(journal.ok());
    CHECK(journal->damage().empty());
    std::uint64_t entries = 0;
    for (const LogState& each : *journal->logs()) entries += each.head.seq;
    return entries;
  }
};

}  // namespace

TEST_CASE_METHOD(Life, "out of memory anywhere in a journal's life is called so, and loses nothing that was saved", "[journal]") {
  support::let_sqlite_run_out_of_memory();
  LANTAARN_RANDOM(random);
  std::uint64_t lives = 0;
  for (std::uint64_t at = 1, struck = 1; struck != 0; at += 1 + random.below(5), ++lives) {
    vfs.disk().restore(before);
    saved = 3;
    {
      support::MemoryFault fault(at);
      try {
        live();
      } catch (const std::bad_alloc&) {
        // What the program's edge makes of it.
      }
      struck = fault.struck() ? 1 : 0;
    }
    INFO("allocation " << at);
    REQUIRE(trouble == "");
    REQUIRE(there() == saved);
  }
  WARN(lives << " lives");
  CHECK(lives > 300);
}

TEST_CASE_METHOD(Life, "out of memory while everything is forgotten: the next time makes good on it", "[journal]") {
  support::let_sqlite_run_out_of_memory();
  for (std::uint64_t at = 1, struck = 1; struck != 0; at += 3) {
    vfs.disk().restore(before);
    auto journal = Journal::open("journal.db", device, options());
    REQUIRE(journal.ok());
    {
      support::MemoryFault fault(at);
      try {
        static_cast<void>(fine(journal->forget_everything()));
      } catch (const std::bad_alloc&) {
      }
      struck = fault.struck() ? 1 : 0;
    }
    REQUIRE(trouble == "");
    REQUIRE(journal->forget_everything().ok());
    CHECK(journal->logs()->empty());
  }
}
