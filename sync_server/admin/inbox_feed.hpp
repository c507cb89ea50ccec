#pragma once
// The inbox as the registry process uses it: the merge reads batches from it, people ask how far each log was received.

#include <map>
#include <optional>
#include <utility>

#include "sync_server/inbox/reader.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server::admin {

/// The kept branch of each log: where its received part ends. Received: durable in inbox.db.
using ReceivedLogs = std::map<std::pair<DeviceId, LogId>, journal::Position>;

/// Not used by two threads at once. Before a gateway ever ran there is no inbox.db: then nothing was received.
class InboxFeed final : public InboxSource {
 public:
  explicit InboxFeed(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] Result<Resumption> resume(ByteView noted_mark, std::int64_t cursor) override;
  /// Errors: those of common/database ("inbox.db" in them).
  [[nodiscard]] Result<std::vector<InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max) override;
  [[nodiscard]] Result<ReceivedLogs> received();
  [[nodiscard]] Result<std::int64_t> last_inbox_id();
  /// Parts of logs that their handhelds passed over.
  [[nodiscard]] Result<std::vector<inbox::Missed>> missed();
  /// When the first batch of this log beyond `seq` was received; nothing when there is none.
  [[nodiscard]] Result<std::optional<std::int64_t>> received_beyond(const DeviceId& device, const LogId& log, std::uint64_t seq);
  /// inbox::InboxReader::first_whole.
  [[nodiscard]] Result<std::map<std::pair<DeviceId, LogId>, std::uint64_t>> first_whole();

 private:
  /// False: no inbox yet.
  [[nodiscard]] Result<bool> open();
  std::string path_;
  std::optional<inbox::InboxReader> reader_;
};

}  // namespace lantaarn::server::admin
