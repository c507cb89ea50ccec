#pragma once
// The peer for a sync: rsync over ssh, to an sshd of our own on the loopback, with keys that live as long as this object.

#include <memory>

#include "common/base/result.hpp"
#include "tests/support/process.hpp"

namespace lantaarn::bench {

class RsyncOverSsh {
 public:
  /// Nothing, and why in `why`, when rsync, ssh or sshd is not installed or sshd does not start.
  [[nodiscard]] static std::unique_ptr<RsyncOverSsh> start(const std::string& folder, std::string& why);
  RsyncOverSsh(const RsyncOverSsh&) = delete;
  RsyncOverSsh& operator=(const RsyncOverSsh&) = delete;
  ~RsyncOverSsh();

  /// Seconds for `rsync --fsync --whole-file` of one file, with everything that comes before and after.
  [[nodiscard]] Result<double> copy(const std::string& file);
  /// "rsync 3.2.7 --fsync over ssh, <cipher>".
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  RsyncOverSsh() = default;
  [[nodiscard]] std::string ssh_command() const;
  std::string folder_;
  std::string port_;
  std::string name_;
  bool made_privilege_folder_ = false;
  std::unique_ptr<support::Process> sshd_;
};

}  // namespace lantaarn::bench
