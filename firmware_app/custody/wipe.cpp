#include "firmware_app/custody/wipe.hpp"

#include "firmware_app/caseload/lease_end.hpp"

namespace lantaarn::firmware {

namespace {

// A damaged file is not opened by anything: whoever finishes the wipe removes it.
Status forget_cards(Result<Caseload>& caseload) {
  const Status gone = caseload.ok() ? caseload->forget_everything() : Status(caseload.error());
  if (gone.ok() || gone.error().kind != ErrorKind::kCorrupt) return gone;
  caseload = gone.error();
  return {};
}

// Those of everybody, also while the journal waits for receipts.
Status forget_readable(journal::Journal& journal) {
  LANTAARN_ASSIGN(auto copies, readable_copies_of(journal, std::nullopt));
  if (copies.empty()) return {};
  copies.push_back(closing_due());
  LANTAARN_TRY(journal.save_companions(copies));
  return finish_closing(journal);
}

}  // namespace

Result<bool> begin_wipe(const WipeOf& of, Outbox& outbox) {
  LANTAARN_TRY(of.vault.set_wipe_stage(Vault::WipeStage::kMarked));
  LANTAARN_TRY(of.vault.remove_all_users());
  LANTAARN_TRY(forget_cards(of.caseload));
  LANTAARN_TRY(forget_readable(of.journal));
  LANTAARN_ASSIGN(const bool received, outbox.everything_received());
  if (received) LANTAARN_TRY(of.journal.forget_everything());
  return received;
}

Result<std::optional<bool>> resume_wipe(const WipeOf& of) {
  LANTAARN_ASSIGN(const auto stage, of.vault.wipe_stage());
  if (stage == Vault::WipeStage::kNone) return std::optional<bool>();
  Outbox outbox(of.journal);
  LANTAARN_ASSIGN(const bool emptied, begin_wipe(of, outbox));
  return std::optional(emptied);
}

Result<bool> finish_wipe(const WipeOf& of, DeviceSecret& secret, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const auto stage, of.vault.wipe_stage());
  if (stage != Vault::WipeStage::kReported) return false;
  LANTAARN_TRY(of.vault.forget_device(secret, now_ms));
  return true;
}

}  // namespace lantaarn::firmware
