#pragma once
// Inside this room only: the open vault, its sealed records and its user rows.

#include "firmware_app/vault/records.pb.h"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::firmware {

inline constexpr std::int32_t kVaultApplicationId = 0x4c4e5631;  // "LNV1"
[[nodiscard]] const std::vector<std::string>& vault_migrations();

/// Kinds of sealed records; never renumbered.
enum class Record : int {
  kDeviceKey = 1,      ///< under the device secret; all others under the device key
  kChannelKeys = 2,    ///< private key ‖ PSK
  kServer = 3,
  kPendingKeys = 4,
  kPending = 5,
  kLease = 6,          ///< per user
  kLastSync = 7,
  kClock = 8,
  kNextKeys = 20,      ///< private key ‖ PSK, not adopted yet
  kWipe = 21,          ///< how far a wipe is
  kWiped = 22,         ///< not sealed: when this handheld was wiped
  kCodeLists = 23,
};

/// A crash within the last step of a wipe: makes good on it. Before the device key is looked for.
[[nodiscard]] Status finish_forgetting(database::Database& database, DeviceSecret& secret);
/// A sealed lease record's plaintext, whatever it says.
inline constexpr std::size_t kLeaseRecordBytes = 256;
/// A slot as it lies in the table: once more sealed under the record key, so that both get new bytes at every unlock though
/// only one PIN is there.
inline constexpr std::size_t kStoredSlotBytes = crypto::kXNonceBytes + kSlotBytes + crypto::kTagBytes;
static_assert(kStoredSlotBytes == 176);

/// One user's row, as stored.
struct UserRow {
  Bytes ref;           ///< keyed hash of her id
  VaultUser user;
  bool pending = false;
  bool destroyed = false;  ///< too many wrong PINs: the slots are random bytes
  Bytes salt;
  crypto::KdfParameters kdf;
  Slots slots;
  Attempts attempts;
};

/// A PIN that was right.
struct Opened {
  UserRow row;
  OpenedSlot slot;
  crypto::Key pin_key;
};

/// A lease with its use.
struct KeptLease {
  Lease terms;
  LeaseUse use;
  bool ended = true;  ///< also when none ever came
};

/// A user's row and the keys in it, while she is enrolled.
struct OwnKeys {
  UserRow row;
  UserSeeds seeds;
};

struct Vault::State {
  database::Database database;
  VaultOptions options;
  crypto::Key device_secret;
  crypto::Key record_key;  ///< derived from the device key
  crypto::Key name_key;    ///< for the keyed hashes
  bool hardware_held = false;
  bool enrolled = false;

  [[nodiscard]] Status put(Record kind, ByteView key, ByteView plain);
  [[nodiscard]] Status remove(Record kind, ByteView key);
  [[nodiscard]] Result<std::optional<crypto::SecretBytes>> get(Record kind, ByteView key);

  template <typename Message>
  [[nodiscard]] Status put_message(Record kind, ByteView key, const Message& message) {
    return put(kind, key, as_bytes(message.SerializeAsString()));
  }
  template <typename Message>
  [[nodiscard]] Result<std::optional<Message>> get_message(Record kind, ByteView key) {
    LANTAARN_ASSIGN(const auto plain, get(kind, key));
    if (!plain) return std::optional<Message>{};
    Message message;
    if (!message.ParseFromArray(plain->view().data(), static_cast<int>(plain->size()))) return damaged();
    return std::optional<Message>{std::move(message)};
  }

  [[nodiscard]] Bytes ref_of(std::string_view purpose, ByteView name) const;
  [[nodiscard]] Bytes user_ref(const UserId& user) const { return ref_of("user", user.view()); }
  /// All rows, pending ones too, by name.
  [[nodiscard]] Result<std::vector<UserRow>> rows();
  [[nodiscard]] Result<UserRow> row_of(const UserId& user);
  [[nodiscard]] Status put_row(const UserRow& row);
  [[nodiscard]] Status remove_row(ByteView ref);
  [[nodiscard]] Status store_attempts(ByteView ref, const Attempts& attempts);
  [[nodiscard]] Result<crypto::Key> pin_key(const crypto::SecretBytes& pin, ByteView salt, const crypto::KdfParameters& kdf);
  /// Counts the attempt and judges it. A right one stays counted until note_unlock().
  [[nodiscard]] Result<Opened> try_pin(UserRow row, const crypto::SecretBytes& pin, const ClockReading& now);
  [[nodiscard]] Status note_wrong(const UserRow& row, int wrong, std::uint32_t most);
  /// One transaction: the attempts start anew, both slots get new bytes, the lease is counted and, where it must, ends.
  [[nodiscard]] Result<Access> note_unlock(Opened& opened, const ClockReading& now);
  /// Durable and gone from the write-ahead log when it returns success.
  [[nodiscard]] Status destroy_slots(UserRow row);
  /// What was overwritten leaves the write-ahead log too.
  [[nodiscard]] Status forget_old() { return database.checkpoint_truncate(); }

  [[nodiscard]] Result<KeptLease> lease_of(ByteView ref);
  [[nodiscard]] Status put_lease(ByteView ref, const KeptLease& lease);
  [[nodiscard]] Result<ClockReading> judged(const ClockReading& now);

  /// What was made for this user when this device's enrolment was `begun` before and `pin` opens it. kRefused "name_taken".
  [[nodiscard]] Result<std::optional<OwnKeys>> kept_keys(const VaultUser& user, const crypto::SecretBytes& pin, bool begun);
  [[nodiscard]] Result<OwnKeys> fresh_keys(const VaultUser& user, const crypto::SecretBytes& pin);
  /// One transaction; takes the place of whatever else was begun.
  [[nodiscard]] Status keep_pending(const sync::Ticket& ticket, const UserRow& row, const ServerFacts& facts,
                                    const crypto::Key& channel_key);

  [[nodiscard]] Error damaged() const { return corrupt("database_damaged", {database.name()}); }
};

[[nodiscard]] pb::ServerRecord to_record(const ServerFacts& server);
void put_keys(const sync::ServerKeySet& keys, pb::ServerRecord& record);
void copy_keys(const pb::ServerRecord& from, pb::ServerRecord& to);
[[nodiscard]] std::optional<ServerFacts> from_record(const pb::ServerRecord& record);
[[nodiscard]] ClockObservation from_record(const pb::ClockRecord& record);

}  // namespace lantaarn::firmware
