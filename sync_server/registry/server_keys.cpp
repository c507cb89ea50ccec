#include "sync_server/registry/server_keys.hpp"

#include <algorithm>

#include "common/crypto/dh.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/seal.hpp"

namespace lantaarn::server {
namespace {

constexpr std::array<std::string_view, kKeyKinds.size()> kKindNames = {"sealing", "authority", "receipt", "channel"};

// A row of a kind: u32 number (also its id) ‖ u32 generation ‖ i64 made ‖ public half 32 ‖ private half 32, or nothing
// once it is destroyed.
constexpr std::size_t kPublicAt = 4 + 4 + 8;
constexpr std::size_t kSecretAt = kPublicAt + 32;
constexpr std::size_t kRowBytes = kSecretAt + crypto::Key::kBytes;

ByteArray<4> id_of(std::uint32_t number) {
  ByteArray<4> id;
  store_le(id.data(), number);
  return id;
}

ByteArray<32> public_half(KeyKind kind, const crypto::Key& secret) {
  if (kind == KeyKind::kSealing) return crypto::BoxKey(secret.duplicate()).public_key();
  if (kind == KeyKind::kChannel) return crypto::dh_public(secret);
  return crypto::SignKey(secret).verify_key();
}

Error unreadable() { return corrupt("record_unreadable"); }

Result<StoredKey> read_row(std::uint32_t number, const crypto::SecretBytes& row) {
  const ByteView bytes = row.view();
  if (bytes.size() != kRowBytes && bytes.size() != kSecretAt) return unreadable();
  if (load_le<std::uint32_t>(bytes.data()) != number) return unreadable();
  StoredKey key;
  key.number = number;
  key.generation = load_le<std::uint32_t>(bytes.data() + 4);
  key.made_ms = load_le<std::int64_t>(bytes.data() + 8);
  key.public_key = *to_array<32>(bytes.subspan(kPublicAt, 32));
  if (bytes.size() == kRowBytes) key.secret = crypto::Key::from(bytes.subspan(kSecretAt));
  return key;
}

crypto::SecretBytes row_of(const StoredKey& key) {
  crypto::SecretBytes row(key.secret ? kRowBytes : kSecretAt);
  store_le(row.data(), key.number);
  store_le(row.data() + 4, key.generation);
  store_le(row.data() + 8, key.made_ms);
  std::copy(key.public_key.begin(), key.public_key.end(), row.data() + kPublicAt);
  if (key.secret) std::copy_n(key.secret->view().begin(), crypto::Key::kBytes, row.data() + kSecretAt);
  return row;
}

// One row a kind: its name, and nothing else.
std::string prepared_name(KeyKind kind) { return "next " + std::string(name_of(kind)); }

// Servers of before there were numbers have one row a kind, without an id: its first key.
Result<std::optional<StoredKey>> first_of_old(Registry& registry, KeyKind kind) {
  LANTAARN_ASSIGN(const auto row, registry.secret(name_of(kind)));
  if (!row) return std::optional<StoredKey>();
  auto secret = crypto::Key::from(row->view());
  if (!secret) return unreadable();
  const std::uint32_t generation = kind == KeyKind::kReceipt ? 0 : 1;
  const auto public_key = public_half(kind, *secret);
  return std::optional(StoredKey{kFirstKeyNumber, generation, 0, public_key, std::move(secret)});
}

Result<std::optional<StoredKey>> stored_key(Registry& registry, KeyKind kind, std::uint32_t number) {
  LANTAARN_ASSIGN(const auto row, registry.secret(name_of(kind), id_of(number)));
  if (row) {
    LANTAARN_ASSIGN(StoredKey key, read_row(number, *row));
    return std::optional(std::move(key));
  }
  if (number != kFirstKeyNumber) return std::optional<StoredKey>();
  return first_of_old(registry, kind);
}

}  // namespace

std::string_view name_of(KeyKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

Result<KeyKind> key_kind(std::string_view name) {
  for (const KeyKind kind : kKeyKinds) {
    if (name_of(kind) == name) return kind;
  }
  return refused("key_kind_unknown");
}

StoredKey new_stored_key(KeyKind kind, std::uint32_t number, std::uint32_t generation, std::int64_t now_ms) {
  auto secret = crypto::random_secret<crypto::Key::kBytes>();
  const auto public_key = public_half(kind, secret);
  return {number, kind == KeyKind::kReceipt ? 0 : generation, now_ms, public_key, std::move(secret)};
}

Result<std::vector<StoredKey>> stored_keys(Registry& registry, KeyKind kind) {
  std::vector<StoredKey> keys;
  while (true) {
    LANTAARN_ASSIGN(auto key, stored_key(registry, kind, static_cast<std::uint32_t>(keys.size()) + kFirstKeyNumber));
    if (!key) return keys;
    keys.push_back(std::move(*key));
  }
}

Status put_stored_key(Change& change, KeyKind kind, const StoredKey& key) {
  const crypto::SecretBytes row = row_of(key);
  if (!key.secret) LANTAARN_TRY(change.remove_secret(name_of(kind), id_of(key.number)));  // counts as a key destroyed
  LANTAARN_TRY(change.put_secret(name_of(kind), id_of(key.number), row.view()));
  // A server of before there were numbers holds its first one in another row too.
  return key.number == kFirstKeyNumber && !key.secret ? change.remove_secret(name_of(kind), {}) : Status();
}

Result<std::optional<StoredKey>> prepared_key(Registry& registry, KeyKind kind) {
  LANTAARN_ASSIGN(const auto row, registry.secret(prepared_name(kind)));
  if (!row || row->size() == 0) return std::optional<StoredKey>();
  if (row->size() != kRowBytes) return unreadable();
  LANTAARN_ASSIGN(StoredKey key, read_row(load_le<std::uint32_t>(row->view().data()), *row));
  return std::optional(std::move(key));
}

Status prepare_key(Registry& registry, KeyKind kind) {
  LANTAARN_ASSIGN(const auto there, prepared_key(registry, kind));
  if (there) return {};
  LANTAARN_ASSIGN(const auto stored, stored_keys(registry, kind));
  const StoredKey key = new_stored_key(kind, static_cast<std::uint32_t>(stored.size()) + kFirstKeyNumber, 0, 0);
  LANTAARN_ASSIGN(const auto change, registry.begin());
  LANTAARN_TRY(change->put_secret(prepared_name(kind), {}, row_of(key).view()));
  return change->commit();
}

// It is not destroyed, it goes elsewhere: an empty row stays.
Status empty_prepared_key(Change& change, KeyKind kind) { return change.put_secret(prepared_name(kind), {}, {}); }

Result<std::vector<crypto::VerifyKey>> authority_keys(Registry& registry) {
  LANTAARN_ASSIGN(const auto stored, stored_keys(registry, KeyKind::kAuthority));
  std::vector<crypto::VerifyKey> keys;
  for (const StoredKey& key : stored) keys.push_back(key.public_key);
  return keys;
}

}  // namespace lantaarn::server
