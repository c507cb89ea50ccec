#include "sync_server/admin/inbox_feed.hpp"

#include <filesystem>

namespace lantaarn::server::admin {

Result<bool> InboxFeed::open() {
  if (reader_) return true;
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) return false;
  LANTAARN_ASSIGN(reader_, inbox::InboxReader::open(path_));
  return true;
}

Result<InboxSource::Resumption> InboxFeed::resume(ByteView noted_mark, std::int64_t cursor) {
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return Resumption{};
  Resumption from;
  LANTAARN_ASSIGN(from.cursor, reader_->same_through(noted_mark, cursor));
  LANTAARN_ASSIGN(from.mark, reader_->mark());
  return from;
}

Result<std::vector<InboxBatch>> InboxFeed::read_after(std::int64_t inbox_id, std::size_t batches_max) {
  std::vector<InboxBatch> batches;
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return batches;
  LANTAARN_ASSIGN(auto stored, reader_->read_after(inbox_id, batches_max));
  batches.reserve(stored.size());
  for (auto& batch : stored) {
    batches.push_back({batch.inbox_id, batch.log.device, batch.log.log, batch.received_ms, std::move(batch.bytes)});
  }
  return batches;
}

Result<ReceivedLogs> InboxFeed::received() {
  ReceivedLogs received;
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return received;
  LANTAARN_ASSIGN(const auto logs, reader_->logs());
  for (const auto& log : logs) received[{log.log.device, log.log.log}] = log.received;
  return received;
}

Result<std::optional<std::int64_t>> InboxFeed::received_beyond(const DeviceId& device, const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return std::optional<std::int64_t>();
  return reader_->received_beyond(device, log, seq);
}

Result<std::map<std::pair<DeviceId, LogId>, std::uint64_t>> InboxFeed::first_whole() {
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return std::map<std::pair<DeviceId, LogId>, std::uint64_t>();
  return reader_->first_whole();
}

Result<std::int64_t> InboxFeed::last_inbox_id() {
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return 0;
  return reader_->last_inbox_id();
}

Result<std::vector<inbox::Missed>> InboxFeed::missed() {
  LANTAARN_ASSIGN(const bool there, open());
  if (!there) return std::vector<inbox::Missed>{};
  return reader_->missed();
}

}  // namespace lantaarn::server::admin
