#include "firmware_app/caseload/caseload.hpp"

#include <map>

#include "common/model/card_box.hpp"

namespace lantaarn::firmware {
namespace {

constexpr std::int32_t kCaseloadApplicationId = 0x4c4e4331;  // "LNC1"

const std::vector<std::string>& migrations() {
  static const std::vector<std::string> steps = {
      // 1: sealed parts of caseloads, in the order in which the server stated them.
      R"sql(
CREATE TABLE bundle(
  bundle_ref INTEGER PRIMARY KEY, user_id BLOB NOT NULL, epoch INTEGER NOT NULL, counter INTEGER NOT NULL,
  sealed BLOB NOT NULL, UNIQUE(user_id, epoch, counter));
)sql"};
  return steps;
}

// One edition, as far as its parts have come. Ordered by the epoch first: a restored server may count editions anew.
using EditionName = std::pair<std::int64_t, std::uint64_t>;
struct Edition {
  std::map<std::uint32_t, model::pb::CardBundle> parts;
  std::uint32_t expected = 0;
  std::vector<std::int64_t> rows;
  [[nodiscard]] bool whole() const { return expected > 0 && parts.size() == expected && parts.rbegin()->first == expected - 1; }
};

Result<database::Database> open_database(const std::string& path, database::OpenOptions options) {
  options.exclusive = true;
  LANTAARN_ASSIGN(auto database, database::Database::open(path, options));
  LANTAARN_TRY(database::migrate(database, kCaseloadApplicationId, migrations()));
  return database;
}

// Of any other database a user is told to leave it as it is; this one a sync writes anew.
Error as_caseload(Error error) {
  if (error.code != "database_damaged") return error;
  return in_context(corrupt("cards_unreadable"), error.to_log_line());
}

}  // namespace

Result<Caseload> Caseload::open(const std::string& path, const database::OpenOptions& options) {
  auto database = open_database(path, options);
  if (!database.ok()) return as_caseload(database.error());
  return Caseload(std::move(*database));
}

Result<Caseload> Caseload::open_anew(const std::string& path, const database::OpenOptions& options) {
  LANTAARN_TRY(database::remove_file(path, options.vfs));
  return open(path, options);
}

Status Caseload::check() {
  Status sound = database_.check_integrity();
  return sound.ok() ? sound : Status(as_caseload(sound.error()));
}

Status Caseload::store(const UserId& user, const Mark& mark, ByteView sealed_bundle) {
  LANTAARN_ASSIGN(auto put, database_.prepare("INSERT INTO bundle(user_id, epoch, counter, sealed) VALUES($1, $2, $3, $4) "
                                              "ON CONFLICT DO UPDATE SET sealed = excluded.sealed"));
  return put.bind(1, user.view())
      .bind(2, mark.epoch)
      .bind(3, static_cast<std::int64_t>(mark.counter))
      .bind(4, sealed_bundle)
      .run();
}

Status Caseload::forget_before(const UserId& user, const Mark& mark) {
  std::vector<std::int64_t> older;
  {
    LANTAARN_ASSIGN(auto rows, database_.prepare("SELECT bundle_ref FROM bundle WHERE user_id = $1 AND (epoch, counter) < ($2, $3)"));
    rows.bind(1, user.view()).bind(2, mark.epoch).bind(3, static_cast<std::int64_t>(mark.counter));
    while (true) {
      LANTAARN_ASSIGN(const bool row, rows.step());
      if (!row) break;
      older.push_back(rows.column_int(0));
    }
  }
  return forget(older);
}

Status Caseload::forget_all(const UserId& user) {
  {
    LANTAARN_ASSIGN(auto remove, database_.prepare("DELETE FROM bundle WHERE user_id = $1"));
    LANTAARN_TRY(remove.bind(1, user.view()).run());
  }
  return database_.checkpoint_truncate();
}

Result<std::vector<model::pb::Card>> Caseload::cards(const UnlockedUser& user) {
  auto found = newest_cards(user);
  if (!found.ok()) return as_caseload(found.error());
  return found;
}

Result<std::vector<model::pb::Card>> Caseload::newest_cards(const UnlockedUser& user) {
  // A part that rotted out of a table or an index is missing without a word.
  LANTAARN_TRY(database_.check_integrity());
  std::map<EditionName, Edition> editions;
  std::size_t unreadable = 0;
  {
    LANTAARN_ASSIGN(auto rows, database_.prepare("SELECT bundle_ref, epoch, sealed FROM bundle WHERE user_id = $1"));
    rows.bind(1, user.id.view());
    while (true) {
      LANTAARN_ASSIGN(const bool row, rows.step());
      if (!row) break;
      auto bundle = model::open_cards(user.box, rows.column_blob(2));
      if (!bundle.ok() || bundle->user_id() != to_string(user.id.view())) {
        ++unreadable;
        continue;
      }
      Edition& edition = editions[{rows.column_int(1), bundle->edition()}];
      edition.expected = bundle->parts();
      edition.rows.push_back(rows.column_int(0));
      edition.parts.insert_or_assign(bundle->part(), std::move(*bundle));
    }
  }
  std::vector<model::pb::Card> cards;
  std::vector<std::int64_t> outdated;
  bool found = false;
  for (auto at = editions.rbegin(); at != editions.rend(); ++at) {
    Edition& edition = at->second;
    if (found) {
      outdated.insert(outdated.end(), edition.rows.begin(), edition.rows.end());
    } else if (edition.whole()) {
      found = true;
      for (auto& [number, bundle] : edition.parts) {
        for (auto& card : *bundle.mutable_cards()) cards.push_back(std::move(card));
      }
    }
  }
  if (!found && unreadable > 0) return corrupt("cards_unreadable");
  LANTAARN_TRY(forget(outdated));
  return cards;
}

Status Caseload::forget_everything() {
  LANTAARN_TRY(database_.execute("DELETE FROM bundle"));
  LANTAARN_TRY(database_.execute("VACUUM"));
  return database_.checkpoint_truncate();
}

Status Caseload::forget(const std::vector<std::int64_t>& rows) {
  if (rows.empty()) return {};
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database_));
  LANTAARN_ASSIGN(auto remove, database_.prepare("DELETE FROM bundle WHERE bundle_ref = $1"));
  for (const std::int64_t row : rows) LANTAARN_TRY(remove.bind(1, row).run());
  LANTAARN_TRY(transaction.commit());
  // What was forgotten must leave the WAL file too; when a reader stands in the way, the next time does it.
  static_cast<void>(database_.checkpoint_truncate());
  return {};
}

}  // namespace lantaarn::firmware
