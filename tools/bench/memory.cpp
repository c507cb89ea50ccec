// What `lantaarn log` holds at its peak, beyond the buffer that Argon2id must have.

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "common/database/database.hpp"
#include "tools/bench/bench.hpp"
#include "tools/bench/town.hpp"

extern char** environ;

namespace lantaarn::bench {
namespace {

/// Peak resident bytes of a program that must succeed. A child inherits the figure of whoever spawns it, so ours must
/// be the smaller one: this benchmark runs first.
Result<double> peak_bytes(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
  pid_t child = 0;
  const int spawned = posix_spawn(&child, words[0], &quiet, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&quiet);
  if (spawned != 0) return bug("bench: cannot start " + command.front());
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0) return bug("bench: " + command.front() + " failed");
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  if (used.ru_maxrss <= own.ru_maxrss) return bug("bench: this process is the larger one; measure with --only memory");
  return static_cast<double>(used.ru_maxrss) * 1024;
}

Result<double> argon2id_bytes(const std::string& vault) {
  database::OpenOptions options;
  options.access = database::Access::kReader;
  LANTAARN_ASSIGN(auto database, database::Database::open(vault, options));
  LANTAARN_ASSIGN(auto memory, database.prepare("SELECT max(kdf_memory) FROM user"));
  LANTAARN_ASSIGN(const bool row, memory.step());
  return row ? Result<double>(static_cast<double>(memory.column_int(0))) : bug("bench: no user in the vault");
}

}  // namespace

Result<Rows> bench_memory(const Setting& setting) {
  LANTAARN_ASSIGN(const auto town, Town::found(setting.folder.fresh("server"), {}));
  LANTAARN_TRY(town->serve());
  const std::string data = setting.folder.fresh("handheld");
  const std::string pin_file = setting.folder.fresh("pin");
  std::ofstream(pin_file) << "31415926\n";
  LANTAARN_TRY(enrol_handheld(*town, setting.folder.fresh("ticket"), data, pin_file));
  LANTAARN_ASSIGN(const double peak, median_of(kRounds, [&] {
                    return peak_bytes({support::program_path("lantaarn"), "--data", data, "log", "--unknown", "--channel", "in_person",
                                       "--place", "zone", "--outcome", "spoken", "--pin-file", pin_file});
                  }));
  LANTAARN_ASSIGN(const double buffer, argon2id_bytes(data + "/vault.db"));
  return Rows{{"log_memory", (peak - buffer) / 1e6, "MB", "", std::nullopt, value_at_most(16)}};
}

}  // namespace lantaarn::bench
