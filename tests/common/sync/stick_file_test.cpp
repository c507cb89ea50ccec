// What goes from hand to hand: whole, torn, changed, and taken in with the checks of a session.

#include "common/sync/stick_file.hpp"
#include "tests/common/sync/line.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::sync {
namespace {

template <typename Array>
Array filled(std::uint8_t byte) {
  Array array;
  array.fill(byte);
  return array;
}

const DeviceId kDevice{filled<ByteArray<16>>(1)};
const LogId kLog{filled<ByteArray<16>>(2)};

struct Memory {
  Bytes bytes;
  std::size_t at = 0;
  WriteBytes write() {
    return [this](ByteView more) -> Status {
      append(bytes, more);
      return {};
    };
  }
  ReadBytes read() {
    at = 0;
    return [this](std::span<std::uint8_t> into) -> Result<std::size_t> {
      const std::size_t count = std::min(into.size(), bytes.size() - at);
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
      at += count;
      return count;
    };
  }
};

Memory golden_rescue() {
  Memory memory;
  StickWriter writer = StickWriter::begin(StickKind::kRescue, kDevice, memory.write()).value();
  RescuedLog log{{kLog, {}, {}}, {7, filled<Hash>(3)}, {2, filled<Hash>(4)}, {}};
  log.secured.set_statement("said");
  log.secured.set_signature("signed");
  REQUIRE(writer.log(log).ok());
  REQUIRE(writer.batch(as_bytes("a batch")).ok());
  REQUIRE(writer.batch(as_bytes("another")).ok());
  REQUIRE(writer.damage(6).ok());
  REQUIRE(writer.end().ok());
  return memory;
}

struct Read {
  std::vector<std::string> records;
  bool torn = false;
};
Read read_all(Memory memory) {
  auto reader = StickReader::open(StickKind::kRescue, memory.read());
  if (!reader.ok()) return {{reader.error().code}, true};
  Read read;
  while (true) {
    const auto record = reader->next().value();
    if (!record) break;
    read.records.push_back(std::to_string(static_cast<int>(record->kind)) + " " + to_hex(record->payload));
  }
  read.torn = reader->torn();
  return read;
}

}  // namespace

TEST_CASE("the golden rescue file is what this program writes and reads", "[sync][stick][vectors]") {
  const std::string golden = support::read_file(std::string(LANTAARN_VECTORS) + "/sync/rescue_v1.hex");
  Memory memory = golden_rescue();
  CHECK(to_hex(memory.bytes) + "\n" == golden);
  auto reader = StickReader::open(StickKind::kRescue, memory.read());
  REQUIRE(reader.ok());
  CHECK(reader->device() == kDevice);
  const auto log = parse_rescued_log(reader->next().value()->payload);
  REQUIRE(log.ok());
  CHECK(log->origin.log == kLog);
  CHECK(log->head == Place{7, filled<Hash>(3)});
  CHECK(log->pruned == Place{2, filled<Hash>(4)});
  CHECK(log->secured.signature() == "signed");
  CHECK(to_string(reader->next().value()->payload) == "a batch");
  CHECK(to_string(reader->next().value()->payload) == "another");
  CHECK(parse_damage(reader->next().value()->payload).value() == 6);
  CHECK_FALSE(reader->next().value().has_value());
  CHECK_FALSE(reader->torn());
}

TEST_CASE("a file torn anywhere gives every record that is whole, and says that it is torn", "[sync][stick]") {
  const Memory whole = golden_rescue();
  const Read all = read_all(whole);
  REQUIRE(all.records.size() == 4);
  CHECK_FALSE(all.torn);
  for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
    CAPTURE(size);
    Memory torn = whole;
    torn.bytes.resize(size);
    const Read read = read_all(torn);
    CHECK(read.torn);
    if (size < kStickHeadBytes) CHECK(read.records == std::vector<std::string>{"stick_not_one"});
    else CHECK(std::equal(read.records.begin(), read.records.end(), all.records.begin()));
  }
}

TEST_CASE("a bit that turned anywhere ends the reading before it", "[sync][stick]") {
  const Memory whole = golden_rescue();
  const Read all = read_all(whole);
  for (std::size_t bit = 0; bit < whole.bytes.size() * 8; ++bit) {
    CAPTURE(bit);
    Memory turned = whole;
    turned.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const Read read = read_all(turned);
    CHECK(read.torn);
    if (bit >= kStickHeadBytes * 8) CHECK(std::equal(read.records.begin(), read.records.end(), all.records.begin()));
    else CHECK(read.records.size() <= 1);
  }
}

TEST_CASE("a length from nowhere takes no memory", "[sync][stick]") {
  Memory memory;
  REQUIRE(StickWriter::begin(StickKind::kRescue, kDevice, memory.write()).ok());
  append(memory.bytes, Bytes{2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff});
  const Read read = read_all(memory);
  CHECK(read.records.empty());
  CHECK(read.torn);
}

TEST_CASE("something else, the other kind and a newer one are told apart", "[sync][stick]") {
  Memory memory = golden_rescue();
  CHECK(StickReader::open(StickKind::kAnswer, memory.read()).error().code == "stick_not_one");
  memory.bytes[8] = 2;
  CHECK(StickReader::open(StickKind::kRescue, memory.read()).error().code == "stick_newer");
  Memory text{to_bytes(as_bytes("Beste collega, hierbij de lijst die je vroeg.")), 0};
  CHECK(StickReader::open(StickKind::kRescue, text.read()).error().code == "stick_not_one");
}

TEST_CASE("a record that says less, or more, than it should is unreadable", "[sync][stick]") {
  Memory memory = golden_rescue();
  auto reader = StickReader::open(StickKind::kRescue, memory.read());
  const Bytes log = reader->next()->value().payload;
  REQUIRE(parse_rescued_log(log).ok());
  for (std::size_t size = 0; size < log.size(); ++size) {
    const auto cut = parse_rescued_log(ByteView(log).first(size));
    if (!cut.ok()) CHECK(cut.error().code == "stick_unreadable");
  }
  Bytes no_log = log;
  std::fill(no_log.begin(), no_log.begin() + kIdBytes, std::uint8_t{0});
  CHECK(parse_rescued_log(no_log).error().code == "stick_unreadable");
  Bytes unproven = log;
  std::fill(unproven.begin() + 2 * kIdBytes + 80, unproven.begin() + 2 * kIdBytes + 88, std::uint8_t{0});  // nothing was pruned
  CHECK(parse_rescued_log(unproven).error().code == "stick_unreadable");
  for (const std::size_t size : {0, 7, 9}) CHECK(parse_damage(Bytes(size)).error().code == "stick_unreadable");
  CHECK(parse_damage(Bytes(8)).value() == 0);
}

TEST_CASE("a stick that cannot be read or written says so, wherever it happens", "[sync][stick]") {
  Memory memory = golden_rescue();
  for (int fail_at = 1;; ++fail_at) {
    int reads = 0;
    const ReadBytes read = [&, inner = memory.read()](std::span<std::uint8_t> into) -> Result<std::size_t> {
      if (++reads == fail_at) return storage_error("disk_error", {"stick"});
      return inner(into);
    };
    std::string said;
    auto reader = StickReader::open(StickKind::kRescue, read);
    while (reader.ok() && said.empty()) {
      const auto record = reader->next();
      if (!record.ok()) said = record.error().code;
      else if (!*record) break;
    }
    if (!reader.ok()) said = reader.error().code;
    if (reads < fail_at) {
      CHECK_FALSE(reader->next()->has_value());
      break;
    }
    CHECK(said == "disk_error");
  }
  for (int fail_at = 1;; ++fail_at) {
    int writes = 0;
    const WriteBytes write = [&](ByteView) -> Status { return ++writes == fail_at ? Status(storage_error("disk_full", {"stick"})) : Status(); };
    auto writer = StickWriter::begin(StickKind::kRescue, kDevice, write);
    const bool whole = writer.ok() && writer->log({{kLog, {}, {}}, {7, filled<Hash>(3)}, {}, {}}).ok() && writer->batch(as_bytes("a batch")).ok() &&
                       writer->damage(6).ok() && writer->end().ok();
    if (writes < fail_at) {
      CHECK(whole);
      CHECK(writer->batch(Bytes(kStickPayloadBytesMax + 1)).error().kind == ErrorKind::kBug);
      break;
    }
    CHECK_FALSE(whole);
  }
}

namespace {

// The server's half of a session, as an answer file holds it.
struct Answer {
  std::vector<Bytes> messages;
  void state(Authority& by, const LogId& log, const Place& received) {
    pb::Message message;
    pb::State& state = *message.mutable_state();
    state.set_epoch(by.epoch);
    state.set_server_time_ms(5000);
    *state.mutable_receipt_key() = by.receipt_key();
    pb::LogStanding& standing = *state.add_logs();
    standing.set_log_id(to_string(log.view()));
    standing.set_received_seq(received.seq);
    standing.set_received_hash(to_string(received.hash));
    messages.push_back(to_message(message));
  }
  void receipt(Authority& by, const LogId& log, const Place& received) {
    pb::Message message;
    *message.mutable_ack()->mutable_receipt() = by.receipt(log, received);
    messages.push_back(to_message(message));
  }
  void down(const pb::SignedStatement& statement) {
    pb::Message message;
    *message.mutable_down()->mutable_statement() = statement;
    messages.push_back(to_message(message));
  }
  void done() {
    pb::Message message;
    message.mutable_down_done();
    messages.push_back(to_message(message));
  }
};

struct ByHand : World {
  LogId log;
  ByHand() {
    save(6);
    log = source.kept.front().id;
  }
  [[nodiscard]] Place at(std::uint64_t seq) { return {seq, source.find(log).hash_at(seq)}; }
  [[nodiscard]] Answer answer(std::uint64_t through) {
    Answer made;
    made.state(authority, log, at(through));
    made.receipt(authority, log, at(through));
    pb::Standing standing;
    pb::LogStanding& one = *standing.add_logs();
    one.set_log_id(to_string(log.view()));
    one.set_merged_seq(through);
    made.down(authority.state(authority.statement(pb::CARDS, "sealed")));
    made.down(authority.state(authority.statement(pb::STANDING, standing.SerializeAsString())));
    made.done();
    return made;
  }
  /// "" when everything in it was taken.
  [[nodiscard]] std::string take(const Answer& answer) {
    Sender sender(authority.sender(), source, sink, {});
    REQUIRE(sender.begin_file().ok());
    for (const Bytes& message : answer.messages) {
      const Status taken = sender.receive(message);
      if (!taken.ok()) return taken.error().code;
    }
    REQUIRE(sender.done());
    REQUIRE(sender.settle().ok());
    return "";
  }
};

}  // namespace

TEST_CASE_METHOD(ByHand, "an answer file teaches what a session would have taught", "[sync][stick]") {
  CHECK(take(answer(6)) == "");
  CHECK(source.received[log] == at(6));
  CHECK(source.merged[log] == 6);
  CHECK(sink.completed == 1);
  CHECK(sink.accepted.size() == 3);  // receipt key, cards, standing
}

TEST_CASE_METHOD(ByHand, "what came in the meantime stays unsent, not wrong", "[sync][stick]") {
  const Answer made = answer(6);
  save(2);
  CHECK(take(made) == "");
  CHECK(source.received[log] == at(6));
  CHECK(source.diverged.empty());
}

TEST_CASE_METHOD(ByHand, "the same answer twice changes nothing, an older one is refused", "[sync][stick]") {
  const Answer older = answer(4);
  const Answer newer = answer(6);
  CHECK(take(newer) == "");
  CHECK(take(newer) == "");
  CHECK(sink.accepted.size() == 3);
  CHECK(take(older) == "statement_old");
  CHECK(source.received[log] == at(6));
}

TEST_CASE_METHOD(ByHand, "an answer of another server or for another handheld teaches nothing", "[sync][stick]") {
  Authority other;
  if (GENERATE(true, false)) {
    other.device = authority.device;
  } else {
    other.authority = crypto::SignKey(crypto::SignSeed(filled<ByteArray<32>>(9)));
    authority.authority = crypto::SignKey(crypto::SignSeed(filled<ByteArray<32>>(9)));
  }
  std::swap(other, authority);
  const Answer made = answer(6);
  std::swap(other, authority);
  CHECK(take(made) == "statement_not_authentic");
  CHECK(source.received[log].seq == 0);
  CHECK(sink.accepted.empty());
}

TEST_CASE_METHOD(ByHand, "an answer about a log of before this handheld's new start is passed over", "[sync][stick]") {
  const Answer made = answer(6);
  source.kept = {TextLog{}};
  CHECK(source.kept.front().id != log);
  CHECK(take(made) == "");
  CHECK(source.received[log].seq == 0);
}

}  // namespace lantaarn::sync
