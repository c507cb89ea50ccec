#include "firmware_app/ui/rows.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/model/codes.hpp"
#include "common/words/words.hpp"

namespace lantaarn::firmware::ui {
namespace {

QString word_of(const Session& session, const char* list, const std::string& code) { return shown(word_for(session.own_codes, list, code)); }

QString words_of(const Session& session, const char* list, const std::string& joined) {
  QStringList words;
  for (const auto& code : model::split_codes(joined)) words.append(word_of(session, list, code));
  return words.join(", ");
}

int weekday(const CivilDate& date) { return (to_day_number(date) + 3) % 7 + 1; }  // 1 January 1970 was a Thursday

}  // namespace

std::string value_of(const model::FieldValues& fields, const char* field) {
  const auto found = fields.find(field);
  return found == fields.end() ? std::string() : found->second;
}

QString plain(const std::string& text) {
  QString made;
  for (const uint c : QString::fromStdString(text).toUcs4()) {
    const bool turns = QChar::category(c) == QChar::Other_Format && c != 0x200C && c != 0x200D;
    if (!turns && (QChar::isPrint(c) || c == '\n')) made.append(QString::fromUcs4(reinterpret_cast<const char32_t*>(&c), 1));
  }
  return made;
}

QVariantList choices(const model::OwnCodes& own_codes, std::string_view list) {
  QVariantList made;
  const auto add = [&](std::string_view code) {
    made.append(QVariantMap{{"code", shown(std::string(code))}, {"word", shown(word_for(own_codes, list, code))}});
  };
  for (const std::string_view code : model::codes_of(list)) add(code);
  for (const model::OwnCode& own : own_codes.all()) {
    if (own.list == list && !own.withdrawn) add(own.code);
  }
  return made;
}

std::string today_of(const Session& session) {
  const auto today = session.today();
  return to_string(today.ok() ? *today : date_in_amsterdam(session.clock.now().wall_ms));
}

QString full_day_text(const CivilDate& date) {
  const QString day = shown(words::text("ui:weekday:" + std::to_string(weekday(date))));
  return QString("%1 %2-%3-%4").arg(day).arg(date.day).arg(date.month).arg(date.year);
}

QString day_text(const std::string& text, const std::string& today) {
  const auto date = parse_date(text), now = parse_date(today);
  if (!date) return {};
  const int away = now ? to_day_number(*date) - to_day_number(*now) : 99;
  if (away == 0) return shown(words::text("ui:today"));
  if (away == 1) return shown(words::text("ui:tomorrow"));
  const std::string day = words::text("ui:weekday:" + std::to_string(weekday(*date)));
  if (away > 1 && away < 7) return shown(day);
  return QString("%1 %2-%3").arg(shown(day)).arg(date->day).arg(date->month);
}

QString time_text(std::int64_t wall_ms) { return shown(to_amsterdam_text(wall_ms).substr(11)); }

QVariantMap person_row(const CaseCard& card) {
  QStringList names;
  for (const auto& alias : card.card.aliases()) names.append(plain(alias));
  return {{"id", shown(card.id().hex())}, {"name", plain(card.name())}, {"names", names}};
}

QVariantMap contact_row(const ContactView& contact, const Session& session) {
  const auto value = [&](const char* field) { return value_of(contact.fields, field); };
  const auto client = ClientId::parse_hex(value("client"));
  QString who = client ? plain(session.name_of(to_string(client->view()))) : plain(value("description"));
  if (who.isEmpty()) who = shown(words::text(client ? "ui:somebody_new" : "label:unknown_person"));
  const auto at = parse_rfc3339(value("occurred_at"));
  return {{"id", shown(contact.event.hex())},
          {"who", who},
          {"clientId", client ? shown(client->hex()) : QString()},
          {"channel", shown(value("channel"))},
          {"how", word_of(session, "channel", value("channel"))},
          {"place", shown(value("place"))},
          {"where", word_of(session, "place", value("place"))},
          {"outcome", shown(value("outcome"))},
          {"went", word_of(session, "outcome", value("outcome"))},
          {"topics", shown(value("topics"))},
          {"about", words_of(session, "topic", value("topics"))},
          {"minutes", shown(value("minutes"))},
          {"note", plain(value("note"))},
          {"time", time_text(at ? *at : contact.recorded_ms)},
          {"amended", contact.amended},
          {"retracted", contact.retracted}};
}

QVariantMap earlier_row(const RecentContact& contact, const Session& session) {
  QString who = plain(session.name_of(contact.client_id));
  if (who.isEmpty()) who = shown(words::text(contact.client_id.empty() ? "label:unknown_person" : "ui:somebody_new"));
  const auto client = ClientId::from(contact.client_id);
  const std::string day = contact.saved_ms == 0 ? std::string() : to_string(date_in_amsterdam(contact.saved_ms));
  return {{"id", shown(contact.contact.hex())},
          {"who", who},
          {"clientId", client ? shown(client->hex()) : QString()},
          {"time", day.empty() ? QString() : day_text(day, today_of(session)) + " " + time_text(contact.saved_ms)},
          {"amended", contact.amended},
          {"retracted", contact.retracted},
          {"earlier", true}};
}

Result<std::uint64_t> contacts_waiting(Session& session, const ReadableEntries& read) {
  LANTAARN_ASSIGN(const auto logs, session.folder->journal.logs());
  return static_cast<std::uint64_t>(std::count_if(read.contacts.begin(), read.contacts.end(), [&](const ContactView& contact) {
    return std::any_of(logs.begin(), logs.end(), [&](const journal::LogState& log) {
      return log.genesis.log == contact.place.log && contact.place.seq > log.received.seq;
    });
  }));
}

QVariantMap follow_up_row(const FollowUpView& each, const Session& session, const std::string& today) {
  const auto client = ClientId::from(each.client_id);
  return {{"id", shown(each.follow_up.hex())},
          {"who", plain(session.name_of(each.client_id))},
          {"clientId", client ? shown(client->hex()) : QString()},
          {"due", shown(each.due_date)},
          {"dueText", day_text(each.due_date, today)},
          {"text", plain(each.text)},
          {"overdue", each.due_date < today}};
}

}  // namespace lantaarn::firmware::ui
