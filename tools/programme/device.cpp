#include "tools/programme/device.hpp"

#include <filesystem>

#include "common/crypto/random.hpp"
#include "common/sync/ticket.hpp"
#include "firmware_app/caseload/statement_keeper.hpp"
#include "firmware_app/uplink/uplink.hpp"

namespace lantaarn::programme {
namespace {

namespace fw = firmware;

Result<crypto::SecretBytes> chance_pin() {
  crypto::SecretBytes pin(fw::kPinDigitsMin);
  crypto::fill_random({pin.data(), pin.size()});
  for (std::size_t i = 0; i < pin.size(); ++i) pin.data()[i] = static_cast<std::uint8_t>('0' + pin.data()[i] % 10);
  return pin;
}

Result<fw::EnrolmentReply> reply_of(sync::Enrolled enrolled, const ClockReading& heard) {
  sync::pb::Lease lease;
  if (!lease.ParseFromString(enrolled.lease.body())) return reject_peer("protocol_error");
  fw::EnrolmentReply reply{std::move(enrolled.device_psk), enrolled.epoch, {}, {}, {}, {}};
  for (const auto* statement : {&enrolled.users, &enrolled.receipt_key, &enrolled.lease}) {
    const fw::Mark mark{statement->epoch(), statement->counter()};
    reply.marks.push_back({statement->kind(), UserId::from(statement->user_id()).value_or(UserId{}), mark});
  }
  if (enrolled.newer_keys) {
    const auto& link = enrolled.newer_keys->statement;
    reply.newer_keys = enrolled.newer_keys->keys;
    reply.marks.push_back({link.kind(), {}, {link.epoch(), link.counter()}});
  }
  reply.lease = fw::Lease{lease.valid_until_ms(), lease.boots(), lease.running_ms()};
  reply.clock = fw::ClockObservation{enrolled.server_time_ms, heard.wall_ms, heard.monotonic_ms, heard.boot_id};
  return reply;
}

}  // namespace

void DeviceClock::start_at(std::int64_t wall_ms) {
  boot_ = crypto::random_id<DeviceId>().bytes;
  booted_ms_ = true_ms_;
  off_by_ms_ = wall_ms - true_ms_;
}

Result<std::unique_ptr<Device>> Device::make(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return storage_error("disk_error", {folder});
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  fw::FileDeviceSecret secret(folder + "/device.secret");
  LANTAARN_ASSIGN(auto vault, fw::Vault::open(folder + "/vault.db", secret, fw::program_vault_options()));
  std::unique_ptr<Device> device(new Device(std::move(vault)));
  device->folder_ = folder;
  return device;
}

Status Device::enrol(const std::string& ticket_text, const std::string& user) {
  LANTAARN_ASSIGN(const auto ticket, sync::read_ticket(ticket_text));
  LANTAARN_ASSIGN(const auto pin, chance_pin());
  LANTAARN_ASSIGN(const auto begun, vault_.begin_enrolment(ticket, user, pin, "", !users_.empty()));
  fw::EnrolSettings settings;
  settings.ticket = &ticket;
  settings.server_address = begun.server.address;
  settings.channel_key = &begun.channel.private_key;
  settings.user = {begun.user.id, begun.user.box.public_key(), &begun.user.sign};
  settings.clock = &clock_;
  LANTAARN_ASSIGN(auto enrolled, fw::enrol(settings));
  LANTAARN_ASSIGN(const auto reply, reply_of(std::move(enrolled), clock_.now()));
  LANTAARN_TRY(vault_.finish_enrolment(begun, reply));
  LANTAARN_ASSIGN(const auto known, vault_.find_user(user));
  LANTAARN_ASSIGN(auto unlocked, vault_.unlock(known, pin, clock_.now()));
  users_.push_back({std::move(unlocked), {}});
  return journal_ ? Status() : open_logs();
}

Status Device::open_logs() {
  LANTAARN_ASSIGN(server_, vault_.server());
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(folder_ + "/journal.db", server_.device));
  journal_.emplace(std::move(journal));
  caseload_.emplace(fw::Caseload::open(folder_ + "/caseload.db"));
  LANTAARN_ASSIGN(const auto observation, vault_.clock_observation());
  judged_.emplace(clock_, observation);
  return {};
}

Status Device::note_session(fw::Outbox& outbox, std::uint32_t epoch, std::int64_t server_ms, const ClockReading& heard) {
  const fw::ClockObservation observation{server_ms, heard.wall_ms, heard.monotonic_ms, heard.boot_id};
  LANTAARN_TRY(vault_.raise_epoch(epoch));
  LANTAARN_TRY(vault_.set_clock_observation(observation));
  judged_.emplace(clock_, observation);
  LANTAARN_ASSIGN(const bool everything, outbox.everything_received());
  LANTAARN_TRY(vault_.set_last_sync({server_ms, everything}));
  LANTAARN_ASSIGN(server_, vault_.server());
  return everything ? fw::end_all_desks(*journal_) : Status();
}

Result<fw::OutboxCounts> Device::sync() {
  LANTAARN_ASSIGN(const auto keys, vault_.channel_keys());
  fw::SyncSettings settings;
  settings.server_address = server_.address;
  settings.server = server_.server;
  settings.server_key = server_.channel_key;
  settings.authority_key = server_.authority_key;
  settings.recovery_key = server_.recovery_key;
  settings.device = server_.device;
  settings.channel_key = &keys.private_key;
  settings.psk = &keys.psk;
  settings.clock = &*judged_;
  settings.epoch = server_.epoch;
  settings.app_version = "programme";
  fw::Outbox outbox(*journal_);
  fw::StatementKeeper keeper(vault_, *caseload_);
  LANTAARN_ASSIGN(const auto report, fw::sync_once(settings, outbox, keeper));
  LANTAARN_TRY(note_session(outbox, report.epoch, report.server_time_ms, report.heard_at));
  if (!caseload_->ok()) return caseload_->error();
  for (User& user : users_) {
    LANTAARN_ASSIGN(user.cards, fw::load_cards(**caseload_, *journal_, user.keys));
  }
  return report.counts;
}

Result<fw::OutboxCounts> Device::counts() { return fw::Outbox(*journal_).counts(); }

Result<fw::Capture> Device::capture(const std::string& name) {
  for (User& user : users_) {
    if (user.keys.name == name) return fw::Capture(*journal_, user.keys, server_, *judged_, user.cards);
  }
  return bug("programme: a user who is not enrolled on this handheld");
}

}  // namespace lantaarn::programme
