#include "sync_server/admin/handhelds.hpp"

#include <algorithm>

namespace lantaarn::server::admin {
namespace {

constexpr std::uint64_t kClaimedSeqMax = 1'000'000'000'000;

}  // namespace

Result<Handhelds> Handhelds::open(Context& context, Send send, Log log) {
  LANTAARN_TRY(forget_old_tickets(context.registry, context.clock.now().wall_ms));
  LANTAARN_ASSIGN(HandheldClocks clocks, HandheldClocks::load(context.registry));
  Handhelds handhelds(context, std::move(send), std::move(log), std::move(clocks));
  LANTAARN_TRY(handhelds.held_tickets_.refresh(context.registry));
  LANTAARN_ASSIGN(handhelds.inbox_id_, context.inbox.last_inbox_id());
  return handhelds;
}

Status Handhelds::take(const ipc::Frame& frame) {
  switch (frame.body_case()) {
    case ipc::Frame::kInboxGrew: inbox_reached(frame.inbox_grew().inbox_id()); return {};
    case ipc::Frame::kSessionOpened: return on_session(frame.request_id(), frame.session_opened());
    case ipc::Frame::kDownRequest: return on_down_request(frame.request_id(), frame.down_request());
    case ipc::Frame::kEnrolAsk: return on_enrol(frame.request_id(), frame.enrol_ask());
    case ipc::Frame::kAlarm:
      log_("alarm " + frame.alarm().code() + " device " + to_hex(as_bytes(frame.alarm().device_id())) + " ticket " +
           to_hex(as_bytes(frame.alarm().ticket_id())));
      return {};
    case ipc::Frame::kStatementsAcknowledged: return {};
    default: return reject_peer("ipc_broken");
  }
}

Status Handhelds::on_session(std::uint64_t request_id, const ipc::SessionOpened& opened) {
  const auto device = DeviceId::from(opened.device_id());
  if (!device) return reject_peer("ipc_broken");
  LANTAARN_TRY(note_session(*device, opened));
  ipc::Frame answer;
  answer.set_request_id(request_id);
  LANTAARN_ASSIGN(*answer.mutable_session_answer()->mutable_receipt_key(),
                  statements_.receipt_key(*device, context_.clock.now().wall_ms));
  LANTAARN_TRY(send_(answer));
  LANTAARN_ASSIGN(const auto spent, held_tickets_.spend(context_.registry, *device));
  return spent.empty() ? Status{} : send_(tickets_update(spent));
}

// What it says it has saved, when it was here, and its clock where that is news: one transaction. What was received
// stands in the inbox, which is asked when somebody wants to know.
Status Handhelds::note_session(const DeviceId& device, const ipc::SessionOpened& opened) {
  const auto note = [&](Change& change) -> Status {
    for (const auto& log : opened.hello().logs()) {
      // What a handheld claims, it claims about itself only.
      const auto id = LogId::from(log.log_id());
      if (id && log.head_seq() <= kClaimedSeqMax) LANTAARN_TRY(change.note_log(device, *id, log.head_seq(), 0));
    }
    return change.note_seen(device, context_.clock.now().wall_ms);
  };
  const auto observed = clocks_.observe(device, opened.hello().clock(), opened.server_wall_ms());
  if (!observed) {
    LANTAARN_ASSIGN(auto change, context_.registry.begin());
    LANTAARN_TRY(note(*change));
    return change->commit();
  }
  model::Event event = context_.new_event();
  *event.mutable_clock_observed() = *observed;
  LANTAARN_TRY(context_.record({event}, note));
  return {};
}

Status Handhelds::on_down_request(std::uint64_t request_id, const ipc::DownRequest& request) {
  const auto id = DeviceId::from(request.device_id());
  if (!id) return reject_peer("ipc_broken");
  inbox_reached(request.inbox_id());
  waiting_.push_back({request_id, *id, request.inbox_id(), context_.clock.now().monotonic_ms + kDownPatienceMs});
  return {};
}

Status Handhelds::on_enrol(std::uint64_t request_id, const ipc::EnrolAsk& ask) {
  ipc::Frame answer;
  answer.set_request_id(request_id);
  auto reply = enrol(context_, statements_, ask);
  if (reply.ok()) {
    // The gateway must know the handheld before the handheld hears that it is known.
    LANTAARN_TRY(devices_changed());
    *answer.mutable_enrol_answer()->mutable_reply() = std::move(*reply);
  } else {
    const Error& error = reply.error();
    log_("enrolment refused, ticket " + to_hex(as_bytes(ask.ticket_id())) + ": " + error.code);
    if (error.kind != ErrorKind::kRefused && error.kind != ErrorKind::kRejectPeer) return error;
    answer.mutable_enrol_answer()->set_refusal(error.code);
  }
  return send_(answer);
}

Status Handhelds::answer_waiting(std::int64_t cursor, std::int64_t monotonic_ms) {
  const auto is_due = [&](const Waiting& waiting) { return waiting.inbox_id <= cursor || waiting.deadline_ms <= monotonic_ms; };
  const auto due = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) { return !is_due(waiting); });
  if (due == waiting_.end()) return {};
  LANTAARN_ASSIGN(const auto devices, context_.registry.devices());
  LANTAARN_ASSIGN(const auto received, context_.inbox.received());
  for (auto waiting = due; waiting != waiting_.end(); ++waiting) LANTAARN_TRY(answer_down(*waiting, devices, received));
  waiting_.erase(due, waiting_.end());
  return {};
}

Status Handhelds::answer_down(const Waiting& waiting, const std::vector<DeviceView>& devices, const ReceivedLogs& received) {
  ipc::Frame answer;
  answer.set_request_id(waiting.request_id);
  auto& reply = *answer.mutable_down_reply();
  const auto known = std::find_if(devices.begin(), devices.end(), [&](const DeviceView& device) { return device.id == waiting.device; });
  if (known != devices.end()) {
    LANTAARN_ASSIGN(auto statements, statements_.for_session(*known, received, context_.clock.now().wall_ms));
    for (auto& statement : statements) *reply.add_statements() = std::move(statement);
  }
  return send_(answer);
}

std::optional<std::int64_t> Handhelds::next_deadline_ms() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().deadline_ms;
}

Status Handhelds::devices_changed() {
  LANTAARN_TRY(held_tickets_.refresh(context_.registry));
  LANTAARN_ASSIGN(const ipc::Frame update, devices_update(context_));
  return send_(update);
}

Status Handhelds::tell_merged() {
  LANTAARN_ASSIGN(const auto devices, context_.registry.devices());
  const auto update = merged_news_.update(devices);
  return update ? send_(*update) : Status{};
}

}  // namespace lantaarn::server::admin
