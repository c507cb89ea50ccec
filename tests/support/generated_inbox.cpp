#include "tests/support/generated_inbox.hpp"

#include <algorithm>

#include "common/model/codes.hpp"

namespace lantaarn::support {
namespace {

constexpr std::int64_t kFirstEveningMs = 1'767'297'600'000;  // 2026-01-01T20:00Z
constexpr std::int64_t kDayMs = 86'400'000;

crypto::Key draw_key(Draw& draw) {
  const auto raw = draw.bytes<32>();
  return crypto::Key(std::span<const std::uint8_t, 32>(raw));
}

template <typename Range>
std::string pick(Draw& draw, const Range& codes) {
  return std::string(codes[draw.below(codes.size())]);
}

model::Event server_event(Draw& draw, const server::ServerKeys& keys) {
  return draw_event(draw, UserId{keys.server.id.bytes}, kFirstEveningMs);
}

}  // namespace

GeneratedServer::GeneratedServer(Draw& draw)
    : sealing(draw_key(draw)),
      authority(draw_key(draw)),
      data_key(draw_key(draw)),
      keys{{draw.id<ServerId>(), 1}, sealing, 1, authority} {}

GeneratedLog::GeneratedLog(Draw& draw, DeviceId device, crypto::BoxPublicKey server_sealing_key)
    : device_(device), log_(draw.id<LogId>()), server_sealing_key_(server_sealing_key) {
  head_ = {0, journal::genesis_hash({device_, log_, {}, 0, {}})};
  new_seal_key(draw);
}

void GeneratedLog::new_seal_key(Draw& draw) {
  seal_key_ = std::make_shared<const journal::SealKey>(journal::SealKey{draw.id<KeyId>(), draw_key(draw)});
  key_told_ = false;
}

void GeneratedLog::save(const GeneratedUser& author, ByteView event) {
  journal::EntryHeader header{1, head_.seq + 1, device_, log_, author.id, seal_key_->id, head_.hash, 0};
  Bytes box;
  if (!key_told_) {
    header.sealing_key = 1;
    box = journal::make_seal_key_box(*seal_key_, device_, log_, server_sealing_key_);
  }
  key_told_ = true;
  Bytes entry = journal::seal_entry(header, box, *seal_key_, event);
  head_ = {header.seq, journal::entry_hash(entry)};
  entries_.push_back(std::make_shared<const Entry>(Entry{std::move(entry), head_, author}));
}

void GeneratedLog::spoil_seal_key(Draw& draw) {
  seal_key_ = std::make_shared<const journal::SealKey>(journal::SealKey{seal_key_->id, draw_key(draw)});
}

Bytes GeneratedLog::batch_of(std::size_t first, std::size_t last) const {
  Bytes batch;
  for (std::size_t seq = first; seq <= last; ++seq) {
    const Entry& entry = *entries_[seq - 1];
    const bool run_ends = seq == last || entries_[seq]->author.id != entry.author.id;
    if (run_ends) {
      const auto signature = journal::sign_head(*entry.author.key, device_, log_, entry.at.seq, entry.at.hash);
      journal::append_to_batch(batch, entry.entry, signature);
    } else {
      journal::append_to_batch(batch, entry.entry, {});
    }
  }
  return batch;
}

Bytes GeneratedLog::take_batch() {
  Bytes batch = batch_of(taken_ + 1, entries_.size());
  taken_ = entries_.size();
  return batch;
}

GeneratedUser draw_user(Draw& draw) { return {draw.id<UserId>(), std::make_shared<const crypto::SignKey>(draw_key(draw))}; }

void GeneratedInbox::put(server::InboxBatch batch) {
  batch.inbox_id = static_cast<std::int64_t>(batches_.size()) + 1;
  batches_.push_back(std::move(batch));
}

void GeneratedInbox::put(const GeneratedLog& log, Bytes batch, std::int64_t received_ms) {
  put({0, log.device(), log.log(), received_ms, std::move(batch)});
}

Result<std::vector<server::InboxBatch>> GeneratedInbox::read_after(std::int64_t inbox_id, std::size_t batches_max) {
  const auto from = std::min(static_cast<std::size_t>(inbox_id), batches_.size());
  const auto through = std::min(from + batches_max, batches_.size());
  return std::vector<server::InboxBatch>(batches_.begin() + static_cast<std::ptrdiff_t>(from),
                                         batches_.begin() + static_cast<std::ptrdiff_t>(through));
}

model::Event draw_event(Draw& draw, const UserId& author, std::int64_t wall_ms, ClockStatus status) {
  model::Event event;
  event.set_nonce(to_string(draw.bytes<16>()));
  event.set_author(model::id_field(author));
  auto* stamp = event.mutable_recorded();
  stamp->set_wall_ms(wall_ms);
  stamp->set_monotonic_ms(1000);
  stamp->set_boot_id(to_string(ByteArray<16>{1, 2, 3}));
  stamp->set_clock_status(static_cast<std::uint32_t>(status));
  return event;
}

model::Event draw_contact(Draw& draw, const UserId& author, const std::optional<ClientId>& client, std::int64_t wall_ms,
                          const std::string& note) {
  model::Event event = draw_event(draw, author, wall_ms);
  auto* contact = event.mutable_contact_logged();
  if (client) contact->set_client_id(model::id_field(*client));
  if (!client) contact->set_description("someone at the gate");
  contact->set_occurred_at_ms(wall_ms - 1000);
  contact->set_channel(pick(draw, model::codes_of("channel")));
  contact->set_place(pick(draw, model::codes_of("place")));
  contact->set_outcome(pick(draw, model::codes_of("outcome")));
  contact->add_topics(pick(draw, model::codes_of("topic")));
  if (draw.one_in(2)) contact->set_minutes(static_cast<std::uint32_t>(draw.below(60)));
  contact->set_note(note);
  return event;
}

Bytes user_added(Draw& draw, const server::ServerKeys& keys, const UserId& user, const std::string& name, const std::string& role) {
  model::Event event = server_event(draw, keys);
  event.mutable_user_added()->set_user_id(model::id_field(user));
  event.mutable_user_added()->set_name(name);
  event.mutable_user_added()->set_role(role);
  return model::encode_event(event);
}

Bytes device_added(Draw& draw, const server::ServerKeys& keys, const DeviceId& device, const std::string& name,
                   const std::vector<UserId>& users) {
  model::Event event = server_event(draw, keys);
  event.mutable_device_added()->set_device_id(model::id_field(device));
  event.mutable_device_added()->set_name(name);
  for (const UserId& user : users) event.mutable_device_added()->add_users(model::id_field(user));
  return model::encode_event(event);
}

Bytes user_bound(Draw& draw, const server::ServerKeys& keys, const DeviceId& device, const GeneratedUser& user) {
  model::Event event = server_event(draw, keys);
  auto* bound = event.mutable_device_user_bound();
  bound->set_device_id(model::id_field(device));
  bound->set_user_id(model::id_field(user.id));
  bound->set_box_key(to_string(draw.bytes<32>()));
  bound->set_verify_key(to_string(user.key->verify_key()));
  return model::encode_event(event);
}

namespace {

void add_field(model::pb::RecordAdded& added, const char* name, std::string value) {
  auto* field = added.add_fields();
  field->set_field(name);
  field->set_value(std::move(value));
}

// Whatever a programme writes down besides contacts; `before` is a contact that may be corrected.
model::Event draw_other(Draw& draw, const UserId& author, const ClientId& client, const EventId& before, std::int64_t wall_ms) {
  model::Event event = draw_event(draw, author, wall_ms);
  switch (draw.below(5)) {
    case 0:
      event.mutable_follow_up_planned()->set_client_id(model::id_field(client));
      event.mutable_follow_up_planned()->set_due_date("2026-01-15");
      event.mutable_follow_up_planned()->set_text("call back");
      return event;
    case 1: {
      event.mutable_client_changed()->set_client_id(model::id_field(client));
      auto* change = event.mutable_client_changed()->add_changes();
      change->set_field("intensity");
      change->set_value(pick(draw, model::codes_of("intensity")));
      return event;
    }
    case 2: {
      event.mutable_contact_amended()->set_contact(model::id_field(before));
      event.mutable_contact_amended()->set_reason("typed wrong");
      auto* change = event.mutable_contact_amended()->add_changes();
      change->set_field("place");
      change->set_value(pick(draw, model::codes_of("place")));
      change->add_heads(model::id_field(before));
      return event;
    }
    default: break;
  }
  auto& added = *event.mutable_record_added();
  added.set_client_id(model::id_field(client));
  if (draw.one_in(2)) {
    added.set_kind("referral");
    add_field(added, "announced", "2025-11-01");
    add_field(added, "partner", pick(draw, model::codes_of("partner")));
    add_field(added, "state", "waiting");
  } else {
    added.set_kind("appointment");
    add_field(added, "date", "2025-11-20");
    add_field(added, "to", pick(draw, model::codes_of("appointment")));
    add_field(added, "attended", "yes");
  }
  return event;
}

}  // namespace

GeneratedProgramme generate_programme(const InboxShape& shape, const GeneratedServer& server) {
  Draw draw(shape.seed);
  GeneratedProgramme programme;
  std::vector<GeneratedUser> users;
  std::vector<GeneratedLog> logs;
  for (std::size_t i = 0; i < shape.handhelds; ++i) {
    users.push_back(draw_user(draw));
    const auto device = draw.id<DeviceId>();
    programme.server_facts.push_back(user_added(draw, server.keys, users[i].id, "User " + std::to_string(i)));
    programme.server_facts.push_back(device_added(draw, server.keys, device, "Handheld " + std::to_string(i), {users[i].id}));
    programme.server_facts.push_back(user_bound(draw, server.keys, device, users[i]));
    logs.emplace_back(draw, device, server.sealing.public_key());
  }
  const auto flush = [&](GeneratedLog& log) {
    if (log.waiting() != 0) programme.inbox.put(log, log.take_batch());
  };
  const auto save = [&](std::size_t handheld, const model::Event& event) {
    logs[handheld].save(users[handheld], model::encode_event(event));
    ++programme.events;
    // Entries of contacts stay below 1.3 KiB: 190 of them fit a batch of 256 KiB.
    if (logs[handheld].waiting() == 190) flush(logs[handheld]);
  };
  std::vector<ClientId> clients;
  for (std::size_t i = 0; i < shape.clients; ++i) {
    const std::size_t handheld = i % shape.handhelds;
    model::Event event = draw_event(draw, users[handheld].id, kFirstEveningMs);
    clients.push_back(draw.id<ClientId>());
    auto* added = event.mutable_client_added();
    added->set_client_id(model::id_field(clients.back()));
    added->set_alias("Alias " + std::to_string(i));
    const auto add_field = [&](const char* field, const std::string& value) {
      auto* change = added->add_fields();
      change->set_field(field);
      change->set_value(value);
    };
    add_field("status", "in_view");
    add_field("intensity", pick(draw, model::codes_of("intensity")));
    add_field("primary_contact", users[handheld].id.hex());
    save(handheld, event);
  }
  EventId last;  // a contact that may be corrected
  for (std::size_t i = 0; i < shape.contacts; ++i) {
    const std::size_t handheld = (i / shape.contacts_per_round) % shape.handhelds;
    if (i % shape.contacts_per_round == 0) logs[handheld].new_seal_key(draw);
    const std::int64_t evening = static_cast<std::int64_t>(i / (shape.contacts_per_round * shape.handhelds));
    if (shape.all_kinds && i % 2 == 1) {
      const model::Event other = draw_other(draw, users[handheld].id, clients[draw.below(shape.clients)], last, kFirstEveningMs);
      save(handheld, other);
      continue;
    }
    const auto client = shape.clients == 0 || draw.one_in(20) ? std::nullopt : std::optional(clients[draw.below(shape.clients)]);
    const model::Event contact = draw_contact(draw, users[handheld].id, client, kFirstEveningMs + evening % 365 * kDayMs + static_cast<std::int64_t>(i % 20) * 60'000,
                                              std::string(shape.note_characters, 'n'));
    if (shape.all_kinds) last = model::event_id_of(model::encode_event(contact));
    save(handheld, contact);
  }
  for (GeneratedLog& log : logs) flush(log);
  return programme;
}

}  // namespace lantaarn::support
