#include "sync_server/gateway/enrolment.hpp"

#include "common/base/clock.hpp"
#include "common/sync/enrol.hpp"
#include "common/sync/message.hpp"
#include "sync_server/log/log.hpp"

namespace lantaarn::server::gateway {

namespace asio = boost::asio;

namespace {

void alarm(Shared& shared, const RosterTicket& ticket) {
  log::write(log::Kind::kAlarm, "ticket " + ticket.id.hex() + " used by another device key",
             {{"CODE", "ticket_reused"}, {"DEVICE", ticket.device.hex()}, {"TICKET", ticket.id.hex()}});
  ipc::Frame frame;
  frame.mutable_alarm()->set_code("ticket_reused");
  frame.mutable_alarm()->set_device_id(to_string(ticket.device.view()));
  frame.mutable_alarm()->set_ticket_id(to_string(ticket.id.view()));
  shared.registry->tell(std::move(frame));
}

// Binds the ticket to this key, or says why not.
Status bind_ticket(Shared& shared, const channel::Peer& peer) {
  RosterTicket* ticket = shared.roster.ticket(peer.ticket);
  if (ticket == nullptr) return refused("ticket_refused");
  if (ticket->bound_to && *ticket->bound_to != peer.device_key) {
    alarm(shared, *ticket);
    return refused("ticket_used");
  }
  if (ticket->spent) return refused("ticket_used");
  // Who was here in time may finish later.
  if (!ticket->bound_to && SystemClock().now().wall_ms >= ticket->expires_at_ms) return refused("ticket_expired");
  ticket->bound_to = peer.device_key;
  return {};
}

asio::awaitable<Result<Bytes>> answer(Shared& shared, Talk& talk, const channel::Peer& peer) {
  Status bound = bind_ticket(shared, peer);
  if (!bound.ok()) co_return bound.error();
  auto message = co_await talk.stream().receive();
  if (!message.ok()) co_return message.error();
  const auto& handshake_hash = talk.stream().handshake_hash();
  auto request = sync::EnrolReceiver(handshake_hash).receive(*message);
  if (!request.ok()) co_return request.error();
  ipc::Frame question;
  ipc::EnrolAsk& ask = *question.mutable_enrol_ask();
  ask.set_ticket_id(to_string(peer.ticket.view()));
  ask.set_channel_key(to_string(peer.device_key));
  ask.set_handshake_hash(to_string(handshake_hash));
  ask.mutable_request()->Swap(&*request);
  auto reply = co_await shared.registry->ask(std::move(question), shared.limits.registry_answer);
  if (!reply.ok() || !reply->has_enrol_answer()) co_return retry("server_busy");
  if (!reply->enrol_answer().refusal().empty()) co_return refused(reply->enrol_answer().refusal());
  Bytes message_down = sync::enrol_reply_message(reply->enrol_answer().reply());
  ipc::wipe_secrets(*reply);
  co_return message_down;
}

}  // namespace

asio::awaitable<void> serve_enrolment(Shared& shared, std::shared_ptr<Talk> talk, channel::Peer peer) {
  auto message = co_await answer(shared, *talk, peer);
  const std::string outcome = message.ok() ? "enrolled" : message.error().code;
  log::write(message.ok() ? log::Kind::kNote : log::Kind::kEnrolmentRefused, "ticket " + peer.ticket.hex() + ": " + outcome,
             {{"TICKET", peer.ticket.hex()}, {"CODE", outcome}});
  if (!message.ok()) shared.counts.refused(outcome);
  talk->say(message.ok() ? std::move(*message) : sync::refusal_message(message.error().code));
  talk->leave();
}

}  // namespace lantaarn::server::gateway
