// A hundred thousand entries from one handheld to a real server, and the same bytes as one file through rsync over ssh.

#include <fstream>

#include "tools/bench/bench.hpp"
#include "tools/bench/rsync.hpp"
#include "tools/bench/town.hpp"

namespace lantaarn::bench {
namespace {

struct Loaded {
  const FleetHandheld* handheld = nullptr;
  journal::Journal journal;
};

Result<Loaded> load(const Setting& setting, const FleetHandheld& handheld, const ServerFacts& server) {
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(setting.folder.fresh("handheld.db"), handheld.device));
  LANTAARN_TRY(save_contacts(journal, handheld, server, kBulkEntries));
  return Loaded{&handheld, std::move(journal)};
}

/// What the handheld sends, as one file.
Status write_as_file(journal::Journal& journal, const std::string& path) {
  LANTAARN_ASSIGN(const auto logs, journal.logs());
  std::ofstream file(path, std::ios::binary);
  for (std::uint64_t from = 1; from <= kBulkEntries;) {
    LANTAARN_ASSIGN(const Bytes batch, journal.read_batch(logs.front().genesis.log, from));
    LANTAARN_ASSIGN(const auto items, journal::parse_batch(batch));
    from += items.size();
    file.write(as_text(batch).data(), static_cast<std::streamsize>(batch.size()));
  }
  return file.flush() ? Status() : Status(storage_error("disk_error", {path}));
}

}  // namespace

Result<Rows> bench_sync(const Setting& setting) {
  const std::vector<FleetHandheld> fleet(kRounds);
  LANTAARN_ASSIGN(const auto town, Town::found(setting.folder.fresh("server"), fleet));
  std::string peer_name;
  const auto rsync = RsyncOverSsh::start(setting.folder.fresh("sshd"), peer_name);
  if (rsync) peer_name = rsync->name();
  const std::string file = setting.folder.fresh("entries");
  std::vector<Loaded> loaded;
  for (const FleetHandheld& handheld : fleet) {
    LANTAARN_ASSIGN(auto one, load(setting, handheld, town->facts()));
    loaded.push_back(std::move(one));
  }
  LANTAARN_TRY(write_as_file(loaded.front().journal, file));
  LANTAARN_TRY(town->serve());

  std::size_t round = 0;
  const auto ours = [&]() -> Result<double> {
    Loaded& one = loaded[round++];
    LANTAARN_ASSIGN(const SyncTimes times, sync_all(*town, *one.handheld, one.journal, kBulkEntries));
    LANTAARN_TRY(town->command({"merge"}));  // so that the peer has the machine to itself
    return times.received;
  };
  Row row{"sync_100k", 0, "s", peer_name, std::nullopt, ratio_at_most(1.8)};
  if (rsync) {
    LANTAARN_ASSIGN(const Medians medians, interleave(kRounds, ours, [&] { return rsync->copy(file); }));
    row.value = medians.ours;
    row.peer_value = medians.peer;
  } else {
    LANTAARN_ASSIGN(row.value, median_of(kRounds, ours));
  }
  LANTAARN_ASSIGN(const double peak, town->peak_megabytes());
  return Rows{row, {"sync_server_memory", peak, "MB", "", std::nullopt, value_at_most(128)}};
}

}  // namespace lantaarn::bench
