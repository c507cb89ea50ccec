#pragma once
// What the server asks of this handheld (PROTOCOL.md, Directives), carried out in the session in which it comes. Needs
// nobody's PIN. Each is durable before it is acknowledged, and asked again it changes nothing.

#include "firmware_app/caseload/statement_keeper.hpp"
#include "firmware_app/custody/wipe.hpp"

namespace lantaarn::firmware {

class Directives final : public DirectiveHandler {
 public:
  /// All must outlive it. `on_next_keys`: this session runs on keys this handheld made itself and has not adopted yet.
  Directives(WipeOf of, Outbox& outbox, bool on_next_keys = false) : of_(of), outbox_(outbox), on_next_keys_(on_next_keys) {}

  /// LOCK: as after a lease's end, for everybody, until the next lease. REVOKE_USER: her slots, lease, cards and readable
  /// copies go, the sealed journal stays. RENEW_KEYS: a new channel key with the PSK that came. WIPE: wipe.hpp, up to its
  /// report, which is the acknowledgement. kRejectPeer "protocol_error" for a body that cannot be read; kRefused
  /// "statement_unknown" for a kind this program does not know, "statement_waits" for a wipe while entries wait for receipts.
  [[nodiscard]] Status carry_out(const sync::pb::Directive& directive) override;
  [[nodiscard]] Result<Bytes> renewed_channel_key() override;
  /// The server has every acknowledgement of this session, which ended well on the keys it ran on: those stay.
  [[nodiscard]] Status complete() override;

 private:
  [[nodiscard]] Status lock();
  [[nodiscard]] Status revoke(const sync::pb::Directive& directive);
  [[nodiscard]] Status renew(const sync::pb::Directive& directive);
  [[nodiscard]] Status wipe();
  WipeOf of_;
  Outbox& outbox_;
  [[nodiscard]] Status adopt_keys();
  bool on_next_keys_;
  bool wiped_ = false;  // in this session, and acknowledged with it
};

}  // namespace lantaarn::firmware
