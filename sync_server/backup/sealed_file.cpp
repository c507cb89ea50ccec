#include "sync_server/backup/sealed_file.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"

namespace lantaarn::server::backup {

Bytes seal_file(const crypto::BoxPublicKey& to, std::string_view magic, ByteView plain) {
  const auto key = crypto::random_secret<crypto::Key::kBytes>();
  crypto::SealingStream stream(key);
  Bytes file;
  file.reserve(kSealedHeadBytes + plain.size() + (plain.size() / kSealedPartBytes + 1) * (4 + crypto::kStreamPartOverhead));
  append(file, as_bytes(magic));
  append_le(file, kBackupVersion);
  append(file, crypto::seal_to(to, key.view()));
  append(file, stream.header());
  const Hash head = crypto::blake2b_256({file});
  do {
    const ByteView part = plain.first(std::min(plain.size(), kSealedPartBytes));
    plain = plain.subspan(part.size());
    const Bytes sealed = stream.seal(part, head, plain.empty());
    append_le(file, static_cast<std::uint32_t>(sealed.size()));
    append(file, sealed);
  } while (!plain.empty());
  return file;
}

Result<Bytes> open_file(const crypto::BoxKey& key, std::string_view magic, ByteView file) {
  const Error damaged = corrupt("backup_damaged");
  if (file.size() < kSealedHeadBytes || as_text(file.first(kMagicBytes)) != magic) return damaged;
  if (load_le<std::uint32_t>(file.data() + kMagicBytes) != kBackupVersion) return refused("backup_newer");
  const auto opened = key.open(file.subspan(kMagicBytes + 4, kFileKeyBoxBytes));
  const auto file_key = opened ? crypto::Key::from(opened->view()) : std::nullopt;
  if (!file_key) return refused("recovery_key_wrong");
  crypto::OpeningStream stream(*file_key, *to_array<crypto::kStreamHeaderBytes>(file.subspan(kMagicBytes + 4 + kFileKeyBoxBytes, crypto::kStreamHeaderBytes)));
  const Hash head = crypto::blake2b_256({file.first(kSealedHeadBytes)});
  ByteReader parts(file.subspan(kSealedHeadBytes));
  Bytes plain;
  while (true) {
    const auto length = parts.take_le<std::uint32_t>();
    const auto sealed = length ? parts.take(*length) : std::nullopt;
    const auto part = sealed ? stream.open(*sealed, head) : std::nullopt;
    if (!part) return damaged;
    append(plain, part->plain);
    if (!part->last) continue;
    if (!parts.empty()) return damaged;
    return plain;
  }
}

}  // namespace lantaarn::server::backup
