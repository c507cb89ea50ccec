#pragma once
// Cards: a user's caseload as her handheld carries it (common/model/cards.proto), made from the registry's views.

#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

inline constexpr int kCardContactDays = 14;
inline constexpr int kCardAppointmentDays = 14;
/// What one handheld carries of one person, and of one user's people, so that nobody's data keeps others from theirs: the
/// earliest due, the latest logged. Beyond these the registry has it all.
inline constexpr std::size_t kCardFollowUpsMax = 100;
inline constexpr std::size_t kCardContactsMax = 100;
inline constexpr std::size_t kCardRecordsMax = 60;
inline constexpr std::size_t kCardAliasesMax = 20;
inline constexpr std::size_t kCardHeadsMax = 16;          ///< per field
inline constexpr std::size_t kCaseloadCardsMax = 1000;
inline constexpr std::size_t kCaseloadBytesMax = 8 * 1024 * 1024;
inline constexpr std::size_t kCardPartBytesMax = 32 * 1024;  ///< a part is split above this, never inside a card

/// Serialised model::pb::CardBundle parts, at least one: clients whose primary or second contact is `user`, with heads
/// per field, open follow-ups, last spoken date, the heads of her own contacts of the last 14 days, and what is in force
/// about each (common/model/FORMAT.md has the table): to an expert by experience attention notes and consent only.
[[nodiscard]] Result<std::vector<Bytes>> make_cards(Registry& registry, const UserId& user, std::string_view today,
                                                    std::uint64_t edition);

}  // namespace lantaarn::server
