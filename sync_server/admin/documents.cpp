#include "sync_server/admin/documents.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/base/civil_time.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::array texts(const std::vector<std::string>& items) {
  json::array array;
  for (const auto& item : items) array.emplace_back(item);
  return array;
}

template <typename Id>
json::value id_or_null(const std::optional<Id>& id) {
  if (!id) return nullptr;
  return json::value(id->hex());
}

json::value user_name_or_null(const std::optional<UserId>& id, const Names& names) {
  if (!id) return nullptr;
  return json::value(names.user(*id));
}

json::value minutes_or_null(const std::optional<std::uint32_t>& minutes) {
  if (!minutes) return nullptr;
  return json::value(*minutes);
}

json::object head_document(const FieldHead& head, const Names& names) {
  return {{"value", head.value},
          {"effective_date", text_or_null(head.effective_date)},
          {"event_id", head.from.event.hex()},
          {"author", head.from.author.hex()},
          {"author_name", names.user(head.from.author)},
          {"device", head.from.device.hex()},
          {"device_name", names.device(head.from.device)},
          {"recorded_at", instant(head.from.recorded_ms)},
          {"clock_ok", head.from.clock_ok}};
}

// Everything else is as its own event says, by its author on its handheld.
std::vector<FieldView> corrected_fields(const Contact& contact) {
  std::vector<FieldView> corrected;
  for (const auto& field : contact.fields) {
    if (field.heads.size() > 1 || field.heads.front().from.event != contact.id) corrected.push_back(field);
  }
  return corrected;
}

json::object with_entry(json::object document, const EntryPlace& entry, const Names& names) {
  document["device"] = entry.device.hex();
  document["device_name"] = names.device(entry.device);
  document["log_id"] = entry.log.hex();
  document["seq"] = entry.seq;
  document["entry"] = to_hex(entry.hash);
  return document;
}

// The gateway knows what came; the registry keeps what a handheld said it has.
LogView with_received(LogView log, const DeviceId& device, const ReceivedLogs& received) {
  const auto found = received.find({device, log.log});
  if (found != received.end()) log.received = std::max(log.received, found->second.seq);
  log.saved = std::max(log.saved, log.received);
  return log;
}

std::vector<LogView> logs_of(const DeviceView& device, const ReceivedLogs& received) {
  std::vector<LogView> logs = device.logs;
  for (const auto& [key, position] : received) {
    const bool known = std::any_of(logs.begin(), logs.end(), [&id = key.second](const LogView& log) { return log.log == id; });
    if (key.first == device.id && !known) logs.push_back({key.second});
  }
  for (auto& log : logs) log = with_received(log, device.id, received);
  return logs;
}

std::string state_of(const DeviceView& device) {
  if (device.wiped()) return "wiped";
  if (device.revoked) return "revoked";
  return device.channel_key ? "enrolled" : "waiting";
}

}  // namespace

json::array field_documents(const std::vector<FieldView>& fields, const Names& names) {
  json::array documents;
  for (const auto& field : fields) {
    json::array heads;
    for (const auto& head : field.heads) heads.push_back(head_document(head, names));
    documents.push_back(json::object{
        {"field", field.field}, {"value", field.value()}, {"contested", field.contested()}, {"heads", std::move(heads)}});
  }
  return documents;
}

std::string instant(std::int64_t ms) { return to_rfc3339(ms); }

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::value(json::string_view(text.data(), text.size()));
}

json::value instant_or_null(std::int64_t ms) {
  if (ms == 0) return nullptr;
  return json::value(instant(ms));
}

json::object user_document(const UserView& user) {
  return {{"user_id", user.id.hex()}, {"name", user.name}, {"role", user.role}};
}

json::object client_document(const Client& client, const Names& names) {
  return {{"client_id", client.id.hex()},
          {"aliases", texts(client.aliases)},
          {"status", client.status},
          {"closed_reason", text_or_null(value_of(client.fields, "closed_reason"))},
          {"intensity", text_or_null(client.intensity)},
          {"safe_contact", text_or_null(value_of(client.fields, "safe_contact"))},
          {"primary_contact", id_or_null(client.primary_contact)},
          {"primary_contact_name", user_name_or_null(client.primary_contact, names)},
          {"second_contact", id_or_null(client.second_contact)},
          {"second_contact_name", user_name_or_null(client.second_contact, names)},
          {"last_spoken_date", text_or_null(client.last_spoken_date)},
          {"fields", field_documents(client.fields, names)}};
}

json::object follow_up_document(const FollowUp& follow_up, const Names& names) {
  return {{"follow_up_id", follow_up.id.hex()},
          {"client_id", id_or_null(follow_up.client)},
          {"contact", id_or_null(follow_up.contact)},
          {"due_date", follow_up.due_date},
          {"text", text_or_null(follow_up.text)},
          {"kind", follow_up.kind},
          {"owner", id_or_null(follow_up.owner)},
          {"owner_name", user_name_or_null(follow_up.owner, names)},
          {"author_name", names.user(follow_up.author)},
          {"done", follow_up.done}};
}

json::object contact_document(const Contact& contact, const std::string& alias, const Names& names) {
  json::object document{{"event_id", contact.id.hex()},
                        {"client_id", id_or_null(contact.client)},
                        {"client_alias", text_or_null(alias)},
                        {"occurred_at", instant(contact.occurred_at_ms)},
                        {"shown_at", instant(contact.shown_at_ms())},
                        {"clock_repaired", contact.repaired_at_ms.has_value()},
                        {"channel", contact.channel},
                        {"place", contact.place},
                        {"outcome", contact.outcome},
                        {"topics", texts(contact.topics)},
                        {"areas", texts(contact.areas)},
                        {"minutes", minutes_or_null(contact.minutes)},
                        {"indirect_minutes", minutes_or_null(contact.indirect_minutes)},
                        {"note", text_or_null(contact.note)},
                        {"description", text_or_null(contact.description)},
                        {"amended", contact.amended},
                        {"retracted", contact.retracted},
                        {"retraction_reason", text_or_null(contact.retraction_reason)},
                        {"counted", contact.counted},
                        {"author", contact.author.hex()},
                        {"author_name", names.user(contact.author)},
                        {"recorded_at", instant(contact.recorded_ms)},
                        {"received_at", instant(contact.received_ms)},
                        {"round_id", text_or_null(contact.round_id)},
                        {"fields", field_documents(corrected_fields(contact), names)}};
  return with_entry(std::move(document), contact.entry, names);
}

json::object review_document(const ReviewCase& review, const Names& names) {
  json::array values;
  for (const auto& head : review.field.heads) values.push_back(head_document(head, names));
  const auto id_if = [&](OwnerKind kind) { return review.owner_kind == kind ? json::value(to_hex(review.owner)) : json::value(nullptr); };
  const char* about = review.owner_kind == OwnerKind::kContact ? "contact" : review.owner_kind == OwnerKind::kRecord ? "record" : "client";
  return {{"case_id", to_hex(review.id)},
          {"about", about},
          {"client_id", id_or_null(review.client)},
          {"contact", id_if(OwnerKind::kContact)},
          {"record", id_if(OwnerKind::kRecord)},
          {"field", review.field.field},
          {"values", std::move(values)},
          {"missed", nullptr}};
}

json::object loss_document(const Loss& loss, const Names& names) {
  return {{"case_id", loss.id.hex()},
          {"about", "handheld"},
          {"client_id", nullptr},
          {"contact", nullptr},
          {"record", nullptr},
          {"field", "entries"},
          {"values", json::array()},
          {"missed", json::object{{"device", loss.device.hex()},
                                  {"device_name", names.device(loss.device)},
                                  {"log_id", loss.log.hex()},
                                  {"from_seq", loss.from_seq},
                                  {"through_seq", loss.through_seq},
                                  {"entries", loss.missing},
                                  {"noted_at", instant(loss.noted_ms)}}}};
}

json::object quarantined_document(const Quarantined& entry, const Names& names) {
  json::object document{{"reason", entry.reason},
                        {"author", entry.author.hex()},
                        {"author_name", names.user(entry.author)},
                        {"event_id", id_or_null(entry.event)},
                        {"received_at", instant(entry.received_ms)}};
  return with_entry(std::move(document), entry.entry, names);
}

Standing standing_of(const DeviceView& device, const ReceivedLogs& received) {
  Standing standing;
  for (const auto& log : logs_of(device, received)) {
    standing.saved += log.saved;
    standing.received += log.received;
    standing.merged += log.merged;
    standing.set_apart += log.set_apart;
  }
  return standing;
}

json::object handheld_document(const DeviceView& device, const ReceivedLogs& received) {
  const Standing standing = standing_of(device, received);
  return {{"device_id", device.id.hex()},
          {"name", device.name},
          {"state", state_of(device)},
          {"saved", standing.saved},
          {"received", standing.received},
          {"merged", standing.merged},
          {"set_apart", standing.set_apart},
          {"equal", standing.is_equal()},
          {"last_seen_at", instant_or_null(device.last_seen_ms)}};
}

json::object merge_document(const MergeReport& report) {
  return {{"batches", report.batches},
          {"entries", report.entries},
          {"added", report.added},
          {"set_apart", report.set_apart},
          {"through", report.cursor}};
}

json::object terms_document(const DeviceTerms& terms) {
  return {{"lease_days", terms.lease_days}, {"lease_boots", terms.lease_boots}, {"strict", terms.strict},
          {"duress_pin", terms.duress_pin}, {"wrong_pins", terms.wrong_pins_max}};
}

namespace {

std::uint64_t missed_in(const std::vector<Loss>& losses, const DeviceId& device, const LogId& log) {
  std::uint64_t missed = 0;
  for (const Loss& loss : losses) {
    if (loss.device == device && loss.log == log) missed += loss.missing;
  }
  return missed;
}

json::array directive_documents(const DeviceView& device, const Names& names) {
  json::array documents;
  for (const auto& one : device.directives) {
    const char* state = one.lifted ? "lifted" : one.carried_out_ms != 0 ? "carried_out" : "given";
    documents.push_back(json::object{{"directive_id", one.id.hex()},
                                     {"directive", one.directive},
                                     {"user_name", user_name_or_null(one.user, names)},
                                     {"given_by", names.user(one.given_by)},
                                     {"given_at", instant(one.given_ms)},
                                     {"state", state},
                                     {"carried_out_at", instant_or_null(one.carried_out_ms)}});
  }
  return documents;
}

}  // namespace

json::object device_document(const DeviceView& device, const ReceivedLogs& received, const Names& names, const std::vector<Loss>& losses) {
  json::object document = handheld_document(device, received);
  json::array users;
  for (const auto& user : device.users) {
    users.push_back(json::object{
        {"user_id", user.hex()}, {"name", names.user(user)}, {"enrolled", device.binding_of(user) != nullptr}});
  }
  document["users"] = std::move(users);
  json::array logs;
  for (const auto& log : logs_of(device, received)) {
    logs.push_back(json::object{{"log_id", log.log.hex()},
                                {"saved", log.saved},
                                {"received", log.received},
                                {"merged", log.merged},
                                {"set_apart", log.set_apart},
                                {"missed", missed_in(losses, device.id, log.log)}});
  }
  document["logs"] = std::move(logs);
  document["directives"] = directive_documents(device, names);
  document["terms"] = terms_document(device.terms);
  return document;
}

}  // namespace lantaarn::server::admin
