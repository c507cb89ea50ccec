#include "sync_server/backup/sheet.hpp"

#include <algorithm>

namespace lantaarn::server::backup {
namespace {

// Crockford's base 32: no I, L, O or U.
constexpr std::string_view kSymbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLineSymbols = kSheetLineSymbols + kLineCheckSymbols;
constexpr std::size_t kGroup = 4;
using Symbols = crypto::Secret<kLineSymbols>;  // values 0 to 31

int value_of(std::uint8_t letter) {
  char upper = static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
  if (upper == 'O') upper = '0';
  if (upper == 'I' || upper == 'L') upper = '1';
  const auto at = kSymbols.find(upper);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool is_filler(std::uint8_t letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '-' || letter == '.' || letter == ':'; }

// 20 bits over the line and what it stands under: its number, and for later lines which sheet of which key.
std::array<std::uint8_t, kLineCheckSymbols> check_of(ByteView sheet, std::size_t line) {
  const std::uint8_t number = static_cast<std::uint8_t>(line + 1);
  const ByteView whose = line == 0 ? ByteView() : sheet.first(kSheetLineBytes);
  const Hash hash = crypto::blake2b_256({as_bytes("lantaarn sheet line v1"), {&number, 1}, whose, sheet.subspan(line * kSheetLineBytes, kSheetLineBytes)});
  return {static_cast<std::uint8_t>(hash[0] >> 3), static_cast<std::uint8_t>((hash[0] << 2 | hash[1] >> 6) & 31),
          static_cast<std::uint8_t>(hash[1] >> 1 & 31), static_cast<std::uint8_t>((hash[1] << 4 | hash[2] >> 4) & 31)};
}

ByteArray<kSheetTagBytes> tag_of(ByteView sheet) {
  const Hash hash = crypto::blake2b_256({as_bytes("lantaarn sheet v1"), sheet.first(kSheetBytes - kSheetTagBytes)});
  return *to_array<kSheetTagBytes>(ByteView(hash).first(kSheetTagBytes));
}

// Five bits a symbol, most significant first; ten bytes are sixteen of them.
Symbols symbols_of(ByteView sheet, std::size_t line) {
  Symbols symbols;
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t at = 0;
  for (const std::uint8_t byte : sheet.subspan(line * kSheetLineBytes, kSheetLineBytes)) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 5; held -= 5) symbols.data()[at++] = bits >> (held - 5) & 31;
  }
  const auto check = check_of(sheet, line);
  std::copy(check.begin(), check.end(), symbols.data() + at);
  return symbols;
}

void bytes_from(const Symbols& symbols, std::uint8_t* line) {
  std::uint32_t bits = 0;
  int held = 0;
  for (std::size_t i = 0; i < kSheetLineSymbols; ++i) {
    bits = bits << 5 | symbols.view()[i];
    held += 5;
    if (held < 8) continue;
    held -= 8;
    *line++ = static_cast<std::uint8_t>(bits >> held);
  }
}

crypto::Secret<kSheetBytes> bytes_of(const Sheet& sheet) {
  crypto::Secret<kSheetBytes> bytes;
  std::uint8_t* at = bytes.data();
  *at++ = kSheetVersion;
  *at++ = static_cast<std::uint8_t>(sheet.share.number);
  at = std::copy(sheet.key.begin(), sheet.key.end(), at);
  at = std::copy_n(sheet.share.bytes.data(), kSharedBytes, at);
  const auto tag = tag_of(bytes.view());
  std::copy(tag.begin(), tag.end(), at);
  return bytes;
}

KeyMark mark_of(const RecoveryPublic& key) { return *to_array<kKeyMarkBytes>(ByteView(recovery_fingerprint(key)).first(kKeyMarkBytes)); }

// A line as it was typed. Its number stands apart in front, or makes it one symbol longer.
struct Typed {
  Symbols symbols;
  std::size_t count = 0;
  bool readable = true;
  std::optional<int> number;
};

bool begins_with_number(ByteView line) {
  const auto first = std::find_if_not(line.begin(), line.end(), is_filler);
  const bool apart = first != line.end() && first + 1 != line.end() && is_filler(*(first + 1));
  return apart || static_cast<std::size_t>(std::count_if(first, line.end(), [](std::uint8_t letter) { return !is_filler(letter); })) > kLineSymbols;
}

Typed read_symbols(ByteView line) {
  Typed typed;
  const bool numbered = begins_with_number(line);
  for (const std::uint8_t letter : line) {
    if (is_filler(letter)) continue;
    const int value = value_of(letter);
    typed.readable = typed.readable && value >= 0;
    if (numbered && !typed.number) {
      typed.number = value;
      continue;
    }
    if (typed.count < kLineSymbols) typed.symbols.data()[typed.count] = static_cast<std::uint8_t>(std::max(value, 0));
    ++typed.count;
  }
  return typed;
}

}  // namespace

std::array<Sheet, kShares> make_sheets(const RecoverySecret& secret) {
  const KeyMark mark = mark_of(recovery_key_of(secret).public_half());
  std::array<Share, kShares> shares = split(secret);
  std::array<Sheet, kShares> sheets;
  for (std::size_t i = 0; i < kShares; ++i) sheets[i] = Sheet{std::move(shares[i]), mark};
  return sheets;
}

std::vector<std::string> sheet_lines(const Sheet& sheet) {
  const auto bytes = bytes_of(sheet);
  std::vector<std::string> lines;
  for (std::size_t line = 0; line < kSheetLines; ++line) {
    const Symbols symbols = symbols_of(bytes.view(), line);
    std::string& text = lines.emplace_back();
    text.reserve(2 * kLineSymbols);
    text += std::to_string(line + 1) + " ";
    for (std::size_t i = 0; i < kLineSymbols; ++i) {
      if (i % kGroup == 0) text += i == kSheetLineSymbols ? "  " : " ";
      text += kSymbols[symbols.view()[i]];
    }
  }
  return lines;
}

std::string sheet_scanned(const Sheet& sheet) {
  const auto bytes = bytes_of(sheet);
  std::string text;
  text.reserve(kScannedPrefix.size() + kSheetLines * (kLineSymbols + 1));
  text += kScannedPrefix;
  for (std::size_t line = 0; line < kSheetLines; ++line) {
    text += '/';
    const Symbols symbols = symbols_of(bytes.view(), line);
    for (const std::uint8_t symbol : symbols.view()) text += kSymbols[symbol];
  }
  return text;
}

Status SheetReader::take(ByteView line) {
  if (full()) return refused("sheet_line_wrong", {what_, std::to_string(kSheetLines + 1)});
  const std::string number = std::to_string(lines_ + 1);
  const Typed typed = read_symbols(line);
  if (typed.count != kLineSymbols) return refused("sheet_line_length", {what_, number, std::to_string(typed.count), std::to_string(kLineSymbols)});
  const bool here = !typed.number || typed.number == static_cast<int>(lines_ + 1);
  std::uint8_t* const place = bytes_.data() + lines_ * kSheetLineBytes;
  bytes_from(typed.symbols, place);
  const auto check = check_of(bytes_.view(), lines_);
  const bool right = typed.readable && here && crypto::equal(check, typed.symbols.view().last<kLineCheckSymbols>());
  if (!right) return refused("sheet_line_wrong", {what_, number});
  ++lines_;
  return {};
}

Result<Sheet> SheetReader::sheet() const {
  if (lines_ > 0 && bytes_.view()[0] != kSheetVersion) return refused("sheet_newer", {what_});
  if (!full()) return refused("sheet_short", {what_, std::to_string(lines_), std::to_string(kSheetLines)});
  const ByteView bytes = bytes_.view();
  const int number = bytes[1];
  if (number < 1 || number > static_cast<int>(kShares) || !crypto::equal(tag_of(bytes), bytes.last(kSheetTagBytes))) return refused("sheet_mixed", {what_});
  Sheet sheet;
  sheet.key = *to_array<kKeyMarkBytes>(bytes.subspan(2, kKeyMarkBytes));
  sheet.share.number = number;
  std::copy_n(bytes.data() + 2 + kKeyMarkBytes, kSharedBytes, sheet.share.bytes.data());
  return sheet;
}

Result<Sheet> read_sheet(ByteView text, const std::string& what) {
  SheetReader reader(what);
  while (!text.empty()) {
    const auto end = std::find_if(text.begin(), text.end(), [](std::uint8_t letter) { return letter == '\n' || letter == '/'; });
    const ByteView line = text.first(static_cast<std::size_t>(end - text.begin()));
    text = text.subspan(std::min(text.size(), line.size() + 1));
    const bool empty = std::all_of(line.begin(), line.end(), is_filler);
    if (empty || line.front() == '#' || as_text(line) == kScannedPrefix) continue;
    LANTAARN_TRY(reader.take(line));
  }
  return reader.sheet();
}

Result<RecoveryKey> join_sheets(const Sheet& one, const Sheet& other) {
  if (one.key != other.key) return refused("sheets_of_other_keys");
  if (one.share.number == other.share.number) return refused("sheet_twice", {std::to_string(one.share.number)});
  RecoveryKey key = recovery_key_of(join(one.share, other.share));
  if (mark_of(key.public_half()) != one.key) return refused("sheets_do_not_fit");
  return key;
}

}  // namespace lantaarn::server::backup
