// From sealed batches to a registry on disk.

#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/generated_inbox.hpp"
#include "tools/bench/bench.hpp"

namespace lantaarn::bench {

Result<Rows> bench_merge(const Setting& setting) {
  support::Draw draw(1);
  const support::GeneratedServer server(draw);
  support::GeneratedProgramme programme = support::generate_programme({}, server);
  LANTAARN_ASSIGN(const double rate, median_of(kRounds, [&]() -> Result<double> {
                    const std::string path = setting.folder.fresh("registry.db");
                    LANTAARN_ASSIGN(const auto registry, server::open_sqlite_registry(path, server.data_key.duplicate()));
                    LANTAARN_ASSIGN(auto merger, server::Merger::open(*registry, server.keys));
                    LANTAARN_TRY(merger.record(programme.server_facts, 1));
                    const Stopwatch watch;
                    LANTAARN_ASSIGN(const auto report, merger.merge(programme.inbox));
                    const double seconds = watch.seconds();
                    if (report.entries != programme.events || report.set_apart != 0) return bug("bench: the merge left events behind");
                    remove_database(path);
                    return static_cast<double>(report.entries) / seconds;
                  }));
  return Rows{{"merge", rate, "events/s", "", std::nullopt, value_at_least(30'000)}};
}

}  // namespace lantaarn::bench
