// A register moves to another server: sealed to that server's key, by two persons, for a purpose that is written down.
#include <boost/json.hpp>

#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/migration_file.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

// The first is the coordinator who asks (roles.hpp).
Result<UserView> second_person(Context& context, const std::string& typed) {
  LANTAARN_ASSIGN(const UserView second, find_user(context.registry, typed));
  if (second.id == context.person->id || second.role != "administrator") return refused("second_not_administrator");
  return second;
}

Status state_export(Context& context, const crypto::BoxPublicKey& to, const UserView& second) {
  model::Event event = context.new_event();
  auto& exported = *event.mutable_register_exported();
  exported.set_receiver_key_fingerprint(to_string(migration_fingerprint(to)));
  exported.set_purpose(context.reason);
  exported.set_second(model::id_field(second.id));
  LANTAARN_TRY(context.record({event}));
  return {};
}

Result<Adoption> whose(Context& context) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const auto& former = directory->former_servers();
  return Adoption{context.keys.server.id, {former.begin(), former.end()}};
}

struct Written {
  Digest digest;
  std::uint64_t parts = 0;
};

Result<Written> write_register(Context& context, WholeFile& file, const crypto::BoxPublicKey& to) {
  LANTAARN_ASSIGN(const Adoption adoption, whose(context));
  LANTAARN_ASSIGN(const Digest now, digest(context.registry));
  LANTAARN_ASSIGN(MigrationWriter writer, MigrationWriter::begin(file, to, adoption, now.fold_version));
  LANTAARN_TRY(give_entries(context.registry, writer));
  LANTAARN_TRY(writer.end(now));
  LANTAARN_TRY(file.finish());
  return Written{now, writer.parts()};
}

}  // namespace

Answer show_migration_key(Context& context, const Arguments& arguments) {
  const std::string path = arguments.one("file");
  LANTAARN_ASSIGN(WholeFile file, WholeFile::begin(path));
  LANTAARN_ASSIGN(const crypto::BoxKey key, migration_key(context.registry));
  LANTAARN_TRY(file.write(as_bytes(migration_key_text(key.public_key()))));
  LANTAARN_TRY(file.finish());
  return Output{json::object{{"file", path}, {"key", to_hex(key.public_key())}, {"fingerprint", to_hex(migration_fingerprint(key.public_key()))}}};
}

// Stated before the first byte is written: a register never leaves without a trace, not even half.
Answer export_migration(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const UserView second, second_person(context, arguments.one("second")));
  LANTAARN_ASSIGN(const crypto::BoxPublicKey to, read_migration_key(arguments.one("to")));
  const std::string path = arguments.one("file");
  LANTAARN_ASSIGN(WholeFile file, WholeFile::begin(path));
  LANTAARN_TRY(state_export(context, to, second));
  LANTAARN_ASSIGN(const Written written, write_register(context, file, to));
  return Output{json::object{{"file", path},
                             {"receiver_key_fingerprint", to_hex(migration_fingerprint(to))},
                             {"parts", written.parts},
                             {"events", written.digest.events},
                             {"set_apart", written.digest.quarantined},
                             {"digest", written.digest.text()}}};
}

Answer import_migration(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto key, stored_migration_key(context.registry));
  if (!key) return refused("migration_no_key");
  LANTAARN_ASSIGN(MigrationReader reader, MigrationReader::open(arguments.one("file"), *key));
  const auto replay = [&](EntrySink& sink) { return reader.replay(sink); };
  LANTAARN_TRY(context.merger.adopt(reader.whose(), replay, context.clock.now().wall_ms, put_new_migration_key));
  LANTAARN_ASSIGN(const Digest here, digest(context.registry));
  return Output{json::object{{"from_server_id", reader.whose().from.hex()}, {"events", here.events}, {"digest", here.text()}}};
}

}  // namespace lantaarn::server::admin
