#include "firmware_app/cli/answer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "common/base/bytes.hpp"
#include "common/model/fields.hpp"
#include "common/words/words.hpp"
#include "firmware_app/handheld/session.hpp"

namespace lantaarn::firmware::cli {
namespace {

std::string escaped(unsigned point) {
  char text[16];
  std::snprintf(text, sizeof text, "\\u{%x}", point);
  return text;
}

// The code point of a two- or three-byte sequence at the front, 0 for anything else.
unsigned short_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<std::uint8_t>(text[i])); };
  if (text.size() >= 2 && (byte(0) & 0xE0) == 0xC0) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if (text.size() >= 3 && (byte(0) & 0xF0) == 0xE0) return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return 0;
}

bool turns_or_moves(unsigned point) {
  return (point >= 0x80 && point < 0xA0) || (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
         point == 0x2028 || point == 0x2029;
}

}  // namespace

std::string visible(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto byte = static_cast<std::uint8_t>(text[0]);
    const unsigned point = short_point(text);
    std::size_t taken = 1;
    if (byte == '\n') {
      shown += "⏎";
    } else if (byte < 0x20 || byte == 0x7F) {
      shown += escaped(byte);
    } else if (turns_or_moves(point)) {
      shown += escaped(point);
      taken = point < 0x800 ? 2 : 3;
    } else {
      shown.push_back(text[0]);
    }
    text.remove_prefix(taken);
  }
  return shown;
}

std::vector<std::string> columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    auto& shown = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      shown.push_back(visible(row[i]));
      widths[i] = std::max(widths[i], model::characters_in(shown[i]).value_or(shown[i].size()));
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      const std::size_t width = model::characters_in(row[i]).value_or(row[i].size());
      if (i + 1 < row.size()) line.append(widths[i] - std::min(widths[i], width) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

boost::json::value or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return boost::json::value(boost::json::string(text));
}

boost::json::value hex_or_null(const std::string& id) { return or_null(to_hex(as_bytes(id))); }

boost::json::array array_of(const std::vector<std::string>& texts) { return boost::json::array(texts.begin(), texts.end()); }

namespace {

model::OwnCodes& own_codes() {
  static model::OwnCodes codes;
  return codes;
}

}  // namespace

void know_own_codes(const model::OwnCodes& codes) { own_codes() = codes; }

std::string word_for(std::string_view list, std::string_view code) { return firmware::word_for(own_codes(), list, code); }

}  // namespace lantaarn::firmware::cli
