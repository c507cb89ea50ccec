#include <fstream>

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
  change("UPDATE entry SET bytes = substr(bytes, 1, length(bytes) - 1) || iif(substr(bytes, -1) = x'00', x'01', x'00') WHERE place % 8 = 4");
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

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void write_back(const std::string& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

}  // namespace

// In the log's row, and in the index over it.
TEST_CASE_METHOD(Damaged, "a log id that rotted outside the entries is read from them, and the log goes on", "[journal]") {
  const std::string whole = content_of(path), id = to_string(log.view()), owner = to_string(device.view());
  int found = 0;
  for (std::size_t at = whole.find(id); at != std::string::npos; at = whole.find(id, at + 1)) {
    if (at >= kIdBytes && whole.compare(at - kIdBytes, kIdBytes, owner) == 0) continue;  // an entry's header
    ++found;
    std::string rotten = whole;
    rotten[at + 5] = static_cast<char>(rotten[at + 5] ^ 0x10);
    write_back(path, rotten);
    {
      auto copy = Journal::open_read_only(path);
      REQUIRE(copy.ok());
      CHECK(verify_batch(copy->read_batch(log, 1).value(), device, log, keys())->last.seq == 5);
    }
    for (const char* time : {"at once", "once more"}) {
      INFO(time);
      Journal journal = reopen();
      CHECK(journal.damage().empty());
      const auto saved = save(journal, {"zes"});
      REQUIRE(saved.ok());
      CHECK(saved->front().log == log);
      CHECK(verify_batch(journal.read_batch(log, 1).value(), device, log, keys())->last.seq == saved->front().seq);
      const Position head{saved->front().seq, journal.hash_at(log, saved->front().seq).value()};
      REQUIRE(journal.record_received(log, head, as_bytes("receipt")).ok());
      REQUIRE(journal.record_secured(log, head, as_bytes("statement")).ok());
      CHECK(journal.logs()->front().received == head);
      CHECK(journal.secured_statement(log).ok());
    }
  }
  CHECK(found == 2);
}

TEST_CASE_METHOD(Damaged, "a log that does not follow on where it begins takes nothing more", "[journal]") {
  change("UPDATE log SET after_seq = 1");
  Journal journal = reopen();
  REQUIRE(journal.damage().size() == 1);
  CHECK(journal.damage()[0].good_through == 0);
  const auto saved = save(journal, {"zes"});
  REQUIRE(saved.ok());
  CHECK(saved->front().log != log);
  CHECK(verify_batch(journal.read_batch(saved->front().log, 1).value(), device, saved->front().log, keys()).ok());
}

TEST_CASE_METHOD(Damaged, "a receipt beyond the head has rotted and gives way", "[journal]") {
  change("UPDATE log SET received_seq = 5 + 128");
  Journal journal = reopen();
  const Position third{3, journal.hash_at(log, 3).value()};
  REQUIRE(journal.record_received(log, third, as_bytes("receipt")).ok());
  CHECK(journal.logs()->front().received == third);
}

TEST_CASE_METHOD(Damaged, "companions that are not in order are said to be, and what is there is used", "[journal]") {
  {
    Journal journal = reopen();
    CHECK(journal.companions_whole());
    for (const char* key : {"first companion", "other companion"}) {
      REQUIRE(journal.save_companions({{3, to_bytes(as_bytes(key)), to_bytes(as_bytes("value"))}}).ok());
    }
  }
  std::string rotten = content_of(path);
  rotten[rotten.find("first companion")] = 'z';
  write_back(path, rotten);
  Journal journal = reopen();
  CHECK_FALSE(journal.companions_whole());
  CHECK(journal.damage().empty());
  CHECK(journal.companions(3)->size() == 2);
  CHECK(save(journal, {"zes"}).ok());
}

TEST_CASE_METHOD(Damaged, "a log that is not here has nothing to read, and takes no receipt", "[journal]") {
  Journal journal = reopen();
  const LogId elsewhere = crypto::random_id<LogId>();
  const auto pass_over = [](const EntryView&, ByteView) { return Status(); };
  CHECK(journal.scan(elsewhere, 1, pass_over).error().code == "entry_unknown");
  CHECK(journal.hash_at(elsewhere, 1).error().code == "entry_unknown");
  CHECK(journal.hash_at(log, 6).error().code == "entry_unknown");
  CHECK(journal.record_sent(elsewhere, 1).error().code == "database_damaged");
  CHECK(journal.record_received(elsewhere, {1, Hash{}}, as_bytes("receipt")).error().code == "database_damaged");
  CHECK(journal.scan(log, 0, pass_over).error().kind == ErrorKind::kBug);
  CHECK(journal.scan(log, 9, pass_over).error().code == "chain_broken");
}

TEST_CASE_METHOD(Damaged, "what a rescue is given must be a journal that it knows", "[journal][rescue]") {
  const auto code = [&] {
    const auto opened = Journal::open_read_only(path);
    return opened.ok() ? std::string() : opened.error().code;
  };
  CHECK(code() == "");
  change("PRAGMA user_version = 99");
  CHECK(code() == "newer_store");
  change("PRAGMA user_version = 2; PRAGMA application_id = 1");
  CHECK(code() == "database_damaged");
  change("PRAGMA user_version = 0");
  CHECK(code() == "database_damaged");
}

TEST_CASE_METHOD(Damaged, "a journal in which no entry can be read is nobody's, and opens for a rescue all the same", "[journal][rescue]") {
  change("UPDATE entry SET bytes = x'00'");
  CHECK(Journal::open_read_only(path)->device().is_zero());
  change("DELETE FROM entry");
  const auto emptied = Journal::open_read_only(path);
  REQUIRE(emptied.ok());
  CHECK(emptied->device().is_zero());
  CHECK(emptied->damage().size() == 1);
}

TEST_CASE_METHOD(Damaged, "a head, a first entry or a beginning that is not what it was is reported", "[journal]") {
  const std::string damage = GENERATE(as<std::string>(), "UPDATE log SET head_hash = zeroblob(32)", "DELETE FROM entry WHERE place % 8 = 1",
                                      "UPDATE entry SET bytes = x'00' WHERE place % 8 = 1", "DELETE FROM entry; UPDATE log SET head_seq = 0");
  INFO(damage);
  change(damage);
  Journal journal = reopen();
  REQUIRE(journal.damage().size() == 1);
  const bool is_read = journal.scan(log, 1, [](const EntryView&, ByteView) { return Status(); }).ok();
  CHECK((!is_read || journal.logs()->front().head.seq == 0));
  CHECK(save(journal, {"zes"})->front().log != log);
}

TEST_CASE_METHOD(Damaged, "a head that is no entry, or another handheld's, names no log", "[journal]") {
  {
    auto others = Journal::open(path, crypto::random_id<DeviceId>());
    REQUIRE(others.ok());
    CHECK(others->damage().size() == 1);
    CHECK(others->logs()->front().genesis.log == log);
  }
  const Bytes no_entry{0};
  const std::string hash = to_hex(entry_hash(no_entry));
  change("UPDATE entry SET bytes = x'00' WHERE place % 8 = 5; UPDATE log SET head_hash = x'" + hash + "' WHERE log_ref = 1");
  Journal journal = reopen();
  CHECK(journal.logs()->front().genesis.log == log);
  CHECK(journal.scan(log, 1, [](const EntryView&, ByteView) { return Status(); }).error().code == "entry_unreadable");
}

TEST_CASE_METHOD(Damaged, "an author's record that rotted is no author's, and holds up nothing", "[journal]") {
  change("INSERT INTO companion(kind, key, value) VALUES(0, x'00', x'01'), (0, zeroblob(20), x'01')");
  Journal journal = reopen();
  CHECK(verify_batch(journal.read_batch(log, 1).value(), device, log, keys())->last.seq == 5);
}

TEST_CASE_METHOD(Damaged, "with two logs, one of whose ids rotted, each is found by its own", "[journal]") {
  LogId second;
  {
    Journal journal = reopen();
    REQUIRE(journal.start_new_log().ok());
    second = save(journal, {"zes"})->front().log;
    REQUIRE(journal.start_new_log().ok());
  }
  change("UPDATE log SET log_id = substr(log_id, 1, 15) || iif(substr(log_id, 16) = x'00', x'01', x'00') WHERE log_ref = 1");
  Journal journal = reopen();
  CHECK(journal.damage().empty());
  CHECK(journal.hash_at(second, 1).ok());
  CHECK(journal.hash_at(log, 5).ok());
  CHECK(journal.record_sent(second, 1).ok());
}

TEST_CASE_METHOD(Damaged, "where a run of one author ends unsigned, nothing is sent past it", "[journal]") {
  const crypto::SignKey colleague(crypto::random_secret<32>());
  {
    Journal before = reopen();
    const std::string text = "van een collega";
    REQUIRE(before.save({as_bytes(text)}, Author{crypto::random_id<UserId>(), colleague}, sealing()).ok());
    REQUIRE(save(before, {"zeven"}).ok());
  }
  change("UPDATE entry SET signature = NULL WHERE place % 8 IN (5, 6)");
  Journal journal = reopen();
  CHECK(verify_batch(journal.read_batch(log, 1).value(), device, log, keys())->last.seq == 4);
}

// One row's number is so high that whoever reads on from the one before it thinks that the log is over.
TEST_CASE_METHOD(Damaged, "a log that seems to end before its head is broken there", "[journal]") {
  std::string rotten = content_of(path);
  const std::string third{"\xa0\x80\x80\x80\x80\x03", 6};  // place 2^40 + 3, as SQLite writes it
  const std::size_t at = rotten.find(third);
  REQUIRE(at != std::string::npos);
  rotten[at] = static_cast<char>(rotten[at] ^ 0x40);
  write_back(path, rotten);
  Journal journal = reopen();
  std::uint64_t last = 0;
  const Status scanned = journal.scan(log, 1, [&](const EntryView& entry, ByteView) -> Status {
    last = entry.header.seq;
    return {};
  });
  CHECK(last == 2);
  CHECK((!scanned.ok() || !journal.damage().empty()));
  CHECK(verify_batch(journal.read_batch(log, 1).value(), device, log, keys())->last.seq == 2);
  CHECK(save(journal, {"zes"}).ok());
}
