#pragma once
// One of the three sheets a recovery key is split over, as text: what stands on paper, is typed over, or scanned.
// SHEETS.md is the document, tests/vectors/backup/sheet_v1.txt the golden vector.

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "sync_server/backup/recovery_secret.hpp"
#include "sync_server/backup/secret_sharing.hpp"

namespace lantaarn::server::backup {

inline constexpr std::uint8_t kSheetVersion = 1;
inline constexpr std::size_t kSheetLines = 8;
inline constexpr std::size_t kSheetLineBytes = 10;
inline constexpr std::size_t kSheetLineSymbols = 16;   ///< 5 bits each
inline constexpr std::size_t kLineCheckSymbols = 4;
inline constexpr std::size_t kKeyMarkBytes = 8;        ///< the beginning of the fingerprint
inline constexpr std::size_t kSheetTagBytes = 6;
inline constexpr std::size_t kSheetBytes = kSheetLines * kSheetLineBytes;
inline constexpr std::string_view kScannedPrefix = "LANTAARN";
static_assert(kSheetLineSymbols * 5 == kSheetLineBytes * 8);
static_assert(2 + kKeyMarkBytes + kSharedBytes + kSheetTagBytes == kSheetBytes);
static_assert(sizeof(RecoverySecret) == sizeof(SharedSecret) && RecoverySecret::kBytes == kSharedBytes);

using KeyMark = ByteArray<kKeyMarkBytes>;

struct Sheet {
  Share share;
  KeyMark key{};  ///< of which recovery key
};

/// The three sheets of a key; other shares each time.
[[nodiscard]] std::array<Sheet, kShares> make_sheets(const RecoverySecret& secret);

/// "1  K7QW 3MZX 0ABC DEFG  H1JK" and so on. The caller wipes them.
[[nodiscard]] std::vector<std::string> sheet_lines(const Sheet& sheet);
/// The same for a scanner: "LANTAARN/K7QW…/…". The caller wipes it.
[[nodiscard]] std::string sheet_scanned(const Sheet& sheet);

/// Reads one line at a time, so that whoever types hears at once which one is wrong.
class SheetReader {
 public:
  /// `what` names the sheet in errors: its file, or which of the two it is.
  explicit SheetReader(std::string what) : what_(std::move(what)) {}
  /// Small letters, and spaces or dashes anywhere, are fine; O is 0, I and L are 1; a leading line number may be left out.
  /// kRefused "sheet_line_wrong" {what, line} | "sheet_line_length" {what, line, symbols, wanted}: nothing was taken.
  [[nodiscard]] Status take(ByteView line);
  [[nodiscard]] std::size_t lines() const { return lines_; }
  [[nodiscard]] bool full() const { return lines_ == kSheetLines; }
  /// kRefused "sheet_short" {what, lines, wanted}, "sheet_newer" {what}, "sheet_mixed" {what}: lines of different sheets.
  [[nodiscard]] Result<Sheet> sheet() const;

 private:
  std::string what_;
  crypto::Secret<kSheetBytes> bytes_;
  std::size_t lines_ = 0;
};

/// A whole text, typed or scanned; empty lines and those that begin with # are passed over. Errors: those of SheetReader.
[[nodiscard]] Result<Sheet> read_sheet(ByteView text, const std::string& what);

/// Two of the three. kRefused "sheet_twice" (the same one), "sheets_of_other_keys", "sheets_do_not_fit" (of another
/// splitting, or altered with care).
[[nodiscard]] Result<RecoveryKey> join_sheets(const Sheet& one, const Sheet& other);

}  // namespace lantaarn::server::backup
