#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "common/model/event.hpp"
#include "sync_server/admin/migration.pb.h"
#include "sync_server/admin/migration_file.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::string_view kKeyLine = "lantaarn-migration-key-1 ";
constexpr std::size_t kKeyFileBytesMax = 256;

using model::id_field;

void put_place(pb::Place& to, const EntryPlace& place) {
  to.set_device_id(id_field(place.device));
  to.set_log_id(id_field(place.log));
  to.set_seq(place.seq);
  to.set_hash(to_string(place.hash));
  to.set_previous(to_string(place.previous));
}

// What every kind of entry has.
template <typename Message, typename Entry>
void put_common(Message& to, const Entry& entry) {
  put_place(*to.mutable_place(), entry.place);
  to.set_author(id_field(entry.author));
  to.set_received_ms(entry.received_ms);
  to.set_verified(entry.verified);
}

}  // namespace

Hash migration_fingerprint(const crypto::BoxPublicKey& key) { return crypto::blake2b_256({as_bytes("lantaarn migration key v1"), key}); }

std::string migration_key_text(const crypto::BoxPublicKey& key) { return std::string(kKeyLine) + to_hex(key) + "\n"; }

Result<crypto::BoxPublicKey> read_migration_key(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refused("file_unreadable", {path});
  std::string text(kKeyFileBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (!text.starts_with(kKeyLine)) return refused("migration_key_unreadable");
  const auto bytes = from_hex(std::string_view(text).substr(kKeyLine.size()));
  const auto key = bytes ? to_array<32>(*bytes) : std::nullopt;
  if (!key) return refused("migration_key_unreadable");
  return *key;
}

Result<MigrationWriter> MigrationWriter::begin(WholeFile& file, const crypto::BoxPublicKey& to, const Adoption& whose, int fold_version) {
  const auto key = crypto::random_secret<crypto::Key::kBytes>();
  MigrationWriter writer(file, key);
  Bytes head = to_bytes(as_bytes(kMigrationMagic));
  append_le(head, kMigrationVersion);
  append(head, crypto::seal_to(to, key.view()));
  append(head, writer.stream_.header());
  writer.head_ = crypto::blake2b_256({head});
  LANTAARN_TRY(file.write(head));
  pb::Part part;
  auto& beginning = *part.mutable_beginning();
  beginning.set_server_id(id_field(whose.from));
  for (const DeviceId& former : whose.former_servers) beginning.add_former_servers(id_field(former));
  beginning.set_fold_version(fold_version);
  LANTAARN_TRY(writer.write(part));
  return writer;
}

Status MigrationWriter::write(const pb::Part& part, bool last) {
  Bytes plain(part.ByteSizeLong());
  part.SerializeWithCachedSizesToArray(plain.data());
  const Bytes sealed = stream_.seal(plain, head_, last);
  if (sealed.size() > kMigrationPartBytesMax) return bug("migration: a part that no reader takes");
  Bytes length;
  append_le(length, static_cast<std::uint32_t>(sealed.size()));
  LANTAARN_TRY(file_.write(length));
  ++parts_;
  return file_.write(sealed);
}

Status MigrationWriter::add_entry(const StoredEntry& entry) {
  pb::Part part;
  put_common(*part.mutable_entry(), entry);
  part.mutable_entry()->set_event(to_string(entry.bytes));
  return write(part);
}

Status MigrationWriter::add_dropped(const StoredEntry& entry) {
  pb::Part part;
  put_common(*part.mutable_dropped(), entry);
  part.mutable_dropped()->set_event_id(id_field(entry.event));
  return write(part);
}

Status MigrationWriter::add_held(const HeldEntry& held) {
  pb::Part part;
  put_common(*part.mutable_held(), held);
  part.mutable_held()->set_admission(static_cast<std::uint32_t>(held.admission));
  part.mutable_held()->set_raw(to_string(held.raw));
  return write(part);
}

Status MigrationWriter::add_bad_batch(const Quarantined& apart) {
  pb::Part part;
  auto& batch = *part.mutable_bad_batch();
  batch.set_device_id(id_field(apart.entry.device));
  batch.set_log_id(id_field(apart.entry.log));
  batch.set_hash(to_string(apart.entry.hash));
  batch.set_reason(apart.reason);
  batch.set_received_ms(apart.received_ms);
  return write(part);
}

Status MigrationWriter::end(const Digest& digest) {
  pb::Part part;
  part.mutable_end()->set_parts(parts_);
  part.mutable_end()->set_digest(to_string(digest.value));
  return write(part, true);
}

}  // namespace lantaarn::server::admin
