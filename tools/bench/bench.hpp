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

}  // namespace lantaarn::bench
