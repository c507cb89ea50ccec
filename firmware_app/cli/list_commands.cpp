#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/model/codes.hpp"
#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/caseload/find_client.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;

json::value number_or_null(const std::string& decimal) {
  if (decimal.empty()) return nullptr;
  return std::stoll(decimal);
}

json::object follow_up_json(const FollowUpView& each) {
  return {{"follow_up_id", each.follow_up.hex()}, {"client_id", hex_or_null(each.client_id)}, {"due_date", each.due_date}, {"text", each.text},
          {"kind", each.kind.empty() ? "ordinary" : each.kind}};
}

json::object contact_json(const ContactView& contact, const Session& session) {
  const auto value = [&](const char* field) {
    const auto found = contact.fields.find(field);
    return found == contact.fields.end() ? std::string() : found->second;
  };
  const auto client = ClientId::parse_hex(value("client"));
  return {{"event_id", contact.event.hex()},
          {"client_id", or_null(value("client"))},
          {"client", or_null(client ? session.name_of(to_string(client->view())) : "")},
          {"description", or_null(value("description"))},
          {"occurred_at", value("occurred_at")},
          {"recorded_at", to_rfc3339(contact.recorded_ms)},
          {"device", session.folder->server.device.hex()},
          {"log_id", contact.place.log.hex()},
          {"seq", contact.place.seq},
          {"author", contact.author.hex()},
          {"round_id", contact.round ? json::value(contact.round->hex()) : json::value(nullptr)},
          {"channel", value("channel")},
          {"place", value("place")},
          {"outcome", value("outcome")},
          {"topics", array_of(model::split_codes(value("topics")))},
          {"areas", array_of(model::split_codes(value("areas")))},
          {"minutes", number_or_null(value("minutes"))},
          {"indirect_minutes", number_or_null(value("indirect_minutes"))},
          {"note", or_null(value("note"))},
          {"amended", contact.amended},
          {"retracted", contact.retracted}};
}

std::string text_member(const json::object& object, const char* name) {
  const auto& value = object.at(name);
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::vector<std::string> contact_row(const json::object& contact) {
  const auto at = parse_rfc3339(text_member(contact, "occurred_at"));
  std::string who = text_member(contact, "client");
  if (who.empty() && contact.at("client_id").is_string()) who = text_member(contact, "client_id").substr(0, kShortIdDigits);
  if (who.empty()) who = text("label:unknown_person");
  std::string remark = text_member(contact, "note");
  if (remark.empty()) remark = text_member(contact, "description");
  if (contact.at("retracted").as_bool()) remark = text("label:retracted");
  return {text_member(contact, "event_id").substr(0, kShortIdDigits), at ? to_amsterdam_text(*at) : "", who,
          word_for("channel", text_member(contact, "channel")), word_for("place", text_member(contact, "place")),
          word_for("outcome", text_member(contact, "outcome")), remark};
}

}  // namespace

Result<Answer> list_users(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_ASSIGN(const auto users, session->folder->vault.users());
  Answer answer;
  auto& list = answer.document.emplace_array();
  for (const auto& user : users) {
    list.push_back(json::object{{"user_id", user.id.hex()}, {"name", user.name}});
    answer.lines.push_back(visible(user.name));
  }
  return answer;
}

Result<Answer> list_contacts(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  LANTAARN_ASSIGN(const auto read, session->capture().readable());
  Answer answer;
  auto& list = answer.document.emplace_array();
  std::vector<std::vector<std::string>> rows;
  for (const ContactView& contact : read.contacts) {
    list.push_back(contact_json(contact, *session));
    rows.push_back(contact_row(list.back().as_object()));
  }
  answer.lines = rows.empty() ? std::vector<std::string>{text("label:no_contacts")} : columns(rows);
  if (session->user.access.lease_ended) answer.lines = {text("error:lease_ended")};
  if (read.damage) answer.warnings.push_back(*read.damage);
  return answer;
}

Result<Answer> list_follow_ups(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  if (session->user.access.lease_ended) return refused("lease_ended");
  Capture capture = session->capture();
  if (const auto done = arguments.maybe("done")) {
    const auto id = EventId::parse_hex(*done);
    if (!id) return refused("id_invalid");
    LANTAARN_TRY(capture.finish_follow_up(*id));
  }
  LANTAARN_ASSIGN(const auto open, capture.follow_ups());
  const std::string today = to_string(date_in_amsterdam(session->clock.now().wall_ms));
  Answer answer;
  auto& list = answer.document.emplace_array();
  std::vector<std::vector<std::string>> rows;
  for (const FollowUpView& each : open) {
    json::object item = follow_up_json(each);
    const std::string client = session->name_of(each.client_id);
    item["client"] = or_null(client);
    item["overdue"] = each.due_date < today;
    list.push_back(std::move(item));
    const std::string kind = each.kind.empty() || each.kind == "ordinary" ? "" : word_for("follow_up_kind", each.kind);
    rows.push_back({each.due_date, client, each.text, kind, each.follow_up.hex()});
  }
  answer.lines = rows.empty() ? std::vector<std::string>{text("label:no_follow_ups")} : columns(rows);
  return answer;
}

Result<Answer> list_codes(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  const std::string kind = arguments.one("kind");
  Answer answer;
  auto& list = answer.document.emplace_array();
  std::vector<std::vector<std::string>> rows;
  std::string kinds;
  for (const auto& codes : model::code_lists()) {
    const std::string of(codes.kind);
    kinds += (kinds.empty() ? "" : ", ") + of;
    if (!kind.empty() && kind != of) continue;
    for (const std::string_view code : codes.codes) {
      const std::string key = "code:" + of + ":" + std::string(code);
      const std::string dutch = words::text_in(words::Language::kDutch, key);
      const std::string english = words::text_in(words::Language::kEnglish, key);
      list.push_back(json::object{{"kind", of}, {"code", code}, {"nl", dutch}, {"en", english}});
      rows.push_back({of, std::string(code), dutch, english});
    }
    for (const model::OwnCode& own : session->own_codes.all()) {
      if (own.list != of || own.withdrawn) continue;
      list.push_back(json::object{{"kind", of}, {"code", own.code}, {"nl", own.label_nl}, {"en", own.label_en}});
      rows.push_back({of, own.code, own.label_nl, own.label_en});
    }
  }
  if (rows.empty()) return refused("unknown_code", {"codes", kind, kinds});
  answer.lines = columns(rows);
  return answer;
}

}  // namespace lantaarn::firmware::cli
