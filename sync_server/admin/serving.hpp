#pragma once
// The registry process at work: one loop over the gateway, the control socket and the signals that end it. Everything
// it waits for is in one poll(2); everything it decides is in Handhelds and the commands.

#include <csignal>
#include <vector>

#include "common/channel/address.hpp"
#include "sync_server/admin/backups.hpp"
#include "sync_server/admin/control_server.hpp"
#include "sync_server/admin/gateway_link.hpp"
#include "sync_server/admin/handhelds.hpp"
#include "sync_server/admin/metrics_http.hpp"
#include "sync_server/admin/page_host.hpp"
#include "sync_server/admin/open_server.hpp"
#include "sync_server/admin/rescues.hpp"
#include "sync_server/admin/serving_facts.hpp"

namespace lantaarn::server::admin {

/// SIGTERM and SIGINT as something to poll for, as long as it lives.
class EndSignal {
 public:
  EndSignal();
  EndSignal(const EndSignal&) = delete;
  EndSignal& operator=(const EndSignal&) = delete;
  ~EndSignal();
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

/// Until the gateway listens: where. Nothing when it was told to end before that.
/// Errors: kRetry "port_taken" {port}, "gateway_died", and what else the gateway could not start for.
[[nodiscard]] Result<std::optional<channel::Address>> wait_for_gateway(GatewayLink& gateway, const EndSignal& end);

class Serving {
 public:
  /// `host` may be nothing: then `run` answers its commands.
  struct Page {
    PageHost* host = nullptr;
    RunPageCommand run = {};
  };
  /// All must outlive it.
  Serving(OpenServer& server, ControlServer& control, GatewayLink& gateway, Handhelds& handhelds,
          std::optional<MetricsServer>& metrics, Page page, ServingFacts& facts, Handhelds::Log log)
      : server_(server), context_(server.context()), control_(control), gateway_(gateway), handhelds_(handhelds), metrics_(metrics), page_(page.host), run_page_command_(std::move(page.run)),
        facts_(facts), log_(std::move(log)),
        rescues_(server, control, handhelds, [&gateway](const ipc::Frame& frame) { return gateway.send(frame); }) {}

  /// Returns when the end signal came, with everything received merged. kRetry "gateway_died", and the registry's errors
  /// but those that are passing: with a full disk the server stays up, says so to who asks, and tries again.
  [[nodiscard]] Status run(const EndSignal& end);

 private:
  // Somebody asked to hear when what was received by then is merged.
  struct Barrier {
    CallerId caller = 0;
    std::int64_t inbox_id = 0;
    MergeReport before;
  };

  // Somebody decided something that is done once the second copy has it.
  struct ShipWait {
    CallerId caller = 0;
    Output output;
    std::uint64_t own_seq = 0;
    std::uint64_t keys = 0;
    std::int64_t deadline_ms = 0;
  };
  // A key that was prepared waits for the second copy to hold it; then it comes into force.
  struct KeyWait {
    CallerId caller = 0;         // 0: begun before this server started
    Arguments request;
    KeyKind kind = KeyKind::kSealing;
    std::uint64_t keys = 0;
    std::int64_t deadline_ms = 0;
  };
  // What the second copy was told to fetch.
  struct Written {
    std::uint64_t own_seq = 0;
    std::uint64_t keys = 0;
    std::int64_t inbox_id = 0;
    bool operator==(const Written&) const = default;
  };

  // serving_copy.cpp
  [[nodiscard]] Status start_second_copy();
  [[nodiscard]] Status attend_second_copy();
  [[nodiscard]] Status note_copy_news(const std::string& where);
  [[nodiscard]] Status tell_second_copy();
  [[nodiscard]] Result<Written> written();
  void answer_once_shipped(CallerId caller, Output output);
  void release_shipped(bool at_end);
  void finish_second_copy();
  [[nodiscard]] bool on_backup_request(CallerId caller, const Arguments& arguments);

  [[nodiscard]] Status attend_gateway();
  [[nodiscard]] Status merge_if_due();
  [[nodiscard]] Status tell_devices();
  void on_request(CallerId caller, const Result<Arguments>& request);
  [[nodiscard]] Status note_missed_if_due();
  void on_merge_request(CallerId caller, const Arguments& arguments);
  [[nodiscard]] std::optional<Answer> page_command(const Arguments& request);
  void run_request(CallerId caller, const Arguments& request);
  [[nodiscard]] Status begin_rotation(CallerId caller, const Arguments& request);
  [[nodiscard]] Status take_up_prepared_keys();
  [[nodiscard]] Status look_at_erasures();
  void look_soon();
  [[nodiscard]] Status bring_into_force();
  [[nodiscard]] bool second_copy_has_keys();
  [[nodiscard]] Status merge_slice();
  void release_barriers();
  [[nodiscard]] Status tell_news();
  [[nodiscard]] Answer check(Context& context, const Arguments& arguments) const;
  [[nodiscard]] Status finish();
  [[nodiscard]] Result<std::string> metrics();
  [[nodiscard]] int patience_ms() const;
  [[nodiscard]] bool has_to_merge() const { return merged_.cursor < handhelds_.inbox_id(); }
  [[nodiscard]] bool is_waiting_to_try() const { return try_again_ms_ && monotonic_ms() < *try_again_ms_; }
  [[nodiscard]] std::int64_t monotonic_ms() const { return context_.clock.now().monotonic_ms; }

  OpenServer& server_;
  Context context_;
  ControlServer& control_;
  GatewayLink& gateway_;
  Handhelds& handhelds_;
  std::optional<MetricsServer>& metrics_;
  PageHost* page_;
  RunPageCommand run_page_command_;
  ServingFacts& facts_;
  Handhelds::Log log_;
  Rescues rescues_;
  bool missed_due_ = true;  // a session ended: its handheld may have passed something over
  MergeReport merged_;  // summed over this run
  std::vector<Barrier> barriers_;
  std::optional<std::int64_t> news_due_ms_;
  bool keys_due_ = false;                       // the gateway has to hear before it asks anything
  std::optional<std::int64_t> devices_due_ms_;  // a command changed them
  std::optional<std::int64_t> try_again_ms_;    // the registry could not merge: not before then
  std::int64_t pause_ms_ = 0;
  std::unique_ptr<SecondCopy> second_copy_;     // nothing: there is no target
  SecondCopy::News unnoted_;                    // news of it that is not written down yet
  std::optional<std::int64_t> note_again_ms_;
  std::vector<ShipWait> ship_waits_;
  std::vector<KeyWait> key_waits_;
  std::int64_t erasure_pause_ms_ = 500;         // until pending erasures are looked at again; doubles
  std::optional<Written> told_;
  std::string copy_trouble_;                    // as last logged
};

}  // namespace lantaarn::server::admin
