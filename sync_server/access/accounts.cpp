#include "sync_server/access/accounts.hpp"

#include "common/crypto/aead.hpp"
#include "sync_server/access/format.hpp"

namespace lantaarn::server::access {
namespace {

const std::vector<std::string>& steps() {
  static const std::vector<std::string> kSteps = {
      "CREATE TABLE item(kind INTEGER NOT NULL, id BLOB NOT NULL, owner BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;"
      "CREATE INDEX item_owner ON item(kind, owner, id);"};
  return kSteps;
}

std::int64_t number(ItemKind kind) { return static_cast<std::int64_t>(kind); }

// A value stands for its kind and id only.
Bytes bound_to(ItemKind kind, ByteView id) {
  Bytes bytes{static_cast<std::uint8_t>(kind)};
  append(bytes, id);
  return bytes;
}

}  // namespace

Result<Accounts> Accounts::open(const std::string& path, const crypto::Key& seal_key, const char* vfs) {
  database::OpenOptions options;
  options.vfs = vfs;
  LANTAARN_ASSIGN(auto database, database::Database::open(path, options));
  LANTAARN_TRY(database::migrate(database, kAccountsApplicationId, steps()));
  return Accounts(std::move(database), seal_key);
}

Status Accounts::put_bytes(ItemKind kind, ByteView id, ByteView owner, const std::string& value) {
  const Bytes sealed = crypto::seal_record(key_, bound_to(kind, id), as_bytes(value));
  LANTAARN_ASSIGN(auto put, database_.prepare("INSERT OR REPLACE INTO item(kind, id, owner, value) VALUES(?1, ?2, ?3, ?4)"));
  put.bind(1, number(kind)).bind(2, id).bind(3, owner).bind(4, ByteView(sealed));
  return put.run();
}

Result<std::string> Accounts::opened(ItemKind kind, ByteView id, ByteView sealed) const {
  const auto plain = crypto::open_record(key_, bound_to(kind, id), sealed);
  if (!plain) return corrupt("record_unreadable");
  return to_string(*plain);
}

Result<std::optional<std::string>> Accounts::get_bytes(ItemKind kind, ByteView id) {
  LANTAARN_ASSIGN(auto row, database_.prepare("SELECT value FROM item WHERE kind = ?1 AND id = ?2"));
  row.bind(1, number(kind)).bind(2, id);
  LANTAARN_ASSIGN(const bool there, row.step());
  if (!there) return std::optional<std::string>();
  LANTAARN_ASSIGN(std::string plain, opened(kind, id, row.column_blob(0)));
  return std::optional(std::move(plain));
}

Result<std::vector<std::pair<Bytes, std::string>>> Accounts::rows_of(ItemKind kind, ByteView owner) {
  LANTAARN_ASSIGN(auto rows, database_.prepare(owner.empty() ? "SELECT id, value FROM item WHERE kind = ?1 ORDER BY id"
                                                             : "SELECT id, value FROM item WHERE kind = ?1 AND owner = ?2 ORDER BY id"));
  rows.bind(1, number(kind));
  if (!owner.empty()) rows.bind(2, owner);
  std::vector<std::pair<Bytes, std::string>> found;
  while (true) {
    LANTAARN_ASSIGN(const bool there, rows.step());
    if (!there) return found;
    Bytes id = to_bytes(rows.column_blob(0));
    LANTAARN_ASSIGN(std::string plain, opened(kind, id, rows.column_blob(1)));
    found.emplace_back(std::move(id), std::move(plain));
  }
}

Status Accounts::remove(ItemKind kind, ByteView id) {
  LANTAARN_ASSIGN(auto gone, database_.prepare("DELETE FROM item WHERE kind = ?1 AND id = ?2"));
  gone.bind(1, number(kind)).bind(2, id);
  return gone.run();
}

Status Accounts::remove_all(ItemKind kind, ByteView owner) {
  LANTAARN_ASSIGN(auto gone, database_.prepare("DELETE FROM item WHERE kind = ?1 AND owner = ?2"));
  gone.bind(1, number(kind)).bind(2, owner);
  return gone.run();
}

}  // namespace lantaarn::server::access
