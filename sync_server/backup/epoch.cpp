#include "sync_server/backup/epoch.hpp"

#include <algorithm>

#include "common/model/event.hpp"

namespace lantaarn::server::backup {
namespace {

// Facts of one kind in this server's own log, oldest first. What a handheld claims, or a server whose register was taken
// over once said, stands in the store as well, and is neither.
template <typename Take>
Status each_own_fact(Registry& registry, int kind, const Take& take) {
  LANTAARN_ASSIGN(const auto server, registry.server());
  if (!server) return {};
  LANTAARN_ASSIGN(auto entries, registry.entries_of_kind(kind));
  std::erase_if(entries, [&](const StoredEntry& entry) { return entry.place.device.bytes != server->id.bytes || entry.admission != Admission::kAdmitted; });
  std::sort(entries.begin(), entries.end(), [](const StoredEntry& a, const StoredEntry& b) { return a.place.seq < b.place.seq; });
  for (const StoredEntry& entry : entries) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    take(event);
  }
  return {};
}

}  // namespace

Result<std::vector<RecoveryMade>> recovery_keys(Registry& registry) {
  std::vector<RecoveryMade> made;
  LANTAARN_TRY(each_own_fact(registry, model::Event::kServerKeyMade, [&](const model::Event& event) {
    const auto& fact = event.server_key_made();
    const auto key = recovery_public_from(as_bytes(fact.public_key()));
    if (fact.kind() != kRecoveryKind || !key) return;
    made.push_back({*key, fact.number(), event.recorded().wall_ms(), UserId::from(event.author()).value_or(UserId{}), fact.reason()});
  }));
  return made;
}

Result<std::optional<RecoveryMade>> recovery_key_in_force(Registry& registry) {
  LANTAARN_ASSIGN(const auto made, recovery_keys(registry));
  return made.empty() ? std::optional<RecoveryMade>() : std::optional(made.back());
}

Result<std::optional<sync::pb::SignedStatement>> epoch_statement(Registry& registry, std::uint32_t epoch) {
  std::optional<sync::pb::SignedStatement> found;
  LANTAARN_TRY(each_own_fact(registry, model::Event::kEpochRaised, [&](const model::Event& event) {
    const auto& fact = event.epoch_raised();
    sync::pb::SignedStatement statement;
    found.reset();
    if (fact.epoch() == epoch && !fact.statement().empty() && statement.ParseFromString(fact.statement())) found = std::move(statement);
  }));
  return found;
}

}  // namespace lantaarn::server::backup
