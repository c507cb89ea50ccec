#pragma once
// The small sealed records that this program keeps beside the journal's entries (common/journal: Companion): what each
// kind is, and how one is sealed to a user. Keys are opaque ids; values are sealed to a user's box key and padded, and name
// her in clear, as an entry names its author: what is hers goes without her PIN when her lease is over.

#include <optional>

#include "common/crypto/seal.hpp"
#include "common/journal/journal.hpp"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::firmware {

/// Never renumbered.
enum CompanionKind : int {
  kRoundKeyCompanion = 1,     ///< key: round id. The readable copy of an open round
  kDeskKeyCompanion = 2,      ///< key: random. The same for contacts logged outside a round
  kHeadsCompanion = 3,        ///< key: event id of an own contact or record, else key_of_own. What the next correction names as seen; ids only
  kProvisionalCompanion = 4,  ///< key: client id. A card the server does not carry yet
  kClosingCompanion = 5,      ///< key: none. A readable copy was removed; the file may still hold it
  kDoneCompanion = 6,         ///< key: event id of a follow-up that was done here
  kOwnChangesCompanion = 7,   ///< key: key_of_own(client id). What was changed about her here and her card does not carry yet
  kDraftCompanion = 9,        ///< key: draft id. A contact or record that is not finished (capture/kept_draft.hpp)
  kTallyCompanion = 10,       ///< key: key_of_own(nobody). Her tally of visits of one day: a number about nobody (capture/visits.hpp)
  kKeptFromCompanion = 8,     ///< key: of a round or desk. In clear: log id ‖ u64 seq from which its entries are still read here
};

inline constexpr std::size_t kCompanionPadBytes = 256;

/// Owner 16 ‖ sealed box to her of: u32 size ‖ plain ‖ zeros to a multiple of kCompanionPadBytes.
[[nodiscard]] journal::Companion seal_companion(CompanionKind kind, ByteView key, const UnlockedUser& owner, ByteView plain);
/// Nothing when it is another user's, or altered. Those without an owner in front open too.
[[nodiscard]] std::optional<crypto::SecretBytes> open_companion(const crypto::BoxKey& key, ByteView value);
/// Whose it is; nothing when it does not say.
[[nodiscard]] std::optional<UserId> owner_of_companion(ByteView value);
/// The key for what several users of one handheld may each keep about the same thing.
[[nodiscard]] Bytes key_of_own(const UserId& user, ByteView id);
/// What to hand to Journal::save to take one away.
[[nodiscard]] inline journal::Companion removed_companion(CompanionKind kind, ByteView key) { return {kind, to_bytes(key), {}}; }

}  // namespace lantaarn::firmware
