#pragma once
// Inside the registry: keys per owner, wrapped under the data key; made when first needed, kept in memory once used.

#include <memory>
#include <unordered_map>

#include "common/crypto/secret.hpp"
#include "sync_server/registry/sqlite/statements.hpp"
#include "sync_server/registry/store.hpp"

namespace lantaarn::server {

class Keyring {
 public:
  Keyring(Statements& statements, crypto::Key data_key) : statements_(statements), data_key_(std::move(data_key)) {}

  struct Held {
    std::int64_t ref = 0;               ///< 0: the data key
    const crypto::Key* key = nullptr;   ///< until the next call
  };
  [[nodiscard]] const crypto::Key& data_key() const { return data_key_; }
  /// Makes and stores a key (in the open transaction) where there is none.
  [[nodiscard]] Result<Held> key_for(const KeyOwner& owner);
  /// kCorrupt "record_unreadable" when it is gone.
  [[nodiscard]] Result<Held> key_at(std::int64_t owner_ref);
  [[nodiscard]] Result<KeyOwner> owner_at(std::int64_t owner_ref);
  /// Nothing sealed under it opens again; a key is never made for that owner anew.
  [[nodiscard]] Status destroy(const AggregateId& owner);
  /// After a rollback: what was made in it must not be used.
  void forget();

 private:
  Result<Held> remember(std::int64_t ref, const AggregateId& owner, ByteView box);
  struct Kept {
    AggregateId owner{};
    crypto::Key key;
  };
  Statements& statements_;
  crypto::Key data_key_;
  std::unordered_map<std::int64_t, Kept> by_ref_;
  std::unordered_map<Id<struct OwnerTag>, std::int64_t> by_owner_;
};

}  // namespace lantaarn::server
