#include "firmware_app/vault/vault.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {
namespace {

using database::Database;
constexpr std::string_view kDeviceKeyPlace = "lantaarn device key v1";

Result<std::optional<Bytes>> stored_device_key(Database& database) {
  LANTAARN_ASSIGN(auto find, database.prepare("SELECT sealed FROM record WHERE kind = $1"));
  LANTAARN_ASSIGN(const bool there, find.bind(1, static_cast<int>(Record::kDeviceKey)).step());
  if (!there) return std::optional<Bytes>{};
  return std::optional<Bytes>{to_bytes(find.column_blob(0))};
}

// The device key is made once; from then on a missing or different device secret is an error, never a new start.
Result<crypto::Key> open_device_key(Database& database, DeviceSecret& secret, crypto::Key& secret_out) {
  LANTAARN_ASSIGN(const auto stored, stored_device_key(database));
  auto got = stored ? secret.read() : secret.read_or_make();
  if (!got.ok()) return std::move(got).error();
  secret_out = std::move(*got);
  const crypto::Key wrapping = crypto::derive_key(secret_out, "lantaarn device key wrapping");
  if (stored) {
    const auto plain = crypto::open_secret_record(wrapping, as_bytes(kDeviceKeyPlace), *stored);
    if (!plain || plain->size() != crypto::Key::kBytes) return corrupt("device_secret_wrong");
    return std::move(*crypto::Key::from(plain->view()));
  }
  auto key = crypto::random_secret<crypto::Key::kBytes>();
  const Bytes sealed = crypto::seal_record(wrapping, as_bytes(kDeviceKeyPlace), key.view());
  LANTAARN_ASSIGN(auto put, database.prepare("INSERT INTO record(kind, key, sealed) VALUES($1, x'', $2)"));
  LANTAARN_TRY(put.bind(1, static_cast<int>(Record::kDeviceKey)).bind(2, sealed).run());
  return key;
}

}  // namespace

VaultOptions program_vault_options() {
  return {crypto::argon2id, [] { return crypto::measure_argon2id(kPinKdfTargetMs); }, {}};
}

Vault::Vault(std::unique_ptr<State> state) : state_(std::move(state)) {}
Vault::Vault(Vault&&) noexcept = default;
Vault& Vault::operator=(Vault&&) noexcept = default;
Vault::~Vault() = default;

Result<Vault> Vault::open(const std::string& path, DeviceSecret& secret, VaultOptions options) {
  options.database.exclusive = true;
  LANTAARN_ASSIGN(Database database, Database::open(path, options.database));
  LANTAARN_TRY(database::migrate(database, kVaultApplicationId, vault_migrations()));
  LANTAARN_TRY(finish_forgetting(database, secret));
  crypto::Key device_secret;
  LANTAARN_ASSIGN(const crypto::Key device_key, open_device_key(database, secret, device_secret));
  auto state = std::unique_ptr<State>(new State{std::move(database), std::move(options), std::move(device_secret),
                                                crypto::derive_key(device_key, "lantaarn vault records"),
                                                crypto::derive_key(device_key, "lantaarn vault names"), secret.is_hardware_held()});
  LANTAARN_ASSIGN(const auto keys, state->get(Record::kChannelKeys, {}));
  state->enrolled = keys.has_value();
  // What was overwritten before the power went leaves the write-ahead log; when it cannot, the next start does it.
  static_cast<void>(state->forget_old());
  return Vault(std::move(state));
}

bool Vault::enrolled() const { return state_->enrolled; }

Result<ServerFacts> Vault::server() {
  LANTAARN_ASSIGN(const auto record, state_->get_message<pb::ServerRecord>(Record::kServer, {}));
  if (!record) return refused("not_enrolled");
  auto server = from_record(*record);
  if (!server) return state_->damaged();
  return std::move(*server);
}

Result<ChannelKeys> Vault::channel_keys() {
  LANTAARN_ASSIGN(const auto raw, state_->get(Record::kChannelKeys, {}));
  if (!raw) return refused("not_enrolled");
  if (raw->size() != 64) return state_->damaged();
  return ChannelKeys{std::move(*crypto::Key::from(raw->view().first(32))), std::move(*crypto::Key::from(raw->view().last(32)))};
}

Status Vault::set_address(const std::string& address) {
  LANTAARN_ASSIGN(ServerFacts facts, server());
  if (facts.address == address) return {};
  facts.address = address;
  return state_->put_message(Record::kServer, {}, to_record(facts));
}

Status Vault::raise_epoch(std::uint32_t epoch) {
  LANTAARN_ASSIGN(ServerFacts facts, server());
  if (facts.epoch >= epoch) return {};
  facts.epoch = epoch;
  return state_->put_message(Record::kServer, {}, to_record(facts));
}

Status Vault::adopt_server_keys(const sync::ServerKeySet& keys, const Mark& mark) {
  LANTAARN_ASSIGN(auto record, state_->get_message<pb::ServerRecord>(Record::kServer, {}));
  if (!record) return refused("not_enrolled");
  if (std::max(record->keys_generation(), 1U) >= keys.generation) return {};
  put_keys(keys, *record);
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
  LANTAARN_TRY(state_->put_message(Record::kServer, {}, *record));
  LANTAARN_TRY(raise_mark({sync::pb::SERVER_KEYS, UserId{}, mark}));
  return transaction.commit();
}

Result<Mark> Vault::mark(int kind, const UserId& user) {
  LANTAARN_ASSIGN(auto find, state_->database.prepare("SELECT epoch, counter FROM mark WHERE kind = $1 AND ref = $2"));
  LANTAARN_ASSIGN(const bool there, find.bind(1, kind).bind(2, state_->user_ref(user)).step());
  if (!there) return Mark{};
  return Mark{static_cast<std::uint32_t>(find.column_int(0)), static_cast<std::uint64_t>(find.column_int(1))};
}

Status Vault::raise_mark(const MarkOf& raised) {
  LANTAARN_ASSIGN(auto put, state_->database.prepare(
      "INSERT INTO mark(kind, ref, epoch, counter) VALUES($1, $2, $3, $4) ON CONFLICT(kind, ref) DO UPDATE SET "
      "epoch = excluded.epoch, counter = excluded.counter WHERE (epoch, counter) < (excluded.epoch, excluded.counter)"));
  return put.bind(1, raised.kind)
      .bind(2, state_->user_ref(raised.user))
      .bind(3, raised.mark.epoch)
      .bind(4, static_cast<std::int64_t>(raised.mark.counter))
      .run();
}

Result<std::optional<LastSync>> Vault::last_sync() {
  LANTAARN_ASSIGN(const auto record, state_->get_message<pb::LastSyncRecord>(Record::kLastSync, {}));
  if (!record) return std::optional<LastSync>{};
  return std::optional<LastSync>{LastSync{record->wall_ms(), record->all_received()}};
}

Status Vault::set_last_sync(const LastSync& sync) {
  pb::LastSyncRecord record;
  record.set_wall_ms(sync.wall_ms);
  record.set_all_received(sync.all_received);
  return state_->put_message(Record::kLastSync, {}, record);
}

Result<std::optional<ClockObservation>> Vault::clock_observation() {
  LANTAARN_ASSIGN(const auto record, state_->get_message<pb::ClockRecord>(Record::kClock, {}));
  if (!record) return std::optional<ClockObservation>{};
  return std::optional<ClockObservation>{from_record(*record)};
}

ClockObservation from_record(const pb::ClockRecord& record) {
  ClockObservation seen{record.server_wall_ms(), record.wall_ms(), record.monotonic_ms(), {}};
  seen.boot_id = to_array<kIdBytes>(as_bytes(record.boot_id())).value_or(ByteArray<kIdBytes>{});
  return seen;
}

Status Vault::set_clock_observation(const ClockObservation& seen) {
  pb::ClockRecord record;
  record.set_server_wall_ms(seen.server_wall_ms);
  record.set_wall_ms(seen.wall_ms);
  record.set_monotonic_ms(seen.monotonic_ms);
  record.set_boot_id(to_string(seen.boot_id));
  return state_->put_message(Record::kClock, {}, record);
}

}  // namespace lantaarn::firmware
