#include "sync_server/backup/keyring_file.hpp"

#include "common/model/event.hpp"
#include "sync_server/backup/sealed_file.hpp"
#include "sync_server/backup/shipped_file.hpp"

namespace lantaarn::server::backup {
namespace {

using model::id_field;

constexpr std::size_t kVersionBytes = 16;

void wipe(std::string& text) { crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); }

void put_tickets(pb::Keyring& keyring, const std::vector<TicketRecord>& tickets) {
  for (const TicketRecord& ticket : tickets) {
    auto& to = *keyring.add_tickets();
    to.set_ticket_id(id_field(ticket.id));
    to.set_device_id(id_field(ticket.device));
    for (const UserId& user : ticket.users) to.add_users(id_field(user));
    to.set_expires_at_ms(ticket.expires_at_ms);
    if (ticket.bound_channel_key) to.set_channel_key(to_string(*ticket.bound_channel_key));
    to.set_spent(ticket.spent);
    to.set_psk(to_string(ticket.psk.view()));
    to.set_enrol_secret(to_string(ticket.enrol_secret.view()));
  }
}

Status put_keys(pb::Keyring& keyring, Registry& registry) {
  LANTAARN_TRY(registry.owner_keys([&](const OwnerKey& key) -> Status {
    if (!key.owner) {
      keyring.set_data_key(to_string(key.key.view()));
      return {};
    }
    auto& owner = *keyring.add_owners();
    owner.set_owner(to_string(*key.owner));
    owner.set_key(to_string(key.key.view()));
    return {};
  }));
  LANTAARN_TRY(registry.secrets([&](const SecretRecord& secret) -> Status {
    auto& to = *keyring.add_secrets();
    to.set_name(secret.name);
    to.set_id(to_string(secret.id));
    to.set_value(to_string(secret.value.view()));
    return {};
  }));
  LANTAARN_TRY(registry.all_seal_keys([&](const SealKeyRecord& key) -> Status {
    auto& to = *keyring.add_seal_keys();
    to.set_log_id(id_field(key.log));
    to.set_key_id(id_field(key.id));
    to.set_key(to_string(key.key.view()));
    to.set_sealing_number(key.sealing_number);
    return {};
  }));
  LANTAARN_ASSIGN(const auto tickets, registry.tickets());
  put_tickets(keyring, tickets);
  return {};
}

}  // namespace

void wipe_keys(pb::Keyring& keyring) {
  wipe(*keyring.mutable_data_key());
  for (auto& owner : *keyring.mutable_owners()) wipe(*owner.mutable_key());
  for (auto& secret : *keyring.mutable_secrets()) wipe(*secret.mutable_value());
  for (auto& key : *keyring.mutable_seal_keys()) wipe(*key.mutable_key());
  for (auto& ticket : *keyring.mutable_tickets()) {
    wipe(*ticket.mutable_psk());
    wipe(*ticket.mutable_enrol_secret());
  }
}

Status write_keyring(TargetFiles& files, const TargetHead& target, Registry& registry, std::uint64_t own_seq,
                     const crypto::SignKey& authority) {
  LANTAARN_ASSIGN(const KeysVersion version, registry.keys_version());
  LANTAARN_ASSIGN(const auto server, registry.server());
  pb::Keyring keyring;
  keyring.set_server_id(id_field(target.server));
  keyring.set_target_id(id_field(target.target));
  keyring.set_epoch(server ? server->epoch : 0);
  keyring.set_own_seq(own_seq);
  const Status put = put_keys(keyring, registry);
  crypto::SecretBytes plain(keyring.ByteSizeLong());
  keyring.SerializeToArray(plain.data(), static_cast<int>(plain.size()));
  wipe_keys(keyring);
  LANTAARN_TRY(put);
  Bytes content;
  append_le(content, version.changed);
  append_le(content, version.destroyed);
  append(content, seal_file(target.recovery.box, kKeyringMagic, plain.view()));
  return put_verified(files, kKeyringFile, sign_file(authority, kKeyringContext, with_magic(kKeyringMagic, content)), true);
}

Result<std::optional<KeysVersion>> keyring_version(TargetFiles& files, const AuthorityKeys& authority) {
  LANTAARN_ASSIGN(const auto file, files.read(kKeyringFile));
  if (!file) return std::optional<KeysVersion>();
  LANTAARN_ASSIGN(const ByteView content, signed_part(authority, kKeyringContext, *file));
  LANTAARN_ASSIGN(const ByteView rest, after_magic(kKeyringMagic, content));
  if (rest.size() < kVersionBytes) return corrupt("backup_damaged");
  return std::optional(KeysVersion{load_le<std::uint64_t>(rest.data()), load_le<std::uint64_t>(rest.data() + 8)});
}

Keyring::Keyring(std::unique_ptr<pb::Keyring> content, Bytes file) : content_(std::move(content)), file_(std::move(file)) {}
Keyring::Keyring(Keyring&&) noexcept = default;
Keyring& Keyring::operator=(Keyring&&) noexcept = default;
Keyring::~Keyring() {
  if (content_) wipe_keys(*content_);
}

Result<Keyring> Keyring::open(TargetFiles& files, const TargetHead& target, const crypto::BoxKey& recovery) {
  const Error damaged = in_context(corrupt("backup_damaged"), "keyring");
  LANTAARN_ASSIGN(auto file, files.read(kKeyringFile));
  if (!file) return damaged;
  LANTAARN_ASSIGN(const ByteView content, unsigned_part(*file));
  LANTAARN_ASSIGN(const ByteView rest, after_magic(kKeyringMagic, content));
  if (rest.size() < kVersionBytes) return damaged;
  LANTAARN_ASSIGN(Bytes plain, open_file(recovery, kKeyringMagic, rest.subspan(kVersionBytes)));
  auto read = std::make_unique<pb::Keyring>();
  const bool parsed = read->ParseFromArray(plain.data(), static_cast<int>(plain.size()));
  crypto::wipe(plain);
  Keyring keyring(std::move(read), std::move(*file));
  if (!parsed || keyring.content_->server_id() != id_field(target.server) || keyring.content_->target_id() != id_field(target.target)) return damaged;
  auto data_key = crypto::Key::from(as_bytes(keyring.content_->data_key()));
  if (!data_key) return damaged;
  keyring.data_key_ = std::move(*data_key);
  for (const auto& one : keyring.content_->owners()) {
    const auto owner = Id<struct OwnerTag>::from(one.owner());
    auto key = crypto::Key::from(as_bytes(one.key()));
    if (!owner || !key) return damaged;
    keyring.owners_.emplace(*owner, std::move(*key));
  }
  return keyring;
}

bool Keyring::is_signed_by(const AuthorityKeys& authority) const { return signed_part(authority, kKeyringContext, file_).ok(); }

const crypto::Key* Keyring::key_of(const AggregateId& owner) const {
  const auto found = owners_.find({owner});
  return found == owners_.end() ? nullptr : &found->second;
}

}  // namespace lantaarn::server::backup
