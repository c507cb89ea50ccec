#pragma once
// Where what comes down is kept: the handheld's vault, in a sync; a vector, in a test.

#include "common/sync/statement.hpp"

namespace lantaarn::sync {

class StatementSink {
 public:
  virtual ~StatementSink() = default;
  /// The last one accepted of this kind for this user (zero: the whole device).
  [[nodiscard]] virtual Result<StatementMark> mark(pb::StatementKind kind, const UserId& user) = 0;
  /// Keeps the content together with mark_of(statement). Durable on return: it is acknowledged after that.
  /// Called with verified statements of this device and a higher mark only. kRefused "statement_unknown" for a kind this
  /// program does not know, "statement_waits" for what cannot be done yet: passed over without an acknowledgement, it comes
  /// again in a later session.
  [[nodiscard]] virtual Status accept(const pb::Statement& statement) = 0;
  /// After a directive to renew keys was accepted: the new public channel key, which goes with the acknowledgement. Empty: none.
  [[nodiscard]] virtual Result<Bytes> renewed_channel_key() { return Bytes(); }
  /// Every statement of this session was accepted: what they replace may go.
  [[nodiscard]] virtual Status complete() { return {}; }
};

}  // namespace lantaarn::sync
