#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <future>

#include "common/channel/preamble.hpp"
#include "tests/e2e/sockets.hpp"
#include "tests/e2e/town.hpp"
#include "tests/support/random.hpp"

using namespace lantaarn::e2e;
using lantaarn::to_string;
using lantaarn::channel::make_preamble;
using lantaarn::channel::Purpose;

namespace {

// The handshake's ten seconds, and room for a busy machine.
constexpr int kPatienceMs = 20'000;

std::string preamble() { return to_string(make_preamble(Purpose::kSync)); }

long resident_kib(int pid) {
  const std::string status = lantaarn::support::read_file("/proc/" + std::to_string(pid) + "/status");
  return std::stol(status.substr(status.find("VmRSS:") + 6));
}

void one_byte_a_second(const Socket& socket, const std::string& bytes) {
  for (const char byte : bytes) {
    if (!socket.send(std::string(1, byte)) || socket.closed_within(1000)) return;
  }
}

}  // namespace

TEST_CASE("callers that send garbage, too much, nothing or one byte a second are closed, and hold up nobody", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  LANTAARN_RANDOM(random);

  const Socket silent = Socket::connect_to(town.address());
  const Socket garbage = Socket::connect_to(town.address());
  CHECK(garbage.send(to_string(random.bytes(70'000))));
  const Socket oversized = Socket::connect_to(town.address());
  CHECK(oversized.send(preamble() + to_string(random.bytes(48)) + std::string(70'000, '\xff')));
  const Socket slow = Socket::connect_to(town.address());
  auto dripping = std::async(std::launch::async, [&] { one_byte_a_second(slow, preamble() + std::string(48, 'x')); });

  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(garbage.closed_within(kPatienceMs));
  CHECK(oversized.closed_within(kPatienceMs));
  CHECK(silent.closed_within(kPatienceMs));
  dripping.wait();
  CHECK(slow.closed_within(kPatienceMs));
  CHECK(town.contacts().size() == 1);
}

TEST_CASE("a server that answers with garbage, too much, nothing or one byte a second is given up, and nothing is lost", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  LANTAARN_RANDOM(random);
  const std::string noise = to_string(random.bytes(70'000));

  const auto syncs_with = [&](const BadServer::Manner& manner, const std::string& code) {
    const BadServer server(manner);
    const auto began = std::chrono::steady_clock::now();
    const std::string problem = not_refused(handheld.try_sync(server.address()), code);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    return took > kPatienceMs ? "took " + std::to_string(took) + " ms" : problem;
  };
  CHECK(syncs_with([&](const Socket& caller) { (void)caller.send(noise); (void)caller.closed_within(kPatienceMs); }, "server_key_wrong") == "");
  CHECK(syncs_with([&](const Socket& caller) { (void)caller.send(std::string(70'000, '\xff')); (void)caller.closed_within(kPatienceMs); }, "server_key_wrong") == "");
  CHECK(syncs_with([](const Socket& caller) { (void)caller.closed_within(kPatienceMs); }, "server_unreachable") == "");
  CHECK(syncs_with([&](const Socket& caller) { one_byte_a_second(caller, noise); }, "server_unreachable") == "");

  handheld.sync();
  CHECK(town.contacts().size() == 1);
}

TEST_CASE("ten thousand half-open connections cost at most 4 KiB each, and an enrolled handheld still syncs", "[e2e]") {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  REQUIRE(files.rlim_max > 12'000);
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");

  const auto before = resident_kib(town.gateway_pid());
  std::vector<Socket> half_open;
  for (int i = 0; i < 10'000; ++i) {
    half_open.push_back(Socket::connect_to(town.address(), 1 + i % 20));
    (void)half_open.back().send(preamble());
  }
  const auto began = std::chrono::steady_clock::now();
  handheld.sync();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(15));
  const auto grown = resident_kib(town.gateway_pid()) - before;
  WARN("10,000 half-open connections: gateway grew by " << grown << " KiB");
#ifndef __SANITIZE_ADDRESS__  // whose red zones and quarantine are not the gateway's
  CHECK(grown <= 4 * 10'000);
#endif
  CHECK(half_open.front().closed_within(kPatienceMs));
  CHECK(town.contacts().size() == 1);
}

TEST_CASE("a port that is taken is said, and the server there goes on", "[e2e]") {
  Town town;
  Town other;
  other.stop();
  const auto refused = other.server({"serve", "--sync", town.address()});
  CHECK(not_refused(refused, "port_taken") == "");
  CHECK(refused.err.find(town.address().substr(town.address().rfind(':') + 1)) != std::string::npos);
  CHECK(town.server({"overview"}).exit_code == 0);
}
