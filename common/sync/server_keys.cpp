#include "common/sync/server_keys.hpp"

#include "common/sync/limits.hpp"
#include "common/sync/message.hpp"

namespace lantaarn::sync {
namespace {

Error not_authentic(const char* what) { return in_context(reject_peer("statement_not_authentic"), what); }

// Which generation a link says it is, before anything of it is believed; 0: unreadable.
std::uint32_t claimed_generation(const pb::SignedStatement& link) {
  pb::Statement statement;
  pb::ServerKeys body;
  if (!statement.ParseFromString(link.statement()) || !body.ParseFromString(statement.body())) return 0;
  return body.generation();
}

// The next link, under the authority key of the one before it.
Result<NewServerKeys> next_keys(const KnownServerKeys& known, const pb::SignedStatement& link, std::uint32_t epoch) {
  LANTAARN_ASSIGN(pb::Statement statement, verify_statement_to_all(known.authority, link));
  const auto keys = read_key_set(known.server, statement);
  if (!keys) return not_authentic("server keys");
  if (keys->generation != known.generation + 1) return not_authentic("generation");
  if (keys->sealing_number < known.sealing_number) return not_authentic("sealing key number");
  if (statement.epoch() > epoch) return not_authentic("epoch");
  if (mark_of(statement) <= known.mark) return reject_peer("statement_old");
  return NewServerKeys{*keys, std::move(statement)};
}

}  // namespace

std::string key_set_body(const ServerId& server, const ServerKeySet& keys) {
  pb::ServerKeys body;
  body.set_server_id(to_string(server.view()));
  body.set_generation(keys.generation);
  body.set_authority_key(to_string(keys.authority));
  body.set_channel_key(to_string(keys.channel));
  body.set_sealing_key(to_string(keys.sealing));
  body.set_sealing_key_number(keys.sealing_number);
  if (keys.recovery) body.set_recovery_key(to_string(*keys.recovery));
  return body.SerializeAsString();
}

std::optional<ServerKeySet> read_key_set(const ServerId& server, const pb::Statement& statement) {
  pb::ServerKeys body;
  if (statement.kind() != pb::SERVER_KEYS || !body.ParseFromString(statement.body())) return std::nullopt;
  const auto authority = to_array<32>(as_bytes(body.authority_key()));
  const auto channel = to_array<32>(as_bytes(body.channel_key()));
  const auto sealing = to_array<32>(as_bytes(body.sealing_key()));
  if (body.server_id() != as_text(server.view()) || !authority || !channel || !sealing) return std::nullopt;
  const auto recovery = to_array<32>(as_bytes(body.recovery_key()));
  if (!recovery && !body.recovery_key().empty()) return std::nullopt;
  return ServerKeySet{body.generation(), *authority, *channel, *sealing, body.sealing_key_number(), recovery};
}

Result<std::optional<NewServerKeys>> follow_key_links(const KnownServerKeys& known, const KeyLinks& links, std::uint32_t epoch) {
  if (links.size() > kKeyLinksMax) return protocol_error("too many generations of server keys");
  KnownServerKeys now = known;
  std::optional<NewServerKeys> newest;
  for (const pb::SignedStatement& link : links) {
    // Of before our time: its signer is no longer known here, so it is neither believed nor refused.
    if (!newest && claimed_generation(link) <= now.generation && claimed_generation(link) != 0) continue;
    LANTAARN_ASSIGN(NewServerKeys next, next_keys(now, link, epoch));
    now = {now.server, next.keys.generation, next.keys.authority, next.keys.sealing_number, mark_of(next.statement)};
    newest = std::move(next);
  }
  return newest;
}

}  // namespace lantaarn::sync
