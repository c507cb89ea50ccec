#include "firmware_app/ui/contact_model.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/crypto/random.hpp"
#include "common/model/codes.hpp"
#include "common/words/words.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr int kKeepAfterMs = 400;
constexpr int kMinutesMax = 600;

}  // namespace

ContactModel::ContactModel(Office& office, App& app) : office_(office), app_(app) {
  keep_timer_.setSingleShot(true);
  keep_timer_.setInterval(kKeepAfterMs);
  connect(&keep_timer_, &QTimer::timeout, this, &ContactModel::keep_now);
  undo_timer_.setInterval(1000);
  connect(&undo_timer_, &QTimer::timeout, this, [this] {
    if (--undo_seconds_ <= 0) {
      undo_timer_.stop();
      undoable_.reset();
    }
    emit undoChanged();
  });
  // Hidden in the middle of it: what is typed is kept before the program starts anew.
  connect(&app, &App::hiddenChanged, this, &ContactModel::keep_now);
  connect(app.preferences(), &Preferences::languageChanged, this, &ContactModel::take_choices);
}

void ContactModel::take_choices() {
  office_.ask(
      [](Hand& hand) -> Result<QVariantList> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        QVariantList lists;
        for (const char* list : {"channel", "place", "outcome", "topic"}) lists.append(QVariant(choices(session->own_codes, list)));
        // As the last contact tonight was, the next one probably is.
        const auto read = session->capture().readable();
        const bool has_last = read.ok() && !read->contacts.empty();
        lists.append(has_last ? shown(value_of(read->contacts.back().fields, "channel")) : QString());
        lists.append(has_last ? shown(value_of(read->contacts.back().fields, "place")) : QString());
        return lists;
      },
      [this](const Result<QVariantList>& lists) {
        if (!lists.ok()) return;
        channels_ = (*lists)[0].toList();
        places_ = (*lists)[1].toList();
        outcomes_ = (*lists)[2].toList();
        all_topics_ = (*lists)[3].toList();
        const bool untouched = !touched_ && !hasWho() && !correcting();
        if (!(*lists)[4].toString().isEmpty()) last_channel_ = (*lists)[4].toString();
        if (!(*lists)[5].toString().isEmpty()) last_place_ = (*lists)[5].toString();
        if (untouched) {
          channel_ = last_channel_;
          place_ = last_place_;
          emit changed();
        }
        emit choicesChanged();
      });
}

void ContactModel::clear() {
  keep_timer_.stop();
  ++generation_;
  who_ = Who::kNone;
  for (QString* text : {&who_id_, &who_text_, &outcome_, &note_, &follow_up_, &follow_up_text_, &reason_, &event_}) text->clear();
  channel_ = last_channel_;
  place_ = last_place_;
  topics_.clear();
  minutes_ = -1;
  before_.clear();
  draft_id_.reset();
  touched_ = false;
  saving_ = false;
  said_not_kept_ = false;
}

void ContactModel::begin() {
  clear();
  if (channels_.isEmpty()) take_choices();
  emit changed();
}

void ContactModel::beginWith(const QString& clientId, const QString& name) {
  begin();
  chooseKnown(clientId, name);
}

void ContactModel::correct(const QVariantMap& row) {
  begin();
  event_ = row.value("id").toString();
  before_ = row;
  who_ = row.value("clientId").toString().isEmpty() ? Who::kUnknown : Who::kKnown;
  who_id_ = row.value("clientId").toString();
  who_text_ = row.value("who").toString();
  channel_ = row.value("channel").toString();
  place_ = row.value("place").toString();
  outcome_ = row.value("outcome").toString();
  for (const auto& code : model::split_codes(row.value("topics").toString().toStdString())) topics_.append(shown(code));
  minutes_ = row.value("minutes").toString().isEmpty() ? -1 : row.value("minutes").toInt();
  note_ = row.value("note").toString();
  emit changed();
}

void ContactModel::resume(const QString& draftId) {
  begin();
  const auto wanted = DraftId::parse_hex(draftId.toStdString());
  if (!wanted) return;
  struct Found {
    KeptDraft draft;
    QVariantMap row;
  };
  office_.ask(
      [wanted = *wanted](Hand& hand) -> Result<Found> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const auto kept, session->capture().drafts());
        for (const KeptDraft& draft : kept) {
          if (draft.id != wanted) continue;
          Found found{draft, {}};
          if (!draft.contact) return found;
          LANTAARN_ASSIGN(const auto read, session->capture().readable());
          for (const ContactView& contact : read.contacts) {
            if (contact.event == *draft.contact) found.row = contact_row(contact, *session);
          }
          return found;
        }
        return refused("event_unknown");
      },
      [this, generation = generation_](const Result<Found>& found) {
        if (!found.ok()) return app_.say_trouble(found.error());
        if (generation != generation_) return;  // she has gone on to something else
        if (found->draft.contact && found->row.isEmpty()) return app_.say(said("ui:later:gone"));
        if (found->draft.contact) correct(found->row);
        draft_id_ = found->draft.id;
        begun_ms_ = found->draft.begun_ms;
        const auto value = [&](const char* field) { return shown(value_of(found->draft.fields, field)); };
        if (!found->draft.contact || !found->draft.fields.empty()) {
          const QString kind = value("who");
          who_ = kind == "known" ? Who::kKnown : kind == "new" ? Who::kNew : kind == "unknown" ? Who::kUnknown : Who::kNone;
          who_id_ = value("client");
          who_text_ = value("name");
          channel_ = value("channel");
          place_ = value("place");
          outcome_ = value("outcome");
          topics_ = value("topics").split(',', Qt::SkipEmptyParts);
          minutes_ = value("minutes").isEmpty() ? -1 : value("minutes").toInt();
          note_ = value("note");
          follow_up_ = value("follow_up");
          follow_up_text_ = value("follow_up_text");
        }
        if (found->draft.contact) reason_ = said("ui:completed_reason");
        emit changed();
      });
}

QString ContactModel::whoText() const {
  if (!who_text_.isEmpty()) return who_text_;
  return who_ == Who::kUnknown ? said("label:unknown_person") : QString();
}

void ContactModel::set_who(Who who, const QString& id, const QString& text) {
  who_ = who;
  who_id_ = id;
  who_text_ = text;
  note_typed();
}

void ContactModel::chooseKnown(const QString& clientId, const QString& name) { set_who(Who::kKnown, clientId, name); }
void ContactModel::chooseUnknown(const QString& description) { set_who(Who::kUnknown, {}, description.trimmed()); }
void ContactModel::chooseNew(const QString& name) {
  if (!name.trimmed().isEmpty()) set_who(Who::kNew, {}, name.trimmed());
}
void ContactModel::setChannel(const QString& code) {
  channel_ = code;
  note_typed();
}
void ContactModel::setPlace(const QString& code) {
  place_ = code;
  note_typed();
}
void ContactModel::setOutcome(const QString& code) {
  outcome_ = code;
  note_typed();
}
void ContactModel::setMinutes(int minutes) {
  minutes_ = std::clamp(minutes, -1, kMinutesMax);
  note_typed();
}
void ContactModel::setNote(const QString& note) {
  if (note == note_) return;
  note_ = note;
  note_typed();
}
void ContactModel::setFollowUpText(const QString& text) {
  if (text == follow_up_text_) return;
  follow_up_text_ = text;
  note_typed();
}
void ContactModel::setReason(const QString& reason) {
  if (reason == reason_) return;
  reason_ = reason;
  emit changed();
}

void ContactModel::toggleTopic(const QString& code) {
  if (!topics_.removeOne(code)) topics_.append(code);
  note_typed();
}

void ContactModel::planFollowUp(const QString& when) {
  const auto today = app_.today();
  // A board whose battery was empty stands in 1970: no day can be told from it.
  if (!when.isEmpty() && !today) return app_.say_trouble(refused("day_unknown"));
  if (when == "tomorrow") {
    follow_up_ = shown(to_string(add_days(*today, 1)));
  } else if (when == "week") {
    follow_up_ = shown(to_string(add_days(*today, 7)));
  } else {
    follow_up_ = when;
  }
  note_typed();
}

void ContactModel::shiftFollowUp(int days) {
  const auto date = parse_date(follow_up_.toStdString()), today = app_.today();
  if (!date || !today) return;
  follow_up_ = shown(to_string(std::max(add_days(*date, days), *today)));
  note_typed();
}

QString ContactModel::followUpDay() const {
  const auto today = app_.today();
  return day_text(follow_up_.toStdString(), today ? to_string(*today) : std::string());
}

void ContactModel::note_typed() {
  touched_ = true;
  if (!correcting() || draft_id_) keep_timer_.start();
  emit changed();
}

model::FieldValues ContactModel::typed() const {
  model::FieldValues fields;
  const auto put = [&](const char* field, const QString& value) {
    if (!value.isEmpty()) fields[field] = value.toStdString();
  };
  put("who", who_ == Who::kKnown ? "known" : who_ == Who::kNew ? "new" : who_ == Who::kUnknown ? "unknown" : "");
  put("client", who_id_);
  put("name", who_text_);
  put("channel", channel_);
  put("place", place_);
  put("outcome", outcome_);
  put("topics", topics_.join(','));
  if (minutes_ >= 0) put("minutes", QString::number(minutes_));
  put("note", note_);
  put("follow_up", follow_up_);
  put("follow_up_text", follow_up_text_);
  return fields;
}

// In strict mode and without a lease nothing readable is kept, and that is as it should be: no word about it.
void ContactModel::keep_now() {
  const bool is_correction = correcting() && !draft_id_;
  if (!touched_ || is_correction || saving_) return;
  keep_timer_.stop();
  touched_ = false;
  if (!draft_id_) {
    draft_id_ = crypto::random_id<DraftId>();
    begun_ms_ = app_.now_ms();
  }
  office_.ask(
      [draft = KeptDraft{*draft_id_, EventId::parse_hex(event_.toStdString()), typed(), begun_ms_}](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_TRY(session->capture().keep_draft(draft));
        return true;
      },
      [this](const Result<bool>& kept) {
        if (kept.ok() || kept.error().code == "locked") return;
        if (kept.error().code != "draft_not_kept") return app_.say_trouble(kept.error());
        draft_id_.reset();
        if (!std::exchange(said_not_kept_, true)) app_.say(text_of(words::sentence(kept.error())));
      });
}

void ContactModel::leave() {
  if (saving_) return;
  if (hasWho() || !note_.isEmpty()) keep_now();
  clear();
  emit changed();
  emit office_.changed();
}

}  // namespace lantaarn::firmware::ui
