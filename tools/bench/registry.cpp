// A registry that has grown: what people ask of it, what it weighs, and whether an evening still merges as into an empty one.

#include <filesystem>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/programme.hpp"
#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/generated_inbox.hpp"
#include "tools/bench/bench.hpp"

#include <boost/json.hpp>

namespace lantaarn::bench {
namespace {

constexpr std::size_t kContacts = 1'000'000;
constexpr std::size_t kClients = 5'000;
constexpr std::size_t kEvening = 60;
constexpr const char* kToday = "2026-11-22";

struct Grown {
  std::unique_ptr<server::Registry> registry;
  std::optional<server::Merger> merger;
};

Result<Grown> grown_registry(const std::string& path, const support::GeneratedServer& server, support::GeneratedProgramme& programme) {
  Grown grown;
  LANTAARN_ASSIGN(grown.registry, server::open_sqlite_registry(path, server.data_key.duplicate()));
  LANTAARN_ASSIGN(grown.merger, server::Merger::open(*grown.registry, server.keys));
  LANTAARN_TRY(grown.merger->record(programme.server_facts, 1));
  LANTAARN_ASSIGN(const auto report, grown.merger->merge(programme.inbox));
  if (report.entries != programme.events || report.set_apart != 0) return bug("bench: the merge left events behind");
  return grown;
}

Result<double> milliseconds(const std::function<Status()>& ask) {
  return median_of(kRounds, [&]() -> Result<double> {
    const Stopwatch watch;
    LANTAARN_TRY(ask());
    return watch.seconds() * 1000;
  });
}

// One evening more, from a handheld of its own, into a registry that stands.
Result<double> evening_ms(Grown& grown, const support::GeneratedServer& server, std::uint64_t seed) {
  support::GeneratedProgramme evening = support::generate_programme({kEvening, 5, 1, 20, 60, false, seed}, server);
  LANTAARN_TRY(grown.merger->record(evening.server_facts, 1));
  const std::int64_t after = grown.registry->cursor().value();
  support::GeneratedInbox inbox;
  for (std::int64_t i = 0; i < after; ++i) inbox.put({});
  for (auto& batch : evening.inbox.batches()) inbox.put(std::move(batch));
  const Stopwatch watch;
  LANTAARN_ASSIGN(const auto report, grown.merger->merge(inbox));
  if (report.entries != evening.events || report.set_apart != 0) return bug("bench: an evening was not merged");
  return watch.seconds() * 1000;
}

Result<double> median_evening(Grown& grown, const support::GeneratedServer& server, std::uint64_t& seed) {
  return median_of(kRounds * 3, [&] { return evening_ms(grown, server, ++seed); });
}

Status read_timeline(server::Registry& registry, const ClientId& client, std::size_t& read) {
  read = 0;
  return registry.contacts({client}, [&](const server::Contact&) -> Status {
    ++read;
    return {};
  });
}

}  // namespace

Result<Rows> bench_registry(const Setting& setting) {
  support::Draw draw(1);
  const support::GeneratedServer server(draw);
  const std::string path = setting.folder.fresh("grown.db");
  Grown grown;
  {
    support::GeneratedProgramme programme = support::generate_programme({kContacts, kClients}, server);
    LANTAARN_ASSIGN(grown, grown_registry(path, server, programme));
  }
  server::Registry& registry = *grown.registry;
  LANTAARN_ASSIGN(const auto women, registry.clear_clients());
  LANTAARN_ASSIGN(const double overview, milliseconds([&]() -> Status {
    LANTAARN_TRY(registry.overview(kToday));
    return {};
  }));
  std::size_t contacts = 0;
  LANTAARN_ASSIGN(const double timeline, milliseconds([&] { return read_timeline(registry, women[women.size() / 2].id, contacts); }));
  if (contacts == 0) return bug("bench: an empty timeline");
  LANTAARN_ASSIGN(const double out_of_sight, milliseconds([&]() -> Status {
    LANTAARN_TRY(registry.clear_clients());
    return {};
  }));
  LANTAARN_ASSIGN(const double half_year, milliseconds([&]() -> Status {
    LANTAARN_TRY(registry.overview(kToday, "2026-01-01", "2026-06-30"));
    LANTAARN_TRY(server::admin::programme_document(registry, kToday, "2026-01-01", "2026-06-30"));
    return {};
  }));
  std::uint64_t seed = 100;
  LANTAARN_ASSIGN(const double into_grown, median_evening(grown, server, seed));
  const auto bytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  support::GeneratedProgramme nothing = support::generate_programme({0, 1, 1}, server);
  LANTAARN_ASSIGN(Grown empty, grown_registry(setting.folder.fresh("empty.db"), server, nothing));
  LANTAARN_ASSIGN(const double into_empty, median_evening(empty, server, seed));
  return Rows{{"registry_overview_1m", overview, "ms", "", std::nullopt, value_at_most(50)},
              {"registry_timeline_1m", timeline, "ms", "", std::nullopt, value_at_most(10)},
              {"registry_out_of_sight_1m", out_of_sight, "ms", "", std::nullopt, value_at_most(50)},
              {"registry_half_year_1m", half_year, "ms", "", std::nullopt, value_at_most(500)},
              {"registry_file_1m", bytes, "MB", "", std::nullopt, value_at_most(1500)},
              {"merge_evening_into_1m", into_grown, "ms", "the same into an empty registry", into_empty, ratio_at_most(1.25)}};
}

Result<Rows> bench_merge_mix(const Setting& setting) {
  support::Draw draw(1);
  const support::GeneratedServer server(draw);
  support::InboxShape shape;
  shape.all_kinds = true;
  support::GeneratedProgramme programme = support::generate_programme(shape, server);
  LANTAARN_ASSIGN(const double rate, median_of(kRounds, [&]() -> Result<double> {
                    const std::string path = setting.folder.fresh("mix.db");
                    const Stopwatch watch;
                    LANTAARN_ASSIGN(const Grown grown, grown_registry(path, server, programme));
                    const double seconds = watch.seconds();
                    remove_database(path);
                    return static_cast<double>(programme.events) / seconds;
                  }));
  return Rows{{"merge_mix", rate, "events/s", "", std::nullopt, value_at_least(10'000)}};
}

}  // namespace lantaarn::bench
