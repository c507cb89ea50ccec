#include "tests/support/fault_disk.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

// A file "log" that holds "old!" durably, and has had "NEWER" written over it without a sync.
struct HalfWritten {
  FaultDisk disk;
  HalfWritten() {
    disk.put("log", as_bytes("old!"));
    auto file = disk.find("log");
    REQUIRE(disk.write(*file, 0, as_bytes("NEWER")) == Fault::kNone);
  }
  std::string after(Outcome outcome) {
    disk.power_cut(outcome);
    return to_string(disk.content("log"));
  }
};

}  // namespace

TEST_CASE("unsynced bytes survive a power cut whole, not at all, or by half", "[support]") {
  CHECK(HalfWritten().after(Outcome::kAllKept) == "NEWER");
  CHECK(HalfWritten().after(Outcome::kUnsyncedDropped) == "old!");
  CHECK(HalfWritten().after(Outcome::kLastWriteTorn) == "NEd!");
}

TEST_CASE("synced bytes survive every power cut", "[support]") {
  for (const Outcome outcome : kOutcomes) {
    HalfWritten world;
    REQUIRE(world.disk.sync(world.disk.find("log")) == Fault::kNone);
    CHECK(world.after(outcome) == "NEWER");
  }
}

TEST_CASE("an unsynced truncation may come undone", "[support]") {
  for (const Outcome outcome : kOutcomes) {
    FaultDisk disk;
    disk.put("log", as_bytes("abcdef"));
    REQUIRE(disk.truncate(*disk.find("log"), 2) == Fault::kNone);
    disk.power_cut(outcome);
    CHECK(to_string(disk.content("log")) == (outcome == Outcome::kAllKept ? "ab" : "abcdef"));
  }
}

TEST_CASE("a new file exists after a power cut only once it was synced", "[support]") {
  FaultDisk disk;
  const auto write_new = [&](const char* path, bool sync) {
    auto file = disk.create(path);
    REQUIRE(disk.write(*file, 0, as_bytes("x")) == Fault::kNone);
    if (sync) REQUIRE(disk.sync(file) == Fault::kNone);
  };
  write_new("synced", true);
  write_new("unsynced", false);
  disk.power_cut(Outcome::kUnsyncedDropped);
  CHECK(disk.files() == std::vector<std::string>{"synced"});
}

TEST_CASE("a deleted file comes back after a power cut unless its folder was synced", "[support]") {
  for (const bool folder_synced : {false, true}) {
    FaultDisk disk;
    disk.put("log", as_bytes("x"));
    REQUIRE(disk.remove("log", folder_synced) == Fault::kNone);
    CHECK(disk.files().empty());
    disk.power_cut(Outcome::kUnsyncedDropped);
    CHECK(disk.files().empty() == folder_synced);
  }
}

TEST_CASE("once the power is cut everything fails and nothing more is written", "[support]") {
  FaultDisk disk;
  disk.put("log", as_bytes("...."));
  disk.cut_power_at(2);
  {
    auto file = disk.find("log");
    CHECK(disk.write(*file, 0, as_bytes("a")) == Fault::kNone);
    CHECK(disk.write(*file, 1, as_bytes("b")) == Fault::kPowerCut);
    CHECK(disk.write(*file, 2, as_bytes("c")) == Fault::kPowerCut);
    CHECK(disk.sync(file) == Fault::kPowerCut);
    CHECK(disk.truncate(*file, 0) == Fault::kPowerCut);
    CHECK_FALSE(disk.powered());
  }
  CHECK(disk.operations() == 2);
  disk.power_cut(Outcome::kAllKept);
  CHECK(disk.powered());
  CHECK(to_string(disk.content("log")) == "ab..");
}

TEST_CASE("a full disk refuses writes and lets the rest through, and a passing fault passes", "[support]") {
  FaultDisk disk;
  disk.put("log", as_bytes(""));
  auto file = disk.find("log");
  disk.fail_at(1, Fault::kDiskFull, true);
  CHECK(disk.write(*file, 0, as_bytes("a")) == Fault::kDiskFull);
  CHECK(disk.sync(file) == Fault::kNone);
  CHECK(disk.write(*file, 0, as_bytes("a")) == Fault::kDiskFull);
  disk.heal();
  disk.fail_at(1, Fault::kIoError, false);
  CHECK(disk.write(*file, 0, as_bytes("a")) == Fault::kIoError);
  CHECK(file->content.empty());
  CHECK(disk.write(*file, 0, as_bytes("a")) == Fault::kNone);
}

TEST_CASE("a power cut under an open file is a mistake of the test, and says so", "[support]") {
  FaultDisk disk;
  disk.put("log", as_bytes("x"));
  const auto open = disk.find("log");
  CHECK_THROWS_AS(disk.power_cut(Outcome::kAllKept), std::logic_error);
}
