#include "tests/sync_server/gateway/registry_end.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.hpp"
#include "common/sync/statement.hpp"
#include "sync_server/gateway/gateway.hpp"
#include "sync_server/gateway/ipc.hpp"

namespace lantaarn::server::gateway {

ipc::Device TestDevice::record() const {
  ipc::Device record;
  record.set_device_id(to_string(id.view()));
  record.set_channel_key(to_string(channel_key.public_key()));
  record.set_psk(to_string(psk.view()));
  record.set_revoked(revoked);
  record.add_users()->set_user_id(to_string(user.view()));
  record.mutable_users(0)->set_verify_key(to_string(user_key.verify_key()));
  return record;
}

RegistryEnd::RegistryEnd(const GatewayLimits& limits, const std::vector<const TestDevice*>& devices,
                         const char* inbox_vfs)
    : limits_(limits), devices_(devices), inbox_vfs_(inbox_vfs) {
  start();
}
RegistryEnd::~RegistryEnd() { stop(); }

void RegistryEnd::restart() {
  stop();
  start();
}

void RegistryEnd::start() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
  descriptor_ = ends[0];
  address_.clear();
  failure_.clear();
  gateway_ = std::thread([this, end = ends[1]] {
    if (run_gateway(end, limits_, inbox_vfs_) != 0) ::close(end);
  });
  registry_ = std::thread([this] { follow(); });
  send(configure());
}

void RegistryEnd::stop() {
  ::shutdown(descriptor_, SHUT_RDWR);
  registry_.join();
  gateway_.join();
  ::close(descriptor_);
}

ipc::Frame RegistryEnd::configure() const {
  ipc::Frame frame;
  ipc::Configure& configure = *frame.mutable_configure();
  configure.set_server_id(to_string(server.view()));
  configure.set_epoch(epoch);
  configure.set_channel_private_key(to_string(channel_key.private_key().view()));
  configure.set_receipt_seed(to_string(receipt_seed_.view()));
  configure.set_listen_host("127.0.0.1");
  configure.set_listen_port(listen_port);
  configure.set_inbox_path(inbox_path());
  configure.set_authority_key(to_string(authority.verify_key()));
  for (const TestDevice* device : devices_) *configure.add_devices() = device->record();
  for (const ipc::Ticket& ticket : tickets_) *configure.add_tickets() = ticket;
  return frame;
}

void RegistryEnd::send(const ipc::Frame& frame) {
  const std::lock_guard lock(writing_);
  static_cast<void>(ipc::write_frame(descriptor_, frame));
}

void RegistryEnd::follow() {
  ipc::FrameReader reader;
  ipc::Frame frame;
  while (ipc::read_frame(descriptor_, reader, frame).ok()) answer(frame);
}

sync::pb::SignedStatement RegistryEnd::state(const DeviceId& device, sync::pb::StatementKind kind, const std::string& body) {
  sync::pb::Statement statement;
  statement.set_kind(kind);
  statement.set_device_id(to_string(device.view()));
  statement.set_epoch(epoch);
  {
    const std::lock_guard lock(mutex_);
    statement.set_counter(++counter_);
  }
  statement.set_issued_at_ms(SystemClock().now().wall_ms);
  statement.set_body(body);
  return sync::sign_statement(authority, sync::kAuthorityContext, statement);
}

void RegistryEnd::answer(const ipc::Frame& frame) {
  const auto receipt_key_for = [&](const DeviceId& device) {
    sync::pb::ReceiptKey key;
    key.set_verify_key(to_string(receipt_key_.verify_key()));
    return state(device, sync::pb::RECEIPT_KEY, key.SerializeAsString());
  };
  ipc::Frame reply;
  reply.set_request_id(frame.request_id());
  if (frame.has_session_opened()) {
    *reply.mutable_session_answer()->mutable_receipt_key() =
        receipt_key_for(DeviceId::from(frame.session_opened().device_id()).value());
  } else if (frame.has_down_request()) {
    const std::lock_guard lock(mutex_);
    for (const auto& one : down_[DeviceId::from(frame.down_request().device_id()).value()]) {
      // Each in a frame of its own: an answer may come in parts.
      *reply.mutable_down_reply()->add_statements() = one;
      reply.mutable_down_reply()->set_more(true);
      send(reply);
      reply.mutable_down_reply()->Clear();
    }
    reply.mutable_down_reply();
  } else if (frame.has_enrol_ask()) {
    DeviceId device;
    for (const ipc::Ticket& ticket : tickets_) {
      if (ticket.ticket_id() == frame.enrol_ask().ticket_id()) device = DeviceId::from(ticket.device_id()).value();
    }
    sync::pb::EnrolReply& enrolled = *reply.mutable_enrol_answer()->mutable_reply();
    enrolled.set_device_psk(std::string(32, 'p'));
    enrolled.set_epoch(epoch);
    *enrolled.mutable_users() = state(device, sync::pb::USERS, "");
    *enrolled.mutable_receipt_key() = receipt_key_for(device);
    *enrolled.mutable_lease() = state(device, sync::pb::LEASE, "");
  } else {
    const std::lock_guard lock(mutex_);
    if (frame.has_listening()) address_ = frame.listening().host() + ":" + std::to_string(frame.listening().port());
    if (frame.has_start_failed()) failure_ = frame.start_failed().code();
    if (frame.has_alarm()) ++alarms_;
    if (frame.has_statements_acknowledged()) acknowledged_ += static_cast<std::size_t>(frame.statements_acknowledged().acks_size());
    changed_.notify_all();
    if (frame.request_id() == 0) return;
    reply.mutable_noted();
  }
  send(reply);
}

std::string RegistryEnd::address() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !address_.empty() || !failure_.empty(); });
  return address_;
}

std::string RegistryEnd::start_failure() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !address_.empty() || !failure_.empty(); });
  return failure_;
}

bool RegistryEnd::wait_for_alarms(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return alarms_ >= count; });
}

std::size_t RegistryEnd::acknowledged() {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

void RegistryEnd::set_down(const DeviceId& device, std::vector<sync::pb::SignedStatement> statements) {
  const std::lock_guard lock(mutex_);
  down_[device] = std::move(statements);
}

void RegistryEnd::update(const TestDevice& device) {
  ipc::Frame frame;
  *frame.mutable_update()->add_devices() = device.record();
  send(frame);
}

sync::Ticket RegistryEnd::make_ticket(const TestDevice& device, std::int64_t expires_at_ms) {
  sync::Ticket ticket;
  ticket.id = crypto::random_id<TicketId>();
  ticket.server = server;
  ticket.server_address = address();
  ticket.channel_key = channel_key.public_key();
  ticket.authority_key = authority.verify_key();
  ticket.psk = crypto::random_secret<32>();
  ticket.device = device.id;
  ticket.expires_at_ms = expires_at_ms;
  ipc::Ticket record;
  record.set_ticket_id(to_string(ticket.id.view()));
  record.set_psk(to_string(ticket.psk.view()));
  record.set_device_id(to_string(device.id.view()));
  record.set_expires_at_ms(expires_at_ms);
  tickets_.push_back(record);
  ipc::Frame frame;
  *frame.mutable_update()->add_tickets() = record;
  send(frame);
  return ticket;
}

}  // namespace lantaarn::server::gateway
