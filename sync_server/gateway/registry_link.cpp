#include "sync_server/gateway/registry_link.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/crypto/secret.hpp"
#include "sync_server/gateway/spawn.hpp"

namespace lantaarn::server::gateway {

namespace asio = boost::asio;
using asio::as_tuple;
using asio::use_awaitable;

RegistryLink::RegistryLink(const asio::any_io_executor& executor, int descriptor, std::unique_ptr<ipc::FrameReader> reader)
    : socket_(executor, asio::local::stream_protocol(), descriptor), reader_(std::move(reader)) {}

asio::awaitable<Error> RegistryLink::run(std::function<void(ipc::Frame&)> on_frame) {
  Bytes piece(16 * 1024);
  for (;;) {
    ipc::Frame frame;
    auto whole = reader_->next(frame);
    if (!whole.ok()) co_return whole.error();
    if (*whole) {
      take(std::move(frame), on_frame);
      continue;
    }
    const auto [failed, count] = co_await socket_.async_read_some(asio::buffer(piece), as_tuple(use_awaitable));
    if (failed) break;
    reader_->push(ByteView(piece).first(count));
    crypto::wipe(std::span(piece).first(count));
  }
  closed_ = true;
  for (auto& [id, waiting] : waiting_) waiting->timer.cancel();
  co_return retry("ipc_closed");
}

void RegistryLink::take(ipc::Frame frame, const std::function<void(ipc::Frame&)>& on_frame) {
  const auto asked = waiting_.find(frame.request_id());
  if (asked == waiting_.end()) {
    // An answer that came too late is dropped.
    if (frame.request_id() == 0) on_frame(frame);
    ipc::wipe_secrets(frame);
    return;
  }
  const bool more = frame.has_down_reply() && frame.down_reply().more();
  auto& answer = asked->second->answer;
  if (answer && answer->has_down_reply() && frame.has_down_reply()) {
    for (auto& statement : *frame.mutable_down_reply()->mutable_statements()) {
      answer->mutable_down_reply()->add_statements()->Swap(&statement);
    }
  } else {
    answer = std::move(frame);
  }
  if (more) return;
  asked->second->whole = true;
  asked->second->timer.cancel();
  waiting_.erase(asked);
}

asio::awaitable<Result<ipc::Frame>> RegistryLink::ask(ipc::Frame question, std::chrono::milliseconds patience) {
  if (closed_) co_return retry("ipc_closed");
  const std::uint64_t id = next_id_++;
  question.set_request_id(id);
  const auto waiting = std::make_shared<Waiting>(Waiting{asio::steady_timer(socket_.get_executor(), patience), {}, false});
  waiting_.emplace(id, waiting);
  tell(std::move(question));
  co_await waiting->timer.async_wait(as_tuple(use_awaitable));
  waiting_.erase(id);
  if (!waiting->whole) co_return retry(closed_ ? "ipc_closed" : "server_busy");
  co_return std::move(*waiting->answer);
}

void RegistryLink::tell(ipc::Frame frame) {
  auto bytes = ipc::encode_frame(frame);
  if (!bytes.ok() || closed_) return;
  out_.push_back(std::move(*bytes));
  if (writing_) return;
  writing_ = true;
  spawn(socket_.get_executor(), write_out(), "registry link");
}

asio::awaitable<void> RegistryLink::write_out() {
  while (!out_.empty()) {
    const auto [failed, count] = co_await asio::async_write(socket_, asio::buffer(out_.front()), as_tuple(use_awaitable));
    out_.pop_front();
    // run() sees the end of the registry and ends the process.
    if (failed) out_.clear();
  }
  writing_ = false;
}

}  // namespace lantaarn::server::gateway
