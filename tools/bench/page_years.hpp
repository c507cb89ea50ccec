#pragma once
// A register after years: a million contacts with five thousand women, rounds, and what else is written down about each.
// The building blocks are those of tests/support/generated_inbox; the names differ, so that a search has something to find.

#include "sync_server/admin/context.hpp"

namespace lantaarn::bench {

inline constexpr std::size_t kPageContacts = 1'000'000;
inline constexpr std::size_t kPageClients = 5'000;
inline constexpr std::size_t kPageCaseManagers = 20;

struct Years {
  std::vector<UserId> case_managers;
  std::vector<ClientId> clients;  ///< client i is in the caseload of case manager i % kPageCaseManagers
};

/// Merged into this register, durably, as if handhelds had brought it all. Everything follows from one seed but the nonces.
[[nodiscard]] Result<Years> live_through_years(server::admin::Context& context);

}  // namespace lantaarn::bench
