#include "sync_server/admin/serve.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>

#include "sync_server/admin/control.hpp"
#include "sync_server/admin/hygiene.hpp"
#include "sync_server/admin/metrics_http.hpp"
#include "sync_server/admin/serving.hpp"
#include "sync_server/log/log.hpp"

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

// After the gateway was started; before anything that a peer sent is looked at.
Result<RegistryConfinement> confine(const Globals& globals) {
  std::vector<std::string> writable{globals.data};
  if (!globals.key_file.empty()) writable.push_back(globals.key_file);
  return confine_registry(writable);
}

// Once it serves: a start that fails says one thing only.
void log_confinement(const RegistryConfinement& reached) {
  const std::string files(name_of(reached.files)), calls(name_of(reached.system_calls));
  log::write(log::Kind::kConfined, "files " + files + ", system calls " + calls, {{"FILES", files}, {"SYSTEM_CALLS", calls}});
}

Result<std::optional<MetricsServer>> listen_for_metrics(const std::string& text) {
  if (text.empty()) return std::optional<MetricsServer>();
  LANTAARN_ASSIGN(const auto address, channel::parse_address(text));
  LANTAARN_ASSIGN(auto metrics, MetricsServer::listen(address));
  return std::optional<MetricsServer>(std::move(metrics));
}

struct PageSaid {
  std::string origin;
  std::optional<std::string> invitation;
};

void say_where(bool as_json, const channel::Address& sync, const std::optional<MetricsServer>& metrics, const std::optional<PageSaid>& page) {
  boost::json::object said{{"sync", sync.to_text()}};
  if (metrics) said["metrics"] = metrics->address().to_text();
  if (page) said["page"] = page->origin;
  if (page && page->invitation) said["invitation"] = *page->invitation;
  if (as_json) {
    std::printf("%s\n", boost::json::serialize(said).c_str());
  } else {
    if (metrics) std::printf("metrics %s\n", metrics->address().to_text().c_str());
    if (page) std::printf("page %s\n", page->origin.c_str());
    // Once, to whoever starts it: a log keeps what is printed, and this link serves once and soon ends.
    if (page && page->invitation) std::printf("invitation %s\n", page->invitation->c_str());
    std::printf("sync %s\n", sync.to_text().c_str());
  }
  std::fflush(stdout);
}

Status configure(Context& context, const GatewayLink& gateway, const channel::Address& listen) {
  LANTAARN_ASSIGN(auto frame, configuration(context, listen));
  const Status sent = gateway.send(frame);
  ipc::wipe_secrets(frame);
  return sent;
}

}  // namespace

Status serve(const Globals& globals, const ServeOptions& options, const PageRoom& room, const Clock& clock) {
  log::open("registry");
  const EndSignal end;  // before there is a second thread that could take the signal
  const Folder folder{globals.data};
  if (!folder.is_initialised()) return refused("not_initialised");
  LANTAARN_ASSIGN(const auto address, channel::parse_address(options.sync));
  LANTAARN_ASSIGN(const auto lock, lock_folder(folder));
  LANTAARN_ASSIGN(const auto server, OpenServer::open(folder, globals.key_file, clock));
  LANTAARN_ASSIGN(ControlServer control, ControlServer::listen(folder.control_socket()));
  LANTAARN_ASSIGN(auto metrics, listen_for_metrics(options.metrics));
  // Before the gateway: a page that cannot be shown is said once, and by this process only.
  std::unique_ptr<PageHost> page;
  if (!options.page.listen.empty()) {
    LANTAARN_ASSIGN(page, room.open(*server, folder, options.page, clock));
  }
  LANTAARN_ASSIGN(GatewayLink gateway, GatewayLink::launch());
  ServingFacts facts;
  LANTAARN_ASSIGN(facts.registry, confine(globals));
  Context context = server->context();
  LANTAARN_TRY(configure(context, gateway, address));
  LANTAARN_ASSIGN(const auto listening, wait_for_gateway(gateway, end));
  if (!listening) return {};
  log_confinement(facts.registry);
  const auto send = [&gateway](const ipc::Frame& frame) { return gateway.send(frame); };
  LANTAARN_ASSIGN(Handhelds handhelds, Handhelds::open(context, send, log::write));
  std::optional<PageSaid> said;
  if (page) {
    LANTAARN_ASSIGN(auto invitation, page->first_invitation());
    said = PageSaid{page->origin(), std::move(invitation)};
  }
  say_where(globals.json, *listening, metrics, said);
  return Serving(*server, control, gateway, handhelds, metrics, {page.get(), room.run}, facts, log::write).run(end);
}

}  // namespace lantaarn::server::admin
