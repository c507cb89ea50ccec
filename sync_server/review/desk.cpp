#include "sync_server/review/desk.hpp"

#include "common/crypto/random.hpp"

namespace lantaarn::server::review {
namespace {

constexpr std::string_view kAccountsKey = "accounts key";
constexpr std::string_view kLogKey = "access log key";
constexpr std::string_view kLogSeed = "access log seed";
constexpr std::string_view kLogHead = "access log head";  // u64 LE seq ‖ 32 hash
constexpr std::int64_t kAnchorEveryMs = 1000;
constexpr std::size_t kHeadBytes = 8 + 32;

Result<crypto::Key> key_named(Registry& registry, std::string_view name) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(name));
  if (stored) {
    auto key = crypto::Key::from(stored->view());
    if (!key) return corrupt("record_unreadable");
    return std::move(*key);
  }
  auto made = crypto::random_secret<32>();
  LANTAARN_ASSIGN(auto change, registry.begin());
  LANTAARN_TRY(change->put_secret(name, {}, made.view()));
  LANTAARN_TRY(change->commit());
  return made;
}

Result<std::optional<access::LogHead>> stored_head(Registry& registry) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kLogHead));
  if (!stored) return std::optional<access::LogHead>();
  if (stored->size() != kHeadBytes) return corrupt("record_unreadable");
  return std::optional(access::LogHead{load_le<std::uint64_t>(stored->view().data()), *to_array<32>(stored->view().subspan(8))});
}

}  // namespace

Result<std::unique_ptr<Desk>> Desk::open(Registry& registry, const std::string& folder, access::Site site, crypto::PinKdf kdf) {
  LANTAARN_ASSIGN(const auto accounts_key, key_named(registry, kAccountsKey));
  LANTAARN_ASSIGN(const auto log_key, key_named(registry, kLogKey));
  LANTAARN_ASSIGN(const auto log_seed, key_named(registry, kLogSeed));
  LANTAARN_ASSIGN(auto accounts, access::Accounts::open(folder + "/accounts.db", accounts_key));
  LANTAARN_ASSIGN(auto log, access::AccessLog::open(folder + "/access_log.db", log_seed, log_key));
  std::unique_ptr<Desk> desk(new Desk(std::move(accounts), std::move(log), std::move(site), std::move(kdf)));
  LANTAARN_ASSIGN(const auto head, stored_head(registry));
  desk->anchored_ = head.value_or(access::LogHead());
  return desk;
}

Status Desk::anchor(Registry& registry, std::int64_t monotonic_ms, bool at_once) {
  if (log.head() == anchored_ || (!at_once && monotonic_ms - anchored_at_ < kAnchorEveryMs)) return {};
  // A log that was cut off while nobody served stays cut off: the anchor never goes back.
  if (log.head().seq < anchored_.seq) return {};
  Bytes head(8);
  store_le(head.data(), log.head().seq);
  append(head, log.head().hash);
  LANTAARN_ASSIGN(auto change, registry.begin());
  LANTAARN_TRY(change->put_secret(kLogHead, {}, head));
  LANTAARN_TRY(change->commit());
  anchored_ = log.head();
  anchored_at_ = monotonic_ms;
  return {};
}

Result<std::uint64_t> Desk::verify_log(Registry& registry) {
  LANTAARN_ASSIGN(const auto head, stored_head(registry));
  return log.verify(head);
}

}  // namespace lantaarn::server::review
