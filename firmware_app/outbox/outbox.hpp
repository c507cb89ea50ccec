#pragma once
// What is saved, sent, received and merged: a view of the journal, no second copy. What the sync sender reads from.

#include "common/journal/journal.hpp"
#include "common/sync/sender.hpp"

namespace lantaarn::firmware {

/// The journal's companion kind of this room: key = log id, value = u64 seq through which the server keeps that log as
/// another branch.
inline constexpr int kForkNotedCompanion = 1001;

/// Entries, over all logs of this device.
struct OutboxCounts {
  std::uint64_t saved = 0;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;  ///< by a verified receipt
  std::uint64_t merged = 0;
  std::uint64_t secured = 0;   ///< two verified copies hold it, the authority said
};

class Outbox final : public sync::SenderSource {
 public:
  /// `journal` must outlive it; same thread.
  explicit Outbox(journal::Journal& journal) : journal_(journal) {}

  [[nodiscard]] Result<OutboxCounts> counts();
  /// Logs of which something could not be read in this object's life; their good part was sent.
  [[nodiscard]] const std::vector<LogId>& unreadable() const { return unreadable_; }

  /// Every entry of every log is at the server (by receipt, or kept there as another branch), and all could be read.
  [[nodiscard]] Result<bool> everything_received();

  [[nodiscard]] Result<std::vector<sync::SourceLog>> logs() override;
  [[nodiscard]] Result<Hash> hash_at(const LogId& log, std::uint64_t seq) override;
  [[nodiscard]] Result<sync::OutgoingBatch> read_batch(const LogId& log, std::uint64_t from) override;
  [[nodiscard]] Status record_sent(const LogId& log, std::uint64_t seq) override;
  [[nodiscard]] Status record_received(const LogId& log, const sync::Place& through, ByteView signed_receipt) override;
  [[nodiscard]] Status record_merged(const LogId& log, std::uint64_t seq) override;
  [[nodiscard]] Status record_secured(const LogId& log, const sync::Place& through, ByteView signed_statement) override;
  [[nodiscard]] Result<Bytes> secured_statement(const LogId& log) override;
  [[nodiscard]] Status record_fork_noted(const LogId& log, std::uint64_t seq) override;
  /// The log that is written now is frozen, and a new one begins that names its head. Durable on return.
  [[nodiscard]] Status log_diverged(const LogId& log) override;

 private:
  [[nodiscard]] Status limit(std::vector<journal::LogState>& logs);
  [[nodiscard]] Result<std::uint64_t> fork_noted(const LogId& log);
  [[nodiscard]] bool is_lost(const journal::LogState& log) const;
  [[nodiscard]] Result<sync::Place> readable_head(const journal::LogState& log);

  journal::Journal& journal_;
  std::vector<LogId> unreadable_;
};

}  // namespace lantaarn::firmware
