#include "common/model/validate.hpp"

#include "common/base/civil_time.hpp"
#include "common/model/codes.hpp"
#include "common/model/fields.hpp"
#include "common/model/limits.hpp"
#include "common/model/record_kinds.hpp"
#include "common/model/retention.hpp"

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

template <typename Changes, typename FieldRule>
Status check_changes(const Changes& changes, const FieldRule& rule) {
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

Status check_client_named(const pb::ClientNamed& named) {
  LANTAARN_TRY(check_id(named.client_id()));
  return check_alias(named.alias());
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
  if (!planned.kind().empty()) LANTAARN_TRY(check_code("follow_up_kind", planned.kind()));
  return check_text(planned.text(), kFollowUpCharactersMax);
}

Status check_record_added(const pb::RecordAdded& added) {
  LANTAARN_TRY(check_optional_id(added.client_id()));
  const RecordKind* kind = find_record_kind(added.kind());
  if (kind == nullptr) return {};  // of a newer program: kept until it is known
  if (kind->about == About::kClient && added.client_id().empty()) return refused("client_needed");
  if (kind->about == About::kProgramme && !added.client_id().empty()) return refused("client_not_named_here");
  LANTAARN_TRY(check_changes(added.fields(), [&](const auto& field, const auto& value) { return check_record_field(*kind, field, value); }));
  FieldValues values;
  for (const auto& field : added.fields()) values[field.field()] = field.value();
  return check_record(*kind, values);
}

Status check_record_changed(const pb::RecordChanged& changed) {
  LANTAARN_TRY(check_id(changed.record()));
  LANTAARN_TRY(check_reason(changed.reason()));
  if (changed.changes().empty()) return refused("nothing_changed");
  const RecordKind* kind = find_record_kind(changed.kind());
  if (kind == nullptr) return {};
  return check_changes(changed.changes(), [&](const auto& field, const auto& value) { return check_record_field(*kind, field, value); });
}

template <typename Ids>
Status check_ids(const Ids& ids, std::size_t ids_max) {
  if (static_cast<std::size_t>(ids.size()) > ids_max) return refused("too_many");
  for (const auto& id : ids) LANTAARN_TRY(check_id(id));
  return {};
}

Status check_pair(const std::string& first, const std::string& second) {
  LANTAARN_TRY(check_id(first));
  LANTAARN_TRY(check_id(second));
  return first == second ? refused("same_twice") : Status{};
}

Status check_linked(const pb::ClientsLinked& linked) {
  LANTAARN_TRY(check_pair(linked.first(), linked.second()));
  return check_reason(linked.reason());
}

Status check_unlinked(const pb::ClientsUnlinked& unlinked) {
  LANTAARN_TRY(check_ids(unlinked.edges(), kLinkedMax * kLinkedMax));
  if (static_cast<std::size_t>(unlinked.apart_size()) > kLinkedMax * kLinkedMax) return refused("too_many");
  for (const auto& pair : unlinked.apart()) LANTAARN_TRY(check_pair(pair.first(), pair.second()));
  if (unlinked.edges().empty() && unlinked.apart().empty()) return refused("nothing_changed");
  return check_reason(unlinked.reason());
}

Status check_erasure_decided(const pb::ErasureDecided& decided) {
  if (decided.clients().empty()) return refused("id_invalid");
  LANTAARN_TRY(check_ids(decided.clients(), kLinkedMax));
  LANTAARN_TRY(check_code("erasure_ground", decided.ground()));
  return check_reason(decided.reason());
}

Status check_erased(const pb::ClientErased& erased) {
  LANTAARN_TRY(check_id(erased.decision()));
  if (erased.clients().empty()) return refused("id_invalid");
  LANTAARN_TRY(check_ids(erased.clients(), kLinkedMax));
  LANTAARN_TRY(check_ids(erased.events(), kEventsEndedMax));
  if (static_cast<std::size_t>(erased.counts_size()) > kKeptCountsMax) return refused("too_many");
  for (const auto& count : erased.counts()) LANTAARN_TRY(check_code("channel", count.channel()));
  return {};
}

Status check_shared(const pb::ContactsShared& shared) {
  if (shared.contacts_size() < 2) return refused("same_twice");
  LANTAARN_TRY(check_ids(shared.contacts(), kLinkedMax));
  return check_reason(shared.reason());
}

Status check_kept_apart(const pb::ContactsKeptApart& apart) {
  LANTAARN_TRY(check_pair(apart.first(), apart.second()));
  return check_reason(apart.reason());
}

Status check_retention_set(const pb::RetentionSet& set) {
  LANTAARN_TRY(check_retention(set.retention()));
  if (set.days() > static_cast<std::uint32_t>(kRetentionDaysMax)) return refused("number_invalid", {std::to_string(kRetentionDaysMax)});
  return check_reason(set.reason());
}

Status check_register_exported(const pb::RegisterExported& exported) {
  if (exported.receiver_key_fingerprint().size() != std::tuple_size_v<Hash>) return refused("id_invalid");
  LANTAARN_TRY(check_id(exported.second()));
  return check_reason(exported.purpose());
}

Status check_number(std::uint32_t number, std::uint32_t least, std::uint32_t most) {
  if (number < least || number > most) return refused("terms_invalid", {std::to_string(least), std::to_string(most)});
  return {};
}

Status check_positions(const google::protobuf::RepeatedPtrField<pb::LogPosition>& positions) {
  if (static_cast<std::size_t>(positions.size()) > kLogPositionsMax) return refused("too_many");
  for (const auto& position : positions) LANTAARN_TRY(check_id(position.log_id()));
  return {};
}

Status check_directive(const pb::DirectiveGiven& given) {
  LANTAARN_TRY(check_id(given.device_id()));
  LANTAARN_TRY(check_code("directive", given.directive()));
  const bool names_user = given.directive() == "revoke_user";
  if (names_user == given.user_id().empty()) return refused("id_invalid");
  LANTAARN_TRY(check_optional_id(given.user_id()));
  LANTAARN_TRY(check_positions(given.last_accepted()));
  return check_reason(given.reason());
}

Status check_terms(const pb::DeviceTermsSet& terms) {
  LANTAARN_TRY(check_optional_id(terms.device_id()));
  LANTAARN_TRY(check_number(terms.lease_days(), 1, kLeaseDaysMax));
  LANTAARN_TRY(check_number(terms.lease_boots(), 1, kLeaseBootsMax));
  LANTAARN_TRY(check_number(terms.wrong_pins_max(), kWrongPinsMin, kWrongPinsMax));
  return check_reason(terms.reason());
}

Status check_code_changed(const pb::CodeChanged& changed) {
  if (!is_extensible(changed.list())) return refused("list_closed", {changed.list()});
  if (!is_own_code(changed.code())) return refused("code_invalid", {changed.code()});
  for (const auto& label : {changed.label_nl(), changed.label_en()}) {
    if (label.find_first_not_of(" \t\r\n") == std::string::npos) return refused("label_empty");
    LANTAARN_TRY(check_text(label, kCodeLabelCharactersMax));
  }
  return {};
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
    case Event::kClientNamed: return check_client_named(event.client_named());
    case Event::kContactLogged: return check_contact(event.contact_logged());
    case Event::kContactAmended: return check_amendment(event.contact_amended());
    case Event::kContactRetracted:
      LANTAARN_TRY(check_id(event.contact_retracted().contact()));
      return check_reason(event.contact_retracted().reason());
    case Event::kFollowUpPlanned: return check_follow_up(event.follow_up_planned());
    case Event::kFollowUpDone: return check_id(event.follow_up_done().follow_up());
    case Event::kRecordAdded: return check_record_added(event.record_added());
    case Event::kRecordChanged: return check_record_changed(event.record_changed());
    case Event::kRecordRetracted:
      LANTAARN_TRY(check_id(event.record_retracted().record()));
      return check_reason(event.record_retracted().reason());
    case Event::kUserAdded: return check_user(event.user_added());
    case Event::kDeviceAdded: return check_text(event.device_added().name(), kNameCharactersMax);
    case Event::kClientsLinked: return check_linked(event.clients_linked());
    case Event::kClientsUnlinked: return check_unlinked(event.clients_unlinked());
    case Event::kErasureDecided: return check_erasure_decided(event.erasure_decided());
    case Event::kClientErased: return check_erased(event.client_erased());
    case Event::kRecordsEnded: return check_ids(event.records_ended().events(), kEventsEndedMax);
    case Event::kRetentionSet: return check_retention_set(event.retention_set());
    case Event::kRegisterExported: return check_register_exported(event.register_exported());
    case Event::kRegisterImported: return check_id(event.register_imported().from_server_id());
    case Event::kDirectiveGiven: return check_directive(event.directive_given());
    case Event::kDirectiveCarriedOut:
      LANTAARN_TRY(check_id(event.directive_carried_out().device_id()));
      return check_id(event.directive_carried_out().directive());
    case Event::kDeviceTermsSet: return check_terms(event.device_terms_set());
    case Event::kCodeChanged: return check_code_changed(event.code_changed());
    case Event::kContactsShared: return check_shared(event.contacts_shared());
    case Event::kContactsKeptApart: return check_kept_apart(event.contacts_kept_apart());
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
