#include "sync_server/admin/serve.hpp"

#include <chrono>
#include <cstdio>

#include "sync_server/admin/control.hpp"
#include "sync_server/admin/serving.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr int kLockSliceMs = 100;
constexpr int kLockPatienceMs = 5000;

Result<database::FileLock> lock_folder(const Folder& folder) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(kLockPatienceMs);
  while (true) {
    if (is_server_running(folder.control_socket())) return retry("server_running");
    auto lock = database::FileLock::acquire(folder.lock(), kLockSliceMs);
    if (lock.ok() || lock.error().code != "in_use" || std::chrono::steady_clock::now() > patience) return lock;
  }
}

void log_line(const std::string& line) { std::fprintf(stderr, "registry: %s\n", line.c_str()); }

Status configure(Context& context, const GatewayLink& gateway, const channel::Address& listen) {
  LANTAARN_ASSIGN(auto frame, configuration(context, listen));
  const Status sent = gateway.send(frame);
  ipc::wipe_secrets(frame);
  return sent;
}

}  // namespace

Status serve(const Globals& globals, const std::string& listen_address, const Clock& clock) {
  const EndSignal end;  // before there is a second thread that could take the signal
  const Folder folder{globals.data};
  if (!folder.is_initialised()) return refused("not_initialised");
  LANTAARN_ASSIGN(const auto address, channel::parse_address(listen_address));
  LANTAARN_ASSIGN(const auto lock, lock_folder(folder));
  LANTAARN_ASSIGN(const auto server, OpenServer::open(folder, globals.key_file, clock));
  LANTAARN_ASSIGN(ControlServer control, ControlServer::listen(folder.control_socket()));
  LANTAARN_ASSIGN(GatewayLink gateway, GatewayLink::launch());
  Context context = server->context();
  LANTAARN_TRY(configure(context, gateway, address));
  LANTAARN_ASSIGN(const auto listening, wait_for_gateway(gateway, end));
  if (!listening) return {};
  const auto send = [&gateway](const ipc::Frame& frame) { return gateway.send(frame); };
  LANTAARN_ASSIGN(Handhelds handhelds, Handhelds::open(context, send, log_line));
  std::printf(globals.json ? "{\"sync\":\"%s\"}\n" : "sync %s\n", listening->to_text().c_str());
  std::fflush(stdout);
  return Serving(*server, control, gateway, handhelds, log_line).run(end);
}

}  // namespace lantaarn::server::admin
