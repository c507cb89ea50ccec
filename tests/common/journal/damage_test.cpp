#include "tests/common/journal/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

namespace {

// A journal of five entries, changed behind its back.
struct Damaged : Fixture {
  support::TempFolder folder;
  std::string path = (folder.path() / "journal.db").string();
  LogId log;

  Damaged() {
    Journal journal = std::move(Journal::open(path, device)).value();
    for (const char* text : {"een", "twee", "drie", "vier", "vijf"}) REQUIRE(save(journal, {text}).ok());
    log = journal.logs()->back().genesis.log;
  }
  void change(const std::string& sql) {
    auto database = database::Database::open(path, {});
    REQUIRE(database.ok());
    REQUIRE(database->execute(sql).ok());
  }
  Journal reopen() { return std::move(Journal::open(path, device)).value(); }
};

}  // namespace

TEST_CASE_METHOD(Damaged, "a tail that is missing is reported, and what is left stays readable", "[journal]") {
  change("DELETE FROM entry WHERE place = (SELECT max(place) FROM entry)");
  Journal journal = reopen();
  REQUIRE(journal.damage().size() == 1);
  CHECK(journal.damage()[0].log == log);
  CHECK(journal.damage()[0].good_through == 4);
  CHECK(journal.damage()[0].head_seq == 5);
  CHECK(read(journal) == std::vector<std::string>{"een", "twee", "drie", "vier"});
}

TEST_CASE_METHOD(Damaged, "after damage a contact can still be saved, in a log that names the old head", "[journal]") {
  change("DELETE FROM entry WHERE place = (SELECT max(place) FROM entry)");
  {
    Journal journal = reopen();
    REQUIRE(save(journal, {"zes"}).ok());
  }
  Journal journal = reopen();
  const auto logs = journal.logs().value();
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].frozen);
  CHECK(logs[0].head.seq == 5);
  CHECK(logs[1].genesis.after_seq == 5);
  CHECK(read(journal) == std::vector<std::string>{"een", "twee", "drie", "vier", "zes"});
  CHECK(journal.damage().size() == 1);
}

TEST_CASE_METHOD(Damaged, "a changed entry stops the scan at the last good one, and good batches still go out", "[journal]") {
  change("UPDATE entry SET bytes = substr(bytes, 1, length(bytes) - 1) || x'00' WHERE place % 8 = 4");
  Journal journal = reopen();
  std::uint64_t last_good = 0;
  const auto scanned = journal.scan(log, 1, [&](const EntryView& entry, ByteView) -> Status {
    Bytes event;
    LANTAARN_TRY(open_entry(entry, round.key, event));
    last_good = entry.header.seq;
    return {};
  });
  CHECK(scanned.error().code == "chain_broken");
  CHECK(last_good == 3);
  const Bytes batch = journal.read_batch(log, 1).value();
  const auto summary = verify_batch(batch, device, log, keys());
  REQUIRE(summary.ok());
  CHECK(summary->last.seq == 3);
  CHECK(journal.read_batch(log, 4).error().code == "chain_broken");
}

TEST_CASE_METHOD(Damaged, "a missing entry in the middle is seen", "[journal]") {
  change("DELETE FROM entry WHERE place % 8 = 3");
  Journal journal = reopen();
  CHECK(journal.scan(log, 1, [](const EntryView&, ByteView) { return Status{}; }).error().code == "chain_broken");
}

TEST_CASE_METHOD(Damaged, "a journal of a newer program is refused and left alone", "[journal]") {
  change("PRAGMA user_version = 99");
  const auto opened = Journal::open(path, device);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == "newer_store");
  change("PRAGMA user_version = 2");
  Journal journal = reopen();
  CHECK(read(journal).size() == 5);
}

TEST_CASE_METHOD(Damaged, "a signature that rotted is covered by the next one, and holds up nothing", "[journal]") {
  change("UPDATE entry SET signature = zeroblob(64) WHERE place % 8 IN (2, 5)");
  Journal journal = reopen();
  const Bytes batch = journal.read_batch(log, 1).value();
  const auto summary = verify_batch(batch, device, log, keys());
  REQUIRE(summary.ok());
  CHECK(summary->last.seq == 4);
  CHECK(journal.read_batch(log, 5).error().code == "signature_damaged");
  REQUIRE(save(journal, {"zes"}).ok());
  CHECK(verify_batch(journal.read_batch(log, 5).value(), device, log, keys())->last.seq == 6);
}

TEST_CASE_METHOD(Damaged, "a signature of a wrong length counts as none", "[journal]") {
  change("UPDATE entry SET signature = x'00' WHERE place % 8 = 5");
  Journal journal = reopen();
  CHECK(verify_batch(journal.read_batch(log, 1).value(), device, log, keys())->last.seq == 4);
}

TEST_CASE_METHOD(Damaged, "another author's run with a rotten end is not sent past it", "[journal]") {
  const crypto::SignKey colleague(crypto::random_secret<32>());
  const UserId colleague_id = crypto::random_id<UserId>();
  {
    Journal before = reopen();
    const std::string text = "van een collega";
    REQUIRE(before.save({as_bytes(text)}, Author{colleague_id, colleague}, sealing()).ok());
    REQUIRE(save(before, {"zeven"}).ok());
  }
  change("UPDATE entry SET signature = zeroblob(64) WHERE place % 8 = 6");
  Journal journal = reopen();
  const AuthorKeys both = [&](const UserId& id) {
    return id == author_id ? sign_key.verify_key() : std::optional(colleague.verify_key());
  };
  const auto summary = verify_batch(journal.read_batch(log, 1).value(), device, log, both);
  REQUIRE(summary.ok());
  CHECK(summary->last.seq == 5);
}

TEST_CASE_METHOD(Damaged, "the last good entry before damage is readable by its own signature", "[journal]") {
  change("UPDATE entry SET bytes = zeroblob(length(bytes)) WHERE place % 8 = 3");
  Journal journal = reopen();
  const auto summary = verify_batch(journal.read_batch(log, 1).value(), device, log, keys());
  REQUIRE(summary.ok());
  CHECK(summary->last.seq == 2);
}
