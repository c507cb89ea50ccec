#include "tests/sync_server/admin/program.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "tests/support/json_schema.hpp"

namespace lantaarn::support {
namespace {

std::vector<std::string> with_data(std::vector<std::string> arguments, const std::string& data) {
  arguments.insert(arguments.begin(), {"--data", data});
  return arguments;
}

}  // namespace

Finished ServerProgram::run(std::vector<std::string> arguments, int timeout_ms) const {
  return support::run(program_path("lantaarn-server"), with_data(std::move(arguments), data()),
                      {.input = {}, .env = {{"LANTAARN_LANG", "en"}}, .folder = folder.path().string()}, timeout_ms);
}

std::string ServerProgram::told(std::vector<std::string> arguments) const {
  const Finished finished = run(std::move(arguments));
  INFO(finished.err);
  REQUIRE(finished.exit_code == 0);
  CHECK(finished.err.empty());
  return finished.out;
}

std::string ServerProgram::refusal(std::vector<std::string> arguments) const {
  arguments.emplace_back("--json");
  const Finished finished = run(std::move(arguments));
  INFO(finished.out << finished.err);
  REQUIRE(finished.exit_code == 1);
  CHECK(finished.out.empty());
  CHECK(conforms("lantaarn-server.error", finished.err) == "");
  return std::string(boost::json::parse(finished.err).as_object().at("code").as_string());
}

void ServerProgram::prepare() const {
  (void)told({"init"});
  (void)told({"user", "add", "Noor", "--role", "coordinator"});
  (void)told({"user", "add", "Anna", "--role", "case_manager"});
  (void)told({"client", "add", "Kanarievogel", "--primary", "Anna", "--as", "Noor", "--reason", "start"});
  (void)told({"device", "add", "h1", "--users", "Anna", "--server", "127.0.0.1:7000", "--ticket", "h1.ticket"});
}

std::vector<std::string> ServerProgram::serve_arguments(const std::string& listen) const {
  return {"--data", data(), "serve", "--sync", listen};
}

ServingProgram::ServingProgram(const ServerProgram& server)
    : process(program_path("lantaarn-server"), server.serve_arguments(), {.input = {}, .env = {{"LANTAARN_LANG", "en"}}, .folder = {}}) {
  const auto line = process.wait_for_line("sync ");
  if (!line) FAIL("serve did not start: " + process.kill_now().err);
  address = line->substr(5);
}

Finished ServingProgram::end() {
  process.send_signal(SIGTERM);
  return process.wait();
}

int ServingProgram::gateway_pid() const {
  const std::string pid = std::to_string(process.pid());
  std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
  int child = -1;
  children >> child;
  REQUIRE(child > 0);
  return child;
}

bool is_running(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return static_cast<bool>(stat >> number >> name >> state) && state != "Z";
}

bool ends(int pid, int timeout_ms) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return true;
  pollfd ended{handle, POLLIN, 0};
  const bool gone = ::poll(&ended, 1, timeout_ms) > 0;
  ::close(handle);
  return gone;
}

}  // namespace lantaarn::support
