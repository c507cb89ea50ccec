#pragma once
// The running gateway: one network thread, one store thread.

#include <memory>

#include "common/base/result.hpp"
#include "sync_server/gateway/confinement.hpp"
#include "sync_server/gateway/limits.hpp"

namespace lantaarn::server::ipc {
class Configure;
class FrameReader;
}  // namespace lantaarn::server::ipc

namespace lantaarn::server::gateway {

class Server {
 public:
  /// Opens the inbox and listens. Takes over `descriptor` on success only.
  /// Errors: kRetry "port_taken" ({0} the port), "address_invalid"; kRejectPeer "ipc_broken"; those of common/database.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ipc::Configure& configure, int descriptor,
                                                             std::unique_ptr<ipc::FrameReader> reader,
                                                             const GatewayLimits& limits, const char* inbox_vfs);
  ~Server();
  /// Tells the registry where it listens, and how far this process is closed in; returns when the registry has ended it.
  void run(const Confinement& confinement);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lantaarn::server::gateway
