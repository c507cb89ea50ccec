#include <algorithm>
#include <array>

#include "common/base/civil_time.hpp"
#include "common/words/words.hpp"
#include "firmware_app/caseload/find_client.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/contact_input.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/saved_answer.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;

constexpr std::array<std::pair<const char*, const char*>, 4> kClientFlags = {
    {{"status", "status"}, {"intensity", "intensity"}, {"safe-contact", "safe_contact"}, {"closed-reason", "closed_reason"}}};

// What a user must know before she speaks to her, from the card or written down since.
struct Agreed {
  const RecordView* consent = nullptr;       // the latest
  std::vector<const RecordView*> attention;  // in force
};

Agreed agreed_with(const CaseCard& card, const std::vector<RecordView>& records, const std::string& today) {
  Agreed agreed;
  for (const RecordView& record : records) {
    if (record.client_id != card.card.client_id() || record.retracted) continue;
    // In order of day: the last one said is the latest.
    if (record.kind == "consent") agreed.consent = &record;
    if (record.kind == "attention_note" && record.value("until") >= today) agreed.attention.push_back(&record);
  }
  return agreed;
}

json::value consent_json(const RecordView* consent) {
  if (consent == nullptr) return nullptr;
  return json::object{{"record_id", consent->record.hex()},
                      {"state", consent->value("state")},
                      {"date", consent->value("date")},
                      {"stale", consent->stale}};
}

json::array attention_json(const std::vector<const RecordView*>& notes) {
  json::array list;
  for (const RecordView* note : notes) {
    list.push_back(json::object{{"record_id", note->record.hex()},
                                {"text", note->value("text")},
                                {"until", note->value("until")},
                                {"stale", note->stale}});
  }
  return list;
}

json::array follow_ups_json(const CaseCard& card) {
  json::array list;
  for (const auto& each : card.card.follow_ups()) {
    list.push_back(json::object{{"follow_up_id", to_hex(as_bytes(each.follow_up()))},
                                {"due_date", each.due_date()},
                                {"text", each.text()},
                                {"kind", each.kind().empty() ? "ordinary" : each.kind()}});
  }
  return list;
}

json::object client_json(const CaseCard& card, const Agreed& agreed) {
  const auto& aliases = card.card.aliases();
  return {{"client_id", card.id().hex()},
          {"name", card.name()},
          {"aliases", array_of({aliases.begin(), aliases.end()})},
          {"status", or_null(card.field("status"))},
          {"closed_reason", or_null(card.field("closed_reason"))},
          {"intensity", or_null(card.field("intensity"))},
          {"safe_contact", or_null(card.field("safe_contact"))},
          {"primary_contact", or_null(card.field("primary_contact"))},
          {"second_contact", or_null(card.field("second_contact"))},
          {"last_spoken_date", or_null(card.card.last_spoken_date())},
          {"consent", consent_json(agreed.consent)},
          {"attention_notes", attention_json(agreed.attention)},
          {"follow_ups", follow_ups_json(card)},
          {"provisional", card.provisional}};
}

// What was changed here and cannot be read any more must not pass for what was agreed last.
std::string or_stale(const RecordView& record, const std::string& shown) {
  return record.stale ? shown + " (" + text("label:record_stale") + ")" : shown;
}

std::string consent_line(const RecordView* consent) {
  if (consent == nullptr) return {};
  const std::string state = word_for("consent_state", consent->value("state"));
  return or_stale(*consent, text("label:consent_line", {state, consent->value("date")}));
}

std::string attention_line(const std::vector<const RecordView*>& notes) {
  std::string said;
  for (const RecordView* note : notes) said += (said.empty() ? "" : "; ") + or_stale(*note, note->value("text"));
  return said.empty() ? "" : text("label:attention_line", {said});
}

std::vector<std::string> client_row(const CaseCard& card, const Agreed& agreed) {
  return {card.id().hex().substr(0, kShortIdDigits),
          card.name(),
          word_for("intensity", card.field("intensity")),
          word_for("safe_contact", card.field("safe_contact")),
          card.card.last_spoken_date().empty() ? "" : text("label:last_spoken") + " " + card.card.last_spoken_date(),
          consent_line(agreed.consent),
          attention_line(agreed.attention),
          card.provisional ? text("label:provisional") : ""};
}

}  // namespace

Result<Answer> add_client(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_ASSIGN(const auto saved, session->capture().add_client({arguments.one("alias")}));
  return saved_answer(*session->folder, saved, "label:saved");
}

Result<Answer> name_client(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNeeded));
  LANTAARN_ASSIGN(const ClientId client, client_called(arguments.one("client"), session->cards));
  LANTAARN_ASSIGN(const auto saved, session->capture().name_client(client, arguments.one("alias")));
  return saved_answer(*session->folder, saved, "label:saved");
}

Result<Answer> set_client(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNeeded));
  LANTAARN_ASSIGN(const ClientId client, client_called(arguments.one("client"), session->cards));
  model::FieldValues values;
  for (const auto& [flag, field] : kClientFlags) {
    if (const auto value = arguments.maybe(flag)) values[field] = *value;
  }
  LANTAARN_ASSIGN(const auto saved, session->capture().change_client(client, values));
  return saved_answer(*session->folder, saved, "label:saved");
}

Result<Answer> list_clients(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNeeded));
  LANTAARN_ASSIGN(const auto read, session->capture().records());
  const std::string today = to_string(date_in_amsterdam(session->clock.now().wall_ms));
  Answer answer;
  auto& list = answer.document.emplace_array();
  std::vector<std::vector<std::string>> rows;
  for (const CaseCard& card : search_cards(session->cards, arguments.one("query"))) {
    const Agreed agreed = agreed_with(card, read.records, today);
    list.push_back(client_json(card, agreed));
    rows.push_back(client_row(card, agreed));
  }
  answer.lines = rows.empty() ? std::vector<std::string>{text("label:no_clients")} : columns(rows);
  if (read.damage) answer.warnings.push_back(*read.damage);
  return answer;
}

}  // namespace lantaarn::firmware::cli
