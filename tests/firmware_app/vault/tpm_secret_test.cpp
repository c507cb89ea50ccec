#include "firmware_app/vault/tpm_secret.hpp"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "firmware_app/vault/secret_place.hpp"
#include "firmware_app/vault/vault.hpp"
#include "tests/firmware_app/test_handheld.hpp"
#include "tests/support/process.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

constexpr const char* kSwtpm = "/usr/bin/swtpm";

/// A TPM in software with its state in a folder; it speaks on a socket there and is gone with this object.
class SoftwareTpm {
 public:
  explicit SoftwareTpm(const std::string& state)
      : socket_(state + "/s"),
        process_(kSwtpm, {"socket", "--tpm2", "--tpmstate", "dir=" + state, "--server", "type=unixio,path=" + socket_, "--ctrl",
                          "type=unixio,path=" + socket_ + ".ctrl", "--flags", "startup-clear,not-need-init"}) {
    for (int i = 0; i < 2000 && !TpmDeviceSecret::is_there(tcti()); ++i) ::usleep(5'000);
  }
  [[nodiscard]] std::string tcti() const { return "swtpm:path=" + socket_; }

 private:
  std::string socket_;
  support::Process process_;
};

}  // namespace

TEST_CASE("a TPM keeps the secret over a restart, and no other TPM opens it", "[vault][tpm]") {
  if (!std::filesystem::exists(kSwtpm)) LANTAARN_SKIP("swtpm is not installed");
  const support::TempFolder folder;
  for (const char* chip : {"one", "two"}) std::filesystem::create_directory(folder.file(chip));
  const std::string stored = folder.file("device.secret.tpm");
  std::optional<crypto::Key> made;
  {
    const SoftwareTpm chip(folder.file("one"));
    TpmDeviceSecret secret(stored, chip.tcti());
    CHECK(secret.read().error().code == "device_secret_missing");
    auto first = secret.read_or_make();
    REQUIRE(first.ok());
    made = std::move(*first);
    CHECK(crypto::equal(secret.read_or_make()->view(), made->view()));
    // The file holds a sealed object, not the secret.
    const std::string content = support::read_file(stored);
    CHECK(content.find(to_string(made->view())) == std::string::npos);
  }
  {
    const SoftwareTpm again(folder.file("one"));
    const auto read = TpmDeviceSecret(stored, again.tcti()).read();
    REQUIRE(read.ok());
    CHECK(crypto::equal(read->view(), made->view()));
    std::string altered = support::read_file(stored);
    altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
    support::write_file(folder.file("altered"), altered);
    CHECK_FALSE(TpmDeviceSecret(folder.file("altered"), again.tcti()).read().ok());
    support::write_file(folder.file("cut"), altered.substr(0, 40));
    CHECK(TpmDeviceSecret(folder.file("cut"), again.tcti()).read().error().code == "device_secret_missing");
  }
  const SoftwareTpm other(folder.file("two"));
  CHECK(TpmDeviceSecret(stored, other.tcti()).read().error().code == "device_secret_wrong");
}

TEST_CASE("where no TPM answers, the secret is not made elsewhere in its stead", "[vault][tpm]") {
  const support::TempFolder folder;
  TpmDeviceSecret secret(folder.file("device.secret.tpm"), "swtpm:path=" + folder.file("nobody"));
  CHECK_FALSE(TpmDeviceSecret::is_there("swtpm:path=" + folder.file("nobody")));
  CHECK(secret.read_or_make().error().code == "tpm_unreachable");
  CHECK_FALSE(std::filesystem::exists(folder.file("device.secret.tpm")));
}

TEST_CASE("only a secret that hardware holds makes six digits enough", "[vault][tpm]") {
  CHECK(check_new_pin(support::pin_of("123456"), true).ok());
  CHECK(check_new_pin(support::pin_of("12345"), true).error().code == "pin_too_short");
  CHECK(check_new_pin(support::pin_of("1234567"), false).error().code == "pin_too_short");
  CHECK(TpmDeviceSecret("x").is_hardware_held());
  CHECK_FALSE(FileDeviceSecret("x").is_hardware_held());
  CHECK_FALSE(KernelKeySecret().is_hardware_held());
}

TEST_CASE("a key that the board put into the kernel is found, and none is made there", "[vault][kernel]") {
  const std::string name = "lantaarn:test-" + std::to_string(::getpid());
  KernelKeySecret secret(name);
  CHECK(secret.read_or_make().error().code == "device_secret_missing");
  const Bytes key(32, 7);
  const long id = ::syscall(SYS_add_key, "user", name.c_str(), key.data(), key.size(), KEY_SPEC_USER_KEYRING);
  if (id < 0) LANTAARN_SKIP("this kernel lets no key be added");
  const auto read = secret.read();
  ::syscall(SYS_keyctl, KEYCTL_UNLINK, id, KEY_SPEC_USER_KEYRING);
  if (!read.ok()) LANTAARN_SKIP("this kernel shows no keyring here");
  CHECK(crypto::equal(read->view(), key));
  CHECK(secret.read().error().code == "device_secret_missing");
}

TEST_CASE("where the secret is kept is chosen once and found again", "[vault]") {
  const support::TempFolder folder, card;
  CHECK(choose_device_secret(folder.path().string(), "drawer").error().code == "device_secret_choice");
  const std::string elsewhere = card.file("secret");
  auto chosen = choose_device_secret(folder.path().string(), "file:" + elsewhere);
  REQUIRE(chosen.ok());
  const auto made = (*chosen)->read_or_make();
  REQUIRE(made.ok());
  CHECK(std::filesystem::exists(elsewhere));
  CHECK_FALSE(std::filesystem::exists(folder.file("device.secret")));
  support::write_file(folder.file("vault.db"), "");
  for (const auto& found : {device_secret_of(folder.path().string()), choose_device_secret(folder.path().string(), "file")}) {
    REQUIRE(found.ok());
    CHECK(crypto::equal((*found)->read()->view(), made->view()));
  }
  support::write_file(folder.file("device.secret.place"), "under the mat");
  CHECK(device_secret_of(folder.path().string()).error().code == "device_secret_missing");
}
