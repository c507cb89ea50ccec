#pragma once
// Which system calls this process, and all it starts from here on, can still make: seccomp(2). Cannot be undone.
//
// What is on no list does not exist: it fails with ENOSYS, as on an older kernel, so that a library that tries something
// newer falls back (glibc's clone3, for one) and a save is not lost to a library's curiosity. What only an intruder asks
// for (start a program, trace, load, mount, …) ends the process, with a line in the kernel's log.
// Memory is writable or executable, never both, and nothing becomes executable after it was mapped.

#include "common/base/result.hpp"
#include "common/confine/reached.hpp"

namespace lantaarn::confine {

/// To be combined. Memory, threads, clocks, and reading and writing what is open are always allowed.
enum CallSet : unsigned {
  kCallsForFiles = 1U << 0,      ///< open, make, rename, remove, lock, flush
  kCallsToDial = 1U << 1,        ///< look up names, connect, talk
  kCallsToAnswer = 1U << 2,      ///< take callers of a socket that listens already, talk
  kCallsForKernelKeys = 1U << 3, ///< keyctl: a device secret may stand there
  kCallsToRestart = 1U << 4,     ///< execve: what may be executed is for confine_files() to say
  kCallsForChildren = 1U << 5,   ///< signal and wait for a process started before
  kCallsToAskLocally = 1U << 6,  ///< connect by unix sockets only
  kCallsForScreen = 1U << 7,     ///< memory shared with a display, and what framebuffer, graphics and input devices are asked
};

/// For every thread of the process. Needs close_to_others() before. kBug when the kernel has it and refuses.
[[nodiscard]] Result<Reached> confine_system_calls(unsigned sets);

/// Whether confine_system_calls() has been here: in this program, or in the one that started it.
[[nodiscard]] bool system_calls_are_confined();

}  // namespace lantaarn::confine
