#include "firmware_app/ui/woman_model.hpp"

#include <algorithm>
#include <utility>

#include "common/base/civil_time.hpp"
#include "common/model/record_kinds.hpp"
#include "common/words/words.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

using words::text;

constexpr int kVisitsAfterMs = 1200;
constexpr int kVisitsMax = 500;

// "today", "in 14 days", or as it is; a text may begin so too, and is left alone.
std::string value_for(const model::RecordKind* kind, const std::string& field, const QString& given, const std::string& today) {
  const model::RecordField* known = kind == nullptr ? nullptr : kind->field(field);
  const auto now = parse_date(today);
  if (known == nullptr || known->type != model::FieldType::kDate || !now) return given.toStdString();
  if (given == "today") return today;
  if (given.startsWith("in ")) return to_string(add_days(*now, given.mid(3).split(' ').first().toInt()));
  return given.toStdString();
}

/// The newest of a kind, by its day.
const RecordView* newest(const std::vector<RecordView>& records, const std::string& client, const char* kind) {
  const RecordView* found = nullptr;
  for (const RecordView& each : records) {
    if (each.kind != kind || each.client_id != client || each.retracted) continue;
    if (found == nullptr || each.value("date") >= found->value("date")) found = &each;
  }
  return found;
}

QString consent_line(const RecordView* consent, const Session& session) {
  if (consent == nullptr) return shown(text("ui:consent:none"));
  QString line = shown(word_for(session.own_codes, "consent_state", consent->value("state")));
  if (const std::string how = consent->value("how"); !how.empty()) line += ", " + shown(word_for(session.own_codes, "consent_how", how));
  return line + " · " + day_text(consent->value("date"), today_of(session));
}

QVariantList open_goals(const std::vector<RecordView>& records, const std::string& client, const Session& session) {
  QVariantList goals;
  for (const RecordView& each : records) {
    if (each.kind != "goal" || each.client_id != client || each.retracted || each.value("state") != "active") continue;
    goals.append(QVariantMap{{"id", shown(each.record.hex())},
                             {"text", plain(each.value("text"))},
                             {"area", shown(word_for(session.own_codes, "area", each.value("area")))}});
  }
  return goals;
}

Result<QVariantMap> card_of(Session& session, const std::string& hex) {
  const auto id = ClientId::parse_hex(hex);
  const auto card = std::find_if(session.cards.begin(), session.cards.end(), [&](const CaseCard& each) { return id && each.id() == *id; });
  if (card == session.cards.end()) return refused("client_unknown", {""});
  const std::string client = card->card.client_id();
  const std::string today = today_of(session);
  QVariantMap made = person_row(*card);
  made["safeContact"] = shown(word_for(session.own_codes, "safe_contact", card->field("safe_contact")));
  made["intensity"] = shown(word_for(session.own_codes, "intensity", card->field("intensity")));
  made["provisional"] = card->provisional;
  const std::string spoken = card->card.last_spoken_date();
  made["lastSpoken"] = spoken.empty() ? shown(text("ui:never_spoken")) : day_text(spoken, today);

  Capture capture = session.capture();
  LANTAARN_ASSIGN(const RecordList all, capture.records());
  const RecordView* note = newest(all.records, client, "attention_note");
  made["attention"] = note != nullptr && note->value("until") >= today ? plain(note->value("text")) : QString();
  made["consent"] = consent_line(newest(all.records, client, "consent"), session);
  made["goals"] = open_goals(all.records, client, session);

  QVariantList todo, tonight;
  LANTAARN_ASSIGN(const auto follow_ups, capture.follow_ups());
  for (const FollowUpView& each : follow_ups) {
    if (each.client_id == client) todo.append(follow_up_row(each, session, today));
  }
  LANTAARN_ASSIGN(const auto read, capture.readable());
  for (const ContactView& each : read.contacts) {
    if (value_of(each.fields, "client") == hex && !each.retracted) tonight.append(contact_row(each, session));
  }
  made["todo"] = todo;
  made["tonight"] = tonight;
  return made;
}

// Today's own tally: one record, corrected as it grows.
struct Tally {
  std::optional<EventId> record;
  int visits = 0;
};
Result<Tally> tally_of(Session& session) {
  LANTAARN_ASSIGN(const RecordList all, session.capture().records());
  Tally tally;
  for (const RecordView& each : all.records) {
    if (each.kind != "visit_count" || each.retracted || each.value("date") != today_of(session)) continue;
    tally = {each.record, std::atoi(each.value("visits").c_str())};
  }
  return tally;
}

}  // namespace

WomanModel::WomanModel(Office& office, App& app) : office_(office), app_(app) {
  visits_timer_.setSingleShot(true);
  visits_timer_.setInterval(kVisitsAfterMs);
  connect(&visits_timer_, &QTimer::timeout, this, &WomanModel::save_visits);
  connect(&app, &App::hiddenChanged, this, &WomanModel::save_visits);
  connect(&app, &App::screenChanged, this, &WomanModel::save_visits);
  connect(&office, &Office::changed, this, &WomanModel::reload);
}

void WomanModel::open(const QString& clientId) {
  client_id_ = clientId;
  card_.clear();
  emit cardChanged();
  reload();
}

void WomanModel::reload() {
  if (client_id_.isEmpty()) return;
  office_.ask(
      [client = client_id_.toStdString()](Hand& hand) -> Result<QVariantMap> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        return card_of(*session, client);
      },
      [this](Result<QVariantMap> card) {
        // She left this caseload, or nothing can be read any more: her card is not there.
        card_ = card.ok() ? std::move(*card) : QVariantMap();
        if (!card.ok()) client_id_.clear();
        emit cardChanged();
      });
}

void WomanModel::fetchChoices(const QString& list) {
  office_.ask(
      [list = list.toStdString()](Hand& hand) -> Result<QVariantList> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        return choices(session->own_codes, list);
      },
      [this, list](const Result<QVariantList>& made) {
        if (made.ok()) emit choicesFetched(list, *made);
      });
}

void WomanModel::add(const QString& kind, const QString& clientId, const QVariantMap& fields) {
  if (saving_) return;
  saving_ = true;
  emit savingChanged();
  office_.change(
      [kind = kind.toStdString(), clientId = clientId.toStdString(), fields](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        RecordDraft draft{kind, {}, {}};
        if (!clientId.empty()) draft.client = ClientId::parse_hex(clientId);
        for (auto field = fields.begin(); field != fields.end(); ++field) {
          const QString value = field.value().toString().trimmed();
          const std::string name = field.key().toStdString();
          if (!value.isEmpty()) draft.fields[name] = value_for(model::find_record_kind(kind), name, value, today_of(*session));
        }
        return session->capture().add_record(draft);
      },
      [this](const Result<SavedEvent>& added) {
        saving_ = false;
        emit savingChanged();
        if (!added.ok()) return app_.say_trouble(added.error());
        app_.say(said("ui:saved"));
        emit saved();
      });
}

void WomanModel::loadVisits() {
  office_.ask(
      [](Hand& hand) -> Result<Tally> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        return tally_of(*session);
      },
      [this](const Result<Tally>& tally) {
        if (!tally.ok()) return app_.say_trouble(tally.error());
        visits_ = tally->visits + unsaved_visits_;
        visits_loaded_ = true;
        emit visitsChanged();
      });
}

void WomanModel::addVisit(int delta) {
  if (!visits_loaded_ || visits_ + delta < 0 || visits_ + delta > kVisitsMax) return;
  visits_ += delta;
  unsaved_visits_ += delta;
  visits_timer_.start();
  emit visitsChanged();
}

// What came since is added to what stands, whoever else added to it; where that cannot be read any more, it is a record of its
// own, and the registry adds up.
void WomanModel::save_visits() {
  visits_timer_.stop();
  if (visits_under_way_ || unsaved_visits_ == 0) return;
  visits_under_way_ = true;
  const int delta = unsaved_visits_;
  office_.change(
      [delta](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        Capture capture = session->capture();
        LANTAARN_ASSIGN(const Tally tally, tally_of(*session));
        const std::string count = std::to_string(std::max(0, tally.visits + delta));
        if (tally.record) return capture.change_record(*tally.record, words::text("ui:counted_on"), {{"visits", count}});
        return capture.add_record({"visit_count", {}, {{"date", today_of(*session)}, {"visits", count}}});
      },
      [this, delta](const Result<SavedEvent>& saved_now) {
        visits_under_way_ = false;
        if (!saved_now.ok()) return app_.say_trouble(saved_now.error());
        unsaved_visits_ -= delta;
        if (unsaved_visits_ != 0) visits_timer_.start();
        emit visitsChanged();
      });
}

}  // namespace lantaarn::firmware::ui
