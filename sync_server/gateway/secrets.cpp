#include "sync_server/gateway/secrets.hpp"

#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::gateway {
namespace {

// Records: ipc::Configure or ipc::Secrets.
template <typename Records>
Result<std::shared_ptr<const ChannelIdentity>> read_keys(const ServerId& id, const Records& records) {
  const Error broken = in_context(reject_peer("ipc_broken"), "channel keys");
  std::vector<channel::DhKeyPair> keys;
  const auto add = [&keys](const std::string& raw) {
    auto key = crypto::Key::from(as_bytes(raw));
    if (key) keys.emplace_back(std::move(*key));
    return key.has_value();
  };
  if (!add(records.channel_private_key())) return broken;
  for (const std::string& former : records.former_channel_private_keys()) {
    if (!add(former)) return broken;
  }
  if (keys.size() > channel::kServerKeysMax) return broken;
  return std::shared_ptr<const ChannelIdentity>(std::make_shared<ChannelIdentity>(id, std::move(keys)));
}

}  // namespace

ChannelIdentity::ChannelIdentity(const ServerId& id, std::vector<channel::DhKeyPair> keys) : keys_(std::move(keys)) {
  for (std::size_t i = 1; i < keys_.size(); ++i) former_.push_back(&keys_[i]);
  value_ = {id, &keys_.front(), former_};
}

void ReceiptKeys::add(const crypto::SignSeed& seed) {
  keys_.push_front(std::make_shared<const crypto::SignKey>(seed));
  if (keys_.size() > 2) keys_.pop_back();
}

std::shared_ptr<const crypto::SignKey> ReceiptKeys::find(const crypto::VerifyKey& key) const {
  for (const auto& one : keys_) {
    if (one->verify_key() == key) return one;
  }
  return nullptr;
}

Result<std::shared_ptr<const ChannelIdentity>> read_identity(const ServerId& id, const ipc::Configure& configure) {
  return read_keys(id, configure);
}
Result<std::shared_ptr<const ChannelIdentity>> read_identity(const ServerId& id, const ipc::Secrets& secrets) {
  return read_keys(id, secrets);
}

}  // namespace lantaarn::server::gateway
