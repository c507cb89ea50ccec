#pragma once
// What one gateway bears. Caps on strangers count handshakes that are unfinished or failed; who has proved herself waits
// for her turn and is not refused.

#include <chrono>
#include <cstddef>

namespace lantaarn::server::gateway {

struct GatewayLimits {
  std::size_t half_open_max = 4096;              ///< the oldest is closed for a new one
  std::size_t half_open_per_address = 1024;      ///< IPv4 address or IPv6 /64
  std::size_t half_open_per_failing_address = 64;
  std::size_t failures_tolerated = 256;          ///< per address, forgotten every failure_memory
  std::chrono::milliseconds failure_memory = std::chrono::seconds(60);
  /// Failed handshakes of an address beyond these are not begun: its connections are closed at once, unless somebody there
  /// has proved herself within success_memory.
  double failures_per_second = 50;
  double failures_burst = 500;
  std::chrono::milliseconds success_memory = std::chrono::hours(24);
  /// Sessions of one handheld; one that breaks the protocol counts for more.
  double device_sessions_per_second = 1;
  double device_sessions_burst = 240;
  double device_fault_sessions = 20;
  std::chrono::milliseconds handshake = std::chrono::seconds(10);
  std::chrono::milliseconds receive = std::chrono::seconds(30);  ///< one frame
  std::chrono::milliseconds message = std::chrono::seconds(120);  ///< a whole message, also one that comes frame by frame
  std::chrono::milliseconds send = std::chrono::seconds(30);

  std::size_t pushing_max = 32;                  ///< sessions that may send batches at the same time
  std::size_t waiting_bytes_max = 32U << 20;     ///< batches between the network and the disk, of all sessions
  std::chrono::milliseconds turn = std::chrono::seconds(50);     ///< how long a session waits for its turn
  std::chrono::milliseconds turn_idle = std::chrono::seconds(60);  ///< a turn ends after so long without a batch stored
  std::chrono::milliseconds registry_answer = std::chrono::seconds(15);
  std::chrono::milliseconds linger = std::chrono::seconds(2);    ///< after the last word, for the peer's END

  std::size_t commit_batches_max = 64;           ///< in one transaction
};

}  // namespace lantaarn::server::gateway
