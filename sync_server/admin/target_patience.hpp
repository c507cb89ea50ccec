#pragma once
// A short look at a medium by somebody who must not hang with it: a mount whose other end is gone blocks in open(2) or
// read(2), and no signal helps.

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>

#include "common/base/result.hpp"

namespace lantaarn::server::admin {

inline constexpr std::chrono::milliseconds kTargetPatience{3000};

/// What `look` finds, in a thread of its own; kStorage "target_unreachable" {where} when it takes longer. It is left to itself
/// then, so `look` owns all that it touches, and may be carried out though nobody waits for it any more.
template <typename T>
[[nodiscard]] Result<T> with_patience(std::function<Result<T>()> look, const std::string& where,
                                      std::chrono::milliseconds patience = kTargetPatience) {
  const auto task = std::make_shared<std::packaged_task<Result<T>()>>(std::move(look));
  auto found = task->get_future();
  std::thread([task] { (*task)(); }).detach();
  if (found.wait_for(patience) != std::future_status::ready) return in_context(storage_error("target_unreachable", {where}), "hangs");
  return found.get();
}

}  // namespace lantaarn::server::admin
