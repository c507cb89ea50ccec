#include "tests/sync_server/admin/delivering_handheld.hpp"

#include "sync_server/admin/lookup.hpp"

namespace lantaarn::server::admin {

DeliveringHandheld::DeliveringHandheld(Office& office)
    : office_(office),
      sign_(crypto::random_secret<32>()),
      seal_key_{crypto::random_id<KeyId>(), crypto::random_secret<32>()} {
  const auto added = office.told("device add", {{"name", {"h1"}}, {"users", {"Anna"}}, {"server", {"h:1"}}, {"ticket", {"t"}}});
  device = *DeviceId::parse_hex(text(added, "device_id"));
  Context context = office.open().context();
  anna_ = find_user(context.registry, "Anna")->id;
  model::Event enrolled = context.new_event();
  enrolled.mutable_device_enrolled()->set_device_id(model::id_field(device));
  enrolled.mutable_device_enrolled()->set_channel_key(std::string(32, 'c'));
  enrolled.mutable_device_enrolled()->set_ticket_id(std::string(16, 't'));
  model::Event bound = context.new_event();
  bound.mutable_device_user_bound()->set_device_id(model::id_field(device));
  bound.mutable_device_user_bound()->set_user_id(model::id_field(anna_));
  bound.mutable_device_user_bound()->set_box_key(std::string(32, 'b'));
  bound.mutable_device_user_bound()->set_verify_key(to_string(sign_.verify_key()));
  REQUIRE(context.record({enrolled, bound}).ok());
  adopt_keys();
  auto journal = journal::Journal::open(office.folder.file("journal.db"), device);
  REQUIRE(journal.ok());
  journal_.emplace(std::move(*journal));
}

EventId DeliveringHandheld::save(const UserId& author, const crypto::SignKey& sign, const std::string& client_id_hex) {
  model::Event event = model::new_event(author, office_.clock.now());
  auto& contact = *event.mutable_contact_logged();
  if (!client_id_hex.empty()) contact.set_client_id(model::id_field(*ClientId::parse_hex(client_id_hex)));
  contact.set_occurred_at_ms(office_.clock.reading.wall_ms);
  contact.set_channel("in_person");
  contact.set_place("zone");
  contact.set_outcome("spoken");
  contact.set_note("een notitie");
  return save_event(author, sign, event);
}

void DeliveringHandheld::unlock(bool duress) {
  model::Event event = model::new_event(anna_, office_.clock.now());
  event.mutable_device_unlocked()->set_duress(duress);
  event.mutable_device_unlocked()->set_lease_ended(duress);
  (void)save_event(anna_, sign_, event);
}

EventId DeliveringHandheld::save_event(const UserId& author, const crypto::SignKey& sign, const model::Event& event) {
  const Bytes bytes = model::encode_event(event);
  const journal::Sealing sealing{seal_key_, sealed_to_, sealed_to_number_, kFirstEpoch};
  REQUIRE(journal_->save({bytes}, {author, sign}, sealing).ok());
  return model::event_id_of(bytes);
}

void DeliveringHandheld::adopt_keys() {
  const Keys& keys = office_.open().context().keys;
  seal_key_ = {crypto::random_id<KeyId>(), crypto::random_secret<32>()};
  sealed_to_ = keys.sealing.public_key();
  sealed_to_number_ = keys.sealing_number;
}

EventId DeliveringHandheld::log_contact(const std::string& client_id_hex) { return save(anna_, sign_, client_id_hex); }

void DeliveringHandheld::log_as_stranger() {
  (void)save(crypto::random_id<UserId>(), crypto::SignKey(crypto::random_secret<32>()), "");
}

void DeliveringHandheld::deliver() {
  auto inbox = inbox::Inbox::open(office_.place().inbox());
  REQUIRE(inbox.ok());
  const journal::AuthorKeys keys = [this](const UserId& user) {
    return user == anna_ ? std::optional(sign_.verify_key()) : std::nullopt;
  };
  const auto logs = journal_->logs();
  REQUIRE(logs.ok());
  const auto& log = logs->front();
  while (delivered_ < log.head.seq) {
    const auto batch = journal_->read_batch(log.genesis.log, delivered_ + 1);
    REQUIRE(batch.ok());
    const inbox::Incoming incoming{log.genesis, *batch, office_.clock.reading.wall_ms, &keys};
    const auto landed = inbox->store({&incoming, 1});
    REQUIRE(landed.ok());
    REQUIRE(landed->front().ok());
    delivered_ = (*landed->front()).through.seq;
  }
}

}  // namespace lantaarn::server::admin
