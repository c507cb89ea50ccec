#pragma once
// Inside this room: one channel session on a network loop of its own. The only place here that knows Asio.

#include <functional>
#include <optional>

#include "common/channel/stream.hpp"

namespace lantaarn::firmware {

/// Dials, runs `conversation`, and returns its result. kBug when it throws.
[[nodiscard]] Status run_session(const channel::Dial& dial, const channel::Timeouts& timeouts,
                                 const std::function<boost::asio::awaitable<Status>(channel::Stream&)>& conversation);

/// After the last word: END, then the other side's END; what goes wrong here no longer matters.
[[nodiscard]] boost::asio::awaitable<void> part(channel::Stream& stream);

}  // namespace lantaarn::firmware
