#include "sync_server/admin/rescues.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/sync/message.hpp"
#include "sync_server/admin/commands.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::uint64_t kTokensEach = std::uint64_t{1} << 32;

ipc::Frame frame_of(const DeviceId& device, const sync::Store& store) {
  ipc::Frame frame;
  ipc::RescueBatch& batch = *frame.mutable_rescue_batch();
  batch.set_token(store.token);
  batch.set_device_id(model::id_field(device));
  batch.set_log_id(model::id_field(store.log.log));
  batch.set_after_log(model::id_field(store.log.after_log));
  batch.set_after_seq(store.log.after.seq);
  batch.set_after_hash(to_string(store.log.after.hash));
  batch.set_batch(store.batch);
  if (!store.anchor) return frame;
  batch.set_anchor_seq(store.anchor->at.seq);
  batch.set_anchor_hash(to_string(store.anchor->at.hash));
  batch.set_secured_seq(store.anchor->secured.seq);
  batch.set_secured_hash(to_string(store.anchor->secured.hash));
  return frame;
}

sync::Stored stored_of(ipc::RescueStored::Landing landing) {
  switch (landing) {
    case ipc::RescueStored::MAIN: return sync::Stored::kMain;
    case ipc::RescueStored::FORK: return sync::Stored::kFork;
    case ipc::RescueStored::GAP: return sync::Stored::kGap;
    default: return sync::Stored::kFailed;
  }
}

}  // namespace

Status Rescues::begin(CallerId caller, const Arguments& arguments) {
  Context context = server_.context();
  LANTAARN_TRY(identify(context, arguments));
  LANTAARN_ASSIGN(auto intake, RescueIntake::open(arguments.one("file"), context.registry, context.keys, next_token_));
  next_token_ += kTokensEach;
  turns_.push_back(std::make_unique<Turn>(Turn{caller, arguments, std::move(intake)}));
  return {};
}

Result<bool> Rescues::take(const ipc::Frame& frame) {
  if (frame.has_rescue_stored()) {
    const ipc::RescueStored& told = frame.rescue_stored();
    const auto through = sync::place_from(told.seq(), told.hash());
    const sync::StoreResult result{told.token(), stored_of(told.landing()), through.value_or(sync::Place{}), told.code(), told.added()};
    for (const auto& turn : turns_) turn->intake.stored(result);
    return true;
  }
  if (!frame.has_receipts_made()) return false;
  for (const auto& turn : turns_) {
    if (turn->phase != Phase::kCertifying || turn->intake.first_token() != frame.receipts_made().token()) continue;
    turn->receipts.assign(frame.receipts_made().receipts().begin(), frame.receipts_made().receipts().end());
    finish(*turn);
  }
  return true;
}

Status Rescues::advance(std::int64_t cursor) {
  for (const auto& turn : turns_) {
    if (turn->phase == Phase::kStoring) LANTAARN_TRY(store_more(*turn));
    if (turn->phase == Phase::kMerging && turn->inbox_id <= cursor) LANTAARN_TRY(want_receipts(*turn));
  }
  std::erase_if(turns_, [](const auto& turn) { return turn->phase == Phase::kDone; });
  return {};
}

Status Rescues::store_more(Turn& turn) {
  while (true) {
    const auto next = turn.intake.next();
    if (!next.ok()) {
      fail(turn, next.error());
      return {};
    }
    if (!*next) break;
    LANTAARN_TRY(send_(frame_of(turn.intake.device().id, **next)));
  }
  if (!turn.intake.done()) return {};
  const auto last = server_.context().inbox.last_inbox_id();
  if (!last.ok()) {
    fail(turn, last.error());
    return {};
  }
  turn.inbox_id = *last;
  turn.phase = Phase::kMerging;
  handhelds_.inbox_reached(*last);
  return {};
}

Status Rescues::want_receipts(Turn& turn) {
  ipc::Frame frame;
  ipc::ReceiptsWanted& wanted = *frame.mutable_receipts_wanted();
  wanted.set_token(turn.intake.first_token());
  wanted.set_device_id(model::id_field(turn.intake.device().id));
  for (const LogId& log : logs_of(turn.intake)) wanted.add_log_ids(model::id_field(log));
  turn.phase = Phase::kCertifying;
  return send_(frame);
}

void Rescues::finish(Turn& turn) {
  Context context = server_.context();
  turn.phase = Phase::kDone;
  if (const Status allowed = identify(context, turn.arguments); !allowed.ok()) return fail(turn, allowed.error());
  control_.answer(turn.caller, finish_rescue(context, turn.intake, turn.arguments, handhelds_.statements(), turn.receipts));
}

void Rescues::fail(Turn& turn, const Error& error) {
  turn.phase = Phase::kDone;
  control_.answer(turn.caller, error);
}

}  // namespace lantaarn::server::admin
