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
inline constexpr std::size_t kFieldChangesMax = 32;
inline constexpr std::size_t kHeadsPerChangeMax = 32;
inline constexpr std::size_t kEventBytesMax = 48 * 1024;

}  // namespace lantaarn::model
