#pragma once
// A handheld's log as batches, and an inbox to put them into.

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "sync_server/inbox/inbox.hpp"
#include "sync_server/inbox/reader.hpp"

namespace lantaarn::server::inbox {

/// Entries of one log, made in memory. Copy it to fork it.
struct TestLog {
  journal::Genesis genesis{crypto::random_id<DeviceId>(), crypto::random_id<LogId>(), {}, 0, {}};
  UserId author = crypto::random_id<UserId>();
  std::shared_ptr<crypto::SignKey> sign_key = std::make_shared<crypto::SignKey>(crypto::random_secret<32>());
  std::shared_ptr<journal::SealKey> seal_key =
      std::make_shared<journal::SealKey>(journal::SealKey{crypto::random_id<KeyId>(), crypto::random_secret<32>()});
  std::vector<Bytes> entries;
  std::vector<journal::Position> places{{0, journal::genesis_hash(genesis)}};
  journal::AuthorKeys keys = [id = author, key = sign_key](const UserId& user) {
    return user == id ? std::optional(key->verify_key()) : std::nullopt;
  };

  void write(int count) {
    for (int i = 0; i < count; ++i) {
      const journal::EntryHeader header{1,      places.back().seq + 1, genesis.device,       genesis.log,
                                        author, seal_key->id,          places.back().hash, 0};
      entries.push_back(journal::seal_entry(header, {}, *seal_key, as_bytes("an event")));
      places.push_back({header.seq, journal::entry_hash(entries.back())});
    }
  }
  /// Entries first..last (from 1), the last one signed.
  [[nodiscard]] Bytes batch(std::uint64_t first, std::uint64_t last) const {
    Bytes bytes;
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      const auto signature = journal::sign_head(*sign_key, genesis.device, genesis.log, seq, places[seq].hash);
      journal::append_to_batch(bytes, entries[seq - 1], seq == last ? ByteView(signature) : ByteView());
    }
    return bytes;
  }
};

struct TestInbox {
  explicit TestInbox(std::string where, const char* with_vfs = nullptr)
      : path(std::move(where)), vfs(with_vfs), inbox(Inbox::open(path, vfs).value()) {}

  std::string path;
  const char* vfs;
  Inbox inbox;

  [[nodiscard]] Result<Landed> put(const TestLog& log, const Bytes& batch) {
    const Incoming incoming{log.genesis, batch, 1000, &log.keys};
    auto landed = inbox.store({&incoming, 1});
    if (!landed.ok()) return landed.error();
    return std::move(landed->front());
  }
  [[nodiscard]] Result<Landed> put(const TestLog& log, std::uint64_t first, std::uint64_t last) {
    return put(log, log.batch(first, last));
  }
  [[nodiscard]] InboxReader reader() const { return InboxReader::open(path, vfs).value(); }
};

/// Every entry hash of one branch as the reader gives it, in order; checks that nothing overlaps or is left out.
inline std::vector<Hash> hashes_of(InboxReader& reader, const LogId& log, std::int64_t branch = 0) {
  std::vector<Hash> hashes;
  std::optional<std::uint64_t> next;
  for (const InboxBatch& batch : reader.read_after(0, 10'000, SIZE_MAX).value()) {
    if (batch.log.log != log || batch.branch != branch) continue;
    if (next) CHECK(batch.first_seq == *next);
    next = batch.last.seq + 1;
    const auto items = journal::parse_batch(batch.bytes).value();
    CHECK(items.size() == batch.last.seq - batch.first_seq + 1);
    for (const auto& item : items) hashes.push_back(journal::entry_hash(item.entry.bytes));
  }
  return hashes;
}

inline std::vector<Hash> hashes_of(const TestLog& log, std::uint64_t from = 1) {
  std::vector<Hash> hashes;
  for (std::uint64_t seq = from; seq < log.places.size(); ++seq) hashes.push_back(log.places[seq].hash);
  return hashes;
}

}  // namespace lantaarn::server::inbox
