#pragma once
// What can be read from the registry: plain values, opened. Every value says where it comes from. Instants are
// milliseconds UTC, dates "2026-11-22" in Amsterdam, codes as in common/model/codes.

#include <optional>
#include <string>
#include <vector>

#include "common/base/id.hpp"
#include "common/crypto/dh.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"

namespace lantaarn::server {

/// Which fact said so, by whom, on which handheld.
struct Provenance {
  EventId event;
  UserId author;
  DeviceId device;
  std::int64_t recorded_ms = 0;  ///< as that clock said
  bool clock_ok = false;
  bool operator==(const Provenance&) const = default;
};

/// One value that is in force, or competes to be.
struct FieldHead {
  Provenance from;
  std::string value;           ///< canonical text, common/model/fields.hpp
  std::string effective_date;  ///< "" = not stated
  bool operator==(const FieldHead&) const = default;
};

/// A field with its heads. The first is the provisional one: greatest (clock_ok, recorded_ms, event id).
struct FieldView {
  std::string field;
  std::vector<FieldHead> heads;  ///< never empty
  [[nodiscard]] const std::string& value() const { return heads.front().value; }
  /// Two people changed it without seeing one another's value, and they differ: a review case.
  [[nodiscard]] bool contested() const;
  bool operator==(const FieldView&) const = default;
};
/// "" when no such field was ever set.
[[nodiscard]] const std::string& value_of(const std::vector<FieldView>& fields, std::string_view field);

struct Client {
  ClientId id;
  ClientId cluster;                  ///< who stands for her and carries what is read; herself when alone
  bool added = false;                ///< false: contacts name her, but her ClientAdded has not come yet
  std::vector<std::string> aliases;  ///< preferred names, in order of (recorded time, event)
  std::vector<FieldView> fields;     ///< status, intensity, primary_contact, second_contact; those ever set
  std::string status;                ///< "in_view" unless said otherwise
  std::string intensity;             ///< "" = none in force
  std::optional<UserId> primary_contact;
  std::optional<UserId> second_contact;
  std::string last_spoken_date;      ///< "" = never
};

/// Where an entry stands in its log.
struct EntryPlace {
  DeviceId device;
  LogId log;
  std::uint64_t seq = 0;
  Hash hash{};
  Hash previous{};
  bool operator==(const EntryPlace&) const = default;
};

struct Contact {
  EventId id;
  std::optional<ClientId> client;        ///< nothing: an unknown person
  std::int64_t occurred_at_ms = 0;       ///< as recorded or amended
  std::optional<std::int64_t> repaired_at_ms;  ///< better, when that clock was wrong and the server saw it: for display
  std::string channel, place, outcome;
  std::vector<std::string> topics, areas;
  std::optional<std::uint32_t> minutes, indirect_minutes;
  std::string note, description;
  bool amended = false;
  bool retracted = false;
  std::string retraction_reason;
  bool counted = true;                   ///< false: the same conversation is counted with a colleague's contact
  std::vector<FieldView> fields;         ///< every field with its heads
  UserId author;
  EntryPlace entry;
  std::int64_t recorded_ms = 0;
  std::int64_t received_ms = 0;
  std::string round_id;                  ///< hex; "" = none
  [[nodiscard]] std::int64_t shown_at_ms() const { return repaired_at_ms.value_or(occurred_at_ms); }
};

/// One of common/model/record_kinds.hpp.
struct Record {
  EventId id;
  std::string kind;
  std::optional<ClientId> client;
  std::vector<FieldView> fields;         ///< every stated field with its heads
  bool amended = false;
  bool retracted = false;
  std::string retraction_reason;
  UserId author;
  EntryPlace entry;
  std::int64_t recorded_ms = 0;
  std::int64_t received_ms = 0;
};

struct FollowUp {
  EventId id;
  std::optional<ClientId> client;
  std::optional<EventId> contact;
  std::string due_date;
  std::string text;
  std::string kind;                      ///< code list follow_up_kind
  std::optional<UserId> owner;
  UserId author;
  bool done = false;
};

struct Round {
  RoundId id;
  std::optional<UserId> owner;           ///< nothing while its RoundStarted has not come
  std::vector<std::string> places;
  std::vector<std::string> colleagues;
  std::optional<std::int64_t> started_ms, ended_ms;
  std::int64_t head_count = 0;
};

enum class OwnerKind : std::uint8_t { kClient = 1, kContact = 2, kRecord = 3 };

/// Derived: a field with two values that nobody has chosen between. It closes itself once one change names both heads.
struct ReviewCase {
  ByteArray<kIdBytes> id{};              ///< hash of (owner, field, sorted heads)
  OwnerKind owner_kind = OwnerKind::kClient;
  ByteArray<kIdBytes> owner{};           ///< client id, or the contact's or record's event id
  std::optional<ClientId> client;
  FieldView field;
};

/// Set apart: kept, not counted, shown with its reason.
struct Quarantined {
  std::string reason;                    ///< error code with a sentence in common/words, e.g. "author_unknown"
  EntryPlace entry;
  UserId author;
  std::optional<EventId> event;          ///< nothing when it could not be opened
  std::int64_t received_ms = 0;
};

struct BoundUser {
  UserId user;
  crypto::BoxPublicKey box_key{};
  crypto::VerifyKey verify_key{};
  bool operator==(const BoundUser&) const = default;
};

struct LogView {
  LogId log;
  std::uint64_t saved = 0;               ///< what the handheld said at its last session
  std::uint64_t received = 0;
  std::uint64_t merged = 0;              ///< everything up to here is in the registry, or set apart with a reason
  std::uint64_t set_apart = 0;
};

/// What was asked of a handheld.
struct DirectiveView {
  EventId id;
  std::string directive;                 ///< code list directive, never "unlock": that one lifts a lock
  std::optional<UserId> user;            ///< revoke_user: who
  UserId given_by;
  std::int64_t given_ms = 0;
  std::int64_t carried_out_ms = 0;       ///< 0: not yet, as far as the handheld has said
  bool lifted = false;                   ///< a lock that was taken off again
  [[nodiscard]] bool is_outstanding() const { return carried_out_ms == 0 && !lifted; }
  bool operator==(const DirectiveView&) const = default;
};

/// How a handheld may be used without a sync.
struct DeviceTerms {
  std::uint32_t lease_days = 7;
  std::uint32_t lease_boots = 40;
  bool strict = false;
  bool duress_pin = false;
  std::uint32_t wrong_pins_max = 10;
  bool operator==(const DeviceTerms&) const = default;
};

struct DeviceView {
  DeviceId id;
  std::string name;
  std::vector<UserId> users;             ///< who may be enrolled on it
  std::optional<crypto::DhPublicKey> channel_key;  ///< nothing: not enrolled yet
  std::vector<BoundUser> bound;          ///< in order of binding; a user who enrolled again counts with her last
  bool revoked = false;
  std::vector<LogView> logs;
  std::int64_t last_seen_ms = 0;         ///< 0: never
  std::vector<DirectiveView> directives = {};  ///< in order of giving
  DeviceTerms terms = {};                ///< its own, else those of every handheld, else the first ones above
  /// The last binding of a user.
  [[nodiscard]] const BoundUser* binding_of(const UserId& user) const;
  /// A lock was given and not taken off: no lease until then.
  [[nodiscard]] bool locked() const;
  /// Nothing is left on it; whoever comes with its key is a copy.
  [[nodiscard]] bool wiped() const;
  /// Users who were revoked here are neither in `users` nor in `bound`.
  [[nodiscard]] bool has_revoked(const UserId& user) const;
};

struct UserView {
  UserId id;
  std::string name;
  std::string role;
};

struct Overview {
  struct Women { std::string status, intensity; std::uint64_t clients = 0, in_contact = 0; };
  struct Contacts { std::string channel, place; std::uint64_t contacts = 0; };
  std::string date;
  std::vector<Women> women;              ///< by status and intensity
  std::uint64_t in_view = 0;
  std::uint64_t in_contact = 0;          ///< in view, an intensity in force, spoken with in the last 42 days
  std::vector<Contacts> contacts;        ///< by channel and place, of the period asked for
  std::uint64_t unknown_persons = 0;     ///< contacts without a client, of all time
  std::uint64_t kept_contacts = 0;       ///< contacts of dossiers that were erased, of all time
  std::uint64_t out_of_sight = 0;        ///< in view, no conversation for as long as her intensity allows
  std::vector<FollowUp> follow_ups_due;  ///< not done, due on or before the date; id, client, date and owner: the rest stays closed
  std::vector<DeviceView> handhelds;
  std::uint64_t review_cases = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t unknown_facts = 0;       ///< from newer handhelds: kept, merged after an upgrade
};

}  // namespace lantaarn::server
