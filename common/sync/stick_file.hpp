#pragma once
// A file that carries one direction of a session by hand, on a USB stick: a rescue (what a handheld holds sealed) or an
// answer (what the server states to it). RESCUE.md is the document; tests/vectors/sync holds golden files. No I/O here:
// bytes go through the caller's functions. Nothing in such a file can be read without the registry's keys or a user's
// PIN; what protects it against change are the signatures of what it carries, not its checks.

#include <functional>

#include "common/base/result.hpp"
#include "common/sync/anchor.hpp"
#include "common/sync/limits.hpp"

namespace lantaarn::sync {

enum class StickKind : std::uint8_t { kRescue, kAnswer };

inline constexpr std::uint32_t kStickVersion = 1;
inline constexpr std::string_view kRescueMagic = "LANTRESC";
inline constexpr std::string_view kAnswerMagic = "LANTANSW";
inline constexpr std::size_t kStickHeadBytes = 8 + 4 + 4 + kIdBytes;        ///< magic ‖ version ‖ zero ‖ device id
inline constexpr std::size_t kStickRecordHeadBytes = 8;                     ///< u8 kind ‖ 3 zero ‖ u32 payload bytes
inline constexpr std::size_t kStickCheckBytes = 32;
inline constexpr std::size_t kStickPayloadBytesMax = 1024 * 1024;
inline constexpr std::size_t kLogRecordBytes = 2 * kIdBytes + 8 + 32 + 8 + 32 + 8 + 32;  ///< before the statement
static_assert(kRescueMagic.size() == 8 && kAnswerMagic.size() == 8 && kStickHeadBytes == 32 && kLogRecordBytes == 152);
static_assert(kBatchBytesMax <= kStickPayloadBytesMax && kStatementBytesMax < kStickPayloadBytesMax);

/// What a record is; never renumbered.
enum class StickRecord : std::uint8_t {
  kLog = 1,      ///< rescue: where a log begins and should end; batches follow
  kBatch = 2,    ///< rescue: of the log before it, in order (common/journal/batch.hpp; opaque here)
  kDamage = 3,   ///< rescue: of the log before it, u64: nothing could be read after this seq
  kMessage = 4,  ///< answer: one message as in a session
  kEnd = 255,    ///< u64: how many records came before it
};

/// A log as it stood on the handheld.
struct RescuedLog {
  LogOrigin origin;
  Place head;                    ///< what the handheld had saved
  Place pruned;                  ///< up to here only the proof is left; seq 0: nothing pruned
  pb::SignedStatement secured;   ///< the proof
};

/// The caller's file. An error ends the writing.
using WriteBytes = std::function<Status(ByteView)>;
/// Fills as much of `into` as there is; less than asked for only at the end.
using ReadBytes = std::function<Result<std::size_t>(std::span<std::uint8_t> into)>;

class StickWriter {
 public:
  /// Errors of every call: those of `write`.
  [[nodiscard]] static Result<StickWriter> begin(StickKind kind, const DeviceId& device, WriteBytes write);
  [[nodiscard]] Status log(const RescuedLog& log);
  [[nodiscard]] Status batch(ByteView batch);
  [[nodiscard]] Status damage(std::uint64_t good_through);
  [[nodiscard]] Status message(ByteView message);
  /// Once, at the end: without it the file counts as torn.
  [[nodiscard]] Status end();

 private:
  StickWriter(const Hash& check, WriteBytes write) : check_(check), write_(std::move(write)) {}
  [[nodiscard]] Status put(StickRecord kind, ByteView payload);
  Hash check_;
  WriteBytes write_;
  std::uint64_t records_ = 0;
};

class StickReader {
 public:
  struct Record {
    StickRecord kind = StickRecord::kEnd;
    Bytes payload;
  };
  /// Errors: kRefused "stick_not_one" (something else, or the other kind), "stick_newer"; those of `read`.
  [[nodiscard]] static Result<StickReader> open(StickKind kind, ReadBytes read);
  [[nodiscard]] const DeviceId& device() const { return device_; }
  /// The next whole record; nothing at the end, and where the file is torn: everything before it is good.
  [[nodiscard]] Result<std::optional<Record>> next();
  /// After the last record: the file ends without its end mark, or something in it was changed.
  [[nodiscard]] bool torn() const { return torn_; }

 private:
  StickReader(const DeviceId& device, const Hash& check, ReadBytes read) : device_(device), check_(check), read_(std::move(read)) {}
  [[nodiscard]] Result<bool> fill(std::span<std::uint8_t> into);
  DeviceId device_;
  Hash check_;
  ReadBytes read_;
  std::uint64_t records_ = 0;
  bool torn_ = false;
  bool over_ = false;
};

/// kCorrupt "stick_unreadable".
[[nodiscard]] Result<RescuedLog> parse_rescued_log(ByteView payload);
[[nodiscard]] Result<std::uint64_t> parse_damage(ByteView payload);

}  // namespace lantaarn::sync
