#include "sync_server/gateway/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/channel/stream.hpp"
#include "sync_server/gateway/half_open.hpp"
#include "sync_server/gateway/log_line.hpp"
#include "sync_server/gateway/rescue.hpp"
#include "sync_server/gateway/spawn.hpp"
#include "sync_server/log/log.hpp"

namespace lantaarn::server::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds kAcceptPause{20};
constexpr std::chrono::seconds kLogEvery{10};
constexpr std::chrono::seconds kTellEvery{1};

// IPv4 whole, IPv6 by its first 64 bits: who has one of those has them all.
std::string share_of(const tcp::endpoint& peer) {
  const auto address = peer.address();
  if (address.is_v4()) return to_string(address.to_v4().to_bytes());
  const auto bytes = address.to_v6().to_bytes();
  if (address.to_v6().is_v4_mapped()) return to_string(ByteView(bytes).subspan(12));
  return to_string(ByteView(bytes).first(8));
}

Error listen_error(const boost::system::error_code& failed, const std::string& host, std::uint32_t port) {
  if (failed == asio::error::address_in_use || failed == asio::error::access_denied) {
    return in_context(retry("port_taken", {std::to_string(port)}), failed.message());
  }
  return in_context(refused("address_invalid", {host + ":" + std::to_string(port)}), failed.message());
}

Result<tcp::endpoint> endpoint_of(asio::io_context& context, const std::string& host, std::uint32_t port) {
  if (port > 65535) return refused("address_invalid", {host});
  const auto number = static_cast<std::uint16_t>(port);
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(host, failed);
  if (!failed) return tcp::endpoint(address, number);
  const auto found = tcp::resolver(context).resolve(host, std::to_string(port), failed);
  if (failed || found.empty()) return in_context(refused("address_invalid", {host}), failed.message());
  return found.begin()->endpoint();
}

}  // namespace

struct Server::State {
  explicit State(const GatewayLimits& limits)
      : acceptor(context),
        shared{context.get_executor(), limits, {}, {}, {}, {}, 0, {}, {}, {context.get_executor(), limits.pushing_max},
               {context.get_executor(), limits.waiting_bytes_max}, {}, DeviceRates(limits), {}},
        half_open(limits) {}

  Status configure(const ipc::Configure& configure, const char* inbox_vfs);
  Status listen(const std::string& host, std::uint32_t port);
  asio::awaitable<void> accept_all();
  asio::awaitable<void> greet(tcp::socket socket, std::string address);
  asio::awaitable<Result<crypto::Key>> look_up(const channel::Peer& peer);
  asio::awaitable<void> follow_registry();
  asio::awaitable<void> log_strangers();
  asio::awaitable<void> tell_counts();
  [[nodiscard]] ipc::Frame counted() const;
  void on_frame(const ipc::Frame& frame);
  Status use(const ipc::Secrets& secrets);
  void know_authority(const std::string& key) {
    if (const auto authority = to_array<32>(as_bytes(key))) shared.authority_keys.push_back(*authority);
  }
  void tell_listening();

  asio::io_context context{1};
  tcp::acceptor acceptor;
  Shared shared;
  HalfOpen half_open;
  ServerId server;
  std::shared_ptr<const ChannelIdentity> identity;
  channel::Timeouts timeouts;
  channel::PskLookup lookup;
  Confinement confinement;
};

Status Server::State::configure(const ipc::Configure& configure, const char* inbox_vfs) {
  const auto id = ServerId::from(configure.server_id());
  const auto seed = crypto::SignSeed::from(as_bytes(configure.receipt_seed()));
  if (!id || !seed) return in_context(reject_peer("ipc_broken"), "Configure");
  LANTAARN_TRY(shared.roster.apply(configure));
  server = *id;
  LANTAARN_ASSIGN(identity, read_identity(server, configure));
  shared.receipt_keys.add(*seed);
  shared.epoch = configure.epoch();
  know_authority(configure.authority_key());
  for (const std::string& former : configure.former_authority_keys()) know_authority(former);
  if (configure.has_epoch_raised()) shared.epoch_raised = configure.epoch_raised();
  timeouts.handshake = shared.limits.handshake;
  timeouts.receive = shared.limits.receive;
  timeouts.send = shared.limits.send;
  lookup = [this](const channel::Peer& peer) { return look_up(peer); };
  LANTAARN_ASSIGN(auto inbox, inbox::Inbox::open(configure.inbox_path(), inbox_vfs));
  shared.last_inbox_id = inbox.last_inbox_id();
  shared.store = std::make_unique<StoreThread>(
      std::move(inbox), shared.limits, [this](std::function<void()> work) { asio::post(context, std::move(work)); },
      [this](std::int64_t last) {
        shared.last_inbox_id = last;
        ipc::Frame frame;
        frame.mutable_inbox_grew()->set_inbox_id(last);
        shared.registry->tell(std::move(frame));
      });
  return {};
}

Status Server::State::listen(const std::string& host, std::uint32_t port) {
  LANTAARN_ASSIGN(const tcp::endpoint endpoint, endpoint_of(context, host, port));
  boost::system::error_code failed;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  return failed ? Status(listen_error(failed, host, port)) : Status();
}

asio::awaitable<void> Server::State::accept_all() {
  for (;;) {
    auto [failed, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) co_return;
    if (failed) {
      // No descriptors left: whoever has stood in the door longest makes room.
      if (failed == asio::error::no_descriptors || failed.value() == ENFILE) half_open.evict_oldest();
      asio::steady_timer pause(context, kAcceptPause);
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
      continue;
    }
    boost::system::error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone || !half_open.admits(share_of(peer), std::chrono::steady_clock::now())) continue;
    spawn(context.get_executor(), greet(std::move(socket), share_of(peer)), "session");
  }
}

// The handshake; then another coroutine, so that a half-open one does not carry a session's weight.
asio::awaitable<void> Server::State::greet(tcp::socket socket, std::string address) {
  channel::Stream stream(std::move(socket), timeouts);
  bool evicted = false;
  const auto place = half_open.add(address, [&] { evicted = true, stream.abort(); }, std::chrono::steady_clock::now());
  const auto answering_as = identity;
  const Status accepted = co_await stream.accept(answering_as->value(), lookup);
  if (!evicted) half_open.remove(place, !accepted.ok(), std::chrono::steady_clock::now());
  if (accepted.ok() && !evicted) spawn(context.get_executor(), serve_peer(shared, std::move(stream)), "session");
}

asio::awaitable<Result<crypto::Key>> Server::State::look_up(const channel::Peer& peer) {
  if (peer.purpose == channel::Purpose::kEnrolment) {
    const RosterTicket* ticket = shared.roster.ticket(peer.ticket);
    if (ticket == nullptr) co_return refused("ticket_refused");
    co_return ticket->psk.duplicate();
  }
  const auto device = shared.roster.device_by_key(peer.device_key);
  if (!device) co_return refused("device_unknown");
  co_return device->psk_for(peer.device_key).duplicate();
}

asio::awaitable<void> Server::State::follow_registry() {
  const Error end = co_await shared.registry->run([this](const ipc::Frame& frame) { on_frame(frame); });
  log_line("registry: " + end.to_log_line());
  context.stop();
}

void Server::State::on_frame(const ipc::Frame& frame) {
  if (frame.has_shutdown()) context.stop();
  if (frame.has_rescue_batch()) take_rescue_batch(shared, frame.rescue_batch());
  if (frame.has_receipts_wanted()) make_receipts(shared, frame.receipts_wanted());
  if (!frame.has_update()) return;
  Status applied = shared.roster.apply(frame.update());
  if (applied.ok() && frame.update().has_secrets()) applied = use(frame.update().secrets());
  for (const ipc::Prunable& record : frame.update().prunable()) {
    const auto device = DeviceId::from(record.device_id());
    const auto log = LogId::from(record.log_id());
    if (device && log) shared.store->prune({*device, *log, record.through_seq(), record.merged_inbox_id()});
  }
  if (!applied.ok()) log_line("update: " + applied.error().to_log_line());
}

// Handshakes and sessions that have begun end with what they began with.
Status Server::State::use(const ipc::Secrets& secrets) {
  const auto seed = crypto::SignSeed::from(as_bytes(secrets.receipt_seed()));
  if (!seed) return in_context(reject_peer("ipc_broken"), "Secrets");
  LANTAARN_ASSIGN(identity, read_identity(server, secrets));
  shared.authority_keys.clear();
  for (const std::string& key : secrets.authority_keys()) know_authority(key);
  if (shared.receipt_keys.newest()->verify_key() != crypto::SignKey(*seed).verify_key()) shared.receipt_keys.add(*seed);
  return {};
}

// What strangers do is counted, not logged one by one.
asio::awaitable<void> Server::State::log_strangers() {
  std::uint64_t logged = 0;
  for (;;) {
    asio::steady_timer timer(context, kLogEvery);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (half_open.evicted() + half_open.failed() + half_open.turned_away() == logged) continue;
    logged = half_open.evicted() + half_open.failed() + half_open.turned_away();
    const auto text = [](std::uint64_t number) { return std::to_string(number); };
    const std::string open = text(half_open.size()), failed = text(half_open.failed()), evicted = text(half_open.evicted()),
                      turned_away = text(half_open.turned_away());
    log::write(log::Kind::kHandshakes,
               "handshakes: " + open + " open, " + failed + " failed, " + evicted + " evicted, " + turned_away + " turned away",
               {{"OPEN", open}, {"FAILED", failed}, {"EVICTED", evicted}, {"TURNED_AWAY", turned_away}});
  }
}

ipc::Frame Server::State::counted() const {
  ipc::Frame frame;
  ipc::Counts& counts = *frame.mutable_counts();
  counts.set_sessions(shared.counts.sessions);
  counts.set_sessions_open(shared.counts.sessions_open);
  counts.set_batches(shared.counts.batches);
  counts.set_half_open(half_open.size());
  counts.set_handshakes_failed(half_open.failed());
  counts.set_evicted(half_open.evicted());
  counts.set_turned_away(half_open.turned_away());
  for (const auto& [code, count] : shared.counts.refusals) {
    ipc::RefusalCount& refusal = *counts.add_refusals();
    refusal.set_code(code);
    refusal.set_count(count);
  }
  counts.set_files(std::string(confine::name_of(confinement.files)));
  counts.set_system_calls(std::string(confine::name_of(confinement.system_calls)));
  return frame;
}

asio::awaitable<void> Server::State::tell_counts() {
  std::string told;
  for (;;) {
    ipc::Frame frame = counted();
    if (std::string now = frame.SerializeAsString(); now != told) {
      told = std::move(now);
      shared.registry->tell(std::move(frame));
    }
    asio::steady_timer timer(context, kTellEvery);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void Server::State::tell_listening() {
  const tcp::endpoint local = acceptor.local_endpoint();
  ipc::Frame frame;
  frame.mutable_listening()->set_host(local.address().to_string());
  frame.mutable_listening()->set_port(local.port());
  shared.registry->tell(std::move(frame));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const ipc::Configure& configure, int descriptor,
                                              std::unique_ptr<ipc::FrameReader> reader, const GatewayLimits& limits,
                                              const char* inbox_vfs) {
  auto state = std::make_unique<State>(limits);
  LANTAARN_TRY(state->configure(configure, inbox_vfs));
  LANTAARN_TRY(state->listen(configure.listen_host(), configure.listen_port()));
  state->shared.registry = std::make_unique<RegistryLink>(state->context.get_executor(), descriptor, std::move(reader));
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

void Server::run(const Confinement& confinement) {
  State& state = *state_;
  state.confinement = confinement;
  state.tell_listening();
  spawn(state.context.get_executor(), state.follow_registry(), "registry link");
  spawn(state.context.get_executor(), state.accept_all(), "accept");
  spawn(state.context.get_executor(), state.log_strangers(), "log");
  spawn(state.context.get_executor(), state.tell_counts(), "counts");
  state.context.run();
  state.acceptor.close();
  state.shared.store.reset();  // what was taken in is committed; its receipts are given in the next session
}

}  // namespace lantaarn::server::gateway
