#pragma once
// One contact being filled in: new, half finished (a kept draft), or saved already and now completed or corrected. What is
// typed is kept as a draft while she types, so that nothing is lost by a lock or a power cut.

#include <QObject>
#include <QTimer>
#include <QVariant>

#include "firmware_app/ui/app.hpp"

namespace lantaarn::firmware::ui {

class ContactModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(bool correcting READ correcting NOTIFY changed)
  Q_PROPERTY(bool unread READ unread NOTIFY changed)
  Q_PROPERTY(bool hasWho READ hasWho NOTIFY changed)
  Q_PROPERTY(QString whoText READ whoText NOTIFY changed)
  Q_PROPERTY(QString channel READ channel WRITE setChannel NOTIFY changed)
  Q_PROPERTY(QString place READ place WRITE setPlace NOTIFY changed)
  Q_PROPERTY(QString outcome READ outcome WRITE setOutcome NOTIFY changed)
  Q_PROPERTY(QStringList topics READ topics NOTIFY changed)
  Q_PROPERTY(int minutes READ minutes WRITE setMinutes NOTIFY changed)
  Q_PROPERTY(QString note READ note WRITE setNote NOTIFY changed)
  Q_PROPERTY(QString followUp READ followUp NOTIFY changed)
  Q_PROPERTY(QString followUpDay READ followUpDay NOTIFY changed)
  Q_PROPERTY(QString followUpText READ followUpText WRITE setFollowUpText NOTIFY changed)
  Q_PROPERTY(QString reason READ reason WRITE setReason NOTIFY changed)
  Q_PROPERTY(QVariantList channels READ channels NOTIFY choicesChanged)
  Q_PROPERTY(QVariantList places READ places NOTIFY choicesChanged)
  Q_PROPERTY(QVariantList outcomes READ outcomes NOTIFY choicesChanged)
  Q_PROPERTY(QVariantList allTopics READ allTopics NOTIFY choicesChanged)
  Q_PROPERTY(bool saving READ saving NOTIFY changed)
  Q_PROPERTY(bool canUndo READ canUndo NOTIFY undoChanged)
  Q_PROPERTY(int undoSeconds READ undoSeconds NOTIFY undoChanged)

 public:
  ContactModel(Office& office, App& app);

  [[nodiscard]] bool correcting() const { return !event_.isEmpty(); }
  /// What is corrected cannot be read here any more: only what is given now becomes another.
  [[nodiscard]] bool unread() const { return before_.value("earlier").toBool(); }
  [[nodiscard]] bool hasWho() const { return who_ != Who::kNone; }
  [[nodiscard]] QString whoText() const;
  [[nodiscard]] QString channel() const { return channel_; }
  [[nodiscard]] QString place() const { return place_; }
  [[nodiscard]] QString outcome() const { return outcome_; }
  [[nodiscard]] QStringList topics() const { return topics_; }
  /// -1: not stated.
  [[nodiscard]] int minutes() const { return minutes_; }
  [[nodiscard]] QString note() const { return note_; }
  /// A date; "": none.
  [[nodiscard]] QString followUp() const { return follow_up_; }
  /// For people.
  [[nodiscard]] QString followUpDay() const;
  [[nodiscard]] QString followUpText() const { return follow_up_text_; }
  [[nodiscard]] QString reason() const { return reason_; }
  [[nodiscard]] QVariantList channels() const { return channels_; }
  [[nodiscard]] QVariantList places() const { return places_; }
  [[nodiscard]] QVariantList outcomes() const { return outcomes_; }
  [[nodiscard]] QVariantList allTopics() const { return all_topics_; }
  [[nodiscard]] bool saving() const { return saving_; }
  [[nodiscard]] bool canUndo() const { return undo_seconds_ > 0; }
  [[nodiscard]] int undoSeconds() const { return undo_seconds_; }

  /// Empty, with what tonight's last contact had for how and where.
  Q_INVOKABLE void begin();
  Q_INVOKABLE void beginWith(const QString& clientId, const QString& name);
  /// A kept draft; of one that is a saved contact, what is saved.
  Q_INVOKABLE void resume(const QString& draftId);
  /// One of tonight's contacts, or of earlier ones, as a row of EveningModel.
  Q_INVOKABLE void correct(const QVariantMap& row);
  Q_INVOKABLE void chooseKnown(const QString& clientId, const QString& name);
  Q_INVOKABLE void chooseUnknown(const QString& description);
  Q_INVOKABLE void chooseNew(const QString& name);
  Q_INVOKABLE void toggleTopic(const QString& code);
  /// "tomorrow", "week" or a date; "" takes it away.
  Q_INVOKABLE void planFollowUp(const QString& when);
  /// Days later or earlier, never before today.
  Q_INVOKABLE void shiftFollowUp(int days);
  void setChannel(const QString& code);
  void setPlace(const QString& code);
  void setOutcome(const QString& code);
  void setMinutes(int minutes);
  void setNote(const QString& note);
  void setFollowUpText(const QString& text);
  void setReason(const QString& reason);

  /// Two taps: who, and that she was spoken to; the rest is to be completed.
  Q_INVOKABLE void saveSpoken();
  Q_INVOKABLE void save();
  /// Leaves the screen: what was typed stays as a draft.
  Q_INVOKABLE void leave();
  Q_INVOKABLE void undo();
  Q_INVOKABLE void dismissUndo();
  Q_INVOKABLE void retract(const QString& eventId, const QString& reason);

 signals:
  void changed();
  void choicesChanged();
  void undoChanged();
  void saved();

 private:
  enum class Who { kNone, kKnown, kUnknown, kNew };
  struct Form;
  void set_who(Who who, const QString& id, const QString& text);
  void note_typed();
  void clear();
  void take_choices();
  void keep_now();
  void offer_undo(const SavedEvent& saved_now);
  void save_new(bool complete_later);
  void save_changes();
  void take_back(std::function<Status(Capture&)> how);
  void done(const Result<SavedEvent>& saved, bool is_new);
  [[nodiscard]] ContactDraft draft() const;
  [[nodiscard]] model::FieldValues typed() const;
  [[nodiscard]] firmware::Who who() const;

  Office& office_;
  App& app_;
  Who who_ = Who::kNone;
  QString who_id_, who_text_, channel_, place_, outcome_, note_, follow_up_, follow_up_text_, reason_;
  QStringList topics_;
  int minutes_ = -1;
  QString event_;                       // saved already
  QVariantMap before_;                  // as it stood then
  std::optional<DraftId> draft_id_;
  std::int64_t begun_ms_ = 0;
  int generation_ = 0;                  // of what is on the screen: an answer to an older one is no longer wanted
  bool touched_ = false;
  bool saving_ = false;
  bool said_not_kept_ = false;
  QString last_channel_ = "in_person", last_place_ = "zone";
  QVariantList channels_, places_, outcomes_, all_topics_;
  QTimer keep_timer_, undo_timer_;
  std::optional<SavedEvent> undoable_;
  int undo_seconds_ = 0;
};

}  // namespace lantaarn::firmware::ui
