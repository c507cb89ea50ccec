#include <cstdio>
#include <memory>

#include "common/words/words.hpp"
#include "firmware_app/caseload/statement_keeper.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/uplink/uplink.hpp"

namespace lantaarn::firmware::cli {
namespace {

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

Result<Answer> enrol_user(const Arguments& arguments, const std::string& name, bool further) {
  if (name.empty()) return refused("usage", {"--user"});
  LANTAARN_ASSIGN(const sync::Ticket ticket, ticket_from(arguments.one("ticket")));
  LANTAARN_ASSIGN(NewFolder folder, open_or_make_folder(arguments.globals, arguments.one("device-secret")));
  if (folder.vault.enrolled() != further) return refused(further ? "not_enrolled" : "already_enrolled");
  LANTAARN_ASSIGN(const auto pin, new_pin(arguments.globals));
  LANTAARN_ASSIGN(const auto begun, folder.vault.begin_enrolment(ticket, name, pin, arguments.one("server"), further));

  const SystemClock clock;
  EnrolSettings settings;
  settings.ticket = &ticket;
  settings.server_address = begun.server.address;
  settings.channel_key = &begun.channel.private_key;
  settings.user = {begun.user.id, begun.user.box.public_key(), &begun.user.sign};
  settings.clock = &clock;
  LANTAARN_ASSIGN(auto enrolled, firmware::enrol(settings));
  LANTAARN_ASSIGN(const auto reply, reply_of(std::move(enrolled), clock.now()));
  LANTAARN_TRY(folder.vault.finish_enrolment(begun, reply));

  Answer answer;
  answer.document = boost::json::object{{"device", begun.server.device.hex()}, {"device_name", begun.server.device_name},
                                        {"user_id", begun.user.id.hex()}, {"name", begun.user.name}};
  answer.lines.push_back(words::text("label:enrolled", {visible(begun.user.name)}));
  return answer;
}

}  // namespace

Result<Answer> enrol(const Arguments& arguments) { return enrol_user(arguments, arguments.globals.user, false); }
Result<Answer> add_user(const Arguments& arguments) { return enrol_user(arguments, arguments.one("name"), true); }

}  // namespace lantaarn::firmware::cli
