#pragma once
// A whole register on its way to another server: one file, sealed to one receiver. MIGRATION.md is the document.

#include <fstream>

#include "common/crypto/sealed_stream.hpp"
#include "common/crypto/seal.hpp"
#include "sync_server/admin/new_file.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server::admin {

namespace pb {
class Part;
}

inline constexpr std::string_view kMigrationMagic = "LANTMIGR";
inline constexpr std::uint32_t kMigrationVersion = 1;
inline constexpr std::size_t kMigrationBoxBytes = crypto::Key::kBytes + crypto::kSealedBoxOverhead;
inline constexpr std::size_t kMigrationHeadBytes = kMigrationMagic.size() + sizeof(std::uint32_t) + kMigrationBoxBytes + crypto::kStreamHeaderBytes;
inline constexpr std::size_t kMigrationPartBytesMax = 1024 * 1024;  ///< sealed; an entry is far smaller
static_assert(kMigrationMagic.size() == 8 && kMigrationBoxBytes == 80 && kMigrationHeadBytes == 116);

/// By which people compare a receiver's key over the telephone: BLAKE2b-256 of "lantaarn migration key v1", key.
[[nodiscard]] Hash migration_fingerprint(const crypto::BoxPublicKey& key);
/// The key file's one line.
[[nodiscard]] std::string migration_key_text(const crypto::BoxPublicKey& key);
/// kRefused "file_unreadable" {path}, "migration_key_unreadable".
[[nodiscard]] Result<crypto::BoxPublicKey> read_migration_key(const std::string& path);

/// Writes head and parts; the caller finishes the file.
class MigrationWriter final : public EntrySink {
 public:
  [[nodiscard]] static Result<MigrationWriter> begin(WholeFile& file, const crypto::BoxPublicKey& to, const Adoption& whose, int fold_version);
  [[nodiscard]] Status add_entry(const StoredEntry& entry) override;
  [[nodiscard]] Status add_dropped(const StoredEntry& entry) override;
  [[nodiscard]] Status add_held(const HeldEntry& held) override;
  [[nodiscard]] Status add_bad_batch(const Quarantined& apart) override;
  [[nodiscard]] Status end(const Digest& digest);
  [[nodiscard]] std::uint64_t parts() const { return parts_; }

 private:
  MigrationWriter(WholeFile& file, const crypto::Key& key) : file_(file), stream_(key) {}
  [[nodiscard]] Status write(const pb::Part& part, bool last = false);
  WholeFile& file_;
  crypto::SealingStream stream_;
  Hash head_{};
  std::uint64_t parts_ = 0;
};

/// Reads it again. Errors: kRefused "file_unreadable" {path}, "migration_not_one" (something else), "migration_newer",
/// "migration_not_for_here" (sealed to another key, or that was altered), "migration_other_version" (of another fold);
/// kCorrupt "migration_broken" (altered, cut off, or longer than it was).
class MigrationReader {
 public:
  [[nodiscard]] static Result<MigrationReader> open(const std::string& path, const crypto::BoxKey& key);
  [[nodiscard]] const Adoption& whose() const { return whose_; }
  /// Everything into `sink`, to the end; the digest that the sender had.
  [[nodiscard]] Result<Digest> replay(EntrySink& sink);

 private:
  MigrationReader(std::ifstream file, crypto::OpeningStream stream, const Hash& head)
      : file_(std::move(file)), stream_(std::move(stream)), head_(head) {}
  [[nodiscard]] Status read(pb::Part& part, bool& last);
  [[nodiscard]] Status read_beginning();
  std::ifstream file_;
  crypto::OpeningStream stream_;
  Hash head_;
  Adoption whose_;
  std::uint64_t parts_ = 0;
};

}  // namespace lantaarn::server::admin
