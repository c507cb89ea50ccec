#include "firmware_app/ui/contact_model.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/crypto/random.hpp"
#include "common/model/codes.hpp"
#include "common/words/words.hpp"
#include "firmware_app/platform/board.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr int kKeepAfterMs = 400;
constexpr int kUndoSeconds = 10;
constexpr int kMinutesMax = 600;

std::vector<std::string> texts_of(const QStringList& list) {
  std::vector<std::string> texts;
  for (const QString& each : list) texts.push_back(each.toStdString());
  return texts;
}

std::string joined(const QStringList& codes) { return codes.join(',').toStdString(); }

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
  const CivilDate today = date_in_amsterdam(SystemClock().now().wall_ms);
  if (when == "tomorrow") {
    follow_up_ = shown(to_string(add_days(today, 1)));
  } else if (when == "week") {
    follow_up_ = shown(to_string(add_days(today, 7)));
  } else {
    follow_up_ = when;
  }
  note_typed();
}

void ContactModel::shiftFollowUp(int days) {
  const auto date = parse_date(follow_up_.toStdString());
  if (!date) return;
  const CivilDate today = date_in_amsterdam(SystemClock().now().wall_ms);
  follow_up_ = shown(to_string(std::max(add_days(*date, days), today)));
  note_typed();
}

QString ContactModel::followUpDay() const { return day_text(follow_up_.toStdString(), to_string(date_in_amsterdam(SystemClock().now().wall_ms))); }

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
    begun_ms_ = SystemClock().now().wall_ms;
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

firmware::Who ContactModel::who() const {
  if (who_ == Who::kKnown) return ClientId::parse_hex(who_id_.toStdString()).value_or(ClientId{});
  if (who_ == Who::kNew) return NewClient{who_text_.toStdString()};
  return UnknownPerson{who_text_.toStdString()};
}

ContactDraft ContactModel::draft() const {
  ContactDraft draft;
  draft.who = who();
  // What was begun earlier was then.
  if (draft_id_) draft.occurred_at_ms = begun_ms_;
  draft.channel = channel_.toStdString();
  draft.place = place_.toStdString();
  draft.outcome = outcome_.toStdString();
  draft.topics = texts_of(topics_);
  if (minutes_ >= 0) draft.minutes = static_cast<std::uint32_t>(minutes_);
  draft.note = note_.toStdString();
  if (!follow_up_.isEmpty()) draft.follow_up = FollowUpDraft{follow_up_.toStdString(), follow_up_text_.toStdString()};
  return draft;
}

void ContactModel::saveSpoken() {
  outcome_ = "spoken";
  save_new(true);
}

void ContactModel::save() { correcting() ? save_changes() : save_new(false); }

void ContactModel::save_new(bool complete_later) {
  if (saving_ || !hasWho()) return;
  saving_ = true;
  keep_timer_.stop();
  emit changed();
  const KeptDraft typed{draft_id_.value_or(crypto::random_id<DraftId>()), {}, this->typed(), draft_id_ ? begun_ms_ : SystemClock().now().wall_ms};
  office_.change(
      [draft = draft(), kept = draft_id_, complete_later, typed](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        const bool can_complete = complete_later && session->user.access.keeps_readable();
        auto saved = session->capture().log_contact(draft, {kept, can_complete});
        // Whatever becomes of the screen meanwhile, what was typed is not lost.
        if (!saved.ok()) static_cast<void>(session->capture().keep_draft(typed));
        // Only somebody new is another card.
        if (saved.ok() && std::holds_alternative<NewClient>(draft.who)) static_cast<void>(session->reload_cards());
        return saved;
      },
      [this](const Result<SavedEvent>& saved) { done(saved, true); });
}

// Only what is another one than it was.
void ContactModel::save_changes() {
  const auto event = EventId::parse_hex(event_.toStdString());
  if (saving_ || !event) return;
  ContactChanges changes;
  const auto was = [&](const char* field) { return before_.value(field).toString(); };
  if (who_id_ != was("clientId") || who_text_ != was("who")) changes.who = who();
  if (channel_ != was("channel")) changes.channel = channel_.toStdString();
  if (place_ != was("place")) changes.place = place_.toStdString();
  if (outcome_ != was("outcome")) changes.outcome = outcome_.toStdString();
  if (joined(topics_) != was("topics").toStdString()) changes.topics = texts_of(topics_);
  const QString minutes = minutes_ < 0 ? QString() : QString::number(minutes_);
  if (minutes != was("minutes")) changes.minutes = minutes.toStdString();
  if (note_ != was("note")) changes.note = note_.toStdString();
  if (!follow_up_.isEmpty()) changes.follow_up = FollowUpDraft{follow_up_.toStdString(), follow_up_text_.toStdString()};
  saving_ = true;
  emit changed();
  office_.change(
      [changes, event = *event, kept = draft_id_, reason = reason_.trimmed().toStdString()](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        auto saved = session->capture().amend(event, reason, changes);
        const bool nothing_to_do = !saved.ok() && saved.error().code == "nothing_changed" && kept;
        if (!saved.ok() && !nothing_to_do) return saved;
        if (kept) LANTAARN_TRY(session->capture().drop_draft(*kept));
        return nothing_to_do ? Result<SavedEvent>(SavedEvent{event, {}, {}, {}}) : saved;
      },
      [this](const Result<SavedEvent>& saved) { done(saved, false); });
}

void ContactModel::done(const Result<SavedEvent>& saved_now, bool is_new) {
  saving_ = false;
  if (!saved_now.ok()) {
    emit changed();
    touched_ = true;
    keep_now();
    return app_.say_trouble(saved_now.error());
  }
  vibrate();
  last_channel_ = channel_;
  last_place_ = place_;
  clear();
  is_new ? offer_undo(*saved_now) : app_.say(said("ui:saved"));
  emit changed();
  emit saved();
}

void ContactModel::offer_undo(const SavedEvent& saved_now) {
  app_.dismissNotice();
  undoable_ = saved_now;
  undo_seconds_ = kUndoSeconds;
  undo_timer_.start();
  emit undoChanged();
}

void ContactModel::dismissUndo() {
  undo_timer_.stop();
  undo_seconds_ = 0;
  undoable_.reset();
  emit undoChanged();
}

// What is saved stays saved: taking back is a fact of its own.
void ContactModel::undo() {
  if (!undoable_) return;
  const SavedEvent undone = *undoable_;
  dismissUndo();
  retract(shown(undone.event.hex()), said("ui:undone_reason"));
  if (!undone.follow_up) return;
  office_.change(
      [follow_up = *undone.follow_up](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        return session->capture().finish_follow_up(follow_up);
      },
      [this](const Result<SavedEvent>& finished) {
        if (!finished.ok()) app_.say_trouble(finished.error());
      });
}

void ContactModel::retract(const QString& eventId, const QString& reason) {
  const auto event = EventId::parse_hex(eventId.toStdString());
  if (!event) return;
  office_.change(
      [event = *event, reason = reason.trimmed().toStdString()](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        Capture capture = session->capture();
        LANTAARN_TRY(capture.retract(event, reason));
        LANTAARN_ASSIGN(const auto drafts, capture.drafts());
        for (const KeptDraft& each : drafts) {
          if (each.contact == event) LANTAARN_TRY(capture.drop_draft(each.id));
        }
        return true;
      },
      [this](const Result<bool>& taken_back) {
        if (!taken_back.ok()) return app_.say_trouble(taken_back.error());
        app_.say(said("ui:undone"));
      });
}

}  // namespace lantaarn::firmware::ui
