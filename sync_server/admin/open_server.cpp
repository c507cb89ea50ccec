#include "sync_server/admin/open_server.hpp"

#include <boost/json.hpp>

#include "sync_server/admin/data_key.hpp"
#include "sync_server/registry/sqlite/open.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr int kInitPatienceMs = 1000;

Result<std::unique_ptr<Registry>> open_registry(const Folder& folder, crypto::Key data_key) {
  return open_sqlite_registry(folder.registry_database(), std::move(data_key));
}

}  // namespace

Result<std::unique_ptr<OpenServer>> OpenServer::open(const Folder& folder, const std::string& key_file, const Clock& clock) {
  if (!folder.is_initialised()) return refused("not_initialised");
  LANTAARN_ASSIGN(crypto::Key data_key, read_data_key(folder, key_file));
  LANTAARN_ASSIGN(auto registry, open_registry(folder, std::move(data_key)));
  LANTAARN_ASSIGN(Keys keys, load_keys(*registry));
  std::unique_ptr<OpenServer> server(new OpenServer(folder, std::move(registry), std::move(keys), clock));
  // What a crash left in the WAL of a key that was destroyed.
  LANTAARN_TRY(server->registry_->forget_removed());
  LANTAARN_ASSIGN(server->merger_, Merger::open(*server->registry_, server->merge_keys_));
  return server;
}

Context OpenServer::context() {
  Context context{*registry_, *merger_, inbox_, keys_, folder_, clock_};
  context.remembered = &remembered_;
  context.use_keys = [this](Keys keys) { use(std::move(keys)); };
  return context;
}

// In place: whoever refers to the keys has the new ones.
void OpenServer::use(Keys keys) {
  keys_ = std::move(keys);
  merge_keys_.sealing_number = keys_.sealing_number;
  merger_->keys_changed();
}

Answer initialise(const Folder& folder, const std::string& key_file) {
  const bool had_registry = folder.is_initialised();
  LANTAARN_TRY(folder.make());
  auto lock = database::FileLock::acquire(folder.lock(), kInitPatienceMs);
  if (!lock.ok()) return had_registry ? refused("already_initialised") : lock.error();
  if (had_registry) {
    // What crashed half-way is finished; what is whole stays untouched, whether or not its key is at hand.
    auto data_key = read_data_key(folder, key_file);
    if (!data_key.ok()) return refused("already_initialised");
    LANTAARN_ASSIGN(const auto registry, open_registry(folder, std::move(*data_key)));
    LANTAARN_ASSIGN(const auto server, registry->server());
    if (server) return refused("already_initialised");
  }
  LANTAARN_ASSIGN(crypto::Key data_key, make_data_key(folder, key_file));
  LANTAARN_ASSIGN(const auto registry, open_registry(folder, std::move(data_key)));
  LANTAARN_TRY(make_keys(*registry));
  LANTAARN_ASSIGN(const Keys keys, load_keys(*registry));
  return Output{boost::json::object{{"server_id", keys.server.id.hex()},
                                    {"epoch", keys.server.epoch},
                                    {"key_file", data_key_path(folder, key_file)},
                                    {"channel_key", to_hex(crypto::dh_public(keys.channel))},
                                    {"authority_key", to_hex(keys.authority.verify_key())},
                                    {"sealing_key", to_hex(keys.sealing.public_key())}}};
}

}  // namespace lantaarn::server::admin
