#pragma once
// Rescue files that a running server takes in: through its gateway, batch by batch, between everything else it does.

#include <functional>
#include <memory>

#include "sync_server/admin/control_server.hpp"
#include "sync_server/admin/handhelds.hpp"
#include "sync_server/admin/open_server.hpp"
#include "sync_server/admin/rescue.hpp"

namespace lantaarn::server::admin {

class Rescues {
 public:
  /// All must outlive it.
  Rescues(OpenServer& server, ControlServer& control, Handhelds& handhelds, Handhelds::Send send)
      : server_(server), control_(control), handhelds_(handhelds), send_(std::move(send)) {}

  /// Who asked is answered when everything is merged, or why not now.
  [[nodiscard]] Status begin(CallerId caller, const Arguments& arguments);
  /// True when the frame was an answer to one of these.
  [[nodiscard]] Result<bool> take(const ipc::Frame& frame);
  /// Goes on with each as far as it gets, merged through `cursor`. Errors are the gateway's only.
  [[nodiscard]] Status advance(std::int64_t cursor);

 private:
  enum class Phase { kStoring, kMerging, kCertifying, kDone };
  struct Turn {
    CallerId caller = 0;
    Arguments arguments;
    RescueIntake intake;
    Phase phase = Phase::kStoring;
    std::int64_t inbox_id = 0;
    std::vector<sync::pb::SignedStatement> receipts = {};
  };
  [[nodiscard]] Status store_more(Turn& turn);
  [[nodiscard]] Status want_receipts(Turn& turn);
  void finish(Turn& turn);
  void fail(Turn& turn, const Error& error);

  OpenServer& server_;
  ControlServer& control_;
  Handhelds& handhelds_;
  Handhelds::Send send_;
  std::vector<std::unique_ptr<Turn>> turns_;
  std::uint64_t next_token_ = 1;
};

}  // namespace lantaarn::server::admin
