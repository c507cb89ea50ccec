#include "firmware_app/ui/evening_model.hpp"

#include <algorithm>
#include <utility>

#include "common/base/civil_time.hpp"
#include "common/words/words.hpp"
#include "firmware_app/handheld/storage.hpp"
#include "firmware_app/handheld/synchronise.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

using words::text;

constexpr int kLeaseLookMs = 60'000;

std::string number(std::uint64_t count) { return std::to_string(count); }

// Told in contacts, as far as tonight's can be counted; beside them there are entries that only say that something happened.
Result<QString> standing_text(Session& session, const ReadableEntries& read) {
  LANTAARN_ASSIGN(const OutboxCounts counts, Outbox(session.folder->journal).counts());
  LANTAARN_ASSIGN(const std::uint64_t contacts, contacts_waiting(session, read));
  if (contacts == 1) return shown(text("ui:standing:saved_one"));
  if (contacts > 1) return shown(text("ui:standing:saved", {number(contacts)}));
  if (waiting(counts) > 0) return shown(text("ui:standing:waits"));
  if (counts.merged < counts.received) return shown(text("ui:standing:received"));
  return shown(text("ui:standing:merged"));
}

Result<QString> lease_text(Session& session) {
  if (session.user.access.lease_ended) return shown(text("error:lease_ended"));
  LANTAARN_ASSIGN(const auto lease, session.folder->vault.lease(session.user.id));
  if (!lease) return QString();
  const std::string last = to_string(date_in_amsterdam(lease->valid_until_ms));
  return shown(text("ui:lease_until", {day_text(last, today_of(session)).toStdString()}));
}

Result<QString> warning_text(Session& session, const ReadableEntries& read) {
  if (!session.folder->journal.damage().empty() || read.damage) return shown(text("ui:warning:damage"));
  if (!session.folder->caseload.ok()) return shown(text("ui:warning:cards"));
  const Storage storage = storage_of(*session.folder);
  if (storage.low) return shown(text("label:disk_low", {number(storage.days_left)}));
  if (session.clock.now().status == ClockStatus::kDoubtful) return shown(text("label:clock:doubtful"));
  return QString();
}

QVariantMap draft_row(const KeptDraft& draft, const ReadableEntries& read, const Session& session) {
  QVariantMap row{{"id", shown(draft.id.hex())}, {"contact", QString()}, {"time", time_text(draft.begun_ms)},
                  {"typed", !draft.fields.empty()}, {"form", shown(value_of(draft.fields, kDraftForm))}};
  QString who = plain(value_of(draft.fields, "name"));
  if (const auto client = ClientId::parse_hex(value_of(draft.fields, kDraftClient)); client && row["form"].toString() != QString()) {
    who = plain(session.name_of(to_string(client->view())));
  }
  if (draft.contact) {
    row["contact"] = shown(draft.contact->hex());
    for (const ContactView& each : read.contacts) {
      if (each.event == *draft.contact) who = contact_row(each, session).value("who").toString();
    }
  }
  row["who"] = who.isEmpty() ? shown(text("ui:who_unknown_yet")) : who;
  return row;
}

// A day she was at work on for sure.
QString last_day(Session& session) {
  const auto last = session.folder->vault.last_sync();
  if (last.ok() && *last) return shown(to_string(date_in_amsterdam((*last)->wall_ms)));
  // Never since it was enrolled: then it heard the server.
  const auto heard = session.folder->vault.clock_observation();
  return shown(to_string(heard.ok() && *heard ? date_in_amsterdam((*heard)->server_wall_ms) : kFirstDay));
}

Result<EveningModel::Shown> look(const Seen& now) {
  EveningModel::Shown seen;
  Session& session = now.session;
  const ReadableEntries& read = now.entries;
  Capture capture = session.capture();
  const std::string today = today_of(session);
  seen.user_name = plain(session.user.name);
  seen.lease_ended = session.user.access.lease_ended;
  seen.strict = session.user.access.strict;
  LANTAARN_ASSIGN(const auto round, capture.open_round());
  seen.round_open = round.has_value();
  seen.heads = read.head_count;
  for (auto each = read.contacts.rbegin(); each != read.contacts.rend(); ++each) seen.contacts.append(contact_row(*each, session));
  LANTAARN_ASSIGN(const auto drafts, capture.drafts());
  for (const KeptDraft& each : drafts) seen.drafts.append(draft_row(each, read, session));
  if (!seen.lease_ended) {
    for (const FollowUpView& each : now.follow_ups) seen.follow_ups.append(follow_up_row(each, session, today));
  }
  seen.places = choices(session.own_codes, "place");
  seen.day_known = session.today().ok();
  seen.day_doubtful = session.clock.now().status == ClockStatus::kDoubtful && !session.told_day;
  seen.last_day = last_day(session);
  LANTAARN_ASSIGN(seen.standing, standing_text(session, read));
  LANTAARN_ASSIGN(seen.lease_text, lease_text(session));
  LANTAARN_ASSIGN(seen.warning, warning_text(session, read));
  return seen;
}

}  // namespace

EveningModel::EveningModel(Office& office, App& app, Refresh& refresh) : office_(office), app_(app), refresh_(refresh) {
  lease_.setObjectName("lease");
  lease_.setInterval(kLeaseLookMs);
  connect(&lease_, &QTimer::timeout, this, &EveningModel::look_at_lease);
  connect(&refresh, &Refresh::failed, this, [this](const Error& error) { app_.say_trouble(error); });
  connect(app.preferences(), &Preferences::languageChanged, this, &EveningModel::reload);
  refresh.add([this]() -> Refresh::Look {
    return [this](const Seen& now) -> Refresh::Show {
      return [this, seen = look(now)] {
        if (!seen.ok()) return app_.say_trouble(seen.error());
        seen_ = *seen;
        loaded_ = true;
        if (!lease_.isActive()) lease_.start();
        emit changed();
      };
    };
  });
}

void EveningModel::reload() { refresh_.request(); }

void EveningModel::look_at_lease() {
  office_.ask(
      [](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        Folder& folder = *hand.folder;
        LANTAARN_TRY(end_due_leases(folder.vault, folder.journal, folder.caseload, folder.clock.now()));
        LANTAARN_ASSIGN(const bool ended, folder.vault.lease_ended(session->user.id));
        return ended != session->user.access.lease_ended;
      },
      [this](const Result<bool>& changed_now) {
        if (changed_now.ok() && *changed_now) app_.hide();
      });
}

// What was done is said only once it is durable.
template <typename Work>
void EveningModel::save(Work work, const char* key) {
  office_.change(
      [work](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        Capture capture = session->capture();
        LANTAARN_TRY(work(capture));
        return true;
      },
      [this, key](const Result<bool>& done) {
        if (!done.ok()) return app_.say_trouble(done.error());
        if (key != nullptr) app_.say(said(key));
      });
}

void EveningModel::startRound(const QStringList& places, const QString& colleagues) {
  RoundDraft draft;
  for (const QString& place : places) draft.places.push_back(place.toStdString());
  for (const QString& name : colleagues.split(',', Qt::SkipEmptyParts)) draft.colleagues.push_back(name.trimmed().toStdString());
  if (std::exchange(saving_, true)) return;
  office_.change(
      [draft](Hand& hand) -> Result<SavedEvent> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        return session->capture().start_round(draft);
      },
      [this](const Result<SavedEvent>& started) {
        saving_ = false;
        if (!started.ok()) return app_.say_trouble(started.error());
        app_.say(said("ui:round_started"));
        emit roundStarted();
      });
}

void EveningModel::endRound() {
  if (std::exchange(saving_, true)) return;
  office_.change(
      [](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const auto ended, session->capture().end_round());
        return ended.closed ? Result<bool>(true) : Result<bool>(refused("round_not_closed"));
      },
      [this](const Result<bool>& ended) {
        saving_ = false;
        reload();  // the round may have ended although its copies could not be cleared
        if (!ended.ok() && ended.error().code == "drafts_open") return emit draftsOpen();
        if (!ended.ok()) return app_.say_trouble(ended.error());
        app_.say(said("ui:round_ended"));
        emit roundEnded();
      });
}

void EveningModel::leaveDrafts() {
  save([](Capture& capture) -> Status { return capture.leave_drafts(); }, nullptr);
}

void EveningModel::dropDraft(const QString& id) {
  const auto draft = DraftId::parse_hex(id.toStdString());
  if (!draft) return;
  save([draft = *draft](Capture& capture) -> Status { return capture.drop_draft(draft); }, "ui:draft_dropped");
}

void EveningModel::count(int delta) {
  save(
      [delta](Capture& capture) -> Status {
        LANTAARN_TRY(capture.count(delta));
        return {};
      },
      nullptr);
}

void EveningModel::finish(const QString& followUp) {
  const auto id = EventId::parse_hex(followUp.toStdString());
  if (!id) return;
  save(
      [id = *id](Capture& capture) -> Status {
        LANTAARN_TRY(capture.finish_follow_up(id));
        return {};
      },
      "ui:done_saved");
}

void EveningModel::loadEarlier() {
  office_.ask(
      [](Hand& hand) -> Result<QVariantList> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_ASSIGN(const auto recent, session->capture().recent_contacts());
        LANTAARN_ASSIGN(const ReadableEntries read, session->capture().readable());
        QVariantList rows;
        for (const RecentContact& each : recent) {
          const bool can_be_read = std::any_of(read.contacts.begin(), read.contacts.end(), [&](const ContactView& one) { return one.event == each.contact; });
          if (!can_be_read) rows.append(earlier_row(each, *session));
        }
        return rows;
      },
      [this](const Result<QVariantList>& rows) {
        if (!rows.ok()) return app_.say_trouble(rows.error());
        earlier_ = *rows;
        emit earlierChanged();
      });
}

void EveningModel::tellDay(const QString& date) {
  const auto day = parse_date(date.toStdString());
  if (!day) return;
  office_.change(
      [day = *day](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        session->told_day = day;
        return true;
      },
      [this, day = *day](const Result<bool>& told) {
        if (!told.ok()) return app_.say_trouble(told.error());
        app_.tell_day(day);
        emit dayTold();
      });
}

QString EveningModel::dayText(const QString& date) const {
  const auto day = parse_date(date.toStdString());
  return day ? full_day_text(*day) : QString();
}

QString EveningModel::dayAfter(const QString& date, int days) const {
  const auto day = parse_date(date.toStdString());
  return day ? shown(to_string(add_days(*day, days))) : date;
}

}  // namespace lantaarn::firmware::ui
