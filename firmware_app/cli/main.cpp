#include <google/protobuf/stubs/logging.h>

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <new>
#include <span>

#include "common/crypto/secret.hpp"
#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/reach.hpp"
#include "firmware_app/platform/process_guard.hpp"
#include "firmware_app/platform/restart.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

void say_error(const Error& error, bool as_json) {
  const std::string line = cli::visible(words::sentence(error));
  if (!as_json) {
    std::fprintf(stderr, "lantaarn: %s\n", line.c_str());
    return;
  }
  const boost::json::object said{{"error", line}, {"code", error.code}};
  std::fprintf(stderr, "%s\n", boost::json::serialize(said).c_str());
}

// What was asked is said only once it is whole: a closed pipe or a full disk is a failure too.
bool say_answer(const cli::Answer& answer, bool as_json) {
  if (as_json) {
    std::fprintf(stdout, "%s\n", boost::json::serialize(answer.document).c_str());
  } else {
    for (const auto& line : answer.lines) std::fprintf(stdout, "%s\n", line.c_str());
  }
  return std::fflush(stdout) == 0;
}

// The screens are a program of their own, with a confinement of its own.
int show_screens(const cli::Arguments& arguments) {
  std::vector<std::string> words;
  if (!arguments.globals.data.empty()) words = {"--data", arguments.globals.data};
  const Status missing = become("lantaarn-ui", words);
  say_error(missing.error(), arguments.globals.json);
  return kFailed;
}

int run(const cli::Arguments& arguments) {
  if (arguments.command == "ui") return show_screens(arguments);
  if (const Status confined = confine_process(cli::reach_of(arguments)); !confined.ok()) {
    say_error(confined.error(), arguments.globals.json);
    return kFailed;
  }
  const auto answer = cli::run_command(arguments);
  if (!answer.ok()) {
    say_error(answer.error(), arguments.globals.json);
    return answer.error().code == "usage" ? kUsage : kFailed;
  }
  for (const Error& warning : answer->warnings) say_error(warning, arguments.globals.json);
  return say_answer(*answer, arguments.globals.json) ? kDone : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  const Status guarded = guard_process();
  // What a peer sends does not write lines of its own into a log.
  google::protobuf::SetLogHandler(nullptr);
  words::initialise();
  for (const Status& ready : {guarded, crypto::initialise()}) {
    if (ready.ok()) continue;
    say_error(ready.error(), false);
    return kFailed;
  }
  bool json = false;
  const auto read = cli::read_command_line(argc, argv, json);
  if (const auto* said = std::get_if<cli::Said>(&read)) {
    if (said->exit_code == kDone) return std::fputs(said->text.c_str(), stdout) >= 0 ? kDone : kFailed;
    say_error(refused("usage", {said->text}), json);
    return kUsage;
  }
  try {
    return run(std::get<cli::Arguments>(read));
  } catch (const std::bad_alloc&) {
    // What was saved is saved; what was not is taken back whole (common/journal). Memory is there again by now.
    say_error(retry("memory_short"), json);
    return kFailed;
  }
}
