#include "sync_server/registry/views.hpp"

#include <algorithm>

#include "sync_server/registry/store.hpp"

namespace lantaarn::server {

bool FieldView::contested() const {
  return std::any_of(heads.begin(), heads.end(), [&](const FieldHead& head) {
    return head.value != heads.front().value || head.effective_date != heads.front().effective_date;
  });
}

const std::string& value_of(const std::vector<FieldView>& fields, std::string_view field) {
  static const std::string kNone;
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldView& view) { return view.field == field; });
  return found == fields.end() ? kNone : found->value();
}

const BoundUser* DeviceView::binding_of(const UserId& user) const {
  const auto found = std::find_if(bound.rbegin(), bound.rend(), [&](const BoundUser& one) { return one.user == user; });
  return found == bound.rend() ? nullptr : &*found;
}

bool DeviceView::locked() const {
  return std::any_of(directives.begin(), directives.end(), [](const DirectiveView& one) { return one.directive == "lock" && !one.lifted; });
}

bool DeviceView::wiped() const {
  return std::any_of(directives.begin(), directives.end(),
                     [](const DirectiveView& one) { return one.directive == "wipe" && one.carried_out_ms != 0; });
}

bool DeviceView::has_revoked(const UserId& user) const {
  return std::any_of(directives.begin(), directives.end(),
                     [&](const DirectiveView& one) { return one.directive == "revoke_user" && one.user == user; });
}

std::string_view reason_of(Admission admission) {
  switch (admission) {
    case Admission::kAdmitted: return "";
    case Admission::kAuthorUnknown: return "author_unknown";
    case Admission::kSignatureWrong: return "author_not_proven";
    case Admission::kEventInvalid: return "event_invalid";
    case Admission::kEventUnreadable: return "event_unreadable";
    case Admission::kAuthorMismatch: return "author_mismatch";
    case Admission::kServerFact: return "server_fact_from_handheld";
    case Admission::kFork: return "fork";
    case Admission::kDeviceRevoked: return "device_revoked";
    case Admission::kSealKeyUnknown: return "seal_key_unknown";
    case Admission::kNotAuthentic: return "entry_not_authentic";
    case Admission::kUserRevoked: return "user_revoked";
  }
  return "record_unreadable";
}

}  // namespace lantaarn::server
