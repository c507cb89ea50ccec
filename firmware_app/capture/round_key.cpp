#include "firmware_app/capture/round_key.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"

namespace lantaarn::firmware {
namespace {

// version ‖ round ‖ key id ‖ key ‖ log ‖ u64 first seq. Raw bytes, so that the key stays in locked memory.
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKeyAt = 1 + 2 * kIdBytes;
constexpr std::size_t kLogAt = kKeyAt + 32;
constexpr std::size_t kSeqAt = kLogAt + kIdBytes;
constexpr std::size_t kRecordBytes = kSeqAt + 8;

CompanionKind kind_of(bool desk) { return desk ? kDeskKeyCompanion : kRoundKeyCompanion; }

std::optional<RoundKey> read_record(bool desk, const crypto::SecretBytes& record) {
  const ByteView bytes = record.view();
  if (bytes.size() != kRecordBytes || bytes[0] != kVersion) return std::nullopt;
  RoundKey round;
  round.desk = desk;
  std::memcpy(round.id.bytes.data(), bytes.data() + 1, kIdBytes);
  std::memcpy(round.seal.id.bytes.data(), bytes.data() + 1 + kIdBytes, kIdBytes);
  std::memcpy(round.seal.key.data(), bytes.data() + kKeyAt, 32);
  std::memcpy(round.log.bytes.data(), bytes.data() + kLogAt, kIdBytes);
  round.from_seq = load_le<std::uint64_t>(bytes.data() + kSeqAt);
  return round;
}

}  // namespace

RoundKey make_round_key(bool desk, const LogId& log, std::uint64_t from_seq) {
  return {desk, crypto::random_id<RoundId>(), {crypto::random_id<KeyId>(), crypto::random_secret<32>()}, log, from_seq};
}

RoundKey make_round_marker(const LogId& log, std::uint64_t from_seq) { return {false, crypto::random_id<RoundId>(), {}, log, from_seq}; }

journal::Companion seal_round_key(const RoundKey& round, const UnlockedUser& owner) {
  crypto::SecretBytes record(kRecordBytes);
  std::uint8_t* out = record.data();
  out[0] = kVersion;
  std::memcpy(out + 1, round.id.bytes.data(), kIdBytes);
  std::memcpy(out + 1 + kIdBytes, round.seal.id.bytes.data(), kIdBytes);
  std::memcpy(out + kKeyAt, round.seal.key.data(), 32);
  std::memcpy(out + kLogAt, round.log.bytes.data(), kIdBytes);
  store_le(out + kSeqAt, round.from_seq);
  return seal_companion(kind_of(round.desk), round.id.view(), owner, record.view());
}

journal::Companion removed_round_key(const RoundKey& round) { return removed_companion(kind_of(round.desk), round.id.view()); }

journal::Companion kept_from(const RoundKey& round) {
  Bytes value = to_bytes(round.log.view());
  append_le(value, round.from_seq);
  return {kKeptFromCompanion, to_bytes(round.id.view()), std::move(value)};
}

std::optional<KeptFrom> read_kept_from(ByteView value) {
  ByteReader reader(value);
  const auto log = reader.take(kIdBytes);
  const auto from_seq = reader.take_le<std::uint64_t>();
  if (!log || !from_seq || *from_seq == 0 || !reader.empty()) return std::nullopt;
  return KeptFrom{*LogId::from(*log), *from_seq};
}

Result<std::vector<RoundKey>> open_round_keys(journal::Journal& journal, const crypto::BoxKey& key) {
  std::vector<RoundKey> mine;
  for (const bool desk : {false, true}) {
    LANTAARN_ASSIGN(const auto stored, journal.companions(kind_of(desk)));
    for (const auto& companion : stored) {
      const auto record = open_companion(key, companion.value);
      if (!record) continue;
      if (auto round = read_record(desk, *record)) mine.push_back(std::move(*round));
    }
  }
  return mine;
}

Result<bool> may_miss_a_key(journal::Journal& journal, const UnlockedUser& user) {
  if (!journal.companions_whole()) return true;
  std::vector<Bytes> beside;
  for (const bool desk : {false, true}) {
    LANTAARN_ASSIGN(const auto stored, journal.companions(kind_of(desk)));
    for (const auto& companion : stored) {
      const auto record = open_companion(user.box, companion.value);
      const auto round = record ? read_record(desk, *record) : std::nullopt;
      if (!round && owner_of_companion(companion.value) == user.id) return true;
      beside.push_back(round ? to_bytes(round->id.view()) : companion.key);
    }
  }
  LANTAARN_ASSIGN(const auto places, journal.companions(kKeptFromCompanion));
  return std::any_of(places.begin(), places.end(), [&](const auto& place) { return std::find(beside.begin(), beside.end(), place.key) == beside.end(); });
}

}  // namespace lantaarn::firmware
