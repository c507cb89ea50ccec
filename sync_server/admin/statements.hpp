#pragma once
// What the authority states to handhelds: users, leases, cards, standings, receipt keys. Each with a counter of its
// own that nobody has had before, so that nothing old can be replayed.

#include "common/model/own_codes.hpp"
#include "common/sync/statement.hpp"
#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

inline constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
/// The lease of a handheld without terms of its own.
inline constexpr std::int64_t kLeaseMs = DeviceTerms{}.lease_days * kDayMs;
inline constexpr std::uint32_t kLeaseBoots = DeviceTerms{}.lease_boots;
/// So often a handheld whose clock is doubtful may be unlocked.
inline constexpr std::uint32_t kDoubtfulUnlocks = 10;
/// Counters are reserved durably in blocks of this many; what is left of a block when the process ends is never used.
inline constexpr std::uint64_t kCounterBlock = 4096;

class StatementMaker {
 public:
  using Signed = sync::pb::SignedStatement;

  /// Both must outlive it. No Change may be open while it is used.
  StatementMaker(Registry& registry, const Keys& keys) : registry_(registry), keys_(keys) {}

  [[nodiscard]] Result<Signed> receipt_key(const DeviceId& device, std::int64_t now_ms);
  /// Who is enrolled on it, with public keys; no names, the gateway reads it.
  [[nodiscard]] Result<Signed> users(const DeviceView& device, std::int64_t now_ms);
  /// By the handheld's terms.
  [[nodiscard]] Result<Signed> lease(const DeviceView& device, const UserId& user, std::int64_t now_ms);
  [[nodiscard]] Result<Signed> standing(const DeviceView& device, const ReceivedLogs& received, std::int64_t now_ms);
  /// Which of its entries two verified independent copies hold: those it may let go of. Nothing while there are none.
  [[nodiscard]] Result<std::optional<Signed>> secured(const DeviceView& device, std::int64_t now_ms);
  /// A directive as it was stated in this session: by its counter the acknowledgement is known.
  struct Stated {
    std::uint64_t counter = 0;
    DirectiveView directive;
    std::optional<crypto::Key> psk;  ///< renew_keys
  };
  struct Down {
    std::vector<Signed> statements;
    std::vector<Stated> directives;
  };
  /// Everything a handheld gets at the end of a session: outstanding directives, users, the customer's codes, for each user
  /// a lease and her cards, and the standing of its logs. While it is locked no lease and no cards; one that is to be wiped
  /// gets its standing and that directive, last; a revoked one its standing only;
  /// a user who was made to unlock it neither lease nor cards (duress.hpp).
  [[nodiscard]] Result<Down> for_session(const DeviceView& device, const ReceivedLogs& received, const model::OwnCodes& codes,
                                         std::int64_t now_ms);

 private:
  struct About {
    sync::pb::StatementKind kind;
    DeviceId device;
    std::optional<UserId> user;
    std::int64_t now_ms;
  };
  [[nodiscard]] Result<Signed> sign(const About& about, std::string body);
  [[nodiscard]] Result<std::uint64_t> next_counter();
  [[nodiscard]] Status append_cards(const DeviceId& device, const BoundUser& user, std::int64_t now_ms, std::vector<Signed>& out);
  [[nodiscard]] Status append_directive(const DeviceId& device, const DirectiveView& directive, std::int64_t now_ms, Down& out);
  [[nodiscard]] Status append_codes(const DeviceId& device, const model::OwnCodes& codes, std::int64_t now_ms, std::vector<Signed>& out);
  [[nodiscard]] Status append_users(const DeviceView& device, std::int64_t now_ms, std::vector<Signed>& out);

  Registry& registry_;
  const Keys& keys_;
  std::uint64_t next_ = 0;
  std::uint64_t reserved_until_ = 0;
};

/// Each user's last enrolment on a handheld.
[[nodiscard]] std::vector<BoundUser> bound_now(const DeviceView& device);

}  // namespace lantaarn::server::admin
