#pragma once
// One handheld of the programme: its own folder, vault, journal and caseload, as lantaarn has them, with its users'
// keys kept unlocked and its clock at the scenario's date.

#include <deque>

#include "common/journal/journal.hpp"
#include "firmware_app/capture/capture.hpp"
#include "firmware_app/caseload/caseload.hpp"
#include "firmware_app/outbox/outbox.hpp"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::programme {

/// Stands where it is put; what its wall says may be something else.
class DeviceClock final : public Clock {
 public:
  [[nodiscard]] ClockReading now() const override { return {true_ms_ + off_by_ms_, true_ms_ - booted_ms_, boot_, ClockStatus::kUnknown}; }
  void stand_at(std::int64_t true_ms) { true_ms_ = true_ms; }
  /// Starts anew, as with an empty battery: another boot, and its wall says `wall_ms` now.
  void start_at(std::int64_t wall_ms);
  void set_right() { off_by_ms_ = 0; }

 private:
  std::int64_t true_ms_ = 0, off_by_ms_ = 0, booted_ms_ = 0;
  ByteArray<kIdBytes> boot_{};
};

class Device {
 public:
  /// A folder of its own, made anew.
  [[nodiscard]] static Result<std::unique_ptr<Device>> make(const std::string& folder);

  /// With a real ticket, over the real channel; then unlocked once, for good. Costs two Argon2id.
  [[nodiscard]] Status enrol(const std::string& ticket, const std::string& user);
  /// One session with everything that goes with it: receipts, cards, clock observation, ended desks.
  [[nodiscard]] Result<firmware::OutboxCounts> sync();
  [[nodiscard]] Result<firmware::OutboxCounts> counts();

  /// With this user's keys and cards. kBug for who is not enrolled here.
  [[nodiscard]] Result<firmware::Capture> capture(const std::string& user);
  [[nodiscard]] DeviceClock& clock() { return clock_; }

 private:
  struct User {
    firmware::UnlockedUser keys;
    std::vector<firmware::CaseCard> cards;
  };
  explicit Device(firmware::Vault vault) : vault_(std::move(vault)) {}
  [[nodiscard]] Status open_logs();
  [[nodiscard]] Status note_session(firmware::Outbox& outbox, std::uint32_t epoch, std::int64_t server_ms, const ClockReading& heard);

  std::string folder_;
  firmware::Vault vault_;
  firmware::ServerFacts server_;
  std::optional<journal::Journal> journal_;
  std::optional<Result<firmware::Caseload>> caseload_;
  DeviceClock clock_;
  std::optional<firmware::JudgedClock> judged_;
  std::deque<User> users_;  // Capture holds references
};

}  // namespace lantaarn::programme
