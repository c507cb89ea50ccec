#include "sync_server/admin/metrics_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::server::admin;

namespace {

class Caller {
 public:
  explicit Caller(const channel::Address& to) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port);
    ::inet_pton(AF_INET, to.host.c_str(), &address.sin_addr);
    REQUIRE(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { ::close(descriptor_); }
  void say(const std::string& text) const { (void)::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL); }
  [[nodiscard]] std::string read_all() const {
    std::string all;
    char piece[4096];
    for (ssize_t got = 0; (got = ::recv(descriptor_, piece, sizeof piece, 0)) > 0;) all.append(piece, static_cast<std::size_t>(got));
    return all;
  }
  [[nodiscard]] bool is_closed() const {
    char byte = 0;
    const ssize_t got = ::recv(descriptor_, &byte, 1, MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno == ECONNRESET);
  }

 private:
  int descriptor_;
};

// Does what there is to do now.
void attend(MetricsServer& server) {
  for (;;) {
    std::vector<pollfd> polled;
    server.add_to(polled);
    if (::poll(polled.data(), polled.size(), 50) <= 0) return;
    server.attend(polled, [] { return Result<std::string>(std::string("lantaarn_sessions_total 3\n")); });
  }
}

std::string answer_to(const std::string& request) {
  auto server = MetricsServer::listen({"127.0.0.1", 0});
  REQUIRE(server.ok());
  const Caller caller(server->address());
  caller.say(request);
  attend(*server);
  return caller.read_all();
}

}  // namespace

TEST_CASE("GET /metrics is answered, and nothing else is", "[admin]") {
  const std::string answer = answer_to("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.ends_with("\r\n\r\nlantaarn_sessions_total 3\n"));
  CHECK(answer.find("text/plain; version=0.0.4") != std::string::npos);
  CHECK(answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 404"));
  CHECK(answer_to("DELETE /metrics HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 405"));
  CHECK(answer_to("hello\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(answer_to("GET /metrics HTTP/1.1\r\nX: " + std::string(2 * kMetricsHeaderBytesMax, 'x') + "\r\n\r\n").starts_with("HTTP/1.1 4"));
}

TEST_CASE("metrics are given on the loopback only", "[admin]") {
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "localhost", "metrics.example"}) {
    const auto server = MetricsServer::listen({host, 0});
    INFO(host);
    REQUIRE_FALSE(server.ok());
    CHECK(server.error().code == "metrics_not_loopback");
  }
  CHECK(MetricsServer::listen({"127.3.2.1", 0}).ok());
}

TEST_CASE("one caller more than there is room for closes the one that has been there longest", "[admin]") {
  auto server = MetricsServer::listen({"127.0.0.1", 0});
  REQUIRE(server.ok());
  std::vector<std::unique_ptr<Caller>> silent;
  for (std::size_t i = 0; i < kMetricsCallersMax; ++i) silent.push_back(std::make_unique<Caller>(server->address()));
  attend(*server);
  CHECK_FALSE(silent.front()->is_closed());
  const Caller last(server->address());
  last.say("GET /metrics HTTP/1.1\r\n\r\n");
  attend(*server);
  CHECK(silent.front()->is_closed());
  CHECK_FALSE(silent[1]->is_closed());
  CHECK(last.read_all().starts_with("HTTP/1.1 200 OK"));
}
