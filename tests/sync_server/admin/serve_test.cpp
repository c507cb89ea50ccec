// `serve` with its two real processes: start, end, sudden ends, and commands through its socket.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "tests/sync_server/admin/program.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
namespace json = boost::json;

namespace {

std::uint16_t port_of(const std::string& address) { return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))); }

bool accepts_connections(const std::string& address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_of(address));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  ::close(descriptor);
  return connected;
}

}  // namespace

TEST_CASE("serve listens where it says, and SIGTERM ends both processes cleanly", "[serve]") {
  const ServerProgram server;
  server.prepare();
  ServingProgram serving(server);
  CHECK(accepts_connections(serving.address));
  const int gateway = serving.gateway_pid();
  const Finished finished = serving.end();
  CHECK(finished.exit_code == 0);
  CHECK(finished.out == "sync " + serving.address + "\n");
  CHECK_FALSE(is_running(gateway));
  CHECK_FALSE(accepts_connections(serving.address));
  CHECK_FALSE(std::filesystem::exists(server.data() + "/control.sock"));
  CHECK(finished.err.find("Kanarievogel") == std::string::npos);
}

TEST_CASE("commands answer the same through the socket as without a server", "[serve]") {
  const ServerProgram server;
  server.prepare();
  const std::vector<std::vector<std::string>> commands = {
      {"digest", "--json"},
      {"user", "list", "--json"},
      {"device", "list", "--json"},
      {"quarantine", "--json"},
      {"rebuild", "--verify", "--json"},
      {"merge", "--json"},
  };
  std::vector<std::string> without;
  for (const auto& command : commands) without.push_back(server.told(command));
  const std::vector<std::string> clients = {"clients", "--as", "Anna", "--reason", "r", "--json"};
  const std::string clients_without = server.told(clients);

  ServingProgram serving(server);
  // Who opened a record was written down: one event more than before, with or without a server.
  CHECK(server.told(clients) == clients_without);
  for (std::size_t i = 1; i < commands.size(); ++i) {
    if (commands[i][0] == "rebuild") continue;
    INFO(commands[i][0]);
    CHECK(server.told(commands[i]) == without[i]);
  }
  CHECK(json::parse(server.told(commands[4])).as_object().at("agrees") == true);
  CHECK(server.refusal({"clients"}) == "as_needed");
  CHECK(server.refusal({"clients", "--as", "Nora", "--reason", "r"}) == "user_not_found");
  CHECK(serving.end().exit_code == 0);
}

TEST_CASE("what is decided while serving stays decided", "[serve]") {
  const ServerProgram server;
  server.prepare();
  {
    ServingProgram serving(server);
    (void)server.told({"user", "add", "Iris", "--role", "case_manager"});
    (void)server.told({"device", "add", "h2", "--users", "Iris", "--server", serving.address, "--ticket", "h2.ticket"});
    struct stat info {};
    REQUIRE(::stat(server.folder.file("h2.ticket").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600);
    CHECK(serving.end().exit_code == 0);
  }
  CHECK(json::parse(server.told({"user", "list", "--json"})).as_array().size() == 3);
  CHECK(json::parse(server.told({"device", "list", "--json"})).as_array().size() == 2);
}

TEST_CASE("a second server on the same folder is refused, and the first goes on", "[serve]") {
  const ServerProgram server;
  server.prepare();
  ServingProgram serving(server);
  CHECK(server.refusal({"serve", "--sync", "127.0.0.1:0"}) == "server_running");
  CHECK(server.refusal({"init"}) == "already_initialised");
  CHECK_FALSE(server.told({"overview"}).empty());
  CHECK(serving.end().exit_code == 0);
}

TEST_CASE("a port that is taken is named, and nothing stays behind", "[serve]") {
  const ServerProgram first, second;
  first.prepare();
  second.prepare();
  ServingProgram serving(first);
  const Finished refused = second.run({"serve", "--sync", serving.address});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("Port " + std::to_string(port_of(serving.address)) + " is already in use") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(second.data() + "/control.sock"));
  CHECK_FALSE(second.told({"overview"}).empty());
  CHECK(second.refusal({"serve", "--sync", "nowhere"}) == "address_invalid");
}

TEST_CASE("when the gateway dies the server ends with one clear line", "[serve]") {
  const ServerProgram server;
  server.prepare();
  ServingProgram serving(server);
  ::kill(serving.gateway_pid(), SIGKILL);
  const Finished finished = serving.process.wait();
  CHECK(finished.exit_code == 1);
  CHECK(finished.err.find("The part that talks to the devices has ended") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(server.data() + "/control.sock"));
  CHECK_FALSE(server.told({"overview"}).empty());
}

TEST_CASE("an end signal to the whole group leaves the end to the server", "[serve]") {
  const ServerProgram server;
  server.prepare();
  ServingProgram serving(server);
  const int gateway = serving.gateway_pid();
  ::kill(gateway, SIGTERM);
  ::kill(gateway, SIGINT);
  CHECK_FALSE(server.told({"overview"}).empty());
  CHECK(is_running(gateway));
  CHECK(accepts_connections(serving.address));
  CHECK(serving.end().exit_code == 0);
  CHECK_FALSE(is_running(gateway));
}

TEST_CASE("a gateway that is gone when the server is told to end is no failure", "[serve]") {
  const ServerProgram server;
  server.prepare();
  ServingProgram serving(server);
  const int gateway = serving.gateway_pid();
  // Stopped, the server finds both when it goes on: its end signal and its gateway's end.
  serving.process.send_signal(SIGSTOP);
  ::kill(gateway, SIGKILL);
  serving.process.send_signal(SIGTERM);
  serving.process.send_signal(SIGCONT);
  CHECK(serving.process.wait().exit_code == 0);
}

TEST_CASE("when the server is killed its gateway goes too, and what it left stops nobody", "[serve]") {
  const ServerProgram server;
  server.prepare();
  {
    ServingProgram serving(server);
    const int gateway = serving.gateway_pid();
    serving.process.send_signal(SIGKILL);
    CHECK(serving.process.wait().signal == SIGKILL);
    CHECK(ends(gateway));
  }
  CHECK(std::filesystem::exists(server.data() + "/control.sock"));
  CHECK_FALSE(server.told({"overview"}).empty());
  ServingProgram again(server);
  CHECK_FALSE(server.told({"overview"}).empty());
  CHECK(again.end().exit_code == 0);
}

TEST_CASE("a server told to end before it listens ends all the same", "[serve]") {
  const ServerProgram server;
  server.prepare();
  Process process(program_path("lantaarn-server"), server.serve_arguments());
  process.send_signal(SIGTERM);
  const Finished finished = process.wait();
  // Told before it could listen for it, the signal itself ends it; later, it ends cleanly.
  CHECK((finished.signal == SIGTERM || finished.exit_code == 0));
  CHECK_FALSE(server.told({"overview"}).empty());
}
