#pragma once
// The server's own log at the target: every entry as it is, sealed and signed. Of one that was dropped (an erasure, the end
// of a term) place, hash, event id, header and seal-key box are left, here as in the registry.

#include "sync_server/backup/shipped_file.hpp"

namespace lantaarn::server::backup {

struct ShippedEntry {
  LogId log;
  journal::Position at;
  Hash previous{};                 ///< zero: a blank without its header
  crypto::Signature signature{};
  std::optional<EventId> dropped;  ///< its event, of a blank
  Bytes entry;                     ///< whole; of a blank header ‖ box
};

/// `dropped`: the event of an entry of which only the blank is left.
[[nodiscard]] Bytes own_record(const OwnEntry& entry, const LogId& log, const std::optional<EventId>& dropped);

struct ShippedOwnLog {
  std::vector<ShippedEntry> entries;
  std::uint64_t good_bytes = 0;
  bool torn = false;
  [[nodiscard]] journal::Position head() const { return entries.empty() ? journal::Position{} : entries.back().at; }
};
/// Checks hashes, chain and signatures. kCorrupt "backup_damaged". Without `authority` nobody's signature is asked for.
[[nodiscard]] Result<ShippedOwnLog> read_own_log(const TargetHead& target, ByteView file, const AuthorityKeys* authority);

}  // namespace lantaarn::server::backup
