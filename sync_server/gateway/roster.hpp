#pragma once
// Who may connect, as the registry process says: in memory only, gone with the process.

#include <map>
#include <memory>

#include "common/crypto/dh.hpp"
#include "common/journal/batch.hpp"

namespace lantaarn::server::ipc {
class Configure;
class Update;
}  // namespace lantaarn::server::ipc

namespace lantaarn::server::gateway {

struct RosterDevice {
  DeviceId id;
  std::optional<crypto::DhPublicKey> channel_key;  ///< nothing: not enrolled yet
  crypto::Key psk;
  bool revoked = false;
  std::map<UserId, crypto::VerifyKey> users;
  std::optional<crypto::DhPublicKey> previous_channel_key = {};  ///< accepted until it comes with the new one
  crypto::Key previous_psk = {};
  /// The one that goes with the key it came with.
  [[nodiscard]] const crypto::Key& psk_for(const crypto::DhPublicKey& key) const {
    return previous_channel_key == key ? previous_psk : psk;
  }
  [[nodiscard]] journal::AuthorKeys author_keys() const;  ///< must not outlive this device
};

struct RosterTicket {
  TicketId id;
  crypto::Key psk;
  DeviceId device;
  std::int64_t expires_at_ms = 0;
  std::optional<crypto::DhPublicKey> bound_to;
  bool spent = false;
};

class Roster {
 public:
  /// Errors: kRejectPeer "ipc_broken" (a record with wrong lengths); what came before it is applied.
  [[nodiscard]] Status apply(const ipc::Configure& configure);
  [[nodiscard]] Status apply(const ipc::Update& update);

  /// nullptr when unknown. Shared: a session keeps the device as it was when it looked.
  [[nodiscard]] std::shared_ptr<const RosterDevice> device(const DeviceId& id) const;
  [[nodiscard]] std::shared_ptr<const RosterDevice> device_by_key(const crypto::DhPublicKey& key) const;
  /// nullptr when unknown; valid until the next apply().
  [[nodiscard]] RosterTicket* ticket(const TicketId& id);
  [[nodiscard]] std::uint64_t merged_seq(const DeviceId& device, const LogId& log) const;

 private:
  template <typename Records>
  [[nodiscard]] Status apply_records(const Records& records);

  std::map<DeviceId, std::shared_ptr<const RosterDevice>> devices_;
  std::map<crypto::DhPublicKey, DeviceId> by_key_;  // previous ones too
  std::map<TicketId, RosterTicket> tickets_;
  std::map<std::pair<DeviceId, LogId>, std::uint64_t> merged_;
};

}  // namespace lantaarn::server::gateway
