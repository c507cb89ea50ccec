#include "sync_server/gateway/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <algorithm>

#include "common/base/clock.hpp"
#include "common/sync/limits.hpp"
#include "common/sync/message.hpp"
#include "sync_server/gateway/enrolment.hpp"
#include "sync_server/gateway/spawn.hpp"
#include "sync_server/gateway/talk.hpp"
#include "sync_server/log/log.hpp"

namespace lantaarn::server::gateway {

namespace asio = boost::asio;

namespace {

// What the registry has certified; it signed it itself, over the process's own socket.
crypto::VerifyKey certified_in(const sync::pb::SignedStatement& certificate) {
  sync::pb::Statement statement;
  sync::pb::ReceiptKey body;
  const bool read = statement.ParseFromString(certificate.statement()) && body.ParseFromString(statement.body());
  return read ? to_array<32>(as_bytes(body.verify_key())).value_or(crypto::VerifyKey{}) : crypto::VerifyKey{};
}

class SyncSession final : public StoreClient, public std::enable_shared_from_this<SyncSession> {
 public:
  SyncSession(Shared& shared, std::shared_ptr<Talk> talk, const DeviceId& device)
      : shared_(shared), talk_(std::move(talk)), device_(device), receipt_signer_(shared.receipt_keys.newest()),
        receiver_(receiver_config()), turn_end_(shared.executor) {}

  asio::awaitable<void> run();
  void on_stored(const std::vector<sync::StoreResult>& results, std::size_t bytes) override;

 private:
  using Places = Result<std::vector<journal::Position>>;
  sync::ReceiverConfig receiver_config();
  [[nodiscard]] bool revoked() const;
  asio::awaitable<void> perform(sync::Actions actions);
  asio::awaitable<void> open_push(sync::pb::Hello hello);
  asio::awaitable<Places> places(const sync::pb::Hello& hello);
  asio::awaitable<void> store(sync::Store action);
  asio::awaitable<void> fetch_down();
  void perform_now(const sync::Actions& actions);
  void perform_now(const sync::Action& action);
  asio::awaitable<void> acknowledge(sync::Acknowledged action);
  void note_refusal(const std::string& code);
  void broke_protocol();
  void give_turn_back();
  [[nodiscard]] bool replaced() const;
  static asio::awaitable<void> watch_turn(std::shared_ptr<SyncSession> self);

  Shared& shared_;
  std::shared_ptr<Talk> talk_;
  DeviceId device_;
  std::shared_ptr<const crypto::SignKey> receipt_signer_;
  sync::Receiver receiver_;
  bool has_turn_ = false;
  asio::steady_timer turn_end_;
  std::size_t batches_ = 0;
};

sync::ReceiverConfig SyncSession::receiver_config() {
  return receiver_config_for(shared_, device_);
}

bool SyncSession::revoked() const {
  const auto device = shared_.roster.device(device_);
  return !device || device->revoked;
}

// Closes the stream unless it is let go in time.
class Deadline {
 public:
  Deadline(const asio::any_io_executor& executor, std::chrono::milliseconds time, std::weak_ptr<Talk> talk) : timer_(executor, time) {
    timer_.async_wait([talk = std::move(talk)](const boost::system::error_code& cancelled) {
      const auto slow = talk.lock();
      if (!cancelled && slow) slow->stream().abort();
    });
  }

 private:
  asio::steady_timer timer_;  // gone: cancelled
};

// After the receiver has closed, what still comes is read and dropped, so that our last word is not lost in a reset.
asio::awaitable<void> SyncSession::run() {
  ++shared_.counts.sessions;
  ++shared_.counts.sessions_open;
  Error end;
  for (;;) {
    std::optional<Deadline> in_time(std::in_place, shared_.executor, shared_.limits.message, talk_);
    auto message = co_await talk_->stream().receive();
    in_time.reset();
    if (!message.ok()) {
      end = message.error();
      break;
    }
    if (revoked()) perform_now(receiver_.on_failed("device_revoked"));
    sync::Actions actions = receiver_.receive(*message);
    *message = Bytes();
    co_await perform(std::move(actions));
  }
  give_turn_back();
  if (!talk_->leaving()) talk_->stream().abort();
  if (!replaced()) shared_.talks.erase(device_);
  --shared_.counts.sessions_open;
  if (end.kind == ErrorKind::kRejectPeer) broke_protocol();
  const std::string batches = std::to_string(batches_);
  log::write(log::Kind::kSessionEnded, "session of " + device_.hex() + " ended: " + end.code + ", " + batches + " batches",
             {{"DEVICE", device_.hex()}, {"CODE", end.code}, {"BATCHES", batches}});
}

asio::awaitable<void> SyncSession::perform(sync::Actions actions) {
  for (sync::Action& action : actions) {
    if (auto* hello = std::get_if<sync::AskStanding>(&action)) {
      co_await open_push(std::move(hello->hello));
    } else if (auto* batch = std::get_if<sync::Store>(&action)) {
      co_await store(std::move(*batch));
    } else if (std::holds_alternative<sync::AskDown>(action)) {
      co_await fetch_down();
    } else if (auto* acknowledged = std::get_if<sync::Acknowledged>(&action)) {
      co_await acknowledge(std::move(*acknowledged));
      if (receiver_.closed()) co_return;
    } else {
      perform_now(action);
    }
  }
}

void SyncSession::perform_now(const sync::Actions& actions) {
  for (const sync::Action& action : actions) perform_now(action);
}

void SyncSession::perform_now(const sync::Action& action) {
  if (const auto* send = std::get_if<sync::Send>(&action)) talk_->say(send->message);
  if (const auto* close = std::get_if<sync::Close>(&action)) {
    if (!close->code.empty()) note_refusal(close->code);
    give_turn_back();
    talk_->leave();
  }
}

// Waits for a turn before STATE: a handheld that may not send yet costs next to nothing.
asio::awaitable<void> SyncSession::open_push(sync::pb::Hello hello) {
  has_turn_ = co_await shared_.pushing.acquire(1, shared_.limits.turn);
  if (replaced()) co_return give_turn_back();
  if (!has_turn_) co_return perform_now(receiver_.on_failed("server_busy"));
  turn_end_.expires_after(shared_.limits.turn_idle);
  spawn(shared_.executor, watch_turn(shared_from_this()), "turn");
  sync::StandingAnswer answer;
  answer.server_time_ms = SystemClock().now().wall_ms;
  auto received = co_await places(hello);
  if (!received.ok()) {
    co_return perform_now(receiver_.on_failed(received.error().kind == ErrorKind::kRetry ? "server_busy" : "server_cannot_store"));
  }
  for (std::size_t i = 0; i < received->size(); ++i) {
    sync::pb::LogStanding& log = answer.logs.emplace_back();
    log.set_log_id(hello.logs(static_cast<int>(i)).log_id());
    log.set_received_seq((*received)[i].seq);
    if ((*received)[i].seq != 0) log.set_received_hash(to_string((*received)[i].hash));
    log.set_merged_seq(shared_.roster.merged_seq(device_, LogId::from(log.log_id()).value_or(LogId{})));
  }
  ipc::Frame question;
  ipc::SessionOpened& opened = *question.mutable_session_opened();
  opened.set_device_id(to_string(device_.view()));
  opened.set_server_wall_ms(answer.server_time_ms);
  opened.mutable_hello()->Swap(&hello);
  opened.set_channel_key(to_string(talk_->stream().peer().device_key));
  auto reply = co_await shared_.registry->ask(std::move(question), shared_.limits.registry_answer);
  if (!reply.ok() || !reply->has_session_answer()) co_return perform_now(receiver_.on_failed("server_busy"));
  answer.receipt_key = reply->session_answer().receipt_key();
  // The certificate says whose receipts these are: the keys may have changed while the registry answered.
  receipt_signer_ = shared_.receipt_keys.find(certified_in(answer.receipt_key));
  if (receipt_signer_ == nullptr) co_return perform_now(receiver_.on_failed("server_busy"));
  answer.receipt_signer = receipt_signer_.get();
  const auto& links = reply->session_answer().server_keys();
  answer.server_keys.assign(links.begin(), links.end());
  talk_->stream().limit_messages(sync::kBatchBytesMax + sync::kPushOverheadBytes);
  perform_now(receiver_.on_standing(answer));
}

asio::awaitable<SyncSession::Places> SyncSession::places(const sync::pb::Hello& hello) {
  struct Answer {
    asio::steady_timer arrived;
    std::optional<Places> places;
  };
  const auto answer = std::make_shared<Answer>(Answer{asio::steady_timer(shared_.executor, shared_.limits.registry_answer), {}});
  std::vector<LogId> logs;
  for (const sync::pb::LogHead& log : hello.logs()) logs.push_back(LogId::from(log.log_id()).value_or(LogId{}));
  shared_.store->standings(device_, std::move(logs), [answer](Places found) {
    answer->places = std::move(found);
    answer->arrived.cancel();
  });
  co_await answer->arrived.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!answer->places) co_return retry("server_busy");
  co_return std::move(*answer->places);
}

// Waiting here, this session reads no further: that is the back-pressure.
asio::awaitable<void> SyncSession::store(sync::Store action) {
  const std::size_t bytes = action.batch.size();
  const bool has_room = co_await shared_.waiting_bytes.acquire(bytes, shared_.limits.turn);
  if (!has_room) co_return perform_now(receiver_.on_failed("server_busy"));
  auto device = shared_.roster.device(device_);
  if (!device || device->revoked || receiver_.closed()) {
    shared_.waiting_bytes.release(bytes);
    co_return;
  }
  shared_.store->store({shared_from_this(), std::move(device), std::move(action)});
}

void SyncSession::on_stored(const std::vector<sync::StoreResult>& results, std::size_t bytes) {
  shared_.waiting_bytes.release(bytes);
  batches_ += results.size();
  shared_.counts.batches += static_cast<std::uint64_t>(
      std::count_if(results.begin(), results.end(), [](const sync::StoreResult& result) { return result.stored != sync::Stored::kFailed; }));
  if (has_turn_) turn_end_.expires_after(shared_.limits.turn_idle);
  perform_now(receiver_.on_stored(results));
}

asio::awaitable<void> SyncSession::fetch_down() {
  give_turn_back();
  ipc::Frame question;
  question.mutable_down_request()->set_device_id(to_string(device_.view()));
  question.mutable_down_request()->set_inbox_id(shared_.last_inbox_id);
  auto reply = co_await shared_.registry->ask(std::move(question), shared_.limits.registry_answer);
  if (!reply.ok() || !reply->has_down_reply()) co_return perform_now(receiver_.on_failed("server_busy"));
  auto& statements = *reply->mutable_down_reply()->mutable_statements();
  perform_now(receiver_.on_down({std::make_move_iterator(statements.begin()), std::make_move_iterator(statements.end())}));
}

// That a directive was carried out must be known to the registry before the handheld hears DOWN_DONE: after a wipe it
// cannot say it again.
asio::awaitable<void> SyncSession::acknowledge(sync::Acknowledged action) {
  ipc::Frame frame;
  ipc::StatementsAcknowledged& told = *frame.mutable_statements_acknowledged();
  told.set_device_id(to_string(device_.view()));
  bool directive = false;
  for (const sync::pb::DownAck& ack : action.acks) {
    directive = directive || ack.kind() == sync::pb::DIRECTIVE;
    *told.add_acks() = ack;
  }
  if (!directive) {
    shared_.registry->tell(std::move(frame));
    co_return;
  }
  auto reply = co_await shared_.registry->ask(std::move(frame), shared_.limits.registry_answer);
  if (!reply.ok() || !reply->has_noted()) perform_now(receiver_.on_failed("server_busy"));
}

void SyncSession::note_refusal(const std::string& code) {
  shared_.counts.refused(code);
  if (code == "protocol_error") broke_protocol();
  log::write(log::Kind::kSessionRefused, "session of " + device_.hex() + " refused: " + code, {{"DEVICE", device_.hex()}, {"CODE", code}});
}

void SyncSession::broke_protocol() { shared_.rates.broke_protocol(device_, std::chrono::steady_clock::now()); }

void SyncSession::give_turn_back() {
  turn_end_.cancel();
  if (std::exchange(has_turn_, false)) shared_.pushing.release(1);
}

bool SyncSession::replaced() const {
  const auto last = shared_.talks.find(device_);
  return last == shared_.talks.end() || last->second.lock() != talk_;
}

// Others wait for this turn: whoever keeps it with words instead of batches loses it. Moving the timer wakes this up too.
asio::awaitable<void> SyncSession::watch_turn(std::shared_ptr<SyncSession> self) {
  while (self->has_turn_ && self->turn_end_.expiry() > std::chrono::steady_clock::now()) {
    co_await self->turn_end_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  if (self->has_turn_) self->perform_now(self->receiver_.on_failed("server_busy"));
}

asio::awaitable<void> drain(std::shared_ptr<Talk> talk) {
  for (;;) {
    const auto message = co_await talk->stream().receive();
    if (!message.ok()) co_return;
  }
}

// Why this handheld gets no session; "" when it does.
std::string refusal_of(Shared& shared, const RosterDevice* device) {
  if (device == nullptr) return "device_unknown";
  if (device->revoked) return "device_revoked";
  return shared.rates.admits(device->id, std::chrono::steady_clock::now()) ? "" : "server_busy";
}

asio::awaitable<void> refuse(std::shared_ptr<Talk> talk, std::string code) {
  talk->say(sync::refusal_message(code));
  talk->leave();
  co_await drain(talk);
}

}  // namespace

sync::ReceiverConfig receiver_config_for(Shared& shared, const DeviceId& device) {
  sync::ReceiverConfig config;
  config.device = device;
  config.epoch = shared.epoch;
  config.receipt_key = shared.receipt_keys.newest().get();
  config.next_counter = [&shared] { return shared.next_receipt_counter(); };
  config.wall_ms = [] { return SystemClock().now().wall_ms; };
  config.authority_keys = shared.authority_keys;
  config.epoch_raised = shared.epoch_raised;
  return config;
}

asio::awaitable<void> serve_peer(Shared& shared, channel::Stream stream) {
  const channel::Peer peer = stream.peer();
  stream.limit_messages(sync::kFirstMessageBytesMax);
  const auto talk = std::make_shared<Talk>(shared.executor, std::move(stream), shared.limits.linger);
  if (peer.purpose == channel::Purpose::kEnrolment) {
    co_await serve_enrolment(shared, talk, peer);
    co_await drain(talk);
    co_return;
  }
  const auto device = shared.roster.device_by_key(peer.device_key);
  if (const std::string code = refusal_of(shared, device.get()); !code.empty()) {
    const std::string id = device ? device->id.hex() : "";
    shared.counts.refused(code);
    log::write(log::Kind::kDeviceRefused, "device refused: " + code + " " + id, {{"DEVICE", id}, {"CODE", code}});
    co_await refuse(talk, code);
    co_return;
  }
  std::weak_ptr<Talk>& seat = shared.talks[device->id];
  if (const auto before = seat.lock()) before->stream().abort();
  seat = talk;
  const auto session = std::make_shared<SyncSession>(shared, talk, device->id);
  co_await session->run();
}

}  // namespace lantaarn::server::gateway
