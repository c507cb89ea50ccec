#include "firmware_app/caseload/lease_end.hpp"

#include <array>

namespace lantaarn::firmware {
namespace {

constexpr std::array kReadableKinds = {kRoundKeyCompanion, kDeskKeyCompanion,  kHeadsCompanion,
                                       kProvisionalCompanion, kDoneCompanion, kOwnChangesCompanion, kDraftCompanion, kTallyCompanion};

}  // namespace

Result<std::vector<journal::Companion>> readable_copies_of(journal::Journal& journal, const std::optional<UserId>& user) {
  std::vector<journal::Companion> hers;
  for (const CompanionKind kind : kReadableKinds) {
    LANTAARN_ASSIGN(const auto stored, journal.companions(kind));
    for (const auto& companion : stored) {
      const auto owner = owner_of_companion(companion.value);
      if (user && owner && *owner != *user) continue;
      hers.push_back(removed_companion(kind, companion.key));
      const bool reads_on = kind == kRoundKeyCompanion || kind == kDeskKeyCompanion;
      if (reads_on) hers.push_back(removed_companion(kKeptFromCompanion, companion.key));
    }
  }
  return hers;
}

Status drop_readable(journal::Journal& journal, Result<Caseload>& caseload, const UserId& user) {
  LANTAARN_ASSIGN(auto changes, readable_copies_of(journal, user));
  if (!changes.empty()) {
    changes.push_back(closing_due());
    LANTAARN_TRY(journal.save_companions(changes));
  }
  const Status cards = caseload.ok() ? caseload->forget_all(user) : Status{};
  LANTAARN_TRY(finish_closing(journal));
  return cards;
}

Status end_due_leases(Vault& vault, journal::Journal& journal, Result<Caseload>& caseload, const ClockReading& now) {
  LANTAARN_ASSIGN(const auto over, vault.end_due_leases(now));
  for (const UserId& user : over) LANTAARN_TRY(drop_readable(journal, caseload, user));
  return {};
}

}  // namespace lantaarn::firmware
