#include "sync_server/backup/target.hpp"

#include "common/model/event.hpp"
#include "sync_server/backup/backup.pb.h"

namespace lantaarn::server::backup {
namespace {
constexpr std::string_view kTarget = "backup_target";
}

Result<std::optional<TargetSetting>> stored_target(Registry& registry) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kTarget));
  if (!stored) return std::optional<TargetSetting>();
  ByteReader fields(stored->view());
  const auto id = fields.take(kIdBytes);
  if (!id) return corrupt("record_unreadable");
  return std::optional(TargetSetting{to_string(fields.rest()), *TargetId::from(*id)});
}

Status put_target(Change& change, const TargetSetting& setting) {
  Bytes value = lantaarn::to_bytes(setting.target.view());
  append(value, as_bytes(setting.path));
  return change.put_secret(kTarget, {}, value);
}

Status make_target(TargetFiles& files, const TargetHead& head, const crypto::SignKey& authority) {
  LANTAARN_ASSIGN(const auto there, files.read(kTargetFile));
  if (there) return refused("target_taken", {files.where()});
  pb::TargetHead made;
  made.set_server_id(model::id_field(head.server));
  made.set_target_id(model::id_field(head.target));
  made.set_recovery_box(to_string(head.recovery.box));
  made.set_recovery_verify(to_string(head.recovery.verify));
  made.set_made_at_ms(head.made_at_ms);
  const std::string text = made.SerializeAsString();
  return files.put(kTargetFile, sign_file(authority, kTargetContext, with_magic(kTargetMagic, as_bytes(text))));
}

Result<TargetHead> read_target(TargetFiles& files, const AuthorityKeys* authority) {
  LANTAARN_ASSIGN(const auto file, files.read(kTargetFile));
  if (!file) return storage_error("target_unreachable", {files.where()});
  LANTAARN_ASSIGN(const ByteView content, authority != nullptr ? signed_part(*authority, kTargetContext, *file) : unsigned_part(*file));
  LANTAARN_ASSIGN(const ByteView text, after_magic(kTargetMagic, content));
  pb::TargetHead read;
  const bool parsed = read.ParseFromArray(text.data(), static_cast<int>(text.size()));
  const auto server = ServerId::from(read.server_id());
  const auto target = TargetId::from(read.target_id());
  const auto box = to_array<32>(as_bytes(read.recovery_box()));
  const auto verify = to_array<32>(as_bytes(read.recovery_verify()));
  if (!parsed || !server || !target || !box || !verify) return corrupt("backup_damaged");
  return TargetHead{*server, *target, {*box, *verify}, read.made_at_ms()};
}

}  // namespace lantaarn::server::backup
