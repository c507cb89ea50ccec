#include "firmware_app/handheld/enrol.hpp"

#include <cstdio>
#include <memory>

#include "firmware_app/caseload/statement_keeper.hpp"
#include "firmware_app/uplink/uplink.hpp"

namespace lantaarn::firmware {
namespace {

MarkOf mark_of(const sync::pb::Statement& statement) {
  return {statement.kind(), UserId::from(statement.user_id()).value_or(UserId{}), {statement.epoch(), statement.counter()}};
}

Result<EnrolmentReply> reply_of(sync::Enrolled enrolled, const ClockReading& heard) {
  sync::pb::Lease lease;
  if (!lease.ParseFromString(enrolled.lease.body())) return reject_peer("protocol_error");
  EnrolmentReply reply{std::move(enrolled.device_psk), enrolled.epoch, {}, {}, {}, {}};
  for (const auto* statement : {&enrolled.users, &enrolled.receipt_key, &enrolled.lease}) reply.marks.push_back(mark_of(*statement));
  if (enrolled.newer_keys) {
    reply.newer_keys = enrolled.newer_keys->keys;
    reply.marks.push_back(mark_of(enrolled.newer_keys->statement));
  }
  reply.lease = lease_from(lease);
  reply.clock = ClockObservation{enrolled.server_time_ms, heard.wall_ms, heard.monotonic_ms, heard.boot_id};
  return reply;
}

}  // namespace

Result<sync::Ticket> ticket_from(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return refused("file_unreadable", {path});
  crypto::SecretBytes text(sync::kTicketBytesMax + 1);  // it holds the one-time PSK
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  const std::size_t size = std::fread(text.data(), 1, text.size(), file.get());
  if (std::ferror(file.get()) != 0) return refused("file_unreadable", {path});
  if (size > sync::kTicketBytesMax) return refused("ticket_unreadable");
  return sync::read_ticket(as_text(text.view().first(size)));
}

Result<EnrolledUser> enrol_user(Vault& vault, const sync::Ticket& ticket, const crypto::SecretBytes& pin, const EnrolAs& as) {
  if (!as.further && as.address.empty() && ticket.server_address.empty()) return refused("address_needed");
  LANTAARN_ASSIGN(const auto begun, vault.begin_enrolment(ticket, as.name, pin, as.address, as.further));
  const SystemClock clock;
  EnrolSettings settings;
  settings.ticket = &ticket;
  settings.server_address = begun.server.address;
  settings.channel_key = &begun.channel.private_key;
  settings.user = {begun.user.id, begun.user.box.public_key(), &begun.user.sign};
  settings.clock = &clock;
  LANTAARN_ASSIGN(auto enrolled, firmware::enrol(settings));
  LANTAARN_ASSIGN(const auto reply, reply_of(std::move(enrolled), clock.now()));
  LANTAARN_TRY(vault.finish_enrolment(begun, reply));
  return EnrolledUser{begun.server, {begun.user.id, begun.user.name}};
}

}  // namespace lantaarn::firmware
