#include "common/model/record_kinds.hpp"

#include <algorithm>
#include <iterator>

#include "common/model/limits.hpp"

namespace lantaarn::model {
namespace {

constexpr bool kRequired = true;
constexpr bool kOptional = false;
using enum FieldType;

constexpr RecordField kAppointment[] = {{"date", kDate, kRequired},
                                        {"to", kCode, kRequired, "appointment"},
                                        {"attended", kYesNo},
                                        {"text", kText, kOptional, "", kRecordTextCharactersMax}};
constexpr RecordField kVisitCount[] = {{"date", kDate, kRequired},
                                       {"visits", kNumber, kRequired, "", kCountMax},
                                       {"unique", kNumber, kOptional, "", kCountMax},
                                       {"new", kNumber, kOptional, "", kCountMax},
                                       {"left", kNumber, kOptional, "", kCountMax}};
constexpr RecordField kGoal[] = {{"date", kDate, kRequired},
                                 {"area", kCode, kRequired, "area"},
                                 {"text", kText, kRequired, "", kRecordTextCharactersMax},
                                 {"state", kCode, kRequired, "goal_state"}};
constexpr RecordField kGoalStep[] = {{"date", kDate, kRequired},
                                     {"goal", kRecord, kRequired},
                                     {"text", kText, kRequired, "", kRecordTextCharactersMax},
                                     {"done", kYesNo}};
constexpr RecordField kZrmAssessment[] = {
    {"date", kDate, kRequired},      {"instrument", kCode, kRequired, "instrument"},
    {"trained", kYesNo, kRequired},  {"finances", kScore},
    {"work_education", kScore},      {"time_use", kScore},
    {"day_activities", kScore},      {"housing", kScore},
    {"domestic_relations", kScore},  {"mental_health", kScore},
    {"physical_health", kScore},     {"substance_use", kScore},
    {"addiction", kScore},           {"adl", kScore},
    {"adl_basic", kScore},           {"adl_instrumental", kScore},
    {"social_network", kScore},      {"participation", kScore},
    {"justice", kScore}};
constexpr RecordField kReferral[] = {{"announced", kDate, kRequired},
                                     {"partner", kCode, kRequired, "partner"},
                                     {"state", kCode, kRequired, "referral_state"},
                                     {"started", kDate},
                                     {"ended", kDate},
                                     {"text", kText, kOptional, "", kRecordTextCharactersMax}};
constexpr RecordField kTimeOutStay[] = {{"from", kDate, kRequired},
                                        {"through", kDate},
                                        {"text", kText, kOptional, "", kRecordTextCharactersMax}};
constexpr RecordField kTariff[] = {{"from", kDate, kRequired}, {"what", kCode, kRequired, "tariff"}, {"cents", kCents, kRequired}};
constexpr RecordField kBudgetGrant[] = {{"from", kDate, kRequired}, {"cents", kCents, kRequired}};
constexpr RecordField kBudgetSpending[] = {{"date", kDate, kRequired},
                                           {"what", kCode, kRequired, "budget_item"},
                                           {"cents", kCents, kRequired},
                                           {"text", kText, kOptional, "", kRecordTextCharactersMax},
                                           {"override", kText, kOptional, "", kReasonCharactersMax}};
constexpr RecordField kBottleneck[] = {{"since", kDate, kRequired},
                                       {"what", kCode, kRequired, "bottleneck"},
                                       {"until", kDate},
                                       {"asked", kText, kOptional, "", kNameCharactersMax},
                                       {"answer", kText, kOptional, "", kRecordTextCharactersMax},
                                       {"text", kText, kOptional, "", kRecordTextCharactersMax}};
constexpr RecordField kEscalation[] = {{"date", kDate, kRequired},
                                       {"to", kCode, kRequired, "escalation_level"},
                                       {"question", kText, kRequired, "", kRecordTextCharactersMax},
                                       {"ends", kDate, kRequired},
                                       {"told", kYesNo},
                                       {"not_told_because", kText, kOptional, "", kReasonCharactersMax},
                                       {"answer", kText, kOptional, "", kRecordTextCharactersMax}};
constexpr RecordField kHandover[] = {{"date", kDate, kRequired},
                                     {"from", kText, kRequired, "", kNameCharactersMax},
                                     {"to", kText, kRequired, "", kNameCharactersMax},
                                     {"told", kYesNo},
                                     {"joint_meeting", kYesNo},
                                     {"consent", kYesNo},
                                     {"dossier_read", kYesNo},
                                     {"accepted", kYesNo},
                                     {"ends", kDate},
                                     {"deletion_proof", kYesNo}};
constexpr RecordField kHours[] = {{"from", kDate, kRequired},
                                  {"through", kDate, kRequired},
                                  {"activity", kCode, kRequired, "activity"},
                                  {"role", kCode, kRequired, "hours_role"},
                                  {"minutes", kMinutes, kOptional, "", kHoursMinutesMax}};
constexpr RecordField kRisk[] = {{"date", kDate, kRequired},
                                 {"text", kText, kRequired, "", kRecordTextCharactersMax},
                                 {"measure", kText, kOptional, "", kRecordTextCharactersMax},
                                 {"owner", kText, kOptional, "", kNameCharactersMax},
                                 {"trend", kCode, kOptional, "trend"}};
constexpr RecordField kPlanningStep[] = {{"date", kDate, kRequired},
                                         {"what", kCode, kRequired, "planning"},
                                         {"text", kText, kRequired, "", kRecordTextCharactersMax},
                                         {"done", kYesNo}};
constexpr RecordField kConsent[] = {{"date", kDate, kRequired},
                                    {"state", kCode, kRequired, "consent_state"},
                                    {"how", kCode, kOptional, "consent_how"},
                                    {"scope", kCodes, kOptional, "partner"},
                                    {"form_version", kText, kOptional, "", kNameCharactersMax},
                                    {"form_date", kDate},
                                    {"letter_version", kText, kOptional, "", kNameCharactersMax},
                                    {"letter_date", kDate},
                                    {"ends", kDate}};
constexpr RecordField kAttentionNote[] = {{"date", kDate, kRequired},
                                          {"text", kText, kRequired, "", kAttentionCharactersMax},
                                          {"until", kDate, kRequired}};

constexpr About kHer = About::kClient;
constexpr About kAll = About::kProgramme;
constexpr RetentionClass kCare = RetentionClass::kCare;
constexpr RetentionClass kAccounts = RetentionClass::kProgramme;
// kind, about, retention, fields, then in clear: day, until, code, subcode, amount.
constexpr RecordKind kKinds[] = {
    {"appointment", kHer, kCare, kAppointment, "date", "", "to", "attended", ""},
    {"goal", kHer, kCare, kGoal, "date", "", "area", "state", ""},
    {"goal_step", kHer, kCare, kGoalStep, "date", "", "", "done", ""},
    {"zrm_assessment", kHer, kCare, kZrmAssessment, "date", "", "instrument", "trained", ""},
    {"referral", kHer, kCare, kReferral, "announced", "started", "partner", "state", ""},
    {"time_out_stay", kHer, kCare, kTimeOutStay, "from", "through", "", "", ""},
    {"consent", kHer, kCare, kConsent, "date", "ends", "state", "how", ""},
    {"attention_note", kHer, RetentionClass::kAttention, kAttentionNote, "date", "until", "", "", ""},
    {"escalation", About::kEither, kCare, kEscalation, "date", "ends", "to", "told", ""},
    {"handover", kHer, kCare, kHandover, "date", "ends", "", "accepted", ""},
    {"budget_spending", About::kEither, kCare, kBudgetSpending, "date", "", "what", "", "cents"},
    {"budget_grant", kAll, kAccounts, kBudgetGrant, "from", "", "", "", "cents"},
    {"tariff", kAll, kAccounts, kTariff, "from", "", "what", "", "cents"},
    {"bottleneck", kAll, kAccounts, kBottleneck, "since", "until", "what", "", ""},
    {"visit_count", kAll, kAccounts, kVisitCount, "date", "", "", "", "visits"},
    {"hours", kAll, kAccounts, kHours, "from", "through", "activity", "role", "minutes"},
    {"risk", kAll, kAccounts, kRisk, "date", "", "trend", "", ""},
    {"planning_step", kAll, kAccounts, kPlanningStep, "date", "", "what", "done", ""},
};

constexpr std::string_view kZrm2017[] = {"finances", "work_education", "time_use", "housing", "domestic_relations",
                                         "mental_health", "physical_health", "substance_use", "adl_basic",
                                         "adl_instrumental", "social_network", "participation", "justice"};
constexpr std::string_view kZrm2013[] = {"finances", "day_activities", "housing", "domestic_relations",
                                         "mental_health", "physical_health", "addiction", "adl",
                                         "social_network", "participation", "justice"};
static_assert(std::size(kZrm2017) == 13 && std::size(kZrm2013) == 11);

}  // namespace

const RecordField* RecordKind::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const RecordField& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::span<const RecordKind> record_kinds() { return kKinds; }

const RecordKind* find_record_kind(std::string_view kind) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const RecordKind& one) { return one.kind == kind; });
  return found == std::end(kKinds) ? nullptr : found;
}

std::span<const std::string_view> zrm_domains(std::string_view instrument) {
  if (instrument == "zrm_2017") return kZrm2017;
  if (instrument == "zrm_2013") return kZrm2013;
  return {};
}

}  // namespace lantaarn::model
