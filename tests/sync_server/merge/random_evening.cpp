#include "tests/sync_server/merge/random_evening.hpp"

#include <algorithm>

#include "common/model/codes.hpp"
#include "common/model/fields.hpp"

namespace lantaarn::support {
namespace {

using model::Event;

struct Handheld {
  DeviceId device;
  std::vector<GeneratedUser> users;
};

// Draws events that speak of one another, whichever handheld they come from.
class Evenings {
 public:
  Evenings(Draw& draw, const GeneratedServer& server) : draw_(draw), server_(server) {
    for (int i = 0; i < 3; ++i) clients_.push_back(draw_.id<ClientId>());
    for (int i = 0; i < 2; ++i) rounds_.push_back(draw_.id<RoundId>());
  }

  Evening evening() {
    for (int i = 0; i < 3; ++i) add_handheld(i);
    for (const Handheld& handheld : handhelds_) {
      GeneratedLog log(draw_, handheld.device, server_.sealing.public_key());
      write(log, handheld, 2 + draw_.below(8));
      if (draw_.one_in(3)) fork(log, handheld);
      write(log, handheld, draw_.below(6));
      evening_.logs.push_back(log);
      if (draw_.one_in(4)) revoke(log);
    }
    observe_clock();
    while (draw_.one_in(2)) decide();
    return std::move(evening_);
  }

 private:
  template <typename T>
  const T& any_of(const std::vector<T>& items) { return items[draw_.below(items.size())]; }
  std::string any_code(std::string_view kind) { return std::string(any_of_codes(kind)); }
  std::string_view any_of_codes(std::string_view kind) {
    const auto codes = model::codes_of(kind);
    return codes[draw_.below(codes.size())];
  }
  std::int64_t wall() { return kEvening + static_cast<std::int64_t>(draw_.below(5)) * 1000; }

  void say(const Bytes& fact) {
    // Anywhere among what was said so far: the set has an order of its own, but no more than that.
    evening_.facts.insert(evening_.facts.begin() + static_cast<std::ptrdiff_t>(draw_.below(evening_.facts.size() + 1)), fact);
  }

  void add_handheld(int number) {
    Handheld handheld{draw_.id<DeviceId>(), {draw_user(draw_), draw_user(draw_)}};
    if (number > 0 && draw_.one_in(2)) handheld.users[1] = handhelds_[0].users[0];
    say(device_added(draw_, server_.keys, handheld.device, "handheld " + std::to_string(number), {}));
    for (const GeneratedUser& user : handheld.users) {
      say(user_added(draw_, server_.keys, user.id, "user"));
      if (!draw_.one_in(6)) say(user_bound(draw_, server_.keys, handheld.device, user));
    }
    handhelds_.push_back(handheld);
  }

  void fork(const GeneratedLog& log, const Handheld& handheld) {
    GeneratedLog copy = log;
    write(copy, handheld, 1 + draw_.below(4));
    evening_.logs.push_back(copy);
    forked_at_ = log.size() + 1;
    Event event = draw_event(draw_, handheld.users[0].id, kEvening);
    auto* fact = event.mutable_fork_observed();
    fact->set_device_id(model::id_field(handheld.device));
    fact->set_log_id(model::id_field(log.log()));
    fact->set_seq(forked_at_);
    fact->set_other_hash(to_string(copy.hash_at(forked_at_)));
    say(model::encode_event(event));
    if (draw_.one_in(2)) admit(copy, copy.size());
  }

  void admit(const GeneratedLog& log, std::size_t seq) {
    Event event = draw_event(draw_, handhelds_[0].users[0].id, kEvening);
    event.mutable_entries_admitted()->set_device_id(model::id_field(log.device()));
    event.mutable_entries_admitted()->add_entry_hashes(to_string(log.hash_at(seq)));
    say(model::encode_event(event));
  }

  void revoke(const GeneratedLog& log) {
    if (log.size() == 0) return;
    Event event = draw_event(draw_, handhelds_[0].users[0].id, kEvening);
    event.mutable_device_revoked()->set_device_id(model::id_field(log.device()));
    auto* at = event.mutable_device_revoked()->add_last_accepted();
    const std::size_t seq = 1 + draw_.below(log.size());
    at->set_log_id(model::id_field(log.log()));
    at->set_seq(seq);
    at->set_hash(to_string(log.hash_at(seq)));
    say(model::encode_event(event));
    if (draw_.one_in(2)) admit(log, log.size());
  }

  // What the coordinator decides, at any moment of the evening.
  void decide() {
    Event event = draw_event(draw_, handhelds_[0].users[0].id, kEvening);
    const ClientId first = any_of(clients_), second = any_of(clients_);
    switch (draw_.below(6)) {
      case 0:
      case 1:
        if (first == second) return;
        event.mutable_clients_linked()->set_first(model::id_field(first));
        event.mutable_clients_linked()->set_second(model::id_field(second));
        event.mutable_clients_linked()->set_reason("the same");
        break;
      case 2: {
        auto* unlinked = event.mutable_clients_unlinked();
        unlinked->set_reason("not the same");
        for (const EventId& edge : links_) {
          if (draw_.one_in(2)) unlinked->add_edges(model::id_field(edge));
        }
        if (first != second && (unlinked->edges().empty() || draw_.one_in(2))) {
          unlinked->add_apart()->set_first(model::id_field(first));
          unlinked->mutable_apart(0)->set_second(model::id_field(second));
        }
        if (unlinked->edges().empty() && unlinked->apart().empty()) return;
        break;
      }
      case 3: {
        auto* erased = event.mutable_client_erased();
        erased->set_decision(model::id_field(draw_.id<EventId>()));
        erased->add_clients(model::id_field(first));
        if (!contacts_.empty() && draw_.one_in(2)) erased->add_events(model::id_field(any_of(contacts_)));
        auto* count = erased->add_counts();
        count->set_period("2025-H2");
        count->set_channel("phone");
        count->set_contacts(draw_.below(9));
        break;
      }
      case 4:
        if (contacts_.empty()) return;
        event.mutable_records_ended()->set_retention("attention");
        event.mutable_records_ended()->add_events(model::id_field(any_of(contacts_)));
        if (!records_.empty()) event.mutable_records_ended()->add_events(model::id_field(any_of(records_)));
        break;
      default: {
        if (contacts_.size() < 2) return;
        const EventId one = any_of(contacts_), other = any_of(contacts_);
        if (one == other) return;
        if (!shared_.empty() && draw_.one_in(3)) {
          auto* apart = event.mutable_contacts_kept_apart();
          apart->set_reason("two talks");
          apart->set_first(model::id_field(one));
          apart->set_second(model::id_field(other));
          apart->add_cancels(model::id_field(any_of(shared_)));
        } else {
          event.mutable_contacts_shared()->set_reason("one talk");
          event.mutable_contacts_shared()->add_contacts(model::id_field(one));
          event.mutable_contacts_shared()->add_contacts(model::id_field(other));
        }
        break;
      }
    }
    const Bytes bytes = model::encode_event(event);
    if (event.has_clients_linked()) links_.push_back(model::event_id_of(bytes));
    if (event.has_contacts_shared()) shared_.push_back(model::event_id_of(bytes));
    say(bytes);
  }

  void fill_record(Event& event) {
    if (!records_.empty() && draw_.one_in(2)) {
      const EventId record = any_of(records_);
      if (draw_.one_in(5)) {
        event.mutable_record_retracted()->set_record(model::id_field(record));
        event.mutable_record_retracted()->set_reason("twice");
        return;
      }
      auto* changed = event.mutable_record_changed();
      changed->set_record(model::id_field(record));
      changed->set_kind(draw_.one_in(8) ? "goal" : "referral");
      changed->set_reason("news");
      auto* change = changed->add_changes();
      change->set_field(changed->kind() == "goal" ? "text" : "state");
      change->set_value(changed->kind() == "goal" ? "a room" : draw_.one_in(2) ? "waiting" : "announced");
      add_heads(*change, to_string(record.view()) + change->field());
      if (draw_.one_in(2)) change->add_heads(model::id_field(record));
      return;
    }
    auto* added = event.mutable_record_added();
    added->set_client_id(model::id_field(any_of(clients_)));
    added->set_kind(draw_.one_in(20) ? "of_a_newer_program" : "referral");
    const auto field = [&](const char* name, const std::string& value) {
      auto* one = added->add_fields();
      one->set_field(name);
      one->set_value(value);
    };
    field("announced", "2025-11-0" + std::to_string(1 + draw_.below(9)));
    field("partner", any_code("partner"));
    field("state", draw_.one_in(2) ? "announced" : "waiting");
  }

  void observe_clock() {
    Event event = draw_event(draw_, handhelds_[0].users[0].id, kEvening);
    auto* fact = event.mutable_clock_observed();
    fact->set_device_id(model::id_field(any_of(handhelds_).device));
    fact->set_boot_id(to_string(ByteArray<16>{1, 2, 3}));
    fact->set_device_monotonic_ms(2000);
    fact->set_server_wall_ms(kEvening);
    say(model::encode_event(event));
  }

  void write(GeneratedLog& log, const Handheld& handheld, std::uint64_t entries) {
    for (std::uint64_t i = 0; i < entries; ++i) {
      GeneratedUser author = handheld.users[draw_.below(2)];
      if (draw_.one_in(4)) log.new_seal_key(draw_);
      Event event = draw_event(draw_, author.id, wall(), draw_.one_in(4) ? ClockStatus::kUnknown : ClockStatus::kOk);
      fill(event);
      if (draw_.one_in(20)) event.clear_fact();
      if (draw_.one_in(40)) event.set_author(model::id_field(draw_.id<UserId>()));
      Bytes bytes = model::encode_event(event);
      if (draw_.one_in(30)) append(bytes, Bytes{0xa2, 0x06, 0x01, 0x78});  // field 100: a fact of a newer program, or beside it
      if (draw_.one_in(40)) bytes = to_bytes(as_bytes("\xff garbage"));
      if (draw_.one_in(12) && !saved_.empty()) bytes = any_of(saved_);    // the same event once more
      saved_.push_back(bytes);
      remember(event, model::event_id_of(bytes));
      if (draw_.one_in(50)) log.spoil_seal_key(draw_);
      log.save(author, bytes);
    }
  }

  // Heads its author may have seen: any of what was said about this field, late or early.
  void add_heads(model::pb::FieldChange& change, const std::string& about) {
    for (const EventId& head : sayings_[about]) {
      if (draw_.one_in(2)) change.add_heads(model::id_field(head));
    }
  }

  void fill(Event& event) {
    switch (draw_.below(19)) {
      case 0: {
        const ClientId client = any_of(clients_);
        event.mutable_client_added()->set_client_id(model::id_field(client));
        event.mutable_client_added()->set_alias("alias " + std::to_string(draw_.below(3)));
        auto* first = event.mutable_client_added()->add_fields();
        first->set_field("intensity");
        first->set_value(any_code("intensity"));
        return;
      }
      case 1:
      case 2: {
        const ClientId client = any_of(clients_);
        event.mutable_client_changed()->set_client_id(model::id_field(client));
        auto* change = event.mutable_client_changed()->add_changes();
        const bool status = draw_.one_in(2);
        change->set_field(status ? "status" : "intensity");
        change->set_value(any_code(change->field()));
        add_heads(*change, to_string(client.view()) + change->field());
        return;
      }
      case 3:
      case 4:
      case 5:
        if (!contacts_.empty()) {
          const EventId contact = any_of(contacts_);
          event.mutable_contact_amended()->set_contact(model::id_field(contact));
          event.mutable_contact_amended()->set_reason("typed wrong");
          auto* change = event.mutable_contact_amended()->add_changes();
          const bool client = draw_.one_in(4);
          change->set_field(client ? "client" : "place");
          change->set_value(client ? any_of(clients_).hex() : any_code("place"));
          add_heads(*change, to_string(contact.view()) + change->field());
          if (draw_.one_in(2)) change->add_heads(model::id_field(contact));
          return;
        }
        break;
      case 6:
        if (!contacts_.empty() && draw_.one_in(2)) {
          event.mutable_contact_retracted()->set_contact(model::id_field(any_of(contacts_)));
          event.mutable_contact_retracted()->set_reason("not her");
          return;
        }
        break;
      case 7:
        event.mutable_follow_up_planned()->set_client_id(model::id_field(any_of(clients_)));
        event.mutable_follow_up_planned()->set_due_date("2025-12-0" + std::to_string(1 + draw_.below(9)));
        event.mutable_follow_up_planned()->set_text("call back");
        return;
      case 8:
        if (!follow_ups_.empty()) {
          event.mutable_follow_up_done()->set_follow_up(model::id_field(any_of(follow_ups_)));
          return;
        }
        break;
      case 9:
        event.set_round_id(model::id_field(any_of(rounds_)));
        if (draw_.one_in(3)) event.mutable_round_started()->add_places("zone");
        else if (draw_.one_in(3)) event.mutable_round_ended();
        else event.mutable_head_counted()->set_delta(1 + static_cast<std::int32_t>(draw_.below(5)));
        return;
      case 10:
        if (draw_.one_in(4)) {
          event.mutable_user_added()->set_user_id(model::id_field(draw_.id<UserId>()));
          event.mutable_user_added()->set_name("an intruder");
          event.mutable_user_added()->set_role("administrator");
          return;
        }
        break;
      case 11:
        event.mutable_client_named()->set_client_id(model::id_field(any_of(clients_)));
        event.mutable_client_named()->set_alias("name " + std::to_string(draw_.below(3)));
        return;
      case 12:
      case 13:
      case 14: return fill_record(event);
      default: break;
    }
    const auto author = *UserId::from(event.author());
    const auto client = draw_.one_in(4) ? std::nullopt : std::optional(any_of(clients_));
    *event.mutable_contact_logged() = draw_contact(draw_, author, client, wall(), "note").contact_logged();
    if (draw_.one_in(25)) event.mutable_contact_logged()->set_channel("pigeon");
  }

  void remember(const Event& event, const EventId& id) {
    if (event.has_contact_logged()) contacts_.push_back(id);
    if (event.has_follow_up_planned()) follow_ups_.push_back(id);
    if (event.has_record_added()) records_.push_back(id);
    if (event.has_record_changed()) sayings_[event.record_changed().record() + event.record_changed().changes(0).field()].push_back(id);
    if (event.has_client_changed()) sayings_[event.client_changed().client_id() + event.client_changed().changes(0).field()].push_back(id);
    if (event.has_client_added()) sayings_[event.client_added().client_id() + "intensity"].push_back(id);
    if (event.has_contact_amended()) sayings_[event.contact_amended().contact() + event.contact_amended().changes(0).field()].push_back(id);
  }

  Draw& draw_;
  const GeneratedServer& server_;
  Evening evening_;
  std::vector<Handheld> handhelds_;
  std::vector<ClientId> clients_;
  std::vector<RoundId> rounds_;
  std::vector<EventId> contacts_, follow_ups_, records_, links_, shared_;
  std::vector<Bytes> saved_;
  std::map<std::string, std::vector<EventId>> sayings_;
  std::size_t forked_at_ = 0;
};

server::Merger open_replay(server::Registry& registry, const GeneratedServer& server, std::size_t entries_per_transaction) {
  server::MergeOptions options;
  options.observes_forks = false;
  options.entries_per_transaction = entries_per_transaction;
  auto merger = server::Merger::open(registry, server.keys, options);
  LANTAARN_OK(merger);
  return std::move(*merger);
}

Delivered finished(std::unique_ptr<server::Registry> registry) {
  const auto digest = server::digest(*registry);
  LANTAARN_OK(digest);
  return {std::move(registry), *digest};
}

std::vector<server::InboxBatch> cut(const Evening& evening, Draw& draw) {
  std::vector<server::InboxBatch> batches;
  for (const GeneratedLog& log : evening.logs) {
    for (std::size_t first = 1; first <= log.size();) {
      const std::size_t last = first + draw.below(log.size() - first + 1);
      batches.push_back({0, log.device(), log.log(), 1, log.batch_of(first, last)});
      if (draw.one_in(8)) batches.push_back(batches.back());
      first = last + 1;
    }
  }
  draw.shuffle(batches);
  return batches;
}

}  // namespace

Evening draw_evening(Draw& draw, const GeneratedServer& server) { return Evenings(draw, server).evening(); }

Delivered deliver_in_order(const Evening& evening, const GeneratedServer& server) {
  auto registry = registry_in_memory(server);
  auto merger = open_replay(*registry, server, 5000);
  LANTAARN_OK(merger.record(evening.facts, 1));
  GeneratedInbox inbox;
  for (const GeneratedLog& log : evening.logs) {
    if (log.size() != 0) inbox.put(log, log.batch_of(1, log.size()));
  }
  LANTAARN_OK(merger.merge(inbox));
  return finished(std::move(registry));
}

Delivered deliver_at_random(const Evening& evening, const GeneratedServer& server, Draw& draw) {
  auto registry = registry_in_memory(server);
  auto merger = open_replay(*registry, server, 1 + draw.below(20));
  GeneratedInbox inbox;
  std::size_t said = 0;
  const auto say_one = [&] { LANTAARN_OK(merger.record({evening.facts[said++]}, 1)); };
  for (server::InboxBatch& batch : cut(evening, draw)) {
    while (said < evening.facts.size() && draw.one_in(2)) say_one();
    inbox.put(std::move(batch));
    if (draw.one_in(3)) LANTAARN_OK(merger.merge(inbox));
  }
  LANTAARN_OK(merger.merge(inbox));
  while (said < evening.facts.size()) say_one();
  return finished(std::move(registry));
}

}  // namespace lantaarn::support
