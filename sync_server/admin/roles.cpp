#include "sync_server/admin/roles.hpp"

#include <algorithm>
#include <iterator>

namespace lantaarn::server::admin {
namespace {

// Bits of a row. A role in `own` sees her own caseload only.
enum : unsigned {
  kCaseManager = 1,
  kExpert = 2,
  kCoordinator = 4,
  kAdministrator = 8,
  kProtectionOfficer = 16,
  kProjectLead = 32,
  kEveryRole = 63,
};

enum class Asks { kNobody, kPersonWithoutReason, kPerson, kPersonForRecord };

struct Rule {
  std::string_view command;
  Asks asks;
  unsigned all;
  unsigned own;
};

constexpr Rule kRules[] = {
    {"init", Asks::kNobody, kAdministrator, 0},
    {"user add", Asks::kNobody, kAdministrator, 0},
    {"user list", Asks::kNobody, kEveryRole, 0},
    {"device add", Asks::kNobody, kAdministrator | kCoordinator, 0},
    {"device add-user", Asks::kNobody, kAdministrator | kCoordinator, 0},
    {"device list", Asks::kNobody, kAdministrator | kCoordinator | kProtectionOfficer, 0},
    {"device revoke", Asks::kNobody, kAdministrator | kCoordinator, 0},
    // What a handheld does is a person's decision, with a reason.
    {"device lock", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"device unlock", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"device wipe", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"device revoke-user", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"device renew-keys", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"device terms", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"codes add", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"codes withdraw", Asks::kPerson, kAdministrator | kCoordinator, 0},
    {"codes list", Asks::kNobody, kEveryRole, 0},
    {"merge", Asks::kNobody, kEveryRole, 0},
    {"rescue", Asks::kNobody, kCoordinator | kAdministrator, 0},
    {"overview", Asks::kNobody, kEveryRole, 0},
    {"digest", Asks::kNobody, kEveryRole, 0},
    {"rebuild", Asks::kNobody, kEveryRole, 0},
    {"check", Asks::kNobody, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"quarantine", Asks::kNobody, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"backup init", Asks::kNobody, kAdministrator, 0},
    {"backup create", Asks::kNobody, kAdministrator | kCoordinator, 0},
    {"backup prune", Asks::kNobody, kAdministrator, 0},
    {"backup status", Asks::kNobody, kAdministrator | kCoordinator | kProtectionOfficer, 0},
    {"backup drilled", Asks::kNobody, kAdministrator, 0},
    {"key list", Asks::kNobody, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"key log", Asks::kNobody, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"key rotate", Asks::kPerson, kAdministrator, 0},
    {"key destroy", Asks::kPerson, kAdministrator, 0},
    // What counts as true is a person's decision, and the coordinator's.
    {"quarantine admit", Asks::kPerson, kCoordinator, 0},
    // Who executes an erasure sees whose decision it was, not whom it is about.
    {"erasure execute", Asks::kPerson, kAdministrator, 0},
    {"erasures", Asks::kNobody, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"retention", Asks::kPerson, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"retention set", Asks::kPerson, kCoordinator | kAdministrator, 0},
    // What is about the programme names no woman.
    {"record add programme", Asks::kPerson, kCaseManager | kExpert | kCoordinator | kProjectLead, 0},
    {"record change programme", Asks::kPerson, kCaseManager | kExpert | kCoordinator | kProjectLead, 0},
    {"record retract programme", Asks::kPerson, kCaseManager | kExpert | kCoordinator | kProjectLead, 0},
    {"records programme", Asks::kNobody, kEveryRole, 0},
    // The page's figures; who may see women's records sees in them whom they are about.
    {"page programme", Asks::kPersonWithoutReason, kCaseManager | kExpert | kCoordinator | kProjectLead, 0},
    {"page health", Asks::kPersonWithoutReason, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"page breach sheet", Asks::kPersonWithoutReason, kCoordinator | kAdministrator | kProtectionOfficer, 0},
    {"export csv", Asks::kPerson, kCoordinator | kProjectLead, 0},
    // As `init`: on a server where nobody is known yet.
    {"migration key", Asks::kNobody, kAdministrator, 0},
    {"import migration", Asks::kNobody, kAdministrator, 0},
    {"device lost", Asks::kPerson, kAdministrator | kCoordinator, 0},
    // Whom a lost handheld concerns: who opens records reads names, who accounts for the loss counts them.
    {"device breach-sheet", Asks::kPersonForRecord, kCoordinator, 0},
    {"device breach-sheet counted", Asks::kPerson, kAdministrator | kProtectionOfficer, 0},
    // Keys are the administrator's; who made which is everybody's to check who answers for them.
    {"recovery create", Asks::kPersonWithoutReason, kAdministrator, 0},
    {"recovery show", Asks::kNobody, kAdministrator | kCoordinator | kProtectionOfficer, 0},
    // The page: getting in, and what is written down about it.
    {"access log", Asks::kPerson, kProtectionOfficer, 0},
    {"access-log verify", Asks::kNobody, kProtectionOfficer | kAdministrator, 0},
    {"user invite", Asks::kNobody, kAdministrator, 0},
    {"user close", Asks::kPerson, kAdministrator, 0},
    // Whom somebody is related to names a woman, by her number only.
    {"relations", Asks::kPerson, kCoordinator | kProtectionOfficer, 0},
    {"relation declare", Asks::kPerson, kCoordinator, 0},
    {"page events", Asks::kNobody, kEveryRole, 0},
    // From here on a woman's record is opened.
    {"client open", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"client accesses", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"clients", Asks::kPersonForRecord, kCoordinator, kCaseManager | kExpert},
    {"contacts", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"review", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"client show", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"client name", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"client link", Asks::kPersonForRecord, kCoordinator, 0},
    {"client unlink", Asks::kPersonForRecord, kCoordinator, 0},
    {"matches", Asks::kPersonForRecord, kCoordinator, 0},
    {"client apart", Asks::kPersonForRecord, kCoordinator, 0},
    {"contact share", Asks::kPersonForRecord, kCoordinator, 0},
    {"contact apart", Asks::kPersonForRecord, kCoordinator, 0},
    {"contacts shared", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"out-of-sight", Asks::kPersonForRecord, 0, kCaseManager},
    {"record add", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"record change", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"record retract", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"records", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"escalation message", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    // Of the page.
    {"review choose", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"review undo", Asks::kPersonForRecord, kCoordinator, 0},
    {"page history", Asks::kPersonForRecord, kCoordinator, 0},
    {"page summary", Asks::kPersonForRecord, kCoordinator, kCaseManager | kExpert},
    {"page export", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"page caseload", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"page assignment", Asks::kPersonForRecord, kCoordinator, 0},
    // Of a record that is about nobody too: which it is, the command judges again.
    {"page record", Asks::kPersonForRecord, kCoordinator, kCaseManager | kExpert | kProjectLead},
    {"follow-up add", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"follow-up done", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"import", Asks::kPersonForRecord, kCoordinator, 0},
    {"export migration", Asks::kPersonForRecord, kCoordinator, 0},
    {"erasure decide", Asks::kPersonForRecord, kCoordinator, 0},
    {"client add", Asks::kPersonForRecord, kCoordinator, kCaseManager},
    {"client set", Asks::kPersonForRecord, kCoordinator, kCaseManager},
};

struct RoleBit {
  std::string_view role;
  unsigned bit;
};
constexpr RoleBit kRoleBits[] = {
    {"case_manager", kCaseManager},   {"expert_by_experience", kExpert},
    {"coordinator", kCoordinator},    {"administrator", kAdministrator},
    {"data_protection_officer", kProtectionOfficer}, {"project_lead", kProjectLead},
};

const Rule* find_rule(std::string_view command) {
  const auto* rule = std::find_if(std::begin(kRules), std::end(kRules), [&](const Rule& r) { return r.command == command; });
  return rule == std::end(kRules) ? nullptr : rule;
}

unsigned bit_of(std::string_view role) {
  for (const auto& known : kRoleBits) {
    if (known.role == role) return known.bit;
  }
  return 0;
}

}  // namespace

Result<Opens> authorise(std::string_view command, std::string_view role) {
  const Rule* rule = find_rule(command);
  if (rule == nullptr) return refused("role_not_allowed");
  if (role.empty()) {
    if (rule->asks != Asks::kNobody) return refused("as_needed");
    return Opens::kNothing;
  }
  const unsigned bit = bit_of(role);
  const bool all = (rule->all & bit) != 0;
  if (!all && (rule->own & bit) == 0) return refused("role_not_allowed");
  if (rule->asks != Asks::kPersonForRecord) return Opens::kNothing;
  return all ? Opens::kAllRecords : Opens::kOwnRecords;
}

bool names_a_person(std::string_view command) {
  const Rule* rule = find_rule(command);
  return rule == nullptr || rule->asks == Asks::kPerson || rule->asks == Asks::kPersonForRecord;
}

}  // namespace lantaarn::server::admin
