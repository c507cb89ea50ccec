#pragma once
// The server as the office uses it: its commands over the control socket, and the clock on its wall.

#include <boost/json.hpp>
#include <map>

#include "common/base/clock.hpp"
#include "common/crypto/secret.hpp"
#include "sync_server/admin/control.hpp"

namespace lantaarn::programme {

class Office {
 public:
  /// `clock_file` is what libfaketime reads in the server's processes (FAKETIME_TIMESTAMP_FILE); "" leaves them their own time.
  Office(std::string server_data, std::string clock_file) : socket_(std::move(server_data) + "/control.sock"), clock_file_(std::move(clock_file)) {}

  /// From here on the server's clock runs on from this moment. kStorage "disk_error".
  [[nodiscard]] Status set_clock(std::int64_t wall_ms);

  using Values = std::map<std::string, std::vector<std::string>, std::less<>>;
  /// What the server answers; kRetry "connection_lost" when none is there.
  [[nodiscard]] Result<boost::json::value> ask(const std::string& command, const Values& values);
  /// The ticket that the answer carries.
  [[nodiscard]] Result<std::string> ask_for_ticket(const std::string& command, const Values& values);

 private:
  [[nodiscard]] server::admin::Answer answer(const std::string& command, const Values& values);
  std::string socket_, clock_file_;
};

}  // namespace lantaarn::programme
