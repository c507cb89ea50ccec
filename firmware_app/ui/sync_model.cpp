#include "firmware_app/ui/sync_model.hpp"

#include "common/words/words.hpp"
#include "firmware_app/handheld/synchronise.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

struct Outcome {
  std::optional<Error> error;
  std::uint64_t waits = 0;
  bool wiped = false;
  std::optional<Error> warning;
  bool access_changed = false;  ///< what she may see is another thing than when she unlocked
};

int small(std::uint64_t count) { return static_cast<int>(std::min<std::uint64_t>(count, 1'000'000)); }

}  // namespace

SyncModel::SyncModel(Office& office, App& app) : office_(office), app_(app) {}

void SyncModel::start(const QString& address) {
  if (state_ == "running") return;
  state_ = "running";
  headline_ = said("ui:sync:calling");
  trouble_.clear();
  nothing_lost_.clear();
  sent_ = total_ = received_ = 0;
  seconds_left_ = -1;
  since_.start();
  emit changed();
  office_.change(
      [this, address = address.trimmed().toStdString()](Hand& hand) -> Result<Outcome> {
        if (!hand.folder) return refused("locked");
        Outcome outcome;
        const std::string known = hand.folder->server.address;
        if (!address.empty()) hand.folder->server.address = address;
        Outbox outbox(hand.folder->journal);
        const auto done = [&] {
          const Office::Interruptible interruptible(office_);
          return synchronise(*hand.folder, outbox, [this](const sync::SyncProgress& progress) {
            QMetaObject::invokeMethod(this, [this, progress] { show(progress); }, Qt::QueuedConnection);
          });
        }();
        if (hand.session) {
          const auto read = hand.session->capture().readable();
          const auto contacts = read.ok() ? contacts_waiting(*hand.session, *read) : Result<std::uint64_t>(0);
          outcome.waits = contacts.ok() ? *contacts : 0;
        }
        if (!done.ok()) {
          hand.folder->server.address = known;
          outcome.error = done.error();
          return outcome;
        }
        outcome.wiped = done->wiped;
        if (done->wiping) outcome.warning = refused("device_wiping");
        if (!done->report.diverged.empty()) outcome.warning = refused("journal_forked");
        if (done->wiped || done->wiping || !hand.session) {
          outcome.access_changed = true;
          return outcome;
        }
        // What she may see or keep is another thing now: only a new unlocking knows.
        const auto ended = hand.folder->vault.lease_ended(hand.session->user.id);
        const auto lease = hand.folder->vault.lease(hand.session->user.id);
        const bool strict = lease.ok() && *lease && (*lease)->strict;
        outcome.access_changed = !ended.ok() || *ended != hand.session->user.access.lease_ended || strict != hand.session->user.access.strict;
        if (!outcome.access_changed) static_cast<void>(hand.session->reload_cards());
        return outcome;
      },
      [this](const Result<Outcome>& outcome) {
        const std::optional<Error> error = outcome.ok() ? outcome->error : std::optional<Error>(outcome.error());
        seconds_left_ = -1;
        if (error) {
          state_ = "failed";
          headline_ = said("ui:sync:failed");
          trouble_ = text_of(words::sentence(*error));
          nothing_lost_ = error->kind == ErrorKind::kCorrupt ? QString() : outcome.ok() && outcome->waits > 0 ? said("ui:sync:nothing_lost", {std::to_string(outcome->waits)}) : said("ui:sync:all_here");
        } else {
          state_ = outcome->wiped ? "wiped" : "done";
          headline_ = said(outcome->wiped ? "label:wiped_now" : outcome->warning ? "ui:sync:done_but" : "ui:sync:done");
          if (outcome->warning) trouble_ = text_of(words::sentence(*outcome->warning));
          if (outcome->access_changed) app_.hide();
        }
        emit changed();
      });
}

void SyncModel::look() {
  if (state_ == "running" || state_ == "wiped") return;
  state_ = "idle";
  trouble_.clear();
  nothing_lost_.clear();
  emit changed();
}

void SyncModel::show(const sync::SyncProgress& progress) {
  if (state_ != "running") return;
  app_.touched();
  sent_ = small(progress.entries_sent);
  total_ = small(progress.entries_to_send);
  received_ = small(progress.entries_received);
  headline_ = said(progress.phase == sync::SyncPhase::kFetching ? "ui:sync:fetching" : "ui:sync:sending");
  if (received_ > 0 && total_ > received_) seconds_left_ = static_cast<int>(since_.elapsed() * (total_ - received_) / received_ / 1000) + 1;
  emit changed();
}

}  // namespace lantaarn::firmware::ui
