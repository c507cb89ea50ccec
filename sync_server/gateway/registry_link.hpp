#pragma once
// The gateway's end of the socket pair: questions with answers, and frames that need none. On the network's executor.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "common/base/result.hpp"
#include "sync_server/gateway/ipc.hpp"
#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::gateway {

class RegistryLink {
 public:
  /// Takes over `descriptor`. `reader` holds what was read before.
  RegistryLink(const boost::asio::any_io_executor& executor, int descriptor, std::unique_ptr<ipc::FrameReader> reader);

  /// Reads until the registry is gone; frames that answer nothing go to `on_frame`, and are wiped after it.
  [[nodiscard]] boost::asio::awaitable<Error> run(std::function<void(ipc::Frame&)> on_frame);
  /// Errors: kRetry "server_busy" (no answer in time), "ipc_closed".
  [[nodiscard]] boost::asio::awaitable<Result<ipc::Frame>> ask(ipc::Frame question, std::chrono::milliseconds patience);
  void tell(ipc::Frame frame);

 private:
  struct Waiting {
    boost::asio::steady_timer timer;
    std::optional<ipc::Frame> answer;
    bool whole = false;  // an answer may come in parts
  };
  [[nodiscard]] boost::asio::awaitable<void> write_out();
  void take(ipc::Frame frame, const std::function<void(ipc::Frame&)>& on_frame);

  boost::asio::local::stream_protocol::socket socket_;
  std::unique_ptr<ipc::FrameReader> reader_;
  std::deque<Bytes> out_;
  bool writing_ = false;
  bool closed_ = false;
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, std::shared_ptr<Waiting>> waiting_;
};

}  // namespace lantaarn::server::gateway
