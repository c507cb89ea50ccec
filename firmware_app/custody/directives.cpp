#include "firmware_app/custody/directives.hpp"

#include <utility>

#include "firmware_app/caseload/lease_end.hpp"

namespace lantaarn::firmware {

using sync::pb::Directive;

Status Directives::carry_out(const Directive& directive) {
  switch (directive.kind()) {
    case Directive::LOCK: return lock();
    case Directive::REVOKE_USER: return revoke(directive);
    case Directive::RENEW_KEYS: return renew(directive);
    case Directive::WIPE: return wipe();
    default: return refused("statement_unknown", {std::to_string(static_cast<int>(directive.kind()))});
  }
}

// Whoever's lease is over is found again at every start: what a crash leaves readable goes then.
Status Directives::lock() {
  LANTAARN_TRY(of_.vault.lock());
  LANTAARN_ASSIGN(const auto users, of_.vault.users());
  for (const VaultUser& user : users) LANTAARN_TRY(drop_readable(of_.journal, of_.caseload, user.id));
  return {};
}

Status Directives::revoke(const Directive& directive) {
  const auto user = UserId::from(directive.user_id());
  if (!user) return reject_peer("protocol_error");
  LANTAARN_TRY(of_.vault.remove_user(*user));
  return drop_readable(of_.journal, of_.caseload, *user);
}

Status Directives::renew(const Directive& directive) {
  const auto psk = crypto::Key::from(as_bytes(directive.psk()));
  if (!psk) return reject_peer("protocol_error");
  // Those it runs on are in force: what comes next is another pair.
  LANTAARN_TRY(adopt_keys());
  const auto kept = of_.vault.keep_next_keys(*psk);
  return kept.ok() ? Status{} : Status(kept.error());
}

Status Directives::wipe() {
  LANTAARN_ASSIGN(const bool emptied, begin_wipe(of_, outbox_));
  if (!emptied) return refused("statement_waits");
  wiped_ = true;
  return {};
}

Result<Bytes> Directives::renewed_channel_key() {
  LANTAARN_ASSIGN(const auto next, of_.vault.next_channel_keys());
  return next ? to_bytes(crypto::dh_public(next->private_key)) : Bytes();
}

Status Directives::adopt_keys() { return std::exchange(on_next_keys_, false) ? of_.vault.adopt_next_keys() : Status{}; }

Status Directives::complete() {
  LANTAARN_TRY(adopt_keys());
  return wiped_ ? of_.vault.set_wipe_stage(Vault::WipeStage::kReported) : Status{};
}

}  // namespace lantaarn::firmware
