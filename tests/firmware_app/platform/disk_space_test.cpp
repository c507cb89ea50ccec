#include <catch2/catch.hpp>
#include <filesystem>

#include "firmware_app/platform/disk_space.hpp"
#include "firmware_app/platform/whole_file.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

TEST_CASE("days left are free bytes by what a round takes, and never optimistic about small rounds", "[platform]") {
  CHECK(days_left(0, 5, 500'000) == 0);
  CHECK(days_left(10 * kRoundBytesMin, 0, 0) == 10);
  CHECK(days_left(10 * kRoundBytesMin, 4, 4 * 1000) == 10);
  CHECK(days_left(10'000'000, 2, 2 * 1'000'000) == 5);
  CHECK(days_left(UINT64_MAX / 2, 1, 1) == kDaysShownMax);
}

TEST_CASE("the reserve is made where there is plenty of room, and given up once", "[platform]") {
  const support::TempFolder folder;
  Reserve reserve(folder.path().string());
  CHECK_FALSE(reserve.is_kept());
  CHECK_FALSE(reserve.release());
  REQUIRE(free_disk_bytes(folder.path().string()).value() > 16 * kReserveBytes);
  reserve.tend();
  CHECK(reserve.is_kept());
  CHECK(std::filesystem::file_size(folder.file("reserve")) == kReserveBytes);
  CHECK(reserve.release());
  CHECK_FALSE(reserve.is_kept());
}

TEST_CASE("a file for a stick is there whole or not at all, and never over another", "[platform]") {
  const support::TempFolder folder;
  const std::string path = folder.file("up");
  {
    auto file = WholeFile::begin(path);
    REQUIRE(file.ok());
    REQUIRE(file->write(as_bytes("half")).ok());
    CHECK_FALSE(std::filesystem::exists(path));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  auto file = WholeFile::begin(path);
  REQUIRE(file->write(as_bytes("whole")).ok());
  REQUIRE(file->finish().ok());
  CHECK(support::read_file(path) == "whole");
  CHECK(WholeFile::begin(path).error().code == "file_exists");
  CHECK(WholeFile::begin(folder.file("no/such/up")).error().code == "file_not_written");
}
