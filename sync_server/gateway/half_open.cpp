#include "sync_server/gateway/half_open.hpp"

namespace lantaarn::server::gateway {

HalfOpen::Ticket HalfOpen::add(const std::string& address, Close close, Clock::time_point now) {
  forget_failures(now);
  const auto at = addresses_.try_emplace(address).first;
  const bool failing = at->second.failures >= limits_.failures_tolerated;
  const std::size_t share = failing ? limits_.half_open_per_failing_address : limits_.half_open_per_address;
  while (at->second.open.size() >= share) evict(at->second.open.front());
  all_.push_back({address, std::move(close), {}});
  const Ticket ticket = std::prev(all_.end());
  ticket->of_address = at->second.open.insert(at->second.open.end(), ticket);
  if (all_.size() > limits_.half_open_max) evict(all_.begin());
  return ticket;
}

void HalfOpen::evict(Ticket ticket) {
  ++evicted_;
  Close close = std::move(ticket->close);
  const auto at = addresses_.find(ticket->address);
  at->second.open.erase(ticket->of_address);
  all_.erase(ticket);
  close();
}

void HalfOpen::evict_oldest() {
  if (!all_.empty()) evict(all_.begin());
}

void HalfOpen::remove(Ticket ticket, bool failed, Clock::time_point now) {
  const auto at = addresses_.find(ticket->address);
  at->second.open.erase(ticket->of_address);
  all_.erase(ticket);
  if (failed) {
    ++failed_;
    ++at->second.failures;
  }
  if (at->second.open.empty() && at->second.failures == 0) addresses_.erase(at);
  forget_failures(now);
}

void HalfOpen::forget_failures(Clock::time_point now) {
  if (now < forget_at_) return;
  forget_at_ = now + limits_.failure_memory;
  for (auto& [name, address] : addresses_) address.failures = 0;
  std::erase_if(addresses_, [](const auto& address) { return address.second.open.empty(); });
}

}  // namespace lantaarn::server::gateway
