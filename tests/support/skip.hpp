#pragma once
// A test whose material is not on this machine says so and is counted as skipped, never as passed.

#include <cstdio>

/// Leaves the test case; `why` says what is absent. ctest recognises the line (tests/CMakeLists.txt).
#define LANTAARN_SKIP(why)                       \
  do {                                           \
    std::printf("lantaarn-skipped: %s\n", why);  \
    return;                                      \
  } while (false)
