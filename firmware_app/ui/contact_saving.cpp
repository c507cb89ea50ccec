// What becomes of the form: saved, completed, corrected, undone, taken back.

#include <utility>

#include "common/crypto/random.hpp"
#include "common/words/words.hpp"
#include "firmware_app/platform/board.hpp"
#include "firmware_app/ui/contact_model.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr int kUndoSeconds = 10;

std::vector<std::string> texts_of(const QStringList& list) {
  std::vector<std::string> texts;
  for (const QString& each : list) texts.push_back(each.toStdString());
  return texts;
}

std::string joined(const QStringList& codes) { return codes.join(',').toStdString(); }

}  // namespace

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
  const KeptDraft typed{draft_id_.value_or(crypto::random_id<DraftId>()), {}, this->typed(), draft_id_ ? begun_ms_ : app_.now_ms()};
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
        auto saved = session->capture().amend(event, reason, changes, {kept, false});
        // Only somebody new is another card.
        const bool has_new = changes.who && std::holds_alternative<NewClient>(*changes.who);
        if (saved.ok() && has_new) static_cast<void>(session->reload_cards());
        return saved;
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
  take_back([undone](Capture& capture) { return capture.undo(undone, words::text("ui:undone_reason")); });
}

void ContactModel::retract(const QString& eventId, const QString& reason) {
  const auto event = EventId::parse_hex(eventId.toStdString());
  if (!event) return;
  take_back([event = *event, reason = reason.trimmed().toStdString()](Capture& capture) -> Status {
    LANTAARN_TRY(capture.retract(event, reason));
    return {};
  });
}

void ContactModel::take_back(std::function<Status(Capture&)> how) {
  office_.change(
      [how = std::move(how)](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        Capture capture = session->capture();
        LANTAARN_TRY(how(capture));
        return true;
      },
      [this](const Result<bool>& taken_back) {
        if (!taken_back.ok()) return app_.say_trouble(taken_back.error());
        app_.say(said("ui:undone"));
      });
}

}  // namespace lantaarn::firmware::ui
