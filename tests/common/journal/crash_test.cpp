#include "tests/common/journal/fixture.hpp"
#include "tests/support/crash_points.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

namespace {

struct CrashingDevice : Fixture {
  support::FaultVfs vfs;
  database::OpenOptions options;
  std::vector<std::string> acknowledged;

  CrashingDevice() { options.vfs = vfs.name(); }
  Result<Journal> open() const { return Journal::open("journal.db", device, options); }
};

}  // namespace

TEST_CASE_METHOD(CrashingDevice, "no power cut loses a saved entry or saves half a commit", "[journal][crash]") {
  const auto scenario = [&] {
    acknowledged.clear();
    auto journal = open();
    if (!journal.ok()) return;
    for (const char* text : {"een", "twee", "drie"}) {
      if (!save(*journal, {text}, {{1, to_bytes(as_bytes(text)), to_bytes(as_bytes("kaart"))}}).ok()) return;
      acknowledged.emplace_back(text);
    }
    if (!save(*journal, {"vier", "vijf"}, {{1, to_bytes(as_bytes("een")), {}}}).ok()) return;
    acknowledged.insert(acknowledged.end(), {"vier", "vijf"});
    static_cast<void>(journal->forget_deleted());
  };
  const auto check = [&](const support::CrashPoint&) {
    const std::vector<std::string> expected = acknowledged;
    auto journal = open();
    REQUIRE(journal.ok());
    CHECK(journal->damage().empty());
    const auto found = read(*journal);
    // Everything acknowledged, in order; at most the commit under way beyond it, and that one whole.
    REQUIRE(found.size() >= expected.size());
    CHECK(std::equal(expected.begin(), expected.end(), found.begin()));
    const std::size_t extra = found.size() - expected.size();
    CHECK(extra <= (expected.size() == 3 ? 2U : 1U));
    if (expected.size() == 3) CHECK(extra != 1);
    const bool first_removed = found.size() == 5;
    CHECK(journal->companions(1)->size() == (first_removed ? 2 : found.size()));
    REQUIRE(save(*journal, {"daarna"}).ok());
    CHECK(read(*journal).back() == "daarna");
  };
  const auto count = support::for_each_crash_point(vfs, scenario, check);
  WARN("journal: " << count.operations << " operations, " << count.crashes << " power cuts");
  CHECK(count.crashes > 50);
}

TEST_CASE_METHOD(CrashingDevice, "a full disk refuses the save in one clear way and keeps all before it", "[journal][crash]") {
  auto journal = open();
  REQUIRE(journal.ok());
  REQUIRE(save(*journal, {"een"}).ok());
  vfs.disk().reset_count();
  vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
  const auto refused_save = save(*journal, {"twee"});
  REQUIRE_FALSE(refused_save.ok());
  CHECK(refused_save.error().code == "disk_full");
  CHECK(refused_save.error().kind == ErrorKind::kStorage);
  vfs.disk().heal();
  REQUIRE(save(*journal, {"drie"}).ok());
  CHECK(read(*journal) == std::vector<std::string>{"een", "drie"});
}

TEST_CASE_METHOD(CrashingDevice, "a disk error at any operation of a save saves all of it or nothing", "[journal][crash]") {
  auto journal = open();
  REQUIRE(journal.ok());
  std::size_t saved_count = 0;
  for (std::uint64_t operation = 1; operation <= 40; ++operation) {
    vfs.disk().reset_count();
    vfs.disk().fail_at(operation, support::Fault::kIoError, false);
    const auto outcome = save(*journal, {"entry " + std::to_string(operation)});
    const bool hit = vfs.disk().operations() >= operation;
    vfs.disk().heal();
    if (outcome.ok()) ++saved_count;
    const auto found = read(*journal);
    INFO("operation " << operation);
    REQUIRE(found.size() == saved_count);
    if (!hit) break;
  }
  CHECK(saved_count > 0);
}

TEST_CASE_METHOD(CrashingDevice, "room made when the disk is full lets the same save through, once", "[journal][crash]") {
  auto journal = open();
  REQUIRE(journal.ok());
  REQUIRE(save(*journal, {"een"}).ok());
  int asked = 0;
  journal->on_full_disk([&] {
    vfs.disk().heal();
    return ++asked == 1;
  });
  vfs.disk().reset_count();
  vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
  REQUIRE(save(*journal, {"twee"}).ok());
  CHECK(asked == 1);
  CHECK(read(*journal) == std::vector<std::string>{"een", "twee"});
  vfs.disk().reset_count();
  vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
  CHECK(save(*journal, {"drie"}).error().code == "disk_full");
  CHECK(read(*journal) == std::vector<std::string>{"een", "twee"});
}

TEST_CASE_METHOD(CrashingDevice, "companions alone get the room that is made too, and only once", "[journal][crash]") {
  auto journal = open();
  REQUIRE(journal.ok());
  std::string value = "value";
  const auto save_when_full = [&] {
    vfs.disk().reset_count();
    vfs.disk().fail_at(1, support::Fault::kDiskFull, true);
    value += "x";
    const Status saved = journal->save_companions({{1, to_bytes(as_bytes("key")), to_bytes(as_bytes(value))}});
    return saved.ok() ? std::string() : saved.error().code;
  };
  CHECK(save_when_full() == "disk_full");
  bool has_room = true;
  journal->on_full_disk([&] {
    if (has_room) vfs.disk().heal();
    return std::exchange(has_room, false);
  });
  CHECK(save_when_full() == "");
  CHECK(save_when_full() == "disk_full");
  vfs.disk().heal();
  CHECK(to_string(journal->companions(1)->front().value) == "valuexx");
}
