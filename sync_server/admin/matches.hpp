#pragma once
// Who might be the same woman, as the page shows it: found once, and not again at each click.

#include <boost/json/value.hpp>

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

class RememberedMatches {
 public:
  struct Match {
    ClientId first, second;
    boost::json::value document;  ///< as the command `matches` gives it
  };
  /// Of what `context` may see, and of what was not decided since. What changed about clients is looked at again, but not more
  /// often than finding takes: a match of a minute ago is as good. Errors: those of the registry.
  [[nodiscard]] Result<std::vector<const Match*>> open(Context& context);

 private:
  std::vector<Match> found_;
  std::uint64_t as_of_ = 0;        ///< of Registry::client_changes
  std::int64_t found_at_ms_ = 0;   ///< monotonic
  std::int64_t took_ms_ = 0;
};

}  // namespace lantaarn::server::admin
