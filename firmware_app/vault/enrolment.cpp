#include <algorithm>

#include "common/crypto/random.hpp"
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {
namespace {

ServerFacts facts_of(const sync::Ticket& ticket, const std::string& address) {
  return {ticket.server,      address.empty() ? ticket.server_address : address,
          ticket.channel_key, ticket.authority_key,
          ticket.sealing_key, ticket.sealing_key_number,
          ticket.epoch,       ticket.device,
          ticket.device_name, ticket.recovery_key,
          ticket.keys_generation};
}

Result<VaultUser> named_in(const sync::Ticket& ticket, std::string_view name) {
  const auto found = std::find_if(ticket.users.begin(), ticket.users.end(), [&](const auto& user) { return user.name == name; });
  if (found == ticket.users.end()) return refused("ticket_wrong");
  return VaultUser{found->id, found->name};
}

// A further ticket names the server this handheld has. It may not put other keys in their place: only a handheld that
// trusts nobody yet takes keys from a ticket.
Status check_same_server(const ServerFacts& known, const ServerFacts& stated) {
  if (known.server != stated.server || known.device != stated.device) return refused("ticket_wrong");
  const bool same = known.channel_key == stated.channel_key && known.authority_key == stated.authority_key &&
                    known.sealing_key == stated.sealing_key && known.sealing_key_number == stated.sealing_key_number &&
                    known.keys_generation == stated.keys_generation;
  return same ? Status() : refused("ticket_keys_differ");
}

crypto::SecretBytes join(const crypto::Key& first, const crypto::Key& second) {
  crypto::SecretBytes both(64);
  std::copy(first.view().begin(), first.view().end(), both.data());
  std::copy(second.view().begin(), second.view().end(), both.data() + 32);
  return both;
}

}  // namespace

Result<std::optional<OwnKeys>> Vault::State::kept_keys(const VaultUser& user, const crypto::SecretBytes& pin, bool begun) {
  LANTAARN_ASSIGN(auto all, rows());
  for (UserRow& row : all) {
    // Whose slots were destroyed enrols anew.
    if (row.pending || (row.destroyed && row.user.id == user.id)) continue;
    if (row.user.id == user.id || row.user.name == user.name) return refused("name_taken");
  }
  for (UserRow& row : all) {
    if (!row.pending || !begun || row.user.id != user.id) continue;
    LANTAARN_ASSIGN(const crypto::Key key, pin_key(pin, row.salt, row.kdf));
    if (auto opened = open_slots(key, row.salt, row.slots)) return std::optional<OwnKeys>(OwnKeys{std::move(row), std::move(opened->seeds)});
  }
  return std::optional<OwnKeys>{};
}

Result<OwnKeys> Vault::State::fresh_keys(const VaultUser& user, const crypto::SecretBytes& pin) {
  LANTAARN_ASSIGN(const crypto::KdfParameters kdf, options.measure());
  OwnKeys fresh{UserRow{user_ref(user.id), user, true, false, Bytes(crypto::kKdfSaltBytes), kdf, {}, {}}, make_seeds(user.id)};
  crypto::fill_random(fresh.row.salt);
  LANTAARN_ASSIGN(const crypto::Key key, pin_key(pin, fresh.row.salt, kdf));
  fresh.row.slots = make_slots(key, fresh.row.salt, fresh.seeds);
  return fresh;
}

Status Vault::State::keep_pending(const sync::Ticket& ticket, const UserRow& row, const ServerFacts& facts, const crypto::Key& channel_key) {
  pb::PendingRecord record;
  record.set_ticket_id(to_string(ticket.id.view()));
  record.set_user_id(to_string(row.user.id.view()));
  *record.mutable_server() = to_record(facts);
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database));
  LANTAARN_TRY(database.execute("DELETE FROM user WHERE pending = 1"));
  LANTAARN_TRY(put_row(row));
  LANTAARN_TRY(put(Record::kPendingKeys, {}, join(channel_key, ticket.psk).view()));
  LANTAARN_TRY(put_message(Record::kPending, {}, record));
  return transaction.commit();
}

Result<Enrolment> Vault::begin_enrolment(const sync::Ticket& ticket, std::string_view user_name, const crypto::SecretBytes& pin,
                                         const std::string& address, bool further) {
  State& state = *state_;
  if (state.enrolled != further) return refused(further ? "not_enrolled" : "already_enrolled");
  LANTAARN_TRY(check_new_pin(pin, state.hardware_held));
  LANTAARN_ASSIGN(const VaultUser user, named_in(ticket, user_name));
  LANTAARN_ASSIGN(const auto pending, state.get_message<pb::PendingRecord>(Record::kPending, {}));
  const bool begun = pending && pending->server().device_id() == to_string(ticket.device.view()) &&
                     pending->server().server_id() == to_string(ticket.server.view());

  ServerFacts facts = facts_of(ticket, address);
  crypto::Key channel_key = crypto::random_secret<32>();
  if (further) {
    LANTAARN_ASSIGN(const ServerFacts known, server());
    LANTAARN_TRY(check_same_server(known, facts));
    facts.epoch = known.epoch;
    facts.recovery_key = known.recovery_key;
    if (address.empty()) facts.address = known.address;
    LANTAARN_ASSIGN(ChannelKeys keys, channel_keys());
    channel_key = std::move(keys.private_key);
  } else if (begun) {
    // The server may have bound this device to the key it saw before the power went; another ticket does not undo that.
    LANTAARN_ASSIGN(const auto kept, state.get(Record::kPendingKeys, {}));
    if (!kept || kept->size() != 64) return state.damaged();
    channel_key = std::move(*crypto::Key::from(kept->view().first(32)));
  }

  LANTAARN_ASSIGN(auto keys, state.kept_keys(user, pin, begun));
  if (!keys) {
    LANTAARN_ASSIGN(keys, state.fresh_keys(user, pin));
  }
  LANTAARN_TRY(state.keep_pending(ticket, keys->row, facts, channel_key));
  return Enrolment{std::move(facts), ChannelKeys{std::move(channel_key), ticket.psk.duplicate()}, ticket.id,
                   UnlockedUser{user.id, user.name, crypto::BoxKey(std::move(keys->seeds.box)), crypto::SignKey(keys->seeds.sign)}};
}

Status Vault::finish_enrolment(const Enrolment& enrolment, const EnrolmentReply& reply) {
  State& state = *state_;
  LANTAARN_ASSIGN(const auto pending, state.get_message<pb::PendingRecord>(Record::kPending, {}));
  LANTAARN_ASSIGN(const auto keys, state.get(Record::kPendingKeys, {}));
  if (!pending || !keys || pending->ticket_id() != to_string(enrolment.ticket.view()) ||
      pending->user_id() != to_string(enrolment.user.id.view())) {
    return bug("vault: another enrolment was begun");
  }
  pb::ServerRecord server_record = pending->server();
  LANTAARN_ASSIGN(const auto known, state.get_message<pb::ServerRecord>(Record::kServer, {}));
  server_record.set_epoch(std::max({server_record.epoch(), reply.epoch, known ? known->epoch() : 0}));
  // What a sync in between has taught stands.
  if (known && !known->recovery_key().empty()) server_record.set_recovery_key(known->recovery_key());
  // A sync in between may have taught newer ones.
  if (known && std::max(known->keys_generation(), 1U) > server_record.keys_generation()) copy_keys(*known, server_record);
  if (reply.newer_keys && reply.newer_keys->generation > server_record.keys_generation()) put_keys(*reply.newer_keys, server_record);
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state.database));
  LANTAARN_TRY(state.put(Record::kChannelKeys, {}, join(enrolment.channel.private_key, reply.device_psk).view()));
  LANTAARN_TRY(state.put_message(Record::kServer, {}, server_record));
  LANTAARN_TRY(state.database.execute("UPDATE user SET pending = 0"));
  LANTAARN_TRY(state.remove(Record::kPendingKeys, {}));
  LANTAARN_TRY(state.remove(Record::kPending, {}));
  LANTAARN_TRY(state.remove(Record::kWiped, {}));
  for (const MarkOf& mark : reply.marks) LANTAARN_TRY(raise_mark(mark));
  if (reply.lease) LANTAARN_TRY(set_lease(enrolment.user.id, *reply.lease));
  if (reply.clock) LANTAARN_TRY(set_clock_observation(*reply.clock));
  LANTAARN_TRY(transaction.commit());
  state.enrolled = true;
  return {};
}

}  // namespace lantaarn::firmware
