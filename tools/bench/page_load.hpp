#pragma once
// What people do to the page's server: twenty of them click; sixty-four connections ask as fast as they are answered.

#include <atomic>
#include <map>
#include <thread>

#include "tools/bench/page_client.hpp"
#include "tools/bench/measure.hpp"
#include "tools/bench/page_town.hpp"

namespace lantaarn::bench {

/// Somebody who is signed in.
struct Visitor {
  const PagePerson* person = nullptr;
  std::string headers;  ///< Host and cookie, after the request line
};
/// With password and one-time code, one after the other. kBug when one is not let in.
[[nodiscard]] Result<std::vector<Visitor>> sign_in_all(const PageTown& town);

/// Everybody goes through what her pages ask for, about one request each second, while live updates run beside it; each on a
/// thread and a connection of her own. From construction until stop().
class Clicking {
 public:
  Clicking(const PageTown& town, const std::vector<Visitor>& visitors);
  Clicking(const Clicking&) = delete;
  Clicking& operator=(const Clicking&) = delete;
  ~Clicking();

  struct Slowest {
    std::string what;  ///< the route, whoever asked; among those that were asked often enough to have a 95th percentile
    double p95_ms = 0, all_p95_ms = 0, requests_per_second = 0;
  };
  /// With a line per role and route on standard error. kBug when an answer was not 200.
  [[nodiscard]] Result<Slowest> stop();

 private:
  using Latencies = std::map<std::pair<std::string, std::string>, std::vector<double>>;
  [[nodiscard]] Status click_until_stopped(std::size_t number, Latencies& latencies);

  const PageTown& town_;
  const std::vector<Visitor>& visitors_;
  Stopwatch watch_;
  std::atomic<bool> stopped_ = false;
  std::vector<Latencies> latencies_;
  std::vector<Status> ended_;
  std::vector<std::jthread> threads_;
};

struct Flood {
  double requests_per_second = 0;
  std::uint64_t asked = 0;  ///< also before and after what was timed
};
/// `clients/{client}/summary` of whom each of them may see, over 64 connections and one thread. kBug when an answer is not
/// 200, or about somebody else.
[[nodiscard]] Result<Flood> flood(const PageTown& town, const std::vector<Visitor>& visitors);

}  // namespace lantaarn::bench
