#pragma once
// Inside the registry: the open database with what is remembered of it, shared by reads (SqliteRegistry) and the one
// open transaction (SqliteChange).

#include <map>

#include "sync_server/registry/detail.hpp"
#include "sync_server/registry/registry.hpp"
#include "sync_server/registry/sqlite/keyring.hpp"
#include "sync_server/registry/sqlite/schema.hpp"

namespace lantaarn::server {

struct Chain {
  std::int64_t ref = 0;
  DeviceId device;
  LogId log;
  std::int64_t branch = 0;
};

/// Clients whose row was written, in order, as far as anybody may still ask.
class ClientLog {
 public:
  void note(const ClientId& client) {
    if (noted_.size() >= kNotedMax) forget();
    noted_.push_back(client);
  }
  /// From here on nobody can tell: a rollback, or everything is folded again.
  void forget() {
    before_ += noted_.size() + 1;
    noted_.clear();
  }
  [[nodiscard]] Registry::ClientChanges since(std::uint64_t number) const {
    Registry::ClientChanges changes{before_ + noted_.size(), number < before_, {}};
    if (!changes.all) changes.clients.assign(noted_.begin() + static_cast<std::ptrdiff_t>(number - before_), noted_.end());
    return changes;
  }

 private:
  static constexpr std::size_t kNotedMax = 4096;
  std::uint64_t before_ = 1;
  std::vector<ClientId> noted_;
};

struct Store {
  Store(database::Database opened, crypto::Key data_key)
      : database(std::move(opened)), statements(database), keyring(statements, std::move(data_key)) {}

  database::Database database;
  Statements statements;
  Keyring keyring;
  bool changing = false;
  ClientLog client_changes;

  /// Local numbers; the chain or the client's row is made where there is none (inside a transaction only).
  /// A client's is 0 for no client.
  [[nodiscard]] Result<Chain> chain_for(const DeviceId& device, const LogId& log, std::int64_t branch);
  [[nodiscard]] Result<Chain> chain_at(std::int64_t ref);
  [[nodiscard]] Result<std::int64_t> client_ref(const std::optional<ClientId>& client);
  /// 0 when she has no row.
  [[nodiscard]] Result<std::int64_t> known_client_ref(const ClientId& client);
  [[nodiscard]] Result<std::optional<ClientId>> client_at(std::int64_t ref);
  /// After a rollback.
  void forget();

  /// Places of the event's first entry; nothing when it has not come.
  [[nodiscard]] Result<std::optional<EntryRef>> anchor_of(const EventId& event);
  /// Reads the columns of kEntryColumns; opens the bytes when asked.
  [[nodiscard]] Result<StoredEntry> read_entry(database::Statement& row, bool opened);
  [[nodiscard]] Result<StoredEntry> entry_at(EntryRef ref);

  /// Sealed boxes of views: under the owner's key (nothing: the data key), bound to what they belong to.
  [[nodiscard]] Result<Bytes> seal_detail(const KeyOwner& owner, ByteView of, const Detail& detail);
  [[nodiscard]] Result<Detail> open_detail(const KeyOwner& owner, ByteView of, ByteView box);

 private:
  std::map<std::pair<std::pair<DeviceId, LogId>, std::int64_t>, std::int64_t> chains_;
  std::unordered_map<std::int64_t, Chain> chain_by_ref_;
  std::unordered_map<ClientId, std::int64_t> clients_;
  std::unordered_map<std::int64_t, ClientId> client_by_ref_;
};

#define LANTAARN_ENTRY_COLUMNS                                                                            \
  "e.place, e.event_id, e.copy, e.kind, e.client_ref, e.owner_ref, e.author, e.hash, e.previous, "        \
  "e.recorded_ms, e.received_ms, e.clock_ok, e.boot_id, e.verified, e.verdict, e.admission, e.box"
inline constexpr int kEntryColumns = 17;

/// A woman's own number and those of the clients she stands for; $1 is hers. Without the last condition SQLite, which does not
/// know what $1 will be, would not use the index of linked clients and read all of them.
#define LANTAARN_OF_CLUSTER \
  "client_ref IN (SELECT m.client_ref FROM client m WHERE m.client_ref = $1 OR (m.cluster_ref = $1 AND m.cluster_ref <> 0)) "

/// Settings that count (KeysVersion).
inline constexpr std::string_view kKeysChanged = "keys_changed";
inline constexpr std::string_view kKeysDestroyed = "keys_destroyed";

inline constexpr int kHeldKind = -1;
inline constexpr int kDroppedKind = -2;

template <typename IdType>
[[nodiscard]] Result<IdType> id_column(const database::Statement& row, int column) {
  const auto id = IdType::from(row.column_blob(column));
  if (!id) return corrupt("record_unreadable", {"registry"});
  return *id;
}
template <std::size_t N>
[[nodiscard]] ByteArray<N> array_column(const database::Statement& row, int column) {
  return to_array<N>(row.column_blob(column)).value_or(ByteArray<N>{});
}
inline void bind_optional(database::Statement& to, int index, const std::optional<ByteView>& bytes) {
  if (bytes) {
    to.bind(index, *bytes);
  } else {
    to.bind_null(index);
  }
}
template <typename IdType>
void bind_optional_id(database::Statement& to, int index, const std::optional<IdType>& id) {
  bind_optional(to, index, id ? std::optional<ByteView>(id->view()) : std::nullopt);
}
template <typename Integer>
void bind_optional_int(database::Statement& to, int index, const std::optional<Integer>& value) {
  if (value) {
    to.bind(index, static_cast<std::int64_t>(*value));
  } else {
    to.bind_null(index);
  }
}

/// Runs `row` for each row of a bound statement.
template <typename Row>
[[nodiscard]] Status for_each_row(database::Statement& rows, Row&& row) {
  while (true) {
    LANTAARN_ASSIGN(const bool more, rows.step());
    if (!more) return {};
    LANTAARN_TRY(row(rows));
  }
}

}  // namespace lantaarn::server
