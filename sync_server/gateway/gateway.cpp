#include "sync_server/gateway/gateway.hpp"

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/crypto/secret.hpp"
#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/ipc.pb.h"
#include "sync_server/gateway/log_line.hpp"
#include "sync_server/gateway/server.hpp"
#include "sync_server/log/log.hpp"

namespace lantaarn::server::gateway {
namespace {

constexpr int kMmapFromBytes = 128 * 1024;

void prepare_process() {
  ::prctl(PR_SET_DUMPABLE, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::signal(SIGINT, SIG_IGN);  // a terminal's Ctrl-C: the registry process decides
  ::signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  // Batches come and go by the hundred; memory they leave goes back at once instead of to a free list.
  ::mallopt(M_MMAP_THRESHOLD, kMmapFromBytes);
  ::mallopt(M_ARENA_MAX, 2);
}

int fail(int descriptor, const Error& error) {
  ipc::Frame frame;
  frame.mutable_start_failed()->set_code(error.code);
  if (!error.args.empty()) frame.mutable_start_failed()->set_detail(error.args.front());
  // Whoever started it is told, and says it once.
  if (!ipc::write_frame(descriptor, frame).ok()) log_line("not started: " + error.to_log_line());
  return 1;
}

void log_confinement(const Confinement& confinement) {
  const std::string files(confine::name_of(confinement.files)), calls(confine::name_of(confinement.system_calls));
  log::write(log::Kind::kConfined, "files " + files + ", system calls " + calls, {{"FILES", files}, {"SYSTEM_CALLS", calls}});
}

int run(int descriptor, const GatewayLimits& limits, const char* inbox_vfs, bool is_own_process) {
  if (const Status ready = crypto::initialise(); !ready.ok()) return fail(descriptor, ready.error());
  auto reader = std::make_unique<ipc::FrameReader>();
  ipc::Frame first;
  if (const Status read = ipc::read_frame(descriptor, *reader, first); !read.ok()) {
    log_line("not started: " + read.error().to_log_line());
    return 1;
  }
  if (!first.has_configure()) return fail(descriptor, in_context(reject_peer("ipc_broken"), "expected Configure"));
  Confinement confinement;
  if (is_own_process) {
    // Once confined, no name can be looked up and no other file opened.
    first.mutable_configure()->set_listen_host(numeric_host(first.configure().listen_host()));
    const auto files = confine_gateway_files(first.configure().inbox_path());
    if (!files.ok()) return fail(descriptor, files.error());
    confinement.files = *files;
  }
  auto server = Server::start(first.configure(), descriptor, std::move(reader), limits, inbox_vfs);
  ipc::wipe_secrets(first);
  first.Clear();
  if (!server.ok()) return fail(descriptor, server.error());
  if (is_own_process) {
    const auto calls = confine_gateway_calls();
    if (!calls.ok()) return fail(descriptor, calls.error());
    confinement.system_calls = *calls;
    log_confinement(confinement);
  }
  (*server)->run(confinement);
  return 0;
}

}  // namespace

int run_gateway(int descriptor, const GatewayLimits& limits, const char* inbox_vfs) {
  return run(descriptor, limits, inbox_vfs, false);
}

int gateway_main(int descriptor) {
  prepare_process();
  log::open("gateway");
  return run(descriptor, GatewayLimits{}, nullptr, true);
}

}  // namespace lantaarn::server::gateway
