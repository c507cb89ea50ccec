// A durable save of one contact. Ours is everything between "the fields are known" and "saved": protobuf, seal, chain,
// signature, entry and head in one commit. The peer encodes the same contact and inserts it as it is.

#include "common/journal/schema.hpp"
#include "tools/bench/bench.hpp"
#include "tools/bench/plain_sqlite.hpp"
#include "tools/bench/sample.hpp"

namespace lantaarn::bench {
namespace {

constexpr int kSavesPerRound = 25;
constexpr int kSaveRounds = 81;  // short and many: a disk changes its mind within a second

Result<double> saves_per_second(const std::function<Status(int)>& save) {
  static int number = 0;
  const Stopwatch watch;
  for (int i = 0; i < kSavesPerRound; ++i) LANTAARN_TRY(save(++number));
  return kSavesPerRound / watch.seconds();
}

/// The journal's own tables and commit, but nobody signs.
class UnsignedLog {
 public:
  [[nodiscard]] static Result<UnsignedLog> create(const std::string& path, const Hand& hand) {
    LANTAARN_ASSIGN(auto database, database::Database::open(path, {}));
    LANTAARN_TRY(database::migrate(database, journal::kJournalApplicationId, journal::journal_migrations()));
    LANTAARN_TRY(database.execute("INSERT INTO log(log_ref, log_id, after_log, after_seq, after_hash, head_seq, head_hash) "
                                  "VALUES(1, x'00', x'', 0, x'', 0, x'')"));
    LANTAARN_ASSIGN(auto insert, database.prepare("INSERT INTO entry(place, bytes, signature) VALUES($1, $2, NULL)"));
    LANTAARN_ASSIGN(auto head, database.prepare("UPDATE log SET head_seq = $1, head_hash = $2 WHERE log_ref = 1"));
    return UnsignedLog(std::move(database), std::move(insert), std::move(head), hand);
  }

  Status save(ByteView event) {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database_));
    const journal::EntryHeader header{1, ++seq_, hand_->device, log_, hand_->user, hand_->seal.id, previous_, 0};
    const Bytes entry = journal::seal_entry(header, {}, hand_->seal, event);
    previous_ = journal::entry_hash(entry);
    LANTAARN_TRY(insert_.bind(1, journal::place_of(1, seq_)).bind_static(2, entry).run());
    LANTAARN_TRY(head_.bind(1, static_cast<std::int64_t>(seq_)).bind(2, previous_).run());
    return transaction.commit();
  }

 private:
  UnsignedLog(database::Database database, database::Statement insert, database::Statement head, const Hand& hand)
      : database_(std::move(database)), insert_(std::move(insert)), head_(std::move(head)), hand_(&hand) {}
  database::Database database_;
  database::Statement insert_;
  database::Statement head_;
  const Hand* hand_;
  LogId log_ = crypto::random_id<LogId>();
  std::uint64_t seq_ = 0;
  Hash previous_{};
};

}  // namespace

Result<Rows> bench_save(const Setting& setting) {
  const Hand hand;
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(setting.folder.fresh("journal.db"), hand.device));
  LANTAARN_ASSIGN(auto unsigned_log, UnsignedLog::create(setting.folder.fresh("unsigned.db"), hand));
  LANTAARN_ASSIGN(auto plain, PlainSqlite::create(setting.folder.fresh("plain.db")));
  const auto signed_save = [&](int number) -> Status {
    const Bytes event = sample_contact(hand.user, number);
    LANTAARN_TRY(journal.save({event}, hand.author(), hand.sealing()));
    return {};
  };
  const auto unsigned_save = [&](int number) { return unsigned_log.save(sample_contact(hand.user, number)); };
  const auto plain_save = [&](int number) -> Status {
    const Bytes event = sample_contact(hand.user, number);
    LANTAARN_TRY(plain.begin());
    LANTAARN_TRY(plain.insert(number, event));
    return plain.commit();
  };
  const auto peer = [&] { return saves_per_second(plain_save); };
  const std::string peer_name = "SQLite, plain contact, WAL, synchronous=FULL";
  LANTAARN_ASSIGN(const Medians full, interleave(kSaveRounds, [&] { return saves_per_second(signed_save); }, peer));
  LANTAARN_ASSIGN(const Medians sealed, interleave(kSaveRounds, [&] { return saves_per_second(unsigned_save); }, peer));
  return Rows{{"save_signed", full.ours, "saves/s", peer_name, full.peer, ratio_at_least(0.85)},
              {"save_sealed", sealed.ours, "saves/s", peer_name, sealed.peer, ratio_at_least(0.93)}};
}

}  // namespace lantaarn::bench
