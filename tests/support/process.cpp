#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

extern char** environ;

namespace lantaarn::support {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
};

// Standard input from memory: whole, without a second thread to feed it.
int input_file(const std::string& input) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  if (file < 0 || write(file, input.data(), input.size()) != static_cast<ssize_t>(input.size())) {
    throw std::runtime_error("no memory file for standard input");
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

std::vector<std::string> environment_with(const ProcessOptions& options) {
  std::vector<std::string> made;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : options.env) replaced = replaced || text.rfind(name + "=", 0) == 0;
    if (!replaced) made.push_back(text);
  }
  for (const auto& [name, value] : options.env) made.push_back(name + "=" + value);
  return made;
}

std::vector<char*> as_pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int spawn(const std::string& program, const std::vector<std::string>& arguments, const ProcessOptions& options, int in, int out,
          int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  if (!options.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> argument_texts{program};
  argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment_texts = environment_with(options);
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, program.c_str(), &actions, &attributes, as_pointers(argument_texts).data(),
                                  as_pointers(environment_texts).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed == 0 ? pid : -1;
}

bool drain(int pipe, std::string& into) {
  char chunk[16384];
  const ssize_t got = read(pipe, chunk, sizeof chunk);
  if (got <= 0) return false;
  into.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> line_with_prefix(const std::string& text, const std::string& prefix) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    if (text.compare(at, prefix.size(), prefix) == 0) return text.substr(at, end - at);
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments, const ProcessOptions& options) {
  const int in = input_file(options.input);
  Pipe out;
  Pipe err;
  pid_ = spawn(program, arguments, options, in, out.write_end, err.write_end);
  close(in);
  close(out.write_end);
  close(err.write_end);
  if (pid_ < 0) {
    close(out.read_end);
    close(err.read_end);
    throw std::runtime_error("cannot start " + program);
  }
  // glibc 2.36 declares pidfd_open without C linkage, so it is called by its number.
  pid_handle_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  reader_ = std::thread([this, out_end = out.read_end, err_end = err.read_end] { collect(out_end, err_end); });
}

Process::~Process() {
  kill_now();
  close(pid_handle_);
}

void Process::collect(int out_pipe, int err_pipe) {
  pollfd pipes[2] = {{out_pipe, POLLIN, 0}, {err_pipe, POLLIN, 0}};
  while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
    poll(pipes, 2, -1);
    const std::lock_guard lock(mutex_);
    if (pipes[0].revents != 0 && !drain(out_pipe, out_)) pipes[0].fd = -1;
    if (pipes[1].revents != 0 && !drain(err_pipe, err_)) pipes[1].fd = -1;
    changed_.notify_all();
  }
  close(out_pipe);
  close(err_pipe);
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

std::optional<std::string> Process::wait_for_line(const std::string& prefix, int timeout_ms) {
  std::unique_lock lock(mutex_);
  std::optional<std::string> line;
  changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] {
    line = line_with_prefix(out_, prefix);
    return line.has_value() || ended_;
  });
  return line;
}

void Process::send_signal(int signal) const {
  if (!finished_) kill(pid_, signal);
}

Finished Process::kill_now() {
  if (!finished_) kill(-pid_, SIGKILL);
  return wait();
}

Finished Process::wait(int timeout_ms) {
  if (finished_) return *finished_;
  Finished result;
  pollfd end = {pid_handle_, POLLIN, 0};
  result.timed_out = poll(&end, 1, timeout_ms) == 0;
  if (result.timed_out) kill(pid_, SIGKILL);
  // While the program is a zombie its group's number is still its own: what it started and left goes with it.
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  kill(-pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  reader_.join();
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.out = out_;
  result.err = err_;
  finished_ = result;
  return result;
}

std::string Process::out_so_far() {
  const std::lock_guard lock(mutex_);
  return out_;
}

Finished run(const std::string& program, const std::vector<std::string>& arguments, const ProcessOptions& options, int timeout_ms) {
  Process process(program, arguments, options);
  return process.wait(timeout_ms);
}

std::string program_path(const std::string& name) { return std::string(LANTAARN_PROGRAM_FOLDER) + "/" + name; }
std::string source_path(const std::string& path) { return std::string(LANTAARN_SOURCE_FOLDER) + "/" + path; }

}  // namespace lantaarn::support
