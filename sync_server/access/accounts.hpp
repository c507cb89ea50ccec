#pragma once
// How people prove who they are, and what was declared about them: passkeys, passwords with TOTP, recovery codes,
// invitations, failed tries, declared relations, openings of dossiers. Every value is sealed at rest under one key; what a
// code or a token is, is kept as its hash only. A database of its own (FORMAT.md). One object per file, one thread;
// each call that changes something is durable when it returns.
//
// Errors of every call: those of common/database ("accounts.db" in them); kCorrupt "record_unreadable".

#include <optional>
#include <string>
#include <vector>

#include "common/base/id.hpp"
#include "common/crypto/secret.hpp"
#include "common/database/database.hpp"
#include "sync_server/access/access.pb.h"

namespace lantaarn::server::access {

/// Persisted; never renumbered.
enum class ItemKind : std::int64_t {
  kPasskey = 1,       ///< id: credential id; owner: user
  kPassword = 2,      ///< id: user
  kRecoveryCode = 3,  ///< id: hash of the code; owner: user
  kInvitation = 4,    ///< id: hash of the token; owner: user
  kAttempts = 5,      ///< id: user, or a hash of the name that nobody has
  kRelation = 6,      ///< id: random; owner: user
  kOpening = 7,       ///< id: user ‖ client; owner: user
};

class Accounts {
 public:
  [[nodiscard]] static Result<Accounts> open(const std::string& path, const crypto::Key& seal_key, const char* vfs = nullptr);

  template <typename Message>
  struct Item {
    Bytes id;
    Message value;
  };

  /// Replaces what has the same kind and id.
  template <typename Message>
  [[nodiscard]] Status put(ItemKind kind, ByteView id, ByteView owner, const Message& value) {
    return put_bytes(kind, id, owner, value.SerializeAsString());
  }
  template <typename Message>
  [[nodiscard]] Result<std::optional<Message>> get(ItemKind kind, ByteView id) {
    LANTAARN_ASSIGN(const auto plain, get_bytes(kind, id));
    if (!plain) return std::optional<Message>();
    Message value;
    if (!value.ParseFromString(*plain)) return corrupt("record_unreadable");
    return std::optional<Message>(std::move(value));
  }
  /// In order of id.
  template <typename Message>
  [[nodiscard]] Result<std::vector<Item<Message>>> of_owner(ItemKind kind, ByteView owner) {
    LANTAARN_ASSIGN(const auto rows, rows_of(kind, owner));
    std::vector<Item<Message>> items;
    for (const auto& [id, plain] : rows) {
      Message value;
      if (!value.ParseFromString(plain)) return corrupt("record_unreadable");
      items.push_back({id, std::move(value)});
    }
    return items;
  }
  [[nodiscard]] Status remove(ItemKind kind, ByteView id);
  [[nodiscard]] Status remove_all(ItemKind kind, ByteView owner);

 private:
  Accounts(database::Database database, const crypto::Key& key) : database_(std::move(database)), key_(key.duplicate()) {}
  [[nodiscard]] Status put_bytes(ItemKind kind, ByteView id, ByteView owner, const std::string& value);
  [[nodiscard]] Result<std::optional<std::string>> get_bytes(ItemKind kind, ByteView id);
  /// An empty owner: everybody's.
  [[nodiscard]] Result<std::vector<std::pair<Bytes, std::string>>> rows_of(ItemKind kind, ByteView owner);
  [[nodiscard]] Result<std::string> opened(ItemKind kind, ByteView id, ByteView sealed) const;

  database::Database database_;
  crypto::Key key_;
};

}  // namespace lantaarn::server::access
