// Many entries at once, and reading them back.

#include "tools/bench/bench.hpp"
#include "tools/bench/plain_sqlite.hpp"
#include "tools/bench/sample.hpp"

namespace lantaarn::bench {
namespace {

Result<double> append_rate(const std::string& path, const Hand& hand, const std::vector<Bytes>& events) {
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(path, hand.device));
  const Stopwatch watch;
  LANTAARN_TRY(save_in_commits(journal, hand, events));
  return static_cast<double>(events.size()) / watch.seconds();
}

Result<double> plain_rate(const std::string& path, std::size_t entries, ByteView stored) {
  LANTAARN_ASSIGN(auto plain, PlainSqlite::create(path));
  const Stopwatch watch;
  for (std::size_t i = 0; i < entries; ++i) {
    if (i % kCommitEntries == 0) LANTAARN_TRY(plain.begin());
    LANTAARN_TRY(plain.insert(static_cast<std::int64_t>(i + 1), stored));
    if (i % kCommitEntries == kCommitEntries - 1) LANTAARN_TRY(plain.commit());
  }
  return static_cast<double>(entries) / watch.seconds();
}

Status verify_and_open(journal::Journal& journal, const Hand& hand, const LogId& log, std::size_t& opened) {
  Bytes event;
  return journal.scan(log, 1, [&](const journal::EntryView& entry, ByteView signature) -> Status {
    if (!signature.empty() && !journal::verify_head(hand.sign.verify_key(), hand.device, log, entry.header.seq,
                                                    journal::entry_hash(entry.bytes), signature)) {
      return corrupt("signature_wrong");
    }
    ++opened;
    return journal::open_entry(entry, hand.seal.key, event);
  });
}

}  // namespace

Result<Rows> bench_append(const Setting& setting) {
  static_assert(kBulkEntries % kCommitEntries == 0);
  const Hand hand;
  const std::vector<Bytes> events = bulk_events(kBulkEntries);
  const journal::EntryHeader header{1, 1, hand.device, crypto::random_id<LogId>(), hand.user, hand.seal.id, Hash{}, 0};
  const Bytes stored = journal::seal_entry(header, {}, hand.seal, events.front());
  const auto on_fresh_file = [&](const std::function<Result<double>(const std::string&)>& measure) -> Result<double> {
    const std::string path = setting.folder.fresh("append.db");
    auto rate = measure(path);
    remove_database(path);
    return rate;
  };
  LANTAARN_ASSIGN(const Medians rates,
                  interleave(kRounds,
                             [&] { return on_fresh_file([&](const auto& path) { return append_rate(path, hand, events); }); },
                             [&] { return on_fresh_file([&](const auto& path) { return plain_rate(path, events.size(), stored); }); }));
  return Rows{{"append_sealed", rates.ours, "entries/s", "SQLite, the same stored bytes and commits", rates.peer, ratio_at_least(0.65)}};
}

Result<Rows> bench_scan(const Setting& setting) {
  const Hand hand;
  const std::string path = setting.folder.fresh("scan.db");
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(path, hand.device));
  LANTAARN_TRY(save_in_commits(journal, hand, bulk_events(kBulkEntries)));
  LANTAARN_ASSIGN(const auto logs, journal.logs());
  LANTAARN_ASSIGN(const double rate, median_of(kRounds, [&]() -> Result<double> {
                    std::size_t opened = 0;
                    const Stopwatch watch;
                    LANTAARN_TRY(verify_and_open(journal, hand, logs.front().genesis.log, opened));
                    if (opened != kBulkEntries) return bug("bench: the scan ended early");
                    return static_cast<double>(opened) / watch.seconds();
                  }));
  return Rows{{"scan_verified", rate, "entries/s", "", std::nullopt, value_at_least(250'000)}};
}

}  // namespace lantaarn::bench
