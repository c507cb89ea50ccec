#pragma once
// What the merge hands to the registry and takes back from it: entries with their events, and folded views. The
// registry seals, stores and opens; it decides nothing about them.

#include "sync_server/registry/views.hpp"

namespace lantaarn::server {

/// What became of an entry. Stored: never renumbered. reason_of() names it.
enum class Admission : std::uint8_t {
  kAdmitted = 0,
  kAuthorUnknown = 1,        ///< not on the device's user list
  kSignatureWrong = 2,
  kEventInvalid = 3,
  kEventUnreadable = 4,
  kAuthorMismatch = 5,       ///< the event names another author than the signed entry
  kServerFact = 6,           ///< a handheld stated what only the server may
  kFork = 7,
  kDeviceRevoked = 8,
  kSealKeyUnknown = 9,
  kNotAuthentic = 10,
  kUserRevoked = 11,         ///< its author may not use that handheld any more
};
/// "" when admitted; else an error code of common/words (one whose sentence needs no arguments).
[[nodiscard]] std::string_view reason_of(Admission admission);

/// Whose key seals an event: a client's, a contact's own (unknown person, or a correction that came before its
/// contact), or nobody's (the registry data key).
using KeyOwner = std::optional<ByteArray<kIdBytes>>;
using AggregateId = ByteArray<kIdBytes>;

/// The registry numbers places with 40 bits of seq; no handheld gets there.
inline constexpr std::uint64_t kSeqMax = (std::uint64_t{1} << 40) - 1;

/// An entry and its event as the event store keeps them.
struct EntryRecord {
  EntryPlace place;
  UserId author;                         ///< of the entry's header, whose signature covers it
  EventId event;
  int kind = 0;                          ///< field number of the fact; 0: this program does not know it
  std::optional<ClientId> client;
  std::vector<AggregateId> links;        ///< aggregates (other than the event itself) that are folded from it
  std::int64_t recorded_ms = 0;
  std::int64_t received_ms = 0;
  bool clock_ok = false;
  ByteArray<kIdBytes> boot_id{};         ///< kept for entries whose clock was not known to be right
  bool verified = false;                 ///< a key bound to this device and author has verified its run
  Admission verdict = Admission::kAdmitted;    ///< what the bytes alone say
  Admission admission = Admission::kAdmitted;  ///< what follows from the whole set
  KeyOwner owner;
  Bytes bytes;                           ///< the event's, sealed at rest
};

/// An entry that cannot be opened yet; kept as it came.
struct HeldEntry {
  EntryPlace place;
  UserId author;
  KeyId seal_key;
  std::int64_t received_ms = 0;
  bool verified = false;
  Admission admission = Admission::kSealKeyUnknown;
  Bytes raw;
};

/// A local handle to a stored entry; means nothing outside this store.
using EntryRef = std::int64_t;

/// An entry as it lies in the event store: what a second copy takes.
struct SealedEntry {
  EntryPlace place;
  std::int64_t chain = 0;                ///< local number of what lies together; its seqs grow
  UserId author;
  EventId event;                         ///< zero while held
  bool held = false;
  bool dropped = false;
  KeyOwner owner;                        ///< whose key opens the box
  std::int64_t received_ms = 0;
  bool verified = false;
  Admission admission = Admission::kAdmitted;
  Bytes box;                             ///< bound to the event id; the entry itself while held; empty when dropped
};

struct StoredEntry : EntryRecord {
  EntryRef ref = 0;
  bool first = true;                     ///< the event's first entry here; its views hang on that one's ref
  bool held = false;                     ///< not opened yet: no event, no bytes
  bool dropped = false;                  ///< erased, or its term ended: place and event id are kept, nothing else
};

/// What add_entry found.
struct Added {
  EntryRef ref = 0;
  bool known = false;                    ///< this very entry was there already: nothing changed
  bool was_verified = false;             ///< the known entry was
  bool dropped = false;                  ///< … and nothing is kept of it but its place
  bool repeated = false;                 ///< the event was there already, in another entry
  struct Beside { Hash hash{}; Hash previous{}; };
  std::optional<Beside> beside;          ///< another entry stands at the same place of the log: a fork
};

/// The end of a run of one author's entries that no key has verified yet.
struct UnverifiedRun {
  ByteArray<kIdBytes> id{};
  DeviceId device;
  LogId log;
  UserId author;
  std::uint64_t seq = 0;
  Hash hash{};
  crypto::Signature signature{};
};

/// A client as folded; the one that stands for a cluster is folded from all its members' events. Fields and aliases are
/// sealed under her key; status, intensity and contacts stand clear.
struct ClientFold {
  ClientId id;
  ClientId cluster;                      ///< who stands for her: the smallest id of those linked; herself when alone
  bool added = false;
  std::optional<int> since_day;          ///< when she was first added, as that clock said
  std::vector<std::string> aliases;
  std::vector<FieldView> fields;
};

/// A contact as folded.
struct ContactFold {
  EventId id;
  EntryRef anchor = 0;                   ///< of the event's first entry
  EntryRef shown = 0;                    ///< the admitted entry it is shown with
  bool fresh = false;                    ///< no view of it exists yet
  std::optional<ClientId> client;
  std::int64_t occurred_at_ms = 0;
  std::optional<std::int64_t> repaired_at_ms;
  std::string channel, place, outcome;
  std::optional<std::uint32_t> minutes, indirect_minutes;
  bool retracted = false;
  std::string retraction_reason;
  std::vector<FieldView> fields;         ///< empty: as logged, nothing was ever corrected
};

/// What of a record stands in clear (record_kinds.hpp says which fields): counting opens nothing.
struct ClearValues {
  std::optional<int> day, until;         ///< days since 1970
  std::string code, subcode;
  std::optional<std::int64_t> amount;    ///< cents, minutes or a count
};

/// A record as folded.
struct RecordFold {
  EventId id;
  EntryRef anchor = 0;
  EntryRef shown = 0;
  bool fresh = false;
  std::string kind;
  std::optional<ClientId> client;
  ClearValues clear;
  bool retracted = false;
  std::string retraction_reason;
  std::vector<FieldView> fields;         ///< empty: as added, nothing was ever changed
};

/// What an erased dossier leaves in every later account.
struct KeptCount {
  std::string period;                    ///< "2026-H1"
  std::string channel;
  std::uint64_t contacts = 0;
};

struct FollowUpFold {
  EventId id;
  EntryRef anchor = 0;
  EntryRef shown = 0;
  bool fresh = false;
  std::optional<ClientId> client;
  int due_day = 0;                       ///< days since 1970
  std::optional<UserId> owner;
  bool done = false;
};

}  // namespace lantaarn::server
