#include "firmware_app/uplink/back_off.hpp"

#include <algorithm>

namespace lantaarn::firmware {

std::int64_t retry_delay_ms(unsigned failures, std::uint64_t random) {
  constexpr unsigned kDoublingsMax = 20;
  const unsigned doublings = std::min(failures == 0 ? 0 : failures - 1, kDoublingsMax);
  const std::int64_t longest = std::min(kFirstRetryMs << doublings, kLongestRetryMs);
  return longest - static_cast<std::int64_t>(random % static_cast<std::uint64_t>(longest / 4 + 1));
}

}  // namespace lantaarn::firmware
