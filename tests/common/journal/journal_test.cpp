#include <filesystem>
#include <fstream>

#include "tests/common/journal/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::journal;

namespace {

struct Device : Fixture {
  support::TempFolder folder;
  std::optional<Journal> journal;
  Device() { reopen(); }
  void reopen() {
    journal.reset();
    journal.emplace(std::move(Journal::open((folder.path() / "journal.db").string(), device)).value());
  }
  LogState log() { return journal->logs()->back(); }
};

}  // namespace

TEST_CASE_METHOD(Device, "what was saved is there after reopening, in order", "[journal]") {
  const auto first = save(*journal, {"een"});
  REQUIRE(first.ok());
  CHECK(first->at(0).seq == 1);
  reopen();
  const auto more = save(*journal, {"twee", "drie"});
  REQUIRE(more.ok());
  CHECK(more->at(1).seq == 3);
  CHECK(read(*journal) == std::vector<std::string>{"een", "twee", "drie"});
  CHECK(journal->damage().empty());
}

TEST_CASE_METHOD(Device, "a seal key is told to the server once per round and log", "[journal]") {
  REQUIRE(save(*journal, {"een", "twee"}).ok());
  reopen();
  REQUIRE(save(*journal, {"drie"}).ok());
  const SealKey first_round = {round.id, round.key.duplicate()};
  next_round();
  REQUIRE(save(*journal, {"vier"}).ok());
  REQUIRE(journal->start_new_log().ok());
  REQUIRE(save(*journal, {"vijf"}).ok());
  std::vector<bool> boxes;
  for (const auto& state : journal->logs().value()) {
    REQUIRE(journal->scan(state.genesis.log, 1, [&](const EntryView& entry, ByteView) -> Status {
      boxes.push_back(!entry.box.empty());
      return {};
    }).ok());
  }
  CHECK(boxes == std::vector<bool>{true, false, false, true, true});
}

TEST_CASE_METHOD(Device, "companions change together with the save, and are gone when removed", "[journal]") {
  const Bytes key = to_bytes(as_bytes("k"));
  REQUIRE(save(*journal, {"een"}, {{1, key, to_bytes(as_bytes("v"))}, {2, key, to_bytes(as_bytes("w"))}}).ok());
  reopen();
  CHECK(to_string(journal->companion(1, key)->value()) == "v");
  CHECK(journal->companions(2)->size() == 1);
  REQUIRE(save(*journal, {"twee"}, {{1, key, {}}}).ok());
  CHECK_FALSE(journal->companion(1, key)->has_value());
  REQUIRE(journal->forget_deleted().ok());
}

TEST_CASE_METHOD(Device, "a receipt moves forward only", "[journal]") {
  REQUIRE(save(*journal, {"een", "twee"}).ok());
  const LogState state = log();
  REQUIRE(journal->record_received(state.genesis.log, state.head, as_bytes("bon")).ok());
  REQUIRE(journal->record_received(state.genesis.log, {1, Hash{}}, as_bytes("oude bon")).ok());
  REQUIRE(journal->record_merged(state.genesis.log, 2).ok());
  REQUIRE(journal->record_merged(state.genesis.log, 1).ok());
  reopen();
  CHECK(log().received == state.head);
  CHECK(log().merged_seq == 2);
  CHECK(log().sent_seq == 2);
}

TEST_CASE_METHOD(Device, "a new log names the head it follows", "[journal]") {
  REQUIRE(save(*journal, {"een", "twee"}).ok());
  const LogState old = log();
  REQUIRE(journal->start_new_log().ok());
  REQUIRE(save(*journal, {"drie"}).ok());
  reopen();
  const auto logs = journal->logs().value();
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].frozen);
  CHECK_FALSE(logs[1].frozen);
  CHECK(logs[1].genesis.after_log == old.genesis.log);
  CHECK(logs[1].genesis.after_seq == 2);
  CHECK(logs[1].genesis.after_hash == old.head.hash);
  CHECK(logs[1].head.seq == 1);
  const auto batch = journal->read_batch(logs[1].genesis.log, 1).value();
  const auto summary = verify_batch(batch, device, logs[1].genesis.log, keys());
  REQUIRE(summary.ok());
  CHECK(summary->first_previous == genesis_hash(logs[1].genesis));
}

TEST_CASE_METHOD(Device, "neither content nor a seal key stands in the folder in clear", "[journal]") {
  REQUIRE(save(*journal, {"kanarie-in-de-mijn"}).ok());
  journal.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    INFO(entry.path());
    CHECK(bytes.find("kanarie") == std::string::npos);
    CHECK(bytes.find(std::string(as_text(round.key.view()))) == std::string::npos);
  }
}

TEST_CASE_METHOD(Device, "a commit of nothing or of too much is a defect, and saves nothing", "[journal]") {
  CHECK(save(*journal, {}).error().kind == ErrorKind::kBug);
  CHECK(save(*journal, std::vector<std::string>(kBatchEntriesMax + 1, "x")).error().kind == ErrorKind::kBug);
  CHECK(save(*journal, {std::string(kEventBytesMax + 1, 'x')}).error().kind == ErrorKind::kBug);
  CHECK(log().head.seq == 0);
  REQUIRE(save(*journal, {std::string(kEventBytesMax, 'x')}).ok());
  CHECK_FALSE(journal->read_batch(log().genesis.log, 1)->empty());
}
