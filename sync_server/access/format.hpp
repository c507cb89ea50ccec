#pragma once
// Constants of FORMAT.md.

#include <cstdint>
#include <string_view>

namespace lantaarn::server::access {

inline constexpr std::int32_t kLogApplicationId = 0x4c4e5441;       // "LNTA"
inline constexpr std::int32_t kAccountsApplicationId = 0x4c4e5455;  // "LNTU"
inline constexpr std::string_view kLogChainContext = "lantaarn access log 1";
inline constexpr std::string_view kLogSignContext = "access log";
static_assert(kLogChainContext.size() == 21);

inline constexpr std::uint32_t kFlagTreatmentRelation = 1;
inline constexpr std::uint32_t kFlagReasonGiven = 2;
inline constexpr std::uint32_t kFlagEmergency = 4;
inline constexpr std::uint32_t kFlagConsent = 8;

}  // namespace lantaarn::server::access
