#include "sync_server/merge/check.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"

namespace lantaarn::server {
namespace {

UnverifiedRun end_of_run(const DeviceId& device, const LogId& log, const journal::BatchItem& item, const Hash& hash) {
  UnverifiedRun run;
  run.device = device;
  run.log = log;
  run.author = item.entry.header.author;
  run.seq = item.entry.header.seq;
  run.hash = hash;
  std::copy(item.signature.begin(), item.signature.end(), run.signature.begin());
  run.id = crypto::blake2b_128({as_bytes("lantaarn run v1"), device.view(), log.view(), run.author.view(), hash, run.signature});
  return run;
}

}  // namespace

bool verifies(const UnverifiedRun& run, const std::vector<crypto::VerifyKey>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const crypto::VerifyKey& key) {
    return journal::verify_head(key, run.device, run.log, run.seq, run.hash, run.signature);
  });
}

Result<CheckedBatch> check_batch(ByteView batch, const DeviceId& device, const LogId& log, const BoundKeys& keys) {
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(batch));
  const journal::EntryHeader& first = items.front().entry.header;
  journal::ChainVerifier chain(device, log, {first.seq - 1, first.previous});
  CheckedBatch checked;
  checked.entries.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    LANTAARN_TRY(chain.advance(items[i].entry));
    if (items[i].entry.header.seq > kSeqMax) return corrupt("entry_unreadable");
    checked.entries.push_back({items[i].entry, chain.at().hash, checked.runs.size()});
    const bool run_ends = i + 1 == items.size() || items[i + 1].entry.header.author != items[i].entry.header.author;
    if (!run_ends) continue;
    if (items[i].signature.empty()) return reject_peer("signature_missing", {std::to_string(items[i].entry.header.seq)});
    CheckedRun run{false, end_of_run(device, log, items[i], chain.at().hash)};
    if (const auto bound = keys.find({device, run.end.author}); bound != keys.end()) run.verified = verifies(run.end, bound->second);
    checked.runs.push_back(run);
  }
  return checked;
}

}  // namespace lantaarn::server
