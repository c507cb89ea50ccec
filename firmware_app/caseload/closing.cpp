#include "firmware_app/caseload/closing.hpp"

namespace lantaarn::firmware {
namespace {

const Bytes kClosingKey = {0};

}  // namespace

journal::Companion closing_due() { return {kClosingCompanion, kClosingKey, {1}}; }

Result<bool> closing_is_due(journal::Journal& journal) {
  LANTAARN_ASSIGN(const auto mark, journal.companion(kClosingCompanion, kClosingKey));
  return mark.has_value();
}

Status finish_closing(journal::Journal& journal) {
  LANTAARN_ASSIGN(const bool due, closing_is_due(journal));
  if (!due) return {};
  LANTAARN_TRY(journal.forget_deleted());
  return journal.save_companions({removed_companion(kClosingCompanion, kClosingKey)});
}

}  // namespace lantaarn::firmware
