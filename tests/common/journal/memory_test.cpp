// Memory that runs out, at every allocation of a save.

#include <new>

#include "tests/common/journal/fixture.hpp"
#include "tests/support/fault_memory.hpp"
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
