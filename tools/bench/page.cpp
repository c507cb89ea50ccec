// The coordinator's page with a register of years behind it: what a click waits for, how many summaries a second, what it
// costs a sync that comes in, what the three processes weigh, and what a browser loads. The load comes from this process and
// takes its share of the same cores.

#include <cmath>
#include <cstdio>

#include "sync_server/review/assets.hpp"
#include "tools/bench/bench.hpp"
#include "tools/bench/page_load.hpp"

namespace lantaarn::bench {
namespace {

constexpr std::size_t kEvenings = 3;        // alone; as many while people click
constexpr auto kClickingFor = std::chrono::seconds(120);
constexpr auto kQuietFor = std::chrono::seconds(6);  // the server takes five for somebody still being there

struct Scripts {
  double at_start = 0, all = 0;  // compressed, kB (10^3)
};

Scripts scripts() {
  std::string_view index;
  for (const auto& asset : server::review::assets()) {
    if (asset.path == "/index.html") index = as_text(asset.content);
  }
  Scripts found;
  for (const auto& asset : server::review::assets()) {
    if (!asset.path.ends_with(".js")) continue;
    const double kb = static_cast<double>(asset.gzip.size()) / 1000;
    found.all += kb;
    if (index.find(asset.path) != std::string_view::npos) found.at_start += kb;
  }
  return found;
}

Result<Clicking::Slowest> click_for_a_while(const PageTown& town, const std::vector<Visitor>& visitors) {
  Clicking clicking(town, visitors);
  std::this_thread::sleep_for(kClickingFor);
  return clicking.stop();
}

struct Flooded {
  double requests_per_second = 0, unlogged = 0;
};
Result<Flooded> flood_and_count(const PageTown& town, const std::vector<Visitor>& visitors) {
  LANTAARN_ASSIGN(const std::uint64_t before, town.verified_entries());
  LANTAARN_ASSIGN(const Flood flooded, flood(town, visitors));
  LANTAARN_ASSIGN(const std::uint64_t after, town.verified_entries());
  const double logged = static_cast<double>(after) - static_cast<double>(before);
  return Flooded{flooded.requests_per_second, std::abs(logged - static_cast<double>(flooded.asked))};
}

// Entries of an evening a second: while people click, and alone.
Result<Medians> merge_speeds(PageTown& town, const std::vector<Visitor>& visitors) {
  const auto speed = [&]() -> Result<double> {
    LANTAARN_ASSIGN(const double seconds, town.evening_seconds());
    std::fprintf(stderr, "  an evening in %.2f s\n", seconds);
    return static_cast<double>(kEveningEntries) / seconds;
  };
  const auto in_use = [&]() -> Result<double> {
    Clicking clicking(town, visitors);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    LANTAARN_ASSIGN(const double measured, speed());
    LANTAARN_ASSIGN(const auto slowest, clicking.stop());
    static_cast<void>(slowest);
    return measured;
  };
  const auto alone = [&]() -> Result<double> {
    std::this_thread::sleep_for(kQuietFor);
    return speed();
  };
  return interleave(kEvenings, in_use, alone);
}

}  // namespace

Result<Rows> bench_page(const Setting& setting) {
  const std::string certificate = setting.folder.fresh("page.crt"), key = setting.folder.fresh("page.key");
  LANTAARN_TRY(make_certificate(certificate, key));
  const Stopwatch watch;
  LANTAARN_ASSIGN(const auto town, PageTown::found(setting.folder.fresh("server"), 2 * kEvenings));
  std::fprintf(stderr, "  a register of years in %.0f s\n", watch.seconds());
  LANTAARN_TRY(town->serve(certificate, key));
  LANTAARN_ASSIGN(const auto visitors, sign_in_all(*town));
  LANTAARN_ASSIGN(const auto slowest, click_for_a_while(*town, visitors));
  LANTAARN_ASSIGN(const Flooded flooded, flood_and_count(*town, visitors));
  LANTAARN_ASSIGN(const Medians merges, merge_speeds(*town, visitors));
  LANTAARN_ASSIGN(const auto memory, town->megabytes());
  const Scripts weight = scripts();
  return Rows{{"page_api_p95", slowest.p95_ms, "ms", "the slowest: " + slowest.what, std::nullopt, value_at_most(100)},
              {"page_api_p95_all", slowest.all_p95_ms, "ms", "", std::nullopt, value_at_most(100)},
              {"page_requests", flooded.requests_per_second, "requests/s", "", std::nullopt, value_at_least(5'000)},
              {"page_unlogged", flooded.unlogged, "requests", "", std::nullopt, value_at_most(0)},
              {"page_merge_ratio", merges.ours, "events/s", "the same while nobody clicks", merges.peer, ratio_at_least(0.8)},
              {"page_memory", memory.now, "MB", "", std::nullopt, value_at_most(200)},
              {"page_memory_peak", memory.peak, "MB", "", std::nullopt, value_at_most(200)},
              {"page_script_start", weight.at_start, "kB", "", std::nullopt, value_at_most(60)},
              {"page_script", weight.all, "kB", "", std::nullopt, value_at_most(60)}};
}

}  // namespace lantaarn::bench
