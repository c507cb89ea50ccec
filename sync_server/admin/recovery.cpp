#include "sync_server/admin/key_rotation.hpp"
#include "sync_server/admin/recovery.hpp"

#include <boost/json.hpp>

#include "sync_server/admin/documents.hpp"
#include "sync_server/backup/epoch.hpp"
#include "sync_server/backup/recovery_secret.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::object recovery_document(const Context& context, std::uint32_t number, const backup::RecoveryPublic& key, std::int64_t made_ms) {
  return {{"server_id", context.keys.server.id.hex()},
          {"number", number},
          {"fingerprint", to_hex(backup::recovery_fingerprint(key))},
          {"made_at", instant(made_ms)}};
}

Status record_key(Context& context, std::uint32_t number, const backup::RecoveryPublic& key) {
  model::Event event = context.new_event();
  auto& made = *event.mutable_server_key_made();
  made.set_kind(std::string(backup::kRecoveryKind));
  made.set_number(number);
  made.set_public_key(to_string(backup::to_bytes(key)));
  made.set_reason(context.reason);
  const auto also = [&](Change& change) -> Status {
    LANTAARN_TRY(backup::put_recovery_public(change, key));
    return put_recovery_link(change, context, key.verify);
  };
  LANTAARN_TRY(context.record({event}, also));
  return reload_keys(context);
}

}  // namespace

// Asked twice by recovery_sheets.cpp: whether it may be made, and, once three sheets hold it, to write its public half down.
// The key itself never comes here.
Answer create_recovery(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto in_force, backup::recovery_key_in_force(context.registry));
  const bool replaces = arguments.has("replace");
  if (in_force && !replaces) return refused("recovery_exists", {std::to_string(in_force->number)});
  if (in_force && context.reason.empty()) return refused("reason_needed");
  const std::uint32_t number = in_force ? in_force->number + 1 : 1;
  if (!arguments.has(kPublicKeyValue)) return Output{json::object{{"server_id", context.keys.server.id.hex()}, {"date", context.today()}}};
  const auto bytes = from_hex(arguments.one(kPublicKeyValue));
  const auto key = bytes ? backup::recovery_public_from(*bytes) : std::nullopt;
  if (!key) return reject_peer("protocol_error");
  const std::int64_t now_ms = context.clock.now().wall_ms;
  LANTAARN_TRY(record_key(context, number, *key));
  return Output{recovery_document(context, number, *key, now_ms)};
}

Answer show_recovery(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const auto made, backup::recovery_keys(context.registry));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  json::array keys;
  for (const auto& one : made) {
    json::object document = recovery_document(context, one.number, one.key, one.made_at_ms);
    document["by"] = one.by.hex();
    document["by_name"] = names.user(one.by);
    document["reason"] = text_or_null(one.reason);
    document["in_force"] = one.number == made.back().number;
    keys.push_back(std::move(document));
  }
  return Output{std::move(keys)};
}

}  // namespace lantaarn::server::admin
