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
constexpr string_view kClosedReasons[] = {"referred", "own_wish", "moved", "died", "other"};
constexpr string_view kSafeContacts[] = {"in_person_only", "calling", "messaging"};
constexpr string_view kFollowUpKinds[] = {"ordinary", "legal_help"};
constexpr string_view kAppointments[] = {"sti_test", "intake", "municipality", "doctor", "hospital", "court", "bank", "housing", "other"};
// Partners of a referral, then who else may be told something with consent.
constexpr string_view kPartners[] = {"f_act", "ggd_special_care", "sexual_health", "ribw", "terecht", "levenskracht",
                                     "domus", "skaeve_huse", "overweeghuis", "shelter", "general_practitioner",
                                     "municipality", "debt_help", "other"};
constexpr string_view kGoalStates[] = {"active", "reached", "stopped"};
constexpr string_view kInstruments[] = {"zrm_2017", "zrm_2013"};
constexpr string_view kReferralStates[] = {"announced", "waiting", "started", "declined", "completed"};
constexpr string_view kTariffs[] = {"time_out_day"};
constexpr string_view kBudgetItems[] = {"clothing", "food", "sleeping_bag", "hygiene", "transport", "documents", "phone", "other"};
constexpr string_view kBottlenecks[] = {"no_time_out_place", "few_shelter_places", "clinical_admission_wait", "own_contribution",
                                        "housing_shortage", "other"};
constexpr string_view kEscalationLevels[] = {"coordinator", "process_director", "mo"};
constexpr string_view kActivities[] = {"core_team", "project_group", "steering_committee", "governance", "other_parties",
                                       "casework_direct", "casework_indirect"};
constexpr string_view kHoursRoles[] = {"leader", "support"};
constexpr string_view kTrends[] = {"rising", "same", "falling"};
constexpr string_view kPlanning[] = {"step", "decision", "end_date", "evaluation"};
constexpr string_view kConsentStates[] = {"given", "refused", "withdrawn", "not_now"};
constexpr string_view kConsentHow[] = {"signed", "oral"};

constexpr string_view kDirectives[] = {"lock", "unlock", "wipe", "revoke_user", "renew_keys"};
constexpr string_view kErasureGrounds[] = {"her_request", "retention", "recorded_wrongly", "other"};

constexpr CodeList kLists[] = {
    {"channel", kChannels},
    {"place", kPlaces},
    {"outcome", kOutcomes},
    {"topic", kTopics},
    {"area", kAreas},
    {"intensity", kIntensities},
    {"status", kStatuses},
    {"closed_reason", kClosedReasons},
    {"safe_contact", kSafeContacts},
    {"follow_up_kind", kFollowUpKinds},
    {"appointment", kAppointments},
    {"partner", kPartners},
    {"goal_state", kGoalStates},
    {"instrument", kInstruments},
    {"referral_state", kReferralStates},
    {"budget_item", kBudgetItems},
    {"tariff", kTariffs},
    {"bottleneck", kBottlenecks},
    {"escalation_level", kEscalationLevels},
    {"activity", kActivities},
    {"hours_role", kHoursRoles},
    {"trend", kTrends},
    {"planning", kPlanning},
    {"consent_state", kConsentStates},
    {"consent_how", kConsentHow},
    {"erasure_ground", kErasureGrounds},
    {"role", kRoles},
    {"directive", kDirectives},
};

// Of the system and of the help that exists in a city; never of where or what she is, nor of who may decide about her.
constexpr string_view kExtensible[] = {"topic", "appointment", "partner", "budget_item", "bottleneck"};

constexpr string_view kOwnPrefix = "x_";
constexpr std::size_t kOwnLettersMin = 2;
constexpr std::size_t kOwnLettersMax = 30;

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

bool is_extensible(string_view kind) { return std::find(std::begin(kExtensible), std::end(kExtensible), kind) != std::end(kExtensible); }

bool is_own_code(string_view code) {
  if (!code.starts_with(kOwnPrefix)) return false;
  const string_view letters = code.substr(kOwnPrefix.size());
  if (letters.size() < kOwnLettersMin || letters.size() > kOwnLettersMax) return false;
  return std::all_of(letters.begin(), letters.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Status check_code(string_view kind, string_view code) {
  if (is_code(kind, code) || (is_extensible(kind) && is_own_code(code))) return {};
  std::string valid;
  for (string_view known : codes_of(kind)) {
    if (!valid.empty()) valid += ", ";
    valid += known;
  }
  return refused("unknown_code", {std::string(kind), std::string(code), valid});
}

}  // namespace lantaarn::model
