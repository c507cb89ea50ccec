#pragma once
// What can be proved of a target without the recovery key, and what may go from it.

#include "sync_server/backup/archive.hpp"
#include "sync_server/backup/own_log_file.hpp"

namespace lantaarn::server::backup {

struct Checked {
  std::uint64_t backups = 0;        ///< whole: manifest signed, every chunk there and unaltered, place in the own log right
  std::uint64_t chunks = 0;
  std::uint64_t bytes = 0;
  std::uint64_t own_seq = 0;        ///< chain and signatures whole through here
  bool own_log_torn = false;        ///< something unfinished stands behind it; it is written again
  bool keyring = false;             ///< there, and signed by the authority
  std::vector<std::string> damaged; ///< names of files that are not what was written, or are missing
  [[nodiscard]] bool good() const { return damaged.empty() && keyring; }
};
/// Reads everything. Errors: as TargetFiles, read_target.
[[nodiscard]] Result<Checked> check_target(TargetFiles& files, const AuthorityKeys& authority);

struct Pruned {
  std::uint64_t backups = 0;
  std::uint64_t chunks = 0;         ///< also such as a backup that never ended had left
};
/// Keeps the `keep` newest backups (at least one), and every chunk they name. Nothing goes while a manifest cannot be read.
[[nodiscard]] Result<Pruned> prune_target(TargetFiles& files, const AuthorityKeys& authority, std::size_t keep);

}  // namespace lantaarn::server::backup
