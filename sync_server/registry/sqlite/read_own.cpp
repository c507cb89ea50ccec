// The server's own, read.
#include "common/crypto/aead.hpp"
#include "sync_server/registry/sqlite/change.hpp"
#include "sync_server/registry/sqlite/open.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

constexpr std::string_view kTicketColumns = "SELECT ticket_id, device_id, users, expires_ms, channel_key, spent, box FROM ticket";

// What the page cache and the WAL may grow to while an inbox is merged; a commit of 5,000 contacts writes about 8 MiB.
constexpr int kCacheKib = 32 * 1024;
constexpr int kWalPages = 8192;

}  // namespace

Result<std::unique_ptr<Registry>> open_sqlite_registry(const std::string& path, crypto::Key data_key, database::OpenOptions options) {
  options.cache_kib = std::max(options.cache_kib, kCacheKib);
  options.wal_autocheckpoint_pages = kWalPages;
  LANTAARN_ASSIGN(auto database, database::Database::open(path, options));
  LANTAARN_TRY(database::migrate(database, kRegistryApplicationId, registry_migrations()));
  auto registry = std::make_unique<SqliteRegistry>(std::move(database), std::move(data_key));
  LANTAARN_TRY(registry->check_data_key());
  return std::unique_ptr<Registry>(std::move(registry));
}

Result<std::unique_ptr<Registry>> open_sqlite_snapshot(const std::string& path, crypto::Key data_key, database::OpenOptions options) {
  options.access = database::Access::kReader;
  LANTAARN_ASSIGN(auto database, database::Database::open(path, options));
  LANTAARN_TRY(database.execute("BEGIN"));  // the moment is that of the first read
  LANTAARN_ASSIGN(const std::int64_t version, database::stored_version(database));
  const auto known = static_cast<std::int64_t>(registry_migrations().size());
  if (version != known) return refused("newer_store", {database.name(), std::to_string(version), std::to_string(known)});
  auto registry = std::make_unique<SqliteRegistry>(std::move(database), std::move(data_key));
  LANTAARN_TRY(registry->check_data_key());
  return std::unique_ptr<Registry>(std::move(registry));
}

Status SqliteRegistry::check_data_key() {
  constexpr std::string_view kCheck = "lantaarn registry v1";
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT box FROM setting WHERE name = 'data_key'"));
    LANTAARN_ASSIGN(const bool row, find->step());
    if (row) {
      if (crypto::open_record(store_.keyring.data_key(), as_bytes(kCheck), find->column_blob(0))) return {};
      return refused("data_key_wrong", {store_.database.name()});
    }
  }
  const Bytes box = crypto::seal_record(store_.keyring.data_key(), as_bytes(kCheck), {});
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO setting(name, number, box) VALUES('data_key', 0, $1)"));
  return put->bind(1, box).run();
}

Result<std::unique_ptr<Change>> SqliteRegistry::begin() {
  if (store_.changing) return bug("registry: one change at a time");
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(store_.database));
  return std::unique_ptr<Change>(std::make_unique<SqliteChange>(store_, std::move(transaction)));
}

Result<std::optional<std::int64_t>> SqliteRegistry::setting(std::string_view name) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT number FROM setting WHERE name = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind_text(1, name).step());
  if (!row) return std::optional<std::int64_t>{};
  return std::optional<std::int64_t>{find->column_int(0)};
}

Result<std::optional<ServerIdentity>> SqliteRegistry::server() {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT number, box FROM setting WHERE name = 'server'"));
  LANTAARN_ASSIGN(const bool row, find->step());
  if (!row) return std::optional<ServerIdentity>{};
  LANTAARN_ASSIGN(const auto id, id_column<ServerId>(*find, 1));
  return std::optional(ServerIdentity{id, static_cast<std::uint32_t>(find->column_int(0))});
}

Result<std::optional<crypto::SecretBytes>> SqliteRegistry::secret(std::string_view name, ByteView id) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT box FROM secret WHERE name = $1 AND id = $2"));
  LANTAARN_ASSIGN(const bool row, find->bind_text(1, name).bind(2, id).step());
  if (!row) return std::optional<crypto::SecretBytes>{};
  auto value = crypto::open_secret_record(store_.keyring.data_key(), as_bytes(name), find->column_blob(0));
  if (!value) return corrupt("record_unreadable", {store_.database.name()});
  return value;
}

Result<TicketRecord> SqliteRegistry::read_ticket(const database::Statement& row) {
  TicketRecord ticket;
  LANTAARN_ASSIGN(ticket.id, id_column<TicketId>(row, 0));
  LANTAARN_ASSIGN(ticket.device, id_column<DeviceId>(row, 1));
  ByteReader users(row.column_blob(2));
  while (const auto user = users.take(kIdBytes)) ticket.users.push_back(*UserId::from(*user));
  ticket.expires_at_ms = row.column_int(3);
  if (!row.column_is_null(4)) ticket.bound_channel_key = array_column<32>(row, 4);
  ticket.spent = row.column_int(5) != 0;
  const auto plain = crypto::open_secret_record(store_.keyring.data_key(), ticket.id.view(), row.column_blob(6));
  if (!plain || plain->size() != kTicketSecretBytes) return corrupt("record_unreadable", {store_.database.name()});
  ticket.psk = *crypto::Key::from(plain->view().first(crypto::Key::kBytes));
  ticket.enrol_secret = *crypto::Key::from(plain->view().subspan(crypto::Key::kBytes));
  return ticket;
}

Result<std::vector<TicketRecord>> SqliteRegistry::tickets() {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(kTicketColumns));
  std::vector<TicketRecord> tickets;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(auto ticket, read_ticket(row));
    tickets.push_back(std::move(ticket));
    return {};
  }));
  return tickets;
}

Result<std::optional<TicketRecord>> SqliteRegistry::ticket(const TicketId& id) {
  LANTAARN_ASSIGN(auto all, tickets());
  for (TicketRecord& one : all) {
    if (one.id == id) return std::optional(std::move(one));
  }
  return std::optional<TicketRecord>{};
}

Result<std::int64_t> SqliteRegistry::cursor() {
  LANTAARN_ASSIGN(const auto value, setting("cursor"));
  return value.value_or(0);
}

Result<int> SqliteRegistry::fold_version() {
  LANTAARN_ASSIGN(const auto value, setting("fold_version"));
  return static_cast<int>(value.value_or(0));
}

Result<std::optional<std::pair<LogId, journal::Position>>> SqliteRegistry::own_head() {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT log_id, seq, hash FROM own_log ORDER BY seq DESC LIMIT 1"));
  LANTAARN_ASSIGN(const bool row, find->step());
  if (!row) return std::optional<std::pair<LogId, journal::Position>>{};
  LANTAARN_ASSIGN(const auto log, id_column<LogId>(*find, 0));
  return std::optional(std::pair(log, journal::Position{static_cast<std::uint64_t>(find->column_int(1)), array_column<32>(*find, 2)}));
}

Status SqliteRegistry::own_entries(std::uint64_t from_seq, const Visit<OwnEntry>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT seq, hash, entry, signature FROM own_log WHERE seq >= $1 ORDER BY seq"));
  rows->bind(1, static_cast<std::int64_t>(from_seq));
  return for_each_row(*rows, [&](const database::Statement& row) {
    return visit({{static_cast<std::uint64_t>(row.column_int(0)), array_column<32>(row, 1)},
                  to_bytes(row.column_blob(2)),
                  array_column<crypto::kSignatureBytes>(row, 3)});
  });
}

Result<std::vector<crypto::Key>> SqliteRegistry::seal_keys(const LogId& log, const KeyId& id) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT box FROM seal_key WHERE log_id = $1 AND key_id = $2 ORDER BY mark"));
  rows->bind(1, log.view()).bind(2, id.view());
  std::vector<crypto::Key> keys;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    const auto plain = crypto::open_secret_record(store_.keyring.data_key(), id.view(), row.column_blob(0));
    auto key = plain ? crypto::Key::from(plain->view()) : std::nullopt;
    if (!key) return corrupt("record_unreadable", {store_.database.name()});
    keys.push_back(std::move(*key));
    return {};
  }));
  return keys;
}

}  // namespace lantaarn::server
