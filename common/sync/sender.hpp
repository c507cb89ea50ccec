#pragma once
// The handheld's side of a session. No I/O, no clock, no threads: the driver carries messages and calls
//
//   while (!sender.done()) {
//     send everything next() gives; then receive one message and hand it to receive();
//   }
//   sender.settle();   // also after an error or a cut
//
// An error ends the session; nothing is lost by that, and the next one goes on where STATE stands.

#include <deque>
#include <functional>

#include "common/base/clock.hpp"
#include "common/sync/limits.hpp"
#include "common/sync/place.hpp"
#include "common/sync/server_keys.hpp"
#include "common/sync/statement_sink.hpp"

namespace lantaarn::sync {

/// A log as the handheld keeps it.
struct SourceLog {
  LogOrigin origin;
  Place head;                        ///< saved
  Place received;                    ///< seq 0: no receipt yet
  std::uint64_t fork_noted_seq = 0;  ///< through here the server keeps this log as another branch
  Place pruned;                      ///< up to here only hash and statement are left; seq 0: nothing was pruned
};

struct OutgoingBatch {
  Bytes bytes;  ///< empty: nothing (more) to send
  std::size_t entries = 0;
  Place last;
};

/// What is sent from. Every record_… is durable on return; none but record_fork_noted moves backwards.
class SenderSource {
 public:
  virtual ~SenderSource() = default;
  /// At most kHelloLogsMax, oldest first.
  [[nodiscard]] virtual Result<std::vector<SourceLog>> logs() = 0;
  /// The hash of an entry this device holds; an error when it holds none there.
  [[nodiscard]] virtual Result<Hash> hash_at(const LogId& log, std::uint64_t seq) = 0;
  /// One batch from `from` on, within kBatchEntriesMax and kBatchBytesMax.
  [[nodiscard]] virtual Result<OutgoingBatch> read_batch(const LogId& log, std::uint64_t from) = 0;
  [[nodiscard]] virtual Status record_sent(const LogId& log, std::uint64_t seq) = 0;
  [[nodiscard]] virtual Status record_received(const LogId& log, const Place& through, ByteView signed_receipt) = 0;
  [[nodiscard]] virtual Status record_merged(const LogId& log, std::uint64_t seq) = 0;
  /// The authority says that everything through there is secured. Called only with a place that this device holds.
  [[nodiscard]] virtual Status record_secured(const LogId& log, const Place& through, ByteView signed_statement) = 0;
  /// The statement by which the pruned part of a log is proven: a SignedStatement.
  [[nodiscard]] virtual Result<Bytes> secured_statement(const LogId& log) = 0;
  /// The server keeps this log, through there, as another branch: it need not be sent again.
  [[nodiscard]] virtual Status record_fork_noted(const LogId& log, std::uint64_t seq) = 0;
  /// The server holds something else in this log than this device does: it must not be written any more.
  /// Called once a session and log, possibly for one that was frozen long ago.
  [[nodiscard]] virtual Status log_diverged(const LogId& log) = 0;
};

enum class SyncPhase { kGreeting, kPushing, kFetching, kDone };

/// For a progress bar.
struct SyncProgress {
  SyncPhase phase = SyncPhase::kGreeting;
  std::uint64_t entries_to_send = 0;
  std::uint64_t entries_sent = 0;
  std::uint64_t entries_received = 0;  ///< acknowledged in this session
  std::uint64_t batches_sent = 0;
  std::uint64_t statements = 0;        ///< accepted
};
using ProgressSink = std::function<void(const SyncProgress&)>;

struct SenderConfig {
  DeviceId device;
  crypto::VerifyKey authority_key{};
  std::uint32_t epoch = 0;  ///< the last server epoch this device knows
  std::string app_version;
  ClockReading clock;
  ServerId server = {};
  /// Nothing: enrolled before there was one; a higher epoch is then believed on the authority's word.
  std::optional<crypto::VerifyKey> recovery_key = {};
  std::uint32_t keys_generation = 0;  ///< of authority_key; 0: changes of the server's keys are not followed
  std::uint32_t sealing_number = 1;
};

/// What a session taught, whether or not it ended well.
struct SessionOutcome {
  std::uint32_t epoch = 0;           ///< the server's; 0: it never said
  std::int64_t server_time_ms = 0;
  SyncProgress progress;
  std::vector<LogId> diverged;       ///< logs of which the server holds another branch
};

class Sender {
 public:
  /// `source` and `sink` must outlive it.
  Sender(SenderConfig config, SenderSource& source, StatementSink& sink, ProgressSink progress);

  /// Instead of a session: what the server states came in a file (RESCUE.md). Then receive() takes its messages in order,
  /// with the same checks, and settle() ends it; nothing is sent. Errors: those of `source`.
  [[nodiscard]] Status begin_file();
  /// The next message to send now; nothing: wait for the other side (or done()).
  [[nodiscard]] Result<std::optional<Bytes>> next();
  /// Errors: kRejectPeer "protocol_error" | "statement_not_authentic" | "statement_old" | "receipt_wrong" |
  /// "server_older" | "epoch_not_proven" | the other side's refusal; those of source and sink.
  [[nodiscard]] Status receive(ByteView message);
  /// BYE is sent: everything was pushed, every receipt and statement is recorded. Send END.
  [[nodiscard]] bool done() const { return phase_ == Phase::kDone; }
  /// Records what was sent and received so far. Always call it when the session is over, however it ended.
  [[nodiscard]] Status settle();
  [[nodiscard]] const SessionOutcome& outcome() const { return outcome_; }

 private:
  enum class Phase { kHello, kAwaitState, kPushing, kFetching, kFile, kBye, kDone };
  struct Log {
    SourceLog at;
    std::uint64_t next_seq = 1;
    bool exhausted = false;
    bool diverged = false;
    std::uint64_t sent_seq = 0;
    std::optional<Place> receipt_place;  // verified, not recorded yet
    Bytes receipt;
    int rewinds = 0;
  };
  struct InFlight {
    std::size_t log = 0;
    Place last;
    std::size_t entries = 0;
  };

  [[nodiscard]] Status read_logs();
  [[nodiscard]] Result<Bytes> hello();
  [[nodiscard]] Result<std::optional<Bytes>> next_push();
  [[nodiscard]] Result<std::optional<Bytes>> push_from(std::size_t index);
  [[nodiscard]] Result<Bytes> pruned_message(std::size_t index);
  [[nodiscard]] Status handle(const pb::Message& message);
  [[nodiscard]] Status on_state(const pb::State& state);
  [[nodiscard]] Status check_epoch(const pb::State& state) const;
  [[nodiscard]] Result<std::optional<NewServerKeys>> newest_keys(const pb::State& state);
  [[nodiscard]] Status adopt(const NewServerKeys& newest);
  [[nodiscard]] Status accept_receipt_key(const pb::State& state);
  [[nodiscard]] Status on_file_state(const pb::State& state);
  [[nodiscard]] Status on_standing(const pb::LogStanding& standing);
  [[nodiscard]] Status on_ack(const pb::Ack& ack);
  [[nodiscard]] bool holds(const Log& log, const Place& through);
  [[nodiscard]] Status check_receipt(const Log& log, const Place& through);
  [[nodiscard]] Status on_nak(const pb::Nak& nak);
  [[nodiscard]] Status on_fork_noted(const pb::ForkNoted& noted);
  [[nodiscard]] Status on_down(const pb::Down& down);
  [[nodiscard]] Status keep(const pb::Statement& statement, const pb::SignedStatement& as_signed);
  [[nodiscard]] Status record_standing(const pb::Statement& statement);
  [[nodiscard]] Status record_secured(const pb::Statement& statement, const pb::SignedStatement& as_signed);
  [[nodiscard]] Status diverge(Log& log);
  [[nodiscard]] Status record(Log& log);
  [[nodiscard]] Log* find(const std::string& log_id);
  std::size_t landed(const Log& log, std::uint64_t through_seq);
  void enter(Phase phase);
  void report();

  SenderConfig config_;
  SenderSource& source_;
  StatementSink& sink_;
  ProgressSink progress_;
  Phase phase_ = Phase::kHello;
  bool from_file_ = false;
  std::vector<Log> logs_;
  std::deque<InFlight> in_flight_;
  std::deque<Bytes> replies_;
  std::optional<crypto::VerifyKey> receipt_key_;
  std::uint64_t receipt_counter_ = 0;
  std::size_t unrecorded_ = 0;
  SessionOutcome outcome_;
};

}  // namespace lantaarn::sync
