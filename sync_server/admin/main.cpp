// lantaarn-server: one program, two processes. `serve` is the registry process and starts itself again as the gateway.

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
#include "sync_server/admin/hygiene.hpp"
#include "sync_server/admin/screens.hpp"
#include "sync_server/admin/serve.hpp"
#include "sync_server/gateway/gateway.hpp"

namespace {

using namespace lantaarn;
using namespace lantaarn::server::admin;

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kWrongUsage = 2;

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

int run(const CommandLine& line) {
  const SystemClock clock;
  const bool json = line.globals.json;
  if (line.arguments.command == "serve") {
    const Status served = serve(line.globals, line.arguments.one("sync"), clock);
    return served.ok() ? kDone : complain(served.error(), json);
  }
  const Answer answer = ask(line.globals, line.arguments, clock);
  if (!answer.ok()) return complain(answer.error(), json);
  const std::string text = json ? boost::json::serialize(answer->document) + "\n" : screen(line.arguments.command, answer->document);
  const bool said = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return said ? kDone : complain(storage_error("file_not_written", {"-"}), json);
}

int gateway_process(const char* descriptor) {
  tidy_process();
  if (!crypto::initialise().ok()) return kRefused;
  return server::gateway::gateway_main(std::atoi(descriptor));
}

int registry_process(int count, char** texts) {
  tidy_process();
  words::initialise();
  bool json = false;
  const auto read = read_command_line(count, texts, json);
  if (const auto* said = std::get_if<Said>(&read)) {
    if (said->exit_code != kDone) return complain(refused("usage", {said->text}), json, kWrongUsage);
    std::fputs(said->text.c_str(), stdout);
    return kDone;
  }
  if (const Status ready = crypto::initialise(); !ready.ok()) return complain(ready.error(), json);
  return run(std::get<CommandLine>(read));
}

}  // namespace

int main(int count, char** texts) {
  const bool json = std::any_of(texts, texts + count, [](const char* text) { return std::strcmp(text, "--json") == 0; });
  try {
    const bool is_gateway = count == 4 && std::strcmp(texts[1], "gateway") == 0 && std::strcmp(texts[2], "--fd") == 0;
    return is_gateway ? gateway_process(texts[3]) : registry_process(count, texts);
  } catch (const std::bad_alloc&) {
    return complain(retry("memory_short"), json);
  } catch (const std::exception& problem) {
    return complain(bug(problem.what()), json);
  }
}
