#include "common/sync/stick_file.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"

namespace lantaarn::sync {
namespace {

constexpr std::string_view kCheckContext = "lantaarn stick v1";

std::string_view magic_of(StickKind kind) { return kind == StickKind::kRescue ? kRescueMagic : kAnswerMagic; }

Hash first_check(ByteView head) { return crypto::blake2b_256({as_bytes(kCheckContext), head}); }
Hash next_check(const Hash& before, ByteView record_head, ByteView payload) {
  return crypto::blake2b_256({before, record_head, payload});
}

Bytes number(std::uint64_t value) {
  Bytes bytes;
  append_le(bytes, value);
  return bytes;
}

std::optional<Place> take_place(ByteReader& reader) {
  const auto seq = reader.take_le<std::uint64_t>();
  const auto hash = reader.take(std::tuple_size_v<Hash>);
  if (!seq || !hash) return std::nullopt;
  return Place{*seq, *to_array<32>(*hash)};
}

void append_place(Bytes& out, const Place& place) {
  append_le(out, place.seq);
  append(out, place.hash);
}

}  // namespace

Result<StickWriter> StickWriter::begin(StickKind kind, const DeviceId& device, WriteBytes write) {
  Bytes head = to_bytes(as_bytes(magic_of(kind)));
  append_le(head, kStickVersion);
  append_le(head, std::uint32_t{0});
  append(head, device.view());
  LANTAARN_TRY(write(head));
  return StickWriter(first_check(head), std::move(write));
}

Status StickWriter::put(StickRecord kind, ByteView payload) {
  if (payload.size() > kStickPayloadBytesMax) return bug("stick: record too large");
  Bytes head{static_cast<std::uint8_t>(kind), 0, 0, 0};
  append_le(head, static_cast<std::uint32_t>(payload.size()));
  check_ = next_check(check_, head, payload);
  ++records_;
  LANTAARN_TRY(write_(head));
  LANTAARN_TRY(write_(payload));
  return write_(check_);
}

Status StickWriter::log(const RescuedLog& log) {
  Bytes payload;
  append(payload, log.origin.log.view());
  append(payload, log.origin.after_log.view());
  append_place(payload, log.origin.after);
  append_place(payload, log.head);
  append_place(payload, log.pruned);
  if (log.pruned.seq != 0) append(payload, as_bytes(log.secured.SerializeAsString()));
  return put(StickRecord::kLog, payload);
}

Status StickWriter::batch(ByteView batch) { return put(StickRecord::kBatch, batch); }
Status StickWriter::damage(std::uint64_t good_through) { return put(StickRecord::kDamage, number(good_through)); }
Status StickWriter::message(ByteView message) { return put(StickRecord::kMessage, message); }
Status StickWriter::end() { return put(StickRecord::kEnd, number(records_)); }

Result<StickReader> StickReader::open(StickKind kind, ReadBytes read) {
  Bytes head(kStickHeadBytes);
  LANTAARN_ASSIGN(const std::size_t got, read(head));
  ByteReader reader(head);
  const auto magic = reader.take(magic_of(kind).size());
  if (got != head.size() || as_text(*magic) != magic_of(kind)) return refused("stick_not_one");
  if (reader.take_le<std::uint32_t>() != kStickVersion || reader.take_le<std::uint32_t>() != 0U) return refused("stick_newer");
  const DeviceId device = *DeviceId::from(reader.rest());
  return StickReader(device, first_check(head), std::move(read));
}

// False: the file ends before that.
Result<bool> StickReader::fill(std::span<std::uint8_t> into) {
  LANTAARN_ASSIGN(const std::size_t got, read_(into));
  return got == into.size();
}

Result<std::optional<StickReader::Record>> StickReader::next() {
  const std::optional<Record> nothing;
  if (over_) return nothing;
  over_ = torn_ = true;  // unless this record is whole
  Bytes head(kStickRecordHeadBytes);
  LANTAARN_ASSIGN(const bool has_head, fill(head));
  const std::size_t payload_bytes = load_le<std::uint32_t>(head.data() + 4);
  if (!has_head || payload_bytes > kStickPayloadBytesMax) return nothing;
  Record record{static_cast<StickRecord>(head[0]), Bytes(payload_bytes)};
  Hash check{};
  LANTAARN_ASSIGN(const bool has_payload, fill(record.payload));
  LANTAARN_ASSIGN(const bool has_check, fill(check));
  const Hash expected = next_check(check_, head, record.payload);
  if (!has_payload || !has_check || check != expected) return nothing;
  check_ = expected;
  if (record.kind == StickRecord::kEnd) {
    torn_ = record.payload != number(records_);
    return nothing;
  }
  ++records_;
  over_ = torn_ = false;
  return std::optional<Record>(std::move(record));
}

Result<RescuedLog> parse_rescued_log(ByteView payload) {
  ByteReader reader(payload);
  const auto log_id = reader.take(kIdBytes);
  const auto after_log = reader.take(kIdBytes);
  const auto after = take_place(reader);
  const auto head = take_place(reader);
  const auto pruned = take_place(reader);
  if (!log_id || !after_log || !pruned) return corrupt("stick_unreadable");
  RescuedLog log{{*LogId::from(*log_id), *LogId::from(*after_log), *after}, *head, *pruned, {}};
  const ByteView proof = reader.rest();
  const bool fits = pruned->seq == 0 ? proof.empty() : log.secured.ParseFromArray(proof.data(), static_cast<int>(proof.size()));
  if (!fits || log.origin.log.is_zero()) return corrupt("stick_unreadable");
  return log;
}

Result<std::uint64_t> parse_damage(ByteView payload) {
  ByteReader reader(payload);
  const auto through = reader.take_le<std::uint64_t>();
  if (!through || !reader.empty()) return corrupt("stick_unreadable");
  return *through;
}

}  // namespace lantaarn::sync
