#include "firmware_app/uplink/uplink.hpp"

#include "firmware_app/uplink/session.hpp"

namespace lantaarn::firmware {

namespace asio = boost::asio;

namespace {

channel::Timeouts channel_timeouts(const UplinkTimeouts& timeouts) {
  channel::Timeouts made;
  made.handshake = timeouts.handshake;
  made.receive = timeouts.receive;
  made.send = timeouts.send;
  return made;
}

// Says all there is to say, then listens; until both are done.
asio::awaitable<Status> talk(channel::Stream& stream, sync::Sender& sender, const std::function<void()>& heard) {
  while (true) {
    while (true) {
      auto message = sender.next();
      if (!message.ok()) co_return message.error();
      if (!*message) break;
      Status sent = co_await stream.send(std::move(**message));
      if (!sent.ok()) co_return sent;
    }
    if (sender.done()) break;
    auto message = co_await stream.receive();
    if (!message.ok()) {
      // The server may end only when we are done.
      co_return channel::is_clean_end(message.error()) ? retry("connection_lost") : message.error();
    }
    Status taken = sender.receive(*message);
    crypto::wipe(*message);  // a directive may carry a PSK
    if (!taken.ok()) co_return taken;
    heard();
  }
  co_await part(stream);
  co_return Status();
}

// A refusal the server sent while we were still pushing says more than the broken pipe it left us.
asio::awaitable<Status> talk_or_hear_why(channel::Stream& stream, sync::Sender& sender, const std::function<void()>& heard) {
  Status talked = co_await talk(stream, sender, heard);
  while (!talked.ok() && talked.error().code == "connection_lost") {
    auto message = co_await stream.receive();
    if (!message.ok()) break;
    Status taken = sender.receive(*message);
    if (!taken.ok()) co_return taken;
  }
  co_return talked;
}

Result<SyncReport> report_of(const sync::SessionOutcome& outcome, Outbox& outbox, const ClockReading& heard_at) {
  SyncReport report;
  LANTAARN_ASSIGN(report.counts, outbox.counts());
  report.entries_sent = outcome.progress.entries_sent;
  report.entries_received = outcome.progress.entries_received;
  report.statements = outcome.progress.statements;
  report.epoch = outcome.epoch;
  report.server_time_ms = outcome.server_time_ms;
  report.heard_at = heard_at;
  report.diverged = outcome.diverged;
  report.unreadable = outbox.unreadable();
  return report;
}

}  // namespace

Result<SyncReport> sync_once(const SyncSettings& settings, Outbox& outbox, sync::StatementSink& sink,
                             const sync::ProgressSink& progress) {
  LANTAARN_ASSIGN(channel::Address address, channel::parse_address(settings.server_address));
  const channel::DhKeyPair device_key(settings.channel_key->duplicate());
  channel::Dial dial;
  dial.server = std::move(address);
  dial.server_id = settings.server;
  dial.server_key = settings.server_key;
  dial.device_key = &device_key;
  dial.psk = settings.psk;
  sync::SenderConfig config{settings.device, settings.authority_key, settings.epoch, settings.app_version, settings.clock->now()};
  config.server = settings.server;
  config.recovery_key = settings.recovery_key;
  config.keys_generation = settings.keys_generation;
  config.sealing_number = settings.sealing_number;
  sync::Sender sender(std::move(config), outbox, sink, progress);
  ClockReading heard_at;
  // A std::function by name: a coroutine's reference to a temporary would outlive it.
  const std::function<void()> heard = [&] {
    if (heard_at.wall_ms == 0 && sender.outcome().server_time_ms != 0) heard_at = settings.clock->now();
  };
  const Status talked = run_session(dial, channel_timeouts(settings.timeouts),
                                    [&](channel::Stream& stream) { return talk_or_hear_why(stream, sender, heard); });
  const Status settled = sender.settle();
  if (!talked.ok()) return in_context(talked.error(), "sync");
  LANTAARN_TRY(settled);
  return report_of(sender.outcome(), outbox, heard_at);
}

Result<sync::Enrolled> enrol(const EnrolSettings& settings) {
  const sync::Ticket& ticket = *settings.ticket;
  LANTAARN_ASSIGN(channel::Address address,
                  channel::parse_address(settings.server_address.empty() ? ticket.server_address : settings.server_address));
  const channel::DhKeyPair device_key(settings.channel_key->duplicate());
  const channel::Dial dial{std::move(address), ticket.server, ticket.channel_key, channel::Purpose::kEnrolment, ticket.id,
                           &device_key, &ticket.psk};
  std::optional<Result<sync::Enrolled>> enrolled;
  const auto ask = [&](channel::Stream& stream) -> asio::awaitable<Status> {
    // A ticket that was used up is refused without waiting for our request, which may therefore fail.
    Status sent = co_await stream.send(sync::make_enrol_request(settings.user, {ticket.enrol_secret, device_key.public_key()},
                                                               stream.handshake_hash(), settings.clock->now()));
    auto answer = co_await stream.receive();
    if (!answer.ok()) co_return sent.ok() ? answer.error() : sent.error();
    const sync::KnownServerKeys known{ticket.server, ticket.keys_generation, ticket.authority_key, ticket.sealing_key_number, {}};
    enrolled = sync::check_enrol_reply(*answer, known, ticket.device);
    crypto::wipe(*answer);  // the device's PSK was in it
    co_await part(stream);
    co_return Status();
  };
  const Status talked = run_session(dial, channel_timeouts(settings.timeouts), ask);
  if (!talked.ok()) return in_context(talked.error(), "enrol");
  return std::move(*enrolled);
}

}  // namespace lantaarn::firmware
