#pragma once
// The registry's side of every session: what the gateway asks and tells, answered. No sockets here: frames in, frames out.

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>

#include "sync_server/admin/enrolment.hpp"
#include "sync_server/admin/gateway_records.hpp"
#include "sync_server/admin/handheld_clocks.hpp"
#include "sync_server/log/log.hpp"

namespace lantaarn::server::admin {

/// How long a handheld waits at the end of its session for what it pushed to be merged.
inline constexpr std::int64_t kDownPatienceMs = 2000;
/// What is sent down goes in frames of about this much.
inline constexpr std::size_t kDownFrameBytes = 4U << 20;

/// A full disk, a registry held up, or an answer that cannot be put into a frame: this one cannot be had now, and the
/// server goes on. Never that the gateway is gone.
[[nodiscard]] bool is_passing(const Error& error);

class Handhelds {
 public:
  using Send = std::function<Status(const ipc::Frame&)>;
  using Log = log::Sink;

  /// `context` must outlive it; `send` takes frames for the gateway, `log` lines without names.
  [[nodiscard]] static Result<Handhelds> open(Context& context, Send send, Log log);

  /// A frame from the gateway other than Listening and StartFailed. An error is one of the registry or of `send`; what
  /// a handheld did wrong is answered to it and is no error. What is_passing() is logged and answered with "not now".
  [[nodiscard]] Status take(const ipc::Frame& frame);
  /// Up to where the inbox is known to have grown; merging through here leaves nothing to do.
  [[nodiscard]] std::int64_t inbox_id() const { return inbox_id_; }
  void inbox_reached(std::int64_t inbox_id) { inbox_id_ = std::max(inbox_id_, inbox_id); }
  /// Answers those at the end of their session whose contacts are merged (through `cursor`), and those who have waited
  /// long enough.
  [[nodiscard]] Status answer_waiting(std::int64_t cursor, std::int64_t monotonic_ms);
  /// When the first of those who wait has waited long enough (monotonic); nothing when nobody waits.
  [[nodiscard]] std::optional<std::int64_t> next_deadline_ms() const;
  /// Somebody changed users, handhelds or tickets: learns of it and tells the gateway.
  [[nodiscard]] Status devices_changed();
  /// Keys of the server were made or destroyed: tells the gateway its own.
  [[nodiscard]] Status keys_changed();
  /// One for all, so that counters grow in the order in which statements are made.
  [[nodiscard]] StatementMaker& statements() { return statements_; }
  /// Tells the gateway what is merged.
  [[nodiscard]] Status tell_merged();

 private:
  struct Waiting {
    std::uint64_t request_id = 0;
    DeviceId device;
    std::int64_t inbox_id = 0;
    std::int64_t deadline_ms = 0;
  };
  Handhelds(Context& context, Send send, Log log, HandheldClocks clocks)
      : context_(context), statements_(context.registry, context.keys), send_(std::move(send)), log_(std::move(log)), clocks_(std::move(clocks)) {}

  [[nodiscard]] Status send_secrets(ipc::Frame frame);
  [[nodiscard]] Status take_one(const ipc::Frame& frame);
  [[nodiscard]] Status borne(std::uint64_t request_id, Status done);
  [[nodiscard]] Status send_down(std::uint64_t request_id, std::vector<StatementMaker::Signed> statements);
  [[nodiscard]] Status on_alarm(const ipc::Alarm& alarm) const;
  [[nodiscard]] Status on_session(std::uint64_t request_id, const ipc::SessionOpened& opened);
  [[nodiscard]] Status tell_keys(const DeviceId& device, std::uint32_t known, ipc::SessionAnswer& answer);
  void expect_known_keys(const DeviceView& device);
  [[nodiscard]] Status note_followed(const DeviceId& device, const ipc::StatementsAcknowledged& told);
  [[nodiscard]] Status tell_prunable(const std::vector<DeviceView>& devices);
  [[nodiscard]] Status note_session(const DeviceId& device, const ipc::SessionOpened& opened);
  [[nodiscard]] Status on_down_request(std::uint64_t request_id, const ipc::DownRequest& request);
  [[nodiscard]] Status on_acknowledged(std::uint64_t request_id, const ipc::StatementsAcknowledged& acknowledged);
  [[nodiscard]] Status carried_out(const DeviceView& device, const StatementMaker::Stated& stated, const std::string& channel_key);
  [[nodiscard]] Status keys_in_use(const DeviceId& device, const std::string& channel_key);
  [[nodiscard]] Status on_enrol(std::uint64_t request_id, const ipc::EnrolAsk& ask);
  [[nodiscard]] Status answer_down(const Waiting& waiting, std::int64_t cursor, const Result<std::vector<DeviceView>>& devices,
                                   const Result<ReceivedLogs>& received);

  Context& context_;
  StatementMaker statements_;
  Send send_;
  Log log_;
  HandheldClocks clocks_;
  HeldTickets held_tickets_;
  MergedNews merged_news_;
  std::map<DeviceId, std::vector<StatementMaker::Stated>> stated_;  // of each handheld's last session
  std::map<DeviceId, std::uint32_t> told_keys_;  // generation told in the session that stands; of programs that follow
  std::set<DeviceId> complete_;                  // have brought all they had, and wait for the last statement
  std::map<std::pair<DeviceId, LogId>, std::uint64_t> told_prunable_;
  std::deque<Waiting> waiting_;  // in order of deadline
  std::int64_t inbox_id_ = 0;
};

}  // namespace lantaarn::server::admin
