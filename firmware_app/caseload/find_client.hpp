#pragma once
// From what was typed to one woman of the caseload. Pure.

#include "firmware_app/caseload/cards.hpp"

namespace lantaarn::firmware {

inline constexpr std::size_t kShortIdDigits = 8;
inline constexpr std::size_t kIdPrefixDigitsMin = 6;
inline constexpr std::size_t kCandidatesMax = 5;

/// "Roos (3fa4c1d2)": for a person who must choose.
[[nodiscard]] std::string candidate_text(const CaseCard& card);

/// One whole name: spelled exactly so, else the same when folded (fold_name). kRefused "client_unknown" {near ones},
/// "client_ambiguous" {the ones that fit}; "alias_empty".
[[nodiscard]] Result<ClientId> find_client(const std::vector<CaseCard>& cards, std::string_view name);

/// A client id in hex: whole (of anyone: a colleague may have read it out), or a unique beginning of at least
/// kIdPrefixDigitsMin digits of one on a card. kRefused "id_invalid" | "client_unknown" | "client_ambiguous".
[[nodiscard]] Result<ClientId> find_client_by_id(const std::vector<CaseCard>& cards, std::string_view hex);

/// Cards of which a name, folded, contains `query`, folded; all when it is empty.
[[nodiscard]] std::vector<CaseCard> search_cards(const std::vector<CaseCard>& cards, std::string_view query);

}  // namespace lantaarn::firmware
