#include "tests/common/journal/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

namespace {

struct Batches : Fixture {
  support::TempFolder folder;
  Journal journal = std::move(Journal::open((folder.path() / "journal.db").string(), device)).value();
  LogId log = journal.logs()->back().genesis.log;

  Bytes batch_of(const std::vector<std::string>& texts) {
    REQUIRE(save(journal, texts).ok());
    return journal.read_batch(log, 1).value();
  }
  std::string verdict(ByteView batch) {
    const auto checked = verify_batch(batch, device, log, keys());
    return checked.ok() ? "" : checked.error().code;
  }
};

}  // namespace

TEST_CASE_METHOD(Batches, "a batch that the handheld made passes the gateway's checks", "[journal]") {
  const Bytes batch = batch_of({"een", "twee", "drie"});
  const auto summary = verify_batch(batch, device, log, keys());
  REQUIRE(summary.ok());
  CHECK(summary->entries == 3);
  CHECK(summary->first_seq == 1);
  CHECK(summary->last.seq == 3);
  CHECK(summary->last.hash == journal.logs()->back().head.hash);
  CHECK_FALSE(summary->author_unknown);
}

TEST_CASE_METHOD(Batches, "an entry nobody signed for is not admitted", "[journal]") {
  const Bytes batch = batch_of({"een", "twee"});
  const auto items = parse_batch(batch).value();
  Bytes without_last;
  append_to_batch(without_last, items[0].entry.bytes, {});
  CHECK(verdict(without_last) == "signature_missing");
  Bytes wrong_signature;
  append_to_batch(wrong_signature, items[0].entry.bytes, items[1].signature);
  CHECK(verdict(wrong_signature) == "signature_wrong");
}

TEST_CASE_METHOD(Batches, "a thief without a PIN cannot sign in her name", "[journal]") {
  const crypto::SignKey thief(crypto::random_secret<32>());
  const std::string event = "verzonnen";
  REQUIRE(journal.save({as_bytes(event)}, Author{author_id, thief}, sealing()).ok());
  CHECK(verdict(journal.read_batch(log, 1).value()) == "signature_wrong");
}

TEST_CASE_METHOD(Batches, "an author without a key here is reported, not admitted", "[journal]") {
  const Bytes batch = batch_of({"een"});
  const auto summary = verify_batch(batch, device, log, [](const UserId&) { return std::nullopt; });
  REQUIRE(summary.ok());
  CHECK(summary->author_unknown);
}

TEST_CASE_METHOD(Batches, "entries left out, swapped or from elsewhere break the chain", "[journal]") {
  const Bytes batch = batch_of({"een", "twee", "drie"});
  const auto items = parse_batch(batch).value();
  Bytes gap;
  append_to_batch(gap, items[0].entry.bytes, {});
  append_to_batch(gap, items[2].entry.bytes, items[2].signature);
  CHECK(verdict(gap) == "chain_broken");
  CHECK(verify_batch(batch, crypto::random_id<DeviceId>(), log, keys()).error().code == "chain_broken");
  CHECK(verify_batch(batch, device, crypto::random_id<LogId>(), keys()).error().code == "chain_broken");
}

TEST_CASE_METHOD(Batches, "every flipped bit of a batch is refused", "[journal]") {
  Bytes batch = batch_of({"een", "twee"});
  for (std::size_t bit = 0; bit < batch.size() * 8; bit += 3) {
    batch[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto checked = verify_batch(batch, device, log, keys());
    // Only an author's id may change into an unknown one without being refused here: such a run is set apart.
    if (checked.ok() && !checked->author_unknown) FAIL("bit " << bit << " went unseen");
    batch[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST_CASE_METHOD(Batches, "a large commit is cut into batches that each end at a signature", "[journal]") {
  const std::vector<std::string> texts(kBatchEntriesMax, std::string(600, 'x'));
  REQUIRE(save(journal, texts).ok());
  std::uint64_t next = 1;
  int batches = 0;
  while (next <= kBatchEntriesMax) {
    const Bytes batch = journal.read_batch(log, next).value();
    REQUIRE(batch.size() <= kBatchBytesMax);
    const auto summary = verify_batch(batch, device, log, keys());
    REQUIRE(summary.ok());
    next = summary->last.seq + 1;
    ++batches;
  }
  CHECK(batches == 2);
  CHECK(journal.read_batch(log, next)->empty());
}

TEST_CASE("a batch one byte too large is refused before it is read", "[journal]") {
  CHECK(parse_batch(Bytes(kBatchBytesMax + 1, 0)).error().code == "batch_too_large");
  CHECK(parse_batch({}).error().code == "batch_empty");
}

TEST_CASE_METHOD(Batches, "one entry more than a batch may hold is refused, and a torn one is unreadable", "[journal]") {
  const Bytes whole = batch_of({"een"});
  for (std::size_t size = 1; size < whole.size(); ++size) CHECK(parse_batch(ByteView(whole).first(size)).error().code == "entry_unreadable");
  const std::vector<std::string> texts(kBatchEntriesMax - 1, "kort");
  REQUIRE(save(journal, texts).ok());
  Bytes many = journal.read_batch(log, 1).value();
  REQUIRE(parse_batch(many)->size() == kBatchEntriesMax);
  REQUIRE(save(journal, {"nog een"}).ok());
  CHECK(parse_batch(journal.read_batch(log, 1).value())->size() == kBatchEntriesMax);  // and the rest in the next one
  const Bytes last = journal.read_batch(log, kBatchEntriesMax + 1).value();
  many.insert(many.end(), last.begin(), last.end());
  CHECK(parse_batch(many).error().code == "batch_too_large");
  CHECK(batch_record_bytes(10, true) == batch_record_bytes(10, false) + crypto::kSignatureBytes);
}

TEST_CASE_METHOD(Batches, "of several runs without a known author the whole batch is set apart", "[journal]") {
  const crypto::SignKey other(crypto::random_secret<32>());
  const std::string event = "van een ander";
  REQUIRE(save(journal, {"een"}).ok());
  REQUIRE(journal.save({as_bytes(event)}, Author{crypto::random_id<UserId>(), other}, sealing()).ok());
  REQUIRE(save(journal, {"drie"}).ok());
  const auto summary = verify_batch(journal.read_batch(log, 1).value(), device, log, [](const UserId&) { return std::nullopt; });
  REQUIRE(summary.ok());
  CHECK(summary->author_unknown);
  CHECK(summary->entries == 3);
}
