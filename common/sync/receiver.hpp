#pragma once
// The server's side of a session. No I/O, no clock, no threads. Every call returns what the driver must do now, in
// order; the driver feeds back what came of it, in any order and at any later time. After a Close nothing more comes.
//
//   receive(message), on_standing(…), on_stored(…), on_down(…), on_failed(…)  →  Send | AskStanding | Store | AskDown |
//                                                                               Acknowledged | Close
// Nothing is acknowledged before on_stored() has said that it is durable.

#include <functional>
#include <map>
#include <variant>
#include <vector>

#include "common/sync/anchor.hpp"
#include "common/sync/limits.hpp"

namespace lantaarn::sync {

/// To the handheld.
struct Send { Bytes message; };
/// What stands in the inbox for these logs, in this order, and the certified receipt key: on_standing().
struct AskStanding { pb::Hello hello; };
/// Verify and store durably: on_stored() with this token. Batches of one log keep their order.
struct Store {
  std::uint64_t token = 0;
  LogOrigin log;
  std::string batch;
  std::optional<Anchor> anchor = {};  ///< verified; instead of a batch: this log goes on from there
};
/// What the authority signed for this device: on_down().
struct AskDown {};
/// The handheld has these durably.
struct Acknowledged { std::vector<pb::DownAck> acks; };
/// The session is over, after the Sends before it. Empty code: as agreed (END); else refused with it.
struct Close { std::string code; };

using Action = std::variant<Send, AskStanding, Store, AskDown, Acknowledged, Close>;
using Actions = std::vector<Action>;

struct StandingAnswer {
  std::vector<pb::LogStanding> logs;  ///< one for each log of the Hello, in its order
  pb::SignedStatement receipt_key;
  std::int64_t server_time_ms = 0;
  std::vector<pb::SignedStatement> server_keys;         ///< what the handheld has not followed yet, oldest first
  const crypto::SignKey* receipt_signer = nullptr;      ///< whose key receipt_key certifies; not owned; null: the config's
};

enum class Stored {
  kMain,    ///< durable (or known already); `through` is the batch's end
  kFork,    ///< durable as another branch; `through` is the batch's end
  kGap,     ///< not stored; `through` is where the log stands
  kFailed,  ///< not stored; `code` tells the handheld why
};
struct StoreResult {
  std::uint64_t token = 0;
  Stored stored = Stored::kFailed;
  Place through;
  std::string code;
  std::uint64_t added = 0;  ///< entries that were not there yet
};

struct ReceiverConfig {
  DeviceId device;
  std::uint32_t epoch = 0;
  const crypto::SignKey* receipt_key = nullptr;  ///< not owned
  std::function<std::uint64_t()> next_counter;   ///< grows over all receipts of this epoch, also across restarts
  std::function<std::int64_t()> wall_ms;
  std::optional<pb::SignedStatement> epoch_raised = {};  ///< when this epoch came with a restore
  std::vector<crypto::VerifyKey> authority_keys = {};  ///< now and before: a handheld may hold an old statement
};

/// Everything of a log up to there is durable on the server's disk.
[[nodiscard]] pb::SignedStatement make_receipt(ReceiverConfig& config, const LogId& log, const Place& through);

class Receiver {
 public:
  explicit Receiver(ReceiverConfig config) : config_(std::move(config)) {}

  /// Refuses (Close) with "protocol_error" | "peer_version" | "log_unknown" | "batch_too_large" | "statement_not_authentic".
  [[nodiscard]] Actions receive(ByteView message);
  [[nodiscard]] Actions on_standing(const StandingAnswer& answer);
  /// Results of one or more stores; one receipt a log answers them together.
  [[nodiscard]] Actions on_stored(const std::vector<StoreResult>& results);
  [[nodiscard]] Actions on_down(std::vector<pb::SignedStatement> statements);
  /// Something the driver was asked for cannot be had.
  [[nodiscard]] Actions on_failed(const std::string& code);
  [[nodiscard]] bool closed() const { return phase_ == Phase::kClosed; }
  /// Batches asked to be stored and not answered yet.
  [[nodiscard]] std::size_t storing() const { return storing_.size(); }

 private:
  enum class Phase { kHello, kStanding, kPushing, kAskedDown, kDown, kBye, kClosed };

  [[nodiscard]] Actions refuse(const std::string& code);
  [[nodiscard]] Actions on_hello(pb::Message& message);
  [[nodiscard]] Actions on_push(pb::Push& push);
  [[nodiscard]] Actions on_pruned(const pb::Pruned& pruned);
  [[nodiscard]] Actions on_push_done();
  [[nodiscard]] Actions on_down_ack(const pb::DownAck& ack);
  [[nodiscard]] Actions on_bye();
  void send_receipt(Actions& actions, const LogId& log, const Place& through);
  void send_down(Actions& actions);
  void send_nak(Actions& actions, const LogId& log, const Place& through);

  ReceiverConfig config_;
  Phase phase_ = Phase::kHello;
  std::vector<LogId> log_order_;
  std::map<LogId, LogOrigin> logs_;
  std::map<LogId, std::uint64_t> nak_sent_;  // asked again from here, and nothing has come since
  std::uint64_t next_token_ = 1;
  std::map<std::uint64_t, LogId> storing_;
  std::vector<pb::SignedStatement> down_;
  std::size_t down_sent_ = 0;
  std::size_t down_acknowledged_ = 0;
};

}  // namespace lantaarn::sync
