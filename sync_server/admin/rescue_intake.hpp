#pragma once
// A rescue file on its way into the inbox: what comes next, and what became of it. Knows no inbox and no gateway: whoever
// drives it stores what next() gives and tells what came of it.

#include <fstream>
#include <memory>
#include <set>

#include "common/sync/receiver.hpp"
#include "common/sync/stick_file.hpp"
#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// Given and not answered; what a session may have under way.
inline constexpr std::size_t kRescueWindow = sync::kWindowBatches;

struct RescueLog {
  sync::LogOrigin origin;
  std::uint64_t entries = 0;               ///< in the file
  std::uint64_t added = 0;                 ///< that were not here yet
  std::set<Hash> hashes;                   ///< of them all
  std::optional<sync::Place> fork_through; ///< kept as another branch, through there
  bool damaged = false;                    ///< the handheld itself could not read all of it
  std::string refused;                     ///< why the rest of it was not taken; empty: all was
};

class RescueIntake {
 public:
  /// Errors: kRefused "file_unreadable" {path}, "stick_not_one", "stick_newer", "rescue_foreign" {device id} (no handheld of
  /// this server).
  [[nodiscard]] static Result<RescueIntake> open(const std::string& path, Registry& registry, const Keys& keys, std::uint64_t first_token);

  /// What to store next; nothing: wait for an answer, or everything was given. An error of reading the file.
  [[nodiscard]] Result<std::optional<sync::Store>> next();
  /// False when it is another's token.
  bool stored(const sync::StoreResult& result);
  [[nodiscard]] bool done() const { return read_through_ && waiting_.empty(); }

  [[nodiscard]] const DeviceView& device() const { return device_; }
  [[nodiscard]] const std::vector<RescueLog>& logs() const { return logs_; }
  [[nodiscard]] bool torn() const { return reader_.torn(); }
  [[nodiscard]] std::uint64_t first_token() const { return first_token_; }

 private:
  RescueIntake(std::unique_ptr<std::ifstream> file, sync::StickReader reader, DeviceView device, std::vector<crypto::VerifyKey> authority,
               std::uint64_t first_token)
      : file_(std::move(file)), reader_(std::move(reader)), device_(std::move(device)), authority_(std::move(authority)),
        first_token_(first_token), next_token_(first_token) {}
  [[nodiscard]] std::optional<sync::Store> take(const sync::StickReader::Record& record);
  [[nodiscard]] std::optional<sync::Store> begin_log(ByteView payload);
  [[nodiscard]] sync::Store step(std::string batch, std::optional<sync::Anchor> anchor);

  std::unique_ptr<std::ifstream> file_;
  sync::StickReader reader_;
  DeviceView device_;
  std::vector<crypto::VerifyKey> authority_;  // and those before: a handheld keeps what was signed then
  std::uint64_t first_token_;
  std::uint64_t next_token_;
  std::map<std::uint64_t, std::size_t> waiting_;  // token: which log
  std::vector<RescueLog> logs_;
  bool in_log_ = false;
  bool read_through_ = false;
};

}  // namespace lantaarn::server::admin
