#pragma once
// What changed since the page was last told, as server-sent events: how far each handheld has come (saved, received,
// merged), and how much waits in the review queue. No name of a woman.

#include <map>
#include <string>

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::review {

class News {
 public:
  /// Event text for everybody who listens; "" when nothing changed.
  [[nodiscard]] Result<std::string> since_last(admin::Context& context);

 private:
  std::map<std::string, std::string> told_;  // by handheld, and "" for the queue
};

}  // namespace lantaarn::server::review
