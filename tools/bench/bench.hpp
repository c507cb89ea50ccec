#pragma once
// Every benchmark: what it needs, and the rows it yields. A benchmark that cannot run says why; a peer that is not
// installed is named as such in its row.

#include <vector>

#include "tools/bench/measure.hpp"
#include "tools/bench/report.hpp"

namespace lantaarn::bench {

struct Setting {
  WorkFolder& folder;
};
using Rows = std::vector<Row>;

/// A durable save of one contact, with and without the author's signature, against plain SQLite.
[[nodiscard]] Result<Rows> bench_save(const Setting& setting);
/// 100,000 sealed entries in commits of 500, against plain SQLite storing the same bytes.
[[nodiscard]] Result<Rows> bench_append(const Setting& setting);
/// All of them read back: chain and signatures verified, decrypted.
[[nodiscard]] Result<Rows> bench_scan(const Setting& setting);
/// Mutual handshakes over loopback, against TLS 1.3 with P-256 client certificates.
[[nodiscard]] Result<Rows> bench_handshake(const Setting& setting);
/// Bulk bytes through one session, against TLS 1.3 ChaCha20-Poly1305.
[[nodiscard]] Result<Rows> bench_channel(const Setting& setting);

/// What `lantaarn log` holds beyond Argon2id's own buffer.
[[nodiscard]] Result<Rows> bench_memory(const Setting& setting);
/// 100,000 entries of one handheld to a server, durable there, against rsync over ssh of one file of the same bytes;
/// and what both server processes hold meanwhile.
[[nodiscard]] Result<Rows> bench_sync(const Setting& setting);
/// Sealed batches into a registry on disk.
[[nodiscard]] Result<Rows> bench_merge(const Setting& setting);
/// The same for a mix of all kinds: contacts, corrections, records, follow-ups, changed clients.
[[nodiscard]] Result<Rows> bench_merge_mix(const Setting& setting);
/// What is asked of a registry of a million contacts, and one evening more.
[[nodiscard]] Result<Rows> bench_registry(const Setting& setting);
/// First text, memory, rest, scrolling, typing, saving: on the handheld's screens, drawn without a display.
[[nodiscard]] Result<Rows> bench_ui(const Setting& setting);
/// 1,000 handhelds at once.
[[nodiscard]] Result<Rows> bench_crowd(const Setting& setting);
/// The coordinator's page before a register of a million contacts: clicks, requests, a sync meanwhile, memory, script.
[[nodiscard]] Result<Rows> bench_page(const Setting& setting);

}  // namespace lantaarn::bench
