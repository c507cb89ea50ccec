#include "sync_server/gateway/rescue.hpp"

#include "common/sync/message.hpp"
#include "sync_server/gateway/log_line.hpp"

namespace lantaarn::server::gateway {
namespace {

ipc::RescueStored::Landing landing_of(sync::Stored stored) {
  switch (stored) {
    case sync::Stored::kMain: return ipc::RescueStored::MAIN;
    case sync::Stored::kFork: return ipc::RescueStored::FORK;
    case sync::Stored::kGap: return ipc::RescueStored::GAP;
    case sync::Stored::kFailed: break;
  }
  return ipc::RescueStored::FAILED;
}

void tell(Shared& shared, const sync::StoreResult& result) {
  ipc::Frame frame;
  ipc::RescueStored& stored = *frame.mutable_rescue_stored();
  stored.set_token(result.token);
  stored.set_landing(landing_of(result.stored));
  stored.set_seq(result.through.seq);
  stored.set_hash(to_string(result.through.hash));
  stored.set_code(result.code);
  stored.set_added(result.added);
  shared.registry->tell(std::move(frame));
}

class RescueClient final : public StoreClient {
 public:
  explicit RescueClient(Shared& shared) : shared_(shared) {}
  void on_stored(const std::vector<sync::StoreResult>& results, std::size_t) override {
    for (const sync::StoreResult& result : results) tell(shared_, result);
  }

 private:
  Shared& shared_;
};

// Nothing when the registry spoke nonsense.
std::optional<sync::Store> read_store(const ipc::RescueBatch& rescued) {
  const auto log = LogId::from(rescued.log_id());
  const auto after_log = LogId::from(rescued.after_log());
  const auto after = sync::place_from(rescued.after_seq(), rescued.after_hash());
  const auto at = sync::place_from(rescued.anchor_seq(), rescued.anchor_hash());
  const auto secured = sync::place_from(rescued.secured_seq(), rescued.secured_hash());
  if (!log || !after_log || !after || !at || !secured) return std::nullopt;
  sync::Store store{rescued.token(), {*log, *after_log, *after}, rescued.batch(), {}};
  if (at->seq != 0) store.anchor = sync::Anchor{*at, *secured};
  return store;
}

}  // namespace

// Also of a handheld that was revoked: what it wrote beyond that is kept and set apart, as ever.
void take_rescue_batch(Shared& shared, const ipc::RescueBatch& rescued) {
  const auto id = DeviceId::from(rescued.device_id());
  auto device = id ? shared.roster.device(*id) : nullptr;
  auto store = read_store(rescued);
  if (!device || !store) {
    log_line("rescue: a batch of nobody");
    return tell(shared, {rescued.token(), sync::Stored::kFailed, {}, "device_unknown", 0});
  }
  shared.store->store({std::make_shared<RescueClient>(shared), std::move(device), std::move(*store)});
}

void make_receipts(Shared& shared, const ipc::ReceiptsWanted& wanted) {
  const DeviceId device = DeviceId::from(wanted.device_id()).value_or(DeviceId{});
  std::vector<LogId> logs;
  for (const auto& log : wanted.log_ids()) logs.push_back(LogId::from(log).value_or(LogId{}));
  shared.store->standings(device, logs, [&shared, device, logs, token = wanted.token()](const StoreThread::Standings& places) {
    ipc::Frame frame;
    ipc::ReceiptsMade& made = *frame.mutable_receipts_made();
    made.set_token(token);
    sync::ReceiverConfig config = receiver_config_for(shared, device);
    for (std::size_t i = 0; places.ok() && i < places->size(); ++i) {
      const journal::Position& at = (*places)[i];
      if (at.seq != 0) *made.add_receipts() = sync::make_receipt(config, logs[i], {at.seq, at.hash});
    }
    shared.registry->tell(std::move(frame));
  });
}

}  // namespace lantaarn::server::gateway
