#include "sync_server/admin/control.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <thread>

#include "sync_server/admin/control_server.hpp"
#include "sync_server/admin/socket_address.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;

namespace {

// A server that answers every request with what it was asked, until it is let go.
class EchoServer {
 public:
  explicit EchoServer(ControlServer control) : control_(std::move(control)) {
    REQUIRE(::pipe2(stop_, O_CLOEXEC) == 0);
    thread_ = std::thread([this] { run(); });
  }
  ~EchoServer() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
  }

 private:
  void run() {
    while (true) {
      std::vector<pollfd> polled{{stop_[0], POLLIN, 0}};
      control_.add_to(polled);
      ::poll(polled.data(), polled.size(), -1);
      if (polled[0].revents != 0) return;
      control_.attend(polled, [this](CallerId caller, const Result<Arguments>& asked) {
        if (!asked.ok()) return control_.answer(caller, asked.error());
        const boost::json::object document{{"command", asked->command}, {"name", asked->one("name")}};
        control_.answer(caller, Output{document, {{"ticket.json", asked->one("name")}}});
      });
    }
  }
  ControlServer control_;
  int stop_[2] = {-1, -1};
  std::thread thread_;
};

ControlServer listening(const std::string& path) {
  auto control = ControlServer::listen(path);
  if (!control.ok()) FAIL(control.error().to_log_line());
  return std::move(*control);
}

int connected(const std::string& path) {
  const SocketAddress address(path);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(descriptor, address.get(), address.size()) == 0);
  return descriptor;
}

// The connection's end, seen from the caller's side.
bool is_closed_by_server(int descriptor) {
  std::uint8_t byte = 0;
  return ::recv(descriptor, &byte, 1, 0) <= 0;
}

}  // namespace

TEST_CASE("requests and answers cross the socket as they are", "[control]") {
  const Arguments asked{"device add", {{"name", {"h1 \"quoted\""}}, {"users", {"Anna", "Iris"}}, {"reason", {""}}}};
  const auto again = decode_request(encode_request(asked));
  REQUIRE(again.ok());
  CHECK(again->command == asked.command);
  CHECK(again->values == asked.values);

  const auto told = decode_answer(encode_answer(Output{boost::json::array{1, "two"}, {{"path", "content"}}}));
  REQUIRE(told.ok());
  CHECK(told->document == boost::json::array{1, "two"});
  REQUIRE(told->files.size() == 1);
  CHECK(told->files[0].content == "content");

  const auto refusal = decode_answer(encode_answer(retry("in_use", {"registry.db", "7"})));
  REQUIRE_FALSE(refusal.ok());
  CHECK(refusal.error().kind == ErrorKind::kRetry);
  CHECK(refusal.error().code == "in_use");
  CHECK(refusal.error().args == std::vector<std::string>{"registry.db", "7"});
}

TEST_CASE("what is no request is refused", "[control]") {
  for (const char* text : {"", "{", "[]", "{\"command\":\"x\"}", "{\"command\":\"x\",\"values\":[]}",
                           "{\"command\":\"x\",\"values\":{\"a\":\"b\"}}", "{\"command\":\"x\",\"values\":{\"a\":[1]}}"}) {
    INFO(text);
    CHECK(decode_request(text).error().code == "protocol_error");
    CHECK(decode_answer(text).error().code == "protocol_error");
  }
}

TEST_CASE("a command reaches the server through its socket, which is the owner's alone", "[control]") {
  const support::TempFolder folder;
  const std::string path = folder.file("control.sock");
  CHECK_FALSE(ask_running_server(path, {}).has_value());
  const EchoServer server(listening(path));
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(is_server_running(path));
  const auto answer = ask_running_server(path, {"user add", {{"name", {"Noor"}}}});
  REQUIRE(answer.has_value());
  REQUIRE(answer->ok());
  CHECK((*answer)->document == boost::json::object{{"command", "user add"}, {"name", "Noor"}});
  CHECK((*answer)->files[0].path == "ticket.json");
}

TEST_CASE("a folder with a long name has a socket too", "[control]") {
  const support::TempFolder folder;
  const std::string deep = folder.file(std::string(120, 'd'));
  REQUIRE(::mkdir(deep.c_str(), 0700) == 0);
  const EchoServer server(listening(deep + "/control.sock"));
  CHECK(is_server_running(deep + "/control.sock"));
}

TEST_CASE("a stale socket is no server, and is replaced", "[control]") {
  const support::TempFolder folder;
  const std::string path = folder.file("control.sock");
  const SocketAddress address(path);
  const int left_behind = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(left_behind, address.get(), address.size()) == 0);
  ::close(left_behind);
  REQUIRE(::access(path.c_str(), F_OK) == 0);
  CHECK_FALSE(is_server_running(path));
  CHECK_FALSE(ask_running_server(path, {}).has_value());
  { const EchoServer server(listening(path)); CHECK(is_server_running(path)); }
  CHECK(::access(path.c_str(), F_OK) != 0);
}

TEST_CASE("a caller that says too much, too little or nothing holds up nobody", "[control]") {
  const support::TempFolder folder;
  const std::string path = folder.file("control.sock");
  const EchoServer server(listening(path));
  const int silent = connected(path);
  const int halting = connected(path);
  REQUIRE(::send(halting, "\x05\x00", 2, MSG_NOSIGNAL) == 2);
  const int greedy = connected(path);
  const std::uint32_t length = kControlRequestBytesMax + 1;
  REQUIRE(::send(greedy, &length, sizeof length, MSG_NOSIGNAL) == sizeof length);
  CHECK(is_closed_by_server(greedy));
  const auto answer = ask_running_server(path, {"overview", {}});
  REQUIRE(answer.has_value());
  CHECK(answer->ok());
  for (const int descriptor : {silent, halting, greedy}) ::close(descriptor);
}
