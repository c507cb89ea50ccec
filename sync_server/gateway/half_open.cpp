#include "sync_server/gateway/half_open.hpp"

#include <algorithm>
#include <utility>

namespace lantaarn::server::gateway {

void HalfOpen::give_back(Address& address, Clock::time_point now) const {
  const std::chrono::duration<double> since = now - std::exchange(address.spent_at, now);
  address.spent = std::max(0.0, address.spent - since.count() * limits_.failures_per_second);
}

bool HalfOpen::admits(const std::string& name, Clock::time_point now) {
  const auto at = addresses_.find(name);
  if (at == addresses_.end()) return true;
  Address& address = at->second;
  if (address.proven_at && now - *address.proven_at < limits_.success_memory) return true;
  give_back(address, now);
  if (address.spent < limits_.failures_burst) return true;
  ++turned_away_;
  return false;
}

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
    give_back(at->second, now);
    at->second.spent += 1;
  } else {
    at->second.proven_at = now;
  }
  forget_failures(now);
}

void HalfOpen::forget_failures(Clock::time_point now) {
  if (now < forget_at_) return;
  forget_at_ = now + limits_.failure_memory;
  for (auto& [name, address] : addresses_) {
    address.failures = 0;
    give_back(address, now);
    if (address.proven_at && now - *address.proven_at >= limits_.success_memory) address.proven_at.reset();
  }
  std::erase_if(addresses_, [](const auto& entry) {
    return entry.second.open.empty() && entry.second.spent == 0 && !entry.second.proven_at;
  });
}

}  // namespace lantaarn::server::gateway
