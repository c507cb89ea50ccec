#pragma once
// The two secrets of the server that live in the process facing the network, and what takes their place. Sessions and
// handshakes that began with one keep it alive until they end.

#include <deque>
#include <memory>

#include "common/channel/stream.hpp"
#include "common/crypto/sign.hpp"

namespace lantaarn::server::ipc {
class Configure;
class Secrets;
}  // namespace lantaarn::server::ipc

namespace lantaarn::server::gateway {

/// As whom the server answers: its channel keys, newest first.
class ChannelIdentity {
 public:
  ChannelIdentity(const ServerId& id, std::vector<channel::DhKeyPair> keys);
  ChannelIdentity(const ChannelIdentity&) = delete;
  ChannelIdentity& operator=(const ChannelIdentity&) = delete;
  /// Valid as long as this object.
  [[nodiscard]] const channel::ServerIdentity& value() const { return value_; }

 private:
  std::vector<channel::DhKeyPair> keys_;
  std::vector<const channel::DhKeyPair*> former_;
  channel::ServerIdentity value_;
};

/// Receipt keys: the last two, because a session's certificate may be for the one before.
class ReceiptKeys {
 public:
  void add(const crypto::SignSeed& seed);
  /// Null when neither of the two.
  [[nodiscard]] std::shared_ptr<const crypto::SignKey> find(const crypto::VerifyKey& key) const;
  [[nodiscard]] const std::shared_ptr<const crypto::SignKey>& newest() const { return keys_.front(); }

 private:
  std::deque<std::shared_ptr<const crypto::SignKey>> keys_;
};

/// kRejectPeer "ipc_broken".
[[nodiscard]] Result<std::shared_ptr<const ChannelIdentity>> read_identity(const ServerId& id, const ipc::Configure& configure);
[[nodiscard]] Result<std::shared_ptr<const ChannelIdentity>> read_identity(const ServerId& id, const ipc::Secrets& secrets);

}  // namespace lantaarn::server::gateway
