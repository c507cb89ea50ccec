#pragma once
// An entry of systemd's journal as its native protocol wants it (systemd.io/JOURNAL_NATIVE_PROTOCOL): KEY=value lines in
// one datagram. Pure.

#include "sync_server/log/log.hpp"

namespace lantaarn::server::log {

inline constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

/// Line feeds in values become spaces: none of ours has one, and none can forge a field.
[[nodiscard]] std::string journal_entry(std::string_view process, Kind kind, const std::string& text, const std::vector<Field>& fields);

/// Whether the stream with this device and inode is the one that systemd says it connected to the journal
/// (systemd.exec(5): JOURNAL_STREAM="device:inode"; nullptr when unset).
[[nodiscard]] bool is_journal_stream(const char* journal_stream, unsigned long device, unsigned long inode);

}  // namespace lantaarn::server::log
