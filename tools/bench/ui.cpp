// The screens: the program as it is shipped, drawing into memory, and the same screens driven by a script
// (tests/firmware_app/ui/speed_test.cpp).

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/process.hpp"
#include "tools/bench/bench.hpp"
#include "tools/bench/town.hpp"

namespace lantaarn::bench {
namespace {

constexpr auto kIdle = std::chrono::seconds(20);

double rollup_megabytes(int pid) {
  std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with("Pss:")) return std::stod(line.substr(4)) / 1024;
  }
  return 0;
}

// Of all its threads, in seconds.
double cpu_seconds(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

support::ProcessOptions without_display(const std::string& folder) {
  return {.input = "", .env = {{"QT_QPA_PLATFORM", "offscreen"}, {"XDG_RUNTIME_DIR", folder}}, .folder = ""};
}

Result<double> first_text_ms(const std::string& program, const std::string& folder) {
  const Stopwatch watch;
  support::Process screens(program, {"--data", folder + "/handheld"}, without_display(folder));
  if (!screens.wait_for_line("shown")) return bug("lantaarn-ui shows nothing");
  const double ms = watch.seconds() * 1000;
  screens.send_signal(SIGTERM);
  return ms;
}

std::optional<double> figure(const std::string& out, const std::string& name) {
  const auto at = out.find("figure " + name + " ");
  if (at == std::string::npos) return std::nullopt;
  return std::stod(out.substr(at + 8 + name.size()));
}

}  // namespace

Result<Rows> bench_ui(const Setting& setting) {
  const std::string program = support::program_path("lantaarn-ui");
  if (!std::filesystem::exists(program)) return refused("program_missing", {"lantaarn-ui"});
  const std::string folder = setting.folder.fresh("ui");
  std::filesystem::create_directories(folder);
  {
    LANTAARN_ASSIGN(const auto town, Town::found(setting.folder.fresh("ui_server"), {}));
    LANTAARN_TRY(town->serve());
    std::ofstream(folder + "/pin") << "31415926\n";
    LANTAARN_TRY(enrol_handheld(*town, folder + "/ticket", folder + "/handheld", folder + "/pin"));
  }
  LANTAARN_ASSIGN(const double cold, first_text_ms(program, folder));
  static_cast<void>(cold);
  LANTAARN_ASSIGN(const double first_text, median_of(kRounds, [&] { return first_text_ms(program, folder); }));

  support::Process screens(program, {"--data", folder + "/handheld"}, without_display(folder));
  if (!screens.wait_for_line("shown")) return bug("lantaarn-ui shows nothing");
  std::this_thread::sleep_for(std::chrono::seconds(1));  // what is measured is a time in which nothing happens
  const double used = cpu_seconds(screens.pid());
  std::this_thread::sleep_for(kIdle);
  const double idle = (cpu_seconds(screens.pid()) - used) / std::chrono::duration<double>(kIdle).count() * 100;
  const double resident = rollup_megabytes(screens.pid());
  screens.send_signal(SIGTERM);
  Rows rows{{"ui_first_text", first_text, "ms", "", std::nullopt, value_at_most(200)},
            {"ui_lock_screen", resident, "MB", "", std::nullopt, value_at_most(60)},
            {"ui_idle_cpu", idle, "%", "", std::nullopt, value_at_most(0.05)}};

  const std::string script = support::program_path("../tests_bin/tests_of_screens");
  if (!std::filesystem::exists(script)) return rows;
  const auto done = support::run(script, {"[.speed]"}, without_display(folder), 600'000);
  const auto add = [&](const char* name, const char* unit, double limit) {
    if (const auto value = figure(done.out, name)) rows.push_back({std::string("ui_") + name, *value, unit, "", std::nullopt, value_at_most(limit)});
  };
  add("scroll_frame", "ms", 3);
  add("typing_frame", "ms", 3);
  add("save_p99", "ms", 30);
  add("resident_after_use", "MB", 75);
  return rows;
}

}  // namespace lantaarn::bench
