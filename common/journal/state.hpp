#pragma once
// Inside this room only: what journal.cpp (reading, standing) and writer.cpp (saving) share.

#include <map>

#include "common/journal/journal.hpp"
#include "common/journal/schema.hpp"

namespace lantaarn::journal {

/// Companions of the journal itself: key = author ‖ her verification key. Who has signed here, so that a signature that
/// rotted is noticed before it is sent.
inline constexpr int kAuthorCompanion = 0;
struct KnownAuthor {
  UserId id;
  crypto::VerifyKey key{};
  bool operator==(const KnownAuthor&) const = default;
};

/// The log that takes new entries, as it stands in the file.
struct OpenLog {
  std::int64_t log_ref = 0;
  LogId log;
  Position head;
  Bytes last_seal_key;
};

struct Journal::State {
  database::Database database;
  DeviceId device;
  // The log that takes new entries; kept in step with the database after each commit.
  std::int64_t log_ref = 0;
  LogId log;
  Position head;
  Bytes last_seal_key;  ///< key id ‖ u32 number of the server's sealing key its box is sealed to
  std::vector<Damage> damage;
  std::map<std::int64_t, LogId> renamed;  // rows whose log id rotted, and what their entries say
  bool companions_whole = true;
  std::vector<KnownAuthor> authors;

  database::Statement insert_entry;
  database::Statement update_head;
  database::Statement put_companion;
  database::Statement remove_companion;
  database::Statement select_logs;
  database::Statement select_entry;
  std::function<bool()> make_room = {};
};

[[nodiscard]] inline Hash hash_from(ByteView raw) { return to_array<32>(raw).value_or(Hash{}); }
[[nodiscard]] inline std::uint64_t unsigned_column(const database::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.column_int(column));
}

[[nodiscard]] Status apply_companions(database::Statement& put, database::Statement& remove,
                                      const std::vector<Companion>& companions);

}  // namespace lantaarn::journal
