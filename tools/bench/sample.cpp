#include "tools/bench/sample.hpp"

namespace lantaarn::bench {

Bytes sample_contact(const UserId& author, int number) {
  ClockReading now;
  now.wall_ms = 1'795'000'000'000 + number;
  now.monotonic_ms = 1'000'000 + number;
  model::Event event = model::new_event(author, now);
  auto& contact = *event.mutable_contact_logged();
  // One of five hundred women.
  ClientId client;
  store_le(client.bytes.data(), static_cast<std::uint64_t>(number % 500 + 1));
  contact.set_client_id(model::id_field(client));
  contact.set_occurred_at_ms(now.wall_ms);
  contact.set_channel("in_person");
  contact.set_place("zone");
  contact.set_outcome("spoken");
  contact.add_topics("safe_working");
  contact.set_minutes(15);
  contact.set_note(std::string(300, 'n'));
  return model::encode_event(event);
}

std::vector<Bytes> bulk_events(std::size_t count) {
  std::vector<Bytes> events(count, Bytes(kBulkEventBytes));
  for (Bytes& event : events) crypto::fill_random(event);
  return events;
}

Status save_in_commits(journal::Journal& journal, const Hand& hand, const std::vector<Bytes>& events) {
  std::vector<ByteView> commit;
  for (std::size_t first = 0; first < events.size(); first += kCommitEntries) {
    commit.assign(events.begin() + static_cast<std::ptrdiff_t>(first),
                  events.begin() + static_cast<std::ptrdiff_t>(std::min(first + kCommitEntries, events.size())));
    LANTAARN_TRY(journal.save(commit, hand.author(), hand.sealing()));
  }
  return {};
}

}  // namespace lantaarn::bench
