#pragma once
// The registry: event store, the server's own log, keyring, the server's keys, and the views that are read. One
// interface; sqlite/ implements it. FORMAT.md is the document. One object per process, on one thread; the caller holds
// the folder's FileLock. Identity and free text are sealed at rest under a key per client (or the registry data key).
//
// Errors of every call: those of common/database ("registry.db" in them); kCorrupt "record_unreadable" when a sealed
// record does not open.

#include <functional>
#include <map>
#include <memory>

#include "common/crypto/secret.hpp"
#include "common/base/result.hpp"
#include "common/journal/chain.hpp"
#include "sync_server/registry/store.hpp"

namespace lantaarn::server {

struct ServerIdentity {
  ServerId id;
  std::uint32_t epoch = 1;
};

/// A ticket as the server remembers it.
struct TicketRecord {
  TicketId id;
  DeviceId device;
  std::vector<UserId> users;
  std::int64_t expires_at_ms = 0;
  std::optional<crypto::DhPublicKey> bound_channel_key;  ///< nothing: not used yet
  bool spent = false;
  crypto::Key psk;
  crypto::Key enrol_secret;  ///< never leaves this process but in the ticket's file
};

struct ContactFilter {
  std::optional<ClientId> client;        ///< nothing: all
  bool with_retracted = true;
};

struct RecordFilter {
  std::string kind = {};                 ///< "" = every kind
  std::optional<ClientId> client = {};   ///< nothing: all
  std::string from_date = {}, through_date = {};  ///< by the record's day; "" = without bound
  bool with_retracted = false;
};

struct OwnEntry {
  journal::Position at;
  Bytes entry;
  crypto::Signature signature{};
};

/// Grows with every key that is made, replaced or destroyed here but those of clients that are new.
struct KeysVersion {
  std::uint64_t changed = 0;
  std::uint64_t destroyed = 0;           ///< grows only when a client's key goes
  bool operator==(const KeysVersion&) const = default;
};
struct OwnerKey {
  KeyOwner owner;                        ///< nobody: the registry data key itself
  crypto::Key key;
};
struct SecretRecord {
  std::string name;
  Bytes id;
  crypto::SecretBytes value;
};
struct SealKeyRecord {
  LogId log;
  KeyId id;
  crypto::Key key;
  std::uint32_t sealing_number = 1;      ///< of the server key that the newest box of it was sealed to
};
/// Two verified independent copies hold everything of this log up to here.
struct SecuredThrough {
  LogId log;
  journal::Position through;
};

template <typename T>
using Visit = std::function<Status(const T&)>;

/// One transaction. Everything is durable when commit() returned success; nothing is when it did not, or when the object
/// goes without it.
class Change {
 public:
  virtual ~Change() = default;
  [[nodiscard]] virtual Status commit() = 0;
  /// Counts and last conversations are added up at the end, by commit(). After this one reads see them too.
  [[nodiscard]] virtual Status add_up() = 0;

  // The server's own.
  [[nodiscard]] virtual Status put_server(const ServerIdentity& identity) = 0;
  /// Sealed under the data key. `name` such as "authority" or "psk"; `id` tells several of a kind apart (may be empty).
  [[nodiscard]] virtual Status put_secret(std::string_view name, ByteView id, ByteView value) = 0;
  [[nodiscard]] virtual Status remove_secret(std::string_view name, ByteView id) = 0;
  [[nodiscard]] virtual Status put_ticket(const TicketRecord& ticket) = 0;
  [[nodiscard]] virtual Status remove_ticket(const TicketId& ticket) = 0;
  /// The first of `count` statement counters that nobody has had before.
  [[nodiscard]] virtual Result<std::uint64_t> reserve_counters(std::uint64_t count) = 0;
  /// What a handheld said, and what the gateway has, of one log. Neither moves backwards.
  [[nodiscard]] virtual Status note_log(const DeviceId& device, const LogId& log, std::uint64_t saved, std::uint64_t received) = 0;
  [[nodiscard]] virtual Status note_seen(const DeviceId& device, std::int64_t at_ms) = 0;

  /// Never moves backwards.
  [[nodiscard]] virtual Status put_secured(const DeviceId& device, const LogId& log, const journal::Position& through) = 0;

  // For the merge (sync_server/merge) only.
  [[nodiscard]] virtual Status append_own(const OwnEntry& entry, const LogId& log) = 0;
  [[nodiscard]] virtual Status put_cursor(std::int64_t inbox_id) = 0;
  [[nodiscard]] virtual Status put_fold_version(int version) = 0;
  [[nodiscard]] virtual Result<Added> add_entry(const EntryRecord& entry) = 0;
  [[nodiscard]] virtual Result<Added> add_held(const HeldEntry& entry) = 0;
  [[nodiscard]] virtual Status remove_entry(EntryRef ref) = 0;
  [[nodiscard]] virtual Status put_admission(EntryRef ref, bool verified, Admission admission) = 0;
  [[nodiscard]] virtual Status put_run(const UnverifiedRun& run, const std::vector<EntryRef>& entries) = 0;
  /// The run is verified: it and its links go.
  [[nodiscard]] virtual Status remove_run(const ByteArray<kIdBytes>& run) = 0;
  [[nodiscard]] virtual Status put_bad_batch(const DeviceId& device, const LogId& log, const Hash& batch, std::string_view reason,
                                             std::int64_t received_ms) = 0;
  /// `sealing_number`: of the server key its box was sealed to; of several boxes the newest counts.
  [[nodiscard]] virtual Status put_seal_key(const LogId& log, const KeyId& id, const crypto::Key& key, std::uint32_t sealing_number = 1) = 0;
  /// Those that were told under server keys up to this one only: what they open is here, or will never be opened.
  [[nodiscard]] virtual Status remove_seal_keys(std::uint32_t through_sealing_number) = 0;
  [[nodiscard]] virtual Status put_merged(const DeviceId& device, const LogId& log, std::uint64_t first_seq, std::uint64_t last_seq) = 0;
  /// Empties every view (not users and devices): a fold from the start follows in the same transaction.
  [[nodiscard]] virtual Status clear_views() = 0;
  /// Views: put replaces; review cases of the same owner go with it.
  [[nodiscard]] virtual Status put_client(const ClientFold& client) = 0;
  [[nodiscard]] virtual Status put_contact(const ContactFold& contact) = 0;
  [[nodiscard]] virtual Status remove_contact(const EventId& contact) = 0;
  /// Whether this contact is the one of its conversation that counts. True when it is there and not taken back.
  [[nodiscard]] virtual Result<bool> put_counted(const EventId& contact, bool counted) = 0;
  [[nodiscard]] virtual Status put_follow_up(const FollowUpFold& follow_up) = 0;
  [[nodiscard]] virtual Status remove_follow_up(const EventId& follow_up) = 0;
  [[nodiscard]] virtual Status put_record(const RecordFold& record) = 0;
  [[nodiscard]] virtual Status remove_record(const EventId& record) = 0;
  /// An erased client's row is emptied; her number stays.
  [[nodiscard]] virtual Status remove_client(const ClientId& client) = 0;
  [[nodiscard]] virtual Status put_kept(const EventId& erasure, const std::vector<KeptCount>& counts) = 0;
  /// An entry of which only the place and the event's id are kept, and one that becomes so (the server's own log keeps
  /// its hash only).
  [[nodiscard]] virtual Result<Added> add_dropped(const EntryRecord& entry) = 0;
  [[nodiscard]] virtual Status drop_entry(EntryRef ref) = 0;
  /// What this key sealed can never be opened again. No error when there is none.
  [[nodiscard]] virtual Status destroy_key(const AggregateId& owner) = 0;
  [[nodiscard]] virtual Status put_round(const Round& round) = 0;
  [[nodiscard]] virtual Status remove_round(const RoundId& round) = 0;
  [[nodiscard]] virtual Status put_user(const UserView& user) = 0;
  [[nodiscard]] virtual Status put_device(const DeviceView& device) = 0;  ///< without logs
};

class Registry {
 public:
  virtual ~Registry() = default;
  /// One at a time. Reads see what an open Change has written.
  [[nodiscard]] virtual Result<std::unique_ptr<Change>> begin() = 0;

  // The server's own.
  [[nodiscard]] virtual Result<std::optional<ServerIdentity>> server() = 0;
  [[nodiscard]] virtual Result<std::optional<crypto::SecretBytes>> secret(std::string_view name, ByteView id = {}) = 0;
  /// What was removed or replaced stands nowhere in the files any more, and no power cut brings it back. Between changes.
  /// kRetry "checkpoint_blocked" while somebody reads the file.
  [[nodiscard]] virtual Status forget_removed() = 0;
  [[nodiscard]] virtual Result<std::vector<TicketRecord>> tickets() = 0;
  [[nodiscard]] virtual Result<std::optional<TicketRecord>> ticket(const TicketId& id) = 0;

  // What people ask. Names and texts are opened only where the view shows them.
  /// `today` decides what is due and who is in contact; contacts are counted from `from_date` to `through_date`
  /// ("" = without bound).
  [[nodiscard]] virtual Result<Overview> overview(std::string_view today, std::string_view from_date = {},
                                                  std::string_view through_date = {}) = 0;
  /// In order of id.
  [[nodiscard]] virtual Status clients(const Visit<Client>& visit) = 0;
  [[nodiscard]] virtual Result<std::optional<Client>> client(const ClientId& id) = 0;
  /// Whose primary or second contact is this user.
  [[nodiscard]] virtual Result<std::vector<Client>> clients_of(const UserId& user) = 0;
  /// In order of time shown, then id, when a client is given; else in order of log and seq.
  [[nodiscard]] virtual Status contacts(const ContactFilter& filter, const Visit<Contact>& visit) = 0;
  [[nodiscard]] virtual Result<std::optional<Contact>> contact(const EventId& id) = 0;
  /// This author's contacts with a client since a date.
  [[nodiscard]] virtual Result<std::vector<Contact>> own_contacts(const ClientId& client, const UserId& author,
                                                                  std::string_view since_date) = 0;
  /// In order of (kind, day, entry).
  [[nodiscard]] virtual Status records(const RecordFilter& filter, const Visit<Record>& visit) = 0;
  [[nodiscard]] virtual Result<std::optional<Record>> record(const EventId& id) = 0;
  /// The same without opening anything: what stands in clear.
  struct ClearRecord {
    std::string kind;
    std::optional<ClientId> client;
    ClearValues clear;
  };
  [[nodiscard]] virtual Status clear_records(const RecordFilter& filter, const Visit<ClearRecord>& visit) = 0;
  /// Every woman's row as it stands in clear: who stands for her, status, intensity, last spoken. Opens nothing.
  struct ClearClient {
    ClientId id, cluster;
    std::string status, intensity;
    std::optional<UserId> primary_contact, second_contact;
    std::optional<int> last_spoken_day;  ///< of her cluster
    std::optional<int> since_day;        ///< first known of
  };
  [[nodiscard]] virtual Result<std::vector<ClearClient>> clear_clients() = 0;
  /// Events of a kind (fact number) whose id lies between `first` and `last`, both included: for the beginning of an id.
  [[nodiscard]] virtual Result<std::vector<EventId>> events_between(int kind, const EventId& first, const EventId& last) = 0;
  /// What a retention term may end: contacts with nobody known before a date; records of a kind whose day (or, when it
  /// has one and `by_until`, end) lies before it. Also what was taken back.
  [[nodiscard]] virtual Result<std::vector<EventId>> unknown_contacts_before(std::string_view date) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> count_unknown_contacts_before(std::string_view date) = 0;
  [[nodiscard]] virtual Result<std::vector<EventId>> records_before(std::string_view kind, std::string_view date, bool by_until) = 0;
  /// The last day on which something was recorded about each woman, linked ones apart. Reads the event store through.
  [[nodiscard]] virtual Result<std::map<ClientId, int>> last_content_days() = 0;
  /// Contacts of her cluster by half-year ("2026-H1") and channel, as an erasure keeps them.
  [[nodiscard]] virtual Result<std::vector<KeptCount>> counts_to_keep(const ClientId& client) = 0;
  /// Counts of erased dossiers.
  [[nodiscard]] virtual Status kept_counts(const Visit<KeptCount>& visit) = 0;
  /// Two contacts of one woman (linked ones are one) on one day, by different authors; from what stands in clear.
  struct ContactPair {
    EventId first, second;
    ClientId client;                     ///< who stands for her
    UserId first_author, second_author;
    std::int64_t first_ms = 0, second_ms = 0;              ///< as shown
    std::uint32_t first_minutes = 0, second_minutes = 0;   ///< 0: not stated
  };
  /// The newest day first, until `visit` says that it is enough (false).
  [[nodiscard]] virtual Status same_day_contacts(std::string_view since_date, const std::function<Result<bool>(const ContactPair&)>& visit) = 0;
  /// Contacts a day by channel since a date, as the overview counts them. In order of day.
  struct DayCount {
    int day = 0;
    std::string channel;
    std::uint64_t contacts = 0;
  };
  [[nodiscard]] virtual Result<std::vector<DayCount>> contacts_by_day(std::string_view since_date) = 0;

  /// What is written about a woman (linked ones are one), in order of when it was: contacts when they were, records on their
  /// day, follow-ups when they are due.
  enum class MomentKind : std::uint8_t { kContact = 1, kRecord, kFollowUp };
  struct Moment {
    std::int64_t at_ms = 0;
    EntryRef place = 0;                  ///< tells moments of one instant apart
    MomentKind kind = MomentKind::kContact;
    EventId id;
  };
  /// The newest first, at most `limit`; `before`: only what comes after that one. Opens nothing.
  [[nodiscard]] virtual Result<std::vector<Moment>> timeline(const ClientId& client, const std::optional<Moment>& before, std::size_t limit) = 0;
  /// How much is written about her; contacts that were taken back among them. Of a kind, her newest records by day, opened.
  struct DossierCounts {
    std::uint64_t contacts = 0, records = 0, follow_ups_open = 0;
  };
  [[nodiscard]] virtual Result<DossierCounts> dossier_counts(const ClientId& client) = 0;
  [[nodiscard]] virtual Result<std::vector<Record>> newest_records(const ClientId& client, std::string_view kind, std::size_t limit) = 0;
  /// When she was spoken with, in order of time, and for how long (0: not stated). Opens nothing.
  struct Talk {
    std::int64_t at_ms = 0;
    std::uint32_t minutes = 0;
  };
  [[nodiscard]] virtual Result<std::vector<Talk>> talks_with(const ClientId& client) = 0;
  [[nodiscard]] virtual Result<std::optional<FollowUp>> follow_up(const EventId& id) = 0;
  /// Which clients' rows may have changed since the number that was given last (0: the first time), and the number now. Within
  /// one process; for what is remembered of them.
  struct ClientChanges {
    std::uint64_t now = 0;
    bool all = false;                    ///< too many to name, or nobody can tell
    std::vector<ClientId> clients;
  };
  [[nodiscard]] virtual ClientChanges client_changes(std::uint64_t since) const = 0;
  [[nodiscard]] virtual Status follow_ups(const std::optional<ClientId>& client, bool with_done, const Visit<FollowUp>& visit) = 0;
  [[nodiscard]] virtual Status rounds(const Visit<Round>& visit) = 0;
  [[nodiscard]] virtual Status review_cases(const Visit<ReviewCase>& visit) = 0;
  [[nodiscard]] virtual Status quarantine(const Visit<Quarantined>& visit) = 0;
  [[nodiscard]] virtual Result<std::vector<UserView>> users() = 0;
  [[nodiscard]] virtual Result<std::vector<DeviceView>> devices() = 0;

  // For the merge only.
  [[nodiscard]] virtual Result<std::int64_t> cursor() = 0;
  [[nodiscard]] virtual Result<int> fold_version() = 0;                     ///< 0: never folded
  [[nodiscard]] virtual Result<std::optional<std::pair<LogId, journal::Position>>> own_head() = 0;
  [[nodiscard]] virtual Status own_entries(std::uint64_t from_seq, const Visit<OwnEntry>& visit) = 0;
  /// An aggregate's events: the one whose id it is, and all linked to it; in any admission.
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_of(const AggregateId& aggregate) = 0;
  [[nodiscard]] virtual Result<bool> has_links(const AggregateId& aggregate) = 0;
  /// Every entry of a log from `from_seq` on, all branches; bytes left closed (empty).
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_of_log(const DeviceId& device, const LogId& log,
                                                                        std::uint64_t from_seq) = 0;
  [[nodiscard]] virtual Result<std::vector<LogId>> logs_of(const DeviceId& device) = 0;
  /// Entries of a device that are set apart; bytes left closed.
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_set_apart(const DeviceId& device) = 0;
  /// Entries recorded in that boot with a clock not known to be right.
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_of_boot(const ByteArray<kIdBytes>& boot_id) = 0;
  [[nodiscard]] virtual Result<bool> is_dropped(const EventId& event) = 0;
  /// Entries that name a client or are sealed under her key; bytes left closed.
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_about(const ClientId& client) = 0;
  [[nodiscard]] virtual Status all_dropped(const Visit<StoredEntry>& visit) = 0;
  /// Opened.
  [[nodiscard]] virtual Result<StoredEntry> entry(EntryRef ref) = 0;
  /// Under whose key an event was sealed; nothing when it has not come.
  [[nodiscard]] virtual Result<std::optional<KeyOwner>> owner_of(const EventId& event) = 0;
  /// Different events in the store, in any admission.
  [[nodiscard]] virtual Result<std::uint64_t> event_count() = 0;
  [[nodiscard]] virtual Status all_entries(const Visit<StoredEntry>& visit) = 0;
  /// Of one device the newest admitted events of these kinds, opened; the newest first, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> newest_entries(const DeviceId& device, const std::vector<int>& kinds, std::size_t limit) = 0;
  /// Facts of the server's own log by kind (>= 60), or unknown facts (0).
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_of_kind(int kind) = 0;
  [[nodiscard]] virtual Result<std::vector<std::pair<EntryRef, HeldEntry>>> held_with(const KeyId& seal_key) = 0;
  [[nodiscard]] virtual Status all_held(const Visit<HeldEntry>& visit) = 0;
  [[nodiscard]] virtual Result<std::vector<UnverifiedRun>> runs_of(const DeviceId& device, const UserId& author) = 0;
  /// Entries (opened or held) of an unverified run, bytes left closed.
  [[nodiscard]] virtual Result<std::vector<StoredEntry>> entries_of_run(const ByteArray<kIdBytes>& run) = 0;
  [[nodiscard]] virtual Result<std::vector<crypto::Key>> seal_keys(const LogId& log, const KeyId& id) = 0;

  // For the second copy (sync_server/backup).
  [[nodiscard]] virtual Result<KeysVersion> keys_version() = 0;
  /// The data key first; then every owner's key that was not destroyed.
  [[nodiscard]] virtual Status owner_keys(const Visit<OwnerKey>& visit) = 0;
  [[nodiscard]] virtual Status secrets(const Visit<SecretRecord>& visit) = 0;
  [[nodiscard]] virtual Status all_seal_keys(const Visit<SealKeyRecord>& visit) = 0;
  /// In order of (chain, seq). Opens nothing.
  [[nodiscard]] virtual Status sealed_entries(const Visit<SealedEntry>& visit) = 0;
  [[nodiscard]] virtual Status unverified_runs(const Visit<UnverifiedRun>& visit) = 0;
  [[nodiscard]] virtual Result<std::vector<SecuredThrough>> secured(const DeviceId& device) = 0;
};

}  // namespace lantaarn::server
