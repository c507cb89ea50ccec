#include "common/database/file_lock.hpp"

#include <catch2/catch.hpp>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using database::FileLock;
using support::Process;
using support::TempFolder;

TEST_CASE("a lock has one holder until it is let go", "[database]") {
  const TempFolder folder;
  const std::string path = folder.file("lock");
  {
    const auto held = FileLock::acquire(path, 0);
    REQUIRE(held.ok());
    const auto refused = FileLock::acquire(path, 20);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().kind == ErrorKind::kRetry);
    CHECK(refused.error().code == "in_use");
  }
  CHECK(FileLock::acquire(path, 0).ok());
}

TEST_CASE("a killed process holds no lock", "[database]") {
  const TempFolder folder;
  const std::string path = folder.file("lock");
  Process other("flock", {path, "sh", "-c", "echo held; exec sleep 600"});
  REQUIRE(other.wait_for_line("held"));
  CHECK_FALSE(FileLock::acquire(path, 0).ok());
  other.kill_now();
  CHECK(FileLock::acquire(path, 5000).ok());
}

TEST_CASE("a lock that moved is still held, once", "[database]") {
  const TempFolder folder;
  const std::string path = folder.file("lock");
  auto first = FileLock::acquire(path, 0);
  REQUIRE(first.ok());
  {
    const FileLock second = std::move(first).value();
    CHECK_FALSE(FileLock::acquire(path, 0).ok());
  }
  CHECK(FileLock::acquire(path, 0).ok());
}

TEST_CASE("a lock in a folder that is not there is a disk error", "[database]") {
  const TempFolder folder;
  const auto refused = FileLock::acquire(folder.file("no/such/lock"), 0);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "disk_error");
}
