#pragma once
// What the authority states to handhelds: users, leases, cards, standings, receipt keys. Each with a counter of its
// own that nobody has had before, so that nothing old can be replayed.

#include "common/sync/statement.hpp"
#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

inline constexpr std::int64_t kLeaseMs = 7LL * 24 * 3600 * 1000;
inline constexpr std::uint32_t kLeaseBoots = 40;
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
  [[nodiscard]] Result<Signed> lease(const DeviceId& device, const UserId& user, std::int64_t now_ms);
  [[nodiscard]] Result<Signed> standing(const DeviceView& device, const ReceivedLogs& received, std::int64_t now_ms);
  /// Everything a handheld gets at the end of a session: users, and for each of them a lease and her cards, and the
  /// standing of its logs. A revoked one gets its standing only.
  [[nodiscard]] Result<std::vector<Signed>> for_session(const DeviceView& device, const ReceivedLogs& received, std::int64_t now_ms);

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

  Registry& registry_;
  const Keys& keys_;
  std::uint64_t next_ = 0;
  std::uint64_t reserved_until_ = 0;
};

/// Each user's last enrolment on a handheld.
[[nodiscard]] std::vector<BoundUser> bound_now(const DeviceView& device);

}  // namespace lantaarn::server::admin
