// lantaarn-server: one program, three processes. `serve` is the registry process and starts itself again as the gateway
// and, with --web, as the process that faces the browsers.

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "common/crypto/secret.hpp"
#include "common/words/words.hpp"
#include "sync_server/admin/ask.hpp"
#include "sync_server/admin/health.hpp"
#include "sync_server/admin/hygiene.hpp"
#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/serve.hpp"
#include "sync_server/gateway/gateway.hpp"
#include "sync_server/review/page.hpp"
#include "sync_server/review/web_process.hpp"

namespace {

using namespace lantaarn;
using namespace lantaarn::server::admin;

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kWrongUsage = 2;
constexpr int kCritical = 4;

int complain(const Error& error, bool json, int exit_code = kRefused) {
  const std::string sentence = words::sentence(error);
  if (json) {
    const boost::json::object document{{"error", sentence}, {"code", error.code}};
    std::fprintf(stderr, "%s\n", boost::json::serialize(document).c_str());
  } else {
    std::fprintf(stderr, "%s\n", sentence.c_str());
  }
  if (!error.context.empty() && std::getenv("LANTAARN_DEBUG") != nullptr) {
    std::fprintf(stderr, "%s\n", error.to_log_line().c_str());
  }
  return exit_code;
}

bool say(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

// Exit codes of monitoring plugins: 0 fine, 1 warning, 2 critical, 3 unknown.
int say_nagios(const Answer& answer) {
  if (!answer.ok()) {
    const bool is_damage = answer.error().kind == ErrorKind::kCorrupt;
    say(std::string("LANTAARN ") + (is_damage ? "CRITICAL" : "UNKNOWN") + " - " + answer.error().code + "\n");
    return is_damage ? 2 : 3;
  }
  const auto& health = answer->document.as_object();
  const int code = exit_code_of(health);
  return say(nagios_line(health)) ? std::max(code - 2, 0) : 3;
}

// HEALTH.md: 0 fine, 1 could not look, 2 wrong usage, 3 warning, 4 critical. A store too damaged to be opened was looked at.
int say_health(const CommandLine& line, const Answer& answer) {
  if (line.arguments.has("nagios")) return say_nagios(answer);
  if (!answer.ok()) return complain(answer.error(), line.globals.json, answer.error().kind == ErrorKind::kCorrupt ? kCritical : kRefused);
  const std::string text = line.globals.json ? boost::json::serialize(answer->document) + "\n" : screen("check", answer->document);
  return say(text) ? exit_code_of(answer->document.as_object()) : complain(storage_error("file_not_written", {"-"}), line.globals.json);
}

// What a command names may be read or written wherever it is.
Status confine_for(const CommandLine& line) {
  std::vector<std::string> writable{line.globals.data};
  if (!line.globals.key_file.empty()) writable.push_back(line.globals.key_file);
  const auto confined = confine_registry(writable);
  return confined.ok() ? Status() : Status(confined.error());
}

ServeOptions serve_options(const Arguments& given) {
  return {given.one("sync"), given.one("metrics"), {given.one("web"), given.one("web-origin"), given.one("tls-cert"), given.one("tls-key")}};
}

int run(const CommandLine& line) {
  const SystemClock clock;
  const bool json = line.globals.json;
  if (line.arguments.command == "serve") {
    const Status served = serve(line.globals, serve_options(line.arguments), {server::review::open_page, server::review::run_page_command}, clock);
    return served.ok() ? kDone : complain(served.error(), json);
  }
  if (const Status confined = confine_for(line); !confined.ok()) return complain(confined.error(), json);
  const Answer answer = ask(line.globals, line.arguments, clock, server::review::run_page_command);
  if (line.arguments.command == "check") return say_health(line, answer);
  if (!answer.ok()) return complain(answer.error(), json);
  const std::string text = json ? boost::json::serialize(answer->document) + "\n" : screen(line.arguments.command, answer->document);
  return say(text) ? kDone : complain(storage_error("file_not_written", {"-"}), json);
}

int gateway_process(const char* descriptor) {
  if (!tidy_process().ok() || !crypto::initialise().ok()) return kRefused;
  return server::gateway::gateway_main(std::atoi(descriptor));
}

int web_process(const char* descriptor) {
  if (!tidy_process().ok() || !crypto::initialise().ok()) return kRefused;
  return server::review::web_main(std::atoi(descriptor));
}

int registry_process(int count, char** texts) {
  const Status tidy = tidy_process();
  words::initialise();
  bool json = false;
  const auto read = read_command_line(count, texts, json);
  if (const auto* said = std::get_if<Said>(&read)) {
    if (said->exit_code != kDone) return complain(refused("usage", {said->text}), json, kWrongUsage);
    std::fputs(said->text.c_str(), stdout);
    return kDone;
  }
  for (const Status& ready : {tidy, crypto::initialise()}) {
    if (!ready.ok()) return complain(ready.error(), json);
  }
  return run(std::get<CommandLine>(read));
}

}  // namespace

int main(int count, char** texts) {
  const bool json = std::any_of(texts, texts + count, [](const char* text) { return std::strcmp(text, "--json") == 0; });
  // What a peer sends does not write lines of its own into a log.
  google::protobuf::SetLogHandler(nullptr);
  try {
    const auto is_child = [&](const char* name) { return count == 4 && std::strcmp(texts[1], name) == 0 && std::strcmp(texts[2], "--fd") == 0; };
    if (is_child("gateway")) return gateway_process(texts[3]);
    if (is_child("web")) return web_process(texts[3]);
    return registry_process(count, texts);
  } catch (const std::bad_alloc&) {
    return complain(retry("memory_short"), json);
  } catch (const std::exception& problem) {
    return complain(bug(problem.what()), json);
  }
}
