#pragma once
// A gateway in this process and, at the other end of its socket pair, a small registry with real keys. Both end with
// the object. The gateway listens on a port of its own choice.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "common/channel/noise.hpp"
#include "common/crypto/random.hpp"
#include "common/journal/journal.hpp"
#include "common/sync/ticket.hpp"
#include "sync_server/gateway/ipc.pb.h"
#include "sync_server/gateway/limits.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::server::gateway {

/// A handheld as both sides know it.
struct TestDevice {
  DeviceId id = crypto::random_id<DeviceId>();
  channel::DhKeyPair channel_key = channel::DhKeyPair::random();
  crypto::Key psk = crypto::random_secret<32>();
  UserId user = crypto::random_id<UserId>();
  crypto::SignKey user_key{crypto::random_secret<32>()};
  bool revoked = false;
  [[nodiscard]] ipc::Device record() const;
};

class RegistryEnd {
 public:
  explicit RegistryEnd(const GatewayLimits& limits = {}, const std::vector<const TestDevice*>& devices = {},
                       const char* inbox_vfs = nullptr);
  ~RegistryEnd();
  RegistryEnd(const RegistryEnd&) = delete;

  /// "127.0.0.1:PORT"; waits for Listening. Empty when it did not start: see start_failure().
  [[nodiscard]] std::string address();
  [[nodiscard]] std::string start_failure();
  [[nodiscard]] std::string inbox_path() const { return inbox_vfs_ == nullptr ? folder_.file("inbox.db") : "inbox.db"; }

  void update(const TestDevice& device);
  /// For `device`, allowed for its user.
  [[nodiscard]] sync::Ticket make_ticket(const TestDevice& device, std::int64_t expires_at_ms);
  [[nodiscard]] sync::pb::SignedStatement state(const DeviceId& device, sync::pb::StatementKind kind, const std::string& body);
  /// What a device gets after its push.
  void set_down(const DeviceId& device, std::vector<sync::pb::SignedStatement> statements);
  /// Waits until the gateway has sent that many alarms.
  [[nodiscard]] bool wait_for_alarms(std::size_t count);
  [[nodiscard]] std::size_t acknowledged();
  /// Stops the gateway and starts another on the same inbox (another port).
  void restart();

  ServerId server = crypto::random_id<ServerId>();
  channel::DhKeyPair channel_key = channel::DhKeyPair::random();
  crypto::SignKey authority{crypto::random_secret<32>()};
  std::uint32_t epoch = 1;
  std::uint32_t listen_port = 0;  ///< for the next start

 private:
  void start();
  void stop();
  void follow();
  void answer(const ipc::Frame& frame);
  void send(const ipc::Frame& frame);
  [[nodiscard]] ipc::Frame configure() const;

  support::TempFolder folder_;
  GatewayLimits limits_;
  crypto::SignSeed receipt_seed_ = crypto::random_secret<32>();
  crypto::SignKey receipt_key_{receipt_seed_};
  std::vector<const TestDevice*> devices_;
  const char* inbox_vfs_;
  std::vector<ipc::Ticket> tickets_;
  int descriptor_ = -1;
  std::mutex mutex_;
  std::mutex writing_;
  std::condition_variable changed_;
  std::string address_;
  std::string failure_;
  std::uint64_t counter_ = 0;
  std::map<DeviceId, std::vector<sync::pb::SignedStatement>> down_;
  std::size_t alarms_ = 0;
  std::size_t acknowledged_ = 0;
  std::thread gateway_;
  std::thread registry_;
};

}  // namespace lantaarn::server::gateway
