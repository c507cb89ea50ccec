#pragma once
// A handheld with a real journal that puts its batches straight into the inbox, as the gateway would.

#include "common/crypto/random.hpp"
#include "common/journal/journal.hpp"
#include "sync_server/inbox/inbox.hpp"
#include "tests/sync_server/admin/office.hpp"

namespace lantaarn::server::admin {

class DeliveringHandheld {
 public:
  /// Added to `office` as "h1" for Anna, and enrolled.
  explicit DeliveringHandheld(Office& office);

  /// A contact of Anna's with this woman (empty: an unknown person). Its event id.
  EventId log_contact(const std::string& client_id_hex);
  /// Saved in Anna's name by somebody without her key: by a user who is not on this handheld.
  void log_as_stranger();
  /// The entry that Anna's second PIN leaves, or her own.
  void unlock(bool duress);
  /// Everything saved so far is received; nothing is merged yet.
  void deliver();

  /// The server's newest sealing key, from here on (as after a sync), and a seal key of its own with it.
  void adopt_keys();

  /// The inbox has nothing of it any more.
  void forget_delivery() { delivered_ = 0; }

  DeviceId device;

 private:
  EventId save(const UserId& author, const crypto::SignKey& sign, const std::string& client_id_hex);
  EventId save_event(const UserId& author, const crypto::SignKey& sign, const model::Event& event);
  Office& office_;
  UserId anna_;
  crypto::SignKey sign_;
  journal::SealKey seal_key_;
  crypto::BoxPublicKey sealed_to_{};
  std::uint32_t sealed_to_number_ = 0;
  std::optional<journal::Journal> journal_;
  std::uint64_t delivered_ = 0;
};

}  // namespace lantaarn::server::admin
