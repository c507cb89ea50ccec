#pragma once
// The server's folder, opened: registry, keys, merge, inbox. The caller holds the folder's lock as long as this lives.

#include <memory>

#include "sync_server/admin/context.hpp"
#include "sync_server/admin/remembered.hpp"

namespace lantaarn::server::admin {

class OpenServer {
 public:
  /// kRefused "not_initialised", "data_key_missing", "data_key_unreadable", "data_key_wrong", "newer_store", and the
  /// errors of the registry. `clock` must outlive it.
  [[nodiscard]] static Result<std::unique_ptr<OpenServer>> open(const Folder& folder, const std::string& key_file, const Clock& clock);
  OpenServer(const OpenServer&) = delete;
  OpenServer& operator=(const OpenServer&) = delete;

  [[nodiscard]] Context context();

 private:
  OpenServer(Folder folder, std::unique_ptr<Registry> registry, Keys keys, const Clock& clock)
      : folder_(std::move(folder)), registry_(std::move(registry)), keys_(std::move(keys)), inbox_(folder_.inbox()), clock_(clock),
        merge_keys_{keys_.server, keys_.sealing, keys_.sealing_number, keys_.authority, &keys_.former_sealing} {}
  void use(Keys keys);

  Folder folder_;
  std::unique_ptr<Registry> registry_;
  Keys keys_;
  InboxFeed inbox_;
  const Clock& clock_;
  ServerKeys merge_keys_;
  std::optional<Merger> merger_;  // refers to what is above
  Remembered remembered_;
};

/// Makes the folder, the data key and the server's keys. Started again after a crash half-way, it goes on.
/// The document: server id, where the data key lies, public keys. kRefused "already_initialised"; kRetry "in_use".
[[nodiscard]] Answer initialise(const Folder& folder, const std::string& key_file);

}  // namespace lantaarn::server::admin
