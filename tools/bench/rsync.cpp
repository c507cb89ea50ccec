#include "tools/bench/rsync.hpp"

#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tools/bench/measure.hpp"

namespace lantaarn::bench {
namespace {

// Debian's sshd insists on it when root starts it; a machine without a running sshd lacks it.
constexpr const char* kPrivilegeFolder = "/run/sshd";

std::string find_program(const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"}) {
    if (access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return {};
}

/// A port that nobody listens on now.
std::string free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(probe);
  return bound ? std::to_string(ntohs(address.sin_port)) : "";
}

void make_key(const std::string& path) {
  static_cast<void>(support::run(find_program("ssh-keygen"), {"-q", "-t", "ed25519", "-N", "", "-f", path}));
}

std::string word_after(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) return "?";
  const std::size_t from = at + before.size();
  return text.substr(from, text.find_first_of(" \n\r", from) - from);
}

void write_config(const std::string& folder, const std::string& port) {
  std::ofstream(folder + "/sshd_config") << "Port " << port << "\nListenAddress 127.0.0.1\nHostKey " << folder
                                         << "/host_key\nAuthorizedKeysFile " << folder << "/user_key.pub\nPidFile none\n"
                                         << "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n";
}

}  // namespace

std::unique_ptr<RsyncOverSsh> RsyncOverSsh::start(const std::string& folder, std::string& why) {
  for (const char* program : {"rsync", "ssh", "sshd", "ssh-keygen"}) {
    if (!find_program(program).empty()) continue;
    why = "rsync over ssh: not installed (" + std::string(program) + ")";
    return nullptr;
  }
  std::unique_ptr<RsyncOverSsh> made(new RsyncOverSsh());
  made->folder_ = folder;
  made->port_ = free_port();
  std::filesystem::create_directories(folder);
  make_key(folder + "/host_key");
  make_key(folder + "/user_key");
  write_config(folder, made->port_);
  if (geteuid() == 0) made->made_privilege_folder_ = std::filesystem::create_directory(kPrivilegeFolder);
  made->sshd_ = std::make_unique<support::Process>(find_program("sshd"), std::vector<std::string>{"-D", "-e", "-f", folder + "/sshd_config"});
  for (int attempt = 0; attempt < 50; ++attempt) {
    const auto tried = support::run("/bin/sh", {"-c", made->ssh_command() + " -v 127.0.0.1 true"});
    if (tried.exit_code == 0) {
      const std::string version = word_after(support::run(find_program("rsync"), {"--version"}).out, "version ");
      made->name_ = "rsync " + version + " --fsync over ssh, " + word_after(tried.err, "server->client cipher: ");
      return made;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  why = "rsync over ssh: sshd did not start";
  return nullptr;
}

RsyncOverSsh::~RsyncOverSsh() {
  if (sshd_) {
    sshd_->send_signal(SIGTERM);
    static_cast<void>(sshd_->wait());
  }
  std::error_code ignored;
  if (made_privilege_folder_) std::filesystem::remove(kPrivilegeFolder, ignored);
}

std::string RsyncOverSsh::ssh_command() const {
  return find_program("ssh") + " -F none -p " + port_ + " -i " + folder_ + "/user_key -o IdentitiesOnly=yes -o BatchMode=yes" +
         " -o StrictHostKeyChecking=no -o UserKnownHostsFile=" + folder_ + "/known_hosts -o LogLevel=INFO";
}

Result<double> RsyncOverSsh::copy(const std::string& file) {
  const std::string target = folder_ + "/received";
  const Stopwatch watch;
  const auto done = support::run(find_program("rsync"), {"--fsync", "--whole-file", "-e", ssh_command(), file, "127.0.0.1:" + target});
  const double seconds = watch.seconds();
  remove_all(target);
  if (done.exit_code != 0) return in_context(bug("rsync"), done.err);
  return seconds;
}

}  // namespace lantaarn::bench
