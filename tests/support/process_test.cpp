#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/support/temp_folder.hpp"

using lantaarn::support::Finished;
using lantaarn::support::Process;
using lantaarn::support::run;
using lantaarn::support::TempFolder;

TEST_CASE("a program's output, error line and exit code come back", "[support]") {
  const Finished done = run("/bin/sh", {"-c", "cat; echo oops >&2; echo $SHADE; exit 3"}, {.input = "in\n", .env = {{"SHADE", "dusk"}}, .folder = {}});
  CHECK(done.out == "in\ndusk\n");
  CHECK(done.err == "oops\n");
  CHECK(done.exit_code == 3);
  CHECK(done.signal == 0);
}

TEST_CASE("a background program is waited for by what it prints, and does not outlive its object", "[support]") {
  pid_t pid = 0;
  {
    Process process("/bin/sh", {"-c", "echo ready 7; sleep 600"});
    CHECK(process.wait_for_line("ready ") == "ready 7");
    CHECK_FALSE(process.wait_for_line("never", 1).has_value());
    pid = process.pid();
    REQUIRE(kill(pid, 0) == 0);
  }
  CHECK(kill(pid, 0) == -1);
  CHECK(errno == ESRCH);
}

TEST_CASE("a killed program is reported as killed", "[support]") {
  Process process("/bin/sh", {"-c", "echo up; sleep 600"});
  REQUIRE(process.wait_for_line("up"));
  CHECK(process.kill_now().signal == SIGKILL);
  CHECK(process.wait().exit_code == -1);
}

TEST_CASE("a program that takes too long is killed with what it started", "[support]") {
  const Finished done = run("/bin/sh", {"-c", "sleep 600 & sleep 600"}, {}, 50);
  CHECK(done.timed_out);
  CHECK(done.signal == SIGKILL);
}

TEST_CASE("a temporary folder takes its content with it", "[support]") {
  std::filesystem::path path;
  {
    const TempFolder folder;
    path = folder.path();
    lantaarn::support::write_file(folder.file("a"), "canary");
    std::string where;
    CHECK(lantaarn::support::folder_contains(path, "anar", where));
    CHECK_FALSE(lantaarn::support::folder_contains(path, "finch", where));
  }
  CHECK_FALSE(std::filesystem::exists(path));
}
