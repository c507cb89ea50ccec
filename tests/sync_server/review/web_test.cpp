// The process that faces the browsers, as whoever can reach its port sees it: real bytes over a real socket.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
namespace json = boost::json;

namespace {

std::string field_in(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return answer.substr(from, answer.find("\r\n", from) - from);
}

class Wire {
 public:
  explicit Wire(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  Wire(Wire&& other) noexcept : connected(other.connected), descriptor_(std::exchange(other.descriptor_, -1)) {}
  Wire& operator=(Wire&&) = delete;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  void send(const std::string& text) const {
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t step = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (step <= 0) return;
      sent += static_cast<std::size_t>(step);
    }
  }
  /// One whole answer, or what came until the end; "" when nothing came in time.
  std::string receive(int timeout_ms = 20'000) const {
    std::string text;
    char piece[4096];
    while (true) {
      const auto head = text.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::string length = field_in(text, "Content-Length");
        if (!length.empty() && text.size() >= head + 4 + std::stoul(length)) return text;
      }
      pollfd ready{descriptor_, POLLIN, 0};
      if (::poll(&ready, 1, timeout_ms) <= 0) return text;
      const ssize_t got = ::recv(descriptor_, piece, sizeof piece, 0);
      if (got <= 0) return text;
      text.append(piece, static_cast<std::size_t>(got));
    }
  }
  /// The other end let go.
  bool ends(int timeout_ms) const {
    char piece[256];
    while (true) {
      pollfd ready{descriptor_, POLLIN, 0};
      if (::poll(&ready, 1, timeout_ms) <= 0) return false;
      if (::recv(descriptor_, piece, sizeof piece, 0) <= 0) return true;
    }
  }
  bool connected = false;

 private:
  int descriptor_;
};

struct Served {
  TempFolder folder;
  std::optional<Process> process;
  std::string origin, authority, invitation;
  std::uint16_t port = 0;

  explicit Served(std::vector<std::string> flags = {}) {
    const std::string data = folder.file("data");
    REQUIRE(run(program_path("lantaarn-server"), {"--data", data, "init"}).exit_code == 0);
    std::vector<std::string> arguments = {"--data", data, "serve", "--sync", "127.0.0.1:0", "--web", "127.0.0.1:0"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    process.emplace(program_path("lantaarn-server"), arguments, ProcessOptions{.input = {}, .env = {{"LANTAARN_LANG", "en"}}, .folder = {}});
    origin = process->wait_for_line("page ").value_or("").substr(5);
    invitation = process->wait_for_line("invitation ").value_or("").substr(11);
    REQUIRE_FALSE(origin.empty());
    authority = origin.substr(origin.find("://") + 3);
    port = static_cast<std::uint16_t>(std::stoi(origin.substr(origin.rfind(':') + 1)));
  }
  std::string ask(const std::string& request) const {
    const Wire wire(port);
    wire.send(request);
    return wire.receive();
  }
  std::string get(const std::string& target, const std::string& more = "") const {
    return ask("GET " + target + " HTTP/1.1\r\nHost: " + authority + "\r\n" + more + "Connection: close\r\n\r\n");
  }
  std::string post(const std::string& target, const std::string& body, const std::string& more = "Content-Type: application/json\r\n") const {
    return ask("POST " + target + " HTTP/1.1\r\nHost: " + authority + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
               "\r\nConnection: close\r\n\r\n" + body);
  }
};

int status_of(const std::string& answer) { return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0; }

}  // namespace

TEST_CASE("the page comes from the program itself, with every header that guards it", "[web]") {
  const Served served;
  const std::string page = served.get("/");
  CHECK(status_of(page) == 200);
  CHECK(field_in(page, "Content-Type").starts_with("text/html"));
  CHECK(field_in(page, "Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK(field_in(page, "X-Content-Type-Options") == "nosniff");
  CHECK(field_in(page, "Referrer-Policy") == "no-referrer");
  CHECK(page.find("<title>Lantaarn</title>") != std::string::npos);
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find(" style=") == std::string::npos);
  CHECK(page.find("Server:") == std::string::npos);
  const std::string etag = field_in(page, "ETag");
  CHECK(status_of(served.get("/", "If-None-Match: " + etag + "\r\n")) == 304);
  CHECK(field_in(served.get("/app.js", "Accept-Encoding: gzip\r\n"), "Content-Encoding") == "gzip");
  CHECK(status_of(served.get("/../registry/registry.db")) == 404);
  CHECK(status_of(served.get("/nothing")) == 404);
  CHECK(served.invitation.starts_with(served.origin + "/#/uitnodiging/"));
}

TEST_CASE("by another name, or from another site, nothing is answered", "[web]") {
  const Served served;
  const std::string api = "/api/v1/session";
  CHECK(status_of(served.get(api)) == 401);
  CHECK(status_of(served.ask("GET " + api + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")) == 421);
  CHECK(status_of(served.ask("GET " + api + " HTTP/1.1\r\nConnection: close\r\n\r\n")) == 421);
  CHECK(field_in(served.ask("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"), "Location") == served.origin + "/");
  CHECK(status_of(served.get(api, "Origin: https://evil.example\r\n")) == 403);
  CHECK(status_of(served.get(api, "Sec-Fetch-Site: cross-site\r\n")) == 403);
  CHECK(status_of(served.post("/api/v1/session/password", "{}", "Content-Type: text/plain\r\n")) == 415);
}

TEST_CASE("what is no request gets one short answer, and the next one is served", "[web]") {
  const Served served;
  const std::vector<std::pair<std::string, int>> kRequests = {
      {"\r\n\r\n\r\n", 400},
      {"hello\r\n\r\n", 400},
      {"GET / HTTP/9.9\r\n\r\n", 400},
      {"\x16\x03\x01\x02\x00\x01", 400},
      {"BREW /api/v1/session HTTP/1.1\r\nHost: " + served.authority + "\r\nConnection: close\r\n\r\n", 405},
      {"GET /%ff HTTP/1.1\r\nHost: " + served.authority + "\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
      {"POST /api/v1/session/password HTTP/1.1\r\nHost: " + served.authority + "\r\nContent-Length: 99999999\r\n\r\n", 413},
      {"POST /api/v1/session/password HTTP/1.1\r\nHost: " + served.authority + "\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST /api/v1/session/password HTTP/1.1\r\nHost: " + served.authority + "\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
  };
  for (const auto& [request, status] : kRequests) {
    INFO(request.substr(0, 60));
    CHECK(status_of(served.ask(request)) == status);
  }
  for (const char* body : {"{", "[]", "null", "\"x\"", "{\"name\":7}", "{\"name\":{\"a\":[]}}"}) {
    INFO(body);
    const std::string answer = served.post("/api/v1/session/password", body);
    CHECK((status_of(answer) == 400 || status_of(answer) == 401 || status_of(answer) == 429));
  }
  CHECK(status_of(served.post("/api/v1/session/password", std::string(1000, '[') + std::string(1000, ']'))) == 400);
  CHECK(status_of(served.get("/")) == 200);
}

TEST_CASE("a body in pieces, and two requests in one, are each answered", "[web]") {
  const Served served;
  const Wire wire(served.port);
  const std::string get = "GET /api/v1/session HTTP/1.1\r\nHost: " + served.authority + "\r\n\r\n";
  wire.send(get + get);
  const std::string both = wire.receive() + wire.receive();
  CHECK(both.find("401", both.find("not_signed_in")) != std::string::npos);
  const Wire slow(served.port);
  const std::string post = "POST /api/v1/session/password HTTP/1.1\r\nHost: " + served.authority +
                           "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  for (const char letter : post) slow.send(std::string(1, letter));
  CHECK(status_of(slow.receive()) == 401);
}

TEST_CASE("a peer that says nothing or not enough is let go in time", "[web]") {
  const Served served;
  const Wire half(served.port);
  half.send("GET / HTTP/1.1\r\nHost:");
  CHECK(half.ends(15'000));
}

TEST_CASE("a thousand idle connections keep nobody out", "[web]") {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const Served served;
  std::vector<Wire> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.emplace_back(served.port);
    REQUIRE(idle.back().connected);
  }
  CHECK(status_of(served.get("/")) == 200);
  // Beyond the cap the ones that were silent longest go, and a newcomer is served.
  for (int i = 0; i < 1200; ++i) idle.emplace_back(served.port);
  CHECK(status_of(served.get("/")) == 200);
  CHECK(idle.front().ends(5000));
}

TEST_CASE("plain HTTP is for this machine only", "[web]") {
  TempFolder folder;
  const std::string data = folder.file("data");
  REQUIRE(run(program_path("lantaarn-server"), {"--data", data, "init"}).exit_code == 0);
  const auto refusal = [&](std::vector<std::string> flags) {
    std::vector<std::string> arguments = {"--data", data, "--json", "serve", "--sync", "127.0.0.1:0"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Finished finished = run(program_path("lantaarn-server"), arguments);
    CHECK(finished.exit_code == 1);
    return std::string(json::parse(finished.err).at("code").as_string());
  };
  CHECK(refusal({"--web", "0.0.0.0:0"}) == "web_needs_tls");
  CHECK(refusal({"--web", "127.0.0.1:0", "--tls-cert", folder.file("nothing.pem"), "--tls-key", folder.file("nothing.pem")}) == "certificate_unreadable");
  CHECK(refusal({"--web", "127.0.0.1:0", "--tls-cert", folder.file("nothing.pem")}) == "certificate_unreadable");
  CHECK(refusal({"--web", "here"}) == "address_invalid");
}

TEST_CASE("the end of the server is the end of the web process", "[web]") {
  Served served;
  served.process->send_signal(SIGTERM);
  CHECK(served.process->wait().exit_code == 0);
  CHECK_FALSE(Wire(served.port).connected);
}
