#pragma once
// The vault: who this handheld is, which server is its own, and whose keys open with which PIN. vault.db, beside a
// device secret. VAULT.md is the document. One object per process, on one thread, under the folder's FileLock.
//
// Without a PIN it gives what a sync needs (channel key, PSK, the server's public keys) and nothing that opens
// content or signs an entry.
//
// Errors of every call: those of common/database ("vault.db" in them); kCorrupt "device_secret_missing" |
// "device_secret_wrong"; kRefused "not_enrolled". Every call that changes something is durable on return.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/crypto/dh.hpp"
#include "common/crypto/pin_kdf.hpp"
#include "common/database/database.hpp"
#include "common/sync/server_keys.hpp"
#include "common/sync/ticket.hpp"
#include "firmware_app/vault/attempts.hpp"
#include "firmware_app/vault/clock_reading.hpp"
#include "firmware_app/vault/device_secret.hpp"
#include "firmware_app/vault/lease.hpp"
#include "firmware_app/vault/slots.hpp"

namespace lantaarn::firmware {

inline constexpr std::size_t kPinDigitsMin = 8;
inline constexpr std::size_t kPinDigitsMinHeld = 6;  // with a hardware-held device secret
inline constexpr std::size_t kPinDigitsMax = 64;
inline constexpr int kPinKdfTargetMs = 700;
inline constexpr std::int64_t kLeaseNoteMs = 60'000;

/// kRefused "pin_not_digits" | "pin_too_short": what a new PIN must be.
[[nodiscard]] Status check_new_pin(const crypto::SecretBytes& pin, bool hardware_held);

/// The server and this device, as the ticket said.
struct ServerFacts {
  ServerId server;
  std::string address;  ///< HOST:PORT
  crypto::DhPublicKey channel_key{};
  crypto::VerifyKey authority_key{};
  crypto::BoxPublicKey sealing_key{};
  std::uint32_t sealing_key_number = 1;
  std::uint32_t epoch = 1;
  DeviceId device;
  std::string device_name;
  std::optional<crypto::VerifyKey> recovery_key;  ///< what raises the epoch; nothing: not known yet
  std::uint32_t keys_generation = 1;  ///< of the server's three keys
};

/// For the Noise handshake.
struct ChannelKeys {
  crypto::Key private_key;
  crypto::Key psk;
};

struct VaultUser {
  UserId id;
  std::string name;
};

/// What a right PIN opened.
struct Access {
  bool lease_ended = false;  ///< no cards, nothing readable; what is written down waits sealed for the server
  bool strict = false;       ///< cards, but nothing readable is written
  bool duress = false;       ///< with the second PIN; only the entry that tells the coordinator may show it
  /// Whether what is written down may be kept readable for her.
  [[nodiscard]] bool keeps_readable() const { return !lease_ended && !strict; }
};

/// A user whose PIN was right. Her keys live as long as this object.
struct UnlockedUser {
  UserId id;
  std::string name;
  crypto::BoxKey box;      ///< after duress: one to which nothing was ever sealed
  crypto::SignKey sign;
  Access access{};
  KeyId entry_key_id{};    ///< this unlock's own seal key, for what must not stay readable
  crypto::Key entry_key{};
  std::size_t slot = 0;    ///< that the PIN opened, and with what: for a change of PIN
  crypto::Key pin_key{};
};
struct LastSync {
  std::int64_t wall_ms = 0;  ///< by the server's clock
  bool all_received = false;
};

/// A place in the order of the server's statements of one kind.
struct Mark {
  std::uint32_t epoch = 0;
  std::uint64_t counter = 0;
  auto operator<=>(const Mark&) const = default;
};
struct MarkOf {
  int kind = 0;
  UserId user;  ///< zero: the whole device
  Mark mark;
};

/// What an enrolment needs on the wire. The same keys again for every ticket of this device, also after a crash.
struct Enrolment {
  ServerFacts server;
  ChannelKeys channel;  ///< the PSK is the ticket's
  TicketId ticket;
  UnlockedUser user;
};
/// What came back, verified.
struct EnrolmentReply {
  crypto::Key device_psk;
  std::uint32_t epoch = 1;
  std::vector<MarkOf> marks;
  std::optional<sync::ServerKeySet> newer_keys;  ///< than the ticket's, verified; their mark is among `marks`
  std::optional<Lease> lease;
  std::optional<ClockObservation> clock;
};

struct VaultOptions {
  /// Programs: crypto::argon2id and measure_argon2id(kPinKdfTargetMs). Tests build a vault with cheap ones; no flag,
  /// file or environment of a shipped program chooses.
  crypto::PinKdf pin_kdf;
  std::function<Result<crypto::KdfParameters>()> measure;
  database::OpenOptions database;
};
[[nodiscard]] VaultOptions program_vault_options();

class Vault {
 public:
  /// Opens or creates. A vault that exists is never given another device secret. `secret` is read here only.
  [[nodiscard]] static Result<Vault> open(const std::string& path, DeviceSecret& secret, VaultOptions options);
  Vault(Vault&&) noexcept;
  Vault& operator=(Vault&&) noexcept;
  ~Vault();

  // Enrolment: begin (keys made and durable), talk to the server, finish. A crash at any point leaves either nothing
  // enrolled, and the same or another ticket of this device goes on with the same keys, or everything.

  /// The first user of this handheld (kRefused "already_enrolled"), or with `further` one more ("not_enrolled").
  /// `address` empty: the ticket's. kRefused "ticket_wrong" (another server or device, or not for this user),
  /// "ticket_keys_differ" (other server keys than this handheld knows), "name_taken", and check_new_pin's; kRetry "memory_short".
  [[nodiscard]] Result<Enrolment> begin_enrolment(const sync::Ticket& ticket, std::string_view user_name,
                                                  const crypto::SecretBytes& pin, const std::string& address, bool further);
  /// One transaction. kBug without the same enrolment begun.
  [[nodiscard]] Status finish_enrolment(const Enrolment& enrolment, const EnrolmentReply& reply);
  [[nodiscard]] bool enrolled() const;

  /// Those who are enrolled here, by name.
  [[nodiscard]] Result<std::vector<VaultUser>> users();
  /// `name` empty: the only one. kRefused "user_unknown" | "user_needed".
  [[nodiscard]] Result<VaultUser> find_user(std::string_view name);

  /// Counts the attempt durably, then judges it. A right PIN rewrites both slots and the lease's use in one transaction of
  /// always the same size; when the lease is over, or this is the second PIN, that same transaction ends it, and what she
  /// could read must go (caseload/lease_end.hpp). `now`'s status is judged here, by the last sync.
  /// kRefused "wrong_pin" | "wait_before_pin" {seconds} | "pin_destroyed" (now, or earlier: too many wrong ones; her slots
  /// are overwritten and only a further ticket helps her); kRetry "memory_short" (costs no attempt).
  [[nodiscard]] Result<UnlockedUser> unlock(const VaultUser& user, const crypto::SecretBytes& pin, const ClockReading& now);
  /// Another PIN for the slot that was opened. kRefused "lease_ended", check_new_pin's, "pin_taken" (it opens the other
  /// slot);
  /// kRetry "memory_short". The old one opens nothing from then on, also not from the write-ahead log.
  [[nodiscard]] Status change_pin(const UnlockedUser& user, const crypto::SecretBytes& new_pin);
  /// A second PIN, which opens the state of a lease that ended. kRefused "lease_ended", "duress_not_permitted" (by the
  /// lease), check_new_pin's, "pin_taken" (it is her own); kRetry "memory_short".
  [[nodiscard]] Status set_duress_pin(const UnlockedUser& user, const crypto::SecretBytes& duress_pin);
  /// Whether there was one or not. kRefused "lease_ended".
  [[nodiscard]] Status remove_duress_pin(const UnlockedUser& user);

  /// Forgets this user: slots, name, lease, attempts. Marks of accepted statements stay, so that an old lease cannot come
  /// back. Gone from the files on return. No error when she is not here. What she could read: caseload/lease_end.hpp.
  [[nodiscard]] Status remove_user(const UserId& user);

  [[nodiscard]] Result<ServerFacts> server();
  /// With the PSK of the last enrolment.
  [[nodiscard]] Result<ChannelKeys> channel_keys();
  [[nodiscard]] Status set_address(const std::string& address);
  /// Never goes back.
  [[nodiscard]] Status raise_epoch(std::uint32_t epoch);
  /// Keys of the server that follow the ones it has (verified by the caller), with their statement's mark, in one
  /// transaction: from then on the server is called and believed by these. An older generation changes nothing.
  [[nodiscard]] Status adopt_server_keys(const sync::ServerKeySet& keys, const Mark& mark);

  /// Zero when nothing was accepted yet.
  [[nodiscard]] Result<Mark> mark(int kind, const UserId& user);
  /// Never goes back.
  [[nodiscard]] Status raise_mark(const MarkOf& mark);

  /// Leases. A new one sets everything back that was counted. One that ended stays so until a new one comes.
  [[nodiscard]] Result<std::optional<Lease>> lease(const UserId& user);
  /// Also true when none ever came, and for a user who is not here.
  [[nodiscard]] Result<bool> lease_ended(const UserId& user);
  [[nodiscard]] Status set_lease(const UserId& user, const Lease& lease);
  /// Everybody's lease ends now: what a LOCK directive asks. What they could read: caseload/lease_end.hpp.
  [[nodiscard]] Status lock();
  /// Looks at the clocks, without a PIN: counts boots and running time (durable once kLeaseNoteMs have run, or at a new
  /// boot) and ends what is over. Those whose lease is over now, or was before.
  [[nodiscard]] Result<std::vector<UserId>> end_due_leases(const ClockReading& now);
  [[nodiscard]] Result<std::optional<LastSync>> last_sync();
  [[nodiscard]] Status set_last_sync(const LastSync& sync);
  [[nodiscard]] Result<std::optional<ClockObservation>> clock_observation();
  [[nodiscard]] Status set_clock_observation(const ClockObservation& observation);

  // Keys this handheld makes itself (a RENEW_KEYS directive). They stand beside the old ones until a session with them has
  // succeeded, so that it can connect whatever the server has heard.

  /// A new channel key, the same one again until it is adopted, with the PSK that came for it. Its public half.
  [[nodiscard]] Result<crypto::DhPublicKey> keep_next_keys(const crypto::Key& psk);
  [[nodiscard]] Result<std::optional<ChannelKeys>> next_channel_keys();
  /// In place of the old ones, which are gone from the files on return.
  [[nodiscard]] Status adopt_next_keys();

  // Wiping (custody/wipe.hpp keeps the order). Each step can be repeated.

  enum class WipeStage { kNone, kMarked, kReported };
  [[nodiscard]] Result<WipeStage> wipe_stage();
  /// Never goes back.
  [[nodiscard]] Status set_wipe_stage(WipeStage stage);
  /// Of everybody: slots, names, leases; also of an enrolment that was begun. Gone from the files on return.
  [[nodiscard]] Status remove_all_users();
  /// The last step: the device key and all it opens, then the device secret. What is left is when it was. This object is
  /// spent; whoever opens the vault next gets a new one. kBug unless the wipe was reported.
  [[nodiscard]] Status forget_device(DeviceSecret& secret, std::int64_t now_ms);
  /// Wiped, and not enrolled since: when.
  [[nodiscard]] Result<std::optional<std::int64_t>> wiped_at();

  /// The customer's own codes as the server stated them; empty before.
  [[nodiscard]] Result<Bytes> code_lists();
  [[nodiscard]] Status set_code_lists(ByteView stated);

 private:
  struct State;
  explicit Vault(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lantaarn::firmware
