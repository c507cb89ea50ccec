#pragma once
// From flags to drafts: what commands about a woman have in common.

#include "firmware_app/capture/drafts.hpp"
#include "firmware_app/caseload/find_client.hpp"
#include "firmware_app/cli/command_line.hpp"
#include "firmware_app/cli/folder.hpp"

namespace lantaarn::firmware::cli {

/// Refused with "usage" when flags exclude one another, and as a flag's value demands: "client_unknown",
/// "client_ambiguous", "minutes_invalid", "time_invalid", "date_invalid", "note_too_long", "file_unreadable". Once the lease is
/// over there are no cards: a name is taken as typed, as with --new; the beginning of an id is refused with "lease_ended".
[[nodiscard]] Result<ContactDraft> contact_draft(const Arguments& arguments, const std::vector<CaseCard>& cards, const Access& access);
[[nodiscard]] Result<ContactChanges> contact_changes(const Arguments& arguments, const std::vector<CaseCard>& cards, const Access& access);

/// Whom --client or --client-id means; nothing when neither was given.
[[nodiscard]] Result<std::optional<ClientId>> client_of(const Arguments& arguments, const std::vector<CaseCard>& cards);
/// A woman on a card by one of her names, else by her id or its beginning.
[[nodiscard]] Result<ClientId> client_called(const std::string& text, const std::vector<CaseCard>& cards);

/// True when these flags need the cards: a name, or the beginning of an id.
[[nodiscard]] bool needs_cards(const Arguments& arguments);
[[nodiscard]] inline Cards cards_for(const Arguments& arguments) { return needs_cards(arguments) ? Cards::kToLookUp : Cards::kNone; }

}  // namespace lantaarn::firmware::cli
