#include "sync_server/admin/key_rotation.hpp"

#include <algorithm>

#include "common/sync/limits.hpp"
#include "common/sync/ticket.hpp"
#include "sync_server/admin/target_patience.hpp"
#include "sync_server/backup/manifest.hpp"
#include "sync_server/backup/target.hpp"

namespace lantaarn::server::admin {
namespace {

namespace pb = sync::pb;

model::Event made_event(const Context& context, KeyKind kind, const StoredKey& key) {
  model::Event event = context.new_event();
  auto& made = *event.mutable_server_key_made();
  made.set_kind(std::string(name_of(kind)));
  made.set_number(key.number);
  made.set_public_key(to_string(key.public_key));
  made.set_reason(context.reason);
  return event;
}

model::Event destroyed_event(const Context& context, KeyKind kind, std::uint32_t number) {
  model::Event event = context.new_event();
  event.mutable_server_key_destroyed()->set_kind(std::string(name_of(kind)));
  event.mutable_server_key_destroyed()->set_number(number);
  return event;
}

// What handhelds are told: signed by the authority key that they know.
Status put_link(Change& change, const Context& context, const sync::ServerKeySet& next, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const std::uint64_t counter, change.reserve_counters(1));
  pb::Statement statement;
  statement.set_kind(pb::SERVER_KEYS);
  statement.set_epoch(context.keys.server.epoch);
  statement.set_counter(counter);
  statement.set_issued_at_ms(now_ms);
  statement.set_body(sync::key_set_body(context.keys.server.id, next));
  return put_key_link(change, next.generation, sync::sign_statement(context.keys.authority, sync::kAuthorityContext, statement));
}

sync::ServerKeySet next_set(const Context& context) {
  sync::ServerKeySet next = public_keys(context.keys);
  ++next.generation;
  return next;
}

Status put_link(Change& change, const Context& context, KeyKind kind, const StoredKey& key) {
  sync::ServerKeySet next = next_set(context);
  if (kind == KeyKind::kAuthority) next.authority = key.public_key;
  if (kind == KeyKind::kChannel) next.channel = key.public_key;
  if (kind == KeyKind::kSealing) {
    next.sealing = key.public_key;
    next.sealing_number = key.number;
  }
  return put_link(change, context, next, key.made_ms);
}

StoredKey public_half_of(const StoredKey& key) { return {key.number, key.generation, key.made_ms, key.public_key, std::nullopt}; }

// The one that was prepared, else a fresh one; it comes into force now.
Result<StoredKey> next_key(const Context& context, KeyKind kind, std::uint32_t number) {
  const std::uint32_t generation = context.keys.generation + 1;
  const std::int64_t now_ms = context.clock.now().wall_ms;
  LANTAARN_ASSIGN(auto prepared, prepared_key(context.registry, kind));
  if (!prepared || prepared->number != number) return new_stored_key(kind, number, generation, now_ms);
  prepared->generation = kind == KeyKind::kReceipt ? 0 : generation;
  prepared->made_ms = now_ms;
  return std::move(*prepared);
}

// Nothing is signed with a former one again, and what it signed is verified with its public half.
bool ends_with_next(KeyKind kind) { return kind == KeyKind::kAuthority || kind == KeyKind::kReceipt; }

// A ticket made before names the key before; it is good for a day.
Status check_tickets(Context& context, const KeyToDestroy& key) {
  LANTAARN_ASSIGN(const auto tickets, context.registry.tickets());
  const std::int64_t now_ms = context.clock.now().wall_ms;
  const bool needed = std::any_of(tickets.begin(), tickets.end(), [&](const TicketRecord& ticket) {
    return !ticket.spent && ticket.expires_at_ms > now_ms && ticket.expires_at_ms - sync::kTicketLifetimeMs <= key.next_made_ms;
  });
  return needed ? refused("key_needed_by_ticket") : Status();
}

// Every backup that was ever made.
Result<std::vector<std::int64_t>> backups_made(Registry& registry) {
  LANTAARN_ASSIGN(const auto entries, registry.entries_of_kind(model::Event::kBackupMade));
  std::vector<std::int64_t> times;
  for (const StoredEntry& entry : entries) times.push_back(entry.recorded_ms);
  return times;
}

// Those that stand at the target now. One that cannot be looked at may hold them all.
Result<std::vector<std::int64_t>> backups_there(Context& context) {
  LANTAARN_ASSIGN(const auto target, backup::stored_target(context.registry));
  if (!target) return backups_made(context.registry);
  LANTAARN_ASSIGN(const auto signers, backup::authority_of(context.registry, context.keys.authority.verify_key()));
  const auto look = [path = target->path, signers]() -> Result<std::vector<std::int64_t>> {
    const auto files = backup::folder_files(path);
    LANTAARN_ASSIGN(const auto head, backup::read_target(*files, &signers));
    LANTAARN_ASSIGN(const auto manifests, backup::read_manifests(*files, head, &signers));
    std::vector<std::int64_t> times;
    for (const auto& one : manifests.good) times.push_back(one.manifest.made_at_ms());
    return times;
  };
  auto there = with_patience<std::vector<std::int64_t>>(look, target->path);
  return there.ok() ? std::move(there) : backups_made(context.registry);
}

Status check_destruction(Context& context, KeyKind kind, const KeyToDestroy& key) {
  LANTAARN_ASSIGN(const auto holders, key_holders(context.registry));
  LANTAARN_TRY(check_holders(key, holders));
  LANTAARN_TRY(check_tickets(context, key));
  if (kind != KeyKind::kSealing) return {};
  LANTAARN_ASSIGN(const auto backups, backups_there(context));
  return check_backups(key, holders, backups);
}

}  // namespace

Status reload_keys(Context& context) {
  LANTAARN_ASSIGN(Keys keys, load_keys(context.registry));
  context.use_keys(std::move(keys));
  return {};
}

Status put_recovery_link(Change& change, const Context& context, const crypto::VerifyKey& recovery) {
  sync::ServerKeySet next = next_set(context);
  next.recovery = recovery;
  return put_link(change, context, next, context.clock.now().wall_ms);
}

Result<std::vector<KeyHolder>> key_holders(Registry& registry) {
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  std::vector<KeyHolder> holders;
  for (const DeviceView& device : devices) {
    if (device.revoked || !device.channel_key) continue;
    LANTAARN_ASSIGN(const KnownByHandheld known, known_by(registry, device.id));
    holders.push_back({device.name, known.generation, known.since_ms});
  }
  return holders;
}

Status check_rotatable(const Context& context, KeyKind kind) {
  if (kind == KeyKind::kChannel && context.keys.former_channel.size() + 1 >= kChannelKeysMax) {
    return refused("key_too_many", {std::to_string(kChannelKeysMax)});
  }
  const bool full = context.keys.generation >= static_cast<std::uint32_t>(sync::kKeyLinksMax);
  return kind != KeyKind::kReceipt && full ? refused("too_many") : Status();
}

Result<StoredKey> rotate_key(Context& context, KeyKind kind) {
  LANTAARN_ASSIGN(const auto stored, stored_keys(context.registry, kind));
  const StoredKey& former = stored.back();
  const bool is_public = kind != KeyKind::kReceipt;  // certified anew for every session
  LANTAARN_TRY(check_rotatable(context, kind));
  LANTAARN_ASSIGN(StoredKey key, next_key(context, kind, former.number + 1));
  // Last in the log under the keys before it.
  std::vector<model::Event> events{made_event(context, kind, key)};
  if (ends_with_next(kind)) events.insert(events.begin(), destroyed_event(context, kind, former.number));
  const auto with_key = [&](Change& change) -> Status {
    LANTAARN_TRY(put_stored_key(change, kind, key));
    LANTAARN_TRY(empty_prepared_key(change, kind));
    if (ends_with_next(kind)) LANTAARN_TRY(put_stored_key(change, kind, public_half_of(former)));
    return is_public ? put_link(change, context, kind, key) : Status();
  };
  LANTAARN_TRY(context.record(events, with_key));
  LANTAARN_TRY(reload_keys(context));
  // Durable already: a WAL that cannot be emptied now is emptied when the registry is opened next.
  if (ends_with_next(kind)) static_cast<void>(context.registry.forget_removed());
  return public_half_of(key);
}

Result<StoredKey> destroy_key(Context& context, KeyKind kind, std::uint32_t number) {
  LANTAARN_ASSIGN(const auto stored, stored_keys(context.registry, kind));
  const auto at = std::find_if(stored.begin(), stored.end(), [&](const StoredKey& key) { return key.number == number; });
  if (at == stored.end()) return refused("key_not_found");
  if (std::next(at) == stored.end()) return refused("key_in_force");
  StoredKey gone = public_half_of(*at);
  if (at->secret) {
    LANTAARN_TRY(check_destruction(context, kind, {number, std::next(at)->generation, std::next(at)->made_ms}));
    const auto also = [&](Change& change) -> Status {
      // Nothing that these open is still to come; and a copy that somebody has stays closed.
      if (kind == KeyKind::kSealing) LANTAARN_TRY(change.remove_seal_keys(number));
      return put_stored_key(change, kind, gone);
    };
    LANTAARN_TRY(context.record({destroyed_event(context, kind, number)}, also));
    LANTAARN_TRY(reload_keys(context));
  }
  LANTAARN_TRY(context.registry.forget_removed());
  return gone;
}

}  // namespace lantaarn::server::admin
