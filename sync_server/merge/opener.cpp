#include "sync_server/merge/opener.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"

namespace lantaarn::server {
namespace {
constexpr std::size_t kSealKeysInMemory = 20'000;
}

const crypto::BoxKey* ServerKeys::sealing_key(std::uint32_t number) const {
  if (number == sealing_number) return &sealing;
  if (former_sealing == nullptr) return nullptr;
  const auto former = former_sealing->find(number);
  return former == former_sealing->end() ? nullptr : &former->second;
}

SealKeys::Keys SealKeys::find(const LogId& log, const KeyId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find({log, id});
  return found == keys_.end() ? Keys{} : found->second;
}

void SealKeys::add(const LogId& log, const KeyId& id, const crypto::Key& key) {
  const std::lock_guard lock(mutex_);
  if (keys_.size() >= kSealKeysInMemory) keys_.clear();
  Keys& keys = keys_[{log, id}];
  const bool known = std::any_of(keys.begin(), keys.end(), [&](const auto& one) { return crypto::equal(one->view(), key.view()); });
  if (!known) keys.push_back(std::make_shared<const crypto::Key>(key.duplicate()));
}

void SealKeys::clear() {
  const std::lock_guard lock(mutex_);
  keys_.clear();
}

bool open_with(const SealKeys::Keys& keys, const journal::EntryView& entry, Bytes& event) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return journal::open_entry(entry, *key, event).ok(); });
}

void Opener::take_box(PreparedBatch& prepared, const CheckedEntry& checked) {
  const journal::EntryView& entry = checked.entry;
  if (entry.box.empty()) return;
  const crypto::BoxKey* sealing = server_.sealing_key(entry.header.sealing_key);
  if (sealing == nullptr) return;  // destroyed
  auto key = journal::open_seal_key_box(*sealing, entry.box, prepared.device, prepared.log, entry.header.seal_key);
  if (!key.ok()) return;  // the entry is then held, with its reason
  seal_keys_.add(prepared.log, entry.header.seal_key, *key);
  prepared.new_keys.push_back({entry.header.seal_key, std::move(*key), entry.header.sealing_key});
}

PreparedEntry Opener::prepare_entry(const PreparedBatch& batch, const CheckedEntry& checked, bool verified) {
  const journal::EntryHeader& header = checked.entry.header;
  const EntryPlace place{header.device, header.log, header.seq, checked.hash, header.previous};
  PreparedEntry prepared;
  prepared.run = checked.run;
  const auto keys = seal_keys_.find(batch.log, header.seal_key);
  Bytes event;
  if (open_with(keys, checked.entry, event)) {
    prepared.opened = examine({place, header.author, batch.received_ms, verified, false}, std::move(event), newest_fact_);
    return prepared;
  }
  prepared.held = {place, header.author, header.seal_key, batch.received_ms, verified,
                   keys.empty() ? Admission::kSealKeyUnknown : Admission::kNotAuthentic, to_bytes(checked.entry.bytes)};
  return prepared;
}

PreparedBatch Opener::prepare(const InboxBatch& batch) {
  PreparedBatch prepared;
  prepared.inbox_id = batch.inbox_id;
  prepared.device = batch.device;
  prepared.log = batch.log;
  prepared.received_ms = batch.received_ms;
  auto checked = check_batch(batch.bytes, batch.device, batch.log, keys_);
  const bool poses_as_server = batch.device.bytes == server_.server.id.bytes || former_servers_.contains(batch.device);
  if (!checked.ok() || poses_as_server) {
    prepared.bad = poses_as_server ? reason_of(Admission::kServerFact) : "batch_broken";
    prepared.bytes_hash = crypto::blake2b_256({batch.bytes});
    return prepared;
  }
  for (const CheckedEntry& entry : checked->entries) take_box(prepared, entry);
  prepared.entries.reserve(checked->entries.size());
  for (const CheckedEntry& entry : checked->entries) {
    prepared.entries.push_back(prepare_entry(prepared, entry, checked->runs[entry.run].verified));
  }
  prepared.runs = std::move(checked->runs);
  return prepared;
}

}  // namespace lantaarn::server
