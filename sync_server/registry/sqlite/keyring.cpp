#include "sync_server/registry/sqlite/keyring.hpp"

#include "common/crypto/aead.hpp"
#include "common/crypto/random.hpp"

namespace lantaarn::server {
namespace {
constexpr std::size_t kKeysInMemory = 100'000;
}

Result<Keyring::Held> Keyring::remember(std::int64_t ref, const AggregateId& owner, ByteView box) {
  auto plain = crypto::open_secret_record(data_key_, owner, box);
  auto key = plain ? crypto::Key::from(plain->view()) : std::nullopt;
  if (!key) return corrupt("record_unreadable", {statements_.name()});
  if (by_ref_.size() >= kKeysInMemory) forget();
  by_owner_[{owner}] = ref;
  const auto [at, added] = by_ref_.insert_or_assign(ref, Kept{owner, std::move(*key)});
  return Held{ref, &at->second.key};
}

Result<Keyring::Held> Keyring::key_for(const KeyOwner& owner) {
  if (!owner) return Held{0, &data_key_};
  if (const auto known = by_owner_.find({*owner}); known != by_owner_.end()) return key_at(known->second);
  {
    LANTAARN_ASSIGN(auto find, statements_.get("SELECT owner_ref, box FROM keyring WHERE owner_id = $1"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, *owner).step());
    if (row) return remember(find->column_int(0), *owner, find->column_blob(1));
  }
  const crypto::Key fresh = crypto::random_secret<32>();
  const Bytes box = crypto::seal_record(data_key_, *owner, fresh.view());
  LANTAARN_ASSIGN(auto insert, statements_.get("INSERT INTO keyring(owner_id, box) VALUES($1, $2)"));
  LANTAARN_TRY(insert->bind(1, *owner).bind(2, box).run());
  return remember(statements_.last_row_id(), *owner, box);
}

Result<Keyring::Held> Keyring::key_at(std::int64_t owner_ref) {
  if (owner_ref == 0) return Held{0, &data_key_};
  if (const auto known = by_ref_.find(owner_ref); known != by_ref_.end()) return Held{owner_ref, &known->second.key};
  LANTAARN_ASSIGN(auto find, statements_.get("SELECT owner_id, box FROM keyring WHERE owner_ref = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, owner_ref).step());
  const auto owner = row ? to_array<kIdBytes>(find->column_blob(0)) : std::nullopt;
  if (!owner) return corrupt("record_unreadable", {statements_.name()});
  return remember(owner_ref, *owner, find->column_blob(1));
}

Result<KeyOwner> Keyring::owner_at(std::int64_t owner_ref) {
  if (owner_ref == 0) return KeyOwner{};
  LANTAARN_TRY(key_at(owner_ref));
  return KeyOwner{by_ref_.at(owner_ref).owner};
}

Status Keyring::destroy(const AggregateId& owner) {
  if (const auto known = by_owner_.find({owner}); known != by_owner_.end()) {
    by_ref_.erase(known->second);
    by_owner_.erase(known);
  }
  LANTAARN_ASSIGN(auto empty, statements_.get("UPDATE keyring SET box = x'' WHERE owner_id = $1"));
  return empty->bind(1, owner).run();
}

void Keyring::forget() {
  by_ref_.clear();
  by_owner_.clear();
}

}  // namespace lantaarn::server
