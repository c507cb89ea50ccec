#pragma once
// Opening a batch: from sealed bytes to examined events. Runs on the merge's second thread; touches no database.

#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "sync_server/merge/check.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server {

/// Seal keys by (log, key id); shared by both threads. A key id that was given twice keeps both keys.
class SealKeys {
 public:
  using Keys = std::vector<std::shared_ptr<const crypto::Key>>;
  [[nodiscard]] Keys find(const LogId& log, const KeyId& id) const;
  void add(const LogId& log, const KeyId& id, const crypto::Key& key);
  void clear();

 private:
  struct Place {
    LogId log;
    KeyId id;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const { return std::hash<LogId>()(place.log) ^ std::hash<KeyId>()(place.id); }
  };
  mutable std::mutex mutex_;
  std::unordered_map<Place, Keys, PlaceHash> keys_;
};

struct NewSealKey {
  KeyId id;
  crypto::Key key;
  std::uint32_t sealing_number = 1;      ///< of the server key its box was sealed to
};

/// An entry of a batch, in order: opened, or held.
struct PreparedEntry {
  std::size_t run = 0;
  std::optional<Examined> opened;
  HeldEntry held;                        ///< when not opened
};

struct PreparedBatch {
  std::int64_t inbox_id = 0;
  DeviceId device;
  LogId log;
  std::int64_t received_ms = 0;
  std::vector<PreparedEntry> entries;
  std::vector<CheckedRun> runs;
  std::vector<NewSealKey> new_keys;
  std::string bad;                       ///< error code: the batch as a whole is set apart
  Hash bytes_hash{};                     ///< of a bad batch
};

/// Opens one entry with the first of `keys` that fits.
[[nodiscard]] bool open_with(const SealKeys::Keys& keys, const journal::EntryView& entry, Bytes& event);

class Opener {
 public:
  /// `former_servers`: no handheld may speak in their names either.
  Opener(const ServerKeys& server, SealKeys& seal_keys, BoundKeys keys, std::set<DeviceId> former_servers, int newest_fact)
      : server_(server), seal_keys_(seal_keys), keys_(std::move(keys)), former_servers_(std::move(former_servers)),
        newest_fact_(newest_fact) {}
  [[nodiscard]] PreparedBatch prepare(const InboxBatch& batch);

 private:
  void take_box(PreparedBatch& prepared, const CheckedEntry& checked);
  PreparedEntry prepare_entry(const PreparedBatch& batch, const CheckedEntry& checked, bool verified);
  const ServerKeys& server_;
  SealKeys& seal_keys_;
  BoundKeys keys_;
  std::set<DeviceId> former_servers_;
  int newest_fact_;
};

}  // namespace lantaarn::server
