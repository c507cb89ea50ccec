#pragma once
// Every limit on what people type, in one place; checked where it is written and where it is read.
// Characters are Unicode code points; an event of the largest parts stays under kEventBytesMax.

#include <cstddef>
#include <cstdint>

namespace lantaarn::model {

inline constexpr std::size_t kNoteCharactersMax = 1000;
inline constexpr std::size_t kAliasCharactersMax = 80;
inline constexpr std::size_t kDescriptionCharactersMax = 200;
inline constexpr std::size_t kFollowUpCharactersMax = 200;
inline constexpr std::size_t kReasonCharactersMax = 200;
inline constexpr std::size_t kNameCharactersMax = 80;
inline constexpr std::size_t kColleaguesMax = 10;
inline constexpr std::uint32_t kMinutesMax = 24 * 60;
inline constexpr std::int32_t kHeadCountDeltaMax = 200;
inline constexpr std::size_t kRecordTextCharactersMax = 300;
inline constexpr std::size_t kAttentionCharactersMax = 80;
inline constexpr int kAttentionDaysMax = 90;
inline constexpr std::int64_t kCountMax = 100'000;
inline constexpr std::int64_t kHoursMinutesMax = 100'000 * 60;
inline constexpr std::int64_t kCentsMax = 10'000'000'00;
inline constexpr std::size_t kLinkedMax = 50;          ///< clients of one decision
inline constexpr std::size_t kEventsEndedMax = 1500;   ///< events named by one erasure or one end of a term
inline constexpr std::size_t kKeptCountsMax = 500;
inline constexpr std::size_t kFieldChangesMax = 32;
inline constexpr std::size_t kHeadsPerChangeMax = 32;
inline constexpr std::size_t kCodeLabelCharactersMax = 60;
inline constexpr std::size_t kOwnCodesMax = 500;       ///< over all lists, withdrawn ones too
inline constexpr std::uint32_t kLeaseDaysMax = 90;
inline constexpr std::uint32_t kLeaseBootsMax = 1000;
inline constexpr std::uint32_t kWrongPinsMin = 3;      ///< the first three wrong PINs cost nothing but a try
inline constexpr std::uint32_t kWrongPinsMax = 100;
inline constexpr std::size_t kLogPositionsMax = 256;   ///< logs of one handheld in one fact
inline constexpr std::size_t kEventBytesMax = 48 * 1024;

}  // namespace lantaarn::model
