// The one translation unit that knows HTTP (Boost.Beast). Coroutines move bytes; what is allowed is in http_rules.cpp.
#include "sync_server/review/web_process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <filesystem>
#include <list>
#include <map>

#include "common/confine/files.hpp"
#include "common/confine/system_calls.hpp"
#include "sync_server/log/log.hpp"
#include "sync_server/review/assets.hpp"
#include "sync_server/review/browser_wire.hpp"
#include "sync_server/review/http_rules.hpp"
#include "sync_server/review/registry_wire.hpp"
#include "sync_server/review/request.hpp"

namespace lantaarn::server::review {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;

constexpr std::string_view kApi = "/api/v1/";
constexpr std::string_view kJson = "application/json";
constexpr std::size_t kAgentBytesMax = 200;

struct Connection {
  std::shared_ptr<BrowserWire> wire;
  std::string peer;
  Clock::time_point until;     // by then something has to have happened
  bool idle = true;            // between requests: the first to go when there are too many
};

// Somebody who waits for the registry: told by cancelling the timer.
struct Pending {
  explicit Pending(asio::io_context& loop) : told(loop) { told.expires_at(Clock::time_point::max()); }
  asio::steady_timer told;
  std::optional<web::Answer> answer;
  std::string news;            // of a stream, not written yet
  bool is_last = false;
};

std::optional<Method> method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::kGet;
    case http::verb::post: return Method::kPost;
    case http::verb::patch: return Method::kPatch;
    case http::verb::put: return Method::kPut;
    case http::verb::delete_: return Method::kDelete;
    default: return std::nullopt;
  }
}

std::string error_body(std::string_view code) {
  return R"({"error":")" + std::string(code) + R"(","code":")" + std::string(code) + R"(","args":[]})";
}

std::string field(const Parser& parser, std::string_view name) {
  const auto found = parser.get().find(boost::beast::string_view(name.data(), name.size()));
  return found == parser.get().end() ? std::string() : std::string(found->value().data(), found->value().size());
}

class WebServer {
 public:
  WebServer(asio::io_context& loop, int descriptor, std::unique_ptr<ipc::FrameReader> reader)
      : loop_(loop), registry_(loop, descriptor, std::move(reader)), sweep_(loop) {}

  [[nodiscard]] Status listen(const web::Open& open);
  void run();
  [[nodiscard]] web::Listening listening() const;

 private:
  asio::awaitable<void> accept_tcp();
  asio::awaitable<void> accept_unix();
  void admit(BrowserSocket socket, std::string peer);
  asio::awaitable<void> serve(std::shared_ptr<Connection> connection);
  asio::awaitable<bool> read_request(Connection& connection, Parser& parser, std::string& buffer, unsigned& refused_with);
  asio::awaitable<bool> respond(Connection& connection, const Parser& parser);
  asio::awaitable<bool> respond_api(Connection& connection, const Parser& parser, Target target);
  asio::awaitable<bool> respond_file(Connection& connection, const Parser& parser, const std::string& path);
  asio::awaitable<bool> stream(Connection& connection, std::uint64_t id, const std::shared_ptr<Pending>& pending);
  asio::awaitable<bool> send(Connection& connection, unsigned status, std::string lines, std::string_view type, std::string_view body, bool keep,
                             bool with_body = true);
  asio::awaitable<bool> send_error(Connection& connection, unsigned status, std::string_view code, bool keep);
  asio::awaitable<void> sweep();
  void renew_certificate();
  void take(web::Frame& frame);
  void wait_until(Connection& connection, int count) const { connection.until = Clock::now() + seconds(count); }
  [[nodiscard]] bool is_same_site(const Parser& parser) const;

  asio::io_context& loop_;
  RegistryWire registry_;
  asio::steady_timer sweep_;
  std::optional<asio::ip::tcp::acceptor> tcp_;
  std::optional<asio::local::stream_protocol::acceptor> unix_;
  std::shared_ptr<asio::ssl::context> tls_;
  std::string certificate_path_, key_path_, origin_, authority_;
  struct timespec certificate_time_ {};
  bool secure_ = false, is_unix_ = false;
  std::list<std::weak_ptr<Connection>> connections_;
  std::map<std::uint64_t, std::shared_ptr<Pending>> pending_;
  std::uint64_t last_id_ = 0;
};

Status WebServer::listen(const web::Open& open) {
  is_unix_ = !open.unix_path().empty();
  certificate_path_ = open.certificate_path();
  key_path_ = open.key_path();
  const bool has_tls = !certificate_path_.empty();
  if (!has_tls && !is_unix_ && !is_loopback(open.host())) return refused("web_needs_tls");
  if (has_tls) {
    std::string why;
    tls_ = load_tls(certificate_path_, key_path_, why);
    if (!tls_) return refused("certificate_unreadable", {why});
    struct stat file {};
    if (::stat(certificate_path_.c_str(), &file) == 0) certificate_time_ = file.st_mtim;
  }
  error_code failed;
  if (is_unix_) {
    unix_.emplace(loop_);
    std::filesystem::remove(open.unix_path(), failed);
    failed.clear();
    unix_->open(asio::local::stream_protocol(), failed);
    if (!failed) unix_->bind(asio::local::stream_protocol::endpoint(open.unix_path()), failed);
    if (!failed) ::chmod(open.unix_path().c_str(), 0660);
    if (!failed) unix_->listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return retry("port_taken", {open.unix_path()});
  } else {
    asio::ip::tcp::resolver resolver(loop_);
    const auto found = resolver.resolve(open.host(), std::to_string(open.port()), failed);
    if (failed || found.empty()) return refused("address_invalid", {open.host()});
    const auto endpoint = found.begin()->endpoint();
    tcp_.emplace(loop_);
    tcp_->open(endpoint.protocol(), failed);
    if (!failed) tcp_->set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) tcp_->bind(endpoint, failed);
    if (!failed) tcp_->listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return retry("port_taken", {std::to_string(open.port())});
  }
  origin_ = !open.origin().empty() ? open.origin() : origin_of(has_tls, open.name(), tcp_ ? tcp_->local_endpoint().port() : 443);
  secure_ = origin_.starts_with("https://");
  authority_ = authority_of(origin_);
  return {};
}

web::Listening WebServer::listening() const {
  web::Listening said;
  if (tcp_) {
    said.set_host(tcp_->local_endpoint().address().to_string());
    said.set_port(tcp_->local_endpoint().port());
  }
  said.set_origin(origin_);
  return said;
}

void WebServer::run() {
  web::Frame frame;
  *frame.mutable_listening() = listening();
  registry_.send(frame);
  const auto ended = [](const std::exception_ptr& problem) {
    if (problem) log::write(log::Kind::kNote, "web: a loop ended");
  };
  asio::co_spawn(loop_, registry_.read([this](web::Frame& each) { take(each); }), [this](const std::exception_ptr&) { loop_.stop(); });
  if (tcp_) asio::co_spawn(loop_, accept_tcp(), ended);
  if (unix_) asio::co_spawn(loop_, accept_unix(), ended);
  asio::co_spawn(loop_, sweep(), ended);
  loop_.run();
}

asio::awaitable<void> WebServer::accept_tcp() {
  while (true) {
    error_code failed;
    auto socket = co_await tcp_->async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted) co_return;
    if (failed) {  // out of descriptors, for one: a moment later there may be some
      asio::steady_timer pause(loop_, std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
      continue;
    }
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto peer = socket.remote_endpoint(ignored).address().to_string();
    admit(BrowserSocket(std::move(socket)), peer);
  }
}

asio::awaitable<void> WebServer::accept_unix() {
  while (true) {
    error_code failed;
    auto socket = co_await unix_->async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted) co_return;
    if (!failed) admit(BrowserSocket(std::move(socket)), "unix");
  }
}

void WebServer::admit(BrowserSocket socket, std::string peer) {
  std::erase_if(connections_, [](const auto& each) { return each.expired(); });
  if (connections_.size() >= kConnectionsMax) {
    // The one that has been silent longest goes; when all are at work, the newcomer.
    const auto oldest = std::find_if(connections_.begin(), connections_.end(), [](const auto& each) {
      const auto connection = each.lock();
      return connection && connection->idle;
    });
    if (oldest == connections_.end()) return;
    if (const auto connection = oldest->lock()) connection->wire->close();
    connections_.erase(oldest);
  }
  auto connection = std::make_shared<Connection>();
  connection->wire = tls_ ? tls_wire(std::move(socket), tls_) : plain_wire(std::move(socket));
  connection->peer = std::move(peer);
  wait_until(*connection, kHandshakeSeconds);
  connections_.push_back(connection);
  asio::co_spawn(loop_, serve(connection), [](const std::exception_ptr&) {});  // its end is an end, whatever it was
}

asio::awaitable<void> WebServer::serve(std::shared_ptr<Connection> connection) {
  const bool begun = co_await connection->wire->begin();
  std::string buffer;
  bool goes_on = begun;
  while (goes_on) {
    Parser parser;
    parser.header_limit(kHeaderBytesMax);
    parser.body_limit(kBodyBytesMax);
    parser.eager(true);
    connection->idle = true;
    wait_until(*connection, kIdleSeconds);
    unsigned refused_with = 0;
    const bool whole = co_await read_request(*connection, parser, buffer, refused_with);
    connection->idle = false;
    wait_until(*connection, kWriteSeconds);
    if (refused_with != 0) co_await send_error(*connection, refused_with, refused_with == 413 ? "body_too_large" : "request_malformed", false);
    goes_on = whole && co_await respond(*connection, parser);
  }
  connection->wire->close();
}

// True when one is there, whole. False at the end, or with a status when it cannot be one.
asio::awaitable<bool> WebServer::read_request(Connection& connection, Parser& parser, std::string& buffer, unsigned& refused_with) {
  std::array<char, 8192> piece{};
  bool was_header = false;
  while (!parser.is_done()) {
    if (!buffer.empty()) {
      error_code failed;
      const std::size_t used = parser.put(asio::buffer(buffer), failed);
      buffer.erase(0, used);
      if (failed && failed != http::error::need_more) {
        refused_with = failed == http::error::body_limit ? 413 : failed == http::error::header_limit ? 431 : 400;
        co_return false;
      }
      if (parser.is_done()) break;
    }
    if (parser.is_header_done() && !was_header) {
      was_header = true;
      wait_until(connection, kBodySeconds);
    }
    const std::size_t got = co_await connection.wire->read_some(asio::buffer(piece));
    if (got == 0) co_return false;
    if (connection.idle) {
      connection.idle = false;
      wait_until(connection, kHeaderSeconds);
    }
    buffer.append(piece.data(), got);
  }
  co_return true;
}

asio::awaitable<bool> WebServer::send(Connection& connection, unsigned status, std::string lines, std::string_view type, std::string_view body,
                                      bool keep, bool with_body) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " " + std::string(http::obsolete_reason(http::int_to_status(status))) + "\r\n";
  head += security_lines(secure_) + lines;
  if (!type.empty()) head += "Content-Type: " + std::string(type) + "\r\n";
  if (status != 304) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  head += keep ? "\r\n" : "Connection: close\r\n\r\n";
  wait_until(connection, kWriteSeconds);
  const bool sent = co_await connection.wire->write({asio::buffer(head), with_body ? asio::buffer(body.data(), body.size()) : asio::const_buffer()});
  co_return sent && keep;
}

asio::awaitable<bool> WebServer::send_error(Connection& connection, unsigned status, std::string_view code, bool keep) {
  const std::string body = error_body(code);
  co_return co_await send(connection, status, "Cache-Control: no-store\r\n", kJson, body, keep);
}

// A page of another site may make a browser ask; what it may not is choose these (Fetch metadata, Origin).
bool WebServer::is_same_site(const Parser& parser) const {
  const std::string origin = field(parser, "Origin");
  if (!origin.empty() && origin != origin_) return false;
  const std::string site = field(parser, "Sec-Fetch-Site");
  return site.empty() || site == "same-origin" || site == "none";
}

asio::awaitable<bool> WebServer::respond(Connection& connection, const Parser& parser) {
  const bool keep = parser.get().keep_alive();
  const auto raw = parser.get().target();
  const auto target = read_target(std::string_view(raw.data(), raw.size()));
  if (!target) co_return co_await send_error(connection, 400, "request_malformed", false);
  const bool is_api = target->path.starts_with(kApi);
  if (field(parser, "Host") != authority_) {
    // By another name nothing is answered: a name that was bent to this address learns nothing (DNS rebinding).
    if (is_api || parser.get().method() != http::verb::get) co_return co_await send_error(connection, 421, "request_malformed", false);
    co_return co_await send(connection, 308, "Location: " + origin_ + "/\r\n", "", "", keep);
  }
  if (is_api) co_return co_await respond_api(connection, parser, *target);
  co_return co_await respond_file(connection, parser, target->path);
}

asio::awaitable<bool> WebServer::respond_file(Connection& connection, const Parser& parser, const std::string& path) {
  const bool keep = parser.get().keep_alive();
  const bool head_only = parser.get().method() == http::verb::head;
  if (!head_only && parser.get().method() != http::verb::get) co_return co_await send_error(connection, 405, "request_malformed", keep);
  const std::string_view wanted = path == "/" ? std::string_view("/index.html") : std::string_view(path);
  const auto files = assets();
  const auto* asset = std::find_if(files.data(), files.data() + files.size(), [&](const Asset& each) { return each.path == wanted; });
  if (asset == files.data() + files.size()) co_return co_await send_error(connection, 404, "route_not_found", keep);
  std::string lines = "Cache-Control: no-cache\r\nVary: Accept-Encoding\r\nETag: \"" + std::string(asset->etag) + "\"\r\n";
  if (field(parser, "If-None-Match") == "\"" + std::string(asset->etag) + "\"") co_return co_await send(connection, 304, lines, "", "", keep);
  const bool zipped = !asset->gzip.empty() && field(parser, "Accept-Encoding").find("gzip") != std::string::npos;
  if (zipped) lines += "Content-Encoding: gzip\r\n";
  const ByteView content = zipped ? asset->gzip : asset->content;
  co_return co_await send(connection, 200, lines, asset->type, as_text(content), keep, !head_only);
}

asio::awaitable<bool> WebServer::respond_api(Connection& connection, const Parser& parser, Target target) {
  const bool keep = parser.get().keep_alive();
  const auto method = method_of(parser.get().method());
  if (!method) co_return co_await send_error(connection, 405, "request_malformed", keep);
  if (!is_same_site(parser)) co_return co_await send_error(connection, 403, "csrf", keep);
  const std::string& body = parser.get().body();
  const bool is_json = field(parser, "Content-Type").starts_with(kJson);
  if (!body.empty() && !is_json) co_return co_await send_error(connection, 415, "request_malformed", keep);
  if (pending_.size() >= kAsksOpenMax) co_return co_await send_error(connection, 503, "too_many", keep);

  web::Frame frame;
  web::Asked& asked = *frame.mutable_asked();
  const std::uint64_t id = ++last_id_;
  asked.set_id(id);
  asked.set_method(static_cast<std::uint32_t>(*method));
  asked.set_path(target.path.substr(kApi.size()));
  for (const auto& [name, value] : target.query) {
    web::Pair& pair = *asked.add_query();
    pair.set_name(name);
    pair.set_value(value);
  }
  asked.set_body(body);
  asked.set_session(cookie_in(field(parser, "Cookie"), cookie_name(secure_)));
  asked.set_csrf(field(parser, "X-Lantaarn"));
  if (is_unix_) asked.set_remote_user(field(parser, "X-Remote-User"));
  asked.set_peer(connection.peer);
  asked.set_agent(field(parser, "User-Agent").substr(0, kAgentBytesMax));
  asked.set_background(!field(parser, "X-Background").empty());

  const auto pending = std::make_shared<Pending>(loop_);
  pending_[id] = pending;
  registry_.send(frame);
  wait_until(connection, kAnswerSeconds);
  error_code told;
  co_await pending->told.async_wait(asio::redirect_error(asio::use_awaitable, told));
  if (!pending->answer) co_return false;
  const web::Answer& answer = *pending->answer;
  if (answer.is_stream()) co_return co_await stream(connection, id, pending);
  std::string lines = "Cache-Control: no-store\r\n";
  if (!answer.set_session().empty()) lines += cookie_line(secure_, answer.set_session());
  if (answer.clear_session()) lines += cookie_gone_line(secure_);
  if (!answer.file_name().empty()) lines += "Content-Disposition: attachment; filename=\"" + answer.file_name() + "\"\r\n";
  if (answer.retry_seconds() > 0) lines += "Retry-After: " + std::to_string(answer.retry_seconds()) + "\r\n";
  co_return co_await send(connection, answer.status(), lines, answer.content_type(), answer.body(), keep);
}

// Server-sent events (HTML Living Standard 9.2), as long as the registry has somebody to tell.
asio::awaitable<bool> WebServer::stream(Connection& connection, std::uint64_t id, const std::shared_ptr<Pending>& pending) {
  std::string text = "HTTP/1.1 200 OK\r\n" + security_lines(secure_) + "Cache-Control: no-store\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: here\n\n";
  while (true) {
    wait_until(connection, kWriteSeconds);
    const bool sent = co_await connection.wire->write({asio::buffer(text), asio::const_buffer()});
    if (!sent || pending->is_last) break;
    connection.until = Clock::time_point::max();
    pending->told.expires_after(seconds(20));
    error_code told;
    if (pending->news.empty()) co_await pending->told.async_wait(asio::redirect_error(asio::use_awaitable, told));
    text = pending->news.empty() ? ": still\n\n" : std::exchange(pending->news, {});
  }
  pending_.erase(id);
  web::Frame frame;
  frame.mutable_gone()->set_id(id);
  registry_.send(frame);
  co_return false;
}

void WebServer::take(web::Frame& frame) {
  if (frame.has_shutdown()) return loop_.stop();
  if (frame.has_answer()) {
    const auto found = pending_.find(frame.answer().id());
    if (found == pending_.end()) return;
    const auto pending = found->second;
    // A stream stays: news may follow in the next frame already.
    if (!frame.answer().is_stream()) pending_.erase(found);
    pending->answer = std::move(*frame.mutable_answer());
    pending->told.cancel();
    return;
  }
  if (!frame.has_news()) return;
  for (const std::uint64_t id : frame.news().ids()) {
    const auto found = pending_.find(id);
    if (found == pending_.end()) continue;
    // Who does not read loses news, not memory: the page asks anew when it comes back.
    if (found->second->news.size() < kBodyBytesMax) found->second->news += frame.news().text();
    found->second->is_last = found->second->is_last || frame.news().is_last();
    found->second->told.cancel();
  }
}

void WebServer::renew_certificate() {
  struct stat file {};
  if (!tls_ || ::stat(certificate_path_.c_str(), &file) != 0) return;
  if (file.st_mtim.tv_sec == certificate_time_.tv_sec && file.st_mtim.tv_nsec == certificate_time_.tv_nsec) return;
  std::string why;
  auto renewed = load_tls(certificate_path_, key_path_, why);
  // Half written, or the key still to come: tried again at the next turn, the one in use stays.
  if (!renewed) return log::write(log::Kind::kNote, "web: new certificate not taken: " + why);
  certificate_time_ = file.st_mtim;
  tls_ = std::move(renewed);
  log::write(log::Kind::kNote, "web: certificate renewed");
}

asio::awaitable<void> WebServer::sweep() {
  while (true) {
    sweep_.expires_after(seconds(1));
    error_code woken;
    co_await sweep_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto now = Clock::now();
    for (const auto& each : connections_) {
      const auto connection = each.lock();
      if (connection && connection->until < now) connection->wire->close();
    }
    std::erase_if(connections_, [](const auto& each) { return each.expired(); });
    renew_certificate();
  }
}

void prepare_process() {
  ::prctl(PR_SET_DUMPABLE, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::signal(SIGINT, SIG_IGN);  // a terminal's Ctrl-C: the registry process decides
  ::signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

// Once it listens: the certificate's folders to read, and what is open already.
Status confine_web(const web::Open& open) {
  confine::FileRules rules;
  rules.read = {"/dev/urandom", "/proc/sys/kernel/random", "/etc/ssl"};
  for (const std::string& path : {open.certificate_path(), open.key_path()}) {
    if (!path.empty()) rules.read.push_back(std::filesystem::absolute(path).parent_path().string());
  }
  rules.may_call = false;
  rules.is_alone = true;
  LANTAARN_ASSIGN(const auto files, confine::confine_files(rules));
  LANTAARN_ASSIGN(const auto calls, confine::confine_system_calls(confine::kCallsForFiles | confine::kCallsToAnswer));
  const std::string reached(confine::name_of(files)), allowed(confine::name_of(calls));
  log::write(log::Kind::kConfined, "files " + reached + ", system calls " + allowed, {{"FILES", reached}, {"SYSTEM_CALLS", allowed}});
  return {};
}

int fail(int descriptor, const Error& error) {
  web::Frame frame;
  frame.mutable_start_failed()->set_code(error.code);
  if (!error.args.empty()) frame.mutable_start_failed()->set_detail(error.args.front());
  static_cast<void>(ipc::write_frame(descriptor, frame));  // whoever started it is told, or gone
  return 1;
}

}  // namespace

int web_main(int descriptor) {
  log::open("web");
  prepare_process();
  auto reader = std::make_unique<ipc::FrameReader>();
  web::Frame first;
  if (!ipc::read_frame(descriptor, *reader, first).ok() || !first.has_open()) return 1;
  asio::io_context loop(1);
  WebServer server(loop, descriptor, std::move(reader));
  if (const Status listening = server.listen(first.open()); !listening.ok()) return fail(descriptor, listening.error());
  if (const Status confined = confine_web(first.open()); !confined.ok()) return fail(descriptor, confined.error());
  server.run();
  return 0;
}

}  // namespace lantaarn::server::review
