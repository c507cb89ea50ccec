#include "common/model/codes.hpp"

#include <algorithm>

namespace lantaarn::model {
namespace {

using std::string_view;

constexpr string_view kChannels[] = {"in_person", "phone", "message", "accompanied", "home_visit", "video"};
constexpr string_view kPlaces[] = {"zone", "loods", "huiskamer", "elsewhere", "home", "institution", "office"};
constexpr string_view kOutcomes[] = {"spoken", "seen", "declined", "no_show", "not_found"};
constexpr string_view kTopics[] = {"safe_working", "substances", "sexual_health", "contraception",
                                   "money", "housing", "other_work", "safety_violence",
                                   "children_family", "rights_papers", "daily_life", "discussed_not_recorded"};
// The 13 domains of the Zelfredzaamheid-Matrix 2017.
constexpr string_view kAreas[] = {"finances", "work_education", "time_use", "housing", "domestic_relations",
                                  "mental_health", "physical_health", "substance_use", "adl_basic",
                                  "adl_instrumental", "social_network", "participation", "justice"};
constexpr string_view kIntensities[] = {"intensive", "light_supplementary", "light_consultative"};
constexpr string_view kStatuses[] = {"in_view", "closed"};
constexpr string_view kRoles[] = {"case_manager", "expert_by_experience", "coordinator",
                                  "administrator", "data_protection_officer", "project_lead"};

constexpr CodeList kLists[] = {
    {"channel", kChannels}, {"place", kPlaces},         {"outcome", kOutcomes}, {"topic", kTopics},
    {"area", kAreas},       {"intensity", kIntensities}, {"status", kStatuses}, {"role", kRoles},
};

}  // namespace

std::span<const CodeList> code_lists() { return kLists; }

std::span<const string_view> codes_of(string_view kind) {
  const auto* list = std::find_if(std::begin(kLists), std::end(kLists), [&](const CodeList& l) { return l.kind == kind; });
  return list == std::end(kLists) ? std::span<const string_view>{} : list->codes;
}

bool is_code(string_view kind, string_view code) {
  const auto codes = codes_of(kind);
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Status check_code(string_view kind, string_view code) {
  if (is_code(kind, code)) return {};
  std::string valid;
  for (string_view known : codes_of(kind)) {
    if (!valid.empty()) valid += ", ";
    valid += known;
  }
  return refused("unknown_code", {std::string(kind), std::string(code), valid});
}

}  // namespace lantaarn::model
