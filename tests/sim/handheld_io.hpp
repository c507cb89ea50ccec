#pragma once
// What a session of the simulation sends from, and where it puts what comes down: the real outbox, in batches as small
// as chance wants them; marks in memory, which go back with an old copy.

#include <map>

#include "firmware_app/outbox/outbox.hpp"
#include "tests/sim/chance.hpp"

namespace lantaarn::sim {

class SmallBatches final : public sync::SenderSource {
 public:
  SmallBatches(journal::Journal& journal, Chance& chance) : outbox_(journal), chance_(chance) {}

  Result<std::vector<sync::SourceLog>> logs() override { return outbox_.logs(); }
  Result<Hash> hash_at(const LogId& log, std::uint64_t seq) override { return outbox_.hash_at(log, seq); }
  Result<sync::OutgoingBatch> read_batch(const LogId& log, std::uint64_t from) override;
  Status record_sent(const LogId& log, std::uint64_t seq) override { return outbox_.record_sent(log, seq); }
  Status record_received(const LogId& log, const sync::Place& through, ByteView signed_receipt) override {
    return outbox_.record_received(log, through, signed_receipt);
  }
  Status record_merged(const LogId& log, std::uint64_t seq) override { return outbox_.record_merged(log, seq); }
  Status record_secured(const LogId& log, const sync::Place& through, ByteView signed_statement) override {
    return outbox_.record_secured(log, through, signed_statement);
  }
  Result<Bytes> secured_statement(const LogId& log) override { return outbox_.secured_statement(log); }
  Status record_fork_noted(const LogId& log, std::uint64_t seq) override { return outbox_.record_fork_noted(log, seq); }
  Status log_diverged(const LogId& log) override { return outbox_.log_diverged(log); }

 private:
  firmware::Outbox outbox_;
  Chance& chance_;
};

class Marks final : public sync::StatementSink {
 public:
  Result<sync::StatementMark> mark(sync::pb::StatementKind kind, const UserId& user) override { return marks_[{kind, user}]; }
  Status accept(const sync::pb::Statement& statement) override;
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  void saw_epoch(std::uint32_t epoch) { epoch_ = std::max(epoch_, epoch); }

 private:
  std::uint32_t epoch_ = 1;  // the ticket said so
  std::map<std::pair<int, UserId>, sync::StatementMark> marks_;
};

}  // namespace lantaarn::sim
