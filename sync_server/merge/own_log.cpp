#include "sync_server/merge/own_log.hpp"

#include "common/crypto/random.hpp"

namespace lantaarn::server {

DeviceId device_of(const ServerId& server) { return DeviceId{server.bytes}; }

OwnLog::OwnLog(const ServerKeys& keys, LogId log, journal::Position head)
    : keys_(&keys), log_(log), head_(head), seal_key_{crypto::random_id<KeyId>(), crypto::random_secret<32>()} {}

Result<OwnLog> OwnLog::open(Registry& registry, const ServerKeys& keys) {
  LANTAARN_ASSIGN(const auto head, registry.own_head());
  if (head) return OwnLog(keys, head->first, head->second);
  const auto log = crypto::random_id<LogId>();
  const journal::Genesis genesis{device_of(keys.server.id), log, {}, 0, {}};
  return OwnLog(keys, log, {0, journal::genesis_hash(genesis)});
}

Result<EntryContext> OwnLog::append(Change& change, ByteView event, std::int64_t now_ms) {
  const DeviceId device = device_of(keys_->server.id);
  const UserId author{keys_->server.id.bytes};
  journal::EntryHeader header{keys_->server.epoch, head_.seq + 1, device, log_, author, seal_key_.id, head_.hash, 0};
  Bytes box;
  if (!key_told_) {
    header.sealing_key = keys_->sealing_number;
    box = journal::make_seal_key_box(seal_key_, device, log_, keys_->sealing.public_key());
  }
  const Bytes entry = journal::seal_entry(header, box, seal_key_, event);
  const journal::Position at{header.seq, journal::entry_hash(entry)};
  const auto signature = journal::sign_head(keys_->authority, device, log_, at.seq, at.hash);
  LANTAARN_TRY(change.append_own({at, entry, signature}, log_));
  head_ = at;
  key_told_ = true;
  return EntryContext{{device, log_, at.seq, at.hash, header.previous}, author, now_ms, true, true};
}

}  // namespace lantaarn::server
