// lantaarn-sim: as many evenings as asked, each a function of its seed. A failing seed is printed and can be run again.

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "common/crypto/secret.hpp"
#include "tests/sim/simulation.hpp"

namespace lantaarn::sim {
namespace {

struct Wish {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 1000;
  unsigned jobs = 1;
  bool json = false;
};

struct Tally {
  Counts counts;
  std::uint64_t seeds = 0;
  std::uint64_t failed = 0;
};

void add(Tally& to, const Tally& more) {
  to.counts.add(more.counts);
  to.seeds += more.seeds;
  to.failed += more.failed;
}

/// Every `jobs`-th seed, from `job` on. Failing seeds are printed as they come.
Tally run_share(const Wish& wish, unsigned job) {
  Tally tally;
  for (std::uint64_t i = job; i < wish.seeds; i += wish.jobs) {
    const Outcome outcome = run_seed(wish.first_seed + i);
    add(tally, {outcome.counts, 1, outcome.violation.empty() ? 0U : 1U});
    if (outcome.violation.empty()) continue;
    const auto seed = static_cast<unsigned long long>(outcome.seed);
    std::fprintf(stderr, "seed %llu: %s\n  again: lantaarn-sim --first-seed %llu --seeds 1\n", seed, outcome.violation.c_str(), seed);
  }
  return tally;
}

/// The seed rules a whole process, so each job is a process; it hands its tally back through a pipe.
Tally run_all(const Wish& wish) {
  std::vector<std::pair<pid_t, int>> children;
  for (unsigned job = 1; job < wish.jobs; ++job) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child == 0) {
      const Tally tally = run_share(wish, job);
      _exit(write(ends[1], &tally, sizeof tally) == static_cast<ssize_t>(sizeof tally) ? 0 : 1);
    }
    close(ends[1]);
    children.emplace_back(child, ends[0]);
  }
  Tally all = run_share(wish, 0);
  for (const auto& [child, end] : children) {
    Tally tally;
    // A child that died takes its seeds with it: that is a failure too.
    if (read(end, &tally, sizeof tally) != static_cast<ssize_t>(sizeof tally)) tally = {{}, 0, 1};
    close(end);
    waitpid(child, nullptr, 0);
    add(all, tally);
  }
  return all;
}

void print(const Wish& wish, const Tally& tally, double ms_per_seed) {
  boost::json::object summary = {{"first_seed", wish.first_seed}, {"seeds", tally.seeds}, {"failed", tally.failed}};
  Counts counts = tally.counts;
  counts.each([&](std::string_view name, std::uint64_t value) { summary[name] = value; });
  summary["ms_per_seed"] = ms_per_seed;
  if (wish.json) {
    std::cout << boost::json::serialize(summary) << '\n';
    return;
  }
  for (const auto& [name, value] : summary) std::cout << name << ' ' << value << (name == "ms_per_seed" ? "\n" : ", ");
}

int run(const Wish& wish) {
  // Disks of some hundred KiB come and go with every evening: giving each back to the system and faulting its pages in
  // again costs a quarter of the time.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
  if (!crypto::initialise().ok()) return 1;
  const auto start = std::chrono::steady_clock::now();
  const Tally tally = run_all(wish);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  print(wish, tally, took.count() / static_cast<double>(std::max<std::uint64_t>(1, tally.seeds)));
  return tally.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace lantaarn::sim

int main(int argc, char** argv) {
  lantaarn::sim::Wish wish;
  CLI::App app("Plays evenings full of bad luck and checks that no promise is broken");
  app.add_option("--first-seed", wish.first_seed, "The first one (default: 1)");
  app.add_option("--seeds", wish.seeds, "How many (default: 1000)")->check(CLI::PositiveNumber);
  app.add_option("--jobs", wish.jobs, "Processes at a time (default: 1)")->check(CLI::Range(1, 256));
  app.add_flag("--json", wish.json, "The summary as one JSON object");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return lantaarn::sim::run(wish);
}
