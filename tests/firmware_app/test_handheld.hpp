#pragma once
// A handheld on a disk that fails on command: vault, journal and caseload of the real code, a cheap PIN function, a clock
// of the test's own, and a server of which only the public keys matter.

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/caseload/caseload.hpp"
#include "firmware_app/vault/vault.hpp"
#include "tests/support/crash_points.hpp"
#include "tests/support/random.hpp"

namespace lantaarn::support {

class MemorySecret final : public firmware::DeviceSecret {
 public:
  [[nodiscard]] Result<crypto::Key> read() const override;
  [[nodiscard]] Result<crypto::Key> read_or_make() override;
  [[nodiscard]] Status destroy() override;
  std::optional<crypto::Key> secret;
};

class TestClock final : public Clock {
 public:
  TestClock();
  [[nodiscard]] ClockReading now() const override { return reading; }
  void pass(std::int64_t ms);
  void reboot();
  ClockReading reading;
};

[[nodiscard]] crypto::SecretBytes pin_of(std::string_view digits);

/// Everything opened, one user unlocked. Must go before the power does.
struct OpenHandheld {
  firmware::Vault vault;
  firmware::ServerFacts server;
  journal::Journal journal;
  firmware::Caseload caseload;
  firmware::UnlockedUser user;
  std::vector<firmware::CaseCard> cards;
  const Clock& clock;
  [[nodiscard]] firmware::Capture capture() { return {journal, user, server, clock, cards}; }
};

class TestHandheld {
 public:
  TestHandheld();
  /// Noor's PIN is 12345678, Maaike's 87654321.
  void enrol_both();
  [[nodiscard]] sync::Ticket ticket(std::uint8_t number = 1) const;
  [[nodiscard]] firmware::EnrolmentReply reply() const;

  [[nodiscard]] database::OpenOptions options() const;
  [[nodiscard]] Result<firmware::Vault> open_vault();
  [[nodiscard]] Result<journal::Journal> open_journal();
  [[nodiscard]] Result<std::unique_ptr<OpenHandheld>> open(const std::string& name = "Noor", std::string_view pin = "12345678");

  FaultVfs vfs;
  MemorySecret secret;
  TestClock clock;
  crypto::BoxKey server_key;
  DeviceId device;
  ServerId server;
  UserId noor;
  UserId maaike;
  int kdf_runs = 0;
  bool kdf_fails = false;
};

/// One card for each name, stored as the server's first caseload of this user.
void give_cards(firmware::Caseload& caseload, const firmware::UnlockedUser& user, const std::vector<std::string>& names);
/// A contact with an unknown person, complete.
[[nodiscard]] firmware::ContactDraft a_contact(const std::string& note = "");

}  // namespace lantaarn::support
