#include "common/crypto/aead.hpp"
#include "common/model/event.hpp"
#include "sync_server/backup/archive.hpp"
#include "sync_server/backup/sealed_file.hpp"

namespace lantaarn::server::backup {
namespace {

Error damaged(const char* what) { return in_context(corrupt("backup_damaged"), what); }

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

// What of a row does not depend on whether it opens.
template <typename Entry>
bool take_common(const pb::Entries& chunk, const pb::EntryRow& row, Entry& entry) {
  entry.place.seq = row.seq();
  entry.received_ms = row.received_ms();
  entry.verified = row.verified();
  return take_id(chunk.device_id(), entry.place.device) && take_id(chunk.log_id(), entry.place.log) && take_hash(row.hash(), entry.place.hash) &&
         take_hash(row.previous(), entry.place.previous) && take_id(row.author(), entry.author);
}

class Replay {
 public:
  Replay(const Keyring& keyring, EntrySink& sink) : keyring_(keyring), sink_(sink) {}
  Replayed replayed;

  Status chunk(const pb::Entries& chunk) {
    for (const pb::EntryRow& row : chunk.rows()) {
      ++replayed.entries;
      LANTAARN_TRY(row.state() == pb::EntryRow::HELD ? held(chunk, row) : entry(chunk, row));
    }
    return {};
  }

 private:
  Status held(const pb::Entries& chunk, const pb::EntryRow& row) {
    HeldEntry held;
    if (!take_common(chunk, row, held)) return damaged("row");
    held.raw = lantaarn::to_bytes(as_bytes(row.box()));
    LANTAARN_ASSIGN(const auto view, journal::parse_entry(held.raw));
    held.seal_key = view.header.seal_key;
    held.admission = static_cast<Admission>(row.admission());
    return sink_.add_held(held);
  }

  Status entry(const pb::Entries& chunk, const pb::EntryRow& row) {
    StoredEntry entry;
    if (!take_common(chunk, row, entry) || !take_id(row.event_id(), entry.event)) return damaged("row");
    if (row.state() == pb::EntryRow::DROPPED) return sink_.add_dropped(entry);
    const auto owner = to_array<kIdBytes>(as_bytes(row.owner()));
    const crypto::Key* key = owner ? keyring_.key_of(*owner) : &keyring_.data_key();
    if (key == nullptr) {
      replayed.closed.insert(*owner);
      return sink_.add_dropped(entry);
    }
    auto opened = crypto::open_record(*key, entry.event.view(), as_bytes(row.box()));
    if (!opened || model::event_id_of(*opened) != entry.event) return damaged("event");
    entry.bytes = std::move(*opened);
    return sink_.add_entry(entry);
  }

  const Keyring& keyring_;
  EntrySink& sink_;
};

}  // namespace

Result<Bytes> read_chunk(TargetFiles& files, const pb::ChunkRef& chunk, const crypto::BoxKey& recovery) {
  LANTAARN_ASSIGN(const auto file, files.read(chunk_name(chunk)));
  if (!file || to_string(crypto::blake2b_256({*file})) != chunk.hash()) return damaged("chunk");
  return open_file(recovery, kChunkMagic, *file);
}

Result<Replayed> replay_archive(TargetFiles& files, const pb::Manifest& manifest, const crypto::BoxKey& recovery,
                                const Keyring& keyring, EntrySink& sink) {
  Replay replay(keyring, sink);
  bool whole = false;
  for (const pb::ChunkRef& chunk : manifest.chunks()) {
    LANTAARN_ASSIGN(const Bytes plain, read_chunk(files, chunk, recovery));
    const int size = static_cast<int>(plain.size());
    if (chunk.kind() == static_cast<std::uint32_t>(ChunkKind::kState)) {
      whole = replay.replayed.state.ParseFromArray(plain.data(), size);
      continue;
    }
    pb::Entries entries;
    if (chunk.kind() != static_cast<std::uint32_t>(ChunkKind::kEntries) || !entries.ParseFromArray(plain.data(), size)) return damaged("chunk");
    LANTAARN_TRY(replay.chunk(entries));
  }
  if (!whole) return damaged("state");
  return std::move(replay.replayed);
}

}  // namespace lantaarn::server::backup
