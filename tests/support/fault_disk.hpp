#pragma once
// A disk in memory that counts what reaches it and fails where it is told to. It is the disk under FaultVfs.
//
// The model, and where it is harsher or simpler than a real disk:
// - Four operations are numbered, from 1: write, sync, truncate, delete (of a file that exists).
// - What a file held at its last sync survives a power cut. What was written or cut off since then survives only if
//   the outcome says so.
// - A new file's name is durable from the file's first sync on; a deletion once a delete asked for the folder's sync.
// - Power is cut *in* operation n: a write, truncate or delete n may or may not have reached the disk (the outcome
//   decides), a sync n has not happened; it reports failure, and so does everything after it.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"

namespace lantaarn::support {

/// What the disk holds after a power cut.
enum class Outcome {
  kAllKept,          ///< every write reached it, synced or not
  kUnsyncedDropped,  ///< nothing that was not synced did
  kLastWriteTorn,    ///< all but the second half of the last unsynced write
};
inline constexpr Outcome kOutcomes[] = {Outcome::kAllKept, Outcome::kUnsyncedDropped, Outcome::kLastWriteTorn};
[[nodiscard]] const char* name_of(Outcome outcome);

enum class Fault { kNone, kPowerCut, kDiskFull, kIoError };
enum class Operation { kWrite, kSync, kTruncate, kDelete };

/// How to take back one unsynced change.
struct Undo {
  std::uint64_t order = 0;  ///< over all files
  bool is_write = false;
  std::size_t offset = 0;
  std::size_t new_bytes = 0;  ///< written there
  Bytes old_bytes;            ///< what stood there before
  std::size_t old_size = 0;   ///< of the file
};

struct DiskFile {
  std::string path;
  Bytes content;
  std::vector<Undo> unsynced;
};

/// Safe to use from several threads. Files are shared with whoever has them open.
class FaultDisk {
 public:
  using File = std::shared_ptr<DiskFile>;

  // Operations. A result other than kNone means that it failed.
  [[nodiscard]] Fault write(DiskFile& file, std::size_t offset, ByteView bytes);
  [[nodiscard]] Fault sync(const File& file);
  [[nodiscard]] Fault truncate(DiskFile& file, std::size_t size);
  [[nodiscard]] Fault remove(const std::string& path, bool folder_synced);

  // Not numbered; these fail only when the power is off.
  [[nodiscard]] bool powered() const;
  [[nodiscard]] File find(const std::string& path) const;
  [[nodiscard]] File create(const std::string& path);
  /// Copies into `into`; false when the file ends before it is filled (the rest is zero).
  [[nodiscard]] bool read(const DiskFile& file, std::size_t offset, std::span<std::uint8_t> into) const;
  [[nodiscard]] std::size_t size(const DiskFile& file) const;

  // What a test arranges.
  /// Operations since the last reset_count(), power_cut() or heal().
  [[nodiscard]] std::uint64_t operations() const;
  /// What operation number n was: "write vault.db-wal 4096+32"; kept from reset_count() on.
  [[nodiscard]] std::vector<std::string> trace() const;
  void reset_count();
  void cut_power_at(std::uint64_t operation);
  /// Only that operation fails, or (`lasting`) that one and every later operation.
  void fail_at(std::uint64_t operation, Fault fault, bool lasting);
  /// Switches faults off and begins to count anew; nothing is lost.
  void heal();
  /// The power goes (unless it is gone already) and comes back; what remains is what `outcome` says.
  void power_cut(Outcome outcome);

  [[nodiscard]] std::vector<std::string> files() const;
  [[nodiscard]] Bytes content(const std::string& path) const;
  void put(const std::string& path, ByteView content);
  void flip_bit(const std::string& path, std::size_t byte, unsigned bit);
  void cut_off(const std::string& path, std::size_t size);
  /// Whether any file holds these bytes now, synced or not.
  [[nodiscard]] bool contains(ByteView needle) const;

  /// All files, as durable copies: a saved state, or an old backup.
  using Snapshot = std::map<std::string, Bytes>;
  [[nodiscard]] Snapshot snapshot() const;
  /// Replaces everything; nothing may be open.
  void restore(const Snapshot& saved);

 private:
  Fault count(Operation operation, const std::string& path, std::size_t offset = 0, std::size_t bytes = 0);
  void tear_last();
  using Names = std::map<std::string, File>;
  mutable std::mutex mutex_;
  Names names_;          // as a running program sees them
  Names durable_names_;  // as they are found after a power cut that drops what was not synced
  std::uint64_t order_ = 0;
  std::uint64_t operations_ = 0;
  struct Step {
    Operation operation;
    std::string path;
    std::size_t offset;
    std::size_t bytes;
  };
  std::vector<Step> trace_;
  std::uint64_t fail_at_ = 0;
  Fault fault_ = Fault::kNone;
  bool lasting_ = false;
  bool powered_ = true;
};

}  // namespace lantaarn::support
