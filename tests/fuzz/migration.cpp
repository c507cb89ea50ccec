// A register on its way to another server: as a file that came from anywhere, and sealed by whoever knows our public key.
#include "common/crypto/hash.hpp"
#include "sync_server/admin/migration_file.hpp"
#include "tests/fuzz/memory_file.hpp"

namespace lantaarn::fuzz {
namespace {

using namespace server;

class Nowhere final : public EntrySink {
 public:
  Status add_entry(const StoredEntry&) override { return {}; }
  Status add_dropped(const StoredEntry&) override { return {}; }
  Status add_held(const HeldEntry&) override { return {}; }
  Status add_bad_batch(const Quarantined&) override { return {}; }
};

// The file's head as MIGRATION.md has it, then each piece as one sealed part.
Bytes sealed(const crypto::BoxPublicKey& to, Pieces pieces) {
  const crypto::Key key = fixed_key(7);
  crypto::SealingStream stream(key);
  Bytes file = to_bytes(as_bytes(admin::kMigrationMagic));
  append_le(file, admin::kMigrationVersion);
  append(file, crypto::seal_to(to, key.view()));
  append(file, stream.header());
  const Hash head = crypto::blake2b_256({file});
  bool first = true;
  while (!pieces.empty()) {
    const bool last = (pieces.byte() & 1U) != 0;
    const Bytes part = stream.seal(pieces.next(), first ? ByteView(head) : ByteView(), last);
    append_le(file, static_cast<std::uint32_t>(part.size()));
    append(file, part);
    first = false;
  }
  return file;
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(migration) {
  const crypto::BoxKey key{fixed_key(6)};
  Pieces pieces(input);
  const bool raw = pieces.byte() % 2 == 0;
  const MemoryFile file(raw ? to_bytes(pieces.rest()) : sealed(key.public_key(), pieces));
  auto reader = server::admin::MigrationReader::open(file.path(), key);
  if (!reader.ok()) return;
  Nowhere nowhere;
  static_cast<void>(reader->replay(nowhere));
}
