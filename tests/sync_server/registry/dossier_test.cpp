// One woman's dossier in pieces, what is remembered of clients, and conversations of one day.
#include <algorithm>
#include <set>

#include "common/base/civil_time.hpp"
#include "common/crypto/random.hpp"
#include "tests/sync_server/registry/contract.hpp"

using namespace lantaarn;
using namespace lantaarn::server;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr int kDay = 20'779;  // 2026-11-22

struct Dossier {
  explicit Dossier(const support::BackendMaker& maker) : backend(maker.make()) {
    auto opened = backend->open(crypto::random_secret<32>());
    LANTAARN_OK(opened);
    registry = std::move(*opened);
    write([&](Change& change) { return change.put_client({her, her, true, {}, {"Roxy"}, {}}); });
  }
  void write(const std::function<Status(Change&)>& work) {
    auto change = registry->begin();
    LANTAARN_OK(change);
    LANTAARN_OK(work(**change));
    LANTAARN_OK((*change)->commit());
  }
  Result<EntryRef> entry(Change& change, EventId& event, const UserId& author) {
    EntryRecord record;
    record.place = {DeviceId{{1}}, LogId{{2}}, ++seq, draw.bytes<32>(), draw.bytes<32>()};
    record.author = author;
    event = record.event = draw.id<EventId>();
    record.kind = 30;
    record.verified = record.clock_ok = true;
    LANTAARN_ASSIGN(const Added added, change.add_entry(record));
    return added.ref;
  }
  void contact(std::int64_t at_ms, const UserId& author = UserId{{3}}, std::optional<std::uint32_t> minutes = {}) {
    write([&](Change& change) -> Status {
      ContactFold fold;
      LANTAARN_ASSIGN(fold.anchor, entry(change, fold.id, author));
      fold.shown = fold.anchor;
      fold.fresh = true;
      fold.client = her;
      fold.occurred_at_ms = at_ms;
      fold.channel = "in_person";
      fold.outcome = "spoken";
      fold.minutes = minutes;
      return change.put_contact(fold);
    });
  }
  void record(int day, bool retracted) {
    write([&](Change& change) -> Status {
      RecordFold fold;
      LANTAARN_ASSIGN(fold.anchor, entry(change, fold.id, UserId{{3}}));
      fold.shown = fold.anchor;
      fold.fresh = true;
      fold.kind = "goal";
      fold.client = her;
      fold.clear.day = day;
      fold.retracted = retracted;
      return change.put_record(fold);
    });
  }
  void follow_up(int day, bool done) {
    write([&](Change& change) -> Status {
      FollowUpFold fold;
      LANTAARN_ASSIGN(fold.anchor, entry(change, fold.id, UserId{{3}}));
      fold.shown = fold.anchor;
      fold.client = her;
      fold.due_day = day;
      fold.done = done;
      return change.put_follow_up(fold);
    });
  }
  std::unique_ptr<support::RegistryBackend> backend;
  std::unique_ptr<Registry> registry;
  support::Draw draw{9};
  const ClientId her{{7}};
  std::uint64_t seq = 0;
};

}  // namespace

#define LANTAARN_EACH_BACKEND(dossier)                                     \
  const auto& maker = GENERATE(from_range(support::backends()));           \
  INFO("backend " << maker.name);                                          \
  Dossier dossier(maker)

TEST_CASE("a dossier is read in pieces, the newest first, and moments of one instant are told apart", "[registry]") {
  LANTAARN_EACH_BACKEND(dossier);
  for (int i = 0; i < 3; ++i) dossier.contact(kDay * kDayMs + 1000);
  dossier.contact((kDay - 3) * kDayMs);
  dossier.record(kDay - 1, false);
  dossier.record(kDay, true);
  dossier.follow_up(kDay + 5, false);
  dossier.follow_up(kDay - 9, true);
  std::optional<Registry::Moment> before;
  std::vector<std::int64_t> times;
  std::set<EventId> seen;
  while (true) {
    const auto piece = dossier.registry->timeline(dossier.her, before, 2);
    LANTAARN_OK(piece);
    for (const auto& moment : *piece) {
      times.push_back(moment.at_ms);
      CHECK(seen.insert(moment.id).second);
    }
    if (piece->size() < 2) break;
    before = piece->back();
  }
  CHECK(times.size() == 7);
  CHECK(std::is_sorted(times.rbegin(), times.rend()));
  const auto counts = dossier.registry->dossier_counts(dossier.her);
  LANTAARN_OK(counts);
  CHECK(counts->contacts == 4);
  CHECK(counts->records == 1);
  CHECK(counts->follow_ups_open == 1);
  CHECK(dossier.registry->timeline(ClientId{{99}}, {}, 5)->empty());
  CHECK(dossier.registry->dossier_counts(ClientId{{99}})->contacts == 0);
}

TEST_CASE("who remembers clients hears which ones changed, and that nobody can tell after a rollback", "[registry]") {
  LANTAARN_EACH_BACKEND(dossier);
  const auto first = dossier.registry->client_changes(0);
  CHECK(first.all);
  CHECK(dossier.registry->client_changes(first.now).clients.empty());
  dossier.write([&](Change& change) { return change.put_client({dossier.her, dossier.her, true, {}, {"Roxy", "Roos"}, {}}); });
  const auto second = dossier.registry->client_changes(first.now);
  CHECK_FALSE(second.all);
  CHECK(second.clients == std::vector<ClientId>{dossier.her});
  {
    auto change = dossier.registry->begin();
    LANTAARN_OK(change);
    LANTAARN_OK((*change)->put_client({dossier.her, dossier.her, true, {}, {"Anders"}, {}}));
  }
  CHECK(dossier.registry->client_changes(second.now).all);
}

TEST_CASE("conversations of one day by two people come newest day first, until it is enough", "[registry]") {
  LANTAARN_EACH_BACKEND(dossier);
  for (int day = 0; day < 3; ++day) {
    dossier.contact((kDay - day) * kDayMs + 40'000'000, UserId{{3}}, 10);
    dossier.contact((kDay - day) * kDayMs + 40'060'000, UserId{{4}});
    dossier.contact((kDay - day) * kDayMs + 50'000'000, UserId{{3}});
  }
  std::vector<Registry::ContactPair> pairs;
  const auto take = [&](std::size_t most) {
    pairs.clear();
    LANTAARN_OK(dossier.registry->same_day_contacts(to_string(from_day_number(kDay - 1)), [&](const Registry::ContactPair& pair) -> Result<bool> {
      pairs.push_back(pair);
      return pairs.size() < most;
    }));
  };
  take(100);
  REQUIRE(pairs.size() == 4);
  CHECK(pairs[0].first_ms > pairs[3].first_ms);
  CHECK(pairs[0].client == dossier.her);
  CHECK(pairs[0].first_author != pairs[0].second_author);
  take(1);
  CHECK(pairs.size() == 1);
  const auto days = dossier.registry->contacts_by_day(to_string(from_day_number(kDay)));
  LANTAARN_OK(days);
  REQUIRE(days->size() == 1);
  CHECK(days->front().contacts == 3);
}
