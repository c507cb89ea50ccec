#include <catch2/catch.hpp>
#include <fstream>

#include "common/crypto/random.hpp"
#include "common/model/event.hpp"
#include "common/model/limits.hpp"
#include "common/model/validate.hpp"

using namespace lantaarn;

namespace {

// The event of the golden vector: every byte fixed.
model::Event golden_event() {
  model::Event event;
  event.set_nonce(std::string(16, '\x01'));
  event.set_author(std::string(16, '\x02'));
  event.set_round_id(std::string(16, '\x03'));
  event.mutable_recorded()->set_wall_ms(1'795'000'000'000);
  event.mutable_recorded()->set_monotonic_ms(12'345);
  event.mutable_recorded()->set_boot_id(std::string(16, '\x04'));
  event.mutable_recorded()->set_clock_status(1);
  auto* contact = event.mutable_contact_logged();
  contact->set_client_id(std::string(16, '\x05'));
  contact->set_occurred_at_ms(1'794'999'000'000);
  contact->set_channel("in_person");
  contact->set_place("zone");
  contact->set_outcome("spoken");
  contact->add_topics("housing");
  contact->set_minutes(10);
  contact->set_note("koffie gedronken");
  return event;
}

std::string line_of(const std::string& name, const std::string& key) {
  std::ifstream file(std::string(LANTAARN_VECTORS) + "/model/" + name);
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
  }
  return "no line " + key + " in " + name;
}

}  // namespace

TEST_CASE("the golden event has the bytes and the id it always had", "[model]") {
  const Bytes bytes = model::encode_event(golden_event());
  CHECK(to_hex(bytes) == line_of("contact_logged_v1.txt", "event"));
  CHECK(model::event_id_of(bytes).hex() == line_of("contact_logged_v1.txt", "event_id"));
}

TEST_CASE("two events with the same content have different ids", "[model]") {
  const auto author = crypto::random_id<UserId>();
  const auto first = model::encode_event(model::new_event(author, {}));
  const auto second = model::encode_event(model::new_event(author, {}));
  CHECK(model::event_id_of(first) != model::event_id_of(second));
}

TEST_CASE("what a newer program wrote survives being read by this one", "[model]") {
  // Field 2000 (length-delimited) is a fact this program does not know; bytes for it are appended as a newer one would.
  model::Event event = model::new_event(crypto::random_id<UserId>(), {});
  Bytes bytes = model::encode_event(event);
  const Bytes unknown = *from_hex("827d0568656c6c6f");
  append(bytes, unknown);
  auto read = model::decode_event(bytes);
  REQUIRE(read.ok());
  CHECK(read->fact_case() == model::Event::FACT_NOT_SET);
  CHECK(model::validate_event(*read).ok());
  CHECK(model::encode_event(*read) == bytes);
}

TEST_CASE("bytes that are no event, or too large for one, are reported as unreadable", "[model]") {
  const Bytes garbage = {0xff, 0xff, 0xff};
  CHECK(model::decode_event(garbage).error().code == "event_unreadable");
  CHECK(model::decode_event(Bytes(model::kEventBytesMax + 1, 0)).error().code == "event_unreadable");
}

TEST_CASE("the clocks of a fact are kept as they were", "[model]") {
  ClockReading now{.wall_ms = 5, .monotonic_ms = 7, .boot_id = {9}, .status = ClockStatus::kDoubtful};
  const auto event = model::new_event({}, now);
  const auto back = model::reading_of(event.recorded());
  CHECK(back.wall_ms == 5);
  CHECK(back.monotonic_ms == 7);
  CHECK(back.boot_id == now.boot_id);
  CHECK(back.status == ClockStatus::kDoubtful);
}
