#include "firmware_app/platform/process_guard.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

TEST_CASE("a guarded process dumps no core and makes no file that others can read", "[platform]") {
  // In a child: the limits of the test program itself stay as they are.
  const pid_t child = fork();
  if (child == 0) {
    rlimit limit{1, 1};
    const bool guarded = lantaarn::firmware::guard_process().ok() && getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 &&
                         limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && umask(0) == 077;
    _exit(guarded ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
