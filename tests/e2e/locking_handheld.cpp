// A handheld's program that stays: what the command line's rooms do for one command, with a user at work between, held
// at each step until the test has looked at its memory. Locking begins the program again, as the app will do it.
// usage: locking-handheld GO DATA USER PIN-FILE NOTE-FILE ALIAS | locking-handheld GO      (GO: a named pipe)

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/contact_input.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/reach.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

std::string go_on;

// Until somebody opens the other end of the pipe, and closes it.
void hold(const char* where) {
  std::printf("%s\n", where);
  std::fflush(stdout);
  const int pipe = ::open(go_on.c_str(), O_RDONLY | O_CLOEXEC);
  char nothing = 0;
  while (::read(pipe, &nothing, 1) > 0) {
  }
  ::close(pipe);
}

Status work(const cli::Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, cli::open_session(arguments.globals, Cards::kToLookUp));
  hold("unlocked");
  LANTAARN_ASSIGN(const auto draft, cli::contact_draft(arguments, session->cards, session->user.access));
  LANTAARN_TRY(session->capture().log_contact(draft));
  LANTAARN_ASSIGN(const auto tonight, session->capture().readable());
  if (tonight.contacts.empty()) return bug("nothing of tonight can be read");
  hold("saved");
  return {};
}

int fail(const Status& status) {
  std::fprintf(stderr, "%s\n", status.error().to_log_line().c_str());
  return 1;
}

}  // namespace

int main(int count, char** texts) {
  if (const Status ready = guard_process(); !ready.ok()) return fail(ready);
  if (const Status ready = crypto::initialise(); !ready.ok()) return fail(ready);
  if (count < 2) return 2;
  go_on = texts[1];
  if (count == 2) {
    if (const Status confined = confine_process({}); !confined.ok()) return fail(confined);
    hold("locked");
    return 0;
  }
  if (count != 7) return 2;
  cli::Arguments arguments;
  arguments.globals.data = texts[2];
  arguments.globals.user = texts[3];
  arguments.globals.pin_file = texts[4];
  arguments.values = {{"client", {texts[6]}}, {"channel", {"phone"}}, {"place", {"office"}}, {"outcome", {"spoken"}}, 
                      {"note-file", {texts[5]}}};
  Reach reach = cli::reach_of(arguments);
  reach.read.push_back(go_on);
  reach.restarts = true;
  if (const Status confined = confine_process(reach); !confined.ok()) return fail(confined);
  if (const Status worked = work(arguments); !worked.ok()) return fail(worked);
  hold("let go");
  return fail(restart({go_on}));
}
