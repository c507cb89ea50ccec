#pragma once
// The gateway process, from the registry's side: started, told, read from, ended.

#include <memory>

#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/ipc.pb.h"
#include "sync_server/gateway/launch.hpp"

namespace lantaarn::server::admin {

class GatewayLink {
 public:
  /// Errors: kRetry "gateway_not_started".
  [[nodiscard]] static Result<GatewayLink> launch();
  GatewayLink(GatewayLink&& other) noexcept;
  GatewayLink& operator=(GatewayLink&&) = delete;
  GatewayLink(const GatewayLink&) = delete;
  GatewayLink& operator=(const GatewayLink&) = delete;
  /// Ends the gateway, hard if need be, and waits for it.
  ~GatewayLink();

  [[nodiscard]] int descriptor() const { return process_.descriptor; }
  [[nodiscard]] pid_t pid() const { return process_.pid; }
  /// kRetry "gateway_died".
  [[nodiscard]] Status send(const ipc::Frame& frame) const;
  /// Takes in what is there; call when the descriptor is readable. kRetry "gateway_died"; kRejectPeer "ipc_broken".
  [[nodiscard]] Status receive();
  /// The next whole frame of what was taken in.
  [[nodiscard]] Result<bool> next(ipc::Frame& frame) { return reader_->next(frame); }

 private:
  explicit GatewayLink(gateway::GatewayProcess process) : process_(process), reader_(std::make_unique<ipc::FrameReader>()) {}
  gateway::GatewayProcess process_;
  std::unique_ptr<ipc::FrameReader> reader_;
};

}  // namespace lantaarn::server::admin
