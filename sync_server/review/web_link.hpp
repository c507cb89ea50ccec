#pragma once
// The registry's end of the web process.

#include <memory>

#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/launch.hpp"
#include "sync_server/review/web.pb.h"

namespace lantaarn::server::review {

class WebLink {
 public:
  [[nodiscard]] static Result<WebLink> launch();
  WebLink(WebLink&& other) noexcept;
  WebLink& operator=(WebLink&&) = delete;
  WebLink(const WebLink&) = delete;
  WebLink& operator=(const WebLink&) = delete;
  /// Ends the process and waits for it.
  ~WebLink();

  [[nodiscard]] int descriptor() const { return process_.descriptor; }
  /// Queued; sent by flush(), many at a time.
  [[nodiscard]] Status add(const web::Frame& frame);
  [[nodiscard]] Status flush();
  /// Takes what is there, without waiting. kRetry "web_died".
  [[nodiscard]] Status receive();
  [[nodiscard]] Result<bool> next(web::Frame& frame) { return reader_->next(frame); }

 private:
  explicit WebLink(gateway::GatewayProcess process) : process_(process), reader_(std::make_unique<ipc::FrameReader>()) {}
  gateway::GatewayProcess process_;
  std::unique_ptr<ipc::FrameReader> reader_;
  Bytes leaving_;
};

}  // namespace lantaarn::server::review
