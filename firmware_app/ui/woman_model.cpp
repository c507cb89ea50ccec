#include "firmware_app/ui/woman_model.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/words/words.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

using words::text;

constexpr int kVisitsAfterMs = 1200;
constexpr int kVisitsMax = 500;

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

Result<QVariantMap> card_of(const Seen& now, const std::string& hex) {
  Session& session = now.session;
  const auto id = ClientId::parse_hex(hex);
  const CaseCard* card = id ? session.card_of(to_string(id->view())) : nullptr;
  if (card == nullptr) return refused("client_unknown", {""});
  const std::string client = card->card.client_id();
  const std::string today = today_of(session);
  QVariantMap made = person_row(*card);
  made["safeContact"] = shown(word_for(session.own_codes, "safe_contact", card->field("safe_contact")));
  made["intensity"] = shown(word_for(session.own_codes, "intensity", card->field("intensity")));
  made["provisional"] = card->provisional;
  const std::string spoken = card->card.last_spoken_date();
  made["lastSpoken"] = spoken.empty() ? shown(text("ui:never_spoken")) : day_text(spoken, today);

  LANTAARN_ASSIGN(const RecordList all, session.capture().records_of(client, now.entries));
  const RecordView* note = newest(all.records, client, "attention_note");
  made["attention"] = note != nullptr && note->value("until") >= today ? plain(note->value("text")) : QString();
  made["consent"] = consent_line(newest(all.records, client, "consent"), session);
  made["goals"] = open_goals(all.records, client, session);

  QVariantList todo, tonight;
  for (const FollowUpView& each : now.follow_ups) {
    if (each.client_id == client) todo.append(follow_up_row(each, session, today));
  }
  for (const ContactView& each : now.entries.contacts) {
    if (value_of(each.fields, "client") == hex && !each.retracted) tonight.append(contact_row(each, session));
  }
  made["todo"] = todo;
  made["tonight"] = tonight;
  return made;
}

}  // namespace

WomanModel::WomanModel(Office& office, App& app, Refresh& refresh) : office_(office), app_(app), refresh_(refresh) {
  visits_timer_.setSingleShot(true);
  visits_timer_.setInterval(kVisitsAfterMs);
  connect(&visits_timer_, &QTimer::timeout, this, &WomanModel::save_visits);
  connect(&app, &App::hiddenChanged, this, &WomanModel::save_visits);
  connect(&app, &App::screenChanged, this, &WomanModel::save_visits);
  refresh.add([this] { return look(); });
}

void WomanModel::open(const QString& clientId) {
  client_id_ = clientId;
  card_.clear();
  emit cardChanged();
  refresh_.request();
}

Refresh::Look WomanModel::look() {
  return [this, client = client_id_](const Seen& now) -> Refresh::Show {
    if (client.isEmpty()) return [] {};
    return [this, client, card = card_of(now, client.toStdString())] {
      if (client != client_id_) return;
      // She left this caseload, or nothing can be read any more: her card is not there.
      card_ = card.ok() ? *card : QVariantMap();
      if (!card.ok()) client_id_.clear();
      emit cardChanged();
    };
  };
}

void WomanModel::loadVisits() {
  office_.ask(
      [](Hand& hand) -> Result<int> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const CivilDate today, session->today());
        LANTAARN_ASSIGN(const auto tally, session->capture().visits_of(to_string(today)));
        return tally ? tally->visits : 0;
      },
      [this](const Result<int>& counted) {
        if (!counted.ok()) return app_.say_trouble(counted.error());
        visits_ = *counted + unsaved_visits_;
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

// What came since is added to what stands, whoever else added to it.
void WomanModel::save_visits() {
  visits_timer_.stop();
  if (visits_under_way_ || unsaved_visits_ == 0) return;
  visits_under_way_ = true;
  const int delta = unsaved_visits_;
  office_.change(
      [delta](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const CivilDate today, session->today());
        return session->capture().count_visits(to_string(today), delta, words::text("ui:counted_on"));
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
