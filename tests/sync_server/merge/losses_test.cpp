// Entries that a restored server lost and that their handheld no longer holds.

#include "sync_server/merge/losses.hpp"
#include "tests/sync_server/merge/town.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using support::kEvening;
using support::Town;

namespace {

struct LossTown : Town {
  support::GeneratedLog log = new_log();
  std::vector<Bytes> batches;  // of one contact each
  LossTown() {
    for (int i = 0; i < 4; ++i) {
      save(log, contact({}));
      batches.push_back(log.take_batch());
    }
  }
  /// The same handheld, at another server with the same keys.
  explicit LossTown(const LossTown& other) : Town(), log(other.log), batches(other.batches) {}
  void put(std::size_t number) { inbox.put(log, batches[number - 1]); }
  [[nodiscard]] Bytes missed(std::uint64_t from, std::uint64_t through) const {
    model::Event event = model::new_event(UserId{server.keys.server.id.bytes}, {kEvening, 0, {}, ClockStatus::kOk});
    auto& fact = *event.mutable_entries_missed();
    fact.set_device_id(model::id_field(device));
    fact.set_log_id(model::id_field(log.log()));
    fact.set_from_seq(from);
    fact.set_through_seq(through);
    fact.set_through_hash(std::string(32, 'h'));
    return model::encode_event(event);
  }
  [[nodiscard]] std::vector<Loss> losses() { return open_losses(*registry).value(); }
  [[nodiscard]] std::uint64_t merged_through() {
    for (const DeviceView& each : registry->devices().value()) {
      for (const LogView& one : each.logs) {
        if (each.id == device && one.log == log.log()) return one.merged;
      }
    }
    return 0;
  }
};

}  // namespace

TEST_CASE_METHOD(LossTown, "what is missing is a case, and holds up nothing behind it", "[merge][losses]") {
  put(1);
  put(4);
  merge();
  CHECK(merged_through() == 1);
  CHECK(contacts() == 2);
  CHECK(losses().empty());
  state(missed(2, 3));
  REQUIRE(losses().size() == 1);
  CHECK(losses().front().device == device);
  CHECK(losses().front().missing == 2);
  CHECK(merged_through() == 4);
  require_rebuild_agrees();
}

TEST_CASE_METHOD(LossTown, "a case of missing entries is in the digest, and closes itself when they come after all", "[merge][losses]") {
  put(1);
  put(4);
  merge();
  const Digest before = digest();
  state(missed(2, 3));
  CHECK_FALSE(digest().value == before.value);
  put(2);
  merge();
  CHECK(losses().front().missing == 1);
  put(3);
  merge();
  CHECK(losses().empty());
  CHECK(contacts() == 4);
  require_rebuild_agrees();

  LossTown other(*this);
  for (const std::size_t number : {4U, 3U, 2U, 1U}) other.put(number);
  other.merge();
  other.state(other.missed(2, 3));
  CHECK(other.losses().empty());
  CHECK(other.digest() == digest());
}

TEST_CASE_METHOD(LossTown, "in whatever order they come, the digest is the same", "[merge][losses]") {
  put(1);
  merge();
  state(missed(2, 3));
  put(4);
  merge();
  LossTown other(*this);
  other.state(other.missed(2, 3));
  other.put(4);
  other.put(1);
  other.merge();
  CHECK(other.digest() == digest());
}

TEST_CASE_METHOD(LossTown, "only what nobody has is stated, and once", "[merge][losses]") {
  put(1);
  put(2);
  merge();
  const MissedEntries gap{device, log.log(), 1, {3, {}}};
  const auto rest = still_missing(*registry, gap).value();
  REQUIRE(rest);
  CHECK(rest->from_seq == 3);
  CHECK_FALSE(is_noted(*registry, *rest).value());
  state(missed(3, 3));
  CHECK(is_noted(*registry, *rest).value());
  CHECK_FALSE(still_missing(*registry, {device, log.log(), 1, {2, {}}}).value());
}
