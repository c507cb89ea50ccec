#include "firmware_app/vault/device_secret.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

TEST_CASE("a device secret is made once, for its owner only, and stays the same", "[vault]") {
  const support::TempFolder folder;
  FileDeviceSecret secret(folder.file("device.secret"));
  CHECK(secret.read().error().code == "device_secret_missing");
  const auto made = secret.read_or_make();
  REQUIRE(made.ok());
  const auto again = secret.read_or_make();
  REQUIRE(again.ok());
  CHECK(crypto::equal(made->view(), again->view()));
  struct stat info {};
  REQUIRE(::stat(folder.file("device.secret").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(info.st_size == 32);
}

TEST_CASE("a device secret that was cut off is not taken for one", "[vault]") {
  const support::TempFolder folder;
  support::write_file(folder.file("device.secret"), "short");
  CHECK(FileDeviceSecret(folder.file("device.secret")).read().error().code == "device_secret_missing");
}
