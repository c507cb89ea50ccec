// lantaarn-bench: the project's figures, each beside its peer's, measured in one run on one machine.

#include <CLI/CLI.hpp>
#include <iostream>

#include "common/crypto/secret.hpp"
#include "tools/bench/bench.hpp"

namespace lantaarn::bench {
namespace {

struct Benchmark {
  const char* name;
  Result<Rows> (*run)(const Setting&);
};
// `memory` first: see memory.cpp.
constexpr Benchmark kBenchmarks[] = {
    {"memory", bench_memory},   {"save", bench_save}, {"append", bench_append}, {"scan", bench_scan},   {"handshake", bench_handshake},
    {"channel", bench_channel}, {"sync", bench_sync}, {"merge", bench_merge},   {"mix", bench_merge_mix},
    {"registry", bench_registry}, {"crowd", bench_crowd}, {"ui", bench_ui},
    {"page", bench_page},
};

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Benchmark& benchmark : kBenchmarks) all.emplace_back(benchmark.name);
  return all;
}

/// Starting a program may throw; that too is a benchmark that could not run.
Result<Rows> measure(const Benchmark& benchmark, WorkFolder& folder) try {
  return benchmark.run({folder});
} catch (const std::exception& thrown) {
  return bug(thrown.what());
}

int run(const std::vector<std::string>& only, bool json) {
  auto folder = crypto::initialise().ok() ? WorkFolder::make() : Result<WorkFolder>(bug("libsodium"));
  if (!folder.ok()) {
    std::cerr << "lantaarn-bench: " << folder.error().to_log_line() << '\n';
    return 1;
  }
  std::cerr << "measuring in " << folder->path() << '\n';
  Rows rows;
  bool failed = false;
  for (const Benchmark& benchmark : kBenchmarks) {
    if (!only.empty() && std::find(only.begin(), only.end(), benchmark.name) == only.end()) continue;
    std::cerr << benchmark.name << " ...\n";
    auto measured = measure(benchmark, *folder);
    if (measured.ok()) {
      rows.insert(rows.end(), measured->begin(), measured->end());
    } else {
      std::cerr << "lantaarn-bench: " << benchmark.name << ": " << measured.error().to_log_line() << '\n';
      failed = true;
    }
  }
  json ? print_json(rows) : print_table(rows);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace lantaarn::bench

int main(int argc, char** argv) {
  CLI::App app("Measures saves, syncs and merges, each beside a peer that does the same work without us");
  std::vector<std::string> only;
  bool json = false;
  app.add_option("--only", only, "Only this one (may be given more than once)")
      ->check(CLI::IsMember(lantaarn::bench::names()))
      ->allow_extra_args(false);
  app.add_flag("--json", json, "A JSON array instead of a table");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return lantaarn::bench::run(only, json);
}
