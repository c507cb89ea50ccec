#pragma once
// The one thread that touches inbox.db. It takes whatever is waiting, commits it together, and only then tells anyone.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "common/sync/receiver.hpp"
#include "sync_server/gateway/limits.hpp"
#include "sync_server/gateway/roster.hpp"
#include "sync_server/inbox/inbox.hpp"

namespace lantaarn::server::gateway {

/// Who asked; called on the poster's thread, never on the store's.
class StoreClient {
 public:
  virtual ~StoreClient() = default;
  /// All results of this client's batches in one commit; `bytes` is what they weighed.
  virtual void on_stored(const std::vector<sync::StoreResult>& results, std::size_t bytes) = 0;
};

struct Prunable {
  DeviceId device;
  LogId log;
  std::uint64_t through_seq = 0;
  std::int64_t merged_inbox_id = 0;
};

struct StoreJob {
  std::shared_ptr<StoreClient> client;
  std::shared_ptr<const RosterDevice> device;
  sync::Store store;
};

class StoreThread {
 public:
  using Post = std::function<void(std::function<void()>)>;  ///< to the network's thread; callable from any
  using Standings = Result<std::vector<journal::Position>>;

  /// `on_grew` (the last inbox id) is posted after each commit that added something.
  StoreThread(inbox::Inbox inbox, const GatewayLimits& limits, Post post, std::function<void(std::int64_t)> on_grew);
  /// Finishes what it was given, then ends. What it would post after that is dropped by whoever posts.
  ~StoreThread();
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  void store(StoreJob job);
  /// How far each log is durable; posted, after everything given before it.
  void standings(const DeviceId& device, std::vector<LogId> logs, std::function<void(Standings)> done);
  /// inbox::Inbox::prune, when nothing is waiting to be stored; an error is logged, and made up for when it is asked again.
  void prune(Prunable what);
  [[nodiscard]] std::uint64_t starts() const { return starts_; }

 private:
  struct Question {
    DeviceId device;
    std::vector<LogId> logs;
    std::function<void(Standings)> done;
    std::uint64_t after = 0;  // jobs given before it
  };
  void run();
  void commit(std::deque<StoreJob> jobs);
  [[nodiscard]] Standings answer(const Question& question);
  [[nodiscard]] bool prune_some(const Prunable& what);

  inbox::Inbox inbox_;
  std::uint64_t starts_;
  GatewayLimits limits_;
  Post post_;
  std::function<void(std::int64_t)> on_grew_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<StoreJob> jobs_;
  std::deque<Question> questions_;
  std::deque<Prunable> prunable_;
  std::uint64_t given_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace lantaarn::server::gateway
