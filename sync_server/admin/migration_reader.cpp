#include "common/crypto/hash.hpp"
#include "sync_server/admin/migration.pb.h"
#include "sync_server/admin/migration_file.hpp"

namespace lantaarn::server::admin {
namespace {

// Fills what is asked for, or says that it cannot.
bool read_into(std::ifstream& file, std::span<std::uint8_t> into) {
  file.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size()));
  return static_cast<std::size_t>(file.gcount()) == into.size();
}

Error broken() { return corrupt("migration_broken"); }

template <typename IdType>
bool take_id(const std::string& raw, IdType& id) {
  const auto read = IdType::from(raw);
  if (read) id = *read;
  return read.has_value();
}
bool take_hash(const std::string& raw, Hash& hash) {
  const auto read = to_array<std::tuple_size_v<Hash>>(as_bytes(raw));
  if (read) hash = *read;
  return read.has_value();
}

template <typename Message, typename Entry>
bool take_common(const Message& from, Entry& entry) {
  entry.place.seq = from.place().seq();
  entry.received_ms = from.received_ms();
  entry.verified = from.verified();
  return take_id(from.place().device_id(), entry.place.device) && take_id(from.place().log_id(), entry.place.log) &&
         take_hash(from.place().hash(), entry.place.hash) && take_hash(from.place().previous(), entry.place.previous) &&
         take_id(from.author(), entry.author);
}

Status give(const pb::Part& part, EntrySink& sink) {
  if (part.has_entry()) {
    StoredEntry entry;
    if (!take_common(part.entry(), entry)) return broken();
    entry.bytes = to_bytes(as_bytes(part.entry().event()));
    return sink.add_entry(entry);
  }
  if (part.has_dropped()) {
    StoredEntry entry;
    if (!take_common(part.dropped(), entry) || !take_id(part.dropped().event_id(), entry.event)) return broken();
    return sink.add_dropped(entry);
  }
  if (part.has_held()) {
    HeldEntry held;
    if (!take_common(part.held(), held)) return broken();
    held.admission = static_cast<Admission>(part.held().admission());
    if (held.admission != Admission::kSealKeyUnknown && held.admission != Admission::kNotAuthentic) return broken();
    held.raw = to_bytes(as_bytes(part.held().raw()));
    return sink.add_held(held);
  }
  if (!part.has_bad_batch()) return broken();
  Quarantined apart;
  const auto& batch = part.bad_batch();
  if (!take_id(batch.device_id(), apart.entry.device) || !take_id(batch.log_id(), apart.entry.log)) return broken();
  if (!take_hash(batch.hash(), apart.entry.hash)) return broken();
  apart.reason = batch.reason();
  apart.received_ms = batch.received_ms();
  return sink.add_bad_batch(apart);
}

}  // namespace

Result<MigrationReader> MigrationReader::open(const std::string& path, const crypto::BoxKey& key) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refused("file_unreadable", {path});
  Bytes head(kMigrationHeadBytes);
  const bool whole = read_into(file, head);
  ByteReader fields(head);
  if (as_text(*fields.take(kMigrationMagic.size())) != kMigrationMagic) return refused("migration_not_one");
  if (!whole) return broken();
  if (*fields.take_le<std::uint32_t>() != kMigrationVersion) return refused("migration_newer");
  const auto opened = key.open(*fields.take(kMigrationBoxBytes));
  const auto file_key = opened ? crypto::Key::from(opened->view()) : std::nullopt;
  if (!file_key) return refused("migration_not_for_here");
  const auto header = to_array<crypto::kStreamHeaderBytes>(fields.rest());
  MigrationReader reader(std::move(file), crypto::OpeningStream(*file_key, *header), crypto::blake2b_256({head}));
  LANTAARN_TRY(reader.read_beginning());
  return reader;
}

Status MigrationReader::read(pb::Part& part, bool& last) {
  ByteArray<sizeof(std::uint32_t)> length;
  if (!read_into(file_, length)) return broken();
  const auto bytes = load_le<std::uint32_t>(length.data());
  if (bytes < crypto::kStreamPartOverhead || bytes > kMigrationPartBytesMax) return broken();
  Bytes sealed(bytes);
  if (!read_into(file_, sealed)) return broken();
  const auto opened = stream_.open(sealed, head_);
  if (!opened || !part.ParseFromArray(opened->plain.data(), static_cast<int>(opened->plain.size()))) return broken();
  last = opened->last;
  return {};
}

Status MigrationReader::read_beginning() {
  pb::Part part;
  bool last = false;
  LANTAARN_TRY(read(part, last));
  if (last || !part.has_beginning() || !take_id(part.beginning().server_id(), whose_.from)) return broken();
  if (part.beginning().fold_version() != kFoldVersion) return refused("migration_other_version");
  for (const auto& raw : part.beginning().former_servers()) {
    if (!take_id(raw, whose_.former_servers.emplace_back())) return broken();
  }
  parts_ = 1;
  return {};
}

Result<Digest> MigrationReader::replay(EntrySink& sink) {
  while (true) {
    pb::Part part;
    bool last = false;
    LANTAARN_TRY(read(part, last));
    if (last != part.has_end()) return broken();
    if (last) {
      Digest digest;
      digest.fold_version = kFoldVersion;
      const bool is_end = part.end().parts() == parts_ && take_hash(part.end().digest(), digest.value);
      if (!is_end || file_.peek() != std::ifstream::traits_type::eof()) return broken();
      return digest;
    }
    LANTAARN_TRY(give(part, sink));
    ++parts_;
  }
}

}  // namespace lantaarn::server::admin
