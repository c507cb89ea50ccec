#include "sync_server/gateway/device_rates.hpp"

#include <catch2/catch.hpp>

#include "sync_server/gateway/counts.hpp"

using namespace lantaarn;
using namespace lantaarn::server::gateway;

namespace {

GatewayLimits small_limits() {
  GatewayLimits limits;
  limits.device_sessions_burst = 3;
  limits.device_sessions_per_second = 1;
  limits.device_fault_sessions = 2;
  return limits;
}

DeviceId device(std::uint8_t number) {
  DeviceId id;
  id.bytes[0] = number;
  return id;
}

}  // namespace

TEST_CASE("a handheld begins as many sessions as its share, one more waits, and time gives it back", "[gateway]") {
  DeviceRates rates(small_limits());
  const DeviceRates::Clock::time_point now{};
  for (int i = 0; i < 3; ++i) CHECK(rates.admits(device(1), now));
  CHECK_FALSE(rates.admits(device(1), now));
  CHECK(rates.admits(device(2), now));  // another one pays nothing for it
  CHECK_FALSE(rates.admits(device(1), now + std::chrono::milliseconds(900)));
  CHECK(rates.admits(device(1), now + std::chrono::milliseconds(1100)));
}

TEST_CASE("one that breaks the protocol uses up its share sooner, and is in again within minutes", "[gateway]") {
  DeviceRates rates(small_limits());
  const DeviceRates::Clock::time_point now{};
  CHECK(rates.admits(device(1), now));
  rates.broke_protocol(device(1), now);
  CHECK_FALSE(rates.admits(device(1), now));
  for (int i = 0; i < 1000; ++i) rates.broke_protocol(device(1), now);
  CHECK_FALSE(rates.admits(device(1), now + std::chrono::seconds(3)));
  CHECK(rates.admits(device(1), now + std::chrono::seconds(5)));
}

TEST_CASE("refusals are told apart by code, up to a number of codes", "[gateway]") {
  Counts counts;
  for (int i = 0; i < 1000; ++i) counts.refused("code_" + std::to_string(i));
  counts.refused("code_0");
  CHECK(counts.refusals.size() == kCountedCodesMax);
  CHECK(counts.refusals["code_0"] == 2);
  CHECK(counts.refusals["other"] == 1000 - (kCountedCodesMax - 1));
}
