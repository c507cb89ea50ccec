#include "common/model/validate.hpp"

#include "common/base/civil_time.hpp"
#include "common/model/codes.hpp"
#include "common/model/fields.hpp"
#include "common/model/limits.hpp"

namespace lantaarn::model {
namespace {

Status check_text(const std::string& text, std::size_t characters_max, const char* code = "text_too_long") {
  const auto count = characters_in(text);
  if (!count) return refused("text_invalid");
  if (*count > characters_max) return refused(code, {std::to_string(characters_max)});
  return {};
}

Status check_id(const std::string& id) {
  if (id.size() != kIdBytes) return refused("id_invalid");
  return {};
}
Status check_optional_id(const std::string& id) { return id.empty() ? Status{} : check_id(id); }

Status check_reason(const std::string& reason) {
  if (reason.empty()) return refused("reason_needed");
  return check_text(reason, kReasonCharactersMax);
}

Status check_alias(const std::string& alias) {
  if (alias.find_first_not_of(" \t\r\n") == std::string::npos) return refused("alias_empty");
  return check_text(alias, kAliasCharactersMax, "alias_too_long");
}

using FieldRule = Status (*)(std::string_view, std::string_view);

template <typename Changes>
Status check_changes(const Changes& changes, FieldRule rule) {
  if (static_cast<std::size_t>(changes.size()) > kFieldChangesMax) return refused("too_many");
  for (const auto& change : changes) {
    LANTAARN_TRY(rule(change.field(), change.value()));
    if (static_cast<std::size_t>(change.heads_size()) > kHeadsPerChangeMax) return refused("too_many");
    for (const auto& head : change.heads()) LANTAARN_TRY(check_id(head));
    if (!change.effective_date().empty() && !parse_date(change.effective_date())) return refused("date_invalid");
  }
  return {};
}

Status check_round(const pb::RoundStarted& round) {
  if (static_cast<std::size_t>(round.colleagues_size()) > kColleaguesMax) return refused("too_many");
  for (const auto& place : round.places()) LANTAARN_TRY(check_code("place", place));
  for (const auto& name : round.colleagues()) LANTAARN_TRY(check_text(name, kNameCharactersMax));
  return {};
}

Status check_head_count(const pb::HeadCounted& count) {
  if (count.delta() == 0 || count.delta() > kHeadCountDeltaMax || count.delta() < -kHeadCountDeltaMax) {
    return refused("count_invalid", {std::to_string(kHeadCountDeltaMax)});
  }
  return {};
}

Status check_client_added(const pb::ClientAdded& added) {
  LANTAARN_TRY(check_id(added.client_id()));
  LANTAARN_TRY(check_alias(added.alias()));
  return check_changes(added.fields(), check_client_field);
}

Status check_client_changed(const pb::ClientChanged& changed) {
  LANTAARN_TRY(check_id(changed.client_id()));
  LANTAARN_TRY(check_text(changed.reason(), kReasonCharactersMax));
  return check_changes(changed.changes(), check_client_field);
}

Status check_contact(const pb::ContactLogged& contact) {
  LANTAARN_TRY(check_optional_id(contact.client_id()));
  for (const auto& [field, value] : fields_of(contact)) {
    if (field != "client" && field != "occurred_at") LANTAARN_TRY(check_contact_field(field, value));
  }
  return {};
}

Status check_amendment(const pb::ContactAmended& amended) {
  LANTAARN_TRY(check_id(amended.contact()));
  LANTAARN_TRY(check_reason(amended.reason()));
  if (amended.changes().empty()) return refused("nothing_changed");
  return check_changes(amended.changes(), check_contact_field);
}

Status check_follow_up(const pb::FollowUpPlanned& planned) {
  LANTAARN_TRY(check_optional_id(planned.client_id()));
  LANTAARN_TRY(check_optional_id(planned.contact()));
  LANTAARN_TRY(check_optional_id(planned.owner()));
  if (!parse_date(planned.due_date())) return refused("date_invalid");
  return check_text(planned.text(), kFollowUpCharactersMax);
}

Status check_user(const pb::UserAdded& user) {
  LANTAARN_TRY(check_id(user.user_id()));
  if (user.name().empty()) return refused("name_empty");
  LANTAARN_TRY(check_text(user.name(), kNameCharactersMax));
  return check_code("role", user.role());
}

Status check_fact(const Event& event) {
  switch (event.fact_case()) {
    case Event::kRoundStarted: return check_round(event.round_started());
    case Event::kHeadCounted: return check_head_count(event.head_counted());
    case Event::kClientAdded: return check_client_added(event.client_added());
    case Event::kClientChanged: return check_client_changed(event.client_changed());
    case Event::kContactLogged: return check_contact(event.contact_logged());
    case Event::kContactAmended: return check_amendment(event.contact_amended());
    case Event::kContactRetracted:
      LANTAARN_TRY(check_id(event.contact_retracted().contact()));
      return check_reason(event.contact_retracted().reason());
    case Event::kFollowUpPlanned: return check_follow_up(event.follow_up_planned());
    case Event::kFollowUpDone: return check_id(event.follow_up_done().follow_up());
    case Event::kUserAdded: return check_user(event.user_added());
    case Event::kDeviceAdded: return check_text(event.device_added().name(), kNameCharactersMax);
    default: return {};
  }
}

}  // namespace

Status validate_event(const Event& event) {
  if (event.nonce().size() != 16) return refused("id_invalid");
  LANTAARN_TRY(check_id(event.author()));
  LANTAARN_TRY(check_optional_id(event.round_id()));
  return check_fact(event);
}

bool is_server_fact(const Event& event) { return event.fact_case() >= Event::kUserAdded; }

}  // namespace lantaarn::model
