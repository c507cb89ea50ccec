#include "firmware_app/outbox/outbox.hpp"

#include "tests/common/journal/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

struct Handheld : journal::Fixture {
  support::TempFolder folder;
  journal::Journal journal{open()};
  Outbox outbox{journal};

  [[nodiscard]] journal::Journal open() const { return journal::Journal::open(folder.file("journal.db"), device).value(); }
  void reopen(const std::string& tamper = "") {
    journal = journal::Journal::open(folder.file("other.db"), device).value();  // lets go of the file first
    if (!tamper.empty()) {
      auto database = database::Database::open(folder.file("journal.db"), {}).value();
      REQUIRE(database.execute(tamper).ok());
    }
    journal = open();
  }
  void write(std::initializer_list<std::string> texts) { REQUIRE(save(journal, texts).ok()); }
  [[nodiscard]] LogId log() { return journal.logs().value().front().genesis.log; }
};

}  // namespace

TEST_CASE_METHOD(Handheld, "a batch says where it ends, by the journal's own hash", "[outbox]") {
  write({"een", "twee"});
  write({"drie"});
  const auto batch = outbox.read_batch(log(), 2);
  REQUIRE(batch.ok());
  CHECK(batch->entries == 2);
  CHECK(batch->last.seq == 3);
  CHECK(batch->last.hash == journal.hash_at(log(), 3).value());
  CHECK(journal::verify_batch(batch->bytes, device, log(), keys()).ok());
  CHECK(outbox.read_batch(log(), 4)->bytes.empty());
}

TEST_CASE_METHOD(Handheld, "saved, sent, received and merged are counted over all logs", "[outbox]") {
  write({"een", "twee", "drie"});
  const LogId first = log();
  REQUIRE(outbox.log_diverged(first).ok());
  write({"vier"});
  REQUIRE(outbox.record_sent(first, 3).ok());
  REQUIRE(outbox.record_received(first, {2, journal.hash_at(first, 2).value()}, {}).ok());
  REQUIRE(outbox.record_merged(first, 1).ok());
  reopen();
  const OutboxCounts counts = outbox.counts().value();
  CHECK(counts.saved == 4);
  CHECK(counts.sent == 3);
  CHECK(counts.received == 2);
  CHECK(counts.merged == 1);
}

TEST_CASE_METHOD(Handheld, "a log that parted from the server's is frozen once, and a new one names its head", "[outbox]") {
  write({"een"});
  const LogId first = log();
  REQUIRE(outbox.log_diverged(first).ok());
  REQUIRE(outbox.log_diverged(first).ok());
  const auto logs = outbox.logs().value();
  REQUIRE(logs.size() == 2);
  CHECK(logs[1].origin.after_log == first);
  CHECK(logs[1].origin.after.seq == 1);
  CHECK(logs[1].origin.after.hash == journal.hash_at(first, 1).value());
}

TEST_CASE_METHOD(Handheld, "what the server keeps as another branch is remembered", "[outbox]") {
  write({"een"});
  REQUIRE(outbox.record_fork_noted(log(), 1).ok());
  reopen();
  CHECK(outbox.logs().value().front().fork_noted_seq == 1);
}

TEST_CASE_METHOD(Handheld, "a log without its tail is offered as far as it can be read", "[outbox]") {
  write({"een"});
  write({"twee"});
  const LogId first = log();
  const Hash good = journal.hash_at(first, 1).value();
  reopen("DELETE FROM entry WHERE place = (SELECT max(place) FROM entry)");
  const auto logs = outbox.logs().value();
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].head == sync::Place{1, good});
  CHECK(outbox.read_batch(first, 1)->last.seq == 1);
}

TEST_CASE_METHOD(Handheld, "an entry that cannot be read holds up no other log and is reported", "[outbox]") {
  write({"een"});
  write({"twee"});
  reopen("UPDATE entry SET bytes = x'00' WHERE place = (SELECT min(place) FROM entry)");
  const auto batch = outbox.read_batch(log(), 1);
  REQUIRE(batch.ok());
  CHECK(batch->bytes.empty());
  CHECK(outbox.unreadable() == std::vector{log()});
}

TEST_CASE_METHOD(Handheld, "what is saved after damage goes out in a log of its own", "[outbox]") {
  for (const char* text : {"een", "twee", "drie", "vier"}) write({text});
  reopen("UPDATE entry SET bytes = zeroblob(length(bytes)) WHERE place % 8 = 3");
  const LogId broken = log();
  // The last good entry is confirmed by its own signature.
  CHECK(outbox.read_batch(broken, 1)->last.seq == 2);
  CHECK(outbox.read_batch(broken, 3)->bytes.empty());
  write({"vijf"});
  const auto logs = journal.logs().value();
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].frozen);
  CHECK(outbox.read_batch(logs[1].genesis.log, 1)->last.seq == 1);
  CHECK_FALSE(*outbox.everything_received());
}

TEST_CASE_METHOD(Handheld, "everything is received once each log is, by receipt or as another branch", "[outbox]") {
  write({"een"});
  const LogId first = log();
  CHECK_FALSE(*outbox.everything_received());
  REQUIRE(outbox.record_fork_noted(first, 1).ok());
  CHECK(*outbox.everything_received());
  REQUIRE(outbox.log_diverged(first).ok());
  write({"twee"});
  CHECK_FALSE(*outbox.everything_received());
  const auto open_log = journal.logs()->back();
  REQUIRE(outbox.record_received(open_log.genesis.log, {open_log.head.seq, open_log.head.hash}, {}).ok());
  CHECK(*outbox.everything_received());
}

TEST_CASE_METHOD(Handheld, "with too many logs the newest are offered, and the oldest unsent ones after them", "[outbox]") {
  for (std::size_t i = 0; i < sync::kHelloLogsMax + 2; ++i) {
    write({"een"});
    REQUIRE(outbox.log_diverged(journal.logs()->back().genesis.log).ok());
  }
  write({"nu"});
  const auto kept = journal.logs().value();
  const auto offers = [&](std::size_t index) {
    const auto logs = outbox.logs().value();
    CHECK(logs.size() == sync::kHelloLogsMax);
    return std::any_of(logs.begin(), logs.end(), [&](const auto& log) { return log.origin.log == kept[index].genesis.log; });
  };
  REQUIRE(kept.size() == sync::kHelloLogsMax + 3);
  CHECK(offers(kept.size() - 1));  // the one that is written now
  CHECK_FALSE(offers(0));
  // Another branch at the server, merged, and received only: each makes room for one that was never sent.
  REQUIRE(outbox.record_fork_noted(kept[10].genesis.log, 1).ok());
  REQUIRE(outbox.record_received(kept[11].genesis.log, {1, kept[11].head.hash}, {}).ok());
  CHECK_FALSE(offers(0));
  CHECK(offers(1));
  CHECK(offers(2));
  REQUIRE(outbox.record_received(kept[12].genesis.log, {1, kept[12].head.hash}, {}).ok());
  REQUIRE(outbox.record_merged(kept[12].genesis.log, 1).ok());
  CHECK(offers(0));
  CHECK_FALSE(offers(10));
  CHECK_FALSE(offers(12));
  CHECK(offers(kept.size() - 1));
}

TEST_CASE_METHOD(Handheld, "a receipt that rotted is none, and the next one makes it good", "[outbox]") {
  write({"een", "twee"});
  const sync::Place head{2, journal.hash_at(log(), 2).value()};
  REQUIRE(outbox.record_received(log(), head, {}).ok());
  CHECK(outbox.everything_received().value());
  for (const char* rot : {"UPDATE log SET received_seq = 2 + 64", "UPDATE log SET received_hash = zeroblob(32)"}) {
    INFO(rot);
    reopen(rot);
    CHECK_FALSE(outbox.everything_received().value());
    REQUIRE(outbox.record_received(log(), head, {}).ok());
    CHECK(outbox.everything_received().value());
  }
}

TEST_CASE_METHOD(Handheld, "a log of which only an anchor is left that proves nothing is not offered", "[outbox]") {
  write({"een", "twee"});
  const LogId first = log();
  REQUIRE(outbox.record_secured(first, {2, journal.hash_at(first, 2).value()}, as_bytes("statement")).ok());
  REQUIRE(journal.prune(first, UINT64_MAX).value() == 2);
  CHECK(outbox.logs()->size() == 1);
  reopen("UPDATE log SET log_id = substr(log_id, 1, 15) || iif(substr(log_id, 16) = x'00', x'01', x'00')");
  write({"drie"});
  const auto logs = outbox.logs();
  REQUIRE(logs->size() == 1);
  CHECK(logs->front().head.seq == 1);
}
