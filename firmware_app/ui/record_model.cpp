#include "firmware_app/ui/record_model.hpp"

#include <algorithm>
#include <utility>

#include "common/base/civil_time.hpp"
#include "common/crypto/random.hpp"
#include "common/model/record_kinds.hpp"
#include "common/words/words.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr int kKeepAfterMs = 400;
constexpr const char* kDraftGoal = "goal";
constexpr const char* kDraftValue = "is:";  // before a field's name

// "today", "in 14 days", or as it is; a text may begin so too, and is left alone.
Result<std::string> value_for(const model::RecordKind* kind, const std::string& field, const QString& given, const Session& session) {
  const model::RecordField* known = kind == nullptr ? nullptr : kind->field(field);
  const bool is_relative = given == "today" || given.startsWith("in ");
  if (known == nullptr || known->type != model::FieldType::kDate || !is_relative) return given.toStdString();
  LANTAARN_ASSIGN(const CivilDate today, session.today());
  return to_string(given == "today" ? today : add_days(today, given.mid(3).split(' ').first().toInt()));
}

Result<RecordDraft> record_of(const Session& session, const std::string& kind, const std::string& client, const QVariantMap& fields) {
  RecordDraft draft{kind, {}, {}};
  if (!client.empty()) draft.client = ClientId::parse_hex(client);
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    const QString value = field.value().toString().trimmed();
    const std::string name = field.key().toStdString();
    if (value.isEmpty()) continue;
    LANTAARN_ASSIGN(draft.fields[name], value_for(model::find_record_kind(kind), name, value, session));
  }
  return draft;
}

}  // namespace

RecordModel::RecordModel(Office& office, App& app) : office_(office), app_(app) {
  keep_timer_.setSingleShot(true);
  keep_timer_.setInterval(kKeepAfterMs);
  connect(&keep_timer_, &QTimer::timeout, this, &RecordModel::keep_now);
  connect(&app, &App::hiddenChanged, this, &RecordModel::keep_now);
}

void RecordModel::clear() {
  keep_timer_.stop();
  for (QString* text : {&form_, &client_id_, &goal_}) text->clear();
  values_.clear();
  draft_id_.reset();
  touched_ = false;
  said_not_kept_ = false;
}

void RecordModel::begin(const QString& form, const QString& clientId, const QString& goal) {
  clear();
  form_ = form;
  client_id_ = clientId;
  goal_ = goal;
  emit begun();
  emit changed();
}

void RecordModel::resume(const QString& draftId) {
  clear();
  const auto wanted = DraftId::parse_hex(draftId.toStdString());
  if (!wanted) return;
  office_.ask(
      [wanted = *wanted](Hand& hand) -> Result<KeptDraft> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const auto kept, session->capture().drafts());
        const auto found = std::find_if(kept.begin(), kept.end(), [&](const KeptDraft& each) { return each.id == wanted; });
        return found == kept.end() ? Result<KeptDraft>(refused("event_unknown")) : *found;
      },
      [this](const Result<KeptDraft>& found) {
        if (!found.ok()) return app_.say_trouble(found.error());
        clear();
        draft_id_ = found->id;
        begun_ms_ = found->begun_ms;
        form_ = shown(value_of(found->fields, kDraftForm));
        client_id_ = shown(value_of(found->fields, kDraftClient));
        goal_ = shown(value_of(found->fields, kDraftGoal));
        for (const auto& [field, value] : found->fields) {
          if (field.starts_with(kDraftValue)) values_[shown(field.substr(std::string_view(kDraftValue).size()))] = shown(value);
        }
        emit begun();
        emit changed();
      });
}

void RecordModel::put(const QString& field, const QString& value) {
  if (form_.isEmpty() || values_.value(field).toString() == value) return;
  values_[field] = value;
  touched_ = true;
  keep_timer_.start();
  emit changed();
}

void RecordModel::suggest(const QVariantMap& values) {
  for (auto each = values.begin(); each != values.end(); ++each) {
    if (!values_.contains(each.key())) values_[each.key()] = each.value();
  }
  emit changed();
}

// In strict mode nothing readable is kept, and that is as it should be.
void RecordModel::keep_now() {
  keep_timer_.stop();
  if (!touched_ || saving_ || form_.isEmpty()) return;
  touched_ = false;
  if (!draft_id_) {
    draft_id_ = crypto::random_id<DraftId>();
    begun_ms_ = app_.now_ms();
  }
  KeptDraft draft{*draft_id_, {}, {{kDraftForm, form_.toStdString()}, {kDraftClient, client_id_.toStdString()}, {kDraftGoal, goal_.toStdString()}}, begun_ms_};
  for (auto each = values_.begin(); each != values_.end(); ++each) draft.fields[kDraftValue + each.key().toStdString()] = each.value().toString().toStdString();
  office_.ask(
      [draft](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_TRY(session->capture().keep_draft(draft));
        return true;
      },
      [this](const Result<bool>& kept) {
        if (kept.ok() || kept.error().code == "locked") return;
        draft_id_.reset();
        if (kept.error().code != "draft_not_kept") return app_.say_trouble(kept.error());
        if (!std::exchange(said_not_kept_, true)) app_.say(text_of(words::sentence(kept.error())));
      });
}

void RecordModel::leave() {
  if (saving_) return;
  const bool was_kept = touched_ || draft_id_;
  keep_now();
  clear();
  if (was_kept) emit office_.changed();
}

void RecordModel::save(const QString& kind, const QString& clientId, const QVariantMap& fields) {
  keep_timer_.stop();
  store(kind, clientId, fields, {draft_id_, false});
}

void RecordModel::add(const QString& kind, const QString& clientId, const QVariantMap& fields) { store(kind, clientId, fields, {}); }

void RecordModel::store(const QString& kind, const QString& clientId, const QVariantMap& fields, const DraftChange& change) {
  if (saving_) return;
  saving_ = true;
  emit savingChanged();
  office_.change(
      [kind = kind.toStdString(), client = clientId.toStdString(), fields, change](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const RecordDraft draft, record_of(*session, kind, client, fields));
        return session->capture().add_record(draft, change);
      },
      [this](const Result<SavedEvent>& added) {
        saving_ = false;
        emit savingChanged();
        if (!added.ok()) {
          touched_ = true;
          keep_now();
          return app_.say_trouble(added.error());
        }
        clear();
        app_.say(said("ui:saved"));
        emit saved();
      });
}

void RecordModel::fetchChoices(const QString& list) {
  office_.ask(
      [list = list.toStdString()](Hand& hand) -> Result<QVariantList> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        return choices(session->own_codes, list);
      },
      [this, list](const Result<QVariantList>& made) {
        if (made.ok()) emit choicesFetched(list, *made);
      });
}

}  // namespace lantaarn::firmware::ui
