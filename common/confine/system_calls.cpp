#include "common/confine/system_calls.hpp"

#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lantaarn::confine {
namespace {

constexpr const char* kAlways[] = {
    // reading, writing and waiting
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "close", "lseek", "fstat", "fcntl", "dup", "dup2",
    "dup3", "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "eventfd2", "pipe2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "signalfd4",
    // memory
    "munmap", "mremap", "madvise", "brk", "mlock", "mlock2", "munlock", "mlockall", "munlockall", "msync", "mincore", "membarrier",
    // threads and signals
    "futex", "set_robust_list", "get_robust_list", "rseq", "sched_yield", "sched_getaffinity", "exit", "exit_group",
    "set_tid_address", "gettid", "getpid", "getppid", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
    "sigaltstack", "restart_syscall",
    // clocks, chance, and facts about itself
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "getrandom", "getrusage", "sysinfo",
    "uname", "getuid", "geteuid", "getgid", "getegid", "prlimit64", "getrlimit", "setrlimit", "prctl", "arch_prctl", "umask", "capget",
    // to take more away
    "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
};
// A terminal's echo and width, and what sockets and streams ask. Not TIOCSTI, which types on the user's behalf.
constexpr unsigned long kIoctls[] = {TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, SIOCGIFINDEX};

constexpr const char* kForFiles[] = {
    "open", "openat", "creat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "ftruncate", "truncate", "fallocate",
    "fsync", "fdatasync", "sync_file_range", "syncfs", "getdents64", "statfs", "fstatfs", "chmod", "fchmod", "fchmodat", "fchown",
    "flock", "fadvise64", "utimensat", "copy_file_range", "sendfile", "link", "linkat", "getcwd",
};
constexpr const char* kForScreen[] = {"memfd_create", "shmget", "shmat", "shmctl", "shmdt", "inotify_init1", "inotify_add_watch", "inotify_rm_watch"};
// By their letter (ioctl-number.rst): framebuffer, its console, virtual terminals, input devices, graphics. TIOCSTI is a 'T'.
constexpr unsigned kScreenIoctls[] = {'F', 'K', 'V', 'E', 'd'};
constexpr const char* kToTalk[] = {
    "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "getsockopt", "setsockopt", "getsockname", "getpeername",
    "shutdown",
};
constexpr const char* kToDial[] = {"connect", "bind"};  // bind: the netlink socket by which glibc asks for addresses
constexpr const char* kToConnect[] = {"connect"};
constexpr const char* kToAnswer[] = {"accept", "accept4"};
constexpr const char* kForKernelKeys[] = {"keyctl", "add_key", "request_key"};
constexpr const char* kForChildren[] = {"kill", "wait4", "waitid", "pidfd_open", "pidfd_send_signal"};
constexpr const char* kToRestart[] = {"execve", "close_range"};

constexpr const char* kIntruders[] = {
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "bpf", "perf_event_open", "userfaultfd",
    "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsmount", "fspick", "mount_setattr", "pivot_root", "chroot", "setns",
    "unshare", "open_by_handle_at", "reboot", "swapon", "swapoff", "iopl", "ioperm", "modify_ldt",
};

// The whole list, before it is the kernel's.
class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS))) {}
  ~Filter() {
    if (context_ != nullptr) seccomp_release(context_);
  }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  template <std::size_t N>
  void allow(const char* const (&names)[N]) {
    for (const char* name : names) add(SCMP_ACT_ALLOW, name, 0, nullptr);
  }
  void allow_when(const char* name, scmp_arg_cmp condition) { add(SCMP_ACT_ALLOW, name, 1, &condition); }
  // What another list allows stays allowed.
  template <std::size_t N>
  void end_at(const char* const (&names)[N], bool may_restart) {
    for (const char* name : names) {
      if (may_restart && std::strcmp(name, "execve") == 0) continue;
      add(SCMP_ACT_KILL_PROCESS, name, 0, nullptr);
    }
  }
  [[nodiscard]] int load() {
    if (context_ == nullptr) return -ENOMEM;
    if (failed_ != 0) return failed_;
    seccomp_attr_set(context_, SCMP_FLTATR_CTL_NNP, 0);       // close_to_others() has done it
    seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1);     // every thread
    seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree: few steps a call
    return seccomp_load(context_);
  }

 private:
  // A name that this architecture or this libseccomp does not know is one that nobody can call either.
  void add(std::uint32_t action, const char* name, unsigned count, const scmp_arg_cmp* conditions) {
    const int number = seccomp_syscall_resolve_name(name);
    if (context_ == nullptr || number == __NR_SCMP_ERROR) return;
    const int added = seccomp_rule_add_array(context_, action, number, count, conditions);
    if (added != 0 && failed_ == 0) failed_ = added;
  }

  scmp_filter_ctx context_;
  int failed_ = 0;
};

// Not by libseccomp's macros, which are C.
scmp_arg_cmp is(unsigned argument, scmp_datum_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value) { return {argument, SCMP_CMP_MASKED_EQ, mask, value}; }

void allow_with_arguments(Filter& filter) {
  for (const unsigned long request : kIoctls) filter.allow_when("ioctl", is(1, request));
  filter.allow_when("mmap", masked(2, PROT_EXEC, 0));
  filter.allow_when("mmap", masked(2, PROT_WRITE, 0));  // a library is read and executed
  filter.allow_when("mprotect", masked(2, PROT_EXEC, 0));
  filter.allow_when("clone", masked(0, CLONE_THREAD, CLONE_THREAD));
  filter.allow_when("tgkill", is(0, static_cast<scmp_datum_t>(::getpid())));  // abort()
}

void allow_asking_locally(Filter& filter) {
  filter.allow_when("socket", is(0, AF_UNIX));
  filter.allow(kToConnect);
}

void allow_dialling(Filter& filter) {
  for (const int family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK}) {
    filter.allow_when("socket", is(0, static_cast<scmp_datum_t>(family)));
  }
  filter.allow(kToDial);
}

void allow_screen(Filter& filter) {
  filter.allow(kForScreen);
  for (const unsigned letter : kScreenIoctls) filter.allow_when("ioctl", masked(1, 0xFF00, static_cast<scmp_datum_t>(letter) << 8));
}

}  // namespace

Result<Reached> confine_system_calls(unsigned sets) {
  if (is_instrumented()) return Reached::kNotInstrumented;
  Filter filter;
  filter.allow(kAlways);
  allow_with_arguments(filter);
  if ((sets & kCallsForFiles) != 0) filter.allow(kForFiles);
  if ((sets & (kCallsToDial | kCallsToAnswer | kCallsToAskLocally)) != 0) filter.allow(kToTalk);
  if ((sets & kCallsToDial) != 0) allow_dialling(filter);
  if ((sets & kCallsToAskLocally) != 0) allow_asking_locally(filter);
  if ((sets & kCallsToAnswer) != 0) filter.allow(kToAnswer);
  if ((sets & kCallsForScreen) != 0) allow_screen(filter);
  if ((sets & kCallsForKernelKeys) != 0) filter.allow(kForKernelKeys);
  if ((sets & kCallsForChildren) != 0) filter.allow(kForChildren);
  if ((sets & kCallsToRestart) != 0) filter.allow(kToRestart);
  filter.end_at(kIntruders, (sets & kCallsToRestart) != 0);
  const int loaded = filter.load();
  if (loaded == 0) return Reached::kConfined;
  if (loaded == -EINVAL || loaded == -ENOSYS || loaded == -EOPNOTSUPP) return Reached::kNotByKernel;
  return bug(std::string("seccomp: ") + std::strerror(-loaded));
}

// On no list, and harmless to ask: which kernel's habits this process has.
bool system_calls_are_confined() { return ::syscall(SYS_personality, 0xffffffffUL) < 0 && errno == ENOSYS; }

}  // namespace lantaarn::confine
