#include "sync_server/admin/handhelds.hpp"

#include <algorithm>
#include <set>

#include "common/sync/limits.hpp"
#include "sync_server/gateway/ipc.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::uint64_t kClaimedSeqMax = 1'000'000'000'000;
/// A handheld begins a new log when it was put back to an old copy, or found damage: a few in its life.
constexpr std::size_t kNotedLogsMax = 64;

}  // namespace

Result<Handhelds> Handhelds::open(Context& context, Send send, Log log) {
  LANTAARN_TRY(forget_old_tickets(context.registry, context.clock.now().wall_ms));
  LANTAARN_ASSIGN(HandheldClocks clocks, HandheldClocks::load(context.registry));
  Handhelds handhelds(context, std::move(send), std::move(log), std::move(clocks));
  LANTAARN_TRY(handhelds.held_tickets_.refresh(context.registry));
  LANTAARN_ASSIGN(handhelds.inbox_id_, context.inbox.last_inbox_id());
  return handhelds;
}

bool is_passing(const Error& error) {
  if (error.code == "gateway_died") return false;
  return error.kind == ErrorKind::kStorage || error.kind == ErrorKind::kRetry || error.kind == ErrorKind::kBug;
}

Status Handhelds::take(const ipc::Frame& frame) { return borne(frame.request_id(), take_one(frame)); }

// PSKs do not stay in memory once they are told.
Status Handhelds::send_secrets(ipc::Frame frame) {
  Status sent = send_(frame);
  ipc::wipe_secrets(frame);
  return sent;
}

// An answer without a body: not now.
Status Handhelds::borne(std::uint64_t request_id, Status done) {
  if (done.ok() || !is_passing(done.error())) return done;
  log_(log::Kind::kNotAnswered, "not answered: " + done.error().to_log_line(), {{"CODE", done.error().code}});
  if (request_id == 0) return {};
  ipc::Frame not_now;
  not_now.set_request_id(request_id);
  return send_(not_now);
}

Status Handhelds::take_one(const ipc::Frame& frame) {
  switch (frame.body_case()) {
    case ipc::Frame::kInboxGrew: inbox_reached(frame.inbox_grew().inbox_id()); return {};
    case ipc::Frame::kSessionOpened: return on_session(frame.request_id(), frame.session_opened());
    case ipc::Frame::kDownRequest: return on_down_request(frame.request_id(), frame.down_request());
    case ipc::Frame::kEnrolAsk: return on_enrol(frame.request_id(), frame.enrol_ask());
    case ipc::Frame::kAlarm: return on_alarm(frame.alarm());
    case ipc::Frame::kStatementsAcknowledged: return on_acknowledged(frame.request_id(), frame.statements_acknowledged());
    default: return reject_peer("ipc_broken");
  }
}

Status Handhelds::on_alarm(const ipc::Alarm& alarm) const {
  const std::string device = to_hex(as_bytes(alarm.device_id())), ticket = to_hex(as_bytes(alarm.ticket_id()));
  log_(log::Kind::kAlarm, "alarm " + alarm.code() + " device " + device + " ticket " + ticket,
       {{"CODE", alarm.code()}, {"DEVICE", device}, {"TICKET", ticket}});
  return {};
}

Status Handhelds::on_session(std::uint64_t request_id, const ipc::SessionOpened& opened) {
  const auto device = DeviceId::from(opened.device_id());
  if (!device) return reject_peer("ipc_broken");
  LANTAARN_TRY(note_session(*device, opened));
  LANTAARN_TRY(keys_in_use(*device, opened.channel_key()));
  ipc::Frame answer;
  answer.set_request_id(request_id);
  LANTAARN_ASSIGN(*answer.mutable_session_answer()->mutable_receipt_key(),
                  statements_.receipt_key(*device, context_.clock.now().wall_ms));
  LANTAARN_TRY(tell_keys(*device, opened.hello().keys_generation(), *answer.mutable_session_answer()));
  LANTAARN_TRY(send_(answer));
  LANTAARN_ASSIGN(const auto spent, held_tickets_.spend(context_.registry, *device));
  return spent.empty() ? Status{} : send_secrets(tickets_update(spent));
}

// What it has missed of the server's keys: it follows before it goes on with its session.
Status Handhelds::tell_keys(const DeviceId& device, std::uint32_t known, ipc::SessionAnswer& answer) {
  const std::uint32_t newest = context_.keys.generation;
  told_keys_.erase(device);
  complete_.erase(device);
  if (known == 0) return {};
  if (known > newest) log_("device " + device.hex() + " knows newer server keys than are here");
  LANTAARN_ASSIGN(const auto links, key_links_after(context_.registry, known));
  for (const auto& link : links) *answer.add_server_keys() = link;
  told_keys_[device] = newest;
  return {};
}

// At the end of its session it has adopted what it was told at the beginning, and all it had sealed before is pushed.
// Noted once it has the last statement too: from then on nothing of before is left on it but what is sealed.
void Handhelds::expect_known_keys(const DeviceView& device) {
  const auto is_merged = [](const LogView& log) { return log.saved <= log.merged; };
  if (told_keys_.contains(device.id) && std::all_of(device.logs.begin(), device.logs.end(), is_merged)) complete_.insert(device.id);
}

Status Handhelds::note_followed(const DeviceId& device, const ipc::StatementsAcknowledged& told) {
  const bool is_last = std::any_of(told.acks().begin(), told.acks().end(), [](const auto& ack) { return ack.kind() == sync::pb::STANDING; });
  if (!is_last || complete_.erase(device) == 0) return {};
  const std::uint32_t generation = told_keys_.at(device);
  LANTAARN_ASSIGN(const KnownByHandheld known, known_by(context_.registry, device));
  if (known.generation >= generation) return {};
  LANTAARN_ASSIGN(const auto change, context_.registry.begin());
  LANTAARN_TRY(put_known_by(*change, device, {generation, context_.clock.now().wall_ms}));
  return change->commit();
}

// What it says it has saved, when it was here, and its clock where that is news: one transaction. What was received
// stands in the inbox, which is asked when somebody wants to know.
Status Handhelds::note_session(const DeviceId& device, const ipc::SessionOpened& opened) {
  LANTAARN_ASSIGN(const auto known, context_.registry.logs_of(device));
  std::set<LogId> logs(known.begin(), known.end());
  const auto note = [&](Change& change) -> Status {
    for (const auto& log : opened.hello().logs()) {
      // What a handheld claims, it claims about itself only, and about so many logs that nothing has come of.
      const auto id = LogId::from(log.log_id());
      if (!id || log.head_seq() > kClaimedSeqMax) continue;
      if (!logs.contains(*id) && logs.size() >= kNotedLogsMax) continue;
      logs.insert(*id);
      LANTAARN_TRY(change.note_log(device, *id, log.head_seq(), 0));
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
    return send_secrets(std::move(answer));
  } else {
    const Error& error = reply.error();
    const std::string ticket = to_hex(as_bytes(ask.ticket_id()));
    log_(log::Kind::kEnrolmentRefused, "enrolment refused, ticket " + ticket + ": " + error.code, {{"TICKET", ticket}, {"CODE", error.code}});
    if (error.kind != ErrorKind::kRefused && error.kind != ErrorKind::kRejectPeer) return error;
    answer.mutable_enrol_answer()->set_refusal(error.code);
  }
  return send_(answer);
}

Status Handhelds::answer_waiting(std::int64_t cursor, std::int64_t monotonic_ms) {
  const auto is_due = [&](const Waiting& waiting) { return waiting.inbox_id <= cursor || waiting.deadline_ms <= monotonic_ms; };
  const auto due = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) { return !is_due(waiting); });
  if (due == waiting_.end()) return {};
  const std::vector<Waiting> to_answer(due, waiting_.end());
  waiting_.erase(due, waiting_.end());
  const auto devices = context_.registry.devices();
  const auto received = context_.inbox.received();
  for (const Waiting& waiting : to_answer) LANTAARN_TRY(borne(waiting.request_id, answer_down(waiting, cursor, devices, received)));
  return {};
}

Status Handhelds::answer_down(const Waiting& waiting, std::int64_t cursor, const Result<std::vector<DeviceView>>& devices,
                              const Result<ReceivedLogs>& received) {
  if (!devices.ok()) return devices.error();
  if (!received.ok()) return received.error();
  const auto known = std::find_if(devices->begin(), devices->end(), [&](const DeviceView& device) { return device.id == waiting.device; });
  if (known == devices->end()) return send_down(waiting.request_id, {});
  // What it brought may say that somebody was made to unlock it: no lease before that was read.
  if (known->terms.duress_pin && waiting.inbox_id > cursor) return retry("server_busy");
  // Keys that changed during its session are followed in the next one: until then it would not believe this.
  const auto told = told_keys_.find(waiting.device);
  if (told != told_keys_.end() && told->second != context_.keys.generation) return retry("server_busy");
  expect_known_keys(*known);
  LANTAARN_ASSIGN(const Directory* directory, context_.merger.directory());
  LANTAARN_ASSIGN(auto down, statements_.for_session(*known, *received, directory->own_codes(), context_.clock.now().wall_ms));
  stated_[known->id] = std::move(down.directives);
  return send_down(waiting.request_id, std::move(down.statements));
}

Status Handhelds::send_down(std::uint64_t request_id, std::vector<StatementMaker::Signed> statements) {
  ipc::Frame answer;
  answer.set_request_id(request_id);
  auto* reply = answer.mutable_down_reply();
  std::size_t bytes = 0;
  for (auto& statement : statements) {
    const std::size_t size = statement.ByteSizeLong();
    if (size > sync::kStatementBytesMax) {
      log_("a statement of " + std::to_string(size) + " bytes is not sent");
      continue;
    }
    if (bytes != 0 && bytes + size > kDownFrameBytes) {
      reply->set_more(true);
      LANTAARN_TRY(send_secrets(answer));
      reply->Clear();
      bytes = 0;
    }
    bytes += size;
    *reply->add_statements() = std::move(statement);
  }
  return send_secrets(std::move(answer));
}

std::optional<std::int64_t> Handhelds::next_deadline_ms() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().deadline_ms;
}

Status Handhelds::devices_changed() {
  LANTAARN_TRY(held_tickets_.refresh(context_.registry));
  LANTAARN_ASSIGN(ipc::Frame update, devices_update(context_));
  return send_secrets(std::move(update));
}

Status Handhelds::keys_changed() { return send_secrets(secrets_update(context_.keys)); }

Status Handhelds::tell_merged() {
  LANTAARN_ASSIGN(const auto devices, context_.registry.devices());
  const auto update = merged_news_.update(devices);
  if (update) LANTAARN_TRY(send_(*update));
  return tell_prunable(devices);
}

// What two other copies hold need not lie in the inbox, where it could still be opened.
Status Handhelds::tell_prunable(const std::vector<DeviceView>& devices) {
  LANTAARN_ASSIGN(const std::int64_t cursor, context_.registry.cursor());
  ipc::Frame frame;
  for (const DeviceView& device : devices) {
    LANTAARN_ASSIGN(const auto logs, context_.registry.secured(device.id));
    for (const SecuredThrough& log : logs) {
      auto& told = told_prunable_[{device.id, log.log}];
      if (told == log.through.seq) continue;
      told = log.through.seq;
      auto& prunable = *frame.mutable_update()->add_prunable();
      prunable.set_device_id(model::id_field(device.id));
      prunable.set_log_id(model::id_field(log.log));
      prunable.set_through_seq(log.through.seq);
      prunable.set_merged_inbox_id(cursor);
    }
  }
  return frame.has_update() ? send_(frame) : Status{};
}

}  // namespace lantaarn::server::admin
